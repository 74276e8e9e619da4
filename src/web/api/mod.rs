//! The API for other programs: what the console shows and does, as JSON, for whoever holds a key; and what watches the program, for monitors.
//!
//! Every operation is described once (`operations`); router and description are made from that, and the door before each asks what the table
//! says that it needs (docs/decisions/0071).

mod operation;
mod operations;
mod schemas;
mod keys;
mod idempotency;
mod door;
mod reading;
mod doing;
mod health;
mod description;
mod routing;

pub(super) use routing::router;
