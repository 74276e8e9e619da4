//! The calendar of the plan: day by day what goes to whom, in the contacts' own time, and what is special about the day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};

use crate::base::sentence::capitalised;
use crate::rules::calendar::zone::Zone;
use crate::rules::message::MessageKind;
use crate::steps::Live;
use crate::steps::plan::forecast::{DayAhead, Figures, MessageAhead};
use crate::web::console::views::plan::{PlanDay, PlannedMessage};
use crate::web::kit::forms::query::with;
use crate::web::kit::times::day;
use crate::web::kit::views::frame::Count;
use crate::web::kit::{names, urls};

/// A plan of so many messages stands on the page as a whole; of a larger one a day is opened at a time.
const WHOLE: u64 = 500;
/// No round is longer; what is further away has no notes.
const FURTHEST: usize = 400;

/// `open`: the day whose messages are shown, as its link has it.
pub fn of(live: &Live, figures: &Figures, open: &str) -> Vec<PlanDay> {
    let Some((first, last)) = figures.days.keys().next().copied().zip(figures.days.keys().next_back().copied()) else {
        return Vec::new();
    };
    let today = live.sequence.home().local(figures.as_of).date();
    let open: Option<NaiveDate> = open.parse().ok();
    let whole = figures.messages <= WHOLE;
    let first = first.min(live.spec.schedule.opens.max(today));
    let last = last.max(live.spec.schedule.closes);
    let all = first.iter_days().take(FURTHEST).take_while(|date| *date <= last).filter_map(|date| {
        let notes = notes(live, figures, date, today);
        match figures.days.get(&date) {
            Some(going) => Some(planned(live, date, notes, going, (whole, open == Some(date)))),
            None if notes.is_empty() || (is_weekend(date) && !is_edge(live, date)) => None,
            None => Some(PlanDay {
                label: day(date),
                notes,
                kinds: Vec::new(),
                hours: String::new(),
                messages: Vec::new(),
                href: None,
                open: false,
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

fn notes(live: &Live, figures: &Figures, date: NaiveDate, today: NaiveDate) -> Vec<String> {
    let schedule = &live.spec.schedule;
    let said = [
        (date == today, "today".to_string()),
        (date == schedule.opens, "the round opens".to_string()),
        (date == schedule.closes, "the round closes".to_string()),
        (schedule.days_off.contains(&date), format!("{} has a day off", live.spec.client)),
    ];
    let mut all: Vec<String> = said.into_iter().filter(|(is, _)| *is).map(|(_, text)| text).collect();
    let mut holidays: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for place in &figures.places {
        if let Some(name) = place.calendar.holiday(date) {
            let elsewhere = |p: &&crate::steps::plan::forecast::Place| {
                p.country == place.country && p.calendar.holiday(date).is_none()
            };
            let part = if figures.places.iter().any(|p| elsewhere(&p)) { "parts of " } else { "" };
            holidays.entry(name).or_default().insert(format!("{part}{}", names::country(&place.country)));
        }
    }
    all.extend(holidays.into_iter().map(|(name, countries)| {
        let countries: Vec<String> = countries.into_iter().collect();
        format!("public holiday in {}: {name}", countries.join(", "))
    }));
    all
}

fn planned(live: &Live, date: NaiveDate, notes: Vec<String>, going: &DayAhead, (whole, open): (bool, bool)) -> PlanDay {
    let clock = |t: NaiveTime| t.format("%H:%M").to_string();
    let total: u64 = going.kinds.values().sum();
    let shown = if whole || open { going.messages.as_slice() } else { &[] };
    PlanDay {
        label: day(date),
        notes,
        kinds: going.kinds.iter().map(|(kind, n)| (label(*kind, *n), Count(*n))).collect(),
        hours: if going.first == going.last {
            clock(going.first)
        } else {
            format!("{} to {}", clock(going.first), clock(going.last))
        },
        href: shown.is_empty().then(|| format!("{}#day", with(urls::plan(&live.slug), "day", &date.to_string()))),
        open,
        more: (total > shown.len() as u64).then(|| with(urls::plan_csv(&live.slug), "day", &date.to_string())),
        messages: shown.iter().map(|m| message(live, m)).collect(),
    }
}

fn label(kind: MessageKind, n: u64) -> String {
    format!("{}{}", kind.label(), if n == 1 { "" } else { "s" })
}

fn message(live: &Live, m: &MessageAhead) -> PlannedMessage {
    let city = Zone::find(&m.time_zone).map_or_else(|| m.time_zone.to_string(), |z| z.city());
    let held = if m.held { "Held. " } else { "" };
    PlannedMessage {
        local: match m.in_rounds_time {
            true => format!("{} in {city}'s time", m.local.format("%H:%M")),
            false => format!("{} in {city}", m.local.format("%H:%M")),
        },
        name: m.name.to_string(),
        href: urls::contact(&live.slug, &m.contact_id),
        account: m.account.to_string(),
        kind: m.kind.numbered(m.number),
        why: capitalised(&format!("{held}{}", m.reason)),
    }
}
