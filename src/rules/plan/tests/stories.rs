//! Random rounds, lists and accidents: whatever happens, what goes to a contact keeps the promises.

use std::collections::HashSet;

use chrono::Datelike;
use proptest::prelude::*;

use crate::base::clock::{DAY, HOUR, MINUTE, Ts};
use crate::base::ids::AccountId;
use crate::rules::calendar::{Almanac, Locality, Zone};
use crate::rules::contacts::Role;
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::plan::forecast::dry_run::dry_run;
use crate::rules::plan::*;
use crate::rules::round::{Audience, RoundSpec};
use crate::rules::sending::outbox::{Claim, decide};

use super::any_rounds::{any_schedule, any_touches};
use super::spec_of;

const MOST_TURNS: usize = 300;
const BETWEEN_ROUNDS: i64 = 6;

/// The round of a story, if it can be kept.
fn prepared(story: &Story) -> Option<Sequence> {
    let sequence = Sequence::prepare(&story.spec, &Almanac::plain()).ok()?;
    let opens = sequence.calendar(Locality { time_zone: &story.zone, ..Locality::default() }).opens_at();
    let pause = |(from, length): &(i64, Option<i64>)| {
        let from = opens.plus(*from);
        Pause { scope: Scope::Account(AccountId::default()), from, until: length.map(|length| from.plus(length)) }
    };
    Some(sequence.stopped_by(story.pauses.iter().map(pause).collect(), BETWEEN_ROUNDS as u32))
}

#[derive(Clone, Debug)]
struct Story {
    spec: RoundSpec,
    zone: String,
    /// From the opening, in milliseconds: when the story begins and when things happen.
    begins: i64,
    completes: Option<i64>,
    opts_out: Option<i64>,
    absent: Option<i64>,
    starts: Option<i64>,
    colleague_answers: Option<i64>,
    elsewhere: Option<i64>,
    role: Role,
    /// Of the account: from when, for how long if there is an end, and when it is made known.
    pauses: Vec<(i64, Option<i64>)>,
    /// Drawn from in turn: how late a sender is, and how a message ends.
    late: Vec<i64>,
    ends: Vec<u8>,
}

fn any_story() -> impl Strategy<Value = Story> {
    let sometime = || prop::option::weighted(0.4, 0..35 * DAY);
    let late = prop_oneof![4 => 0..HOUR / 4, 2 => 0..10 * HOUR, 1 => 0..4 * DAY];
    let ends = prop::collection::vec(0..20u8, 1..12);
    let pauses = prop::collection::vec((-5 * DAY..20 * DAY, prop::option::weighted(0.8, HOUR..6 * DAY)), 0..3);
    let role = prop::sample::select(Role::ALL.to_vec());
    let more = (sometime(), sometime(), sometime(), role, pauses);
    (
        any_schedule(),
        any_touches(),
        -15 * DAY..30 * DAY,
        sometime(),
        sometime(),
        sometime(),
        prop::collection::vec(late, 1..12),
        ends,
        more,
    )
        .prop_map(|((schedule, zone), touches, begins, completes, opts_out, absent, late, ends, more)| {
            let (starts, colleague_answers, elsewhere, role, pauses) = more;
            let mut spec = spec_of(touches);
            spec.schedule = schedule;
            Story {
                spec,
                zone,
                begins,
                completes,
                opts_out: opts_out.filter(|_| completes.is_none_or(|c| c % 3 == 0)),
                absent,
                starts: starts.or(completes.filter(|c| c % 2 == 0)).map(|at| at.min(completes.unwrap_or(at))),
                colleague_answers,
                elsewhere: elsewhere.map(|at| at - 10 * DAY),
                role,
                pauses,
                late,
                ends,
            }
        })
}

