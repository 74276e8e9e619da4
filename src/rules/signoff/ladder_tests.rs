//! Proofs about the ladder: who is asked when, day by day, and what holds for any settings and mails.

use proptest::prelude::*;

use crate::base::clock::DAY;
use crate::rules::calendar::almanac::Almanac;
use crate::rules::calendar::zone::Zone;

use super::*;

fn place(country: &str, zone: &str) -> Calendar {
    let schedule = serde_json::from_value(serde_json::json!({
        "opens": "2027-02-08", "closes": "2027-03-05", "time_zone": "Europe/London", "send_from": "09:00", "send_until": "16:30"
    }))
    .unwrap();
    let almanac = Almanac::built_in();
    Calendar::prepare(&schedule, Zone::find(zone).unwrap(), almanac.days(almanac.key(country, "")))
}

fn london() -> Calendar {
    place("GB", "Europe/London")
}

fn at(text: &str) -> Ts {
    Zone::find("Europe/London").unwrap().resolve(text.parse().unwrap())
}

fn spec(end: WhenNobodySigns) -> SignoffSpec {
    let mut spec: SignoffSpec = serde_json::from_value(serde_json::json!({
        "sales_director": "Margaret Ellison", "sales_director_email": "margaret.ellison@northwind.example",
    }))
    .unwrap();
    spec.when_nobody_signs = end;
    spec
}

fn asked<'a>(calendar: &'a Calendar, left: &'a [Ts]) -> Asked<'a> {
    Asked { calendar, left, back_at: None, takes_no_mail: false }
}

/// Mails at nine on every third working day from Monday 11 January 2027 on.
fn mails(n: usize) -> Vec<Ts> {
    let days = ["11", "14", "19", "22", "27"];
    days.into_iter().take(n).map(|day| at(&format!("2027-01-{day}T09:00:00"))).collect()
}

#[test]
fn a_slow_director_then_the_deputy_then_the_regional_head_then_the_end() {
    let (office, spec) = (london(), spec(WhenNobodySigns::LeaveOut));
    let four = mails(4);
    let said = |first: usize, deputy: Rung<'_>, regional_head: Rung<'_>, now: &str| {
        let left = mails(first);
        let ladder = Ladder { first: &[asked(&office, &left)], deputy, regional_head, ended: false };
        next(&spec, &ladder, at(now))
    };
    // Two chases are three mails; three working days after the third the deputy is asked, with the fourth the regional head.
    assert_eq!(said(2, Rung::Named, Rung::Named, "2027-01-18T12:00:00"), Next::AfterMail);
    assert_eq!(said(3, Rung::Named, Rung::Named, "2027-01-21T12:00:00"), Next::At(at("2027-01-22T09:00:00")));
    assert_eq!(said(3, Rung::Named, Rung::Named, "2027-01-22T09:00:00"), Next::Now(Step::Ask(Why::Deputy)));
    let deputy = Rung::Asked(asked(&office, &four[3..]));
    assert_eq!(said(4, deputy, Rung::Named, "2027-01-26T09:00:00"), Next::At(at("2027-01-27T09:00:00")));
    assert_eq!(said(4, deputy, Rung::Named, "2027-01-27T09:00:00"), Next::Now(Step::Ask(Why::RegionalHead)));
    // The end waits for the last one's mails and days.
    let five = mails(5);
    assert_eq!(said(5, deputy, Rung::Asked(asked(&office, &four)), "2027-02-20T09:00:00"), Next::AfterMail);
    let head = Rung::Asked(asked(&office, &five));
    assert_eq!(said(5, deputy, head, "2027-01-29T09:00:00"), Next::At(at("2027-02-01T09:00:00")));
    assert_eq!(said(5, deputy, head, "2027-02-01T09:00:00"), Next::Now(Step::End(WhenNobodySigns::LeaveOut)));
}

#[test]
fn a_round_without_names_and_rule_asks_nobody_else() {
    let (office, spec) = (london(), spec(WhenNobodySigns::Wait));
    let left = mails(5);
    let ladder =
        Ladder { first: &[asked(&office, &left)], deputy: Rung::Nobody, regional_head: Rung::Nobody, ended: false };
    assert_eq!(next(&spec, &ladder, at("2028-01-01T09:00:00")), Next::Over);
}

