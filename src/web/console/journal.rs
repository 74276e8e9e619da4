//! The journal: who did what, by person, by round and by day, with the filters in the address. A page costs what it shows, wherever it stands.
//!
//! Operators see that something was done to whom. What an entry says of a contact (why he left, what was heard of him) stands on his own page
//! and not here: this page is about those who act. Of a round that tells numbers only nothing stands here that says who has answered.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{NaiveDate, NaiveTime};

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, EntryId, RoundId, is_id};
use crate::base::problem::Result;
use crate::base::sentence::capitalised;
use crate::rules::alarm::told_at;
use crate::rules::calendar::zone::Zone;
use crate::rules::evidence::is_private;
use crate::steps::completion::entries;
use crate::store::Tx;
use crate::store::contacts::{self, accounts};
use crate::store::journal::Entry;
use crate::store::journal::log::Asked;
use crate::store::round::rounds::{self, Brief};
use crate::web::console::views::journal::{JournalPage, JournalRow};
use crate::web::kit::door::session::Operator;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::{console, home};
use crate::web::kit::paging::ROWS;
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::form::Choice;
use crate::web::kit::views::frame::{Link, When};
use crate::web::kit::views::page::respond;

/// What the address asks for.
struct Part {
    who: String,
    /// Its name in addresses; empty: all.
    round: String,
    day: String,
    /// Behind which entry the page begins.
    before: Option<(Ts, EntryId)>,
}

impl Part {
    fn of(fields: &Fields) -> Part {
        let short = |name: &str, most: usize| fields.get(name).chars().take(most).collect::<String>();
        let before = fields.get("before").split_once('.').and_then(|(at, id)| {
            let at = at.parse().ok().map(Ts)?;
            is_id(id).then(|| (at, EntryId::from(id)))
        });
        Part { who: short("who", 254), round: short("round", 100), day: short("day", 10), before }
    }

    fn address(&self, before: &str) -> String {
        let all = [("who", self.who.as_str()), ("round", &self.round), ("day", &self.day), ("before", before)];
        format!("{}{}", urls::JOURNAL, query(&all))
    }
}

pub async fn page(State(web): State<Web>, by: Operator, Words(words): Words) -> Answer {
    let mut part = Part::of(&words);
    let mut tx = web.ctx.db.read().await?;
    let all = rounds::list(&mut tx).await?;
    let round = all.iter().find(|brief| brief.slug == part.round);
    let live = match round {
        Some(brief) => Some(web.ctx.live(&mut tx, brief).await?),
        None => None,
    };
    // What is no round narrows nothing.
    if live.is_none() {
        part.round.clear();
    }
    let (from, until) = match part.day.parse::<NaiveDate>() {
        Ok(day) => match &live {
            Some(live) => (live.sequence.home().start_of(day), live.sequence.home().end_of(day)),
            None => (midnight(day), midnight(day.succ_opt().unwrap_or(day))),
        },
        Err(_) => (Ts(i64::MIN), Ts(i64::MAX)),
    };
    let first = (until, EntryId::default());
    let before = part.before.clone().filter(|(at, _)| *at < until).unwrap_or(first);
    let asked = Asked {
        actor: Some(part.who.clone()).filter(|who| !who.is_empty()),
        round: round.map(|brief| brief.id.clone()),
        from,
        before,
    };
    let found = entries::told(&web.ctx, &mut tx, asked, &all, ROWS).await?;
    let about = about(&mut tx, &found.entries, &all).await?;
    drop(tx);
    let slugs: HashMap<&RoundId, &str> = all.iter().map(|brief| (&brief.id, brief.slug.as_str())).collect();
    let (now, zone) = (web.ctx.clock.now(), live.as_ref().map(|live| home(live)));
    let row = |e: &Entry| {
        let private = is_private(&e.action);
        JournalRow {
            when: at(e.at, now, zone.as_ref()),
            who: e.actor.clone(),
            who_href: Part { who: e.actor.clone(), round: part.round.clone(), day: String::new(), before: None }
                .address(""),
            what: capitalised(&e.action),
            about: about.get(&e.subject).cloned(),
            detail: if private { String::new() } else { e.detail.clone() },
            withheld: private && !e.detail.is_empty(),
            round: e
                .round_id
                .as_ref()
                .and_then(|id| slugs.get(id))
                .map_or_else(String::new, |slug| (*slug).to_string()),
        }
    };
    let page = JournalPage {
        console: console(&web, &by, live.as_deref(), "", &words),
        rounds: choices(&all),
        rows: found.entries.iter().map(row).collect(),
        next: found.next.map(|(at, id)| part.address(&format!("{}.{id}", at.0))),
        newest: part.before.is_some().then(|| part.address("")),
        narrow: !part.who.is_empty() || !part.round.is_empty() || !part.day.is_empty(),
        who: part.who.clone(),
        round: part.round.clone(),
        day: part.day.clone(),
    };
    Ok(respond(StatusCode::OK, &page))
}

fn choices(all: &[Brief]) -> Vec<Choice> {
    let each = all.iter().map(|brief| Choice::new(&brief.slug, format!("{}, {}", brief.client, brief.slug)));
    [Choice::new("", "all")].into_iter().chain(each).collect()
}

/// In the zone of the round that is shown; of several rounds in the time of everywhere.
fn at(ts: Ts, now: Ts, zone: Option<&Zone>) -> When {
    match zone {
        Some(zone) => when(ts, now, zone),
        None => When::new(told_at(ts), told_at(ts), ts.to_string()),
    }
}

fn midnight(day: NaiveDate) -> Ts {
    Ts(day.and_time(NaiveTime::MIN).and_utc().timestamp_millis())
}

/// The contacts and accounts among the subjects of these entries, with their pages.
async fn about(tx: &mut Tx, entries: &[Entry], all: &[Brief]) -> Result<HashMap<String, Link>> {
    let slug = |id: &RoundId| all.iter().find(|brief| brief.id == *id).map_or("", |brief| brief.slug.as_str());
    let subjects = || entries.iter().map(|e| e.subject.as_str()).filter(|subject| is_id(subject));
    let people: Vec<ContactId> = subjects().map(ContactId::from).collect();
    let mut found = HashMap::new();
    for p in contacts::persons(tx, &people.iter().collect::<Vec<_>>()).await? {
        let link = Link::new(p.full_name(), urls::contact(slug(&p.round_id), &p.id));
        found.insert(p.id.to_string(), link);
    }
    let companies: Vec<AccountId> = subjects().map(AccountId::from).collect();
    for a in accounts::by_ids(tx, &companies.iter().collect::<Vec<_>>()).await? {
        found.insert(a.id.to_string(), Link::new(a.name, urls::account(slug(&a.round_id), &a.id)));
    }
    Ok(found)
}
