//! Who receives the mail of a domain: all domains whose best mail host is of one provider are behind one gateway.

use crate::base::clock::{DAY, HOUR, MINUTE, Ts};

/// The provider of a mail host: `outlook.com` of `globex-com.mail.protection.outlook.com`, `google.com` of `aspmx.l.google.com`. By the
/// public suffix list, so that the hosts of two firms under `co.uk` are not taken for one. `None` where the host has no such part.
pub fn gateway_of(host: &str) -> Option<String> {
    let host = host.trim_end_matches('.').to_lowercase();
    psl::domain_str(&host).map(str::to_owned)
}

/// Names that belong to nobody (RFC 2606, RFC 6761): who tries something out with them reaches no gateway that could mind.
pub fn is_for_trials(domain: &str) -> bool {
    const TOPS: [&str; 4] = ["example", "test", "invalid", "localhost"];
    let last = domain.rsplit('.').next().unwrap_or(domain);
    let second = domain.rsplit_once('.').map_or("", |(rest, _)| rest.rsplit('.').next().unwrap_or(rest));
    TOPS.contains(&last) || (second == "example" && ["com", "net", "org"].contains(&last))
}

/// What name servers say about the mail of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// The best host.
    Host(&'a str),
    /// The domain is there and names no host: it takes its mail itself.
    Itself,
    /// There is no such domain, or it takes no mail (RFC 7505).
    Refuses,
    /// Nothing that can be used, now.
    NoAnswer,
}

/// What is known of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub gateway: String,
    pub ask_again_at: Ts,
    /// The first of a row of refusals.
    pub refused_since: Option<Ts>,
}

/// An answer is good for so long.
const KEPT: i64 = DAY;
/// What is no answer, or not to be believed yet, is asked for again after this.
const AGAIN: i64 = HOUR;

impl Known {
    /// After an answer (F11). Without one, what was known before stands.
    pub fn after(before: Option<Known>, domain: &str, said: Said<'_>, now: Ts) -> Known {
        let own = || domain.to_owned();
        let gateway = |before: Option<Known>| before.map_or_else(own, |known| known.gateway);
        let refused = before.as_ref().and_then(|known| known.refused_since);
        let (gateway, kept, refused_since) = match said {
            Said::Host(host) => (gateway_of(host).unwrap_or_else(own), KEPT, None),
            Said::Itself => (own(), KEPT, None),
            Said::Refuses => (gateway(before), AGAIN, refused.or(Some(now))),
            Said::NoAnswer => (gateway(before), AGAIN, refused),
        };
        Known { gateway, ask_again_at: now.plus(kept), refused_since }
    }

    /// Until when messages to a domain wait of which it was said that it takes no mail; none where nobody has said so.
    pub fn waits(&self, now: Ts) -> Option<Ts> {
        self.refused_since.map(|_| self.ask_again_at.max(now.plus(MINUTE)))
    }

    /// One refusal may be a mistake of a name server or of the hour; the same again an hour later is believed: nobody at this domain can
    /// be written to.
    pub fn takes_no_mail(&self, said: Said<'_>, now: Ts) -> bool {
        said == Said::Refuses && self.refused_since.is_some_and(|since| now.since(since) >= AGAIN)
    }
}
