//! The nine promises, checked on a live database: what `doctor`, `demo` and the simulation tests ask after every tick.
//!
//! A check reads what the database remembers and asks the rules again; it says how many facts it looked at, so that a promise that held
//! because nothing happened is not taken for one that was tried.

use std::collections::HashMap;

use serde::Serialize;

use crate::base::address::EmailAddress;
use crate::base::counted::counted;
use crate::base::ids::{ResponseId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::journal::Actor;
use crate::rules::message::MessageKind;
use crate::rules::plan::{Facts, Pause, Scope, was_paused};
use crate::rules::round::{BANNED_WORD, says_banned_word};
use crate::rules::sending::refusal::proves_dead;
use crate::steps::context::{Ctx, Live};
use crate::store::contacts::objections::{self, Objection};
use crate::store::plan::pauses;
use crate::store::promises::{self, Gone};
use crate::store::{Tx, contacts, response};

use super::own_time::{self, Found, history};
use super::signed;

/// The outcome of one check. Contract: `promises` of `demo --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Promise {
    pub id: u8,
    pub name: &'static str,
    pub holds: bool,
    /// How many facts were looked at.
    pub checked: u64,
    /// What contradicts it, in sentences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub broken_by: Vec<String>,
}

pub const NAMES: [&str; 9] = [
    "Nobody is written to whose name was not signed off",
    "Decided late",
    "No contact is lost, and none gets a second copy unless named beforehand",
    "In the contact's own time",
    "A GET changes nothing",
    "An answer is never lost",
    "An address bounces, not a person",
    "Everything that was done can be told",
    "The banned word reaches nobody",
];

/// Checks all promises on one round.
pub async fn check(ctx: &Ctx, slug: &str) -> Result<Vec<Promise>> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let gone = promises::gone(&mut tx, &live.id).await?;
    let found = [
        signed::signed(&mut tx, &live.id, &gone).await?,
        decided_late(&gone, &pauses(&mut tx, &live.id).await?, &said_for_good(&mut tx, &live.id).await?),
        not_lost(ctx, &mut tx, &live).await?,
        own_time::in_own_time(&live, &history(ctx, &mut tx, &live.id).await?, &gone),
        by_people(&mut tx, &live).await?,
        answers(&mut tx, &live).await?,
        addresses(&mut tx, &live).await?,
        told(&mut tx, &live).await?,
        words(&live),
    ];
    Ok(found
        .into_iter()
        .zip(NAMES)
        .zip(1..)
        .map(|(((checked, broken_by), name), id)| Promise { id, name, holds: broken_by.is_empty(), checked, broken_by })
        .collect())
}

/// A digest of everything that opening a link could change, for promise 5: equal before and after, or something has moved.
pub async fn digest(ctx: &Ctx) -> Result<Vec<i64>> {
    let mut tx = ctx.db.read().await?;
    let d = promises::digest(&mut tx).await?;
    Ok(vec![
        d.versions,
        d.journal,
        d.signatures,
        d.answers,
        d.responses,
        d.requests,
        d.repairs,
        d.logins,
        d.sessions,
        d.messages,
    ])
}

/// What was paused, from when it was made known until it was lifted.
async fn pauses(tx: &mut Tx, round: &RoundId) -> Result<Vec<Pause>> {
    let all = pauses::of_round(tx, round).await?.into_iter();
    Ok(all
        .filter_map(|p| {
            // What was marked at the very instant of the pause was marked before it.
            let from = p.from_at.max(p.made_at).plus(1);
            let until = p.until_at.into_iter().chain(p.lifted_at).min();
            Some(Pause { scope: Scope::parse(&p.scope, &p.value)?, from, until })
        })
        .collect())
}

/// What was ever said for good to the round's client, by address: never again, and complaints.
async fn said_for_good(tx: &mut Tx, round: &RoundId) -> Result<HashMap<String, Vec<Objection>>> {
    let client = objections::client_of(tx, round).await?;
    let mut said: HashMap<String, Vec<Objection>> = HashMap::new();
    for o in objections::of_client(tx, &client).await?.into_iter().filter(|o| o.kind != ObjectionKind::Left) {
        said.entry(o.email_key.clone()).or_default().push(o);
    }
    Ok(said)
}

fn decided_late(gone: &[Gone], pauses: &[Pause], said: &HashMap<String, Vec<Objection>>) -> Found {
    let mut broken = Vec::new();
    for m in gone {
        let key = EmailAddress::parse(&m.email).map_or_else(|_| m.email.to_lowercase(), |email| email.key());
        let in_force =
            |o: &&Objection| m.marked_at.is_some_and(|at| at > o.since && o.ended_at.is_none_or(|ended| at < ended));
        if let Some(o) = said.get(&key).into_iter().flatten().find(in_force) {
            let what = if o.kind == ObjectionKind::Complaint { "a complaint" } else { "\u{201c}never again\u{201d}" };
            broken.push(format!(
                "{} got a {} after {what}, said {}.",
                m.email,
                m.kind,
                o.since.utc().format("%-d %b %Y")
            ));
        }
        let after =
            |fact: Option<crate::base::clock::Ts>| fact.is_some_and(|at| m.marked_at.is_some_and(|marked| marked > at));
        if after(m.completed_at) && m.kind != MessageKind::ThankYou {
            broken.push(format!("{} got a {} after completing.", m.email, m.kind));
        }
        if after(m.opted_out_at) {
            broken.push(format!("{} got a {} after opting out.", m.email, m.kind));
        }
        if after(m.not_chased_at) && m.kind == MessageKind::Reminder {
            broken.push(format!("{} got a reminder after it was said that none is wanted.", m.email));
        }
        let scopes = Facts {
            account: m.account_id.clone(),
            director: m.director_email.clone(),
            country: m.country.clone(),
            language: m.language.clone(),
            ..Facts::default()
        };
        if m.marked_at.is_some_and(|at| was_paused(pauses, &scopes, m.kind, m.number as u32, at)) {
            broken.push(format!("{} got a {} while it was paused.", m.email, m.kind));
        }
    }
    (gone.len() as u64, broken)
}

