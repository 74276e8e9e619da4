//! The call list of a round: who is to be telephoned and why, what became of it, and what calls are worth.

mod by_link;
mod effect;
mod listing;
mod recording;
mod reserving;

pub use by_link::{Press, PressByLink};
pub use effect::{lately, lately_in_all, lately_of, measured};
pub use listing::{CallList, Details, Place, Wanted, call_list, details, managers, numbers, why};
pub use recording::{RecordCall, TakeBackCall};
pub use reserving::{ReleaseCall, ReserveCall, may_be_called};
