//! The list of people behind every number of a round, with search and filters.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId};
use crate::base::sentence::capitalised;
use crate::rules::contacts::Role;
use crate::rules::contacts::bulk::Act;
use crate::rules::export::Table;
use crate::rules::message::MessageState;
use crate::rules::plan::Reason;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::completion::told;
use crate::steps::contacts::bulk;
use crate::steps::installation::saved_views::SavedList;
use crate::store::completion as tallies;
use crate::store::contacts::Person;
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::left_out::{self, LeftOut};
use crate::store::contacts::search::{self as people, LOOKED_THROUGH, Order, Search};
use crate::store::sending::outbox::{self, Message};
use crate::web::console::sending::message::named;
use crate::web::console::views::contacts::{ContactRow, ContactsPage, Filter, LeftOutRow};
use crate::web::console::views::table::{Head, Many};
use crate::web::console::{export, saved_views};
use crate::web::kit::door::session::Operator;
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::{console, round};
use crate::web::kit::paging::{self, COUNTED, ROWS};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::form::Choice;
use crate::web::kit::views::frame::{Count, Link, When};
use crate::web::kit::views::page::respond;

use super::part::{Part, SORTED, STAGES, is_told};
use super::standing::standing;

/// As many rows that were left out stand on the page.
const LEFT_OUT: usize = 200;

pub async fn list(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let (part, now) = (Part::of(&words, live.spec.participation), web.ctx.clock.now());
    let (found, total, listed, account, notes, left_out, saved, all) = {
        let mut tx = web.ctx.db.read().await?;
        let search = part.search(&mut tx, &live.id).await?;
        let shown = people::page(&mut tx, &live.id, &search, ROWS, paging::offset(part.page)).await?;
        let ids: Vec<&ContactId> = shown.iter().map(|p| &p.id).collect();
        let mut messages: HashMap<ContactId, Vec<Message>> = HashMap::new();
        for message in told::messages(&live, outbox::of_contacts(&mut tx, &ids).await?) {
            if let Some(contact) = message.contact_id.clone() {
                messages.entry(contact).or_default().push(message);
            }
        }
        let row = |person: Person| {
            let messages = messages.remove(&person.id).unwrap_or_default();
            row(&live, &told::person(&live, person), &messages, now)
        };
        let found: Vec<ContactRow> = shown.into_iter().map(row).collect();
        let total = people::count(&mut tx, &live.id, &search, COUNTED + 1).await?;
        let listed = tallies::by_role(&mut tx, &live.id).await?.iter().map(|t| t.listed).sum();
        let account = match &search.account {
            Some(account) => accounts::by_id(&mut tx, account).await?,
            None => None,
        };
        let notes = notes(&search, total);
        let all = all_who_match(&search, total);
        let left_out = match part.is_narrow() || part.page > 1 {
            true => Vec::new(),
            false => left_out::of_round(&mut tx, &live.id).await?,
        };
        let saved = saved_views::above(&mut tx, &live, &by, SavedList::Contacts, &words).await?;
        (found, total, listed, account.filter(|a| a.round_id == live.id), notes, left_out, saved, all)
    };
    let page = ContactsPage {
        console: console(&web, &by, Some(&live), "contacts", &words),
        saved,
        paging: paging::of(part.page, found.len(), total, &urls::contacts(&live.slug), &part.kept()).cut_at(COUNTED),
        files: export::files(&live, Table::Contacts, &part.kept()),
        listed: count(listed),
        filters: filters(&live, &part, account.as_ref()),
        of_account: account.map(|a| Link::new(a.name, urls::account(&live.slug, &a.id))),
        heads: heads(&live, &part),
        many: (live.state != RoundState::Closed && !found.is_empty()).then(|| many(&live, &part, all)),
        rows: found,
        notes,
        left_out_in_all: Count(left_out.len() as u64),
        left_out: left_out.into_iter().take(LEFT_OUT).map(left_out_row).collect(),
        list: (live.state != RoundState::Closed).then(|| urls::list(&live.slug)),
        narrow: part.is_narrow(),
        q: part.q,
    };
    Ok(respond(StatusCode::OK, &page))
}

/// What is said where a search finds too many.
fn notes(search: &Search, total: i64) -> Vec<String> {
    let most = Count(LOOKED_THROUGH as u64);
    let vague = (!search.finds_all()).then(|| {
        format!("Very many names begin so: {most} of them were looked through. Type more letters, or a second word.")
    });
    let unsorted = search.order != Order::Name && total > LOOKED_THROUGH;
    let unsorted = unsorted.then(|| {
        format!(
            "These are more than {most} people: they stand by name. Narrow the list down to put it in another order."
        )
    });
    vague.into_iter().chain(unsorted).collect()
}

