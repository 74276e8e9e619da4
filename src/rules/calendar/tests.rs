//! The calendar against the table of clock changes and every transition of the corpora.

use chrono::TimeDelta;
use proptest::prelude::*;

use crate::base::clock::{DAY, HOUR, MINUTE, SECOND};

use super::almanac::Week;
use super::almanac::own::{OwnRow, OwnStatement};
use super::*;

pub(super) fn zone(name: &str) -> Zone {
    Zone::find(name).unwrap()
}

pub(super) fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn utc(text: &str) -> Ts {
    Ts::from(text.parse::<chrono::DateTime<chrono::Utc>>().unwrap())
}

pub fn schedule(opens: NaiveDate, closes: NaiveDate, from: &str, until: &str) -> Schedule {
    serde_json::from_value(serde_json::json!({
        "opens": opens, "closes": closes, "send_from": from, "send_until": until, "time_zone": "Europe/Dublin"
    }))
    .unwrap()
}

fn calendar(name: &str, from: &str, until: &str, off: &[NaiveDate]) -> Calendar {
    let schedule = Schedule { days_off: off.to_vec(), ..schedule(day("2027-02-01"), day("2027-02-26"), from, until) };
    Calendar::prepare(&schedule, zone(name), Arc::default())
}

#[test]
fn zones_are_known_by_name_and_shown_by_place() {
    assert_eq!(zone("europe/dublin").name(), "Europe/Dublin");
    assert_eq!(zone("Europe/Dublin").city(), "Dublin");
    assert_eq!(zone("America/Argentina/Buenos_Aires").city(), "Buenos Aires");
    assert_eq!(zone("UTC").city(), "UTC");
    let (dublin, at) = (zone("Europe/Dublin"), utc("2027-02-09T09:00:00Z"));
    assert_eq!(human(at, utc("2027-11-29T09:00:00Z"), &dublin), "Tue 9 Feb, 09:00");
    for another_year in ["2026-12-31T23:59:00Z", "2028-01-01T00:00:00Z"] {
        assert_eq!(human(at, utc(another_year), &dublin), "Tue 9 Feb 2027, 09:00");
    }
    let (tokyo, eve) = (zone("Asia/Tokyo"), utc("2026-12-31T16:00:00Z"));
    assert_eq!(human(at, eve, &tokyo), "Tue 9 Feb, 18:00", "it is 2027 there already");
    for wrong in ["", "Mars/Olympus", "Etc/Unknown", "../../etc/passwd", "Europe/Dublin "] {
        assert!(Zone::find(wrong).is_none(), "{wrong}");
    }
    // The operating system's older rules put Vancouver at -8 on this day.
    assert_eq!(zone("America/Vancouver").offset(utc("2026-12-01T00:00:00Z")), -7 * HOUR);
    assert!(zone::names().len() > 590);
}

#[test]
fn working_days_step_over_weekends_and_days_off() {
    let off: Vec<NaiveDate> = (8..=12).map(|d| NaiveDate::from_ymd_opt(2027, 2, d).unwrap()).collect();
    let calendar = calendar("Europe/Dublin", "09:00", "16:30", &off);
    assert_eq!(calendar.working_days_from(day("2027-02-06"), 0), day("2027-02-15"));
    assert_eq!(calendar.working_days_from(day("2027-02-05"), 1), day("2027-02-15"));
    assert_eq!(calendar.working_days_from(day("2027-02-06"), 1), day("2027-02-16"));
    assert_eq!(calendar.working_days_from(day("2027-02-15"), -1), day("2027-02-05"));
    assert_eq!(calendar.working_days_from(day("2027-02-06"), -1), day("2027-02-05"));
    calendar.working_days_from(day("2027-02-06"), i32::MIN);
    let years_off: Vec<NaiveDate> = day("2027-01-01").iter_days().take(1_000).collect();
    let closed = self::calendar("UTC", "09:00", "16:30", &years_off);
    assert_eq!(closed.next_sending_time(utc("2027-02-01T09:00:00Z")), utc("2029-09-27T09:00:00Z"));
}

#[test]
fn f17_late_messages_wait_for_the_sending_hours() {
    let calendar = calendar("America/New_York", "09:00", "16:30", &[day("2027-02-15")]);
    let next = |from: &str| calendar.local(calendar.next_sending_time(calendar.resolve(wall(from))));
    assert_eq!(next("2027-02-09 03:00"), wall("2027-02-09 09:00"));
    assert_eq!(next("2027-02-09 09:00"), wall("2027-02-09 09:00"));
    assert_eq!(next("2027-02-09 16:29"), wall("2027-02-09 16:29"));
    assert_eq!(next("2027-02-09 16:30"), wall("2027-02-10 09:00"));
    assert_eq!(next("2027-02-12 17:00"), wall("2027-02-16 09:00"));
    assert_eq!(calendar.local(calendar.closes_at()), wall("2027-02-27 00:00"));
    assert_eq!(calendar.local(calendar.opens_at()), wall("2027-02-01 00:00"));
}