#[test]
fn without_deputy_the_director_is_the_last_and_what_was_done_is_done_once() {
    let (office, spec) = (london(), spec(WhenNobodySigns::LastYear));
    let left = mails(5);
    let ladder =
        Ladder { first: &[asked(&office, &left)], deputy: Rung::Nobody, regional_head: Rung::Nobody, ended: false };
    assert_eq!(next(&spec, &ladder, at("2027-02-01T09:00:00")), Next::Now(Step::End(WhenNobodySigns::LastYear)));
    assert_eq!(next(&spec, &Ladder { ended: true, ..ladder }, at("2027-02-01T09:00:00")), Next::Over);
}

#[test]
fn fewer_mails_than_the_ladder_counts_do_not_end_it() {
    let (office, mut spec) = (london(), spec(WhenNobodySigns::Wait));
    spec.maximum_chases = 0;
    let left = mails(1);
    let named =
        Ladder { first: &[asked(&office, &left)], deputy: Rung::Named, regional_head: Rung::Named, ended: false };
    // Two chases that do not go are six working days, with the three for an answer nine.
    assert_eq!(next(&spec, &named, at("2027-01-21T09:00:00")), Next::At(at("2027-01-22T09:00:00")));
    assert_eq!(next(&spec, &named, at("2027-01-22T09:00:00")), Next::Now(Step::Ask(Why::Deputy)));
}

#[test]
fn who_is_away_for_long_has_his_deputy_asked_at_once_and_who_is_back_soon_has_not() {
    let (office, spec) = (london(), spec(WhenNobodySigns::Wait));
    let now = at("2027-01-11T10:00:00");
    let said = |back: &str, deputy: Rung<'_>, regional_head: Rung<'_>| {
        let first = [Asked { back_at: Some(at(back)), ..asked(&office, &[]) }];
        next(&spec, &Ladder { first: &first, deputy, regional_head, ended: false }, now)
    };
    // The next mail would go on Thursday the 14th.
    assert_eq!(said("2027-01-14T00:00:00", Rung::Named, Rung::Named), Next::AfterMail);
    assert_eq!(said("2027-01-15T00:00:00", Rung::Named, Rung::Named), Next::Now(Step::Ask(Why::Deputy)));
    assert_eq!(said("2027-01-15T00:00:00", Rung::Nobody, Rung::Named), Next::Now(Step::Ask(Why::RegionalHead)));
    assert_eq!(said("2027-01-11T09:00:00", Rung::Named, Rung::Named), Next::AfterMail, "he is back");
    // The deputy's silence counts while the director is away, and his own absence.
    let left = mails(2);
    let deputy = asked(&office, &left);
    assert_eq!(said("2027-02-15T00:00:00", Rung::Asked(deputy), Rung::Named), Next::At(at("2027-01-19T09:00:00")));
    let away = Asked { back_at: Some(at("2027-02-15T00:00:00")), ..asked(&office, &[]) };
    assert_eq!(said("2027-02-15T00:00:00", Rung::Asked(away), Rung::Named), Next::Now(Step::Ask(Why::RegionalHead)));
}

#[test]
fn who_takes_no_mail_has_the_next_one_asked_at_once_and_the_next_ones_silence_counts() {
    let (office, spec) = (london(), spec(WhenNobodySigns::LeaveOut));
    let first = [Asked { takes_no_mail: true, ..asked(&office, &[]) }];
    let said = |deputy: Rung<'_>, regional_head: Rung<'_>, now: &str| {
        next(&spec, &Ladder { first: &first, deputy, regional_head, ended: false }, at(now))
    };
    let now = "2027-01-11T10:00:00";
    assert_eq!(said(Rung::Named, Rung::Named, now), Next::Now(Step::Ask(Why::Deputy)));
    assert_eq!(said(Rung::Nobody, Rung::Named, now), Next::Now(Step::Ask(Why::RegionalHead)));
    let left = mails(2);
    let deputy = Rung::Asked(asked(&office, &left));
    assert_eq!(said(deputy, Rung::Named, now), Next::At(at("2027-01-19T09:00:00")));
    // Nobody was ever asked: that is no silence, and the end waits for a person.
    assert_eq!(said(Rung::Nobody, Rung::Nobody, "2027-03-11T10:00:00"), Next::AfterMail);
}

