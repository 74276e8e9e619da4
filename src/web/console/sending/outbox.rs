//! The outbox: every message of a round by state, and what an operator can do to one.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::clock::{DAY, Ts};
use crate::base::folding::{findable, sought};
use crate::base::ids::{ContactId, MessageId, is_id};
use crate::base::problem::Result;
use crate::rules::calendar::zone::Zone;
use crate::rules::export::Table;
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::round::RoundState;
use crate::rules::text::typed::one_after_another;
use crate::steps::Live;
use crate::steps::completion::told;
use crate::steps::installation::saved_views::SavedList;
use crate::steps::plan::forecast::sentence;
use crate::steps::sending::held;
use crate::steps::sending::outbox::{ActOnMessage, MessageAction};
use crate::store::contacts::search::{self as people, Search};
use crate::store::contacts::{self, Person};
use crate::store::sending::due;
use crate::store::sending::outbox::{self, Message};
use crate::store::sending::outbox_search::{self, Of};
use crate::store::{Tx, completion as tallies};
use crate::web::console::next_mail::{self, Planned, RELEASED, say};
use crate::web::console::views::sending::outbox::{DoubtRow, MessageRow, OutboxPage, row_action};
use crate::web::console::{export, saved_views};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::paging::{self, ROWS};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::{exact, when, when_for};
use crate::web::kit::urls;
use crate::web::kit::views::form::in_rows;
use crate::web::kit::views::frame::{Status, Tab};
use crate::web::kit::views::page::respond;

use super::message::{kind, late, named};
use super::part::{DUE, Part, STATES, how_many_due};
use super::{gateways, incidents};

/// Messages of so many people are looked for; whoever types so little is asked for more.
const PEOPLE: usize = 500;
/// Of so many who are no contacts names are compared: more than look after the accounts of a round.
const COLLEAGUES: i64 = 20_000;

pub async fn list(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let part = Part::of(&words, live.spec.participation);
    let (shown, number) = (part.state, part.page);
    let offset = paging::offset(number);
    let now = web.ctx.clock.now();
    let path = urls::outbox(&live.slug);
    let mut tx = web.ctx.db.read().await?;
    let found = found(&mut tx, &live, &part).await?;
    let lane = live.lane();
    let whose = found.as_ref().map(|f| Of { contacts: &f.contacts, lane: &lane, colleagues: &f.colleagues });
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    let messages = if let Some(whose) = whose {
        let found = outbox_search::counts(&mut tx, whose, now).await?;
        counts.insert(DUE.into(), found.iter().map(|of| of.due).sum());
        counts.insert(String::new(), found.iter().map(|of| of.messages).sum());
        counts.extend(found.into_iter().map(|of| (of.state, of.messages)));
        outbox_search::page(&mut tx, whose, (shown, now), ROWS, offset).await?
    } else {
        counts.extend(tallies::messages(&mut tx, &live.lane()).await?.into_iter().map(|t| (t.state, t.rows)));
        counts.insert(String::new(), counts.values().sum());
        counts.insert(DUE.into(), due::count(&mut tx, &live.lane(), now).await?);
        match shown {
            DUE => outbox::due_page(&mut tx, &live.lane(), now, ROWS, offset).await?,
            _ => outbox::page(&mut tx, &live.lane(), MessageState::parse(shown), ROWS, offset).await?,
        }
    };
    let at_page = if number > 1 { number.to_string() } else { String::new() };
    let here = format!("{path}{}", query(&[("q", &part.q), ("state", shown), ("page", &at_page)]));
    let people = people_of(&mut tx, &messages).await?;
    let mut rows: Vec<MessageRow> = messages.iter().map(|m| row(&web, &live, &people, (&by.csrf, &here), m)).collect();
    in_rows("messages", rows.iter_mut().map(|row| (row.place(), row.actions.iter_mut())));
    let in_doubt = outbox::page(&mut tx, &live.lane(), Some(MessageState::InDoubt), ROWS, 0).await?;
    let people = people_of(&mut tx, &in_doubt).await?;
    let mut doubts: Vec<DoubtRow> = in_doubt.iter().map(|m| doubt(&web, &live, &people, m)).collect();
    let next: Vec<String> = doubts.iter().skip(1).map(DoubtRow::place).collect();
    for (number, row) in doubts.iter_mut().enumerate() {
        row.here.clone_from(&here);
        row.next = next.get(number).cloned().unwrap_or_default();
    }
    let gateways = gateways::of(&web, &mut tx, &live, &here, &by.csrf).await?;
    let saved = saved_views::above(&mut tx, &live, &by, SavedList::Outbox, &words).await?;
    let planned = Planned {
        due: due::next(&mut tx, &lane).await?,
        is_held: held::all(&web.ctx, &mut tx).await?.iter().any(|stop| stop.is_about_all),
        ..Planned::default()
    };
    drop(tx);
    let mut console = console(&web, &by, Some(&live), "outbox", &words);
    say(&mut console, &words, &RELEASED, &next_mail::of_round(&live, planned, now));
    let tabs = STATES.iter().map(|s| {
        let n = counts.get(*s).copied().unwrap_or(0);
        let (label, n) = match *s {
            "" => ("all", n),
            DUE => how_many_due(n),
            state => (state, n),
        };
        Tab {
            label: label.replace('_', " "),
            href: format!("{path}{}", query(&[("q", &part.q), ("state", s)])),
            count: count(n),
            current: *s == shown,
        }
    });
    let total = counts.get(shown).copied().unwrap_or(0);
    let paging = paging::of(number, rows.len(), total, &path, &part.kept());
    let page = OutboxPage {
        console,
        saved,
        tabs: tabs.collect(),
        vague: found.as_ref().is_some_and(|found| found.is_vague),
        doubts,
        gateways,
        paging: if shown == DUE { paging.cut_at(due::COUNTED) } else { paging },
        rows,
        files: export::files(&live, Table::Messages, &[("state", shown)]),
        searched: live.spec.participation.names(),
        q: part.q.clone(),
        state: shown,
    };
    Ok(respond(StatusCode::OK, &page))
}

