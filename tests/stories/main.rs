//! The stories: what directors, contacts, operators and mail servers do, played against the steps on both databases.
//!
//! Every story runs on SQLite and on PostgreSQL against a real SMTP server, and ends with the nine promises checked.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
