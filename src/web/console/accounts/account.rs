//! One account: how far it has come, its people with where each stands, and what happened to it and to them; that they answer, never what.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::address::key_of;
use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId};
use crate::rules::completion::whole_percent;
use crate::rules::contacts::Role;
use crate::rules::journal::Action;
use crate::rules::participation::accounts::Singly;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::completion::told;
use crate::store::Tx;
use crate::store::contacts::accounts::account_people::{self, OfRole};
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::{self, Person};
use crate::store::course::{self, Revenue};
use crate::store::journal::{self, Entry};
use crate::store::plan::pauses as stopped;
use crate::store::replies::{self, Reply, desk};
use crate::store::sending::outbox::{self, Message};
use crate::store::signoff::{self, Signature};
use crate::web::console::contacts::history::{self, Answers, Known, Timed, Zones};
use crate::web::console::contacts::list::row;
use crate::web::console::contacts::standing::signed;
use crate::web::console::plan::scopes;
use crate::web::console::views::accounts::AccountPage;
use crate::web::console::views::contacts::{ContactRow, Fact};
use crate::web::kit::door::session::Operator;
use crate::web::kit::figures::{as_told, count, rate};
use crate::web::kit::forms::fields::Words;
use crate::web::kit::forms::query::with;
use crate::web::kit::frames::{console, home, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::exact;
use crate::web::kit::urls;
use crate::web::kit::views::frame::Link;
use crate::web::kit::views::page::respond;

/// As many people and events stand on the page.
const PEOPLE: usize = 200;
const EVENTS: usize = 150;

pub async fn page(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, AccountId)>,
    by: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let now = web.ctx.clock.now();
    let mut tx = web.ctx.db.read().await?;
    // S11: an account of another round is as unknown as one that never was.
    let account = accounts::by_id(&mut tx, &id).await?.filter(|a| a.round_id == live.id);
    let account = account.ok_or_else(Failure::unknown)?;
    let people = contacts::first_of_account(&mut tx, &id, PEOPLE as i64 + 1).await?;
    let people: Vec<Person> = people.into_iter().map(|p| told::person(&live, p)).collect();
    let (rows, history) = story(&mut tx, &live, &account, &people[..people.len().min(PEOPLE)], now).await?;
    let roles = account_people::by_role(&mut tx, &[&id]).await?.remove(&id).unwrap_or_default();
    let revenue = course::revenue(&mut tx, &live.id).await?;
    let singly = told::accounts(&mut tx, &live).await?;
    let findings = pauses(&mut tx, &live, &account, now).await?;
    drop(tx);
    let of_account = with(urls::contacts(&live.slug), "account", id.as_str());
    let mut links = vec![
        Link::new("Sign-off", urls::account_sign_off(&live.slug, &id)),
        Link::new("Choose among its contacts", &of_account),
    ];
    if live.state != RoundState::Closed {
        links.push(Link::new("Pause the account", with(urls::pause(&live.slug), "account", id.as_str())));
    }
    let page = AccountPage {
        console: console(&web, &by, Some(&live), "accounts", &words),
        name: account.name.clone(),
        strategic: account.strategic.0,
        silent: told::is_silent(&live, singly, &account),
        standing: signed(&live, account.standing),
        findings,
        facts: facts(&live, singly, &account, &roles, &revenue, now),
        links,
        more_people: (people.len() > PEOPLE)
            .then(|| Link::new(format!("All of its people, {} on the list", count(account.listed)), &of_account)),
        people: rows,
        more_history: history.len() > EVENTS,
        history: history.into_iter().take(EVENTS).map(|(_, event)| event).collect(),
    };
    Ok(respond(StatusCode::OK, &page))
}

fn facts(live: &Live, singly: Singly, a: &Account, roles: &[OfRole], revenue: &Revenue, now: Ts) -> Vec<Fact> {
    let names = live.spec.participation.names();
    let mut all =
        vec![Fact::new("Completion", as_told(told::of_account(live, singly, a), told::of_whom(live, a)).to_string())];
    for role in Role::ALL {
        let own = roles.iter().find(|r| r.role == role);
        let text = match own {
            // Those of one role are too few, and of how many rises with who answers although he cannot be reached.
            Some(_) if !names => "not told".into(),
            Some(own) => rate(own.completed, own.reachable).to_string(),
            None if role == Role::Unknown => continue,
            None => "nobody on the list".into(),
        };
        all.push(Fact::new(role_label(role), text));
    }
    let worth = match a.annual_revenue {
        Some(own) if a.invited > 0 && revenue.invited > 0 => {
            let share = whole_percent(own.max(0) as u64, revenue.invited as u64);
            format!("{}, {share}\u{a0}% of what the invited accounts are worth", count(own))
        }
        Some(own) => count(own).to_string(),
        None => "not on the list".into(),
    };
    let manager = match (a.manager_name.as_str(), a.manager_email.as_str()) {
        ("", "") => "none on the list".into(),
        ("", email) => email.to_string(),
        (name, "") => name.to_string(),
        (name, email) => format!("{name}, {email}"),
    };
    let own = with(urls::accounts(&live.slug), "director", a.director_email.as_str());
    all.extend([
        Fact::new("Revenue a year", worth),
        Fact::link("Account director", format!("{}, {}", a.director_name, a.director_email), own),
        Fact::new("Account manager", manager),
        Fact::link(
            "Signed off",
            format!("{} of {}", count(a.signed_names), count(a.listed).of("name", "names")),
            urls::account_sign_off(&live.slug, &a.id),
        ),
    ]);
    let last = roles.iter().filter_map(|r| r.last_sent_at).max().filter(|_| names);
    all.extend(last.map(|at| Fact::new("Last message", exact(at, now, &home(live)))));
    all
}

