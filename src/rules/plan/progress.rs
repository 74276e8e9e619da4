//! How far a contact has come in the sequence, read from the ledger in one pass.

use crate::base::clock::Ts;
use crate::rules::message::{MessageKind, MessageState};

use super::facts::{Facts, Reason};
use super::sequence::{Place, place};
use super::touched::Touched;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// The furthest message that went, may have gone or failed; nothing before it is planned any more.
    pub done: Place,
    pub thanked: bool,
    /// The last message that went, may have gone, or was tried and failed: a try has used its time as an arrival has.
    pub last: Option<Ts>,
    /// Messages that went or may have gone.
    pub count: u32,
    /// A row that must be settled, released or withdrawn first.
    pub waits_for: Option<Reason>,
    /// A row is between its final dot and the answer.
    pub sending: bool,
    pub completed: bool,
}

impl Progress {
    pub fn of(facts: &Facts, touched: &[Touched], now: Ts) -> Progress {
        let mut progress = Progress { completed: facts.completed_at.is_some(), ..Progress::default() };
        for row in touched.iter().filter(|row| row.kind.to_contact()) {
            if row.state.may_have_arrived() {
                progress.went(row.kind, row.number, row.at);
                progress.sending |= row.state == MessageState::Sending;
            } else if row.state == MessageState::Failed {
                progress.pass(row.kind, row.number);
                progress.last = progress.last.max(Some(row.at));
            } else if progress.blocks(row, now) {
                let held = row.state == MessageState::Held;
                progress.waits_for = Some(if held { Reason::HeldByOperator } else { Reason::AlreadyPlanned });
            }
        }
        // The facts may know of messages whose rows are not at hand.
        progress.last = progress.last.max(facts.last_sent_at);
        progress.count = progress.count.max(facts.sent_count);
        progress
    }

    /// Whether the row is still open and stands. After completion a planned or held reminder does not: it is refused at its claim.
    pub fn blocks(&self, row: &Touched, now: Ts) -> bool {
        match row.state {
            MessageState::Claimed => row.kind.to_contact(),
            MessageState::Planned if row.is_loose(now) => false,
            MessageState::Planned | MessageState::Held => {
                row.kind.to_contact() && (!self.completed || row.kind == MessageKind::ThankYou)
            }
            _ => false,
        }
    }

    pub fn went(&mut self, kind: MessageKind, number: u32, at: Ts) {
        self.pass(kind, number);
        self.last = self.last.max(Some(at));
        self.count = self.count.saturating_add(1);
    }

    fn pass(&mut self, kind: MessageKind, number: u32) {
        self.thanked |= kind == MessageKind::ThankYou;
        self.done = self.done.max(place(kind, number));
    }
}
