//! The calendar of the plan: day by day what goes to whom, in the contacts' own time, and what is special about the day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};

use crate::rules::calendar::zone::Zone;
use crate::rules::outbox::MessageKind;
use crate::steps::Live;
use crate::steps::forecast::{Forecast, Line};
use crate::web::completion::at;
use crate::web::names;
use crate::web::times::day;
use crate::web::views::frame::Count;
use crate::web::views::plan::{PlanDay, PlannedMessage};

/// As many messages of a day are shown by name.
const SHOWN: usize = 50;
/// No round is longer; what is further away has no notes.
const FURTHEST: usize = 400;

/// What is known of a day while the forecast is read: a hundred thousand messages are counted, not kept.
struct Going {
    kinds: BTreeMap<MessageKind, u64>,
    first: NaiveTime,
    last: NaiveTime,
    messages: Vec<PlannedMessage>,
}

pub fn of(live: &Live, forecast: &Forecast) -> Vec<PlanDay> {
    let mut going: BTreeMap<NaiveDate, Going> = BTreeMap::new();
    for m in forecast.messages.iter().filter(|m| m.is_ahead()) {
        let Some(line) = forecast.line(m) else { continue };
        let time = line.local.time();
        let empty = Going { kinds: BTreeMap::new(), first: time, last: time, messages: Vec::new() };
        let of_day = going.entry(line.local.date()).or_insert(empty);
        *of_day.kinds.entry(m.kind).or_default() += 1;
        of_day.first = of_day.first.min(time);
        of_day.last = of_day.last.max(time);
        if of_day.messages.len() < SHOWN {
            of_day.messages.push(message(live, m.kind, &line));
        }
    }
    let Some((first, last)) = going.keys().next().copied().zip(going.keys().next_back().copied()) else {
        return Vec::new();
    };
    let today = live.sequence.home().local(forecast.now).date();
    let first = first.min(live.spec.schedule.opens.max(today));
    let last = last.max(live.spec.schedule.closes);
    let all = first.iter_days().take(FURTHEST).take_while(|date| *date <= last).filter_map(|date| {
        let notes = notes(live, forecast, date, today);
        match going.remove(&date) {
            Some(going) => Some(planned(live, date, notes, going)),
            None if notes.is_empty() || (is_weekend(date) && !is_edge(live, date)) => None,
            None => Some(PlanDay {
                label: day(date),
                notes,
                kinds: Vec::new(),
                hours: String::new(),
                messages: Vec::new(),
                more: None,
            }),
        }
    });
    all.collect()
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The round opens or closes on this day.
fn is_edge(live: &Live, date: NaiveDate) -> bool {
    date == live.spec.schedule.opens || date == live.spec.schedule.closes
}

fn notes(live: &Live, forecast: &Forecast, date: NaiveDate, today: NaiveDate) -> Vec<String> {
    let schedule = &live.spec.schedule;
    let said = [
        (date == today, "today".to_string()),
        (date == schedule.opens, "the round opens".to_string()),
        (date == schedule.closes, "the round closes".to_string()),
        (schedule.days_off.contains(&date), format!("{} has a day off", live.spec.client)),
    ];
    let mut all: Vec<String> = said.into_iter().filter(|(is, _)| *is).map(|(_, text)| text).collect();
    let mut holidays: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for place in &forecast.places {
        if let Some(name) = place.calendar.holiday(date) {
            let elsewhere =
                |p: &&crate::steps::forecast::Place| p.country == place.country && p.calendar.holiday(date).is_none();
            let part = if forecast.places.iter().any(|p| elsewhere(&p)) { "parts of " } else { "" };
            holidays.entry(name).or_default().insert(format!("{part}{}", names::country(&place.country)));
        }
    }
    all.extend(holidays.into_iter().map(|(name, countries)| {
        let countries: Vec<String> = countries.into_iter().collect();
        format!("public holiday in {}: {name}", countries.join(", "))
    }));
    all
}

fn planned(live: &Live, date: NaiveDate, notes: Vec<String>, going: Going) -> PlanDay {
    let clock = |t: NaiveTime| t.format("%H:%M").to_string();
    let total: u64 = going.kinds.values().sum();
    PlanDay {
        label: day(date),
        notes,
        kinds: going.kinds.into_iter().map(|(kind, n)| (label(kind, n), Count(n))).collect(),
        hours: if going.first == going.last {
            clock(going.first)
        } else {
            format!("{} to {}", clock(going.first), clock(going.last))
        },
        more: (total > going.messages.len() as u64).then(|| at(live, &format!("/plan.csv?day={date}"))),
        messages: going.messages,
    }
}

fn label(kind: MessageKind, n: u64) -> String {
    format!("{}{}", kind.label(), if n == 1 { "" } else { "s" })
}

fn message(live: &Live, kind: MessageKind, l: &Line<'_>) -> PlannedMessage {
    let city = Zone::find(l.time_zone).map_or_else(|| l.time_zone.into(), |z| z.city());
    let number = if kind == MessageKind::Reminder { format!(" {}", l.number) } else { String::new() };
    let held = if l.state == "held" { "Held. " } else { "" };
    PlannedMessage {
        local: match l.in_rounds_time {
            true => format!("{} in {city}'s time", l.local.format("%H:%M")),
            false => format!("{} in {city}", l.local.format("%H:%M")),
        },
        name: l.name.into(),
        href: at(live, &format!("/contacts/{}", l.contact_id)),
        account: l.account.into(),
        kind: format!("{}{number}", kind.label()),
        why: super::capital(&format!("{held}{}", l.reason)),
    }
}
