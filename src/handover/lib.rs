//! Hand-over of completed responses to the scoring module: a webhook, or a file that it reads.
//!
//! One attempt each; when to try again is decided in `rules::handover`. Whatever goes wrong comes back as a value with a sentence, never
//! with a secret or the query of a URL in it, and never twice as long as someone would read.
//!
//! A webhook goes to the open network only, unless the settings allow more:
//!
//! ```
//! use soundings_handover::addresses::is_public;
//!
//! assert!(!is_public("127.0.0.1".parse().unwrap()));
//! assert!(is_public("9.9.9.9".parse().unwrap()));
//! ```

// A path such as `crate::rules::message` is the same in every room.
use crate as handover;
use soundings_base as base;
use soundings_config as config;
use soundings_rules as rules;

pub mod signature;
pub mod addresses;
pub mod webhook;
pub mod file;
mod delivered;
mod scoring;
#[cfg(test)]
mod tests;

pub use delivered::Delivered;
pub use scoring::Scoring;
