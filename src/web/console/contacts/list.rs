//! The list of people behind every number of a round, with search and filters.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::folding::sought;
use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::base::sentence::capitalised;
use crate::rules::contacts::Role;
use crate::rules::message::MessageState;
use crate::rules::plan::Reason;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::store::contacts::left_out::{self, LeftOut};
use crate::store::contacts::search::{LOOKED_THROUGH, Search};
use crate::store::contacts::{Person, accounts, search as people};
use crate::store::sending::outbox::{self, Message};
use crate::store::{Tx, completion as tallies};
use crate::web::console::sending::message::kind;
use crate::web::console::views::contacts::{ContactRow, ContactsPage, Filter, LeftOutRow};
use crate::web::kit::door::session::Operator;
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::with;
use crate::web::kit::frames::{console, round};
use crate::web::kit::paging::{self, COUNTED, ROWS};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::form::Choice;
use crate::web::kit::views::frame::{Count, When};
use crate::web::kit::views::page::respond;

use super::standing::standing;

/// As many rows that were left out stand on the page.
const LEFT_OUT: usize = 200;

const STAGES: [&str; 16] = [
    "",
    "listed",
    "unsigned",
    "signed",
    "invited",
    "reachable",
    "not_answered",
    "started",
    "completed",
    "opted_out",
    "kept_out",
    "undeliverable",
    "left",
    "away_until_the_close",
    "to_repair",
    "removed",
];

pub async fn list(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let q: String = words.get("q").chars().take(100).collect();
    let mut search = search(&words);
    let page = paging::number(&words);
    let (found, total, listed, account, vague, left_out) = {
        let mut tx = web.ctx.db.read().await?;
        if !q.trim().is_empty() {
            search.words = Some(people::narrowed(&mut tx, &live.id, sought(&q)).await?);
        }
        let mut found = Vec::new();
        for person in people::page(&mut tx, &live.id, &search, ROWS, paging::offset(page)).await? {
            found.push(row(&web, &mut tx, &live, &person).await?);
        }
        let total = people::count(&mut tx, &live.id, &search, COUNTED).await?;
        let listed = tallies::by_role(&mut tx, &live.id).await?.iter().map(|t| t.listed).sum();
        let account = match &search.account {
            Some(account) => accounts::by_id(&mut tx, account).await?,
            None => None,
        };
        let vague = search.words.as_ref().is_some_and(|words| words.is_vague);
        let left_out = left_out::of_round(&mut tx, &live.id).await?;
        (found, total, listed, account.filter(|a| a.round_id == live.id).map(|a| a.name), vague, left_out)
    };
    let of_account = search.account.as_ref().map_or("", AccountId::as_str);
    let kept = [("q", q.as_str()), ("stage", &search.stage), ("role", &search.role), ("account", of_account)];
    let narrowed = !q.is_empty() || kept.iter().any(|(_, value)| !value.is_empty());
    let left_out = if narrowed || page > 1 { Vec::new() } else { left_out };
    let page = ContactsPage {
        console: console(&web, &by, Some(&live), "contacts", &words),
        paging: paging::of(page, found.len(), total, &urls::contacts(&live.slug), &kept),
        listed: count(listed),
        filters: filters(&search, account),
        rows: found,
        vague: if vague {
            format!(
                "Very many names begin so: {} of them were looked through. Type more letters, or a second word.",
                crate::web::kit::views::frame::Count(LOOKED_THROUGH as u64)
            )
        } else {
            String::new()
        },
        left_out_in_all: Count(left_out.len() as u64),
        left_out: left_out.into_iter().take(LEFT_OUT).map(left_out_row).collect(),
        list: (live.state != RoundState::Closed).then(|| urls::list(&live.slug)),
        q: q.clone(),
    };
    Ok(respond(StatusCode::OK, &page))
}

fn left_out_row(row: LeftOut) -> LeftOutRow {
    LeftOutRow { row: Count(row.line.max(0) as u64), who: row.who, account: row.account, why: capitalised(&row.why) }
}

/// Only words that we know narrow anything (S16).
fn search(words: &Fields) -> Search {
    let stage = STAGES.iter().find(|s| **s == words.get("stage")).copied().unwrap_or("");
    let account = Some(words.get("account")).filter(|id| crate::base::ids::is_id(id));
    Search {
        stage: stage.into(),
        role: Role::parse(words.get("role")).map_or("", Role::as_str).into(),
        account: account.map(Into::into),
        words: None,
    }
}

fn filters(search: &Search, account: Option<String>) -> Vec<Filter> {
    let label = |s: &str| if s.is_empty() { "any".into() } else { s.replace('_', " ") };
    let any = || Choice::new("", "any");
    let mut all = vec![
        Filter {
            name: "stage",
            label: "Stands at",
            value: search.stage.clone(),
            choices: STAGES.iter().map(|s| Choice::new(*s, label(s))).collect(),
        },
        Filter {
            name: "role",
            label: "Role",
            value: search.role.clone(),
            choices: [any()].into_iter().chain(Role::ALL.iter().map(|r| Choice::new(r.as_str(), r.label()))).collect(),
        },
    ];
    if let Some(account_id) = &search.account {
        let name = account.unwrap_or_else(|| "not in this round".into());
        let choices = vec![any(), Choice::new(account_id.as_str(), name)];
        all.push(Filter { name: "account", label: "Account", value: account_id.to_string(), choices });
    }
    all
}

async fn row(web: &Web, tx: &mut Tx, live: &Live, p: &Person) -> Result<ContactRow> {
    let now = web.ctx.clock.now();
    let calendar = live.sequence.calendar(p.locality());
    let messages = outbox::of_contact(tx, &p.id).await?;
    let told = |m: &Message, at| -> (String, When) { (kind(m), when(at, now, calendar.zone())) };
    let last = messages.iter().rev().find(|m| m.state.may_have_arrived());
    let next = messages.iter().find(|m| matches!(m.state, MessageState::Planned | MessageState::Held));
    Ok(ContactRow {
        href: urls::contact(&live.slug, &p.id),
        name: p.full_name(),
        job_title: p.job_title.clone(),
        account: p.account.clone(),
        account_href: with(urls::contacts(&live.slug), "account", p.account_id.as_str()),
        role: p.role.label().into(),
        standing: standing(live, p),
        paused: p.waiting_for.as_deref() == Some(Reason::Paused.as_str()),
        last: last.map(|m| told(m, m.settled_at.unwrap_or(m.due_at))),
        next: next.map(|m| told(m, m.due_at)),
    })
}
