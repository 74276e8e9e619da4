//! What the settings say about the domains in whose names mail goes.

use std::net::IpAddr;
use std::sync::Arc;

/// What the settings say about senders.
#[derive(Clone, Debug, Default)]
pub struct SenderChecks {
    /// Whether a round may start from a domain only that is aligned.
    pub before_start: bool,
    /// The addresses from which mail leaves, as far as they are known.
    pub outgoing: Arc<[IpAddr]>,
    /// Also for names that nobody can own: somebody has set up name servers that know them.
    pub reserved_too: bool,
}