/// Plays the story to its end; returns what went, or what was broken.
fn play(story: &Story, sequence: &Sequence) -> Result<Vec<Touched>, TestCaseError> {
    let calendar = sequence.calendar(Locality { time_zone: &story.zone, ..Locality::default() });
    let from_opening = |ms: Option<i64>| ms.map(|ms| calendar.opens_at().plus(ms));
    let elsewhere_at = from_opening(story.elsewhere);
    let mut facts =
        Facts { time_zone: story.zone.clone(), signed: true, role: story.role, elsewhere_at, ..Facts::default() };
    let mut now = calendar.opens_at().plus(story.begins);
    let (mut rows, mut late, mut ends): (Vec<Touched>, _, _) =
        (Vec::new(), story.late.iter().cycle(), story.ends.iter().cycle());
    for _ in 0..MOST_TURNS {
        learn(&mut facts, story, from_opening, now);
        let (kind, number, planned_for, due_at) = match next_message(sequence, &facts, &rows, now) {
            Next::Send { kind, number, planned_for, due_at } => (kind, number, planned_for, due_at),
            Next::Nothing { .. } => {
                match turns(story).filter_map(|ms| from_opening(Some(ms))).filter(|at| *at > now).min() {
                    Some(at) => {
                        now = at;
                        continue;
                    }
                    None => return Ok(rows),
                }
            }
            Next::LookAgain { .. } => return Err(TestCaseError::fail("nothing is being sent")),
        };
        prop_assert!(due_at >= now && due_at < calendar.closes_at() && calendar.may_send_at(due_at));
        prop_assert_eq!(
            decide(sequence, kind, number, &facts, due_at),
            Claim::Go,
            "{} {} planned for {}",
            kind,
            number,
            due_at
        );
        let dry = dry_run(sequence, &facts, &rows, now);
        prop_assert_eq!(dry.first().map(|p| (p.kind, p.number, p.due_at)), Some((kind, number, due_at)));
        stands(sequence, &facts, &rows, now, (kind, number, planned_for, due_at))?;
        prop_assert!(dry.len() <= sequence.maximum() as usize);

        now = due_at.plus(*late.next().unwrap_or(&0));
        let mut row =
            Touched { kind, number, state: MessageState::Planned, at: due_at, tried: false, planned_for: due_at };
        loop {
            learn(&mut facts, story, from_opening, now);
            match decide(sequence, kind, number, &facts, now) {
                Claim::Go => break,
                Claim::Later { at, .. } => {
                    prop_assert!(at > now, "later is in the past");
                    now = at;
                }
                Claim::Withdraw { .. } => {
                    row.state = MessageState::Withdrawn;
                    break;
                }
            }
        }
        rows.retain(|r| (r.kind, r.number, r.state) != (kind, number, MessageState::Withdrawn));
        if row.state != MessageState::Withdrawn {
            row.at = now;
            row.state = match ends.next() {
                Some(0) => MessageState::Failed,
                Some(1) => MessageState::InDoubt,
                _ => MessageState::Sent,
            };
            promises(story, sequence, &facts, &rows, row)?;
            if row.state.may_have_arrived() {
                facts.last_sent_at = Some(now);
                facts.sent_count += 1;
            }
        }
        rows.push(row);
    }
    Err(TestCaseError::fail("the sequence does not end"))
}

/// When something happens that the plan is asked again for.
fn turns(story: &Story) -> impl Iterator<Item = i64> {
    [story.completes, story.starts, story.colleague_answers].into_iter().flatten()
}

