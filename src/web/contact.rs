//! One person of a round: who it is, what was sent and said, what comes next, and what an operator can do about it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::rules::calendar::zone::Zone;
use crate::rules::contacts::Role;
use crate::rules::outbox::MessageState;
use crate::rules::round::RoundState;
use crate::steps::forecast::sentence;
use crate::steps::signing::{self, Correction, Edit};
use crate::steps::{Live, response as answers};
use crate::store::contacts::{self, Person};
use crate::store::journal::{self, Entry};
use crate::store::outbox::{self, Message};
use crate::store::signoff::{self, Signature};
use crate::store::{accounts, response};

use super::Web;
use super::cards::findings;
use super::completion::at;
use super::contacts::{kind, standing};
use super::fields::{Fields, Words};
use super::frames::{back, console, round};
use super::problem::{Answer, Failure};
use super::session::{Operator, Posted};
use super::times::{exact, when};
use super::views::contacts::{ContactPage, Event, Fact};
use super::views::form::{ActionForm, Choice, Field};
use super::views::frame::Tone;
use super::views::respond;

/// What was typed into a form that was refused, and why: field, sentence.
struct Refused<'f> {
    act: &'f str,
    typed: &'f Fields,
    errors: Vec<(&'static str, String)>,
}

pub async fn page(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, String)>,
    by: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let person = person(&web, &live, &id).await?;
    show(&web, &live, &by, &person, &words, None).await
}

/// A contact of this round; one of another round is as unknown as one that never was (S11).
async fn person(web: &Web, live: &Live, id: &str) -> Result<Person, Failure> {
    let mut tx = web.ctx.db.read().await?;
    let person = contacts::person(&mut tx, id).await?;
    person.filter(|p| p.round_id == live.id).ok_or_else(Failure::unknown)
}

async fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    p: &Person,
    words: &Fields,
    refused: Option<Refused<'_>>,
) -> Result<Response, Failure> {
    let now = web.ctx.clock.now();
    let zone = live.sequence.calendar(p.locality()).zone().clone();
    let mut tx = web.ctx.db.read().await?;
    let messages = outbox::of_contact(&mut tx, &p.id).await?;
    let account = accounts::by_id(&mut tx, &p.account_id).await?;
    let signatures = signoff::of_account(&mut tx, &p.account_id).await?;
    let entries = journal::of_subject(&mut tx, &p.id).await?;
    let begun = response::of_contact(&mut tx, &p.id).await?.map(|r| r.started_at);
    drop(tx);
    let mut history: Vec<(Ts, Event)> = Vec::new();
    let mut upcoming = Vec::new();
    for m in &messages {
        match m.state {
            MessageState::Planned | MessageState::Claimed | MessageState::Held => {
                upcoming.push((m.due_at, message(m, m.due_at, now, &zone)));
            }
            _ => {
                let at = m.settled_at.unwrap_or(m.due_at);
                history.push((at, message(m, at, now, &zone)));
            }
        }
    }
    history.extend(signatures.iter().map(|s| (s.at, signature(s, now, &zone))));
    history.extend(entries.iter().map(|e| (e.at, entry(e, now, &zone))));
    history.extend(begun.map(|at| (at, event(Tone::Waiting, "First answer", at, now, &zone))));
    upcoming.sort_by_key(|(at, _)| *at);
    history.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let director = account.map(|a| a.director_name).unwrap_or_default();
    let page = ContactPage {
        console: console(web, by, Some(live), "contacts", words),
        name: p.full_name(),
        standing: standing(live, p),
        findings: notes(p, &zone),
        facts: facts(live, p, &director, now, &zone),
        actions: actions(live, &by.csrf, p, refused.as_ref()),
        upcoming: upcoming.into_iter().map(|(_, e)| e).collect(),
        history: history.into_iter().map(|(_, e)| e).collect(),
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &page))
}

fn notes(p: &Person, zone: &Zone) -> Vec<String> {
    let mut all = findings(&p.findings);
    if let Some(why) = p.undeliverable_reason.as_deref().filter(|_| p.undeliverable_at.is_some()) {
        all.push(format!("The address does not take mail: {why}"));
    }
    if let Some(until) = p.absent_until {
        all.push(format!("Away until {}; messages wait.", exact(until, zone)));
    }
    if let Some(why) = &p.waiting_for {
        all.push(sentence(why));
    }
    all
}

