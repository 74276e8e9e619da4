//! The people of a round: the list behind every number, and the page of one of them with what an operator can do about him.

pub mod standing;
pub mod list;
mod history;
mod notes;
mod objections;
mod forms;
pub mod contact;
