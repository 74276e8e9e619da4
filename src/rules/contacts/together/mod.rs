//! What only rows of a list together can tell: of an account, of a person, of a column.

pub mod account;
pub mod homes;
pub mod directors;
pub mod keys;
pub mod footer;
pub mod identity;
pub mod meant;
pub mod answered;
pub(in crate::contacts) mod beside;
pub mod agree;
pub mod renamed;
