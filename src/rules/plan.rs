//! Who gets which message when: the next one for one contact, and the rest of the sequence if nothing changes.
//!
//! Only one message to a contact is planned at a time. What comes after depends on when it really went and on what the
//! contact did; reminders go on after completion in programs that schedule the whole chain up front. Promises: nothing
//! without a signature that holds, nothing but thanks after completion, nothing after an opt-out; never more than the
//! maximum, never closer than the gap, only in the sending hours of the contact's working days, never after the close;
//! never the same kind and number again, never back in the sequence. [`outbox::decide`](super::outbox::decide) asks again at the claim.

use chrono::{NaiveDateTime, NaiveTime};

use crate::base::clock::{MINUTE, Ts};

use super::calendar::{Calendar, Cron};
use super::outbox::{MessageKind, MessageState};

mod check;
#[cfg(test)]
mod check_tests;
mod facts;
mod fit;
mod progress;
mod quiet;
mod sequence;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod tests;

pub use check::check;
pub use facts::{Facts, Reason};
pub use sequence::Sequence;

use progress::Progress;
use sequence::{Local, Step, Timing, place};

/// Until a message between its final dot and the server's answer is settled, what follows cannot be known.
const SETTLING: i64 = 15 * MINUTE;

/// A ledger row of the contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touched {
    pub kind: MessageKind,
    pub number: u32,
    pub state: MessageState,
    /// When it was sent, or tried; when it is due while it has not been.
    pub at: Ts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Plan this row. `due_at` is not before `now` and allowed by everything known now.
    Send { kind: MessageKind, number: u32, due_at: Ts },
    /// A row is being sent at this moment. Ask again when it is settled, or at `at`.
    LookAgain { at: Ts, why: Reason },
    /// Until the contact's facts or rows change.
    Nothing { why: Reason },
}

/// A message of [`dry_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    pub kind: MessageKind,
    pub number: u32,
    pub due_at: Ts,
    /// What clocks in the contact's zone show at `due_at`.
    pub local: NaiveDateTime,
}

/// The message to plan for this contact; `touched` are all rows of this contact in this round, in any order.
///
/// A touch whose own time is past goes at the next sending time (F17). A cron reminder takes the first time of its expression
/// that is neither past nor on a day before the gap to the last message has ended: missed ones are not made up for. A failed row counts as
/// done, a withdrawn one may be planned again. The warm-up goes only while the invitation can still follow it.
pub fn next_message(sequence: &Sequence, facts: &Facts, touched: &[Touched], now: Ts) -> Next {
    if let Some(why) = facts.forbids() {
        return Next::Nothing { why };
    }
    let progress = Progress::of(facts, touched);
    if progress.sending {
        return Next::LookAgain { at: now.plus(SETTLING), why: Reason::AlreadyPlanned };
    }
    if let Some(why) = progress.waits_for {
        return Next::Nothing { why };
    }
    Contact { sequence, local: &sequence.local(facts.locality()), facts }.next(&progress, now)
}

/// The messages that have no open row yet, if the contact does nothing, every open row goes as soon as it may, and whoever
/// is not signed off is signed now.
pub fn dry_run(sequence: &Sequence, facts: &Facts, touched: &[Touched], now: Ts) -> Vec<Planned> {
    if facts.forbids().is_some_and(|why| !matches!(why, Reason::NotSignedOff | Reason::ListChanged)) {
        return Vec::new();
    }
    let local = sequence.local(facts.locality());
    let contact = Contact { sequence, local: &local, facts };
    let mut progress = Progress::of(facts, touched);
    let mut open: Vec<Touched> = touched.iter().filter(|t| progress.blocks(t)).copied().collect();
    open.sort_unstable_by_key(|t| (t.at, place(t.kind, t.number)));
    for row in open {
        let at = local.calendar.next_sending_time(contact.earliest(progress.last, now).0.max(row.at));
        progress.went(row.kind, row.number, at);
    }
    let mut rest = Vec::new();
    // Every step of the loop moves forward in the sequence, so this ends with it.
    while let Next::Send { kind, number, due_at } = contact.next(&progress, now) {
        rest.push(Planned { kind, number, due_at, local: local.calendar.local(due_at) });
        progress.went(kind, number, due_at);
    }
    rest
}

/// What one contact is asked about.
struct Contact<'a> {
    sequence: &'a Sequence,
    local: &'a Local,
    facts: &'a Facts,
}

