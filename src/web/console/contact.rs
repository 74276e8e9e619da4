//! One person of a round: who it is, what was sent and said, what comes next, and what an operator can do about it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::problem::Kind;
use crate::rules::calendar::Calendar;
use crate::rules::calendar::zone::Zone;
use crate::rules::repair::TaskKind;
use crate::rules::replies::CAME_BACK;
use crate::rules::round::{RoundState, Sender};
use crate::rules::sending::outbox::{MessageState, is_late};
use crate::rules::text::typed::one_after_another;
use crate::steps::contacts::identity;
use crate::steps::letters::as_sent;
use crate::steps::plan::forecast::sentence;
use crate::steps::repair::close_task;
use crate::steps::repair::resolution::{Resolved, resolve_as_operator};
use crate::steps::replies::absence::{self, News};
use crate::steps::signoff::editing::{self, Correction, Edit};
use crate::steps::{Live, response as answers};
use crate::store::contacts::{self, Person, accounts};
use crate::store::journal::{self, Entry};
use crate::store::repair::tasks;
use crate::store::replies::{self, Reply};
use crate::store::response;
use crate::store::sending::outbox::{self, Message};
use crate::store::signoff::{self, Signature};
use crate::web::kit::fields::{Fields, Words};
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::session::{Operator, Posted};
use crate::web::kit::state::Web;
use crate::web::kit::times::{day, exact, exact_for, when_for};
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Flash, Tone};
use crate::web::kit::views::respond;
use crate::web::kit::{names, refused_forms};
use crate::web::links::repair;
use crate::web::links::repair_cards::field_of;

use self::actions::Refused;
use self::notes::{notes, pauses, places};
use super::completion::at;
use super::contacts::{kind, standing};
use super::plan::capital;
use super::replies::verdict;
use super::views::contacts::{ContactPage, Event, Fact};

pub(in crate::web) mod actions;
mod notes;
mod said;

pub use self::actions::corrected;

/// The zone in which the console tells times, and the contact's own beside it.
struct Zones {
    home: Zone,
    own: Zone,
}

