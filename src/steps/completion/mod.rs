//! How far a round is, how it will go on, and the weekly lists that tell account managers who is still open.

pub mod digest;
mod status;
mod counters;
pub mod outlook;
pub mod one_more;
pub mod last_year;
pub mod missing;
pub mod told;

pub use counters::CheckCounters;
pub use status::{status, status_of};
