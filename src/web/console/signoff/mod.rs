//! The sign-off board, its account directors and the summary of both, and the questions on it: the same person, or somebody else?

pub mod identity_questions;
mod account_pairs;
mod part;
mod rows;
pub(super) mod standing;
pub mod board;
pub mod account;
pub mod directors;
pub mod summary;
