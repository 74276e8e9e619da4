//! The call list of a round: ten people at a time, and what became of each call with one press.

mod acts;
mod list;
pub(super) mod part;

pub use acts::act;
pub use list::page;
