//! What a day is, where answers of days off go, and what the forecast is given.

use super::*;
use crate::rules::calendar::almanac::Almanac;
use crate::rules::calendar::zone::Zone;
use crate::rules::completion::forecast::{Letter, Sent};

/// A round in Nepal, whose days begin at a quarter of an hour: 18:15 in UTC.
fn home() -> Calendar {
    let schedule = serde_json::from_value(serde_json::json!({
        "opens": "2027-02-08", "closes": "2027-02-19", "time_zone": "Asia/Kathmandu", "send_from": "09:00", "send_until": "16:30"
    }))
    .unwrap();
    let almanac = Almanac::plain();
    Calendar::prepare(&schedule, Zone::find("Asia/Kathmandu").unwrap(), almanac.days(almanac.key("", "")))
}

fn date(text: &str) -> NaiveDate {
    format!("2027-02-{text}").parse().unwrap()
}

fn quarter(text: &str) -> i64 {
    home().resolve(format!("2027-02-{text}").parse().unwrap()).0 / QUARTER
}

fn came(at: &str, answers: i64, accounts: i64) -> Came {
    Came { quarter: quarter(at), answers, accounts, revenue: 100 * accounts }
}

fn went(at: &str, kind: MessageKind, number: i64, sent: i64) -> Went {
    Went { quarter: quarter(at), kind, number, sent }
}

fn letters() -> [Went; 4] {
    [
        went("02T10:00:00", MessageKind::WarmUp, 1, 40),
        went("08T09:00:00", MessageKind::Invitation, 1, 30),
        went("08T09:15:00", MessageKind::Invitation, 1, 10),
        went("11T09:00:00", MessageKind::Reminder, 1, 30),
    ]
}

fn answers() -> [Came; 4] {
    // The last quarter of Monday, the first of Tuesday; a Saturday; today, before its hours are over.
    [came("08T23:45:00", 2, 2), came("09T00:00:00", 3, 1), came("13T12:00:00", 4, 0), came("16T10:00:00", 1, 1)]
}

#[test]
fn days_are_of_the_rounds_own_zone_and_count_everything_up_to_their_end() {
    let days = days(&home(), &answers(), &letters(), date("16"));
    assert_eq!((days.len(), days[0].date), (15, date("02")));
    let on = |day: &str| days.iter().find(|d| d.date == date(day)).map(|d| (d.answers, d.accounts, d.revenue)).unwrap();
    assert_eq!((on("07"), on("08"), on("09")), ((0, 0, 0), (2, 2, 200), (5, 3, 300)));
    assert_eq!((on("13"), on("16")), ((9, 3, 300), (10, 4, 400)));
    let invited = days.iter().find(|d| d.date == date("08")).unwrap();
    assert_eq!(invited.letters, [(MessageKind::Invitation, 1, 40)]);
    assert!(super::days(&home(), &[], &[], date("16")).is_empty());
}

#[test]
fn the_forecast_gets_working_days_that_are_over_and_the_letters_to_come() {
    let home = home();
    let days = days(&home, &answers(), &letters(), date("16"));
    let open = Open { reachable: 40, completed: 10, writable: 24, started: 6, in_silent_accounts: 15 };
    let coming = |audience| Touching { date: date("18"), number: 2, audience, roles: Vec::new() };
    let noon = home.resolve("2027-02-16T12:00:00".parse().unwrap());
    let of = |audience, of_roles, now| {
        course(&home, &days, &open, &[(coming(audience), of_roles)], date("19"), now).unwrap()
    };
    let (found, working) = of(Audience::Everybody, 1.0, noon);
    assert_eq!((working.len(), working[5]), (10, date("15")));
    // Saturday's four count on Monday; today's one since.
    assert_eq!((found.answers.clone(), found.since, found.days), (vec![2, 3, 0, 0, 0, 4], 1, 10));
    let planned = |of| Letter { day: 8, number: 2, to: Sent::Planned(of) };
    let sent = |day, number, to| Letter { day, number, to: Sent::To(to) };
    assert_eq!(found.letters, [sent(0, 0, 40), sent(3, 1, 30), planned(0.8)]);
    // Whom a letter is for: shares of those who have not answered.
    for (audience, of_roles, share) in
        [(Audience::NotStarted, 1.0, 0.64), (Audience::NotFinished, 1.0, 0.16), (Audience::AccountSilent, 0.5, 0.2)]
    {
        let letters = of(audience, of_roles, noon).0.letters;
        let found = match letters.last() {
            Some(Letter { to: Sent::Planned(found), .. }) => *found,
            _ => f64::NAN,
        };
        assert!((found - share).abs() < 1e-9, "{audience:?}: {found}"); // also red where none is to come
    }
    // In the evening the day is over.
    let evening = home.resolve("2027-02-16T16:30:00".parse().unwrap());
    let (found, _) = of(Audience::Everybody, 1.0, evening);
    assert_eq!((found.answers, found.since), (vec![2, 3, 0, 0, 0, 4, 1], 0));
}

#[test]
fn before_an_invitation_and_a_day_there_is_nothing_to_go_on_from() {
    let home = home();
    let open = Open { reachable: 40, ..Open::default() };
    let now = home.resolve("2027-02-08T12:00:00".parse().unwrap());
    let warmed = days(&home, &[], &letters()[..1], date("08"));
    assert!(course(&home, &warmed, &open, &[], date("19"), now).is_none());
    let invited = days(&home, &[], &letters()[..2], date("08"));
    assert!(course(&home, &invited, &open, &[], date("19"), now).is_none(), "no day is over");
}
