//! What makes the database right: load, ask the rules, save, in one transaction each.
//!
//! A step takes no message. It reads what is there and does what is due, so that a restart, a retry and a second machine
//! are the same path. What people do (sign, answer, opt out, hold) are commands: the same shape, with one thing to do.

pub mod context;
pub mod failures;
pub mod key;
pub mod folder;
pub mod notices;
pub mod reload;
pub mod round;
pub mod contacts;
pub mod emptying;
pub mod left_out;
pub mod signoff;
pub mod signing;
pub mod deadline;
pub mod repair;
pub mod succession;
pub mod identity;
pub mod plan;
pub mod pauses;
pub mod absence;
pub mod change;
pub mod approval;
pub mod outbox;
pub mod pace;
pub mod gateways;
mod tally;
pub mod trouble;
mod asking;
pub mod chain;
mod claims;
mod supply;
mod suspects;
mod wording;
mod rewording;
mod compose;
mod colleagues;
mod desk;
mod settling;
pub mod outbound;
pub mod addresses;
pub mod objections;
pub mod new_address;
pub mod delivery;
pub mod standstill;
pub mod letters;
pub mod replies;
pub mod opt_out;
mod questionnaire;
pub mod response;
pub mod completion;
pub mod digest;
pub mod handoff;
pub mod held;
pub mod reconcile;
pub mod operators;
pub mod kept;
pub mod forecast;
pub mod export;
pub mod sample;
pub mod agenda;
pub mod promises;
pub mod trust;

pub use context::{Ctx, Live};
