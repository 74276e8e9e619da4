//! From a ledger row to an SMTP answer: the words of a round, the frame around them, the bytes, the conversation; and what comes back,
//! read.
//!
//! Nothing here decides whether a message goes or what an answer means; `rules` does. Nothing here reads a clock to
//! date anything, so that the same row always becomes the same bytes and a receiver can recognise a second copy.
//!
//! The words of a round are Markdown:
//!
//! ```
//! use soundings_mail::letters::markdown::to_html;
//!
//! assert!(to_html("Ten **minutes**").contains("<strong>minutes</strong>"));
//! ```

// A path such as `crate::rules::message` is the same in every room.
use crate as mail;
use soundings_base as base;
use soundings_config as config;
use soundings_rules as rules;

pub mod domains;
pub mod letters;
pub mod dates;
pub mod message;
pub mod dkim;
pub mod smtp;
pub mod mailbox;
pub mod incoming;
mod header;