/// As long as nothing happens, what is planned stands, whenever it is looked at, and a row that is no longer right is replaced.
fn stands(
    sequence: &Sequence,
    facts: &Facts,
    rows: &[Touched],
    now: Ts,
    planned: (MessageKind, u32, Ts, Ts),
) -> Result<(), TestCaseError> {
    let (kind, number, planned_for, due_at) = planned;
    let with = |number: u32, at: Ts| {
        let row = Touched { kind, number, state: MessageState::Planned, at, tried: false, planned_for };
        rows.iter().copied().filter(|r| r.state != MessageState::Withdrawn).chain([row]).collect::<Vec<_>>()
    };
    for part in 0..4 {
        let later = now.plus(due_at.since(now) * part / 4);
        if later < due_at {
            let next = next_message(sequence, facts, &with(number, due_at), later);
            prop_assert_eq!(
                next,
                Next::Nothing { why: Reason::AlreadyPlanned },
                "{} {} for {} at {}",
                kind,
                number,
                due_at,
                later
            );
        }
    }
    // A row of a touch that has gone from the round, or at a time that no longer holds.
    let again = Next::Send { kind, number, planned_for, due_at };
    let other = next_message(sequence, facts, &with(number + 500, due_at.plus(DAY)), now);
    prop_assert_eq!(other, again);
    let earlier = due_at.plus(-MINUTE);
    if earlier > now {
        prop_assert_eq!(next_message(sequence, facts, &with(number, earlier), now), again);
    }
    Ok(())
}

fn learn(facts: &mut Facts, story: &Story, from_opening: impl Fn(Option<i64>) -> Option<Ts>, now: Ts) {
    facts.started_at = from_opening(story.starts).filter(|at| *at <= now);
    facts.account_answered = from_opening(story.colleague_answers).is_some_and(|at| at <= now);
    facts.completed_at = from_opening(story.completes).filter(|at| *at <= now);
    facts.opted_out_at = from_opening(story.opts_out).filter(|at| *at <= now);
    // Heard of a day and a half before the contact is back.
    facts.absent_until = from_opening(story.absent).filter(|at| at.plus(-36 * HOUR) <= now);
}

/// What the design promises, in its own words and not by the functions under test.
fn promises(
    story: &Story,
    sequence: &Sequence,
    facts: &Facts,
    before: &[Touched],
    row: Touched,
) -> Result<(), TestCaseError> {
    let schedule = &story.spec.schedule;
    let local = Zone::find(&story.zone).unwrap().local(row.at);
    prop_assert!(local.date() <= schedule.closes, "after the close");
    prop_assert!(
        local.time() >= schedule.send_from && local.time() < schedule.send_until,
        "outside the hours: {}",
        local
    );
    prop_assert!(
        local.date().weekday().number_from_monday() <= 5 && !schedule.days_off.contains(&local.date()),
        "no working day"
    );
    prop_assert!(facts.opted_out_at.is_none(), "after the opt-out");
    prop_assert_eq!(
        row.kind == MessageKind::ThankYou,
        facts.completed_at.is_some(),
        "thanks for answers, all else before"
    );
    prop_assert!(facts.absent_until.is_none_or(|back| back <= row.at), "while away");
    let went: Vec<&Touched> = before.iter().filter(|r| r.state.may_have_arrived()).collect();
    prop_assert!((went.len() as u32) < schedule.maximum_messages, "more than the maximum");
    let step = sequence.step(row.kind, row.number);
    if let Some(touch) = step.and_then(|step| story.spec.touches.get(step.touch)) {
        prop_assert!(touch.roles.is_empty() || touch.roles.contains(&story.role), "for another role");
        let right = match touch.audience {
            Audience::Everybody => true,
            Audience::NotStarted => facts.started_at.is_none(),
            Audience::NotFinished => facts.started_at.is_some_and(|at| row.at.since(at) >= DAY),
            Audience::AccountSilent => !facts.account_answered,
        };
        prop_assert!(right, "not in the audience");
    }
    let opens = sequence.calendar(facts.locality()).opens_at();
    for (from, length) in &story.pauses {
        let from = opens.plus(*from);
        prop_assert!(row.at < from || length.is_some_and(|length| row.at >= from.plus(length)), "while paused");
    }
    if went.is_empty() {
        prop_assert!(facts.elsewhere_at.is_none_or(|at| row.at.since(at) >= BETWEEN_ROUNDS * DAY), "asked elsewhere");
    }
    let gap = i64::from(schedule.minimum_gap_days) * DAY;
    let far = |r: &Touched| row.at.since(r.at) >= gap;
    let done: Vec<&Touched> = before.iter().filter(|r| r.state != MessageState::Withdrawn).collect();
    prop_assert!(row.kind == MessageKind::ThankYou || done.iter().all(|r| far(r)), "closer than the gap");
    let keys: HashSet<_> = done.iter().map(|r| (r.kind, r.number)).collect();
    prop_assert!(!keys.contains(&(row.kind, row.number)), "twice under one key");
    prop_assert!(done.iter().all(|r| (r.kind, r.number) < (row.kind, row.number)), "back in the sequence");
    let has_touch = |kind| story.spec.touches.iter().any(|t| t.kind == kind);
    let had = |kind| done.iter().any(|r| r.kind == kind);
    match row.kind {
        MessageKind::Invitation => prop_assert!(had(MessageKind::WarmUp) || !has_touch(MessageKind::WarmUp)),
        MessageKind::Reminder => prop_assert!(had(MessageKind::Invitation)),
        MessageKind::ThankYou => prop_assert!(has_touch(MessageKind::ThankYou)),
        _ => {}
    }
    prop_assert!(sequence.touch(row.kind, row.number).is_some());
    Ok(())
}