/// Public holidays are told for so many days ahead.
const HOLIDAYS_AHEAD: usize = 14;

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
    live: &Arc<Live>,
    by: &Operator,
    p: &Person,
    words: &Fields,
    refused: Option<Refused<'_>>,
) -> Result<Response, Failure> {
    let now = web.ctx.clock.now();
    let calendar = live.sequence.calendar(p.locality());
    let zone = Zones { home: home(live), own: calendar.zone().clone() };
    let mut tx = web.ctx.db.read().await?;
    let messages = outbox::of_contact(&mut tx, &p.id).await?;
    let senders = as_sent::senders(&web.ctx, &mut tx, live, p, &messages).await?;
    let account = accounts::by_id(&mut tx, &p.account_id).await?;
    let signatures = signoff::of_account(&mut tx, &p.account_id).await?;
    let entries = journal::of_subject(&mut tx, &p.id).await?;
    let begun = response::of_contact(&mut tx, &p.id).await?.map(|r| r.started_at);
    let mails = replies::of_contact(&mut tx, &p.id).await?;
    let task = tasks::of_contact(&mut tx, &p.id).await?.into_iter().find(|t| t.closed_at.is_none());
    let mut findings = notes(live, p, &messages, now);
    findings.extend(task.iter().map(|t| {
        let since = exact_for(t.opened_at, &zone.home, &zone.own);
        let what =
            if t.kind == TaskKind::Replace { "A successor is to be found" } else { "The address is to be corrected" };
        format!("{what}, since {since}. {}", t.why).trim().to_string()
    }));
    findings.extend(said::notes(&mut tx, p).await?);
    findings.extend(pauses(&mut tx, live, p, now).await?);
    let asked = identity::about(&mut tx, &p.id).await?;
    findings.extend(asked.iter().map(|a| format!("{} To be answered on the sign-off board.", a.sentence())));
    let places = places(&mut tx, live, p).await?;
    drop(tx);
    let mut history: Vec<(Ts, Event)> = Vec::new();
    let mut upcoming = Vec::new();
    for m in &messages {
        match m.state {
            MessageState::Planned | MessageState::Claimed | MessageState::Held => {
                upcoming.push((m.due_at, message(live, m, senders.get(&m.id), m.due_at, now, &calendar)));
            }
            _ => {
                let at = m.settled_at.unwrap_or(m.due_at);
                history.push((at, message(live, m, senders.get(&m.id), at, now, &calendar)));
            }
        }
    }
    history.extend(mails.iter().map(|r| (r.read_at, mail(r, now, &zone))));
    history.extend(signatures.iter().map(|s| (s.at, signature(s, now, &zone))));
    history.extend(entries.iter().map(|e| (e.at, entry(e, now, &zone))));
    history.extend(begun.map(|at| (at, event(Tone::Waiting, "First answer", at, now, &zone))));
    upcoming.sort_by_key(|(at, _)| *at);
    history.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let director = account.map(|a| a.director_name).unwrap_or_default();
    let mut actions = actions::of(live, &by.csrf, p, now, task.as_ref(), refused.as_ref());
    // Forms come and go with what is known of a person; the place where they stand stays.
    actions.iter_mut().for_each(|form| form.places = vec![form.id.clone(), "acts".into()]);
    let mut console = console(web, by, Some(live), "contacts", words);
    // A form that is not offered any more cannot say why it was refused.
    if let Some(r) = refused.as_ref().filter(|_| !actions.iter().any(ActionForm::open)) {
        let text = r.errors.iter().map(|(_, sentence)| sentence.as_str()).collect::<Vec<_>>().join(" ");
        console.flash = Some(Flash { tone: Tone::Wrong, text });
    }
    let page = ContactPage {
        console,
        name: p.full_name(),
        standing: standing(live, p),
        findings,
        facts: facts(live, p, &director, now, &zone).into_iter().chain(places).collect(),
        actions,
        pause_account: (live.state != RoundState::Closed)
            .then(|| at(live, &format!("/plan/pause?account={}", p.account_id))),
        upcoming: upcoming.into_iter().map(|(_, e)| e).collect(),
        history: history.into_iter().map(|(_, e)| e).collect(),
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &page))
}

fn facts(live: &Live, p: &Person, director: &str, now: Ts, zone: &Zones) -> Vec<Fact> {
    let mut facts = vec![Fact::link("Account", &p.account, at(live, &format!("/contacts?account={}", p.account_id)))];
    let manager = if p.manager_name.is_empty() { &p.manager_email } else { &p.manager_name };
    let signed = p.signed_at.map(|at| exact_for(at, &zone.home, &zone.own)).unwrap_or_else(|| "not yet".into());
    let local = exact(now, &zone.own);
    let country = capital(names::country(&p.country));
    let rest: [(&'static str, &str); 9] = [
        ("Job title", &p.job_title),
        ("Role", p.role.label()),
        ("E-mail", p.email.as_str()),
        ("Language", names::language(&p.language)),
        ("Country", &country),
        ("Local time", &local),
        ("Account director", director),
        ("Account manager", manager),
        ("Signed off", &signed),
    ];
    facts.extend(rest.into_iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| Fact::new(label, text)));
    let calendar = live.sequence.calendar(p.locality());
    let holidays = calendar.local(now).date().iter_days().take(HOLIDAYS_AHEAD).filter_map(|date| {
        let name = calendar.holiday(date)?;
        Some(Fact::new("Public holiday", format!("{}: {name}", day(date))))
    });
    facts.extend(holidays);
    facts
}

fn event(tone: Tone, what: impl Into<String>, at: Ts, now: Ts, zone: &Zones) -> Event {
    Event {
        tone,
        what: what.into(),
        when: when_for(at, now, &zone.home, &zone.own),
        by: String::new(),
        why: String::new(),
        letter: None,
        details: vec![],
    }
}

