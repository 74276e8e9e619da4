//! Accounts that a list names: whose they are, what they are called, and which names mean one.

pub(in crate::contacts) mod aliases;
pub(in crate::contacts) mod agreed;
pub(in crate::contacts) mod new_names;
pub(in crate::contacts) mod owners;
pub(in crate::contacts) mod account_pairs;
pub mod account_questions;
