//! Whether the schedule of a round can be kept, said before anybody is written to.
//!
//! Every sentence names the touch as its author counts it ("touch 3, reminder") and a value that would work. The schedule
//! is looked at first, then the form of each touch, then (in `fit`) the times at which they come: a later stage
//! would only repeat what an earlier one found.

pub(super) mod sentences;
pub(super) mod quiet;
pub(super) mod fit;
pub(super) mod daily_capacity;

use chrono::Datelike;

use crate::base::counted::counted;
use crate::rules::calendar::almanac::{Almanac, DaysKey};
use crate::rules::calendar::zone::Zone;
use crate::rules::calendar::{Calendar, next_day};
use crate::rules::message::MessageKind;
use crate::rules::round::{Audience, RoundSpec, Schedule, Touch};

use self::sentences::{clock, day, touch_name};
use super::timing::timing;

/// More are a mistake of typing, and every one is stepped over.
const MOST_WORKING_DAYS: u32 = 250;

/// What makes this schedule impossible, one sentence each; empty when it can be kept. Looked at in the round's own zone.
pub fn check(spec: &RoundSpec, almanac: &Almanac) -> Vec<String> {
    let mut wrong = schedule(&spec.schedule, almanac);
    if wrong.is_empty() {
        wrong = touches(spec);
    }
    match Zone::find(&spec.schedule.time_zone) {
        Some(zone) if wrong.is_empty() => fit::check(spec, &home(&spec.schedule, zone, almanac)),
        _ => wrong,
    }
}

/// The round's own zone lies in no country: only weekends and the client's days off are known there.
fn home(schedule: &Schedule, zone: Zone, almanac: &Almanac) -> Calendar {
    Calendar::prepare(schedule, zone, almanac.days(DaysKey::default()))
}

fn schedule(schedule: &Schedule, almanac: &Almanac) -> Vec<String> {
    let mut wrong = Vec::new();
    let zone = Zone::find(&schedule.time_zone);
    if zone.is_none() {
        wrong.push(format!(
            "The time zone `{}` is not known; write an IANA name, for example \"Europe/Dublin\".",
            schedule.time_zone
        ));
    }
    if !(2000..=2098).contains(&schedule.opens.year()) || !(2000..=2098).contains(&schedule.closes.year()) {
        wrong.push(format!(
            "The round runs from {} to {}; give dates between 2000 and 2098.",
            schedule.opens, schedule.closes
        ));
        return wrong;
    }
    if schedule.closes < schedule.opens {
        wrong.push(format!(
            "The round closes on {}, before it opens on {}; close it later, for example closes = \"{}\".",
            day(schedule.closes),
            day(schedule.opens),
            schedule.opens + chrono::Days::new(25)
        ));
        return wrong;
    }
    if schedule.send_until <= schedule.send_from {
        wrong.push(format!(
            "Nothing can be sent between {} and {} of a day; sending hours must end after they begin, for example \
             send_from = \"09:00\" and send_until = \"16:30\".",
            schedule.send_from.format("%H:%M"),
            schedule.send_until.format("%H:%M")
        ));
    }
    wrong.extend(quiet::check(schedule));
    if schedule.maximum_per_account_per_day == Some(0) {
        wrong.push("maximum_per_account_per_day is 0, so nothing could leave; write 4, say, or leave it out.".into());
    }
    if let Some(zone) = zone {
        let calendar = home(schedule, zone, almanac);
        let first = calendar.working_days_from(schedule.opens, 0);
        if first > schedule.closes {
            wrong.push(format!(
                "There is no working day from {} to {}: all are weekends or days off; take some out of days_off, or \
                 close later, for example closes = \"{}\".",
                day(schedule.opens),
                day(schedule.closes),
                calendar.working_days_from(next_day(schedule.closes), 10)
            ));
        }
    }
    wrong
}

