//! Whether the times of a well-formed sequence fit between opening and close, by walking it for somebody who is signed off
//! in time and does not answer.

use chrono::NaiveDateTime;

use crate::base::clock::{DAY, Ts};
use crate::base::counted::counted;
use crate::rules::calendar::crontab::Cron;
use crate::rules::calendar::{Calendar, next_day};
use crate::rules::message::MessageKind;
use crate::rules::plan::timing::{MOST_TIMES, Timing, not_before, own_time, timing};
use crate::rules::round::{RoundSpec, Touch};

use super::quiet;
use super::sentences::{clock, day, touch_name};

/// Times of a cron expression that are tried for one in the sending hours.
const MOST_TRIES: usize = 3_000;
/// Gaps longer than this are not offered.
const LONGEST_GAP: u32 = 60;

/// One sentence for each touch that cannot go.
pub(in crate::plan) fn check(spec: &RoundSpec, calendar: &Calendar) -> Vec<String> {
    Walk { spec, calendar, gap_days: spec.schedule.minimum_gap_days, trying: false }.wrong()
}

struct Walk<'a> {
    spec: &'a RoundSpec,
    calendar: &'a Calendar,
    gap_days: u32,
    /// Only whether it fits is of interest, not what to do about it.
    trying: bool,
}

/// The message before: when it goes, when its touch wanted it to, and its name.
struct Before {
    at: Ts,
    wanted: Ts,
    name: String,
}

