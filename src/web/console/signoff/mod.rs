//! The sign-off board, and the questions on it: the same person, or somebody else?

pub mod identity_questions;
mod account_pairs;
pub mod board;
pub mod account;
