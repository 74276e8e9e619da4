//! The only place where local time exists: working days and sending hours in a contact's own zone, given back as instants.
//!
//! Promise 4 rests on it. A [`Calendar`] is prepared once per zone and place of a round and then asked a million times:
//! answers allocate nothing and search no further than the days off reach. Days are those of the contact's zone; instants are [`Ts`].

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use crate::base::clock::{MINUTE, Ts};
use crate::rules::round::{QuietHours, Schedule};

pub mod almanac;
pub mod countries;
pub mod crontab;
pub mod weekly;
pub mod zone;

#[cfg(test)]
mod crontab_tests;
#[cfg(test)]
mod tests;

pub use self::almanac::edition::Edition;
pub use self::almanac::{Almanac, Days, DaysKey, Locality, region};
pub use crontab::Cron;
pub use zone::{Zone, data as zone_data};

/// Returned by [`Calendar::next_sending_time`] where sending hours never open.
pub const NEVER: Ts = Ts(i64::MAX);

/// Further than any round reaches, so that a wrong number costs little.
const MOST_WORKING_DAYS: i32 = 1_000;
/// Changes of the clocks that are stepped over to the next sending time: those of centuries off.
const MOST_CHANGES: u32 = 1_000;

/// Working days, sending hours, opening and close of one round in one zone and place.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: Zone,
    /// The times of a day at which messages may leave, each up to, not including, its end: in order, none empty.
    windows: Vec<(NaiveTime, NaiveTime)>,
    /// When the first of them begins.
    from: NaiveTime,
    days: Arc<Days>,
    /// The client's own: in order, without repeats.
    days_off: Vec<NaiveDate>,
    opens_at: Ts,
    closes_at: Ts,
    spread: i64,
}

impl Calendar {
    /// `days`: the working week and the public holidays of the place, beside which the round has its own `days_off`.
    pub fn prepare(schedule: &Schedule, zone: Zone, days: Arc<Days>) -> Calendar {
        let mut days_off = schedule.days_off.clone();
        days_off.sort_unstable();
        days_off.dedup();
        let windows = windows(schedule.send_from, schedule.send_until, &schedule.quiet_hours);
        Calendar {
            from: windows.first().map_or(schedule.send_from, |(from, _)| *from),
            windows,
            days,
            days_off,
            opens_at: zone.resolve(schedule.opens.and_time(NaiveTime::MIN)),
            closes_at: zone.resolve(next_day(schedule.closes).and_time(NaiveTime::MIN)),
            spread: i64::from(schedule.spread_minutes).saturating_mul(MINUTE),
            zone,
        }
    }

    /// Within this time the messages of one touch leave, in milliseconds; 0: all at once.
    pub fn spread(&self) -> i64 {
        self.spread
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

    /// A day of the working week that is neither a public holiday nor a day off.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.days.is_working_day(date) && self.days_off.binary_search(&date).is_err()
    }

    /// The public holiday of the place on this day.
    pub fn holiday(&self, date: NaiveDate) -> Option<&str> {
        self.days.holiday(date)
    }

    /// The time of day at which messages begin to leave.
    pub fn first_hour(&self) -> NaiveTime {
        self.from
    }

