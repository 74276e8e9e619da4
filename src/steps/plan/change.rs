//! Changing a round while it runs: first what it does to whom, then, on a second word, the change itself.
//!
//! A change that cannot be kept is refused with every reason, and the round goes on with the plan it has. A change is made against the
//! version that was looked at: two people who change at once do not undo each other unseen.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::{Problem, Result};
use crate::intake;
use crate::intake::folder::faults::Fault;
use crate::mail::letters::rendering::Press;
use crate::rules::journal::{Action, Actor};
use crate::rules::message::MessageKind;
use crate::rules::plan as rule;
use crate::rules::plan::{Sequence, Slot, Turn};
use crate::rules::round::{RoundSpec, RoundState, Words, differences, language_name};
use crate::steps::completion::told;
use crate::steps::contacts::objections;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::letters::rewording::{self, Rewording};
use crate::steps::round::folder;
use crate::steps::round::lifecycle::closes_everywhere;
use crate::steps::signoff::asking::requests::ensure_signoff_requests;
use crate::store::round::rounds;
use crate::store::{Tx, plan as touches};

use super::forecast::ahead::side_by_side;
use super::forecast::model::{Contact, Forecast};

/// A round's settings and words as they shall be.
#[derive(Clone, Debug)]
pub struct Change {
    pub spec: RoundSpec,
    pub words: Words,
}

/// What a change does to one message.
#[derive(Clone, Debug)]
pub struct Affected {
    pub contact: ContactId,
    pub name: String,
    pub account: String,
    pub time_zone: String,
    pub kind: MessageKind,
    pub number: u32,
    pub turn: Turn,
}

/// As many messages are named that do not go as they did.
const NAMED: usize = 1_000;

#[derive(Clone, Debug, Default)]
pub struct Effect {
    pub messages: Messages,
    /// The first thousand of those that do not go as they did, by name, address, kind and number.
    pub affected: Vec<Affected>,
    /// Texts that read differently: "en/reminder".
    pub texts: Vec<String>,
    /// What messages that have left say and is no longer so, a sentence each.
    pub said: Vec<String>,
}

/// Said of a round that tells numbers only, where letters are counted.
pub const NOT_COUNTED: &str =
    "Once people are invited, reminders and thank-yous are not counted: this round tells nobody’s name.";

/// The messages of an [`Effect`], counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Messages {
    pub moved: u64,
    pub added: u64,
    pub gone: u64,
    /// Messages that go as they did.
    pub same: u64,
    /// Messages to come that read differently, or come from somebody else.
    pub reworded: u64,
}

impl Messages {
    /// That do not go as they did.
    pub fn affected(&self) -> u64 {
        self.moved + self.added + self.gone
    }
}

impl Effect {
    /// Two forecasts of the same people.
    fn add(&mut self, before: &Forecast, after: &Forecast) {
        let (turns, same) = rule::effect(slots(before), slots(after));
        self.messages.same += same;
        let by_id: HashMap<&ContactId, &Contact> = before.contacts.iter().map(|c| (&c.id, c)).collect();
        for (slot, turn) in turns {
            let Some(contact) = by_id.get(slot.contact) else { continue };
            match turn {
                Turn::Moved { .. } => self.messages.moved += 1,
                Turn::Added { .. } => self.messages.added += 1,
                Turn::Gone { .. } => self.messages.gone += 1,
            }
            let account = before.accounts.get(contact.account as usize);
            let place = before.places.get(contact.place as usize);
            self.affected.push(Affected {
                contact: contact.id.clone(),
                name: contact.name.to_string(),
                account: account.map(|a| a.name.to_string()).unwrap_or_default(),
                time_zone: place.map(|p| p.time_zone.to_string()).unwrap_or_default(),
                kind: slot.kind,
                number: slot.number,
                turn,
            });
        }
        // Room for as many again, so that they are put in order now and then only.
        if self.affected.len() > 2 * NAMED {
            self.first();
        }
    }

    fn first(&mut self) {
        self.affected
            .sort_by(|a, b| (&a.name, &a.contact, a.kind, a.number).cmp(&(&b.name, &b.contact, b.kind, b.number)));
        self.affected.truncate(NAMED);
    }
}

/// Why the change cannot be kept, a sentence each; empty when it can.
pub fn faults(ctx: &Ctx, live: &Live, change: &Change) -> Vec<String> {
    let mut wrong = rule::check(&change.spec, &ctx.almanac);
    if change.spec.round != live.spec.round {
        wrong.push(format!("The round is called {} and keeps its name.", live.spec.round));
    }
    for touch in &change.spec.touches {
        let name = touch
            .words
            .as_deref()
            .filter(|name| !change.words.get(&change.spec.language).is_some_and(|texts| texts.contains_key(*name)));
        wrong.extend(
            name.map(|name| format!("There are no words named {name} in {}; write them first.", change.spec.language)),
        );
    }
    let unusable = folder::unusable(&change.spec, &change.words).into_iter();
    wrong.extend(unusable.map(|(language, name, sentence)| format!("{name} in {language}: {sentence}")));
    if wrong.is_empty() {
        // What is exported must be a folder that can be loaded again.
        let faults = intake::folder::check(&change.spec, &live.questionnaire, &change.words);
        wrong.extend(faults.iter().map(sentence));
    }
    wrong
}

