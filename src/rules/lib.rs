//! Pure decisions: values in, values out. Who may get which message and when, who must sign, what counts as complete.
//!
//! Nothing here is async, reads a clock or knows a database; whole rounds can be simulated by calling these functions.
//! The modules stand in the order in which data flows through a round.
//!
//! A rule is asked with what is known, and answers:
//!
//! ```
//! use soundings_rules::signoff::{SignLevel, Standing, may_sign};
//!
//! assert!(may_sign(SignLevel::Director, Standing::Unsigned));
//! assert!(!may_sign(SignLevel::SalesDirector, Standing::Unsigned), "the account director signs first");
//! ```

// A path such as `crate::rules::message` is the same in every room.
use crate as rules;
use soundings_base as base;

pub mod journal;
pub mod text;
pub mod message;
pub mod change;
pub mod participation;
pub mod questionnaire;
pub mod round;
pub mod letters;
pub mod contacts;
pub mod signoff;
pub mod evidence;
pub mod calendar;
pub mod plan;
pub mod sending;
pub mod replies;
pub mod repair;
pub mod response;
pub mod completion;
pub mod calling;
pub mod handover;
pub mod export;
pub mod alarm;
pub mod access;