#[test]
fn f16_clocks_set_back_open_the_sending_hours_again() {
    let schedule = schedule(day("2027-04-01"), day("2027-12-01"), "22:30", "23:30");
    // In Cairo, Thursday 28 October 2027 shows 23:00 to 24:00 twice; the second hour begins at 21:00 UTC.
    let cairo = Calendar::prepare(&schedule, zone("Africa/Cairo"), Arc::default());
    assert_eq!(cairo.local(utc("2027-10-28T20:45:00Z")), wall("2027-10-28 23:45"));
    assert_eq!(cairo.next_sending_time(utc("2027-10-28T20:45:00Z")), utc("2027-10-28T21:00:00Z"));
    assert_eq!(cairo.next_sending_time(utc("2027-10-28T21:30:00Z")), utc("2027-10-29T20:30:00Z"));
}

#[test]
fn quiet_hours_weeks_and_holidays_are_kept() {
    let at = |from: &str, until: &str| QuietHours {
        from: NaiveTime::parse_from_str(from, "%H:%M").unwrap(),
        until: NaiveTime::parse_from_str(until, "%H:%M").unwrap(),
    };
    let quiet_hours = vec![at("12:00", "13:15"), at("09:00", "09:30")];
    let schedule = Schedule { quiet_hours, ..schedule(day("2027-02-01"), day("2027-03-26"), "09:00", "16:30") };
    let almanac = Almanac::built_in();
    let there = |zone_name: &str, country: &str, region: &str| {
        Calendar::prepare(&schedule, zone(zone_name), almanac.days(almanac.key(country, region)))
    };
    let next = |c: &Calendar, from: &str| c.local(c.next_sending_time(c.resolve(wall(from))));
    let dublin = there("Europe/Dublin", "IE", "");
    assert_eq!(dublin.first_hour(), NaiveTime::from_hms_opt(9, 30, 0).unwrap());
    assert_eq!(next(&dublin, "2027-02-09 09:00"), wall("2027-02-09 09:30"));
    assert_eq!(next(&dublin, "2027-02-09 11:59"), wall("2027-02-09 11:59"));
    assert_eq!(next(&dublin, "2027-02-09 12:00"), wall("2027-02-09 13:15"));
    assert_eq!(next(&dublin, "2027-03-16 17:00"), wall("2027-03-18 09:30"));
    assert_eq!(dublin.holiday(day("2027-03-17")), Some("Saint Patrick's Day"));
    let cairo = there("Africa/Cairo", "EG", "");
    assert_eq!(next(&cairo, "2027-02-04 16:30"), wall("2027-02-07 09:30"));
    let (berlin, munich) = (there("Europe/Berlin", "DE", "BE"), there("Europe/Berlin", "DE", "BY"));
    assert_eq!(berlin.working_days_from(day("2027-03-08"), 0), day("2027-03-09"));
    assert_eq!(munich.working_days_from(day("2027-03-08"), 0), day("2027-03-08"));
}

#[test]
fn f16_hours_that_begin_in_a_repeated_hour_come_twice() {
    let schedule = schedule(day("2027-10-01"), day("2027-12-01"), "01:10", "01:30");
    let rows = vec![OwnRow {
        country: "XX".into(),
        region: String::new(),
        says: OwnStatement::Week(Week::without("mon").unwrap()),
    }];
    let almanac = Almanac::with_own("own.csv", rows);
    let ny = Calendar::prepare(&schedule, zone("America/New_York"), almanac.days(almanac.key("XX", "")));
    // On Sunday 7 November 2027 clocks show 01:00 to 02:00 twice, the second time from 06:00 UTC.
    assert_eq!(ny.next_sending_time(utc("2027-11-07T05:40:00Z")), utc("2027-11-07T06:10:00Z"));
    assert_eq!(ny.next_sending_time(utc("2027-11-07T06:30:00Z")), utc("2027-11-09T06:10:00Z"));
}

#[test]
fn empty_sending_hours_never_open() {
    assert_eq!(calendar("UTC", "09:00", "09:00", &[]).next_sending_time(Ts(0)), NEVER);
    assert_eq!(calendar("UTC", "09:00", "16:30", &[]).next_sending_time(Ts(i64::MAX)), NEVER);
}

