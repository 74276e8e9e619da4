//! What the daemon does by itself: when something is due next, and what becomes of a failure.

pub mod failures;
mod supervision;
pub(super) mod asking;
pub mod next_due;
pub mod list;
