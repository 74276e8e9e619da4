//! Schedules that cannot be kept, and what is said about them.

use serde_json::{Value, json};

use crate::rules::round::{RoundSpec, Schedule};

use super::check;
use super::sequence::Sequence;
use super::tests::{spec, spec_of};

/// The round with some keys of its schedule replaced.
fn with(schedule: Value, rest: Value) -> RoundSpec {
    let mut spec = spec(rest);
    let mut all = serde_json::to_value(&spec.schedule).unwrap();
    for (key, value) in schedule.as_object().unwrap() {
        all[key] = value.clone();
    }
    spec.schedule = serde_json::from_value::<Schedule>(all).unwrap();
    spec
}

#[test]
fn a_round_that_can_be_kept_has_nothing_wrong() {
    let rest = json!([{"kind": "reminder", "cron": "0 10 * * TUE", "times": 3}, {"kind": "reminder", "working_days": 12}, {"kind": "thank_you"}]);
    assert_eq!(check_it(&spec(rest)), [""; 0]);
    assert_eq!(check_it(&spec_of(json!([{"kind": "invitation", "cron": "0 10 * * *"}]))), [""; 0]);
}

#[test]
fn an_impossible_schedule_is_said_with_what_would_work() {
    for (changed, wrong, works) in [
        (json!({"time_zone": "Europe/Dubln"}), "`Europe/Dubln` is not known", json!({"time_zone": "Europe/Dublin"})),
        (json!({"closes": "2027-01-26"}), "before it opens on Mon 8 Feb 2027", json!({"closes": "2027-03-05"})),
        (
            json!({"send_from": "17:00"}),
            "between 17:00 and 16:30",
            json!({"send_from": "09:00", "send_until": "16:30"}),
        ),
        (
            json!({"closes": "2027-02-09", "days_off": ["2027-02-08", "2027-02-09"]}),
            "no working day",
            json!({"closes": "2027-02-24", "days_off": ["2027-02-08", "2027-02-09"]}),
        ),
        (
            json!({"maximum_messages": 1}),
            "touch 2, invitation: it can never go, because maximum_messages is 1",
            json!({"maximum_messages": 4}),
        ),
        (
            json!({"minimum_gap_days": 40}),
            "touch 2, invitation: with 40 days after touch 1, warm-up",
            json!({"minimum_gap_days": 25}),
        ),
        (json!({"opens": "+12027-02-08", "closes": "+12027-02-09"}), "between 2000 and 2098", json!({})),
    ] {
        let found = check_it(&with(changed, json!([])));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(wrong), "{found:?}");
        assert_eq!(check_it(&with(works.clone(), json!([]))), [""; 0]);
        for value in works.as_object().unwrap().values().filter_map(Value::as_str).filter(|v| v.len() < 12) {
            assert!(found[0].contains(value), "{value} is not offered: {found:?}");
        }
    }
}

