//! What the domains of senders have published, asked of the name servers.

pub mod dns;
pub(super) mod spf;
pub mod published;
pub mod ascii;
