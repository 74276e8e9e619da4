//! A contact list from a file to the round, in four pages: the file, which column is which, what is wrong, and what it would change.
//!
//! Nothing of it touches the round before the last button, and that does exactly what its page has shown.

pub mod upload;
pub mod columns;
pub mod findings;
pub mod difference;
mod difference_parts;
mod reading;
mod repairs;
pub(super) mod worth;
