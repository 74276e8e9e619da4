//! The settings of a round moved to other days: next year's round begins as this year's went.
//!
//! Every date moves by as many days as the opening, so that weekdays stay where whole weeks are moved. What names a month or a day of
//! one would come on other days, or never: it is written out as the days on which it came, moved with the rest.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta};

use crate::rules::calendar::crontab::Cron;
use crate::rules::calendar::weekly::Weekly;
use crate::rules::calendar::zone::Zone;
use crate::rules::message::MessageKind;
use crate::rules::round::{RoundSpec, Touch};

/// More days than this are no list that somebody would have written.
const MOST_DAYS: usize = 12;

/// The day nearest to this one, some years later, that has the same weekday.
pub fn years_later(date: NaiveDate, years: u32) -> NaiveDate {
    let year = date.year().saturating_add_unsigned(years);
    // 29 February has no like in most years.
    let like = date.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)).unwrap_or(date);
    let weeks = ((like - date).num_days() + 3).div_euclid(7);
    date.checked_add_signed(TimeDelta::days(weeks * 7)).unwrap_or(date)
}

/// A name or a title with the year of the opening in it, for a round that opens in another: "acme-2027" is "acme-2028".
pub fn next_name(name: &str, from: NaiveDate, to: NaiveDate) -> String {
    let (from, to) = (from.year().to_string(), to.year().to_string());
    let mut said = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once(&from) {
        let is_whole =
            !before.ends_with(|c: char| c.is_ascii_digit()) && !after.starts_with(|c: char| c.is_ascii_digit());
        said.push_str(before);
        said.push_str(if is_whole { &to } else { &from });
        rest = after;
    }
    said + rest
}

/// The short name of a round in another year: [`next_name`]; of one without a year the year is added, for it cannot have the same name.
pub fn next_round_name(name: &str, from: NaiveDate, to: NaiveDate) -> String {
    let next = next_name(name, from, to);
    if next == name { format!("{name}-{}", to.year()) } else { next }
}

/// The same round, opening on another day.
pub fn moved(spec: &RoundSpec, opens: NaiveDate) -> RoundSpec {
    let by = opens - spec.schedule.opens;
    let day = |date: NaiveDate| date.checked_add_signed(by).unwrap_or(date);
    let mut schedule = spec.schedule.clone();
    schedule.opens = opens;
    schedule.closes = day(schedule.closes);
    schedule.days_off.iter_mut().for_each(|date| *date = day(*date));
    let touches = spec.touches.iter().flat_map(|touch| {
        let all = written_out(spec, touch).unwrap_or_else(|| vec![touch.clone()]);
        all.into_iter().map(|touch| Touch { date: touch.date.map(day), ..touch })
    });
    RoundSpec { touches: touches.collect(), schedule, ..spec.clone() }
}

