//! The only place where local time exists: working days and sending hours in a contact's own zone, given back as instants.
//!
//! Promise 4 rests on it. A [`Calendar`] is prepared once per zone and country of a round and then asked a million times:
//! answers allocate nothing and search no further than the days off reach. Days are those of the contact's zone; instants are [`Ts`].

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use crate::base::clock::Ts;

use super::round::Schedule;

pub mod almanac;
pub mod crontab;
pub mod zone;

#[cfg(test)]
mod tests;

pub use almanac::{Almanac, Locality};
pub use crontab::Cron;
pub use zone::{Zone, data as zone_data};

/// Returned by [`Calendar::next_sending_time`] where sending hours never open.
pub const NEVER: Ts = Ts(i64::MAX);

/// Further than any round reaches, so that a wrong number costs little.
const MOST_WORKING_DAYS: i32 = 1_000;
/// Openings that a change of clocks can swallow one after the other, and then some.
const MOST_OPENINGS: u32 = 8;

/// Working days, sending hours, opening and close of one round in one zone.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: Zone,
    from: NaiveTime,
    until: NaiveTime,
    /// In order, without repeats.
    days_off: Vec<NaiveDate>,
    opens_at: Ts,
    closes_at: Ts,
}

impl Calendar {
    /// `holidays`: days on which nothing is sent in the contact's country, beside the round's own `days_off`.
    pub fn prepare(schedule: &Schedule, zone: Zone, holidays: &[NaiveDate]) -> Calendar {
        let mut days_off: Vec<NaiveDate> = schedule.days_off.iter().chain(holidays).copied().collect();
        days_off.sort_unstable();
        days_off.dedup();
        Calendar {
            from: schedule.send_from,
            until: schedule.send_until,
            days_off,
            opens_at: zone.resolve(schedule.opens.and_time(NaiveTime::MIN)),
            closes_at: zone.resolve(next_day(schedule.closes).and_time(NaiveTime::MIN)),
            zone,
        }
    }

    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The first instant of the opening day.
    pub fn opens_at(&self) -> Ts {
        self.opens_at
    }

    /// The end of the closing day, that is the first instant of the day after: nothing happens at it or later.
    pub fn closes_at(&self) -> Ts {
        self.closes_at
    }

    /// See [`Zone::resolve`]: after a gap, first of a repeated hour.
    pub fn resolve(&self, local: NaiveDateTime) -> Ts {
        self.zone.resolve(local)
    }

    pub fn local(&self, at: Ts) -> NaiveDateTime {
        self.zone.local(at)
    }

    /// Monday to Friday and no day off.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && self.days_off.binary_search(&date).is_err()
    }

    /// 0: `date` itself or the first working day after it; from there `n` working days on, or back when negative. At most
    /// 1,000 either way.
    pub fn working_days_from(&self, date: NaiveDate, n: i32) -> NaiveDate {
        let mut day = self.working_day(date, next_day);
        for _ in 0..n.unsigned_abs().min(MOST_WORKING_DAYS.unsigned_abs()) {
            day = if n > 0 {
                self.working_day(next_day(day), next_day)
            } else {
                self.working_day(day_before(day), day_before)
            };
        }
        day
    }

    /// From the start of the sending hours up to, not including, their end, on a working day.
    pub fn may_send_at(&self, at: Ts) -> bool {
        self.may_send_when_clocks_show(self.zone.local(at))
    }

    /// The first instant at `at` or later at which messages may leave; [`NEVER`] when the sending hours are empty.
    pub fn next_sending_time(&self, at: Ts) -> Ts {
        let local = self.zone.local(at);
        if self.may_send_when_clocks_show(local) {
            return at;
        }
        let mut day = if local.time() < self.from { local.date() } else { next_day(local.date()) };
        for _ in 0..MOST_OPENINGS {
            day = self.working_day(day, next_day);
            let opening = self.zone.resolve_from(day.and_time(self.from), at);
            if opening >= at && self.may_send_at(opening) {
                return self.unless_clocks_change(at, opening);
            }
            day = next_day(day);
        }
        NEVER
    }

    /// The first time of `cron`, as clocks show it here, strictly after `after`.
    pub fn next_cron(&self, cron: &Cron, after: Ts) -> Option<Ts> {
        cron.next(&self.zone, after)
    }

    /// When the touch of a round that says "this day" is due, before sending hours are looked at: at `at`, or when the sending
    /// hours begin.
    pub fn on_day(&self, date: NaiveDate, at: Option<NaiveTime>) -> Ts {
        self.zone.resolve(date.and_time(at.unwrap_or(self.from)))
    }

    /// The first instant of the day that `at` falls on here.
    pub fn start_of_day(&self, at: Ts) -> Ts {
        self.zone.resolve(self.zone.local(at).date().and_time(NaiveTime::MIN))
    }

    /// The first instant of the day after the one that `at` falls on here.
    pub fn end_of_day(&self, at: Ts) -> Ts {
        self.zone.resolve(next_day(self.zone.local(at).date()).and_time(NaiveTime::MIN))
    }

    fn may_send_when_clocks_show(&self, local: NaiveDateTime) -> bool {
        self.from <= local.time() && local.time() < self.until && self.is_working_day(local.date())
    }

    /// Clocks that are set back, or that jump over the start of the sending hours, can open them before `opening`.
    fn unless_clocks_change(&self, at: Ts, opening: Ts) -> Ts {
        if self.zone.offset(at) == self.zone.offset(opening) {
            return opening;
        }
        self.zone.changes(at, opening).find(|change| self.may_send_at(*change)).unwrap_or(opening)
    }

    fn working_day(&self, from: NaiveDate, step: fn(NaiveDate) -> NaiveDate) -> NaiveDate {
        let mut day = from;
        // Each day off can cost a day, and a weekend in between two more.
        for _ in 0..3 * self.days_off.len() + 3 {
            if self.is_working_day(day) {
                break;
            }
            day = step(day);
        }
        day
    }
}

/// "Tue 9 Feb, 09:00", as clocks in `zone` show it.
pub fn human(at: Ts, zone: &Zone) -> String {
    zone.local(at).format("%a %-d %b, %H:%M").to_string()
}

pub(super) fn next_day(date: NaiveDate) -> NaiveDate {
    date.succ_opt().unwrap_or(date)
}

fn day_before(date: NaiveDate) -> NaiveDate {
    date.pred_opt().unwrap_or(date)
}
