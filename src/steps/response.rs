//! Taking answers: saved as the person goes, completed once, handed over from the moment of completion.
//!
//! Promise 6: what a page said it saved is committed. Promise 2: a completion or an opt-out stops what has not begun to leave,
//! in the same transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::ids::{ContactId, ResponseId};
use crate::base::problem::{Problem, Result};
use crate::base::tokens;
use crate::rules::handover as rule;
use crate::rules::handover::events::{EventData, EventKind, tells_of_answers};
use crate::rules::handover::{Completed, HandoffState, QuestionnaireVersion};
use crate::rules::journal::{Action, Actor};
use crate::rules::participation::HAS_ANSWERED;
use crate::rules::plan::Reason;
use crate::rules::questionnaire::chosen_language;
use crate::rules::response::{Answers, Item, Questionnaire, draft, read_answer, unfinished};
use crate::rules::round::{Audience, RoundState};
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::store::contacts::{self, Person, accounts, facts, links};
use crate::store::handover::{self, Handoff};
use crate::store::response::{self, Begun, Response};
use crate::store::sending::outbox;
use crate::store::{Tx, plan};

use super::questionnaire;
use super::repair::tasks;

pub use crate::steps::contacts::opt_out::{Length, OptOut, OptOutAsTold, opt_out_page};

/// Where a person stands when the link is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Open,
    Answered,
    RoundClosed,
    OptedOut,
    /// Taken off the list; told like a closed round.
    Removed,
    /// The link was for another address, which was corrected since: nothing of the contact is shown.
    ForAnotherAddress,
}

/// What is behind an assessment link.
#[derive(Debug)]
pub struct Opened {
    pub live: Arc<Live>,
    pub person: Person,
    pub standing: Standing,
    pub answers: Answers,
    pub response: Option<Response>,
    /// The one that was begun; the round's where nothing is.
    pub questionnaire: Arc<Questionnaire>,
}

impl Opened {
    /// In what was asked for, else what the answers were begun in, else the contact's own language, else the round's.
    pub fn language(&self, asked: &str) -> String {
        let begun = self.response.as_ref().map_or("", |r| r.language.as_str());
        chosen_language(&self.questionnaire, [asked, begun, &self.person.language], &self.live.spec.language)
    }
}

/// Opens an assessment. Changes nothing. `None` when there is no such link.
pub async fn open(ctx: &Ctx, secret: &str) -> Result<Option<Opened>> {
    let mut tx = ctx.db.read().await?;
    by_secret(ctx, &mut tx, secret).await
}

async fn by_secret(ctx: &Ctx, tx: &mut Tx, secret: &str) -> Result<Option<Opened>> {
    let hash = tokens::hash(secret);
    if let Some(contact) = contacts::by_link(tx, &hash).await? {
        return opened(ctx, tx, &contact).await;
    }
    let Some(former) = links::former(tx, &hash).await? else { return Ok(None) };
    let Some(person) = contacts::person(tx, &former.contact_id).await? else { return Ok(None) };
    let live = ctx.live_by_id(tx, &person.round_id).await?;
    let questionnaire = live.questionnaire.clone();
    let standing = Standing::ForAnotherAddress;
    Ok(Some(Opened { live, person, standing, answers: Answers::new(), response: None, questionnaire }))
}

async fn opened(ctx: &Ctx, tx: &mut Tx, contact: &ContactId) -> Result<Option<Opened>> {
    let Some(person) = contacts::person(tx, contact).await? else { return Ok(None) };
    let live = ctx.live_by_id(tx, &person.round_id).await?;
    let response = response::of_contact(tx, contact).await?;
    let mut answers = Answers::new();
    let mut questionnaire = live.questionnaire.clone();
    if let Some(r) = &response {
        questionnaire = questionnaire::of_response(tx, &live, r).await?;
        for a in response::answers(tx, &r.id).await? {
            let value = serde_json::from_str(&a.value)
                .map_err(|e| Problem::internal("A stored answer cannot be read.").because(e))?;
            answers.insert(a.item, value);
        }
    }
    let standing = if person.completed_at.is_some() {
        Standing::Answered
    } else if live.state == RoundState::Closed || live.state == RoundState::Draft {
        Standing::RoundClosed
    } else if person.removed_at.is_some() {
        Standing::Removed
    } else if person.is_opted_out() {
        Standing::OptedOut
    } else {
        Standing::Open
    };
    Ok(Some(Opened { live, person, standing, answers, response, questionnaire }))
}

/// What saving did.
#[derive(Debug)]
pub struct Saved {
    /// With the answers as they are now.
    pub opened: Opened,
    /// Sentences by item id: what could not be taken.
    pub errors: BTreeMap<String, String>,
    /// Required items of the saved part that have no answer.
    pub missing: Vec<String>,
}