/// A fault of a file as people read it who have no file before them.
fn sentence(fault: &Fault) -> String {
    let text = fault.file.strip_prefix("mail/").and_then(|file| file.strip_suffix(".md")?.split_once('/'));
    match text {
        Some((language, name)) if fault.message.starts_with("This file is missing") => {
            format!("There is no {name} in {}; write it among the words first.", language_name(language))
        }
        Some((language, name)) => format!("{name} in {}: {}", language_name(language), fault.message),
        None => fault.message.clone(),
    }
}

/// What the change would do, if nothing else happens; the error lists every reason why it cannot be kept. Changes nothing.
pub async fn preview(ctx: &Ctx, slug: &str, change: &Change) -> Result<Effect> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let now = ctx.clock.now();
    told::may_become(&mut tx, &live.id, live.spec.participation, change.spec.participation).await?;
    let changed = Live {
        id: live.id.clone(),
        slug: live.slug.clone(),
        state: live.state,
        closed_at: live.closed_at,
        version: live.version,
        spec: change.spec.clone(),
        sequence: accepted(ctx, &live, change)?,
        questionnaire: live.questionnaire.clone(),
        questionnaire_id: live.questionnaire_id.clone(),
        words: change.words.clone(),
        press: Press::default(),
    };
    let (mut effect, mut rewording) = (Effect::default(), Rewording::new(&live, &changed));
    side_by_side(&mut tx, &live, &changed.sequence, now, |before, after| {
        effect.add(before, after);
        effect.messages.reworded += rewording.count(before, after);
    })
    .await?;
    effect.first();
    effect.texts = changed_texts(&live.words, &change.words);
    effect.said = rewording::said_before(ctx, &mut tx, &live, &changed).await?;
    if !live.spec.participation.names() {
        effect.said.push(NOT_COUNTED.into());
    }
    Ok(effect)
}

/// The messages of a forecast that are still to go, as far as they may be told.
pub(crate) fn slots(forecast: &Forecast) -> impl Iterator<Item = (Slot<'_>, Ts)> {
    forecast.messages.iter().filter(move |m| m.is_ahead() && forecast.tells(m)).filter_map(|m| {
        let contact = forecast.contacts.get(m.contact as usize)?;
        Some((Slot { contact: &contact.id, kind: m.kind, number: m.number }, m.at))
    })
}

fn accepted(ctx: &Ctx, live: &Live, change: &Change) -> Result<Sequence> {
    let wrong = faults(ctx, live, change);
    let refuse = |wrong: Vec<String>| {
        Problem::unusable(
            format!("The round goes on as it was. {}", wrong.join(" ")),
            "Correct the change, then look at it again.",
        )
    };
    if live.state == RoundState::Closed {
        return Err(Problem::refused(
            format!("Round {} is closed.", live.slug),
            "A closed round is not changed any more.",
        ));
    }
    if !wrong.is_empty() {
        return Err(refuse(wrong));
    }
    let sequence = Sequence::accepted(&change.spec, &ctx.almanac).map_err(refuse)?;
    Ok(sequence.stopped_as(&live.sequence))
}

pub(crate) fn changed_texts(before: &Words, after: &Words) -> Vec<String> {
    let of = |words: &Words, language: &str, name: &str| words.get(language).and_then(|t| t.get(name)).cloned();
    let mut names: Vec<(&String, &String)> =
        before.iter().chain(after).flat_map(|(l, t)| t.keys().map(move |n| (l, n))).collect();
    names.sort();
    names.dedup();
    let differ = |(language, name): &(&String, &String)| of(before, language, name) != of(after, language, name);
    names.into_iter().filter(differ).map(|(language, name)| format!("{language}/{name}")).collect()
}

/// Makes the change, against the version that was looked at; what was claimed is decided again.
pub struct ChangeRound {
    pub slug: String,
    pub version: i64,
    pub change: Change,
}

impl Order for ChangeRound {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let ChangeRound { slug, version, change } = self;
        let now = ctx.clock.now();
        let live = ctx.live_by_slug(tx, &slug).await?;
        accepted(ctx, &live, &change)?;
        told::may_become(tx, &live.id, live.spec.participation, change.spec.participation).await?;
        if live.version != version {
            return Err(Problem::refused(
                format!("Round {slug} has changed since you looked, so nothing was done."),
                "Look at the change once more, then confirm it.",
            ));
        }
        let text = |e: serde_json::Error| Problem::internal("The round could not be written down.").because(e);
        let Some(round) = rounds::by_id(tx, &live.id).await? else { return Ok(()) };
        let changed = rounds::Round {
            client: change.spec.client.clone(),
            spec: serde_json::to_string(&change.spec).map_err(text)?,
            words: serde_json::to_string(&change.words).map_err(text)?,
            closes_at: closes_everywhere(&change.spec),
            ..round
        };
        rounds::replace_content(tx, &changed, now, by.as_str()).await?;
        objections::client_named(ctx, tx, &changed.client).await?;
        touches::look_at_round(tx, &live.id, now).await?;
        if live.state != RoundState::Draft {
            ensure_signoff_requests(ctx, tx, &live.id).await?;
        }
        let detail = what_changed(&live, &change);
        ctx.journal(tx, by, Action::ChangedPlan, Some(&live.id), live.id.as_str(), &detail).await
    }
}

/// For the journal: the settings before and after, and the texts.
fn what_changed(live: &Live, change: &Change) -> String {
    let settings = differences(&live.spec, &change.spec).into_iter().map(|d| d.to_string());
    let texts = changed_texts(&live.words, &change.words).into_iter().map(|name| format!("words of {name}"));
    settings.chain(texts).collect::<Vec<_>>().join("; ")
}