fn touches(spec: &RoundSpec) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut say = |index: usize, what: String| wrong.push(format!("{}: {what}", touch_name(spec, index)));
    for (index, touch) in spec.touches.iter().enumerate() {
        for what in form(touch, &spec.schedule) {
            say(index, what);
        }
        let before = spec.touches.get(..index).unwrap_or_default();
        let earlier = |kind: MessageKind| before.iter().position(|t| t.kind == kind);
        let invitation = earlier(MessageKind::Invitation);
        match (touch.kind, earlier(touch.kind), invitation) {
            (MessageKind::WarmUp | MessageKind::Invitation | MessageKind::ThankYou, Some(other), _) => {
                say(index, format!("there is one already, touch {}; leave one of the two out.", other + 1));
            }
            (MessageKind::WarmUp, None, Some(other)) => {
                say(index, format!("it stands after the invitation; move it before touch {}.", other + 1));
            }
            (MessageKind::Reminder, _, None) => {
                say(
                    index,
                    "there is no invitation before it to remind of; put a touch of kind \"invitation\" first.".into(),
                );
            }
            (MessageKind::Reminder, _, Some(_)) => {
                let endless = |t: &Touch| t.kind == MessageKind::Reminder && t.cron.is_some() && t.times.is_none();
                if let Some(other) = before.iter().position(endless) {
                    let what = "its turn never comes, because";
                    say(
                        index,
                        format!("{what} touch {} goes on without end; give that one times = 2, say.", other + 1),
                    );
                }
            }
            _ => {}
        }
    }
    if !spec.touches.iter().any(|t| t.kind == MessageKind::Invitation) && wrong.is_empty() {
        wrong.push("No touch is an invitation; add one with kind = \"invitation\" and working_days = 0.".into());
    }
    let first = |t: &&Touch| matches!(t.kind, MessageKind::WarmUp | MessageKind::Invitation);
    let needed = spec.touches.iter().filter(first).count();
    let maximum = spec.schedule.maximum_messages as usize;
    if maximum < needed {
        let invitation = spec.touches.iter().position(|t| t.kind == MessageKind::Invitation).unwrap_or(0);
        let name = touch_name(spec, invitation);
        let enough = needed + 2;
        wrong.push(format!(
            "{name}: it can never go, because maximum_messages is {maximum}; set maximum_messages = {enough}."
        ));
    }
    wrong
}

/// What is wrong with a touch by itself.
fn form(touch: &Touch, schedule: &Schedule) -> Vec<String> {
    let mut wrong = Vec::new();
    if !touch.kind.to_contact() {
        return vec![format!(
            "a {} does not go to contacts; the kinds of a touch are warm_up, invitation, reminder and thank_you.",
            touch.kind.label()
        )];
    }
    if let Err(what) = timing(touch) {
        let what = what.trim_end_matches('.');
        wrong.push(format!("{what}; a cron expression that works is \"{} * * TUE\".", clock(quiet::opening(schedule))));
    }
    let some = touch.audience != Audience::Everybody;
    match touch.kind {
        MessageKind::Reminder => {}
        MessageKind::WarmUp if some => {
            wrong.push("nobody has begun when the warm-up goes; leave `for` out, or choose by `roles`.".into());
        }
        MessageKind::Invitation | MessageKind::ThankYou if some || !touch.roles.is_empty() => {
            wrong.push(format!("the {} is for everybody; leave `for` and `roles` out.", touch.kind.label()));
        }
        _ => {}
    }
    match touch.cron {
        Some(_) if touch.kind == MessageKind::WarmUp => {
            wrong.push("a warm-up goes on one day; give it working_days = -5 instead of cron.".into());
        }
        Some(_) if touch.at.is_some() => wrong.push("cron says the time of day; leave `at` out.".into()),
        Some(_) if touch.times == Some(0) => {
            wrong.push("times = 0 sends nothing; write times = 1 or leave it out.".into());
        }
        Some(_) if touch.times.is_some_and(|n| n > 1) && touch.kind != MessageKind::Reminder => {
            wrong.push("it goes once; write times = 1 or leave it out.".into());
        }
        None if touch.times.is_some() => wrong.push("`times` is for touches with cron; leave it out.".into()),
        _ => {}
    }
    if let Some(at) = touch.at.filter(|at| *at < schedule.send_from || *at >= schedule.send_until) {
        wrong.push(format!(
            "{} is not in the sending hours, {} to {}; write at = \"{}\" or leave it out.",
            at.format("%H:%M"),
            schedule.send_from.format("%H:%M"),
            schedule.send_until.format("%H:%M"),
            quiet::opening(schedule).format("%H:%M")
        ));
    } else if let Some(q) = touch.at.and_then(|at| quiet::around(schedule, at)) {
        let at = touch.at.unwrap_or_default().format("%H:%M");
        let instead = quiet::open_after(schedule, q).format("%H:%M");
        wrong.push(format!("{at} is in quiet hours, {}; write at = \"{instead}\" or leave it out.", quiet::said(q)));
    }
    match touch.working_days {
        Some(n) if n.unsigned_abs() > MOST_WORKING_DAYS => {
            wrong.push(format!("{n} working days are too far from the opening; write {MOST_WORKING_DAYS} at most."));
        }
        Some(n) if n < 0 && touch.kind == MessageKind::ThankYou => {
            wrong.push(format!(
                "it counts from the answer and cannot go {} before it; write working_days = 0.",
                counted(n.unsigned_abs(), "day", "days")
            ));
        }
        _ => {}
    }
    wrong
}