/// Saves what a page or a field said. Acceptable answers are kept even where others are not, and so is a text that is too long to be sent.
pub struct SaveAnswers {
    pub secret: String,
    pub fields: BTreeMap<String, String>,
    /// Of the page, if one was chosen.
    pub language: String,
}

impl Order for SaveAnswers {
    type Done = Saved;
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Saved> {
        let opened = must_be_open(ctx, tx, &self.secret).await?;
        tx.in_round(&opened.live.id);
        let language = opened.language(&self.language);
        let mut saved = Saved { opened, errors: BTreeMap::new(), missing: Vec::new() };
        let mut response = saved.opened.response.as_ref().map(|r| r.id.clone());
        for item in saved.opened.questionnaire.clone().items() {
            let Some(text) = self.fields.get(&item.id) else { continue };
            let value = match read_answer(item, text) {
                Err(sentence) => {
                    saved.errors.insert(item.id.clone(), sentence);
                    let Some(value) = draft(item, text) else { continue };
                    value
                }
                Ok(Some(value)) => value,
                Ok(None) => {
                    if let Some(id) = &response {
                        response::erase(tx, id, &item.id).await?;
                    }
                    saved.opened.answers.remove(&item.id);
                    note_missing(item, &mut saved);
                    continue;
                }
            };
            response = Some(keep(ctx, tx, &saved.opened, response, item, &value, &language).await?);
            saved.opened.answers.insert(item.id.clone(), value);
        }
        Ok(saved)
    }
}

async fn keep(
    ctx: &Ctx,
    tx: &mut Tx,
    opened: &Opened,
    begun: Option<ResponseId>,
    item: &Item,
    value: &serde_json::Value,
    language: &str,
) -> Result<ResponseId> {
    let id = match begun {
        Some(id) => id,
        None => begin(ctx, tx, opened, language).await?,
    };
    response::save(tx, &id, &item.id, &value.to_string(), ctx.clock.now()).await?;
    Ok(id)
}

fn note_missing(item: &Item, saved: &mut Saved) {
    if item.required {
        saved.missing.push(item.id.clone());
    }
}

/// *Started* means a first answer, never a page view.
async fn begin(ctx: &Ctx, tx: &mut Tx, opened: &Opened, language: &str) -> Result<ResponseId> {
    let (now, person) = (ctx.clock.now(), &opened.person);
    let (id, kept) = (ctx.ids.id(now), questionnaire::keep(tx, &opened.live).await?);
    let (round, contact) = (&person.round_id, &person.id);
    response::begin(tx, &Begun { id: &id, round, contact, language, questionnaire: kept }, now).await?;
    facts::mark_started(tx, &person.id, now).await?;
    let begun = response::of_contact(tx, &person.id).await?;
    begun.map(|r| r.id).ok_or_else(|| Problem::internal("A response that was begun is not there."))
}

fn unknown() -> Problem {
    Problem::not_found("This link does not lead to an assessment.", "Open the link in the latest mail once more.")
}

async fn must_be_open(ctx: &Ctx, tx: &mut Tx, secret: &str) -> Result<Opened> {
    let opened = by_secret(ctx, tx, secret).await?.ok_or_else(unknown)?;
    is_open(&opened)?;
    Ok(opened)
}

fn is_open(opened: &Opened) -> Result<()> {
    match opened.standing {
        Standing::Open => Ok(()),
        Standing::Answered => {
            Err(Problem::refused("Your answers have arrived already.", "There is nothing more to do. Thank you."))
        }
        Standing::ForAnotherAddress => Err(Problem::refused(
            "This link was for another address, which was corrected since.",
            "Open the link in the latest mail.",
        )),
        _ => Err(Problem::refused(
            "Answers are no longer taken here.",
            "Write to the person named in the mail if you want to tell us something.",
        )),
    }
}

/// What sending the answers did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    Complete,
    /// It had been sent before: a double click, a second tab. Nothing changed.
    Already,
    /// Required items without an answer and texts that are too long, in order.
    Missing(Vec<String>),
}

/// Sends the answers; what was behind the link, and what was done. Completes exactly once, however often it is asked (F19).
pub struct SendAnswers {
    pub secret: String,
    /// Of the page, if one was chosen.
    pub language: String,
}

impl Order for SendAnswers {
    type Done = (Opened, Sent);
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<(Opened, Sent)> {
        let opened = by_secret(ctx, tx, &self.secret).await?.ok_or_else(unknown)?;
        let sent = match opened.standing {
            Standing::Answered => Sent::Already,
            _ => send_in(ctx, tx, &opened, &opened.language(&self.language)).await?,
        };
        Ok((opened, sent))
    }
}