/// "late: was planned for Tue 9 Feb, 09:00 in Dublin", for a message that goes or went well after the time its touch names.
pub fn late(m: &Message, at: Ts, calendar: &Calendar) -> Option<String> {
    let late = m.kind.to_contact() && m.state != MessageState::Withdrawn && is_late(calendar, m.planned_for, at);
    late.then(|| format!("late: was planned for {}", exact(m.planned_for, calendar.zone())))
}

/// Whether a server took it and another one sent it back.
pub fn bounced(m: &Message) -> bool {
    m.reason.as_deref().is_some_and(|why| why.starts_with(CAME_BACK))
}

fn message(live: &Live, m: &Message, from: Option<&Sender>, at: Ts, now: Ts, calendar: &Calendar) -> Event {
    let zone = &Zones { home: home(live), own: calendar.zone().clone() };
    let (tone, verb) = match m.state {
        MessageState::Planned => (Tone::Waiting, "planned"),
        MessageState::Claimed | MessageState::Sending => (Tone::Waiting, "on its way"),
        MessageState::Sent => (Tone::Good, "sent"),
        MessageState::InDoubt => (Tone::Attention, "may not have arrived"),
        MessageState::Held => (Tone::Attention, "held"),
        MessageState::Failed if bounced(m) => (Tone::Wrong, "bounced"),
        MessageState::Failed => (Tone::Wrong, "failed"),
        MessageState::Withdrawn => (Tone::Waiting, "withdrawn"),
    };
    let name = kind(m);
    let mut letters = name.chars();
    let name = letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect());
    let mut details = vec![("Message".to_string(), m.id.clone())];
    details.extend(from.map(|s| ("From".to_string(), format!("{} <{}>", s.name, s.email))));
    details.push(("To".to_string(), m.to_email.as_str().to_string()));
    details.push(("Planned for".to_string(), exact_for(m.planned_for, &zone.home, &zone.own)));
    details.extend(m.marked_at.map(|at| ("Left".to_string(), exact_for(at, &zone.home, &zone.own))));
    details.extend(m.answer.iter().filter(|a| !a.is_empty()).map(|a| ("Server said".to_string(), a.clone())));
    let why = m.reason.as_deref().map(sentence).into_iter().chain(late(m, at, calendar));
    Event {
        why: one_after_another(why),
        letter: Some(self::at(live, &format!("/messages/{}", m.id))),
        details,
        ..event(tone, format!("{name} {verb}"), at, now, zone)
    }
}

/// A mail that came back about this person.
fn mail(r: &Reply, now: Ts, zone: &Zones) -> Event {
    let (tone, what) = verdict(r);
    let from = [("From", &r.from_email), ("Subject", &r.subject), ("Words", &r.words), ("Instead", &r.write_to)];
    let note = r.note.as_deref().filter(|note| !note.is_empty());
    let mut details: Vec<(String, String)> =
        from.into_iter().filter(|(_, text)| !text.is_empty()).map(|(l, t)| (l.to_string(), t.clone())).collect();
    details.extend(note.map(|note| ("Seen to".to_string(), note.to_string())));
    let by = r.handled_by.clone().map(|by| format!("seen to by {by}")).unwrap_or_default();
    let tone = if r.state == "handled" { Tone::Waiting } else { tone };
    Event {
        why: [by, r.why.clone()].join(" ").trim().into(),
        details,
        ..event(tone, capital(what), r.read_at, now, zone)
    }
}

fn signature(s: &Signature, now: Ts, zone: &Zones) -> Event {
    let what = if s.how == "recorded" { "Sign-off recorded" } else { "Names signed off" };
    let mut details = vec![("List".to_string(), s.fingerprint.chars().take(12).collect())];
    let rest = [("Evidence", &s.evidence), ("Recorded by", &s.recorded_by), ("From", &s.came_from)];
    details.extend(rest.into_iter().filter(|(_, t)| !t.is_empty()).map(|(l, t)| (l.to_string(), t.clone())));
    Event { by: s.signed_by.clone(), details, ..event(Tone::Good, what, s.at, now, zone) }
}

