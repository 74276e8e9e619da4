//! Our own conversation with the SMTP server that relays our mail, over our own stream.
//!
//! lettre's transport hides the stage at which a failure happened, waits 60 seconds where RFC 5321 asks for ten
//! minutes, stalls 43 ms a message and cannot pipeline. Here the stage is always known, each stage has its time-out,
//! and the final dot is a step of its own, so that the ledger can be told just before it.

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

use crate::base::address::EmailAddress;

/// One recipient per message: one person's refusal is nobody else's (M02).
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Where bounces go; empty: nowhere.
    pub from: String,
    pub to: EmailAddress,
    /// The ledger row's, which a report about the message names (RFC 3461); empty: none.
    pub id: String,
    /// Ask to be told when it has arrived, not only when it has not.
    pub tell_arrival: bool,
}

#[cfg(test)]
mod script;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls_tests;
