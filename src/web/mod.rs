//! The pages: what each of the four readers sees, the API for other programs, and a preview of all of it with sample data.
//!
//! Promises: a GET changes nothing, no page asks another host for anything, and the one banned word of the domain
//! reaches no contact and no account director. The room plans and records; it never sends.
//!
//! A request passes `guard` (whose host, from where, how large), is read by `fields` and `session`, done by one of the stage
//! modules, and whatever goes wrong is told by `problem`.

mod state;
mod problem;
mod links;
mod forwarded;
mod visitor;
pub mod fields;
mod session;
mod guard;
mod kept;
mod place;
pub mod times;
mod names;
mod paging;
mod frames;
mod assets;
mod login;
mod operators;
mod rounds;
mod contacts;
mod contact;
mod letters;
mod signoff;
mod cards;
mod mending;
mod repair;
mod repairs;
mod asked;
mod board;
mod plan;
mod approval;
mod outbox;
mod incidents;
mod sending;
mod gateways;
mod replies;
mod opt_out;
mod questions;
mod response;
mod completion;
mod handoff;
mod api;
mod health;
mod routes;
mod server;
pub mod views;
pub mod preview;

pub use routes::router;
pub use server::{Bounds, serve};
pub use state::Web;

#[cfg(test)]
mod tests;