/// The folder of the corpora is not part of the repository.
pub(super) fn corpus(file: &str) -> Option<String> {
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = std::env::var("SOUNDINGS_CORPORA").map_or(beside, Into::into);
    let text = std::fs::read_to_string(folder.join(file)).ok();
    if text.is_none() {
        println!("skipped: no {file} in {}", folder.display());
    }
    text
}

#[test]
fn f16_every_transition_of_the_corpus_is_resolved() {
    // Python computed them from IANA 2026f.
    let Some(corpus) = corpus("time-zone-transitions.jsonl") else { return };
    let mut wrong = Vec::new();
    for line in corpus.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let (name, at) = (row["zone"].as_str().unwrap(), utc(row["utc"].as_str().unwrap()));
        let (before, after) = (row["offset_before"].as_i64().unwrap(), row["offset_after"].as_i64().unwrap());
        let zone = zone(name);
        if zone.offset(at.plus(-1)) != before * SECOND || zone.offset(at) != after * SECOND {
            wrong.push(format!("{name} {at}"));
            continue;
        }
        let edge = zone.local(at);
        let length = (after - before).abs() * SECOND;
        for part in [0, length / 3, length - SECOND] {
            if after > before {
                let skipped = edge - TimeDelta::milliseconds(length - part);
                assert_eq!(zone.resolve(skipped), at, "{name} {skipped}");
            } else if after < before {
                let repeated = edge + TimeDelta::milliseconds(part);
                let first = zone.resolve(repeated);
                assert_eq!(first, at.plus(part - length), "{name} {repeated}");
                assert_eq!(zone.local(first), repeated);
                assert_eq!(zone.resolve_from(repeated, first.plus(1)), at.plus(part));
            }
        }
        for minutes in [-200, -61, 61, 200] {
            let near = at.plus(minutes * MINUTE);
            let again = zone.resolve_from(zone.local(near), near);
            assert_eq!(again, near, "{name}");
        }
    }
    assert!(wrong.is_empty(), "offsets differ from IANA 2026f: {wrong:?}");
}

#[test]
fn f16_sending_times_are_right_around_every_transition_of_the_corpus() {
    let Some(corpus) = corpus("time-zone-transitions.jsonl") else { return };
    let week = any_days("fri sat", Vec::new());
    for line in corpus.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let (zone, at) = (zone(row["zone"].as_str().unwrap()), utc(row["utc"].as_str().unwrap()));
        let date = zone.local(at).date();
        let sending = schedule(date, date, "00:10", "23:50");
        // Quiet from before the change to within it, on both sides of noon, so that its edge falls into both.
        let edge = zone.local(at.plus(-30 * MINUTE)).time();
        let until = edge.overflowing_add_signed(TimeDelta::minutes(75)).0;
        let quiet_hours = if edge < until { vec![QuietHours { from: edge, until }] } else { Vec::new() };
        let schedule = Schedule { quiet_hours: quiet_hours.clone(), ..sending };
        let calendar = Calendar::prepare(&schedule, zone.clone(), week.clone());
        let allowed = |at: Ts| {
            let local = zone.local(at);
            !matches!(chrono::Datelike::weekday(&local.date()), chrono::Weekday::Fri | chrono::Weekday::Sat)
                && local.time() >= schedule.send_from
                && local.time() < schedule.send_until
                && !quiet_hours.iter().any(|q| q.from <= local.time() && local.time() < q.until)
        };
        // Backwards, so that the first allowed five minutes at or after each is known without a search.
        let mut first = None;
        for minute in (-180..=3 * 24 * 60).rev().step_by(5) {
            let now = at.plus(minute * MINUTE);
            first = if allowed(now) { Some(now) } else { first };
            if minute <= 180
                && let Some(first) = first
            {
                assert_eq!(calendar.next_sending_time(now), first, "{} at {now}", zone.name());
            }
        }
    }
}

pub(super) fn any_zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(zone::names()).prop_map(|name| zone(&name))
}

/// An instant near one of the zone's own clock changes where it has any, else anywhere in 2026-2029.
pub(super) fn near_a_change(zone: &Zone, at: i64, near: i64) -> Ts {
    let at = utc("2026-06-01T00:00:00Z").plus(at);
    zone.changes(at, at.plus(400 * DAY)).next().unwrap_or(at).plus(near)
}