fn entry(e: &Entry, now: Ts, zone: &Zones) -> Event {
    let mut letters = e.action.chars();
    let what: String = letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect());
    let by = if e.actor == "soundings" { String::new() } else { e.actor.clone() };
    Event { by, why: e.detail.clone(), ..event(Tone::Waiting, what, e.at, now, zone) }
}

pub async fn act(State(web): State<Web>, Path((slug, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let p = person(&web, &live, &id).await?;
    let Posted { by, fields } = posted;
    let act = fields.get("act");
    if matches!(act, "replace" | "fine") {
        return mends(&web, &live, &by, &p, &fields).await;
    }
    let mut errors = Vec::new();
    if !["restore", "is_back", "stays"].contains(&act) && fields.get("reason").is_empty() {
        errors.push(("reason", "Say it in a few words.".to_string()));
    }
    errors.extend(fields.too_long());
    let until: Option<NaiveDate> = fields.get("until").parse().ok();
    match act {
        "correct" => errors.extend(wrong_address(&fields)),
        "consent" => errors.extend(said::wrong_consent(&fields)),
        "away" if until.is_none() => {
            errors.push(("until", "Write the last day away, such as 2027-02-15.".to_string()));
        }
        _ => {}
    }
    if errors.is_empty() {
        let reason = fields.get("reason").to_string();
        let (ctx, who) = (&web.ctx, by.email.as_str());
        let edit = async |edit| editing::edit_as_operator(ctx, who, &p.id, edit).await;
        let hear = async |news| absence::heard(ctx, &p.id, news, &reason, who).await;
        let done = match (act, until) {
            ("restore", _) => edit(Edit::PutBack).await,
            ("remove", _) => edit(Edit::Remove { reason: reason.clone() }).await,
            ("correct", _) => edit(corrected(&fields)).await,
            ("opt_out_round" | "consent", _) => said::record(ctx, who, &p.id, &fields).await,
            ("opt_out", _) => answers::opt_out_for(ctx, who, &p.id, &reason).await.map(|_| ()),
            ("away", Some(until)) => hear(News::AwayUntil(until)).await,
            ("is_back", _) => hear(News::Back).await,
            ("left", _) => hear(News::Left { write_to: Vec::new() }).await,
            ("stays", _) => hear(News::Stays).await,
            ("close_task", _) => close_task(ctx, &p.id, &reason, who).await,
            _ => return Err(Failure::unknown()),
        };
        match done {
            Ok(()) => return Ok(back(&at(&live, &format!("/contacts/{}", p.id)), act)),
            // What was typed would be lost on a page of its own.
            Err(problem) if act == "correct" && !problem.kind.is_ours() => errors.push(("email", problem.to_string())),
            Err(problem) if act == "away" && problem.kind == Kind::Unusable => {
                errors.push(("until", problem.to_string()))
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    let refused = Refused { act, typed: &fields, errors, questions: Vec::new() };
    Ok(refused_forms::at(act, show(&web, &live, &by, &p, &Fields::default(), Some(refused)).await?))
}

/// What an account manager would do by his link, done by an operator.
async fn mends(web: &Web, live: &Arc<Live>, by: &Operator, p: &Person, fields: &Fields) -> Answer {
    let act = fields.get("act");
    let (mend, mut errors) = repair::read(act, fields)?;
    let mut questions = Vec::new();
    if errors.is_empty() {
        match resolve_as_operator(&web.ctx, &by.email, &p.id, mend, fields.get("sure") == "yes").await {
            Ok(Resolved::Done) => return Ok(back(&at(live, &format!("/contacts/{}", p.id)), act)),
            Ok(Resolved::Unsure(asked)) => questions.extend(asked.into_iter().map(|q| q.message)),
            Err(problem) if problem.kind.is_ours() => return Err(problem.into()),
            Err(problem) => errors.push((field_of(act), problem.to_string())),
        }
    }
    let refused = Refused { act, typed: fields, errors, questions };
    Ok(refused_forms::at(act, show(web, live, by, p, &Fields::default(), Some(refused)).await?))
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
