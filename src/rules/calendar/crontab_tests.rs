//! Cron against the table of clock changes, and what is said about expressions that cannot be read.

use proptest::prelude::*;

use crate::base::clock::{DAY, HOUR};

use super::crontab::Cron;
use super::tests::{any_zone, near_a_change, utc, wall, zone};

/// Wall-clock times of the next `n` firings, with the offset in hours.
fn firings(expression: &str, name: &str, after: &str, n: usize) -> Vec<String> {
    let (cron, zone) = (Cron::parse(expression).unwrap(), zone(name));
    let mut at = zone.resolve(wall(after));
    (0..n)
        .map(|_| {
            at = cron.next(&zone, at).unwrap();
            format!("{} {:+}", zone.local(at).format("%m-%d %H:%M"), zone.offset(at) as f64 / HOUR as f64)
        })
        .collect()
}

#[test]
fn f16_cron_follows_the_table_of_clock_changes() {
    let (ny, dublin) = ("America/New_York", "Europe/Dublin");
    assert_eq!(firings("30 2 * * *", ny, "2027-03-13 12:00", 2), ["03-14 03:00 -4", "03-15 02:30 -4"]);
    assert_eq!(firings("30 1 * * *", dublin, "2027-03-27 12:00", 2), ["03-28 02:00 +1", "03-29 01:30 +1"]);
    assert_eq!(firings("30 2 * * *", dublin, "2027-03-27 12:00", 2), ["03-28 02:30 +1", "03-29 02:30 +1"]);
    assert_eq!(firings("30 1 * * *", ny, "2027-11-06 12:00", 2), ["11-07 01:30 -4", "11-08 01:30 -5"]);
    assert_eq!(firings("30 1 * * *", dublin, "2027-10-30 12:00", 2), ["10-31 01:30 +1", "11-01 01:30 +0"]);
    assert_eq!(
        firings("30 1,2 * * *", ny, "2027-03-14 00:00", 3),
        ["03-14 01:30 -5", "03-14 03:00 -4", "03-15 01:30 -4"]
    );
    assert_eq!(
        firings("30 1,2 * * *", ny, "2027-11-07 00:00", 3),
        ["11-07 01:30 -4", "11-07 02:30 -5", "11-08 01:30 -5"]
    );
    let halves = ["11-07 01:00 -4", "11-07 01:30 -4", "11-07 01:00 -5", "11-07 01:30 -5", "11-07 02:00 -5"];
    assert_eq!(firings("*/30 * * * *", ny, "2027-11-07 00:45", 5), halves);
    // Before and after the repeated hour is summer: a year lies between.
    assert_eq!(
        firings("28 0-2 31 10 0", "Europe/Paris", "2027-10-31 01:30", 3),
        ["10-31 02:28 +2", "10-31 02:28 +1", "10-01 00:28 +2"]
    );
    assert_eq!(firings("0 0 * * *", "Africa/Cairo", "2027-04-29 12:00", 2), ["04-30 01:00 +3", "05-01 00:00 +3"]);
    assert_eq!(firings("0 0 * * *", "America/Havana", "2027-03-13 12:00", 2), ["03-14 01:00 -4", "03-15 00:00 -4"]);
    assert_eq!(
        firings("15 2 * * *", "Australia/Lord_Howe", "2027-10-02 12:00", 2),
        ["10-03 02:30 +11", "10-04 02:15 +11"]
    );
    assert_eq!(firings("0 9 * * *", "Pacific/Apia", "2011-12-29 12:00", 2), ["12-31 00:00 +14", "12-31 09:00 +14"]);
}

#[test]
fn f16_a_restart_in_the_repeated_hour_looks_forward() {
    let ny = zone("America/New_York");
    let second_pass = utc("2027-11-07T06:20:00Z");
    assert_eq!(ny.local(second_pass), wall("2027-11-07 01:20"));
    assert_eq!(Cron::parse("*/30 * * * *").unwrap().next(&ny, second_pass), Some(utc("2027-11-07T06:30:00Z")));
    assert_eq!(Cron::parse("30 1 * * *").unwrap().next(&ny, second_pass), Some(utc("2027-11-08T06:30:00Z")));
}

#[test]
fn weekdays_are_those_of_cron_not_of_the_crate() {
    let dublin = "Europe/Dublin";
    for sunday in ["0 9 * * 0", "0 9 * * 7", "0 9 * * SUN", "0 9 * * sunday", "0 9 * * 7-7", "0 9 * * 7-0"] {
        assert_eq!(firings(sunday, dublin, "2027-02-01 00:00", 2), ["02-07 09:00 +0", "02-14 09:00 +0"], "{sunday}");
    }
    for weekend in ["0 9 * * 5-7", "0 9 * * FRI-SUN", "0 9 * * 5,6,0"] {
        assert_eq!(
            firings(weekend, dublin, "2027-02-03 00:00", 3),
            ["02-05 09:00 +0", "02-06 09:00 +0", "02-07 09:00 +0"]
        );
    }
    assert_eq!(
        firings("0 9 * * 1-5/2", dublin, "2027-02-01 10:00", 3),
        ["02-03 09:00 +0", "02-05 09:00 +0", "02-08 09:00 +0"]
    );
    // Both named: either will do.
    assert_eq!(
        firings("0 9 10 * MON", dublin, "2027-02-01 10:00", 3),
        ["02-08 09:00 +0", "02-10 09:00 +0", "02-15 09:00 +0"]
    );
    // A day that begins with `*` is none: Mondays of odd date.
    assert_eq!(firings("0 9 */2 * MON", dublin, "2027-02-01 10:00", 2), ["02-15 09:00 +0", "03-01 09:00 +0"]);
}

#[test]
fn cron_says_what_it_cannot_read() {
    for (text, part) in [
        ("0 9 * *", "has 4 fields"),
        ("0 0 9 * * TUE", "has 6 fields"),
        ("60 9 * * TUE", "minute `60`"),
        ("*/0 9 * * TUE", "minute `*/0`"),
        ("0 25 * * TUE", "hour `25`"),
        ("0 9 32 * *", "day of month `32`"),
        ("0 9 * BRUMAIRE *", "month `BRUMAIRE`"),
        ("0 9 * * 8", "weekday `8`"),
        ("0 9 * * TUE#2", "weekday `TUE#2`"),
        ("0 9 * * MON/0", "weekday `MON/0`"),
        ("0 9 L * *", "day of month `L`"),
        ("0 9 30 2 *", "never comes"),
        ("@daily", "has 1 fields"),
        ("", "has 0 fields"),
    ] {
        let error = Cron::parse(text).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
    assert!(Cron::parse(&"1,".repeat(5_000)).is_err());
    assert!(Cron::parse("0 9 29 2 *").is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn cron_goes_forward_and_a_restart_changes_nothing(
        zone in any_zone(), at in 0..900 * DAY, near in -2 * DAY..DAY,
        expression in prop::sample::select(vec!["30 1 * * *", "*/20 * * * *", "15 0,1,2,3 * * *", "0 0-4 * * *", "59 23 * * MON-FRI", "0 2 1-7 * SUN"]),
        skip in 0..DAY,
    ) {
        let cron = Cron::parse(expression).unwrap();
        let mut at = near_a_change(&zone, at, near);
        for _ in 0..8 {
            let next = cron.next(&zone, at).unwrap();
            prop_assert!(next > at);
            let between = at.plus(skip % next.since(at));
            prop_assert_eq!(cron.next(&zone, between), Some(next), "restarted at {}", between);
            at = next;
        }
    }
}
