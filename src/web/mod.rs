//! The pages: what each of the four readers sees, and the API for other programs.
//!
//! Promises: a GET changes nothing, no page asks another host for anything, and the one banned word of the domain
//! reaches no contact and no account director. The room plans and records; it never sends.
//!
//! A request passes `guard` (whose host, from where, how large), is read by `fields` and `session`, done by one of the stage
//! modules, and whatever goes wrong is told by `problem`.

pub mod kit;
pub mod console;
pub mod links;
mod api;
mod routes;
mod server;

pub use self::kit::state::Web;
pub use routes::router;
pub use server::{Bounds, serve};

#[cfg(test)]
mod tests;
