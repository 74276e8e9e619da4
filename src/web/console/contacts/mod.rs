//! The people of a round: the list behind every number, what is done to many of them at one press, and the page of one of them with what an
//! operator can do about him.

pub mod standing;
pub mod part;
pub mod list;
pub mod find;
pub mod bulk;
pub mod bulk_done;
pub mod history;
mod notes;
mod objections;
mod forms;
pub mod contact;
