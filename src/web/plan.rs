//! The round's calendar: what goes on which day, as it looks now. Costs the whole round, and is the one page that does.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::NaiveDate;

use crate::rules::calendar::zone::Zone;
use crate::rules::completion::Individual;
use crate::rules::outbox::MessageKind;
use crate::rules::round::RoundState;
use crate::steps::forecast::{self, Line};
use crate::steps::{Live, completion};

use super::Web;
use super::completion::at;
use super::fields::Words;
use super::frames::{console, home, round};
use super::paging::count;
use super::problem::Answer;
use super::session::Operator;
use super::times::day;
use super::views::frame::Count;
use super::views::plan::{PlanDay, PlanPage, PlannedMessage, Withheld};
use super::views::respond;

/// As many messages of a day as are shown by name.
const SHOWN: usize = 50;

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let forecast = forecast::plan_of(&web.ctx, &live.slug).await?;
    let figures = completion::status(&web.ctx, &live.slug).await?;
    let mut days: BTreeMap<NaiveDate, Vec<Line<'_>>> = BTreeMap::new();
    let mut total = 0;
    for line in forecast.messages.iter().filter(|m| m.is_ahead()).filter_map(|m| forecast.line(m)) {
        total += 1;
        days.entry(line.local.date()).or_default().push(line);
    }
    let span = match (days.keys().next(), days.keys().next_back()) {
        (Some(first), Some(last)) if first != last => format!("{} to {}", day(*first), day(*last)),
        (Some(only), _) => day(*only),
        _ => String::new(),
    };
    let today = home(&live).local(web.ctx.clock.now()).date();
    let page = PlanPage {
        console: console(&web, &by, Some(&live), "plan", &words),
        span,
        total: Count(total),
        days: days.into_iter().map(|(date, lines)| planned(&live, date, today, &lines)).collect(),
        withheld: withheld(&live, &figures.individual),
    };
    Ok(respond(StatusCode::OK, &page))
}

fn planned(live: &Live, date: NaiveDate, today: NaiveDate, lines: &[Line<'_>]) -> PlanDay {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for line in lines {
        *kinds.entry(line.kind).or_default() += 1;
    }
    let clock = |l: &Line| l.local.format("%H:%M").to_string();
    let first = lines.iter().map(clock).min().unwrap_or_default();
    let last = lines.iter().map(clock).max().unwrap_or_default();
    let note = if date == today {
        "today"
    } else if date == live.spec.schedule.opens {
        "the round opens"
    } else if date == live.spec.schedule.closes {
        "the round closes"
    } else {
        ""
    };
    PlanDay {
        label: day(date),
        note: note.into(),
        kinds: kinds.into_iter().map(|(kind, n)| (label(kind, n), Count(n))).collect(),
        hours: if first == last { first } else { format!("{first} to {last}") },
        messages: lines.iter().take(SHOWN).map(|l| message(live, l)).collect(),
        more: (lines.len() > SHOWN).then(|| at(live, "/outbox?state=planned")),
    }
}

fn label(kind: &str, n: u64) -> String {
    let label = MessageKind::parse(kind).map_or(kind, |k| k.label());
    if n == 1 { label.into() } else { format!("{label}s") }
}

fn message(live: &Live, l: &Line<'_>) -> PlannedMessage {
    let city = Zone::find(l.time_zone).map_or_else(|| l.time_zone.into(), |z| z.city());
    let number = if l.kind == MessageKind::Reminder.as_str() { format!(" {}", l.number) } else { String::new() };
    let held = if l.state == "held" { "Held. " } else { "" };
    PlannedMessage {
        local: format!("{} in {city}", l.local.format("%H:%M")),
        name: l.name.into(),
        href: at(live, &format!("/contacts/{}", l.contact_id)),
        account: l.account.into(),
        kind: format!("{}{number}", label(l.kind, 1)),
        why: format!("{held}{}", l.reason),
    }
}

fn withheld(live: &Live, i: &Individual) -> Vec<Withheld> {
    let mut all = vec![
        ("Has answered", i.completed, "completed"),
        ("Asked for no more messages", i.opted_out, "opted_out"),
        ("The address does not take mail", i.undeliverable, "undeliverable"),
    ];
    if live.state != RoundState::Closed {
        all.insert(0, ("Not until the name is signed off", i.listed - i.signed, "unsigned"));
    }
    all.into_iter()
        .filter(|(_, n, _)| *n > 0)
        .map(|(reason, n, stage)| Withheld {
            reason: reason.into(),
            count: count(n),
            href: at(live, &format!("/contacts?stage={stage}")),
        })
        .collect()
}
