//! Changing a round while it runs: first what it does to whom, then, on a second word, the change itself.
//!
//! A change that cannot be kept is refused with every reason, and the round goes on with the plan it has. A change is made against the
//! version that was looked at: two people who change at once do not undo each other unseen.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::mail::words as mails;
use crate::rules::outbox::MessageKind;
use crate::rules::plan::{self as rule, Sequence, Slot, Turn, dry_run};
use crate::rules::round::{RoundSpec, RoundState, Words};
use crate::store::contacts::{self, Person, Search};
use crate::store::{Tx, plan as touches, rounds};

use super::{Ctx, Live, plan, signoff};

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
    for (language, texts) in &change.words {
        for (name, text) in texts {
            let kind = MessageKind::parse(name.split('-').next().unwrap_or(name));
            let kind = kind.or_else(|| named_by(&change.spec, name));
            let found = kind.map(|kind| mails::check(kind, text)).unwrap_or_default();
            wrong.extend(found.into_iter().map(|sentence| format!("{name} in {language}: {sentence}")));
        }
    }
    wrong
}

fn named_by(spec: &RoundSpec, name: &str) -> Option<MessageKind> {
    spec.touches.iter().find(|t| t.words.as_deref() == Some(name)).map(|t| t.kind)
}

/// What the change would do, if nothing else happens; the error lists every reason why it cannot be kept. Changes nothing.
pub async fn preview(ctx: &Ctx, slug: &str, change: &Change) -> Result<Effect> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let sequence = accepted(ctx, &live, change)?;
    let people = ahead(ctx, &mut tx, &live, [&live.sequence, &sequence]).await?;
    let slots = |which: usize| {
        people.iter().flat_map(move |p| {
            p.plans[which]
                .iter()
                .map(|(kind, number, at)| (Slot { contact: &p.person.id, kind: *kind, number: *number }, *at))
        })
    };
    let (turns, same) = rule::effect(slots(0), slots(1));
    let by_id: HashMap<&str, &Person> = people.iter().map(|p| (p.person.id.as_str(), &p.person)).collect();
    let affected = turns.into_iter().filter_map(|(slot, turn)| {
        let person = by_id.get(slot.contact)?;
        let zone = live.sequence.calendar(person.locality()).zone().name().to_string();
        Some(Affected {
            contact: person.id.clone(),
            name: person.full_name(),
            account: person.account.clone(),
            time_zone: zone,
            kind: slot.kind,
            number: slot.number,
            turn,
        })
    });
    let affected = affected.collect();
    let texts = changed_texts(&live.words, &change.words);
    let reworded =
        slots(1).filter(|(slot, _)| reads_differently(&live, &sequence, change, *slot, &texts, &by_id)).count();
    Ok(Effect { affected, same, texts, reworded: reworded as u64 })
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
    let sequence = Sequence::prepare(&change.spec, &ctx.almanac).map_err(refuse)?;
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

/// Whether another text or sender stands in this message than did.
fn reads_differently(
    live: &Live,
    sequence: &Sequence,
    change: &Change,
    slot: Slot<'_>,
    texts: &[String],
    people: &HashMap<&str, &Person>,
) -> bool {
    let Some(person) = people.get(slot.contact) else { return false };
    let old = live.sequence.touch(slot.kind, slot.number).and_then(|i| live.spec.touches.get(i));
    let new = sequence.touch(slot.kind, slot.number).and_then(|i| change.spec.touches.get(i));
    let manager = None;
    let sender = |spec: &RoundSpec, touch| spec.sender(touch, slot.kind, &person.country, manager).clone();
    let text = |words: &Words, spec: &RoundSpec, touch: Option<&crate::rules::round::Touch>| match touch
        .and_then(|t| t.words.clone())
    {
        Some(name) => crate::rules::round::named_text(words, &person.language, &spec.language, &name).cloned(),
        None => {
            crate::rules::round::mail_text(words, &person.language, &spec.language, slot.kind, slot.number).cloned()
        }
    };
    let authors =
        old.and_then(|t| t.from) != new.and_then(|t| t.from) || sender(&live.spec, old) != sender(&change.spec, new);
    authors
        || (!texts.is_empty() || old.map(|t| &t.words) != new.map(|t| &t.words))
            && text(&live.words, &live.spec, old) != text(&change.words, &change.spec, new)
}

/// What is still to come for one person, by several plans.
struct Ahead {
    person: Person,
    plans: [Vec<(MessageKind, u32, Ts)>; 2],
}

async fn ahead(ctx: &Ctx, tx: &mut Tx, live: &Live, sequences: [&Sequence; 2]) -> Result<Vec<Ahead>> {
    let now = ctx.clock.now();
    let mut touched: HashMap<String, Vec<touches::Touched>> = HashMap::new();
    for t in touches::touched_in_round(tx, &live.id).await? {
        touched.entry(t.contact_id.clone()).or_default().push(t);
    }
    let mut all = Vec::new();
    for person in contacts::page(tx, &live.id, &Search::default(), i64::MAX, 0).await? {
        let history = plan::touched(touched.remove(&person.id).unwrap_or_default());
        let facts = plan::facts(&person);
        let plans = sequences
            .map(|s| dry_run(s, &facts, &history, now).into_iter().map(|p| (p.kind, p.number, p.due_at)).collect());
        all.push(Ahead { person, plans });
    }
    Ok(all)
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
            format!("Round {slug} was changed by somebody else since you looked, so nothing was changed."),
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
    rounds::replace_content(tx, &changed).await?;
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
