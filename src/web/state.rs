//! What every page is given: the steps' context, where we are reached, and how often somebody has tried to log in.

use std::net::Ipv4Addr;
use std::sync::Arc;

use crate::steps::Ctx;

use super::visitor::Limiter;

/// Cheap to clone.
#[derive(Clone)]
pub struct Web {
    pub ctx: Ctx,
    /// Reverse proxies of ours in front of us.
    pub trusted_proxies: u8,
    /// Said on every page of the console while it is true: a rehearsal, for example.
    pub notice: Option<Arc<str>>,
    /// Whoever opens the console is this operator: for the demo, which listens to this machine only.
    pub(super) everybody_is: Option<Arc<str>>,
    pub(super) origin: Arc<Origin>,
    pub(super) log_ins: Arc<Limiter>,
}

impl Web {
    pub fn new(ctx: Ctx, trusted_proxies: u8) -> Web {
        let origin = Arc::new(Origin::of(&ctx.base_url));
        Web { ctx, trusted_proxies, notice: None, everybody_is: None, origin, log_ins: Arc::default() }
    }

    /// For the demo: nobody has to log in. Forms carry their token all the same, and other hosts are refused.
    pub fn open_to_all(ctx: Ctx, operator: &str) -> Web {
        let notice = Some("Demo: simulated people, and no mail leaves this machine.".into());
        Web { notice, everybody_is: Some(operator.into()), ..Web::new(ctx, 0) }
    }

    pub fn with_notice(self, notice: &str) -> Web {
        Web { notice: Some(notice.into()), ..self }
    }
}

/// Where we are reached from outside, taken apart once.
#[derive(Debug)]
pub(super) struct Origin {
    pub https: bool,
    host: String,
    port: Option<u16>,
    loopback: bool,
}

impl Origin {
    pub fn of(base_url: &str) -> Origin {
        let (scheme, rest) = base_url.split_once("://").unwrap_or(("http", base_url));
        let (host, port) = authority(rest.split('/').next().unwrap_or(""));
        let https = scheme.eq_ignore_ascii_case("https");
        let loopback = is_loopback(&host);
        Origin { https, loopback, port: port.or(Some(if https { 443 } else { 80 })), host }
    }

    /// Whether `host[:port]` names us. Over plain http on a loopback address any loopback name will do.
    pub fn is_ours(&self, stated: &str) -> bool {
        let (host, port) = authority(stated.trim());
        let port = port.or(Some(if self.https { 443 } else { 80 }));
        port == self.port && (host == self.host || (self.loopback && is_loopback(&host)))
    }
}

/// Host in lower case, and port.
fn authority(text: &str) -> (String, Option<u16>) {
    let split = match text.rfind(':') {
        // The colons of an IPv6 address stand in brackets.
        Some(colon) if !text[colon..].contains(']') => Some(colon),
        _ => None,
    };
    match split {
        // A port that is no number is part of a name that is not ours.
        Some(colon) => match text[colon + 1..].parse() {
            Ok(port) => (text[..colon].to_ascii_lowercase(), Some(port)),
            Err(_) => (text.to_ascii_lowercase(), None),
        },
        None => (text.to_ascii_lowercase(), None),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "[::1]" || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s22_only_our_own_names_are_ours() {
        let public = Origin::of("https://soundings.example");
        for ours in ["soundings.example", "SOUNDINGS.example", "soundings.example:443"] {
            assert!(public.is_ours(ours), "{ours}");
        }
        for foreign in [
            "evil.example",
            "soundings.example:8080",
            "soundings.example.evil.example",
            "",
            "localhost",
            "soundings.example@evil.example",
            "evil.example:443",
            "soundings.example:x",
        ] {
            assert!(!public.is_ours(foreign), "{foreign}");
        }
        let here = Origin::of("http://127.0.0.1:8080");
        assert!(here.is_ours("localhost:8080") && here.is_ours("[::1]:8080") && here.is_ours("127.0.0.1:8080"));
        assert!(!here.is_ours("localhost") && !here.is_ours("evil.example:8080"));
    }
}