/// To whom words lead.
struct Found {
    contacts: Vec<ContactId>,
    /// Addresses of those who are no contacts.
    colleagues: Vec<String>,
    /// More than are looked for.
    is_vague: bool,
}

/// The people to whom words lead; none where nothing was typed.
async fn found(tx: &mut Tx, live: &Live, part: &Part) -> Result<Option<Found>> {
    let q = part.q.trim();
    if q.is_empty() {
        return Ok(None);
    }
    let sought = sought(q);
    let all = outbox_search::colleagues(tx, &live.lane(), COLLEAGUES).await?;
    let meant = all.into_iter().filter(|(email, name)| findable(&[name], email).has(&sought));
    let mut colleagues: Vec<String> = meant.map(|(email, _)| email).collect();
    let words = people::narrowed(tx, &live.id, sought).await?;
    let is_vague = words.is_vague;
    let search = Search { words: Some(words), ..Search::default() };
    let mut contacts: Vec<ContactId> = people::some(tx, &live.id, &search, PEOPLE as i64 + 1).await?;
    let is_vague = is_vague || contacts.len() > PEOPLE || colleagues.len() > PEOPLE;
    contacts.truncate(PEOPLE);
    colleagues.truncate(PEOPLE);
    Ok(Some(Found { contacts, colleagues, is_vague }))
}

struct Whom {
    name: String,
    account: String,
    href: String,
    /// Empty when the message is in time.
    late: String,
    /// The contact's; the round's own for everybody else.
    zone: Zone,
}

type People = HashMap<ContactId, Person>;

/// The contacts to whom messages go.
async fn people_of(tx: &mut Tx, messages: &[Message]) -> Result<People> {
    let ids: Vec<&ContactId> = messages.iter().filter_map(|m| m.contact_id.as_ref()).collect();
    Ok(contacts::persons(tx, &ids).await?.into_iter().map(|p| (p.id.clone(), p)).collect())
}

/// Whom a message goes to. Mails to directors have no contact.
fn whom(people: &People, live: &Live, m: &Message, now: Ts) -> Whom {
    if let Some(p) = m.contact_id.as_ref().and_then(|id| people.get(id)) {
        Whom {
            zone: live.sequence.calendar(p.locality()).zone().clone(),
            name: p.full_name(),
            account: p.account.clone(),
            href: urls::contact(&live.slug, &p.id),
            late: late(m, m.settled_at.unwrap_or(m.due_at), now, &live.sequence.calendar(p.locality()))
                .unwrap_or_default(),
        }
    } else {
        let name = if m.to_name.is_empty() { m.to_email.as_str() } else { &m.to_name };
        Whom {
            name: name.into(),
            account: String::new(),
            href: urls::board(&live.slug),
            late: String::new(),
            zone: home(live),
        }
    }
}