#[test]
fn working_days_are_those_of_the_person() {
    let spec = spec(WhenNobodySigns::Wait);
    // Friday and Saturday are the weekend in Egypt: three working days after a Wednesday are a Monday there, and in London a Monday, too;
    // after a Thursday a Tuesday, and in London a Tuesday; after a Sunday a Wednesday, and in London a Thursday.
    let (cairo, office) = (place("EG", "Africa/Cairo"), london());
    let sunday = at("2027-01-17T10:00:00");
    let day = |calendar: &Calendar| calendar.local(next_chase(calendar, &spec, 1, None, sunday).unwrap()).date();
    assert_eq!(day(&cairo).to_string(), "2027-01-20");
    assert_eq!(day(&office).to_string(), "2027-01-21");
    assert_eq!(first_asked(&cairo, None, sunday), sunday);
    assert_eq!(first_asked(&office, None, sunday), at("2027-01-18T09:00:00"));
}

#[test]
fn after_his_return_he_is_asked_on_his_first_working_day() {
    let (office, spec) = (london(), spec(WhenNobodySigns::Wait));
    // Back on Saturday: Monday at nine.
    let back = Some(at("2027-01-16T00:00:00"));
    assert_eq!(put_off(&office, back, at("2027-01-12T10:00:00")), Some(at("2027-01-18T09:00:00")));
    assert_eq!(put_off(&office, back, at("2027-01-16T10:00:00")), None);
    assert_eq!(next_chase(&office, &spec, 1, back, at("2027-01-12T10:00:00")), Some(at("2027-01-18T09:00:00")));
    assert_eq!(next_chase(&office, &spec, 9, back, at("2027-01-12T10:00:00")), None);
}

proptest! {
    #[test]
    fn nobody_is_asked_while_away_or_on_a_day_off(hour in 0i64..24 * 60, back in prop::option::of(0i64..24 * 60), asked in 0u32..5) {
        let (office, spec) = (london(), spec(WhenNobodySigns::Wait));
        let now = at("2027-01-01T00:00:00").plus(hour * 60 * 60 * 1000);
        let back = back.map(|days| at("2027-01-01T00:00:00").plus(days * 60 * 60 * 1000));
        for at in [next_chase(&office, &spec, asked, back, now), Some(first_asked(&office, back, now))].into_iter().flatten() {
            prop_assert!(at >= now);
            prop_assert!(back.is_none_or(|back| at >= back));
            prop_assert!(office.is_working_day(office.local(at).date()));
        }
    }

    /// Time alone never takes back what was due, and what is said to come comes then and not before.
    #[test]
    fn what_is_due_stays_due_and_comes_when_it_was_said_to(
        n in 0usize..6, of_deputy in 0usize..6, of_head in 0usize..6, deputy in 0u8..3, head in 0u8..3, end in 0u8..3,
        chases in 0u32..6, deputy_after in 0u32..6, head_after in 0u32..6, later in 0i64..90
    ) {
        let end = [WhenNobodySigns::Wait, WhenNobodySigns::LeaveOut, WhenNobodySigns::LastYear][end as usize];
        let (office, mut spec) = (london(), spec(end));
        (spec.maximum_chases, spec.deputy_after_chases, spec.regional_head_after_chases) = (chases, deputy_after, head_after);
        let (first, his, heads) = (mails(n), mails(of_deputy), mails(of_head));
        let rung = |which: u8, left| match which {
            0 => Rung::Nobody,
            1 => Rung::Named,
            _ => Rung::Asked(asked(&office, left)),
        };
        let ladder = Ladder {
            first: &[asked(&office, &first)], deputy: rung(deputy, &his), regional_head: rung(head, &heads), ended: false,
        };
        let now = at("2027-01-11T09:00:00").plus(later * DAY);
        match next(&spec, &ladder, now) {
            Next::Now(_) => prop_assert!(matches!(next(&spec, &ladder, now.plus(40 * DAY)), Next::Now(_))),
            Next::At(at) => {
                prop_assert!(at > now);
                prop_assert!(matches!(next(&spec, &ladder, at), Next::Now(_)));
                prop_assert!(!matches!(next(&spec, &ladder, at.plus(-1)), Next::Now(_)));
            }
            none => prop_assert_eq!(next(&spec, &ladder, now.plus(40 * DAY)), none),
        }
        // Nobody is asked or written off before he who comes before was asked at all.
        if first.is_empty() && !matches!(ladder.deputy, Rung::Asked(_)) && !matches!(ladder.regional_head, Rung::Asked(_)) {
            prop_assert!(matches!(next(&spec, &ladder, now), Next::AfterMail | Next::Over));
        }
    }
}