async fn send_in(ctx: &Ctx, tx: &mut Tx, opened: &Opened, language: &str) -> Result<Sent> {
    let now = ctx.clock.now();
    is_open(opened)?;
    tx.in_round(&opened.live.id);
    let missing: Vec<String> =
        unfinished(&opened.questionnaire, &opened.answers).iter().map(|i| i.id.clone()).collect();
    let Some(response) = &opened.response else { return Ok(Sent::Missing(missing)) };
    if !missing.is_empty() {
        return Ok(Sent::Missing(missing));
    }
    if !response::complete(tx, &response.id, language, now).await?
        || !facts::mark_completed(tx, &opened.person.id, now).await?
    {
        return Ok(Sent::Already);
    }
    outbox::withdraw_of_contact(tx, &opened.person.id, &Reason::Completed.into(), now).await?;
    // Where no names are told, that nobody is asked any more to repair him would say that he has answered.
    if opened.live.spec.participation.names() {
        tasks::settled(ctx, tx, &opened.person, HAS_ANSWERED, &Actor::contact(&opened.person.email)).await?;
    }
    // What is meant for accounts that are silent stops with the first answer, also where it is claimed already.
    let silent = opened.live.spec.touches.iter().any(|t| t.audience == Audience::AccountSilent);
    if silent && opened.person.account_answers == 0 {
        plan::look_at_account(tx, &opened.person.account_id, now).await?;
    }
    hand_over(ctx, tx, opened, response, language).await?;
    ctx.journal(
        tx,
        &Actor::contact(&opened.person.email),
        Action::SentAnswers,
        Some(&opened.live.id),
        &opened.person.id,
        "",
    )
    .await?;
    Ok(Sent::Complete)
}

/// What was asked in this questionnaire: an answer to anything else is kept here, and not handed over as if it had been asked.
fn asked(questionnaire: &Questionnaire, answers: &Answers) -> Answers {
    let asked = |id: &String| questionnaire.items().any(|item| item.id == *id);
    answers.iter().filter(|(id, _)| asked(id)).map(|(id, value)| (id.clone(), value.clone())).collect()
}

/// Puts the response into the hand-over, in the transaction that completed it.
async fn hand_over(ctx: &Ctx, tx: &mut Tx, opened: &Opened, response: &Response, language: &str) -> Result<()> {
    let now = ctx.clock.now();
    let account = accounts::by_id(tx, &opened.person.account_id)
        .await?
        .ok_or_else(|| Problem::internal("A contact without an account."))?;
    let sequence = handover::next_sequence(tx, &opened.live.id).await?;
    let p = &opened.person;
    let completed = Completed {
        sequence,
        round: opened.live.slug.clone(),
        client: opened.live.spec.client.clone(),
        account: rule::PayloadAccount {
            name: account.name,
            strategic: account.strategic.0,
            annual_revenue: account.annual_revenue,
        },
        contact: rule::PayloadContact {
            email: p.email.as_str().into(),
            first_name: p.first_name.clone(),
            last_name: p.last_name.clone(),
            role: p.role,
            job_title: p.job_title.clone(),
            country: p.country.clone(),
            language: p.language.clone(),
        },
        response: rule::PayloadResponse {
            id: response.id.clone(),
            started_at: response.started_at,
            completed_at: now,
            language: language.into(),
            questionnaire: QuestionnaireVersion {
                id: opened.questionnaire.id.clone(),
                version: opened.questionnaire.version.clone(),
                digest: questionnaire::digest(&opened.questionnaire)?,
            },
            answers: asked(&opened.questionnaire, &opened.answers),
        },
    };
    let handoff = Handoff {
        id: rule::idempotency_key(&response.id),
        round_id: opened.live.id.clone(),
        response_id: response.id.clone(),
        sequence,
        body: rule::body(&completed)?,
        state: HandoffState::Pending,
        attempt: 0,
        created_at: now,
        next_at: now,
        settled_at: None,
        answer: None,
    };
    handover::insert(tx, &handoff).await?;
    tell(ctx, tx, opened, response, sequence).await
}

/// Tells that somebody has answered, and not what, in a round that tells who has.
async fn tell(ctx: &Ctx, tx: &mut Tx, opened: &Opened, response: &Response, sequence: i64) -> Result<()> {
    let live = &opened.live;
    if !tells_of_answers(live.spec.participation) {
        return Ok(());
    }
    let data = EventData::Response { round: &live.slug, contact: &opened.person.id, response: &response.id, sequence };
    ctx.event(tx, EventKind::ResponseCompleted, Some(&live.id), &data).await
}
