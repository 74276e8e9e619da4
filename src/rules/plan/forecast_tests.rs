//! The forecast of random accounts: limits hold, gaps hold, nobody is forgotten, and without a limit it is the dry run of each contact.

use std::mem::size_of;

use proptest::prelude::*;
use serde_json::json;

use crate::base::clock::{DAY, HOUR, Ts};
use crate::rules::calendar::almanac::Almanac;
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::round::RoundSpec;

use super::forecast::dry_run::dry_run;
use super::progress::Progress;
use super::tests::any_rounds::{any_schedule, any_touches};
use super::tests::{spec, spec_of};
use super::*;

#[derive(Clone, Debug)]
struct Person {
    /// The round's own, or one of three others.
    zone: usize,
    signed: bool,
    completed: bool,
    opted_out: bool,
    absent: Option<i64>,
    rows: Vec<(MessageKind, u32, MessageState, i64)>,
}

fn any_person() -> impl Strategy<Value = Person> {
    let kinds = prop::sample::select(MessageKind::ALL.to_vec());
    let states = prop::sample::select(MessageState::ALL.to_vec());
    let rows = prop::collection::vec((kinds, 1..4u32, states, 0..30 * DAY), 0..4);
    let rows = prop_oneof![2 => Just(Vec::new()), 1 => rows];
    (0..6usize, any::<bool>(), 0..8u8, prop::option::weighted(0.2, 0..30 * DAY), rows).prop_map(
        |(zone, signed, fate, absent, rows)| Person {
            zone: zone.saturating_sub(2),
            signed,
            completed: fate == 0,
            opted_out: fate == 1,
            absent,
            rows,
        },
    )
}

fn any_account() -> impl Strategy<Value = (RoundSpec, Option<u32>, i64, Vec<Person>)> {
    let people = prop::collection::vec(any_person(), 1..12);
    (any_schedule(), any_touches(), prop::option::weighted(0.7, 1..4u32), -12..20i64, people).prop_map(
        |((schedule, _), touches, limit, begins, people)| {
            let mut spec = spec_of(touches);
            spec.schedule = schedule;
            (spec, limit, begins, people)
        },
    )
}

fn people(spec: &RoundSpec, sequence: &Sequence, people: &[Person]) -> Vec<(Facts, Vec<Touched>)> {
    let zones = [spec.schedule.time_zone.as_str(), "Asia/Tokyo", "America/Los_Angeles", "Pacific/Auckland"];
    let opens = sequence.home().opens_at();
    let known = |p: &Person| {
        let rows = p.rows.iter().map(|(kind, number, state, at)| Touched {
            kind: *kind,
            number: *number,
            state: *state,
            at: opens.plus(*at - 10 * DAY),
            // Every other planned row may still be revised.
            tried: *at % 2 == 0,
            planned_for: opens.plus(*at - 10 * DAY),
        });
        let facts = Facts {
            time_zone: zones[p.zone].into(),
            signed: p.signed,
            completed_at: p.completed.then_some(opens),
            opted_out_at: p.opted_out.then_some(opens),
            absent_until: p.absent.map(|ms| opens.plus(ms)),
            ..Facts::default()
        };
        (facts, rows.collect())
    };
    people.iter().map(known).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn limits_and_gaps_hold_and_nobody_is_forgotten((mut spec, limit, begins, all) in any_account()) {
        spec.schedule.maximum_per_account_per_day = limit;
        let prepared = Sequence::prepare(&spec, &Almanac::plain());
        prop_assume!(prepared.is_ok());
        let sequence = prepared.unwrap();
        let now = sequence.home().opens_at().plus(begins * DAY);
        let all = people(&spec, &sequence, &all);
        let cases: Vec<Case> = all.iter().map(|(facts, touched)| Case { facts, touched }).collect();
        let outlook = forecast(&sequence, &cases, now);
        prop_assert!(outlook.messages.is_sorted_by_key(|m| m.due_at));
        let before: Vec<Ts> = all.iter().flat_map(|(_, rows)| rows).filter(|r| r.kind.to_contact() && r.state.may_have_arrived()).map(|r| r.at).collect();
        for (n, m) in outlook.messages.iter().enumerate() {
            let (facts, _) = &all[m.contact as usize];
            let calendar = sequence.calendar(facts.locality());
            prop_assert!(calendar.may_send_at(m.due_at) && m.due_at >= now);
            prop_assert_eq!(m.why == Some(Reason::AccountLimit), m.due_at > m.wanted_at);
            if let Some(limit) = limit {
                let today = |at: &Ts| calendar.local(*at).date() == calendar.local(m.due_at).date();
                let earlier = outlook.messages[..n].iter().map(|m| m.due_at).chain(before.iter().copied()).filter(today).filter(|at| *at <= m.due_at).count();
                prop_assert!(earlier < limit as usize, "{} before {:?}", earlier, m);
            }
        }
        for (index, (facts, touched)) in all.iter().enumerate() {
            let calendar = sequence.calendar(facts.locality());
            let open = |m: &&Ahead| Progress::of(facts, touched, now).waits_for.is_some()
                && touched.iter().any(|t| (t.kind, t.number) == (m.kind, m.number) && Progress::of(facts, touched, now).blocks(t, now));
            let own: Vec<&Ahead> = outlook.messages.iter().filter(|m| m.contact as usize == index).collect();
            for pair in own.windows(2) {
                // What is on its way is asked again before its dot, when somebody has answered meanwhile and been thanked.
                prop_assert!(open(&pair[1]) || !pair[1].kind.keeps_the_gap() || pair[1].due_at.since(pair[0].due_at) >= sequence.gap());
            }
            let planned: Vec<&Ahead> = own.iter().copied().filter(|m| !open(m)).collect();
            prop_assert!(planned.iter().all(|m| m.due_at < calendar.closes_at()));
            let alone: Vec<_> = dry_run(&sequence, facts, touched, now).iter().map(|p| (p.kind, p.number, p.due_at)).collect();
            if limit.is_none() {
                prop_assert_eq!(planned.iter().map(|m| (m.kind, m.number, m.due_at)).collect::<Vec<_>>(), alone);
            }
            // Whoever gets no message of a touch and has not answered is named with the reason.
            let left: Vec<&Left> = outlook.left.iter().filter(|l| l.contact as usize == index).collect();
            let over = |t: &&Touched| t.state.may_have_arrived() || t.state == MessageState::Failed;
            let had: Vec<_> = touched.iter().filter(over).map(|t| (t.kind, t.number)).chain(own.iter().map(|m| (m.kind, m.number))).collect();
            for step in &sequence.steps {
                let reached = had.iter().any(|(kind, number)| *kind == step.kind && (step.first..=step.last).contains(number));
                let named = left.iter().any(|l| l.kind == step.kind && l.number == step.first);
                let meant = step.fits(facts);
                prop_assert_eq!(named, !reached && meant && facts.completed_at.is_none(), "{} {}", step.kind, step.first);
            }
        }
    }
}

