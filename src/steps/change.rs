//! Changing a round while it runs: first what it does to whom, then, on a second word, the change itself.
//!
//! A change that cannot be kept is refused with every reason, and the round goes on with the plan it has. A change is made against the
//! version that was looked at: two people who change at once do not undo each other unseen.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::rules::outbox::MessageKind;
use crate::rules::plan::{self as rule, Sequence, Slot, Turn};
use crate::rules::round::{RoundSpec, RoundState, Touch, Words, mail_text, named_text};
use crate::store::{Tx, plan as touches, rounds};

use super::forecast::{self, Contact, Forecast};
use super::{Ctx, Live, folder, objections, signoff};

/// A round's settings and words as they shall be.
#[derive(Clone, Debug)]
pub struct Change {
    pub spec: RoundSpec,
    pub words: Words,
}

/// What a change does to one message.
#[derive(Clone, Debug)]
pub struct Affected {
    pub contact: String,
    pub name: String,
    pub account: String,
    pub time_zone: String,
    pub kind: MessageKind,
    pub number: u32,
    pub turn: Turn,
}

#[derive(Clone, Debug, Default)]
pub struct Effect {
    pub affected: Vec<Affected>,
    /// Messages that go as they did.
    pub same: u64,
    /// Texts that read differently: "en/reminder".
    pub texts: Vec<String>,
    /// Messages to come whose text or sender is another.
    pub reworded: u64,
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
    wrong
}

/// What the change would do, if nothing else happens; the error lists every reason why it cannot be kept. Changes nothing.
pub async fn preview(ctx: &Ctx, slug: &str, change: &Change) -> Result<Effect> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let sequence = accepted(ctx, &live, change)?;
    let before = forecast::ahead(ctx, &mut tx, &live, &live.sequence).await?;
    let after = forecast::ahead(ctx, &mut tx, &live, &sequence).await?;
    let (turns, same) = rule::effect(slots(&before), slots(&after));
    let by_id: HashMap<&str, &Contact> = before.contacts.iter().map(|c| (&*c.id, c)).collect();
    let affected = turns.into_iter().filter_map(|(slot, turn)| {
        let contact = by_id.get(slot.contact)?;
        Some(Affected {
            contact: contact.id.to_string(),
            name: contact.name.to_string(),
            account: before.accounts.get(contact.account as usize).map(|a| a.name.to_string()).unwrap_or_default(),
            time_zone: before.places.get(contact.place as usize).map(|p| p.time_zone.to_string()).unwrap_or_default(),
            kind: slot.kind,
            number: slot.number,
            turn,
        })
    });
    let affected = affected.collect();
    let texts = changed_texts(&live.words, &change.words);
    let reads = Reads { live: &live, sequence: &sequence, change, texts: &texts };
    let reworded = after.messages.iter().filter(|m| m.is_ahead()).filter(|m| {
        let contact = after.contacts.get(m.contact as usize);
        contact.is_some_and(|c| {
            let country = after.places.get(c.place as usize).map_or("", |p| &p.country);
            let language = after.languages.get(c.language as usize).map_or("", |l| &**l);
            reads.differently(m.kind, m.number, country, language)
        })
    });
    let reworded = reworded.count() as u64;
    Ok(Effect { affected, same, reworded, texts })
}

