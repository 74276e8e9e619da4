//! (to come)

pub mod mailbox;
