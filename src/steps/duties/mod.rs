//! What the daemon does by itself: when something is due next, and what becomes of a failure.

pub mod failures;
mod supervision;
pub(super) mod each_round;
pub mod next_due;
