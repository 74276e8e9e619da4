//! Trouble that many share is not theirs: when the same refusal hits one address after the other, it is about the gateway, our relay or our
//! sender, whatever its words say of mailboxes.
//!
//! Promises: a few dead addresses among many that take mail hold nothing; a run of the same refusal with next to nothing taken in between
//! holds the domain, the gateway or all sending, whichever is the smallest that explains it; what it was about is left to a person to say.

mod again;
mod detection;
mod hold;
pub(super) mod likeness;
#[cfg(test)]
mod tests;

pub use self::again::{RefusedMessage, may_go_again};
pub use self::detection::{CONFIRMED, Decision, LATE, LATELY, Refusal, Taken, WINDOW, decide};
pub use self::hold::{IncidentHold, Known, Trial, TrialTurn, covers, is_part_of, most_at_once, trial, try_again_at};
pub use self::likeness::{Meant, Told, Words, told, told_by_report};
