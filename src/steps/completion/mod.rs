//! How far a round is, how it will go on, and the weekly mails that tell account managers, directors and the sponsor, with the page behind
//! them.

pub mod digest;
pub(crate) mod weekly;
mod status;
pub mod aapor;
mod counters;
pub mod outlook;
pub mod one_more;
pub mod last_year;
pub mod missing;
pub mod told;
pub mod entries;
pub mod sponsor;
pub mod team;

pub use counters::CheckCounters;
pub use status::{status, status_of};
