//! What a list is worth before anybody signs it: a score with its reasons, and how much of the client it covers.
//!
//! Pure: what earlier rounds say comes in as [`KnownFacts`]. Every point that is missing to 100 is told by a reason, the dearest first, so
//! that whoever mends a list knows where to begin.

pub mod accounts;
pub mod coverage;
pub mod dropped;
pub mod known;
pub mod repair;
mod score;
mod value;

pub use coverage::Coverage;
pub use known::KnownFacts;
pub use score::quality;
pub use value::{AccountQuality, Quality, Reason};

#[cfg(test)]
mod tests;