fn facts(live: &Live, p: &Person, director: &str, now: Ts, zone: &Zone) -> Vec<Fact> {
    let mut facts = vec![Fact::link("Account", &p.account, at(live, &format!("/contacts?account={}", p.account_id)))];
    let manager = if p.manager_name.is_empty() { &p.manager_email } else { &p.manager_name };
    let signed = p.signed_at.map(|at| exact(at, zone)).unwrap_or_else(|| "not yet".into());
    let local = exact(now, zone);
    let rest: [(&'static str, &str); 9] = [
        ("Job title", &p.job_title),
        ("Role", p.role.label()),
        ("E-mail", p.email.as_str()),
        ("Language", &p.language),
        ("Country", &p.country),
        ("Local time", &local),
        ("Account director", director),
        ("Account manager", manager),
        ("Signed off", &signed),
    ];
    facts.extend(rest.into_iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| Fact::new(label, text)));
    facts
}

fn event(tone: Tone, what: impl Into<String>, at: Ts, now: Ts, zone: &Zone) -> Event {
    Event { tone, what: what.into(), when: when(at, now, zone), by: String::new(), why: String::new(), details: vec![] }
}

fn message(m: &Message, at: Ts, now: Ts, zone: &Zone) -> Event {
    let (tone, verb) = match m.state {
        MessageState::Planned => (Tone::Waiting, "planned"),
        MessageState::Claimed | MessageState::Sending => (Tone::Waiting, "on its way"),
        MessageState::Sent => (Tone::Good, "sent"),
        MessageState::InDoubt => (Tone::Attention, "may not have arrived"),
        MessageState::Held => (Tone::Attention, "held"),
        MessageState::Failed => (Tone::Wrong, "failed"),
        MessageState::Withdrawn => (Tone::Waiting, "withdrawn"),
    };
    let name = kind(m);
    let mut letters = name.chars();
    let name = letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect());
    let mut details = vec![("Message".to_string(), m.id.clone()), ("To".to_string(), m.to_email.as_str().to_string())];
    details.extend(m.answer.iter().filter(|a| !a.is_empty()).map(|a| ("Server said".to_string(), a.clone())));
    Event {
        why: m.reason.as_deref().map(sentence).unwrap_or_default(),
        details,
        ..event(tone, format!("{name} {verb}"), at, now, zone)
    }
}

fn signature(s: &Signature, now: Ts, zone: &Zone) -> Event {
    let what = if s.how == "recorded" { "Sign-off recorded" } else { "Names signed off" };
    let mut details = vec![("List".to_string(), s.fingerprint.chars().take(12).collect())];
    let rest = [("Evidence", &s.evidence), ("Recorded by", &s.recorded_by), ("From", &s.came_from)];
    details.extend(rest.into_iter().filter(|(_, t)| !t.is_empty()).map(|(l, t)| (l.to_string(), t.clone())));
    Event { by: s.signed_by.clone(), details, ..event(Tone::Good, what, s.at, now, zone) }
}

fn entry(e: &Entry, now: Ts, zone: &Zone) -> Event {
    let mut letters = e.action.chars();
    let what: String = letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect());
    let by = if e.actor == "soundings" { String::new() } else { e.actor.clone() };
    Event { by, why: e.detail.clone(), ..event(Tone::Waiting, what, e.at, now, zone) }
}

