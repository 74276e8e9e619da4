//! Cron expressions as wall-clock times, made into instants by a [`Zone`].
//!
//! The `cron` crate lists wall-clock times only: with a zone of its own it skips the day whose time falls into a gap and
//! fires twice, going backwards, in a repeated hour. Promises: what comes out is strictly after what went in, so a restart
//! gives the same answer; a time in a gap comes at the first minute after it; a fixed time in a repeated hour comes once.
//! Expressions that say "every" in their minutes or hours (`*`, `/`, `-`) run through both passes of a repeated hour, as in Vixie cron.

use ::cron::Schedule;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use crate::base::clock::{DAY, Ts};

use super::zone::Zone;

const NAMES: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const LONG_NAMES: [&str; 7] = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];
/// A fixed time is looked for past the minutes of one repeated day at most.
const LONGEST_SEARCH: u32 = 1_500;
const LONGEST_TEXT: usize = 200;

/// `minute hour day-of-month month weekday`, in the wall-clock time of whoever it is asked for.
///
/// Weekdays are names or numbers with 0 and 7 for Sunday. With a day of month and a weekday both given, either will do (POSIX);
/// one that begins with `*`, such as `*/2`, counts as not given, so that the other must fit too (Vixie cron).
#[derive(Clone, Debug)]
pub struct Cron {
    text: String,
    plan: Schedule,
    /// The weekday half of an expression that also names days of the month.
    or: Option<Schedule>,
    every: bool,
}

impl PartialEq for Cron {
    fn eq(&self, other: &Cron) -> bool {
        self.text == other.text
    }
}

impl Cron {
    /// The error is one sentence that names the part which cannot be used.
    pub fn parse(text: &str) -> Result<Cron, String> {
        let shown = text.trim();
        if shown.len() > LONGEST_TEXT {
            return Err(format!(
                "A cron expression has at most {LONGEST_TEXT} characters; this one has {}.",
                shown.len()
            ));
        }
        let fields: Vec<&str> = shown.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields[..] else {
            return Err(format!(
                "`{shown}` has {} fields; write five: minute, hour, day of month, month, weekday, for example \"0 9 * * TUE\".",
                fields.len()
            ));
        };
        readable("minute", minute, &format!("0 {minute} * * * *"), "0 to 59")?;
        readable("hour", hour, &format!("0 * {hour} * * *"), "0 to 23")?;
        readable("day of month", day, &format!("0 * * {day} * *"), "1 to 31")?;
        readable("month", month, &format!("0 * * * {month} *"), "1 to 12, or JAN to DEC")?;
        let weekdays = weekdays(weekday)?;
        let any = |field: &str| field.starts_with(['*', '?']);
        let read = |day: &str, weekdays: &str| {
            Schedule::try_from(format!("0 {minute} {hour} {day} {month} {weekdays}").as_str())
                .map_err(|_| format!("`{shown}` cannot be read as a cron expression."))
        };
        let (plan, or) = if any(day) || any(weekday) {
            (read(day, &weekdays)?, None)
        } else {
            (read(day, "*")?, Some(read("*", &weekdays)?))
        };
        let every = [minute, hour].iter().any(|field| field.contains(['*', '/', '-']));
        let cron = Cron { text: shown.to_owned(), plan, or, every };
        let long_ago = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN);
        if cron.wall_clock_after(long_ago).is_none() {
            return Err(format!("`{shown}` never comes: there is no such date."));
        }
        Ok(cron)
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first instant strictly after `after`; `None` when there is none before the year 2100.
    pub fn next(&self, zone: &Zone, after: Ts) -> Option<Ts> {
        let mut wall = zone.local(after);
        for _ in 0..LONGEST_SEARCH {
            wall = self.wall_clock_after(wall)?;
            let at = if self.every { zone.resolve_from(wall, after.plus(1)) } else { zone.resolve(wall) };
            if at > after {
                return Some(if self.every { self.in_repeated_time(zone, after, at) } else { at });
            }
        }
        None
    }

    /// `next`, or the time in the second pass of a repeated hour that comes before it. Such a time is less than a day after its
    /// like in the first pass, and so less than a day after `after`; `next` may be years away.
    fn in_repeated_time(&self, zone: &Zone, after: Ts, next: Ts) -> Ts {
        let second_pass = |change: Ts| {
            let wall = self.wall_clock_after(zone.local(change) - TimeDelta::seconds(1))?;
            Some(zone.resolve_from(wall, change)).filter(|at| *at > after && *at < next)
        };
        zone.changes(after, next.min(after.plus(DAY))).find_map(second_pass).unwrap_or(next)
    }

    fn wall_clock_after(&self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        let first = |plan: &Schedule| plan.after(&wall.and_utc()).next().map(|at| at.naive_utc());
        match (first(&self.plan), self.or.as_ref().and_then(first)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }
}

fn readable(name: &str, field: &str, alone: &str, range: &str) -> Result<(), String> {
    let zero_step = field.split(',').any(|item| item.split_once('/').is_some_and(|(_, n)| n.parse() == Ok(0)));
    match Schedule::try_from(alone) {
        Ok(_) if !zero_step => Ok(()),
        _ => Err(format!(
            "The {name} `{field}` of a cron expression cannot be read; write {range}, lists, ranges or steps."
        )),
    }
}

/// As a list of names: the `cron` crate counts 1 for Sunday, refuses 0 and knows no range across the end of the week.
fn weekdays(field: &str) -> Result<String, String> {
    let wrong = || {
        format!(
            "The weekday `{field}` of a cron expression cannot be read; write MON to SUN, 0 to 7 (0 and 7: Sunday), lists or ranges."
        )
    };
    let mut chosen = [false; 7];
    for item in field.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, step.parse().ok().filter(|n| (1..=7).contains(n)).ok_or_else(wrong)?),
            None => (item, 1),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" || range == "?" => (0, 6),
            Some((first, last)) => {
                let (first, last) = (weekday(first).ok_or_else(wrong)?, weekday(last).ok_or_else(wrong)?);
                if last < first { (first, last + 7) } else { (first, last) }
            }
            None => {
                let first = weekday(range).ok_or_else(wrong)?;
                (first, if item.contains('/') { first.max(6) } else { first })
            }
        };
        for day in (first..=last).step_by(step) {
            chosen[day % 7] = true;
        }
    }
    if chosen == [true; 7] {
        return Ok("*".into());
    }
    let names: Vec<&str> = NAMES.iter().zip(chosen).filter_map(|(name, chosen)| chosen.then_some(*name)).collect();
    Ok(names.join(","))
}

fn weekday(text: &str) -> Option<usize> {
    let named = |names: [&str; 7]| names.iter().position(|name| name.eq_ignore_ascii_case(text));
    match text.parse() {
        Ok(n) if n <= 7 => Some(n),
        Ok(_) => None,
        Err(_) => named(NAMES).or_else(|| named(LONG_NAMES)),
    }
}