fn two_a_day() -> Sequence {
    let mut spec = spec(json!([{"kind": "reminder", "date": "2027-02-26"}]));
    spec.schedule.maximum_per_account_per_day = Some(2);
    Sequence::prepare(&spec, &Almanac::plain()).unwrap()
}

#[test]
fn an_account_gets_no_more_a_day_than_it_may_and_the_rest_goes_on_the_next() {
    let sequence = two_a_day();
    let facts = Facts { signed: true, ..Facts::default() };
    let account = [Case { facts: &facts, touched: &[] }; 5];
    let home = sequence.home();
    let outlook = forecast(&sequence, &account, home.opens_at().plus(-30 * DAY));
    let days = |kind| -> Vec<(u32, String, bool)> {
        let of_kind = outlook.messages.iter().filter(|m| m.kind == kind);
        of_kind.map(|m| (m.contact, home.local(m.due_at).format("%m-%d %H:%M").to_string(), m.why.is_some())).collect()
    };
    let expected = |days: [&str; 5]| -> Vec<(u32, String, bool)> {
        (0..5).zip(days).map(|(n, day)| (n, format!("{day} 09:00"), n > 1)).collect()
    };
    assert_eq!(days(MessageKind::WarmUp), expected(["02-01", "02-01", "02-02", "02-02", "02-03"]));
    assert_eq!(days(MessageKind::Invitation), expected(["02-08", "02-08", "02-09", "02-09", "02-10"]));
    // On the last day only two can go.
    assert_eq!(days(MessageKind::Reminder).len(), 2);
    let left: Vec<_> = outlook.left.iter().map(|l| (l.contact, l.kind, l.number, l.why)).collect();
    assert_eq!(left, [2, 3, 4].map(|n| (n, MessageKind::Reminder, 1, Reason::AccountLimit)));
}

