//! Under which names we are reached from outside: whether a host that a request names is us, and whether it is this machine.

use std::net::Ipv4Addr;

/// Where we are reached from outside, taken apart once.
#[derive(Debug)]
pub struct Origin {
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

/// Whether `host[:port]` is this machine and nothing else.
pub fn names_loopback(stated: &str) -> bool {
    is_loopback(&authority(stated.trim()).0)
}

/// Host as a name server knows it, and port.
fn authority(text: &str) -> (String, Option<u16>) {
    let split = match text.rfind(':') {
        // The colons of an IPv6 address stand in brackets.
        Some(colon) if !text[colon..].contains(']') => Some(colon),
        _ => None,
    };
    match split {
        // A port that is no number is part of a name that is not ours.
        Some(colon) => match text[colon + 1..].parse() {
            Ok(port) => (in_ascii(&text[..colon]), Some(port)),
            Err(_) => (text.to_ascii_lowercase(), None),
        },
        None => (in_ascii(text), None),
    }
}

/// An international name has two spellings, and programs use either.
fn in_ascii(host: &str) -> String {
    let international = !host.is_ascii() || host.to_ascii_lowercase().contains("xn--");
    let known = international.then(|| idna::domain_to_ascii(host).ok()).flatten();
    known.unwrap_or_else(|| host.to_ascii_lowercase())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
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
        for base in ["https://b\u{fc}cher.example", "https://xn--bcher-kva.example", "https://BU\u{308}CHER.example"] {
            let international = Origin::of(base);
            for ours in
                ["b\u{fc}cher.example", "XN--BCHER-KVA.example", "B\u{dc}CHER.example:443", "bu\u{308}cher.example"]
            {
                assert!(international.is_ours(ours), "{base} {ours}");
            }
            for foreign in ["bucher.example", "xn--bcher-kvb.example", "b\u{fc}cher.example:80", "xn--.example"] {
                assert!(!international.is_ours(foreign), "{base} {foreign}");
            }
        }
        let here = Origin::of("http://127.0.0.1:8080");
        assert!(here.is_ours("localhost:8080") && here.is_ours("[::1]:8080") && here.is_ours("127.0.0.1:8080"));
        assert!(!here.is_ours("localhost") && !here.is_ours("evil.example:8080"));
    }
}
