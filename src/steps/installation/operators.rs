//! Operators, their sessions, the links by which they log in, and the keys of other programs.

mod in_passing;
mod people;
mod sessions;
pub(crate) mod links;
mod programs;

pub use self::links::{AskForLink, IssueLink, LINK_LASTS, LogIn, answer_requests, link_is_for, link_is_good};
pub use self::people::{AddOperator, EndSessions, RemoveOperator, all};
pub use self::programs::{AddKey, AddKeyThatMay, RemoveKey, key_name, key_of, keys};
pub use self::sessions::{LogOut, session, sessions_of};
