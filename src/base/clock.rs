//! One clock, passed in. The system's for `serve`, a hand-turned one for rehearsals and tests.
//!
//! Instants are [`Ts`]: milliseconds since 1970 in UTC. Local time exists only in `rules::calendar`.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// An instant: milliseconds since 1970-01-01T00:00:00Z. Serialised as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ts(pub i64);

impl Ts {
    /// The instant `ms` milliseconds later (earlier when negative).
    pub fn plus(self, ms: i64) -> Ts {
        Ts(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`.
    pub fn since(self, earlier: Ts) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// As chrono's type, for formatting; instants that chrono cannot hold become its nearest bound.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(if self.0 < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
    }
}

impl From<DateTime<Utc>> for Ts {
    fn from(at: DateTime<Utc>) -> Ts {
        Ts(at.timestamp_millis())
    }
}

impl fmt::Display for Ts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl Serialize for Ts {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl<'de> Deserialize<'de> for Ts {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Ts, D::Error> {
        let text = String::deserialize(d)?;
        DateTime::parse_from_rfc3339(&text).map(|t| Ts(t.timestamp_millis())).map_err(serde::de::Error::custom)
    }
}

/// Where the time comes from. Cheap to clone; clones share a hand-turned clock.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,

    /// Moves on by so many milliseconds whenever it is read.
    Hand(Arc<AtomicI64>, i64),
}

impl Clock {
    pub fn system() -> Clock {
        Clock(Source::System)
    }

    /// Stands still until [`Clock::turn_to`] moves it.
    pub fn hand(at: Ts) -> Clock {
        Clock(Source::Hand(Arc::new(AtomicI64::new(at.0)), 0))
    }

    /// Hand-turned, and a millisecond later at every reading: as for a program that is not so fast that no time passes.
    pub fn hand_that_moves(at: Ts) -> Clock {
        Clock(Source::Hand(Arc::new(AtomicI64::new(at.0)), 1))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where the time of day is read")]
    pub fn now(&self) -> Ts {
        match &self.0 {
            Source::System => Ts::from(Utc::now()),
            Source::Hand(at, step) => Ts(at.fetch_add(*step, Ordering::SeqCst)),
        }
    }

    /// Moves a hand-turned clock; other clocks move by themselves and ignore it.
    pub fn turn_to(&self, at: Ts) {
        if let Source::Hand(hand, _) = &self.0 {
            hand.store(at.0, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serialises_as_rfc_3339_and_back() {
        let at = Ts(1_802_000_000_123);
        let text = serde_json::to_string(&at).unwrap();
        assert_eq!(text, "\"2027-02-07T11:33:20.123Z\"");
        assert_eq!(serde_json::from_str::<Ts>(&text).unwrap(), at);
    }

    #[test]
    fn clones_of_a_hand_turned_clock_move_together() {
        let clock = Clock::hand(Ts(5));
        let twin = clock.clone();
        clock.turn_to(Ts(9));
        assert_eq!(twin.now(), Ts(9));
    }

    #[test]
    fn a_clock_that_moves_never_says_the_same_twice() {
        let clock = Clock::hand_that_moves(Ts(5));
        assert_eq!((clock.now(), clock.clone().now(), clock.now()), (Ts(5), Ts(6), Ts(7)));
    }
}
