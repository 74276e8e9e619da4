//! What proxies say about where a request came from: `X-Forwarded-For` and `Forwarded` (RFC 7239), in every form that proxies write.
//!
//! Each proxy adds at the right. What our own proxies added is believed, everything to the left of it was written by the visitor (S22). It
//! is therefore read from the right, so that an open quote of the visitor's cannot swallow what the proxy added.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

/// Whether the request came through a proxy that says so.
pub fn is_forwarded(headers: &HeaderMap) -> bool {
    const SAID_BY_PROXIES: [&str; 6] =
        ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host", "x-forwarded-proto", "via"];
    SAID_BY_PROXIES.iter().any(|name| headers.contains_key(*name))
}

/// The visitor as the left-most of our `proxies` saw him; none where it does not say. `X-Forwarded-For` goes before `Forwarded`.
pub fn visitor(headers: &HeaderMap, proxies: u8) -> Option<IpAddr> {
    let all = |name: &str| {
        let lines: Vec<_> = headers.get_all(name).iter().map(|v| String::from_utf8_lossy(v.as_bytes())).collect();
        (!lines.is_empty()).then(|| lines.join(","))
    };
    match (all("x-forwarded-for"), all("forwarded")) {
        (Some(list), _) => address(nth_from_right(&list, proxies)?),
        (None, Some(list)) => parts_from_right(nth_from_right(&list, proxies)?, ';').into_iter().find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.trim().eq_ignore_ascii_case("for").then(|| address(value)).flatten()
        }),
        (None, None) => None,
    }
}

/// Where fewer have added something than there are proxies, the left-most entry is still one of theirs.
fn nth_from_right(list: &str, n: u8) -> Option<&str> {
    let hops: Vec<&str> = parts_from_right(list, ',').into_iter().filter(|hop| !hop.trim().is_empty()).collect();
    hops.get(usize::from(n).min(hops.len()).checked_sub(1)?).copied()
}

/// What stands between the marks that are not quoted, the last one first.
fn parts_from_right(text: &str, mark: char) -> Vec<&str> {
    let (mut parts, mut end, mut quoted) = (Vec::new(), text.len(), false);
    for (at, c) in text.char_indices().rev() {
        if c == '"' {
            quoted = !quoted;
        } else if c == mark && !quoted {
            parts.push(text.get(at + c.len_utf8()..end).unwrap_or_default());
            end = at;
        }
    }
    parts.push(text.get(..end).unwrap_or_default());
    parts
}

/// With or without port, brackets, zone and quotes. `unknown` and `_names` are no addresses.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let hop = hop.strip_prefix('"').and_then(|h| h.strip_suffix('"')).unwrap_or(hop).trim();
    let without_zone = |text: &str| text.split('%').next().unwrap_or_default().parse::<IpAddr>().ok();
    let ip = match hop.strip_prefix('[') {
        Some(bracketed) => {
            let (inside, port) = bracketed.split_once(']')?;
            let port_ok = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
            without_zone(inside).filter(|ip| port_ok && ip.is_ipv6())
        }
        None => hop.parse::<SocketAddr>().ok().map(|at| at.ip()).or_else(|| without_zone(hop)).or_else(|| {
            // RFC 7239 lets a port be obfuscated too.
            let (ip, port) = hop.rsplit_once(':')?;
            ip.parse::<std::net::Ipv4Addr>().ok().filter(|_| is_port(port)).map(IpAddr::V4)
        }),
    };
    ip.map(|ip| ip.to_canonical())
}

fn is_port(text: &str) -> bool {
    let obfuscated = |t: &str| t.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    text.parse::<u16>().is_ok() || text.strip_prefix('_').is_some_and(obfuscated)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(said: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.append(*name, axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    fn seen(said: &[(&'static str, &str)], proxies: u8) -> String {
        visitor(&headers(said), proxies).map_or("none".into(), |ip| ip.to_string())
    }

    #[test]
    fn s22_an_address_is_read_in_every_form() {
        for (written, ip) in [
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7:4711", "192.0.2.7"),
            (" 192.0.2.7 ", "192.0.2.7"),
            ("\"192.0.2.7:4711\"", "192.0.2.7"),
            ("192.0.2.7:_port", "192.0.2.7"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:DB8::7]:4711", "2001:db8::7"),
            ("\"[2001:db8::7]:4711\"", "2001:db8::7"),
            ("\"[2001:db8::7]:_x\"", "2001:db8::7"),
            ("fe80::7%eth0", "fe80::7"),
            ("[fe80::7%eth0]:80", "fe80::7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("[::ffff:192.0.2.7]:80", "192.0.2.7"),
        ] {
            assert_eq!(address(written).map(|ip| ip.to_string()).as_deref(), Some(ip), "{written}");
            assert_eq!(seen(&[("x-forwarded-for", &format!("203.0.113.9, {written}"))], 1), ip);
        }
        for none in
            ["unknown", "_hidden", "", "192.0.2", "[192.0.2.7]", "[2001:db8::7", "192.0.2.7:x", "localhost", "[::1]x"]
        {
            assert_eq!(address(none), None, "{none}");
        }
    }

    #[test]
    fn s22_only_what_our_proxies_added_counts() {
        let one = [("x-forwarded-for", "203.0.113.9, 192.0.2.1, 192.0.2.2")];
        assert_eq!(seen(&one, 1), "192.0.2.2");
        assert_eq!(seen(&one, 2), "192.0.2.1");
        // One proxy was passed by: what is there was still written by ours.
        assert_eq!(seen(&[("x-forwarded-for", "192.0.2.2")], 2), "192.0.2.2");
        // Several lines are one list; a letter that is no ASCII in the visitor's part takes nothing of ours away.
        assert_eq!(seen(&[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "192.0.2.2")], 1), "192.0.2.2");
        assert_eq!(seen(&[("x-forwarded-for", "b\u{fc}, 192.0.2.2")], 1), "192.0.2.2");
        assert_eq!(seen(&[("x-forwarded-for", "192.0.2.2, unknown")], 1), "none");
        assert_eq!(seen(&[], 1), "none");
    }

    #[test]
    fn s22_forwarded_is_read_as_its_standard_says() {
        for (written, ip) in [
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
            ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=192.0.2.43, for=198.51.100.17;by=203.0.113.60;proto=https", "198.51.100.17"),
            ("proto=https;for=\"198.51.100.17:80\"", "198.51.100.17"),
            ("for=203.0.113.9;x=\"a,b;for=1.1.1.1\", for=198.51.100.17", "198.51.100.17"),
            // The visitor's open quote ends where the proxy's part begins.
            ("for=\"203.0.113.9, for=198.51.100.17", "198.51.100.17"),
            ("for=\"203.0.113.9, for=\"[2001:db8::1]\"", "2001:db8::1"),
            ("for=unknown", "none"),
            ("for=198.51.100.1, for=_gazonk", "none"),
            ("by=198.51.100.1", "none"),
        ] {
            assert_eq!(seen(&[("forwarded", written)], 1), ip, "{written}");
        }
        let both = [("forwarded", "for=203.0.113.9"), ("x-forwarded-for", "192.0.2.2")];
        assert_eq!(seen(&both, 1), "192.0.2.2");
    }
}
