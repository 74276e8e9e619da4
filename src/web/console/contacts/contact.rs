//! One person of a round: who it is, what was sent and said, what comes next, and what an operator can do about it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use crate::base::clock::Ts;
use crate::base::ids::{CallId, ContactId, is_id};
use crate::base::problem::Kind;
use crate::base::sentence::capitalised;
use crate::rules::handover::idempotency_key;
use crate::rules::repair::TaskKind;
use crate::rules::round::RoundState;
use crate::steps::calling::TakeBackCall;
use crate::steps::completion::told;
use crate::steps::contacts::people::identity;
use crate::steps::letters::as_sent;
use crate::steps::repair::CloseTask;
use crate::steps::repair::resolution::{Resolved, SettleContact};
use crate::steps::replies::absence::{self, News};
use crate::steps::signoff::names::editing::{self, Edit};
use crate::steps::{Live, response as answers};
use crate::store::contacts::{self, Person, accounts};
use crate::store::repair::tasks;
use crate::store::replies::desk;
use crate::store::sending::outbox;
use crate::store::signoff::decisions;
use crate::store::{Tx, calling, handover, journal, replies, response, signoff};
use crate::web::console::views::contacts::{ContactPage, Fact};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::corrections::{corrected, wrong_address};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::with;
use crate::web::kit::forms::refused_forms;
use crate::web::kit::forms::repair_forms::{self, field_of};
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::{day, exact, exact_for};
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Flash, Tone};
use crate::web::kit::views::page::respond;
use crate::web::kit::views::repair_phrases::RepairPhrases;
use crate::web::kit::{names, urls};

use super::forms::{self, Refused};
use super::history::{self, Zones};
use super::notes::{notes, pauses, places};
use super::objections;
use super::standing::standing;

/// Public holidays are told for so many days ahead.
const HOLIDAYS_AHEAD: usize = 14;

pub async fn page(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, ContactId)>,
    by: Operator,
    Words(words): Words,
) -> Answer {
    let live = round(&web, &slug).await?;
    let person = person(&web, &live, &id).await?;
    show(&web, &live, &by, &person, &words, None).await
}

