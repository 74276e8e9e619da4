//! Who is at the other end: the network address that we can trust, and how often it has tried something.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::Response;

use crate::base::clock::{MINUTE, Ts};

use super::Web;
use super::fields::Fields;
use super::views::notice::Notice;
use super::views::phrases::ALL;
use super::views::respond;

/// The address of whoever connected to us; none in tests that have no connection.
pub fn peer(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(at)| at.ip().to_canonical())
}

/// The visitor: the peer, or the entry that our own right-most proxies have put into X-Forwarded-For (S22). Whatever
/// stands to the left of it was written by the visitor.
pub fn address(web: &Web, headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
    let peer = peer(extensions);
    if web.trusted_proxies == 0 {
        return peer;
    }
    let stated = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
    let hops: Vec<&str> = stated.flat_map(|v| v.split(',')).map(str::trim).collect();
    let hop = hops.len().checked_sub(usize::from(web.trusted_proxies)).and_then(|at| hops.get(at));
    hop.and_then(|hop| hop.parse::<IpAddr>().ok()).map(|ip| ip.to_canonical()).or(peer)
}

/// Whether the request comes from this machine itself and through no proxy.
pub fn is_local(headers: &HeaderMap, extensions: &Extensions) -> bool {
    let forwarded = ["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
    !forwarded && peer(extensions).is_some_and(|ip| ip.is_loopback())
}

/// Network address and browser, for the record of a signature.
pub fn came_from(web: &Web, headers: &HeaderMap, extensions: &Extensions) -> String {
    let browser = headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or("unknown browser");
    let browser: String = browser.chars().filter(|c| !c.is_control()).take(200).collect();
    let at = address(web, headers, extensions).map_or("unknown address".to_string(), |ip| ip.to_string());
    format!("{at}, {browser}")
}

/// The language in which to speak to somebody of whom nothing is known: what he has chosen, else the first of his browser's that we have.
fn language(headers: &HeaderMap, words: &Fields) -> &'static str {
    let has = |code: &str| ALL.iter().map(|p| p.code).find(|known| code.trim().split('-').next() == Some(*known));
    let stated = headers.get("accept-language").and_then(|v| v.to_str().ok()).unwrap_or("");
    let mut wanted: Vec<(u32, &str)> = stated
        .split(',')
        .filter_map(|entry| {
            let (code, q) = entry.split_once(';').unwrap_or((entry, "q=1"));
            let q: f32 = q.trim().strip_prefix("q=")?.trim().parse().ok()?;
            (q > 0.0).then_some(((q.min(1.0) * 1000.0) as u32, code))
        })
        .collect();
    wanted.sort_by_key(|(q, _)| std::cmp::Reverse(*q));
    let chosen = has(words.get("language"));
    chosen.or_else(|| wanted.iter().find_map(|(_, code)| has(&code.to_ascii_lowercase()))).unwrap_or("en")
}

/// What stands behind a link that is none of ours, or was cut: in the language of whoever opened it.
pub fn unknown_link(headers: &HeaderMap, words: &Fields) -> Response {
    respond(StatusCode::NOT_FOUND, &Notice::unknown_link(language(headers, words)))
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
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_of_whom_nothing_is_known_is_spoken_to_in_his_browsers_language() {
        let said = |stated: &str, chosen: &str| {
            let headers = HeaderMap::from_iter([(axum::http::header::ACCEPT_LANGUAGE, stated.parse().unwrap())]);
            language(&headers, &Fields::of([("language", chosen)]))
        };
        assert_eq!(said("de-AT,de;q=0.9,en;q=0.8", ""), "de");
        assert_eq!(said("nl-NL, fr;q=0.7, en;q=0.3", ""), "fr");
        assert_eq!(said("en;q=0.2,FR-CH;q=0.9", ""), "fr");
        assert_eq!(said("de;q=0, fr", ""), "fr");
        assert_eq!(said("xx, *;q=0.5", ""), "en");
        assert_eq!(said(";;;q=,", ""), "en");
        assert_eq!(said("de", "fr"), "fr");
        assert_eq!(said("de", "../x"), "de");
    }

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
