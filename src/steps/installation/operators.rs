//! Operators, their sessions, the links by which they log in, and the keys of other programs.

mod in_passing;
mod people;
mod sessions;
pub(crate) mod links;
mod programs;

pub use self::links::{LINK_LASTS, answer_requests, ask_for_link, link_for, link_is_for, link_is_good, log_in};
pub use self::people::{add, all, end_sessions, remove};
pub use self::programs::{add_key, key_name, keys, remove_key};
pub use self::sessions::{log_out, session, sessions_of};
