//! The sign-off board, and the questions on it: the same person, or somebody else?

pub mod identity_questions;
pub mod board;
