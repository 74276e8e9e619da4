//! A touch that was tried has used its time, whatever became of it: the next one waits for its own time and for the gap.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use crate::base::clock::{DAY, HOUR, Ts};
use crate::rules::calendar::almanac::Almanac;
use crate::rules::calendar::zone::Zone;
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::plan::*;

use super::spec_of;

/// What may become of a message when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Sent,
    InDoubt,
    Failed,
    Withdrawn,
    /// By an operator, who lets it go after so many hours.
    Held(i64),
}

#[derive(Debug)]
struct Case {
    cron: &'static str,
    gap: u32,
    warm_up: bool,
    ends: Vec<End>,
    /// The server takes its time before it says so, in minutes.
    late: Vec<i64>,
}

fn cases() -> impl Strategy<Value = Case> {
    let end = prop_oneof![
        2 => Just(End::Sent),
        1 => Just(End::InDoubt),
        4 => Just(End::Failed),
        1 => Just(End::Withdrawn),
        1 => (1..60i64).prop_map(End::Held),
    ];
    let cron = prop_oneof![
        Just("30 9 * * THU"),
        Just("0 10 * * TUE,THU"),
        Just("0 9,15 * * *"),
        Just("*/20 9-16 * * *"),
        Just("0 8 * * MON"),
    ];
    let late = prop_oneof![2 => Just(0), 2 => 0..90i64, 1 => 0..6000i64];
    (cron, 0..5u32, any::<bool>(), prop::collection::vec(end, 12), prop::collection::vec(late, 12))
        .prop_map(|(cron, gap, warm_up, ends, late)| Case { cron, gap, warm_up, ends, late })
}

/// Every message as it was tried: kind, number, its own time, when.
fn played(case: &Case) -> Vec<(MessageKind, u32, Ts, Ts)> {
    let mut touches = vec![json!({"kind": "invitation", "working_days": 0, "at": "09:30"})];
    if case.warm_up {
        touches.insert(0, json!({"kind": "warm_up", "working_days": -1, "at": "09:30"}));
    }
    touches.push(json!({"kind": "reminder", "cron": case.cron, "times": 3}));
    let mut spec = spec_of(json!(touches));
    spec.schedule.minimum_gap_days = case.gap;
    let sequence = Sequence::accepted(&spec, &Almanac::plain()).unwrap();
    let mut facts = Facts { country: "IE".into(), time_zone: "Europe/Dublin".into(), signed: true, ..Facts::default() };
    let opens = Zone::find("Europe/Dublin").unwrap().resolve(spec.schedule.opens.and_time(chrono::NaiveTime::MIN));
    let (mut now, mut rows, mut tried) = (opens.plus(-10 * DAY), Vec::<Touched>::new(), Vec::new());
    for (end, late) in case.ends.iter().zip(&case.late) {
        let Next::Send { kind, number, planned_for, due_at } = next_message(&sequence, &facts, &rows, now) else {
            break;
        };
        assert!(due_at >= now, "in the past");
        now = due_at;
        let row = |state, at| Touched { kind, number, state, at, tried: true, planned_for };
        let mut end = *end;
        if let End::Held(hours) = end {
            rows.push(row(MessageState::Held, now));
            assert_eq!(next_message(&sequence, &facts, &rows, now), Next::Nothing { why: Reason::HeldByOperator });
            rows.pop();
            now = now.plus(hours * HOUR);
            end = End::Sent;
        }
        let state = match end {
            End::Withdrawn => {
                now = now.plus(HOUR);
                continue;
            }
            End::Failed => MessageState::Failed,
            End::InDoubt => MessageState::InDoubt,
            End::Sent | End::Held(_) => MessageState::Sent,
        };
        tried.push((kind, number, planned_for, now));
        now = now.plus(late * 60_000);
        rows.push(row(state, now));
        if state != MessageState::Failed {
            (facts.last_sent_at, facts.sent_count) = (Some(now), facts.sent_count + 1);
        }
    }
    tried
}

proptest! {
    #[test]
    fn what_was_tried_has_used_its_time(case in cases()) {
        let tried = played(&case);
        let gap = i64::from(case.gap) * DAY;
        for pair in tried.windows(2) {
            let ((_, _, _, before), (kind, number, ..)) = (pair[0], pair[1]);
            prop_assert!(pair[1].3.since(before) >= gap, "{kind} {number} closer than the gap: {tried:?}");
        }
        let firings: Vec<Ts> = tried.iter().filter(|t| t.0 == MessageKind::Reminder).map(|t| t.2).collect();
        let each: BTreeSet<Ts> = firings.iter().copied().collect();
        prop_assert_eq!(each.len(), firings.len(), "two reminders of one firing: {:?}", tried);
    }
}

/// As in the demo: three reminders on Thursdays, and a server that refuses every one.
#[test]
fn refused_reminders_wait_for_their_own_thursdays() {
    let case = Case {
        cron: "30 9 * * THU",
        gap: 2,
        warm_up: false,
        ends: [[End::Sent].as_slice(), &[End::Failed; 11]].concat(),
        late: vec![0; 12],
    };
    let local = |at: Ts| Zone::find("Europe/Dublin").unwrap().local(at).format("%m-%d %H:%M").to_string();
    let said: Vec<String> = played(&case).iter().map(|(kind, n, _, at)| format!("{kind} {n} {}", local(*at))).collect();
    assert_eq!(
        said,
        ["invitation 1 02-08 09:30", "reminder 1 02-11 09:30", "reminder 2 02-18 09:30", "reminder 3 02-25 09:30"]
    );
}
