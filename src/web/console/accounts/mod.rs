//! The accounts of a round: all of them with how far each has come, and one account's people and story.

pub(super) mod part;
pub mod list;
pub mod account;