fn any_row() -> impl Strategy<Value = (MessageKind, u32, MessageState, i64)> {
    let kinds = prop::sample::select(MessageKind::ALL.to_vec());
    (kinds, 0..9u32, prop::sample::select(MessageState::ALL.to_vec()), 0..40 * DAY)
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn p4_whatever_happens_the_promises_hold(story in any_story()) {
        let prepared = prepared(&story);
        prop_assume!(prepared.is_some());
        play(&story, &prepared.unwrap())?;
    }

    #[test]
    fn any_mixture_of_rows_ends(
        story in any_story(),
        rows in prop::collection::vec(any_row(), 0..8),
    ) {
        let Some(sequence) = prepared(&story) else { return Ok(()) };
        let calendar = sequence.calendar(Locality { time_zone: &story.zone, ..Locality::default() });
        let opens = calendar.opens_at();
        let touched = |(kind, number, state, at): (MessageKind, u32, MessageState, i64)| {
            let at = opens.plus(at);
            Touched { kind, number, state, at, tried: true, planned_for: at }
        };
        let rows: Vec<Touched> = rows.into_iter().map(touched).collect();
        let completed_at = story.completes.map(|ms| opens.plus(ms));
        let facts = Facts { time_zone: story.zone.clone(), signed: true, completed_at, ..Facts::default() };
        let now = opens.plus(story.begins);
        let plan = dry_run(&sequence, &facts, &rows, now);
        prop_assert!(plan.len() <= sequence.maximum() as usize);
        for w in plan.windows(2) {
            prop_assert!(w[1].kind == MessageKind::ThankYou || w[1].due_at.since(w[0].due_at) >= sequence.gap());
            prop_assert!((w[0].kind, w[0].number) < (w[1].kind, w[1].number));
        }
        if let Next::Send { kind, number, due_at, .. } = next_message(&sequence, &facts, &rows, now) {
            let gone = |r: &&Touched| r.kind.to_contact() && r.state.may_have_arrived();
            let last_sent_at = rows.iter().filter(gone).map(|r| r.at).max();
            let facts = Facts { last_sent_at, sent_count: rows.iter().filter(gone).count() as u32, ..facts };
            prop_assert_eq!(decide(&sequence, kind, number, &facts, due_at), Claim::Go);
        }
    }
}

#[test]
fn the_stories_are_about_something() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut kept, mut went) = (0, Vec::new());
    for _ in 0..150 {
        let story = any_story().new_tree(&mut runner).unwrap().current();
        if let Some(sequence) = prepared(&story) {
            kept += 1;
            went.extend(play(&story, &sequence).unwrap());
        }
    }
    assert!(kept > 40, "{kept} of 150 rounds can be kept");
    for kind in [MessageKind::WarmUp, MessageKind::Invitation, MessageKind::Reminder, MessageKind::ThankYou] {
        let n = went.iter().filter(|r| r.kind == kind).count();
        assert!(n >= 5, "{n} {kind}");
    }
}
