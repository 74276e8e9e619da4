//! Who is at the other end: the network address that we can trust, and how often it has tried something.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, Uri};

use crate::base::clock::{MINUTE, Ts};

use super::forwarded;
use super::state::{Web, names_loopback};

/// The address of whoever connected to us; none in tests that have no connection.
pub fn peer(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(at)| at.ip().to_canonical())
}

/// The visitor: the peer, or whom our own proxies say they speak for (S22).
pub fn address(web: &Web, headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
    let stated = (web.trusted_proxies > 0).then(|| forwarded::visitor(headers, web.trusted_proxies)).flatten();
    stated.or_else(|| peer(extensions))
}

/// Whether somebody on this machine asks for the program itself: through no proxy, and none is configured, since one that says nothing of
/// whom it speaks for would make everybody local; and by a name of this machine, since a page in a browser here asks by its own.
pub fn is_local(web: &Web, uri: &Uri, headers: &HeaderMap, extensions: &Extensions) -> bool {
    let here = peer(extensions).is_some_and(|ip| ip.is_loopback());
    here && web.trusted_proxies == 0 && !forwarded::is_forwarded(headers) && names_this_machine(uri, headers)
}

/// A program of old that names no host names no other either.
fn names_this_machine(uri: &Uri, headers: &HeaderMap) -> bool {
    let stated = headers.get_all("host").iter().map(|v| v.to_str().unwrap_or("?"));
    uri.authority().map(|a| a.as_str()).into_iter().chain(stated).all(names_loopback)
}

/// Network address and browser, for the record of a signature.
pub fn came_from(web: &Web, headers: &HeaderMap, extensions: &Extensions) -> String {
    let browser = headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or("unknown browser");
    let browser: String = browser.chars().filter(|c| !c.is_control()).take(200).collect();
    let at = address(web, headers, extensions).map_or("unknown address".to_string(), |ip| ip.to_string());
    format!("{at}, {browser}")
}

const WINDOW: i64 = 15 * MINUTE;
const TRIES: u32 = 20;
/// No visitor can make it grow beyond this.
const VISITORS: usize = 10_000;

/// Counts tries by address in windows of a quarter of an hour.
#[derive(Default)]
pub struct Limiter(Mutex<HashMap<IpAddr, (Ts, u32)>>);

impl Limiter {
    /// Notes a try; false when there were too many.
    pub fn allows(&self, from: Option<IpAddr>, now: Ts) -> bool {
        let Some(from) = from.map(network) else { return true };
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= VISITORS {
            seen.retain(|_, (since, _)| now.since(*since) < WINDOW);
            if seen.len() >= VISITORS {
                seen.clear();
            }
        }
        let entry = seen.entry(from).or_insert((now, 0));
        if now.since(entry.0) >= WINDOW {
            *entry = (now, 0);
        }
        entry.1 += 1;
        entry.1 <= TRIES
    }
}

/// One subscriber has a whole /64.
pub(in crate::web) fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        IpAddr::V4(_) => ip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s20_tries_are_counted_per_visitor_and_forgotten() {
        let limiter = Limiter::default();
        let (a, b): (IpAddr, IpAddr) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        for _ in 0..TRIES {
            assert!(limiter.allows(Some(a), Ts(0)));
        }
        assert!(!limiter.allows(Some(a), Ts(1)));
        assert!(limiter.allows(Some(b), Ts(1)));
        assert!(limiter.allows(Some(a), Ts(WINDOW)));
    }

    #[test]
    fn a_crowd_does_not_fill_the_memory() {
        let limiter = Limiter::default();
        for n in 0..3 * VISITORS as u32 {
            limiter.allows(Some(IpAddr::from(n.to_be_bytes())), Ts(0));
        }
        assert!(limiter.0.lock().unwrap().len() <= VISITORS);
    }
}