/// The messages of a forecast that are still to go.
pub(super) fn slots(forecast: &Forecast) -> impl Iterator<Item = (Slot<'_>, Ts)> {
    forecast.messages.iter().filter(|m| m.is_ahead()).filter_map(|m| {
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

fn changed_texts(before: &Words, after: &Words) -> Vec<String> {
    let of = |words: &Words, language: &str, name: &str| words.get(language).and_then(|t| t.get(name)).cloned();
    let mut names: Vec<(&String, &String)> =
        before.iter().chain(after).flat_map(|(l, t)| t.keys().map(move |n| (l, n))).collect();
    names.sort();
    names.dedup();
    let differ = |(language, name): &(&String, &String)| of(before, language, name) != of(after, language, name);
    names.into_iter().filter(differ).map(|(language, name)| format!("{language}/{name}")).collect()
}

/// Whether a message reads differently after a change.
struct Reads<'a> {
    live: &'a Live,
    sequence: &'a Sequence,
    change: &'a Change,
    /// Names of the texts that are different.
    texts: &'a [String],
}

impl Reads<'_> {
    fn differently(&self, kind: MessageKind, number: u32, country: &str, language: &str) -> bool {
        let (before, after) = (&self.live.spec, &self.change.spec);
        let old = self.live.sequence.touch(kind, number).and_then(|i| before.touches.get(i));
        let new = self.sequence.touch(kind, number).and_then(|i| after.touches.get(i));
        let author = |touch: Option<&Touch>| touch.and_then(|t| t.from);
        let sender = |spec: &RoundSpec, touch| spec.sender(touch, kind, country, None).clone();
        if author(old) != author(new) || sender(before, old) != sender(after, new) {
            return true;
        }
        let words = |touch: Option<&Touch>| touch.and_then(|t| t.words.clone());
        if self.texts.is_empty() && words(old) == words(new) && before.language == after.language {
            return false;
        }
        let text = |all: &Words, spec: &RoundSpec, touch: Option<&Touch>| match words(touch) {
            Some(name) => named_text(all, language, &spec.language, &name).cloned(),
            None => mail_text(all, language, &spec.language, kind, number).cloned(),
        };
        text(&self.live.words, before, old) != text(&self.change.words, after, new)
    }
}

/// Makes the change, against the version that was looked at; what was claimed is decided again.
pub async fn apply(ctx: &Ctx, slug: &str, version: i64, change: Change, actor: &str) -> Result<()> {
    let (c, slug, actor) = (ctx.clone(), slug.to_string(), actor.to_string());
    ctx.db.write(move |tx| Box::pin(async move { apply_in(&c, tx, &slug, version, &change, &actor).await })).await?;
    ctx.wake();
    Ok(())
}

async fn apply_in(ctx: &Ctx, tx: &mut Tx, slug: &str, version: i64, change: &Change, actor: &str) -> Result<()> {
    let now = ctx.clock.now();
    let live = ctx.live_by_slug(tx, slug).await?;
    accepted(ctx, &live, change)?;
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
        closes_at: super::round::closes_everywhere(&change.spec),
        ..round
    };
    rounds::replace_content(tx, &changed, now).await?;
    objections::client_named(ctx, tx, &changed.client).await?;
    touches::look_at_round(tx, &live.id, now).await?;
    if live.state != RoundState::Draft {
        signoff::ensure_requests(ctx, tx, &live.id).await?;
    }
    let detail = what_changed(&live, change);
    ctx.journal(tx, actor, "changed the plan", Some(&live.id), &live.id, &detail).await
}

/// For the journal: the settings before and after, as JSON keys that differ, and the texts.
fn what_changed(live: &Live, change: &Change) -> String {
    let flat = |spec: &RoundSpec| {
        let mut keys = HashMap::new();
        flatten(String::new(), &serde_json::to_value(spec).unwrap_or_default(), &mut keys);
        keys
    };
    let (before, after) = (flat(&live.spec), flat(&change.spec));
    let mut keys: Vec<&String> =
        before.keys().chain(after.keys()).filter(|k| before.get(*k) != after.get(*k)).collect();
    keys.sort();
    keys.dedup();
    let told = |value: Option<&String>| value.cloned().unwrap_or_else(|| "nothing".into());
    let settings = keys.into_iter().map(|k| format!("{k}: {} to {}", told(before.get(k)), told(after.get(k))));
    let texts = changed_texts(&live.words, &change.words).into_iter().map(|name| format!("words of {name}"));
    settings.chain(texts).collect::<Vec<_>>().join("; ")
}

fn flatten(path: String, value: &serde_json::Value, into: &mut HashMap<String, String>) {
    let join = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match value {
        serde_json::Value::Object(map) => map.iter().for_each(|(k, v)| flatten(join(k), v, into)),
        serde_json::Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, v)| flatten(join(&(n + 1).to_string()), v, into))
        }
        other => _ = into.insert(path, other.to_string()),
    }
}
