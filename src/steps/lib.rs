//! What makes the database right: load, ask the rules, save, in one transaction each.
//!
//! A step is handed no work. It reads what is there and does what is due, so that a restart, a retry and a second machine
//! are the same path. What people do (sign, answer, opt out, hold) are orders: the same shape, with one thing to do.
//!
//! ```no_run
//! # async fn example(ctx: soundings_steps::Ctx, contact: soundings_base::ids::ContactId) -> soundings_base::problem::Result<()> {
//! use soundings_rules::journal::Actor;
//! use soundings_steps::signoff::names::editing::{Edit, EditContact};
//!
//! let edit = Edit::Remove { reason: "asked by telephone".into() };
//! ctx.order(&Actor::operator("olga@client.example"), EditContact { contact, edit }).await
//! # }
//! ```

// A path such as `crate::rules::message` is the same in every room.
use crate as steps;
use soundings_base as base;
use soundings_config as config;
use soundings_intake as intake;
use soundings_mail as mail;
use soundings_rules as rules;
use soundings_store as store;

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
pub mod calling;
pub mod handover;
pub mod export;
pub mod alarm;
pub mod audit;

pub use context::{Ctx, Live};
