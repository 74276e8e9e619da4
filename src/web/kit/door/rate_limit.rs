//! How often a visitor has tried something, by network address: twenty times in a quarter of an hour, then no more (S20).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::base::clock::{MINUTE, Ts};

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
pub fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
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