    /// The time of day at which messages stop to leave.
    pub fn last_hour(&self) -> Option<NaiveTime> {
        self.windows.last().map(|(_, until)| *until)
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

    /// Within the sending hours, outside the quiet ones, on a working day.
    pub fn may_send_at(&self, at: Ts) -> bool {
        let local = self.zone.local(at);
        self.next_wall_clock(local) == Some(local)
    }

    /// The first instant at `at` or later at which messages may leave; [`NEVER`] when there is none.
    pub fn next_sending_time(&self, at: Ts) -> Ts {
        let mut at = at.max(zone::EARLIEST);
        for _ in 0..MOST_CHANGES {
            if at > zone::LATEST {
                break;
            }
            let local = self.zone.local(at);
            let Some(wall) = self.next_wall_clock(local) else { break };
            // Until clocks are changed they run on evenly; from there it is asked again what they show.
            let opening = at.plus((wall - local).num_milliseconds());
            match (opening > at).then(|| self.zone.changes(at, opening).next()).flatten() {
                None => return opening,
                Some(change) => at = change,
            }
        }
        NEVER
    }

    /// How many milliseconds between the two lie within the sending hours of working days.
    pub fn working_time(&self, from: Ts, until: Ts) -> i64 {
        let (mut at, mut time) = (self.next_sending_time(from), 0);
        for _ in 0..MOST_WORKING_DAYS {
            if at >= until {
                break;
            }
            let local = self.zone.local(at);
            let window = self.windows.iter().find(|(from, until)| (*from..*until).contains(&local.time()));
            let Some((_, end)) = window else { break };
            // Where clocks are changed at that hour, it moves on all the same.
            let end = self.zone.resolve(local.date().and_time(*end)).max(at.plus(MINUTE));
            time += end.min(until).since(at);
            at = self.next_sending_time(end);
        }
        time
    }

    /// The first time of `cron`, as clocks show it here, strictly after `after`.
    pub fn next_cron(&self, cron: &Cron, after: Ts) -> Option<Ts> {
        cron.next(&self.zone, after)
    }

    /// When the touch of a round that says "this day" is due, before sending hours are looked at: at `at`, or when messages
    /// begin to leave.
    pub fn on_day(&self, date: NaiveDate, at: Option<NaiveTime>) -> Ts {
        self.zone.resolve(date.and_time(at.unwrap_or(self.from)))
    }

    /// The first instant of a day here.
    pub fn start_of(&self, day: NaiveDate) -> Ts {
        self.zone.resolve(day.and_time(NaiveTime::MIN))
    }

    /// The first instant of the day after `day` here.
    pub fn end_of(&self, day: NaiveDate) -> Ts {
        self.start_of(next_day(day))
    }

    /// The first instant of the day that `at` falls on here.
    pub fn start_of_day(&self, at: Ts) -> Ts {
        self.start_of(self.zone.local(at).date())
    }

    /// The first instant of the day after the one that `at` falls on here.
    pub fn end_of_day(&self, at: Ts) -> Ts {
        self.end_of(self.zone.local(at).date())
    }

    /// The first time of `local` or later at which messages may leave, were clocks never changed.
    fn next_wall_clock(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        if self.is_working_day(local.date())
            && let Some((from, _)) = self.windows.iter().find(|(_, until)| local.time() < *until)
        {
            return Some(local.date().and_time(local.time().max(*from)));
        }
        let day = self.working_day(next_day(local.date()), next_day);
        (day > local.date() && !self.windows.is_empty()).then(|| day.and_time(self.from))
    }

    fn working_day(&self, from: NaiveDate, step: fn(NaiveDate) -> NaiveDate) -> NaiveDate {
        let mut day = from;
        // Each day off can cost a day, and with it the rest of a week that has no other working day.
        for _ in 0..7 * (self.days_off.len() + self.days.holidays().len() + 1) {
            if self.is_working_day(day) {
                break;
            }
            day = step(day);
        }
        day
    }
}

/// The sending hours without the quiet ones.
fn windows(from: NaiveTime, until: NaiveTime, quiet: &[QuietHours]) -> Vec<(NaiveTime, NaiveTime)> {
    let mut quiet = quiet.to_vec();
    quiet.sort_unstable_by_key(|q| q.from);
    let (mut windows, mut open) = (Vec::new(), from);
    for q in quiet.iter().filter(|q| q.from < q.until) {
        windows.push((open, q.from.min(until)));
        open = open.max(q.until);
    }
    windows.push((open, until));
    windows.retain(|(from, until)| from < until);
    windows
}

/// "Tue 9 Feb, 09:00", as clocks in `zone` show it; with its year where that is another than now: "Tue 9 Feb 2027, 09:00".
pub fn human(at: Ts, now: Ts, zone: &Zone) -> String {
    let (then, now) = (zone.local(at), zone.local(now));
    let format = if then.year() == now.year() { "%a %-d %b, %H:%M" } else { "%a %-d %b %Y, %H:%M" };
    then.format(format).to_string()
}

pub(super) fn next_day(date: NaiveDate) -> NaiveDate {
    date.succ_opt().unwrap_or(date)
}

fn day_before(date: NaiveDate) -> NaiveDate {
    date.pred_opt().unwrap_or(date)
}