#[test]
fn quiet_hours_leave_time_and_are_said_with_what_would_work() {
    let quiet = |hours: &[(&str, &str)]| -> Value {
        let hours: Vec<Value> = hours.iter().map(|(from, until)| json!({"from": from, "until": until})).collect();
        json!({"quiet_hours": hours})
    };
    for (hours, wrong, works) in [
        (vec![("13:00", "12:00")], "Quiet hours 13:00 to 12:00 end before they begin", vec![("12:00", "13:00")]),
        (vec![("12:00", "12:00")], "Quiet hours 12:00 to 12:00 last no time; leave them out", vec![]),
        (vec![("18:00", "20:00")], "Quiet hours 18:00 to 20:00 lie outside the sending hours, 09:00 to 16:30", vec![]),
        (
            vec![("08:00", "10:00")],
            "Quiet hours 08:00 to 10:00 reach beyond the sending hours",
            vec![("09:00", "10:00")],
        ),
        (
            vec![("12:30", "13:30"), ("12:00", "13:00")],
            "Quiet hours 12:00 to 13:00 and 12:30 to 13:30 overlap",
            vec![("12:00", "13:30")],
        ),
        (
            vec![("09:00", "12:00"), ("12:00", "16:30")],
            "Nothing can be sent between 09:00 and 16:30 of a day",
            vec![("12:45", "16:30")],
        ),
    ] {
        let found = check_it(&with(quiet(&hours), json!([])));
        assert!(found.first().is_some_and(|f| f.starts_with(wrong)), "{found:?}");
        for (from, until) in &works {
            let said = format!("{{ from = \"{from}\", until = \"{until}\" }}");
            assert!(found[0].contains(&said), "{said} is not offered: {found:?}");
        }
        assert_eq!(check_it(&with(quiet(&works), json!([]))), [""; 0], "{works:?}");
    }
    let hours = [("12:00", "13:00"), ("13:00", "13:30"), ("09:00", "09:30")];
    let reminder = |at: &str| with(quiet(&hours), json!([{"kind": "reminder", "working_days": 3, "at": at}]));
    let found = check_it(&reminder("12:15"));
    let said = "touch 3, reminder: 12:15 is in quiet hours, 12:00 to 13:00; write at = \"13:30\" or leave it out.";
    assert_eq!(found, [said]);
    assert_eq!(check_it(&reminder("13:30")), [""; 0]);
    let cron = |cron: &str| with(quiet(&hours), json!([{"kind": "reminder", "cron": cron}]));
    let found = check_it(&cron("15 12 * * WED"));
    let hours = "the sending hours of working days, 09:00 to 16:30 without 12:00 to 13:00 and 13:00 to 13:30 and 09:00 to 09:30";
    assert!(found.len() == 1 && found[0].contains(hours) && found[0].contains("\"30 9 * * WED\""), "{found:?}");
    assert_eq!(check_it(&cron("30 9 * * WED")), [""; 0]);
}

#[test]
fn an_impossible_touch_is_named_with_what_would_work() {
    let reminder = |key: &str, value: Value| json!({"kind": "reminder", key: value});
    for (touch, wrong, works) in [
        (reminder("cron", json!("0 9 30 2 *")), "never comes", reminder("cron", json!("0 9 * * TUE"))),
        (
            reminder("cron", json!("0 9 1 1 *")),
            "does not come in time for the close on Fri 26 Feb 2027",
            reminder("cron", json!("0 9 * * WED")),
        ),
        (
            reminder("cron", json!("0 22 * * MON")),
            "never comes in the sending hours of working days, 09:00 to 16:30",
            reminder("cron", json!("0 9 * * WED")),
        ),
        (
            reminder("cron", json!("0 9 * * SAT")),
            "never comes in the sending hours",
            reminder("cron", json!("0 9 * * WED")),
        ),
        (reminder("cron", json!("0 9 * *")), "has 4 fields", reminder("cron", json!("0 9 * * TUE"))),
        (
            reminder("date", json!("2027-03-05")),
            "too late for the close on Fri 26 Feb",
            reminder("date", json!("2027-02-26")),
        ),
        (
            reminder("date", json!("2027-02-04")),
            "before touch 2, invitation on Mon 8 Feb",
            reminder("date", json!("2027-02-26")),
        ),
        (reminder("working_days", json!(20)), "falls on Mon 8 Mar 2027", reminder("date", json!("2027-02-26"))),
        (reminder("working_days", json!(9_000)), "too far from the opening", reminder("working_days", json!(5))),
        (json!({"kind": "reminder"}), "exactly one of", reminder("cron", json!("0 9 * * TUE"))),
        (
            json!({"kind": "reminder", "working_days": 3, "date": "2027-02-20"}),
            "exactly one of",
            reminder("working_days", json!(3)),
        ),
        (
            json!({"kind": "reminder", "working_days": 3, "at": "18:00"}),
            "18:00 is not in the sending hours",
            json!({"kind": "reminder", "working_days": 3, "at": "09:00"}),
        ),
        (
            json!({"kind": "reminder", "working_days": 3, "times": 2}),
            "`times` is for touches with cron",
            reminder("working_days", json!(3)),
        ),
        (json!({"kind": "warm_up", "working_days": 3}), "there is one already, touch 1", json!({"kind": "thank_you"})),
        (json!({"kind": "digest", "working_days": 3}), "does not go to contacts", json!({"kind": "thank_you"})),
        (
            json!({"kind": "thank_you", "working_days": -1}),
            "counts from the answer",
            json!({"kind": "thank_you", "working_days": 0}),
        ),
        (
            json!({"kind": "thank_you", "date": "2027-03-01"}),
            "can never go between",
            json!({"kind": "thank_you", "working_days": 0}),
        ),
    ] {
        let found = check_it(&spec(json!([touch])));
        assert_eq!(found.len(), 1, "{touch}: {found:?}");
        assert!(found[0].starts_with("touch 3, ") && found[0].contains(wrong), "{touch}: {found:?}");
        if let Some(value) = works.get("cron").or(works.get("date")).and_then(Value::as_str) {
            assert!(found[0].contains(value), "{value} is not offered: {found:?}");
        }
        assert_eq!(check_it(&spec(json!([works]))), [""; 0], "{works}");
    }
}

