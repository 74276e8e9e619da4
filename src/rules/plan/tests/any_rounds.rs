//! Random schedules and sequences of touches, for tests that play rounds.

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::base::clock::{DAY, Ts};
use crate::rules::calendar::{Zone, zone};
use crate::rules::round::Schedule;

pub(in crate::plan) fn any_touches() -> impl Strategy<Value = Value> {
    let reminder = prop_oneof![
        (1..20i32).prop_map(|n| json!({"kind": "reminder", "working_days": n})),
        (
            prop::sample::select(vec![
                "0 10 * * TUE,THU",
                "30 1 * * *",
                "*/15 * * * *",
                "0 12 1-28/3 * *",
                "0 9 * * FRI"
            ]),
            1..4u32
        )
            .prop_map(|(cron, times)| json!({"kind": "reminder", "cron": cron, "times": times})),
    ];
    let audience =
        prop::sample::select(vec!["everybody", "everybody", "not_started", "not_finished", "account_silent"]);
    let roles = prop_oneof![3 => Just(json!([])), 1 => Just(json!(["influencer"])), 1 => Just(json!(["unknown", "influencer"]))];
    let reminder = (reminder, audience, roles).prop_map(|(mut touch, audience, roles)| {
        (touch["for"], touch["roles"]) = (json!(audience), roles);
        touch
    });
    let warm_up = prop::option::weighted(0.8, (-8..0i32).prop_map(|n| json!({"kind": "warm_up", "working_days": n})));
    let invitation = prop_oneof![
        4 => (0..3i32).prop_map(|n| json!({"kind": "invitation", "working_days": n})),
        1 => Just(json!({"kind": "invitation", "cron": "0 11 * * *"})),
    ];
    let thanks = prop::option::weighted(0.7, (0..2i32).prop_map(|n| json!({"kind": "thank_you", "working_days": n})));
    (warm_up, invitation, prop::collection::vec(reminder, 0..4), thanks).prop_map(
        |(warm_up, invitation, mut reminders, thanks)| {
            reminders.sort_by_key(|r| r["working_days"].as_i64());
            let all: Vec<Value> = warm_up.into_iter().chain([invitation]).chain(reminders).chain(thanks).collect();
            json!(all)
        },
    )
}

pub(in crate::plan) fn any_schedule() -> impl Strategy<Value = (Schedule, String)> {
    let hours = (0..22u32, 1..10u32).prop_map(|(from, length)| (from, (from + length).min(23)));
    let zones = prop::sample::select(zone::names());
    (zones, 0..1_000i64, 5..40u64, hours, prop::collection::vec(0..30u64, 0..4), 0..5u32, 1..9u32).prop_map(
        |(zone, start, length, (from, until), off, gap, maximum)| {
            // Half of the rounds open in the week before clocks change there.
            let any_day = Ts(1_767_225_600_000).plus(start * DAY);
            let near = Zone::find(&zone).unwrap().changes(any_day, any_day.plus(400 * DAY)).next();
            let opens: NaiveDate = match near {
                Some(change) if start % 2 == 0 => change.plus(-(start % 7) * DAY),
                _ => any_day,
            }
            .utc()
            .date_naive();
            let days_off: Vec<NaiveDate> = off.iter().map(|d| opens + chrono::Days::new(*d)).collect();
            let schedule = json!({
                "opens": opens, "closes": opens + chrono::Days::new(length), "send_from": format!("{from:02}:30"),
                "send_until": format!("{until:02}:45"), "days_off": days_off, "minimum_gap_days": gap,
                "maximum_messages": maximum, "time_zone": "Europe/Dublin"
            });
            (serde_json::from_value(schedule).unwrap(), zone)
        },
    )
}