impl Contact<'_> {
    fn next(&self, progress: &Progress, now: Ts) -> Next {
        let calendar = &self.local.calendar;
        if now >= calendar.closes_at() {
            return Next::Nothing { why: Reason::AfterClose };
        }
        if let Some(completed_at) = self.facts.completed_at {
            return self.thanks(progress, completed_at, now);
        }
        if progress.count >= self.sequence.maximum() {
            return Next::Nothing { why: Reason::MaximumReached };
        }
        let (_, held_up_by) = self.earliest(progress.last, now);
        let mut why = Reason::SequenceFinished;
        for (index, step) in self.sequence.steps.iter().enumerate() {
            if progress.done >= place(step.kind, step.last) {
                continue;
            }
            let done = if progress.done.0 == place(step.kind, 0).0 { progress.done.1 } else { 0 };
            let number = step.first.max(done.saturating_add(1));
            match self.due(index, step, progress.last, now).filter(|due| *due < calendar.closes_at()) {
                Some(due_at) if step.kind == MessageKind::WarmUp && !self.invitation_can_follow(due_at) => {
                    return Next::Nothing { why: Reason::AfterClose };
                }
                Some(due_at) => return Next::Send { kind: step.kind, number, due_at },
                None => why = if held_up_by == Reason::Absent { Reason::Absent } else { Reason::AfterClose },
            }
            // A reminder by cron may have no time left while a dated one after it still has.
            if step.kind != MessageKind::Reminder {
                break;
            }
        }
        Next::Nothing { why }
    }

    fn earliest(&self, last: Option<Ts>, now: Ts) -> (Ts, Reason) {
        earliest(self.sequence, self.facts, last, now)
    }

    fn due(&self, index: usize, step: &Step, last: Option<Ts>, now: Ts) -> Option<Ts> {
        let calendar = &self.local.calendar;
        match (&step.timing, self.local.own.get(index).copied().flatten()) {
            (Timing::Cron(cron), _) if step.kind == MessageKind::Invitation => {
                self.by_cron(cron, last, now.max(calendar.opens_at()))
            }
            (Timing::Cron(cron), _) => self.by_cron(cron, last, now),
            (_, Some(own)) => Some(calendar.next_sending_time(own.max(self.earliest(last, now).0))),
            (_, None) => None,
        }
    }

    fn by_cron(&self, cron: &Cron, last: Option<Ts>, now: Ts) -> Option<Ts> {
        let calendar = &self.local.calendar;
        let here = now.max(self.facts.absent_until.unwrap_or(now)).plus(-1);
        let after = last.map_or(here, |last| here.max(not_before(calendar, last, self.sequence.gap())));
        let at = calendar.next_cron(cron, after)?;
        Some(calendar.next_sending_time(at.max(self.earliest(last, now).0)))
    }

    fn invitation_can_follow(&self, warm_up: Ts) -> bool {
        let steps = self.sequence.steps.iter().enumerate();
        steps.filter(|(_, step)| step.kind == MessageKind::Invitation).all(|(index, step)| {
            let due = self.due(index, step, Some(warm_up), warm_up);
            due.is_some_and(|due| due < self.local.calendar.closes_at())
        })
    }

    fn thanks(&self, progress: &Progress, completed_at: Ts, now: Ts) -> Next {
        let calendar = &self.local.calendar;
        let Some(timing) = self.sequence.thanks.as_ref().filter(|_| !progress.thanked) else {
            return Next::Nothing { why: Reason::Completed };
        };
        if progress.count >= self.sequence.maximum() {
            return Next::Nothing { why: Reason::MaximumReached };
        }
        let now = now.max(completed_at);
        let (earliest, held_up_by) = self.earliest(progress.last, now);
        let due = match timing {
            Timing::Cron(cron) => self.by_cron(cron, progress.last, now),
            Timing::Date(date, at) => Some(calendar.next_sending_time(calendar.on_day(*date, *at).max(earliest))),
            Timing::WorkingDays(n, at) => {
                let own = thanks_time(calendar, completed_at, *n, *at);
                Some(calendar.next_sending_time(own.max(earliest)))
            }
        };
        match due.filter(|due| *due < calendar.closes_at()) {
            Some(due_at) => Next::Send { kind: MessageKind::ThankYou, number: 1, due_at },
            None if held_up_by == Reason::Absent => Next::Nothing { why: Reason::Absent },
            None => Next::Nothing { why: Reason::AfterClose },
        }
    }
}

/// `working_days` of a thank-you count from the answer, not from the opening of the round.
fn thanks_time(calendar: &Calendar, completed_at: Ts, working_days: i32, at: Option<NaiveTime>) -> Ts {
    let day = calendar.working_days_from(calendar.local(completed_at).date(), working_days);
    let own = calendar.on_day(day, at);
    if at.is_some() && own < completed_at { calendar.on_day(calendar.working_days_from(day, 1), at) } else { own }
}

/// After this instant a time of a cron touch may follow a message that went at `last`.
///
/// A message leaves some seconds, in a large round some hours, after its time. If the gap were measured against the next time of
/// `TUE,THU` as it stands, a gap of two days would always lose the Thursday. So a time on the day on which the gap ends counts,
/// and the message goes when the gap has ended.
pub(super) fn not_before(calendar: &Calendar, last: Ts, gap: i64) -> Ts {
    calendar.start_of_day(last.plus(gap)).plus(-1).max(last)
}

/// The first instant that neither `now`, the signature, the gap after `last` nor an absence forbids, and which of them it is
/// ([`Reason::OutsideHours`] for `now`). A signature is in the future only by a clock that was set back since.
pub(super) fn earliest(sequence: &Sequence, facts: &Facts, last: Option<Ts>, now: Ts) -> (Ts, Reason) {
    let mut earliest = (now, Reason::OutsideHours);
    if let Some(signed_at) = facts.signed_at.filter(|at| *at > earliest.0) {
        earliest = (signed_at, Reason::NotSignedOff);
    }
    if let Some(after_gap) = last.map(|at| at.plus(sequence.gap())).filter(|at| *at > earliest.0) {
        earliest = (after_gap, Reason::MinimumGap);
    }
    if let Some(back) = facts.absent_until.filter(|at| *at > earliest.0) {
        earliest = (back, Reason::Absent);
    }
    earliest
}
