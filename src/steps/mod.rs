//! What makes the database right: load, ask the rules, save, in one transaction each.
//!
//! A step takes no message. It reads what is there and does what is due, so that a restart, a retry and a second machine
//! are the same path. What people do (sign, answer, opt out, hold) are commands: the same shape, with one thing to do.

pub mod context;
pub mod duties;
pub mod installation;
pub mod round;
mod typed;
mod questionnaire;
pub mod contacts;
pub mod signoff;
pub mod plan;
pub mod letters;
pub mod sending;
pub mod replies;
pub mod repair;
pub mod response;
pub mod completion;
pub mod handover;
pub mod audit;

pub use context::{Ctx, Live};