fn role_label(role: Role) -> &'static str {
    match role {
        Role::KeyDecisionMaker => "Key decision makers",
        Role::Influencer => "Influencers",
        Role::OperationalContact => "Operational contacts",
        Role::Unknown => "Role not known",
    }
}

/// What is paused that would go to people of this account, whatever their country or language.
async fn pauses(tx: &mut Tx, live: &Live, a: &Account, now: Ts) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    for pause in stopped::not_lifted(tx, &live.id).await? {
        let about = match pause.scope.as_str() {
            "account" => a.id == pause.value.as_str(),
            "director" => key_of(&pause.value) == a.director_email.key(),
            _ => false,
        };
        if about && pause.from_at <= now && pause.until_at.is_none_or(|until| until > now) {
            let what = scopes::spoken(tx, live, &pause.scope, &pause.value).await?;
            all.push(format!("Paused, with {what}: {}.", pause.why.trim_end_matches('.')));
        }
    }
    Ok(all)
}

/// How each of its people is shown, and what happened, the latest first. Costs these people.
async fn story(
    tx: &mut Tx,
    live: &Live,
    account: &Account,
    people: &[Person],
    now: Ts,
) -> Result<(Vec<ContactRow>, Timed), Failure> {
    let ids: Vec<&ContactId> = people.iter().map(|p| &p.id).collect();
    let subjects: Vec<&str> = [account.id.as_str()].into_iter().chain(ids.iter().map(|id| id.as_str())).collect();
    let mut entries: HashMap<String, Vec<Entry>> = HashMap::new();
    for entry in told::entries(live, journal::of_subjects(tx, &subjects, EVENTS as i64 + 1).await?) {
        entries.entry(entry.subject.clone()).or_default().push(entry);
    }
    let mut mails: HashMap<ContactId, Vec<Reply>> = HashMap::new();
    let came = replies::of_contacts(tx, &ids).await?;
    let acts = desk::of_replies(tx, &came.iter().map(|mail| &mail.id).collect::<Vec<_>>()).await?;
    for mail in came {
        if let Some(contact) = mail.contact_id.clone() {
            mails.entry(contact).or_default().push(mail);
        }
    }
    let signatures: Vec<Signature> = signoff::of_account(tx, &account.id).await?;
    // Signatures say more of themselves than the journal does.
    let mut own = entries.remove(account.id.as_str()).unwrap_or_default();
    own.retain(|e| !matches!(e.what(), Some(Action::SignedOff | Action::CounterSigned)));
    let zone = Zones { home: home(live), own: home(live) };
    let mut all: Timed = own.iter().map(|e| (e.at, history::entry(e, now, &zone))).collect();
    all.extend(signatures.iter().map(|s| (s.at, history::signature(s, now, &zone))));
    let mut messages: HashMap<ContactId, Vec<Message>> = HashMap::new();
    for message in told::messages(live, outbox::of_contacts(tx, &ids).await?) {
        if let Some(contact) = message.contact_id.clone() {
            messages.entry(contact).or_default().push(message);
        }
    }
    let (mut rows, nobody) = (Vec::with_capacity(people.len()), HashMap::new());
    for p in people {
        let messages = messages.get(&p.id).map_or(&[][..], Vec::as_slice);
        let known = Known {
            messages,
            senders: &nobody,
            mails: mails.get(&p.id).map_or(&[][..], Vec::as_slice),
            acts: &acts,
            signatures: &[],
            entries: entries.get(p.id.as_str()).map_or(&[][..], Vec::as_slice),
            decisions: &[],
            answers: Answers { begun: p.started_at, ..Answers::default() },
        };
        let (_, past) = history::timed(live, &known, &live.sequence.calendar(p.locality()), now);
        let who = (p.full_name(), urls::contact(&live.slug, &p.id));
        all.extend(past.into_iter().map(|(at, mut event)| {
            event.who = Some(who.clone());
            (at, event)
        }));
        rows.push(row(live, p, messages, now));
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok((rows, all))
}