/// A contact of this round; one of another round is as unknown as one that never was (S11).
async fn person(web: &Web, live: &Live, id: &ContactId) -> Result<Person, Failure> {
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
    let p = &told::person(live, p.clone());
    let mut tx = web.ctx.db.read().await?;
    let messages = told::messages(live, outbox::of_contact(&mut tx, &p.id).await?);
    let senders = as_sent::senders(&web.ctx, &mut tx, live, p, &messages).await?;
    let account = accounts::by_id(&mut tx, &p.account_id).await?;
    let signatures = signoff::of_account(&mut tx, &p.account_id).await?;
    let entries = told::entries(live, journal::of_subject(&mut tx, &p.id).await?);
    let mut decisions = decisions::of_account(&mut tx, &p.account_id).await?;
    decisions.retain(|d| d.names().is_ok_and(|names| names.contains(&p.id)));
    let names = live.spec.participation.names();
    let answers = if names { answers_of(&mut tx, p).await? } else { history::Answers::default() };
    let mails = replies::of_contact(&mut tx, &p.id).await?;
    let acts = desk::of_replies(&mut tx, &mails.iter().map(|mail| &mail.id).collect::<Vec<_>>()).await?;
    // Whether it is the right person comes before whether the address is right.
    let open = tasks::of_contact(&mut tx, &p.id).await?.into_iter().filter(|t| t.closed_at.is_none());
    let task = open.min_by_key(|t| t.kind);
    let is_open = matches!(live.state, RoundState::Running | RoundState::Paused);
    let call = calling::of_contacts(&mut tx, &[&p.id]).await?.into_iter().next().filter(|_| is_open);
    let mut findings = notes(live, p, &messages, now);
    findings.extend(task.iter().map(|t| {
        let since = exact_for(t.opened_at, now, &zone.home, &zone.own);
        let what =
            if t.kind == TaskKind::Replace { "A successor is to be found" } else { "The address is to be corrected" };
        format!("{what}, since {since}. {}", t.why).trim().to_string()
    }));
    findings.extend(objections::notes(&mut tx, p).await?);
    findings.extend(pauses(&mut tx, live, p, now).await?);
    let asked = identity::about(&mut tx, &p.id).await?;
    findings.extend(asked.iter().map(|a| format!("{} To be answered on the sign-off board.", a.sentence())));
    let places = places(&mut tx, live, p).await?;
    drop(tx);
    let known = history::Known {
        messages: &messages,
        senders: &senders,
        mails: &mails,
        acts: &acts,
        signatures: &signatures,
        entries: &entries,
        decisions: &decisions,
        answers,
    };
    let (upcoming, past) = history::of(live, &known, &calendar, now);
    let director = account.map(|a| a.director_name).unwrap_or_default();
    let mut actions = forms::of(live, &by.csrf, p, now, task.as_ref(), refused.as_ref());
    actions.extend(call.map(|call| forms::take_back(live, &by.csrf, p, &call)));
    // Forms come and go with what is known of a person; the place where they stand stays.
    actions.iter_mut().for_each(|form| form.places = vec![form.id.clone(), "acts".into()]);
    let mut console = console(web, by, Some(live), "contacts", words);
    // A form that is not offered any more cannot say why it was refused.
    if let Some(r) = refused.as_ref().filter(|_| !actions.iter().any(ActionForm::open)) {
        let text = r.errors.iter().map(|(_, sentence)| sentence.as_str()).collect::<Vec<_>>().join(" ");
        console.flash = Some(Flash { tone: Tone::Wrong, text, link: None });
    }
    let page = ContactPage {
        console,
        name: p.full_name(),
        standing: standing(live, p),
        findings,
        facts: facts(live, p, &director, now, &zone).into_iter().chain(places).collect(),
        actions,
        pause_account: (live.state != RoundState::Closed)
            .then(|| with(urls::pause(&live.slug), "account", p.account_id.as_str())),
        upcoming,
        history: past,
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &page))
}

/// That he answers, and never what.
async fn answers_of(tx: &mut Tx, p: &Person) -> Result<history::Answers, Failure> {
    let Some(response) = response::of_contact(tx, &p.id).await? else { return Ok(history::Answers::default()) };
    let progress = response::progress(tx, &response.id).await?;
    let handed = handover::by_id(tx, &idempotency_key(&response.id)).await?;
    Ok(history::Answers {
        begun: Some(response.started_at),
        so_far: progress.last_saved_at.filter(|_| response.completed_at.is_none()).map(|at| (progress.answers, at)),
        handed_over: handed.map(|h| (h.state, h.settled_at.unwrap_or(h.created_at))),
    })
}