/// To whom it goes is not told.
fn somebody(live: &Live) -> Whom {
    Whom {
        name: "somebody, not told".into(),
        account: String::new(),
        href: urls::contacts(&live.slug),
        late: String::new(),
        zone: home(live),
    }
}

/// Never both who and which, of letters that only those get who have answered, or who have not.
fn row(web: &Web, live: &Live, people: &People, (csrf, here): (&str, &str), m: &Message) -> MessageRow {
    let is_told = live.spec.participation.letter_to(m.kind, m.state);
    let what = if is_told { named(live, m) } else { kind(m) };
    let shown = match is_told {
        true => told::message(live, m.clone()),
        false => Message { reason: None, answer: None, ..m.clone() },
    };
    let m = &shown;
    let whom = if is_told { whom(people, live, m, web.ctx.clock.now()) } else { somebody(live) };
    let Whom { name, account, href, late, zone } = whom;
    let (state, acts): (Status, &[&'static str]) = match m.state {
        MessageState::Planned => (Status::waiting("planned"), &["hold"]),
        MessageState::Claimed | MessageState::Sending => (Status::waiting("on its way"), &[]),
        MessageState::Sent => (Status::good("sent"), &[]),
        MessageState::InDoubt => (Status::attention("in doubt"), &[]),
        MessageState::Held => (Status::attention("held"), &["release"]),
        MessageState::Failed if m.bounced() => (Status::wrong("bounced"), &["retry"]),
        MessageState::Failed => (Status::wrong("failed"), &["retry"]),
        MessageState::Withdrawn => (Status::waiting("withdrawn"), &[]),
    };
    let acts = if live.state == RoundState::Closed || !is_told { &[] } else { acts };
    let why = [m.reason.as_deref().map(sentence), m.answer.clone(), Some(late)].into_iter().flatten();
    let settled = m.settled_at.filter(|_| m.state != MessageState::Planned);
    let about = format!("the {what} to {name}");
    let at = settled.unwrap_or(m.due_at);
    MessageRow {
        id: m.id.clone(),
        kind: what,
        state,
        when: is_told.then(|| when_for(at, web.ctx.clock.now(), &home(live), &zone)),
        why: one_after_another(why),
        attempts: m.attempt.max(0) as u32,
        actions: acts.iter().map(|a| row_action(here, csrf, a, &m.id, &about)).collect(),
        name,
        href,
        account,
    }
}

fn doubt(web: &Web, live: &Live, people: &People, m: &Message) -> DoubtRow {
    let Whom { name, account, href, .. } = whom(people, live, m, web.ctx.clock.now());
    let zone = home(live);
    let since = m.settled_at.unwrap_or(m.due_at);
    let policy = match m.kind {
        MessageKind::Invitation => format!(
            "By itself: sent again after {} as the same message, unless there is a sign of arrival before.",
            exact(since.plus(DAY), web.ctx.clock.now(), &zone)
        ),
        MessageKind::WarmUp => {
            "By itself: never sent again. This letter goes twice only if a person decides so.".into()
        }
        _ => "By itself: never sent again.".into(),
    };
    DoubtRow {
        here: String::new(),
        next: String::new(),
        id: m.id.clone(),
        kind: named(live, m),
        when: when(since, web.ctx.clock.now(), &zone),
        policy,
        name,
        href,
        account,
    }
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let word = posted.fields.get("act");
    if [gateways::HOLD, gateways::RELEASE].contains(&word) {
        gateways::act(&web, &posted, word).await?;
        return Ok(back(&urls::outbox(&live.slug), word));
    }
    if [incidents::RETRY, incidents::CONFIRM].contains(&word) {
        incidents::act(&web, &posted, word).await?;
        return Ok(back(&urls::outbox(&live.slug), word));
    }
    let action = match word {
        "hold" => MessageAction::Hold,
        "release" => MessageAction::Release,
        "retry" => MessageAction::Retry,
        "arrived" => MessageAction::Arrived,
        "again" => MessageAction::SendAgain,
        _ => return Err(Failure::unknown()),
    };
    let id =
        Some(posted.fields.get("message")).filter(|id| is_id(id)).map(MessageId::from).ok_or_else(Failure::unknown)?;
    let message = {
        let mut tx = web.ctx.db.read().await?;
        outbox::by_id(&mut tx, &id).await?
    };
    let message = message.filter(|m| m.lane == live.lane()).ok_or_else(Failure::unknown)?;
    web.ctx.order(&posted.by.actor(), ActOnMessage { message: message.id, action }).await?;
    Ok(back(&urls::outbox(&live.slug), word))
}