/// What each column is put in order by.
fn heads(live: &Live, part: &Part) -> Vec<Head> {
    let told = live.spec.participation;
    let by = |label: &'static str, sort: &'static str| Head {
        label,
        href: is_told(told, sort).then(|| format!("{}{}", urls::contacts(&live.slug), part.sorted_by(sort))),
        sorted: part.sort == sort,
        descending: false,
        number: false,
    };
    vec![
        by("Name", ""),
        by("Account", "account"),
        by("Role", "role"),
        by("Stands at", "stage"),
        by("Last message", "touch"),
        Head::plain("Next message"),
    ]
}

/// The choice of all who match, on every page; none where they are too many, or where they are not all found.
fn all_who_match(search: &Search, total: i64) -> Option<String> {
    (total <= bulk::MOST as i64 && search.finds_all()).then(|| match total {
        1 => "The one who matches".to_string(),
        n => format!("All {} who match, on every page", count(n)),
    })
}

/// What can be done to those who are chosen on the page, or to all who match.
fn many(live: &Live, part: &Part, all: Option<String>) -> Many {
    let kept = part.kept().into_iter().filter(|(_, value)| !value.is_empty());
    Many {
        action: urls::bulk(&live.slug),
        kept: kept.map(|(name, value)| (name, value.to_string())).collect(),
        all,
        acts: Act::offered(live.spec.participation).map(|act| Choice::new(act.as_str(), act.label())).collect(),
    }
}

fn left_out_row(row: LeftOut) -> LeftOutRow {
    LeftOutRow { row: Count(row.line.max(0) as u64), who: row.who, account: row.account, why: capitalised(&row.why) }
}

fn filters(live: &Live, part: &Part, account: Option<&Account>) -> Vec<Filter> {
    let told = live.spec.participation;
    let label = |s: &str| if s.is_empty() { "any".into() } else { s.replace('_', " ") };
    let any = || Choice::new("", "any");
    let mut all = vec![
        Filter {
            name: "stage",
            label: "Stands at",
            value: part.stage.into(),
            choices: STAGES.iter().filter(|s| is_told(told, s)).map(|s| Choice::new(*s, label(s))).collect(),
        },
        Filter {
            name: "role",
            label: "Role",
            value: part.role.into(),
            choices: [any()].into_iter().chain(Role::ALL.iter().map(|r| Choice::new(r.as_str(), r.label()))).collect(),
        },
    ];
    if part.account != AccountId::default() {
        let name = account.map_or_else(|| "not in this round".into(), |a| a.name.clone());
        let choices = vec![any(), Choice::new(part.account.as_str(), name)];
        all.push(Filter { name: "account", label: "Account", value: part.account.to_string(), choices });
    }
    all.push(Filter {
        name: "sort",
        label: "Sort by",
        value: part.sort.into(),
        choices: SORTED
            .iter()
            .filter(|(value, ..)| is_told(told, value))
            .map(|(value, label, _)| Choice::new(*value, *label))
            .collect(),
    });
    all
}

/// How somebody is shown among others; `messages` are his, and both as they may be told.
pub fn row(live: &Live, p: &Person, messages: &[Message], now: Ts) -> ContactRow {
    let calendar = live.sequence.calendar(p.locality());
    let told = |m: &Message, at| -> (String, When) { (named(live, m), when(at, now, calendar.zone())) };
    let last = messages.iter().rev().find(|m| m.state.may_have_arrived());
    let next = messages.iter().find(|m| matches!(m.state, MessageState::Planned | MessageState::Held));
    ContactRow {
        id: p.id.clone(),
        href: urls::contact(&live.slug, &p.id),
        name: p.full_name(),
        job_title: p.job_title.clone(),
        account: p.account.clone(),
        account_href: urls::account(&live.slug, &p.account_id),
        role: p.role.label().into(),
        standing: standing(live, p),
        paused: p.waiting_for.as_deref() == Some(Reason::Paused.as_str()),
        held: next.is_some_and(|m| m.state == MessageState::Held),
        last: last.map(|m| told(m, m.settled_at.unwrap_or(m.due_at))),
        next: next.map(|m| told(m, m.due_at)),
    }
}

#[cfg(test)]
mod tests {
    use crate::store::contacts::search::Narrowed;

    use super::*;

    #[test]
    fn all_are_offered_only_where_all_are_found() {
        let mut search = Search { words: Some(Narrowed::default()), ..Search::default() };
        assert_eq!(all_who_match(&search, 38).as_deref(), Some("All 38 who match, on every page"));
        assert_eq!(all_who_match(&search, bulk::MOST as i64 + 1), None);
        search.words.as_mut().unwrap().is_vague = true;
        assert_eq!(all_who_match(&search, 38), None, "these are 38 of those who were looked through");
        assert_eq!(notes(&search, 38).len(), 1);
    }
}
