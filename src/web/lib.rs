//! The pages: what each of the four readers sees, and the API for other programs.
//!
//! Promises: a GET changes nothing, no page asks another host for anything, and the one banned word of the domain
//! reaches no contact and no account director. The room plans and records; it never sends.
//!
//! By reader: `console` for operators, `links` for whoever follows a link in a mail, `api` for other programs; `kit` is what they share and knows
//! none of them, `server` accepts connections, `routes` says which address is whose. A request passes `kit::door` (whose host, from where, how
//! large, who is logged in), is done by the page, and whatever goes wrong is told by `kit::problem`.
//!
//! Addresses of pages stand in one place, as pattern and as function:
//!
//! ```
//! use soundings_web::kit::urls;
//!
//! assert_eq!((urls::ROUND, urls::round("acme-2027").as_str()), ("/rounds/{round}", "/rounds/acme-2027"));
//! ```

// A path such as `crate::rules::message` is the same in every room.
use crate as web;
use soundings_base as base;
use soundings_intake as intake;
use soundings_rules as rules;
use soundings_steps as steps;
use soundings_store as store;

pub mod kit;
pub mod console;
pub mod links;
mod api;
mod routes;
mod server;

pub use self::kit::state::Web;
pub use console::rounds::report::file as report_file;
pub use routes::router;
pub use server::{Bounds, serve};

#[cfg(test)]
mod tests;
