//! Just enough of a URL to say whether a setting is one, and whether its host is this machine.

use std::net::IpAddr;

/// An absolute http or https URL, in parts. Stricter than browsers: what they would repair is refused.
#[derive(Debug, PartialEq, Eq)]
pub struct HttpUrl<'t> {
    pub https: bool,
    /// Before an `@`: a name or password, which no setting of ours may have.
    pub userinfo: bool,
    /// Without the brackets of an IPv6 address.
    pub host: &'t str,
    /// From the first `/`, `?` or `#` to the end.
    pub rest: &'t str,
}

impl HttpUrl<'_> {
    /// The error is put after "... is not a URL: ".
    pub fn parse(text: &str) -> Result<HttpUrl<'_>, &'static str> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err("it has a space, a line break or a backslash in it");
        }
        let (https, after) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(after), _) => (true, after),
            (None, Some(after)) => (false, after),
            (None, None) => return Err("it does not begin with https:// or http://"),
        };
        let (authority, rest) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
        let (userinfo, place) = match authority.rsplit_once('@') {
            Some((_, place)) => (true, place),
            None => (false, authority),
        };
        let (host, port) = match place.strip_prefix('[') {
            Some(bracketed) => bracketed.split_once(']').ok_or("its [ is not closed")?,
            None => place.split_at(place.find(':').unwrap_or(place.len())),
        };
        if host.is_empty() {
            return Err("it names no host");
        }
        let port_ok = match port.strip_prefix(':') {
            Some(digits) => digits.parse::<u16>().is_ok_and(|port| port > 0),
            None => port.is_empty(),
        };
        if !port_ok {
            return Err("its port is not a number from 1 to 65535");
        }
        let bracketed = place.starts_with('[');
        let host_ok = if bracketed {
            host.parse::<std::net::Ipv6Addr>().is_ok()
        } else {
            host.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.' || c == '_')
                || (!host.is_ascii() && idna::domain_to_ascii(host).is_ok_and(|name| is_name(&name)))
        };
        if !host_ok {
            return Err("its host cannot exist");
        }
        Ok(HttpUrl { https, userinfo, host, rest })
    }
}

fn is_name(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
}

/// The URL with its host as name servers and mail programs know it: an international name in its ASCII form.
pub fn in_ascii(url: &str) -> Option<String> {
    let host = HttpUrl::parse(url).ok()?.host;
    if host.is_ascii() {
        return Some(url.to_owned());
    }
    let name = idna::domain_to_ascii(host).ok().filter(|name| is_name(name))?;
    Some(url.replacen(host, &name, 1))
}

/// Whether this host can be nothing but the machine we run on.
pub fn is_loopback(host: &str) -> bool {
    let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    match name.parse::<IpAddr>() {
        Ok(ip) => ip.to_canonical().is_loopback(),
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_a_url_and_refuses_what_only_browsers_understand() {
        let url = HttpUrl::parse("https://a.example:8443/in?x#y").unwrap();
        assert_eq!((url.https, url.userinfo, url.host, url.rest), (true, false, "a.example", "/in?x#y"));
        assert_eq!(HttpUrl::parse("http://[::1]:80").unwrap().host, "::1");
        assert!(HttpUrl::parse("https://a@b.example/").unwrap().userinfo);
        for bad in [
            "a.example",
            "ftp://a",
            "https:/a",
            "https://",
            "https://a:0",
            "https://a:x",
            "https://[::1",
            "https://a\\b",
            "https://[a]",
        ] {
            assert!(HttpUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_international_host_is_known_by_its_ascii_form() {
        for written in [
            "https://b\u{fc}cher.example:8443",
            "https://bu\u{308}cher.example:8443",
            "https://B\u{dc}CHER.example:8443",
        ] {
            assert_eq!(in_ascii(written).as_deref(), Some("https://xn--bcher-kva.example:8443"), "{written}");
        }
        assert_eq!(in_ascii("https://a.example").as_deref(), Some("https://a.example"));
        assert_eq!(
            in_ascii("https://\u{4f8b}\u{3048}.\u{30c6}\u{30b9}\u{30c8}").as_deref(),
            Some("https://xn--r8jz45g.xn--zckzah")
        );
        assert!(HttpUrl::parse("https://\u{202e}x.example").is_err());
    }

    #[test]
    fn loopback_is_only_this_machine() {
        for host in
            ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "::ffff:127.0.0.1"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example", "10.0.0.1", "0.0.0.0", "example.com", "127.0.0.1.example"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
