//! What other programs are told as it happens: a round was opened, an account was signed, a reply waits (docs/EVENTS.md, decision 0073).
//!
//! An event says that something has happened and to what, by ids; who that is, whoever hears it reads where it may be read. It says no more
//! of who has answered than the pages of its round do. Contract: types and fields are added, never renamed.

mod data;
mod kind;
#[cfg(test)]
#[path = "events_tests.rs"]
mod tests;

pub use self::data::{AccountSigned, AlarmTold, EventData, ListLoaded, SignedAccount, body};
pub use self::kind::EventKind;

use crate::base::clock::{DAY, Ts};
use crate::rules::participation::Participation;

/// What was settled is kept for so long.
const KEPT: i64 = 30 * DAY;

/// What was settled before is forgotten, and what has waited since before is given up: the webhook was taken out of the settings.
pub fn kept_since(now: Ts) -> Ts {
    now.plus(-KEPT)
}

/// Whether it is told of somebody that he has answered. Where a round tells numbers it is told of nobody, and not as a number either: an
/// event that comes at the minute of an answer says whose it is to whoever sat beside him.
pub fn tells_of_answers(rule: Participation) -> bool {
    rule.names()
}