#[test]
fn the_order_of_touches_is_looked_at() {
    let of = |touches: Value| check_it(&spec_of(touches)).join(" ");
    let (warm_up, invitation) =
        (json!({"kind": "warm_up", "working_days": -5}), json!({"kind": "invitation", "working_days": 0}));
    let endless = json!({"kind": "reminder", "cron": "0 9 * * WED"});
    assert!(
        of(json!([invitation, warm_up]))
            .contains("touch 2, warm-up: it stands after the invitation; move it before touch 1")
    );
    assert!(of(json!([warm_up, endless])).contains("touch 2, reminder: there is no invitation before it"));
    assert!(of(json!([warm_up])).contains("add one with kind = \"invitation\""));
    assert!(of(json!([])).contains("add one"));
    assert!(
        of(json!([invitation, endless, {"kind": "reminder", "working_days": 12}]))
            .contains("touch 2 goes on without end")
    );
    let late_letter = of(json!([{"kind": "warm_up", "date": "2027-02-10"}, invitation]));
    assert!(
        late_letter.contains("before touch 1, warm-up on Wed 10 Feb 2027; give the warm-up working_days = -5"),
        "{late_letter}"
    );
    let before_opening = of(json!([{"kind": "invitation", "working_days": -1}]));
    assert!(before_opening.contains("falls on Fri 5 Feb 2027, before the round opens on Mon 8 Feb 2027"));
    let prepared = Sequence::prepare(&spec_of(json!([])), &crate::rules::calendar::Almanac::plain());
    assert!(prepared.is_err_and(|wrong| wrong.len() == 1));
}

fn check_it(spec: &RoundSpec) -> Vec<String> {
    check(spec, &crate::rules::calendar::Almanac::plain())
}

#[test]
fn audiences_that_nobody_can_be_in_are_refused() {
    for (touches, says) in [
        (
            json!([{"kind": "warm_up", "working_days": -5, "for": "not_finished"}, {"kind": "invitation", "working_days": 0}]),
            "touch 1, warm-up: nobody has begun",
        ),
        (
            json!([{"kind": "invitation", "working_days": 0, "roles": ["influencer"]}]),
            "touch 1, invitation: the invitation is for everybody",
        ),
        (
            json!([{"kind": "invitation", "working_days": 0}, {"kind": "thank_you", "working_days": 0, "for": "not_started"}]),
            "touch 2, thank-you: the thank-you is for everybody",
        ),
    ] {
        let wrong = check_it(&spec_of(touches)).join(" ");
        assert!(wrong.starts_with(says), "{wrong}");
    }
    let some = json!([
        {"kind": "warm_up", "working_days": -5, "roles": ["key_decision_maker"]}, {"kind": "invitation", "working_days": 0},
        {"kind": "reminder", "working_days": 5, "for": "account_silent", "roles": ["influencer"]}
    ]);
    assert_eq!(check_it(&spec_of(some)), [""; 0]);
}
