//! How fast messages leave: limits for everybody behind one receiving gateway, for a round and for all, so that nobody who receives our
//! mail has a reason to refuse it.
//!
//! Promises: never more than the limit in any hour, give or take what may go at once; the first message of a round to a gateway goes
//! alone, and the rest only when it was accepted and nothing bad was heard for a while; what one gateway says slows or holds that
//! gateway only; nothing is lost or forgotten: what may not go now has an instant at which it is asked again, and a sentence that says why.
//! Who waits has a place in a queue, one after the other at the pace of the limit, so that ten thousand who wait are put off once each.

mod gateway;
mod policy;
mod standing;
mod trouble;
mod turn;
#[cfg(test)]
mod tests;

pub use self::gateway::{Known, Said, gateway_of, is_for_trials};
pub use self::policy::{ALL, Limit, Policy, day};
pub use self::standing::{Heard, NEVER_HELD, Standing};
pub use self::trouble::{Trouble, in_answer, in_words};
pub use self::turn::{Budget, Canary, Gateway, Pace, PacedMessage, Ramp, Wait, turn};
