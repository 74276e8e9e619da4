//! Our own conversation with the SMTP server that relays our mail, over our own stream.
//!
//! lettre's transport hides the stage at which a failure happened, waits 60 seconds where RFC 5321 asks for ten
//! minutes, stalls 43 ms a message and cannot pipeline. Here the stage is always known, each stage has its time-out,
//! and the final dot is a step of its own, so that the ledger can be told just before it.

mod envelope;
mod time_outs;
mod stream;
pub(super) mod tls;
mod reply;
mod hello;
mod login;
mod stuffing;
mod path;
mod transaction;
mod connection;

pub use connection::Connection;
pub use envelope::Envelope;

#[cfg(test)]
mod script;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls_tests;
