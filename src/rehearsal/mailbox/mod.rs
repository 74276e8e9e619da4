//! A real SMTP server on a loopback address that keeps what it is sent: the other end in demos, rehearsals and tests.
//!
//! Strict where real servers differ, so that what passes here passes elsewhere: a message ends at CRLF.CRLF and nowhere else, bare line
//! ends close the connection, sizes are bounded. It can be told to misbehave in the ways that lose or double mail ([`ServerFault`]), and
//! counts copies by Message-ID. It refuses to listen on an address that others can reach.

pub(in crate::rehearsal) mod faults;
mod store;
pub(in crate::rehearsal) mod received;
pub(in crate::rehearsal) mod head;
mod shared;
mod session;
mod server;
mod filter;
pub mod pages;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod raw_client;

pub use faults::{ServerFault, ServerStage};
pub use head::name_of;
pub use received::Received;
pub use server::Mailbox;
pub use shared::{OnDot, OnStage};
