//! A ledger row as the plan sees it.

use crate::base::clock::Ts;
use crate::rules::message::{MessageKind, MessageState};

/// A ledger row of the contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touched {
    pub kind: MessageKind,
    pub number: u32,
    pub state: MessageState,
    /// When it was sent, or tried; when it is due while it has not been.
    pub at: Ts,
    /// A sender has had it in hand.
    pub tried: bool,
    /// As in `Next::Send`.
    pub planned_for: Ts,
}

impl Touched {
    /// Planned, not begun, and its time has not come: the plan may still change its mind.
    pub fn is_loose(&self, now: Ts) -> bool {
        self.state == MessageState::Planned && !self.tried && self.at > now && self.kind.to_contact()
    }
}
