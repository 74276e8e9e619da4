//! Who receives the mail of a domain: all domains whose best mail host is of one provider are behind one gateway.

use crate::base::clock::{DAY, HOUR, Ts};

/// The provider of a mail host: `outlook.com` of `globex-com.mail.protection.outlook.com`, `google.com` of `aspmx.l.google.com`. By the public suffix
/// list, so that the hosts of two firms under `co.uk` are not taken for one. `None` where the host has no such part.
pub fn gateway_of(host: &str) -> Option<String> {
    let host = host.trim_end_matches('.').to_lowercase();
    psl::domain_str(&host).map(str::to_owned)
}

/// What name servers said against a domain: there is no such domain, or it takes no mail (RFC 7505).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub since: Ts,
}

impl Refusal {
    /// One answer may be a mistake of a name server or of the hour; the same answer an hour later is believed.
    pub const BELIEVED_AFTER: i64 = HOUR;
    /// An answer that is not one, or not to be believed yet, is asked for again after this.
    pub const AGAIN: i64 = HOUR;
    /// An answer is good for so long.
    pub const KEPT: i64 = DAY;

    pub fn is_believed(self, now: Ts) -> bool {
        now.since(self.since) >= Refusal::BELIEVED_AFTER
    }
}
