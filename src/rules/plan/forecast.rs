//! The rest of a round for one account, in order of time, if its contacts do nothing: what the rules say of each of them, and the limits
//! that hold across them.
//!
//! No limit reaches further than an account, so a round is forecast account by account and costs no memory for the others. Lists that
//! are not signed are taken as signed now. Promises: no more than the limit on one day of an account, whatever the order of its contacts;
//! without a limit, exactly what each contact would have alone.

#[cfg(test)]
pub(in crate::plan) mod dry_run;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use crate::base::clock::Ts;
use crate::rules::calendar::Calendar;
use crate::rules::message::{MessageKind, MessageState};

use super::allowed::first_allowed;
use super::facts::{Facts, Reason};
use super::next::{Candidate, Next};
use super::progress::Progress;
use super::sequence::{Local, Place, Sequence, Step, place};
use super::touched::Touched;

/// A contact of the account.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub facts: &'a Facts,
    /// All rows of the contact in this round, in any order.
    pub touched: &'a [Touched],
}

/// A message that has not gone yet; there may be a row for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// The place of the contact among the cases.
    pub contact: u32,
    pub number: u32,
    pub due_at: Ts,
    /// When it would go if the account had no limit on that day.
    pub wanted_at: Ts,
    pub kind: MessageKind,
    /// Why it goes later than its touch wants it to: a limit, an absence or a pause; none when it is only late.
    pub why: Option<Reason>,
}

/// A touch of which no message has gone or ever will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub contact: u32,
    pub number: u32,
    pub kind: MessageKind,
    pub why: Reason,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// In order of time.
    pub messages: Vec<Ahead>,
    pub left: Vec<Left>,
}

