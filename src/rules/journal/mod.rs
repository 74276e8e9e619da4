//! What the journal says: who did it, and what was done.

mod action;
mod actor;

pub use action::Action;
pub use actor::Actor;