impl Walk<'_> {
    fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut before: Option<Before> = None;
        for (index, touch) in self.spec.touches.iter().enumerate() {
            let Ok(timing) = timing(touch) else { continue };
            let name = touch_name(self.spec, index);
            let found = match (touch.kind, &timing) {
                (MessageKind::ThankYou, _) => self.thanks(touch, &timing).map(|()| None),
                (_, Timing::Cron(cron)) => self.by_cron(touch, cron, before.as_ref()).map(Some),
                _ => self.dated(touch, &timing, before.as_ref()).map(Some),
            };
            match found {
                Ok(Some((at, wanted))) => before = Some(Before { at, wanted, name }),
                Ok(None) => {}
                Err(why) => wrong.push(format!("{name}: {why}")),
            }
        }
        wrong
    }

    fn dated(&self, touch: &Touch, timing: &Timing, before: Option<&Before>) -> Result<(Ts, Ts), String> {
        let (calendar, schedule) = (self.calendar, &self.spec.schedule);
        let wanted = own_time(calendar, schedule.opens, timing).unwrap_or_default();
        let alone = calendar.next_sending_time(wanted);
        let on = self.local(wanted).date();
        if touch.kind == MessageKind::Invitation && on < schedule.opens {
            let opens = day(schedule.opens);
            return Err(format!("it falls on {}, before the round opens on {opens}; write working_days = 0.", day(on)));
        }
        if alone >= calendar.closes_at() {
            let (on, closes) = (day(on), day(schedule.closes));
            return Err(format!(
                "it falls on {on}, too late for the close on {closes}; {}.",
                self.last_chance(touch, before)
            ));
        }
        let Some(before) = before else { return Ok((alone, wanted)) };
        let earliest = before.at.plus(self.gap());
        if wanted < before.wanted {
            let (on, other) = (day(on), day(self.local(before.wanted).date()));
            let instead = if touch.kind == MessageKind::Invitation {
                format!("give the warm-up {}", self.early_enough())
            } else {
                self.last_chance(touch, Some(before))
            };
            return Err(format!("it falls on {on}, before {} on {other}; {instead}.", before.name));
        }
        let at = calendar.next_sending_time(wanted.max(earliest));
        if at < calendar.closes_at() {
            return Ok((at, wanted));
        }
        let (gap, other, closes) = (self.gap_days, &before.name, day(schedule.closes));
        Err(format!(
            "with {} after {other} it comes too late for the close on {closes}; {}.",
            counted(gap, "day", "days"),
            self.smaller_gap()
        ))
    }

    fn by_cron(&self, touch: &Touch, cron: &Cron, before: Option<&Before>) -> Result<(Ts, Ts), String> {
        let (calendar, schedule) = (self.calendar, &self.spec.schedule);
        let opening = calendar.opens_at().plus(-1);
        let after = before.map_or(opening, |b| not_before(calendar, b.at, self.gap())).max(opening);
        let instead = || match self.working_cron(after) {
            Some(cron) => format!("a cron expression that works is \"{cron}\""),
            None => self.smaller_gap(),
        };
        let next = |after: Ts| calendar.next_cron(cron, after).filter(|at| *at < calendar.closes_at());
        let Some(first) = next(after) else {
            let closes = day(schedule.closes);
            return Err(format!("`{}` does not come in time for the close on {closes}; {}.", cron.as_str(), instead()));
        };
        let all = std::iter::successors(Some(first), |at| next(*at)).take(MOST_TRIES);
        let Some(wanted) = all.into_iter().find(|at| calendar.may_send_at(*at)) else {
            let (from, until) = (schedule.send_from.format("%H:%M"), schedule.send_until.format("%H:%M"));
            let quiet: Vec<String> = schedule.quiet_hours.iter().map(quiet::said).collect();
            let without = if quiet.is_empty() { String::new() } else { format!(" without {}", quiet.join(" and ")) };
            let hours = format!("the sending hours of working days, {from} to {until}{without}");
            return Err(format!("`{}` never comes in {hours}; {}.", cron.as_str(), instead()));
        };
        let first = before.map_or(wanted, |b| wanted.max(b.at.plus(self.gap())));
        let mut at = calendar.next_sending_time(first);
        let times = touch.times.unwrap_or(schedule.maximum_messages).min(MOST_TIMES);
        for _ in 1..if touch.kind == MessageKind::Reminder { times } else { 1 } {
            let earliest = at.plus(self.gap());
            match next(not_before(calendar, at, self.gap())).map(|next| calendar.next_sending_time(next.max(earliest)))
            {
                Some(next) if next < calendar.closes_at() => at = next,
                _ => break,
            }
        }
        Ok((at, wanted))
    }

    fn thanks(&self, touch: &Touch, timing: &Timing) -> Result<(), String> {
        let (calendar, schedule) = (self.calendar, &self.spec.schedule);
        let due = match timing {
            Timing::WorkingDays(n, at) => Some(calendar.on_day(calendar.working_days_from(schedule.opens, *n), *at)),
            Timing::Date(date, _) if *date < schedule.opens => None,
            Timing::Date(date, at) => Some(calendar.on_day(*date, *at)),
            Timing::Cron(cron) => return self.by_cron(touch, cron, None).map(drop),
        };
        if due.is_some_and(|due| calendar.next_sending_time(due) < calendar.closes_at()) {
            Ok(())
        } else {
            let (opens, closes) = (day(schedule.opens), day(schedule.closes));
            Err(format!(
                "it can never go between the opening on {opens} and the close on {closes}; write working_days = 0."
            ))
        }
    }

    /// The last day on which the touch could go, if it can go at all.
    fn last_chance(&self, touch: &Touch, before: Option<&Before>) -> String {
        let schedule = &self.spec.schedule;
        let last = self.calendar.working_days_from(next_day(schedule.closes), -1);
        let due = self.calendar.on_day(last, touch.at);
        match before {
            _ if touch.kind == MessageKind::WarmUp => format!("write {}", self.early_enough()),
            _ if touch.kind == MessageKind::Invitation => "write working_days = 0".into(),
            Some(before) if due < before.at.plus(self.gap()) || due < before.wanted => {
                "leave it out, or close later".into()
            }
            _ => format!("write date = \"{last}\" or earlier"),
        }
    }

    /// For a warm-up.
    fn early_enough(&self) -> String {
        format!("working_days = -{}", self.gap_days.clamp(4, 200) + 1)
    }

    fn working_cron(&self, after: Ts) -> Option<String> {
        let (calendar, schedule) = (self.calendar, &self.spec.schedule);
        let day = calendar.working_days_from(self.local(after.plus(1)).date(), 0);
        (day <= schedule.closes)
            .then(|| format!("{} * * {}", clock(calendar.first_hour()), day.format("%a")).to_uppercase())
    }

    /// The longest gap with which every touch can go.
    fn smaller_gap(&self) -> String {
        let fits = |days: &u32| Walk { gap_days: *days, trying: true, ..*self }.wrong().is_empty();
        match (0..self.gap_days.min(LONGEST_GAP)).rev().filter(|_| !self.trying).find(fits) {
            Some(days) => format!("set minimum_gap_days = {days}"),
            None => "leave it out, or close later".into(),
        }
    }

    fn gap(&self) -> i64 {
        i64::from(self.gap_days).saturating_mul(DAY)
    }

    fn local(&self, at: Ts) -> NaiveDateTime {
        self.calendar.local(at)
    }
}
