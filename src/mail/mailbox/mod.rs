//! How mails reach us: read from a mailbox over IMAP, or handed over by a mail server on this machine over LMTP.
//!
//! Nothing here decides or remembers anything: mails are handed on with the place that they were found at.

pub mod commands;
pub mod wire;
pub mod lmtp;
mod allowance;
pub mod imap;

#[cfg(test)]
mod lmtp_tests;