/// What is ahead of the contacts of one account.
pub fn forecast(sequence: &Sequence, account: &[Case<'_>], now: Ts) -> Outlook {
    let locals: Vec<Arc<Local>> = account.iter().map(|case| sequence.local(case.facts.locality())).collect();
    let mut outlook = Outlook::default();
    let mut day = Days { most: sequence.maximum_per_account(), gone: gone(account) };
    let mut queue = BinaryHeap::with_capacity(account.len());
    let mut walks = Vec::with_capacity(account.len());
    for (index, (case, local)) in account.iter().zip(&locals).enumerate() {
        let mut walk = Walk::begin(sequence, case, local, now);
        queue.extend(walk.step(now).map(|message| Reverse((message.due_at, index, message))));
        walks.push(walk);
    }
    while let Some(Reverse((_, index, message))) = queue.pop() {
        let Some(walk) = walks.get_mut(index) else { continue };
        let calendar = &walk.contact.local.calendar;
        if day.is_full(calendar, message.due_at) {
            let tomorrow = calendar.end_of_day(message.due_at);
            match walk.allowed((message.kind, message.number), tomorrow).filter(|later| *later < calendar.closes_at()) {
                Some(later) => queue.push(Reverse((later, index, Coming { due_at: later, ..message }))),
                None => walk.ends = Some(Reason::AccountLimit),
            }
            continue;
        }
        day.goes(message.due_at);
        outlook.messages.push(Ahead {
            contact: index as u32,
            number: message.number,
            due_at: message.due_at,
            wanted_at: message.wanted_at,
            kind: message.kind,
            why: if message.due_at == message.wanted_at { message.why } else { Some(Reason::AccountLimit) },
        });
        walk.went(&message);
        queue.extend(walk.step(message.due_at).map(|message| Reverse((message.due_at, index, message))));
    }
    for (index, walk) in walks.iter().enumerate() {
        walk.left(index as u32, &mut outlook.left);
    }
    outlook
}

/// When messages went to the account, in order of time.
fn gone(account: &[Case<'_>]) -> Vec<Ts> {
    let rows = account.iter().flat_map(|case| case.touched);
    let mut gone: Vec<Ts> =
        rows.filter(|row| row.kind.to_contact() && row.state.may_have_arrived()).map(|row| row.at).collect();
    gone.sort_unstable();
    gone
}

struct Days {
    most: Option<u32>,
    /// In order of time.
    gone: Vec<Ts>,
}

impl Days {
    /// Whether the account has had its messages of this day of the contact by `at`.
    fn is_full(&self, calendar: &Calendar, at: Ts) -> bool {
        let Some(most) = self.most else { return false };
        let midnight = calendar.start_of_day(at);
        let tomorrow = calendar.end_of_day(at);
        let today =
            self.gone.partition_point(|gone| *gone < tomorrow) - self.gone.partition_point(|gone| *gone < midnight);
        today >= most as usize
    }

    fn goes(&mut self, at: Ts) {
        let place = self.gone.partition_point(|gone| *gone <= at);
        self.gone.insert(place, at);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Coming {
    due_at: Ts,
    wanted_at: Ts,
    kind: MessageKind,
    number: u32,
    why: Option<Reason>,
}

/// One contact on the way through the sequence.
struct Walk<'a> {
    contact: Candidate<'a>,
    progress: Progress,
    /// Rows that go before anything new is planned, the last one first.
    open: Vec<Touched>,
    /// For each step: a message of it went, failed, or is ahead.
    reached: Vec<bool>,
    ends: Option<Reason>,
}

impl<'a> Walk<'a> {
    fn begin(sequence: &'a Sequence, case: &Case<'a>, local: &'a Local, now: Ts) -> Walk<'a> {
        let loose = case.touched.iter().find(|row| row.is_loose(now));
        let contact = Candidate { sequence, local, facts: case.facts, loose };
        let progress = Progress::of(case.facts, case.touched, now);
        let mut open: Vec<Touched> = case.touched.iter().filter(|row| progress.blocks(row, now)).copied().collect();
        open.sort_unstable_by_key(|row| Reverse((row.at, place(row.kind, row.number))));
        let forbidden = case.facts.forbids().filter(|why| !matches!(why, Reason::NotSignedOff | Reason::ListChanged));
        let mut walk = Walk { contact, progress, open, reached: vec![false; sequence.steps.len()], ends: forbidden };
        let over = |row: &&Touched| row.state.may_have_arrived() || row.state == MessageState::Failed;
        for row in case.touched.iter().filter(over) {
            walk.reach(place(row.kind, row.number));
        }
        walk
    }

    /// The next message, as it would go if there were no other contact.
    fn step(&mut self, now: Ts) -> Option<Coming> {
        if self.ends.is_some() {
            return None;
        }
        if let Some(row) = self.open.pop() {
            if self.contact.facts.ends_reminding(row.kind) {
                return self.step(now);
            }
            let (earliest, _) = self.contact.earliest(row.kind, &self.progress, now);
            let Some(at) = self.allowed((row.kind, row.number), earliest.max(row.at)) else { return self.step(now) };
            return Some(Coming { due_at: at, wanted_at: at, kind: row.kind, number: row.number, why: None });
        }
        match self.contact.next(&self.progress, now) {
            Next::Send { kind, number, planned_for, due_at } => {
                let why = self.held_up_by(kind, planned_for, due_at, now);
                Some(Coming { due_at, wanted_at: due_at, kind, number, why })
            }
            Next::LookAgain { why, .. } | Next::Nothing { why } => {
                self.ends = Some(why);
                None
            }
        }
    }

    /// What moves a message away from the time that its touch names, beside its own lateness.
    fn held_up_by(&self, kind: MessageKind, planned_for: Ts, due_at: Ts, now: Ts) -> Option<Reason> {
        let calendar = &self.contact.local.calendar;
        let spread = |at: Ts| calendar.next_sending_time(at).plus(calendar.spread());
        if due_at <= spread(planned_for) {
            return None;
        }
        match self.contact.earliest(kind, &self.progress, now) {
            (_, Reason::OutsideHours) if self.contact.sequence.pauses.is_empty() => None,
            (earliest, why) if spread(earliest) >= due_at => Some(why).filter(|why| *why != Reason::OutsideHours),
            _ => Some(Reason::Paused).filter(|_| !self.contact.sequence.pauses.is_empty()),
        }
    }

    /// `None`: paused without end.
    fn allowed(&self, message: (MessageKind, u32), from: Ts) -> Option<Ts> {
        first_allowed(self.contact.sequence, &self.contact.local.calendar, self.contact.facts, message, from)
    }

    fn went(&mut self, message: &Coming) {
        self.progress.went(message.kind, message.number, message.due_at);
        self.reach(place(message.kind, message.number));
    }

    fn reach(&mut self, at: Place) {
        for (step, reached) in self.contact.sequence.steps.iter().zip(&mut self.reached) {
            *reached |= (place(step.kind, step.first)..=place(step.kind, step.last)).contains(&at);
        }
    }

    /// The touches that the contact has not had and will not have, one entry each. Nothing is left for those who have answered or are
    /// off the list.
    fn left(&self, contact: u32, left: &mut Vec<Left>) {
        let ends = self.ends.unwrap_or(Reason::SequenceFinished);
        if matches!(ends, Reason::Completed | Reason::Removed) || self.contact.facts.completed_at.is_some() {
            return;
        }
        let missed = |(step, reached): &(&Step, &bool)| !**reached && step.fits(self.contact.facts);
        let steps = self.contact.sequence.steps.iter().zip(&self.reached).filter(missed);
        left.extend(steps.map(|(step, _)| {
            let passed = self.progress.done >= place(step.kind, step.last) || ends == Reason::SequenceFinished;
            let why = if passed { Reason::AfterClose } else { ends };
            Left { contact, number: step.first, kind: step.kind, why }
        }));
    }
}