fn facts(live: &Live, p: &Person, director: &str, now: Ts, zone: &Zones) -> Vec<Fact> {
    let mut facts = vec![Fact::link("Account", &p.account, urls::account(&live.slug, &p.account_id))];
    let manager = if p.manager_name.is_empty() { &p.manager_email } else { &p.manager_name };
    let signed = p.signed_at.map_or_else(|| "not yet".into(), |at| exact_for(at, now, &zone.home, &zone.own));
    let local = exact(now, now, &zone.own);
    let country = capitalised(names::country(&p.country));
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

pub async fn act(State(web): State<Web>, Path((slug, id)): Path<(String, ContactId)>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let p = person(&web, &live, &id).await?;
    let Posted { by, fields } = posted;
    let act = fields.get("act");
    if matches!(act, "replace" | "fine") {
        return resolves(&web, &live, &by, &p, &fields).await;
    }
    let mut errors = Vec::new();
    if !["restore", "is_back", "stays", "take_back_call"].contains(&act) && fields.get("reason").is_empty() {
        errors.push(("reason", "Say it in a few words.".to_string()));
    }
    errors.extend(fields.too_long());
    let until: Option<NaiveDate> = fields.get("until").parse().ok();
    match act {
        "correct" => errors.extend(wrong_address(&fields)),
        "consent" => errors.extend(objections::wrong_consent(&fields)),
        "away" if until.is_none() => {
            errors.push(("until", "Write the last day away, such as 2027-02-15.".to_string()));
        }
        _ => {}
    }
    if errors.is_empty() {
        let reason = fields.get("reason").to_string();
        let (ctx, who) = (&web.ctx, &by.actor());
        let edit = async |edit| ctx.order(who, editing::EditContact { contact: p.id.clone(), edit }).await;
        let hear =
            async |news| ctx.order(who, absence::HearNews { contact: p.id.clone(), news, why: reason.clone() }).await;
        let done = match (act, until) {
            ("restore", _) => edit(Edit::PutBack).await,
            ("remove", _) => edit(Edit::Remove { reason: reason.clone() }).await,
            ("correct", _) => edit(corrected(&fields)).await,
            ("opt_out_round" | "consent", _) => objections::record(ctx, who, &p.id, &fields).await,
            ("opt_out", _) => ctx
                .order(
                    who,
                    answers::OptOutAsTold {
                        contact: p.id.clone(),
                        length: answers::Length::NeverAgain,
                        how: reason.clone(),
                    },
                )
                .await
                .map(|_| ()),
            ("away", Some(until)) => hear(News::AwayUntil(until)).await,
            ("is_back", _) => hear(News::Back).await,
            ("left", _) => hear(News::Left { write_to: Vec::new() }).await,
            ("stays", _) => hear(News::Stays).await,
            ("take_back_call", _) => {
                let call = call_to(&web, &p, fields.get("call")).await?;
                ctx.order(who, TakeBackCall { call }).await
            }
            ("close_task", _) => ctx.order(who, CloseTask { contact: p.id.clone(), outcome: reason.clone() }).await,
            _ => return Err(Failure::unknown()),
        };
        match done {
            Ok(()) => return Ok(back(&urls::contact(&live.slug, &p.id), act)),
            // What was typed would be lost on a page of its own.
            Err(problem) if act == "correct" && !problem.kind.is_ours() => errors.push(("email", problem.for_page())),
            Err(problem) if act == "away" && problem.kind == Kind::Unusable => {
                errors.push(("until", problem.for_page()));
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    let refused = Refused { act, typed: &fields, errors, questions: Vec::new() };
    Ok(refused_forms::at(act, show(&web, &live, &by, &p, &Fields::default(), Some(refused)).await?))
}

/// A call to this contact; one to another is as unknown as one that never was (S11).
async fn call_to(web: &Web, p: &Person, id: &str) -> Result<CallId, Failure> {
    let id = Some(id).filter(|id| is_id(id)).map(CallId::from).ok_or_else(Failure::unknown)?;
    let known = calling::by_id(&mut web.ctx.db.read().await?, &id).await?;
    known.filter(|call| call.contact_id == p.id).map(|_| id).ok_or_else(Failure::unknown)
}

/// What an account manager would do by his link, done by an operator.
async fn resolves(web: &Web, live: &Arc<Live>, by: &Operator, p: &Person, fields: &Fields) -> Answer {
    let act = fields.get("act");
    let (resolution, mut errors) = repair_forms::read(act, fields, RepairPhrases::of("en"))?;
    let mut questions = Vec::new();
    if errors.is_empty() {
        match web
            .ctx
            .order(&by.actor(), SettleContact { contact: p.id.clone(), resolution, sure: fields.get("sure") == "yes" })
            .await
        {
            Ok(Resolved::Done) => return Ok(back(&urls::contact(&live.slug, &p.id), act)),
            Ok(Resolved::Unsure(asked)) => questions.extend(asked.into_iter().map(|q| q.message)),
            Err(problem) if problem.kind.is_ours() => return Err(problem.into()),
            Err(problem) => errors.push((field_of(act), problem.for_page())),
        }
    }
    let refused = Refused { act, typed: fields, errors, questions };
    Ok(refused_forms::at(act, show(web, live, by, p, &Fields::default(), Some(refused)).await?))
}