#[test]
fn what_went_today_counts_and_contacts_of_other_zones_have_days_of_their_own() {
    let sequence = two_a_day();
    let here = Facts { signed: true, ..Facts::default() };
    let there = Facts { time_zone: "Pacific/Auckland".into(), ..here.clone() };
    let opens = sequence.home().opens_at();
    let sent = |at: Ts| {
        [Touched { kind: MessageKind::WarmUp, number: 1, state: MessageState::Sent, at, tried: true, planned_for: at }]
    };
    let (today, earlier) = (sent(opens.plus(9 * HOUR)), sent(opens.plus(-5 * DAY)));
    let cases = [(&here, &today), (&here, &earlier), (&here, &earlier), (&there, &earlier)];
    let account: Vec<Case> = cases.iter().map(|(facts, touched)| Case { facts, touched: *touched }).collect();
    let outlook = forecast(&sequence, &account, opens.plus(10 * HOUR));
    let invited: Vec<(u32, i64)> = outlook
        .messages
        .iter()
        .filter(|m| m.kind == MessageKind::Invitation)
        .map(|m| (m.contact, m.due_at.since(opens) / HOUR))
        .collect();
    // One went at nine: one more today. Both were within Auckland's Monday, so its Tuesday, from eight in the evening of Monday here, is
    // free. The gap holds the first one back.
    assert_eq!(invited, [(1, 10), (3, 20), (2, 33), (0, 57)]);
}

#[test]
fn thanks_wait_for_what_is_on_its_way_so_that_the_limit_counts_both_in_order_of_time() {
    let sequence =
        Sequence::prepare(&spec(json!([{"kind": "thank_you", "working_days": 0}])), &Almanac::plain()).unwrap();
    let opens = sequence.home().opens_at();
    let answered = Facts { signed: true, completed_at: Some(opens), ..Facts::default() };
    let at = opens.plus(12 * HOUR);
    let state = MessageState::Claimed;
    let touched = [Touched { kind: MessageKind::Invitation, number: 1, state, at, tried: true, planned_for: at }];
    let outlook = forecast(&sequence, &[Case { facts: &answered, touched: &touched }], opens.plus(10 * HOUR));
    let ahead: Vec<_> = outlook.messages.iter().map(|m| (m.kind, m.due_at)).collect();
    assert_eq!(ahead, [(MessageKind::Invitation, at), (MessageKind::ThankYou, at)]);
}

#[test]
fn what_is_left_says_why() {
    let sequence =
        Sequence::prepare(&spec(json!([{"kind": "reminder", "working_days": 5}])), &Almanac::plain()).unwrap();
    let signed = Facts { signed: true, ..Facts::default() };
    let opens = sequence.home().opens_at();
    let outlook =
        |facts: &Facts, days: i64| forecast(&sequence, &[Case { facts, touched: &[] }], opens.plus(days * DAY));
    let left =
        |facts: &Facts, days: i64| -> Vec<_> { outlook(facts, days).left.iter().map(|l| (l.kind, l.why)).collect() };
    let all = |why| vec![(MessageKind::WarmUp, why), (MessageKind::Invitation, why), (MessageKind::Reminder, why)];
    assert_eq!(left(&signed, 0), []);
    assert_eq!(left(&signed, 16), vec![(MessageKind::Reminder, Reason::AfterClose)]);
    assert_eq!(left(&Facts { opted_out_at: Some(opens), ..signed.clone() }, 0), all(Reason::OptedOut));
    assert_eq!(left(&Facts { removed: true, ..signed.clone() }, 0), []);
    assert_eq!(left(&Facts { completed_at: Some(opens), ..signed.clone() }, 3), []);
    // A list that is not signed is taken as signed now.
    let unsigned = Facts { signed: false, ..signed.clone() };
    assert_eq!(outlook(&unsigned, 0), outlook(&signed, 0));
}

#[test]
fn a_message_ahead_is_small() {
    assert!(size_of::<Ahead>() <= 32);
}

#[test]
fn what_the_gap_an_absence_or_a_pause_moves_is_named_with_the_reason() {
    // The invitation is on Monday the 8th; the reminder of the 9th comes too soon after it.
    let sequence =
        Sequence::prepare(&spec(json!([{"kind": "reminder", "date": "2027-02-09"}])), &Almanac::plain()).unwrap();
    let now = sequence.home().opens_at().plus(-10 * DAY);
    let why = |sequence: &Sequence, facts: Facts| {
        let outlook = forecast(sequence, &[Case { facts: &facts, touched: &[] }], now);
        outlook.messages.iter().map(|m| m.why).collect::<Vec<_>>()
    };
    let signed = Facts { signed: true, ..Facts::default() };
    assert_eq!(why(&sequence, signed.clone()), [None, None, Some(Reason::MinimumGap)]);
    let away = Facts { absent_until: Some(now.plus(5 * DAY)), ..signed.clone() };
    assert_eq!(why(&sequence, away)[0], Some(Reason::Absent));
    let from = sequence.home().opens_at();
    let pause = Pause { scope: Scope::Country(String::new()), from, until: Some(from.plus(2 * DAY)) };
    assert_eq!(why(&sequence.stopped_by(vec![pause], 0), signed)[1], Some(Reason::Paused));
}