fn actions(live: &Live, csrf: &str, p: &Person, refused: Option<&Refused<'_>>) -> Vec<ActionForm> {
    if live.state == RoundState::Closed {
        return Vec::new();
    }
    let typed = |act: &str, name: &str, own: &str| match refused {
        Some(r) if r.act == act => r.typed.get(name).to_string(),
        _ => own.to_string(),
    };
    let error = |act: &str, name: &str| {
        let of_this = refused.filter(|r| r.act == act)?;
        of_this.errors.iter().find(|(field, _)| *field == name).map(|(_, sentence)| sentence.clone())
    };
    let text = |act: &str, name: &'static str, label: &str, own: &str| {
        Field::text(name, label, typed(act, name, own)).error(error(act, name))
    };
    let form = |act: &'static str, label: &str, explain: &str, fields, button: String, danger| ActionForm {
        id: act.into(),
        action: at(live, &format!("/contacts/{}", p.id)),
        act,
        csrf: csrf.into(),
        label: label.into(),
        explain: explain.into(),
        fields,
        button,
        danger,
        ..ActionForm::default()
    };
    let name = p.full_name();
    if p.removed_at.is_some() {
        let explain = "The account’s list changes by it, so it is signed again.";
        return vec![form("restore", "Put back on the list", explain, vec![], format!("Put {name} back"), false)];
    }
    let roles = Role::ALL.iter().map(|r| Choice::new(r.as_str(), r.label())).collect();
    let mut all = vec![
        form(
            "correct",
            "Correct",
            "The account’s list changes by it, so it is signed again before anything more is sent.",
            vec![
                text("correct", "first_name", "First name", &p.first_name),
                text("correct", "last_name", "Last name", &p.last_name),
                Field::email("email", "E-mail", typed("correct", "email", p.email.as_str()))
                    .error(error("correct", "email")),
                text("correct", "job_title", "Job title", &p.job_title).optional(),
                Field::select("role", "Role", typed("correct", "role", p.role.as_str()), roles),
                text("correct", "reason", "Why", ""),
            ],
            "Save the correction".into(),
            false,
        ),
        form(
            "remove",
            "Take off the list",
            "Nothing more is sent. The account’s list changes, so it is signed again.",
            vec![text("remove", "reason", "Why", "")],
            format!("Take {name} off the list"),
            true,
        ),
    ];
    if p.opted_out_at.is_none() {
        all.push(form(
            "opt_out",
            "Never write again",
            "For somebody who asked us so by mail or phone.",
            vec![text("opt_out", "reason", "How we were asked", "")],
            format!("Never write to {name} again"),
            true,
        ));
    }
    all
}

pub async fn act(State(web): State<Web>, Path((slug, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let p = person(&web, &live, &id).await?;
    let Posted { by, fields } = posted;
    let act = fields.get("act");
    let mut errors = Vec::new();
    if act != "restore" && fields.get("reason").is_empty() {
        errors.push(("reason", "Say why, in a few words.".to_string()));
    }
    if act == "correct" {
        errors.extend(wrong_address(&fields));
    }
    if errors.is_empty() {
        let reason = fields.get("reason").to_string();
        let edit = match act {
            "restore" => Some(Edit::PutBack),
            "remove" => Some(Edit::Remove { reason: reason.clone() }),
            "correct" => Some(Edit::Correct(correction(&fields))),
            "opt_out" => None,
            _ => return Err(Failure::unknown()),
        };
        let done = match edit {
            Some(edit) => signing::edit_as_operator(&web.ctx, &by.email, &p.id, edit).await,
            None => answers::opt_out_for(&web.ctx, &by.email, &p.id, &reason).await.map(|_| ()),
        };
        match done {
            Ok(()) => return Ok(back(&at(&live, &format!("/contacts/{}", p.id)), act)),
            // What was typed would be lost on a page of its own.
            Err(problem) if act == "correct" && !problem.kind.is_ours() => errors.push(("email", problem.to_string())),
            Err(problem) => return Err(problem.into()),
        }
    }
    let refused = Refused { act, typed: &fields, errors };
    show(&web, &live, &by, &p, &Fields::default(), Some(refused)).await
}

/// What is wrong with the address that was typed.
pub fn wrong_address(fields: &Fields) -> Option<(&'static str, String)> {
    let why = EmailAddress::parse(fields.get("email")).err()?;
    Some(("email", format!("The address {} {why}. Correct it, then save again.", fields.get("email"))))
}

pub fn correction(fields: &Fields) -> Correction {
    let get = |name: &str| fields.get(name).to_string();
    Correction {
        first_name: get("first_name"),
        last_name: get("last_name"),
        email: get("email"),
        job_title: get("job_title"),
        role: get("role"),
        reason: get("reason"),
    }
}