/// A touch that names a month or a day of one, as the days on which it comes in its own round. A warm-up or an invitation is one message
/// and stays one; so does whatever comes on too many days or never.
fn written_out(spec: &RoundSpec, touch: &Touch) -> Option<Vec<Touch>> {
    let text = touch.cron.as_deref().filter(|text| Weekly::parse(text).is_none())?;
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.get(2..4)?.iter().all(|field| matches!(*field, "*" | "?")) {
        return None;
    }
    let (cron, zone) = (Cron::parse(text).ok()?, Zone::find(&spec.schedule.time_zone)?);
    let begins = match touch.kind {
        MessageKind::WarmUp => spec.schedule.opens.checked_sub_days(Days::new(90))?,
        _ => spec.schedule.opens,
    };
    let once = matches!(touch.kind, MessageKind::WarmUp | MessageKind::Invitation);
    let most = if once { 1 } else { touch.times.map_or(usize::MAX, |times| times as usize) };
    let mut after = zone.resolve(begins.and_time(NaiveTime::MIN)).plus(-1);
    let mut all = Vec::new();
    while let Some(at) = cron.next(&zone, after).filter(|_| all.len() < most) {
        let local = zone.local(at);
        if local.date() > spec.schedule.closes {
            break;
        }
        all.push(Touch { cron: None, times: None, date: Some(local.date()), at: Some(local.time()), ..touch.clone() });
        after = at;
        if all.len() > MOST_DAYS {
            return None;
        }
    }
    (!all.is_empty()).then_some(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::spec_of;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_moves_to_the_same_weekday() {
        for (from, years, to) in [
            ("2027-02-08", 1, "2028-02-07"),
            ("2028-02-07", 1, "2029-02-05"),
            ("2028-02-29", 1, "2029-02-27"),
            ("2023-02-06", 5, "2028-02-07"),
            ("2027-12-31", 1, "2028-12-29"),
        ] {
            assert_eq!(years_later(day(from), years), day(to), "{from}");
            assert_eq!(day(from).weekday(), day(to).weekday());
        }
    }

    #[test]
    fn the_year_in_a_name_is_the_new_one() {
        let (from, to) = (day("2027-02-08"), day("2028-02-07"));
        for (name, next) in [
            ("acme-2027", "acme-2028"),
            ("Relationship assessment 2027", "Relationship assessment 2028"),
            ("acme", "acme"),
            ("2027/2027", "2028/2028"),
            ("part-12027", "part-12027"),
            ("20271", "20271"),
        ] {
            assert_eq!(next_name(name, from, to), next, "{name}");
        }
        for (name, next) in [("acme-2027", "acme-2028"), ("acme", "acme-2028"), ("acme-2026", "acme-2026-2028")] {
            assert_eq!(next_round_name(name, from, to), next, "{name}");
        }
    }

    #[test]
    fn all_days_move_and_what_names_a_month_comes_on_the_same_weekdays() {
        let mut before = spec_of(json!([
            {"kind": "warm_up", "working_days": -5},
            {"kind": "invitation", "date": "2027-02-09"},
            {"kind": "reminder", "cron": "30 9 * * THU", "times": 3},
            {"kind": "reminder", "cron": "0 14 * 3 TUE", "times": 1, "for": "not_started", "words": "last"},
            {"kind": "reminder", "cron": "0 9 1,15 * *"},
            {"kind": "reminder", "cron": "0 9 31 12 *"},
            {"kind": "thank_you", "working_days": 0},
        ]));
        before.schedule.closes = day("2027-03-05");
        before.schedule.days_off = vec![day("2027-02-15")];
        let after = moved(&before, day("2028-02-07"));
        assert_eq!(
            (after.schedule.closes, &after.schedule.days_off[..]),
            (day("2028-03-03"), &[day("2028-02-14")][..])
        );
        let touches: Vec<(Option<NaiveDate>, Option<&str>)> =
            after.touches.iter().map(|t| (t.date, t.cron.as_deref())).collect();
        let on = |text: &str| (Some(day(text)), None);
        assert_eq!(
            touches,
            [
                (None, None),
                on("2028-02-08"),
                (None, Some("30 9 * * THU")),
                // Tue 2 March 2027 would be a Tuesday of February now.
                on("2028-02-29"),
                on("2028-02-14"),
                on("2028-02-28"),
                // It never came in its own round either.
                (None, Some("0 9 31 12 *")),
                (None, None),
            ]
        );
        let last = &after.touches[3];
        assert_eq!((last.words.as_deref(), last.audience), (Some("last"), before.touches[3].audience));
        assert_eq!(last.at, Some(NaiveTime::from_hms_opt(14, 0, 0).unwrap()));
        // The twin: what is not moved stays as it was, but for what is written out.
        assert_eq!(moved(&before, before.schedule.opens).schedule, before.schedule);
        assert_eq!(before.touches[3].cron.as_deref(), Some("0 14 * 3 TUE"));
    }
}
