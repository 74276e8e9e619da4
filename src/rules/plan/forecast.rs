//! The rest of a round for one account, in order of time, if its contacts do nothing: what [`dry_run`](super::dry_run) says of each of
//! them, and the limits that hold across them.
//!
//! No limit reaches further than an account, so a round is forecast account by account and costs no memory for the others. Lists that
//! are not signed are taken as signed now. Promises: no more than the limit on one day of an account, whatever the order of its contacts;
//! without a limit, exactly what `dry_run` says.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use crate::base::clock::{HOUR, Ts};
use crate::rules::calendar::Calendar;
use crate::rules::outbox::{MessageKind, MessageState};

use super::progress::Progress;
use super::sequence::{Local, Place, place};
use super::{Contact, Facts, Next, Reason, Sequence, Touched};

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
    /// Why it goes later than that.
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
        let mut walk = Walk::begin(sequence, case, local);
        queue.extend(walk.step(now).map(|message| Reverse((message.due_at, index, message))));
        walks.push(walk);
    }
    while let Some(Reverse((_, index, mut message))) = queue.pop() {
        let Some(walk) = walks.get_mut(index) else { continue };
        if let Some(later) = day.full(&walk.contact.local.calendar, message.due_at) {
            message.due_at = later;
            if later < walk.contact.local.calendar.closes_at() {
                queue.push(Reverse((later, index, message)));
            } else {
                walk.ends = Some(Reason::AccountLimit);
            }
            continue;
        }
        day.gone.push(message.due_at);
        outlook.messages.push(Ahead {
            contact: index as u32,
            number: message.number,
            due_at: message.due_at,
            wanted_at: message.wanted_at,
            kind: message.kind,
            why: (message.due_at != message.wanted_at).then_some(Reason::AccountLimit),
        });
        walk.went(&message);
        queue.extend(walk.step(now).map(|message| Reverse((message.due_at, index, message))));
    }
    for (index, walk) in walks.iter().enumerate() {
        walk.left(index as u32, &mut outlook.left);
    }
    outlook
}

/// When messages went to the account; none of them later than any that follows.
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
    /// The first sending time after this day of the contact, when the account has had its messages of the day by `at`.
    fn full(&self, calendar: &Calendar, at: Ts) -> Option<Ts> {
        let most = self.most?;
        let midnight = calendar.start_of_day(at);
        let today = self.gone.len() - self.gone.partition_point(|gone| *gone < midnight);
        (today >= most as usize).then(|| calendar.next_sending_time(day_after(calendar, midnight)))
    }
}

/// A day of 23, 24 or 25 hours later, in either direction of a change of clocks: the first instant of the next day.
fn day_after(calendar: &Calendar, midnight: Ts) -> Ts {
    calendar.start_of_day(midnight.plus(30 * HOUR))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Coming {
    due_at: Ts,
    wanted_at: Ts,
    kind: MessageKind,
    number: u32,
}

/// One contact on the way through the sequence.
struct Walk<'a> {
    contact: Contact<'a>,
    progress: Progress,
    /// Rows that go before anything new is planned, the last one first.
    open: Vec<Touched>,
    /// For each step: a message of it went, failed, or is ahead.
    reached: Vec<bool>,
    ends: Option<Reason>,
}

impl<'a> Walk<'a> {
    fn begin(sequence: &'a Sequence, case: &Case<'a>, local: &'a Local) -> Walk<'a> {
        let contact = Contact { sequence, local, facts: case.facts };
        let progress = Progress::of(case.facts, case.touched);
        let mut open: Vec<Touched> = case.touched.iter().filter(|row| progress.blocks(row)).copied().collect();
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
            let (earliest, _) = self.contact.earliest(self.progress.last, now);
            let at = self.contact.local.calendar.next_sending_time(earliest.max(row.at));
            return Some(Coming { due_at: at, wanted_at: at, kind: row.kind, number: row.number });
        }
        match self.contact.next(&self.progress, now) {
            Next::Send { kind, number, due_at } => Some(Coming { due_at, wanted_at: due_at, kind, number }),
            Next::LookAgain { why, .. } | Next::Nothing { why } => {
                self.ends = Some(why);
                None
            }
        }
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
        let steps = self.contact.sequence.steps.iter().zip(&self.reached).filter(|(_, reached)| !**reached);
        left.extend(steps.map(|(step, _)| {
            let passed = self.progress.done >= place(step.kind, step.last) || ends == Reason::SequenceFinished;
            let why = if passed { Reason::AfterClose } else { ends };
            Left { contact, number: step.first, kind: step.kind, why }
        }));
    }
}