/// Saturday and Sunday, Friday and Saturday, Friday, Saturday, and Friday with Sunday.
fn any_days(key: &str, holidays: Vec<NaiveDate>) -> Arc<Days> {
    let rows = holidays.into_iter().map(|date| OwnStatement::Holiday(date, "A holiday".into()));
    let rows = rows.chain(Week::without(key).map(OwnStatement::Week));
    let own = rows.map(|says| OwnRow { country: "XX".into(), region: String::new(), says }).collect();
    let almanac = Almanac::with_own("own.csv", own);
    almanac.days(almanac.key("XX", ""))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_next_sending_time_is_the_first_minute_in_the_window(
        zone in any_zone(), at in 0..900 * DAY, near in -2 * DAY..DAY, from in 0u32..1_400, length in 1u32..300,
        off in prop::collection::vec(0u64..6, 0..3), holidays in prop::collection::vec(0u64..6, 0..3),
        weekend in prop::sample::select(vec!["sat sun", "fri sat", "fri", "sat", "fri sun", "mon tue wed thu fri sat"]),
        quiet in prop::collection::vec((0u32..300, 1u32..90), 0..4),
    ) {
        let at = Ts(near_a_change(&zone, at, near).0.div_euclid(MINUTE) * MINUTE);
        let clock = |m: u32| format!("{:02}:{:02}", m / 60, m % 60);
        let time = |m: u32| NaiveTime::from_hms_opt(m / 60, m % 60, 0).unwrap();
        let date = zone.local(at).date();
        let days = |days: Vec<u64>| -> Vec<NaiveDate> { days.iter().map(|d| date + chrono::Days::new(*d)).collect() };
        let (days_off, until) = (days(off), (from + length).min(1_439));
        let quiet_hours: Vec<QuietHours> = quiet.iter().filter(|(start, _)| from + start < until)
            .map(|(start, length)| QuietHours { from: time(from + start), until: time((from + start + length).min(until)) })
            .collect();
        let hours = Schedule { days_off: days_off.clone(), quiet_hours: quiet_hours.clone(), ..schedule(date, date, &clock(from), &clock(until)) };
        let holidays = days(holidays);
        let calendar = Calendar::prepare(&hours, zone.clone(), any_days(weekend, holidays.clone()));
        // What the words say, minute by minute, without windows and searches.
        let off = Week::without(weekend).unwrap();
        let allowed = |at: Ts| {
            let local = zone.local(at);
            off.works_on(chrono::Datelike::weekday(&local.date()))
                && !days_off.contains(&local.date()) && !holidays.contains(&local.date())
                && local.time() >= time(from) && local.time() < time(until)
                && !quiet_hours.iter().any(|q| q.from <= local.time() && local.time() < q.until)
        };
        let found = calendar.next_sending_time(at);
        if (from..until).all(|m| quiet_hours.iter().any(|q| q.from <= time(m) && time(m) < q.until)) {
            prop_assert_eq!(found, NEVER);
            return Ok(());
        }
        prop_assert!(found >= at && allowed(found));
        prop_assert_eq!(calendar.next_sending_time(found), found);
        let mut minute = at;
        while minute < found.min(at.plus(9 * DAY)) {
            prop_assert!(!allowed(minute), "{} comes before {}", minute, found);
            prop_assert!(!calendar.may_send_at(minute));
            minute = minute.plus(MINUTE);
        }
        for n in [-7, -1, 0, 1, 7] {
            let day = calendar.working_days_from(date, n);
            prop_assert!(calendar.is_working_day(day));
            let start = calendar.working_days_from(date, 0);
            let passed = start.min(day).iter_days().take_while(|d| *d < start.max(day)).filter(|d| calendar.is_working_day(*d));
            prop_assert_eq!(passed.count() as i32, n.abs());
        }
    }
}

#[test]
fn working_time_is_what_lies_within_the_sending_hours() {
    let london = calendar("Europe/London", "09:00", "17:00", &[day("2027-02-10")]);
    let hours = |from: &str, until: &str| london.working_time(utc(from), utc(until)) as f64 / HOUR as f64;
    // From Friday evening to Monday at nine there is none.
    assert!(hours("2027-02-05T17:00:00Z", "2027-02-08T09:00:00Z").abs() < 0.001);
    assert!((hours("2027-02-05T16:30:00Z", "2027-02-08T10:15:00Z") - 1.75).abs() < 0.001);
    // A whole day, and a day off.
    assert!((hours("2027-02-08T00:00:00Z", "2027-02-12T00:00:00Z") - 24.0).abs() < 0.001);
    assert!(hours("2027-02-09T12:00:00Z", "2027-02-09T12:00:00Z").abs() < 0.001);
    assert!(hours("2027-02-09T12:00:00Z", "2027-02-08T12:00:00Z").abs() < 0.001);
}
