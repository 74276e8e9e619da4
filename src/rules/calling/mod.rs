//! The call list: whom to telephone first and why, what follows from a call, and what calls are worth.
//!
//! Promises: nobody is listed who may not be written to or has answered; a call moves reminders back and never forward; thanks for an
//! answer go whatever was said on the telephone. The weights and where they come from: decision 0058.

mod effect;
mod outcome;
mod rank;
mod reasons;
mod telephone;
#[cfg(test)]
mod rank_tests;
#[cfg(test)]
mod simulation_tests;

pub use effect::{Effect, LASTS, Part, Seen, TOLD_FROM, effect};
pub use outcome::{Change, DayFault, Outcome, change, rests_until};
pub use rank::{Callee, Gap, Missing, Ranked, may_be_called, rank};
pub use reasons::{Stopped, Why, sentence, stopped};
pub use telephone::{Telephone, telephones};