async fn not_lost(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Found> {
    let listed = contacts::ids_of_round(tx, &live.id).await?.len() as u64;
    let strangers = promises::without_address(tx, &live.id).await?;
    let mut broken: Vec<String> = strangers
        .iter()
        .map(|c| format!("{} is on the list, and the address is somebody else\u{2019}s.", c.email))
        .collect();
    if live.state == crate::rules::round::RoundState::Draft {
        return Ok((listed, broken));
    }
    let forgotten = promises::forgotten(tx, &live.id).await?;
    broken.extend(forgotten.iter().map(|c| format!("Nothing is planned for {}, and no reason is on record.", c.email)));
    broken
        .extend(ctx.order(&Actor::Program, crate::steps::completion::CheckCounters { slug: live.slug.clone() }).await?);
    Ok((listed, broken))
}

async fn by_people(tx: &mut Tx, live: &Live) -> Result<Found> {
    let without = promises::signatures_without_origin(tx, &live.id).await?;
    let checked = promises::signatures(tx, &live.id).await? as u64;
    Ok((
        checked,
        without.iter().map(|s| format!("The signature of {} does not say where it came from.", s.email)).collect(),
    ))
}

async fn answers(tx: &mut Tx, live: &Live) -> Result<Found> {
    let lost = promises::answers_without_handoff(tx, &live.id).await?;
    let mut broken: Vec<String> =
        lost.iter().map(|c| format!("The answers of {} are in no hand-over.", c.email)).collect();
    let handed = promises::handed(tx, &live.id).await?;
    for (h, expected) in handed.iter().zip(1..) {
        let body: serde_json::Value = serde_json::from_str(&h.body).unwrap_or_default();
        let told = body.pointer("/data/response/answers").and_then(|a| a.as_object()).map_or(-1, |a| a.len() as i64);
        if h.sequence != expected {
            broken.push(format!("Hand-over {expected} is missing."));
        }
        if told != h.answers && !untold_was_unasked(tx, live, &h.response_id, &body).await? {
            broken.push(format!(
                "Hand-over {} tells of {}, stored are {}.",
                h.sequence,
                counted(told, "answer", "answers"),
                h.answers
            ));
        }
    }
    Ok((handed.len() as u64, broken))
}

/// Whether everything that was answered and not handed over was no question of the questionnaire.
async fn untold_was_unasked(tx: &mut Tx, live: &Live, response: &ResponseId, body: &serde_json::Value) -> Result<bool> {
    let Some(kept) = response::by_id(tx, response).await? else { return Ok(false) };
    let asked = crate::steps::questionnaire::of_response(tx, live, &kept).await?;
    let told = |item: &str| body.pointer("/data/response/answers").is_some_and(|answers| answers.get(item).is_some());
    let stored = response::answers(tx, response).await?;
    Ok(stored.iter().all(|a| told(&a.item) != asked.items().all(|item| item.id != a.item)))
}

async fn addresses(tx: &mut Tx, live: &Live) -> Result<Found> {
    let dead = promises::dead_addresses(tx, &live.id).await?;
    let domain = |email: &str| email.rsplit_once('@').map_or(String::new(), |(_, domain)| domain.to_lowercase());
    let unproven = dead.iter().filter(|d| !proves_dead(&d.reason, &domain(&d.email)));
    let told = |d: &promises::SentToDead| match d.reason.as_str() {
        "" => format!("{} was given up, and nothing is on record that proves it.", d.email),
        said => format!("{} was given up for words that do not prove it: {said}", d.email),
    };
    Ok((dead.len() as u64, unproven.map(told).collect()))
}

async fn told(tx: &mut Tx, live: &Live) -> Result<Found> {
    let untold = promises::untold(tx, &live.id).await?;
    let checked = promises::journal_entries(tx, &live.id).await? as u64;
    Ok((checked, untold.iter().map(|u| format!("The journal does not tell what happened to {}.", u.email)).collect()))
}

fn words(live: &Live) -> Found {
    let mut texts: Vec<(String, String)> = Vec::new();
    for (language, by_name) in &live.words {
        for (name, text) in by_name {
            texts.push((format!("mail/{language}/{name}.md"), format!("{} {}", text.subject, text.body)));
        }
    }
    let questionnaire = serde_json::to_string(&*live.questionnaire).unwrap_or_default();
    texts.push(("questionnaire.toml".into(), questionnaire));
    texts.push((
        "round.toml".into(),
        std::iter::once((live.spec.title.as_str(), live.spec.client.as_str()))
            .chain(live.spec.changed_since_last_year.texts(&live.spec.language))
            .map(|(a, b)| format!("{a} {b}"))
            .collect::<Vec<_>>()
            .join(" "),
    ));
    let broken = texts.iter().filter(|(_, text)| says_banned_word(text));
    let broken = broken.map(|(name, _)| format!("The word \u{201c}{BANNED_WORD}\u{201d} stands in {name}.")).collect();
    (texts.len() as u64, broken)
}
