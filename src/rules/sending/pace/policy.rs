//! The limits that an installation keeps to, and how they are counted.

use std::collections::BTreeMap;

use crate::base::clock::{DAY, HOUR, MINUTE, Ts};

use super::gateway::is_for_trials;

/// Limits of one receiving gateway; 0: none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub per_hour: u32,
    /// Messages in the hands of senders at the same time.
    pub open: u32,
}

/// What an installation keeps to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub usual: Limit,
    /// For gateways by name.
    pub own: BTreeMap<String, Limit>,
    /// All messages to contacts together; 0: no limit.
    pub per_hour: u32,
    /// How long the first message of a round to a gateway must have been accepted before the rest follow; 0: nobody goes first.
    pub canary: i64,
    /// Messages on the first, second, ... day of a sender's domain; after the last no limit.
    pub ramp_up: Vec<u32>,
    /// Domains whose mail is known to the world already.
    pub warmed: Vec<String>,
    /// Names for trials ([`is_for_trials`]) are paced like all others: in rehearsals, where there are no others.
    pub trials_too: bool,
}

/// In [`Policy::warmed`]: all domains.
pub const ALL: &str = "*";

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            usual: Limit { per_hour: 1_800, open: 20 },
            own: BTreeMap::new(),
            per_hour: 0,
            canary: 10 * MINUTE,
            ramp_up: vec![50, 100, 200, 500, 1_000, 2_000, 5_000],
            warmed: Vec::new(),
            trials_too: false,
        }
    }
}

impl Policy {
    pub fn limit(&self, gateway: &str) -> Limit {
        self.own.get(gateway).copied().unwrap_or(self.usual)
    }

    /// Whether messages to addresses of this domain are paced at all.
    pub fn paces(&self, domain: &str) -> bool {
        self.trials_too || !is_for_trials(domain)
    }

    /// How many messages a domain may send on a day before which it has sent on so many others; `None`: any number.
    pub fn ramp(&self, domain: &str, days_before: i64) -> Option<u32> {
        if self.warmed.iter().any(|warmed| warmed == domain || warmed == ALL) {
            return None;
        }
        usize::try_from(days_before).ok().and_then(|day| self.ramp_up.get(day)).copied()
    }
}

/// Between two messages of a limit; 0: no limit.
pub(super) fn interval(per_hour: u32) -> i64 {
    if per_hour == 0 { 0 } else { (HOUR / i64::from(per_hour)).max(1) }
}

/// A minute's worth may go at once.
pub(super) fn at_once(per_hour: u32) -> i64 {
    (i64::from(per_hour) / 60).clamp(1, 60)
}

/// Days are those of UTC.
pub fn day(at: Ts) -> i64 {
    at.0.div_euclid(DAY)
}

pub(super) fn tomorrow(now: Ts) -> Ts {
    Ts((day(now) + 1) * DAY)
}
