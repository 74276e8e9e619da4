//! How far a round is, and the weekly lists that tell account managers who is still open.

pub mod digest;
mod status;
mod counters;

pub use counters::CheckCounters;
pub use status::{status, status_of};
