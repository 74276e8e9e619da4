//! A round's folder loaded again, beside a console in which people edit the round: what becomes of letters, settings and questionnaire.
//!
//! Nothing that people have changed is undone in silence (decision 0023). What the folder says as it said it at its last load asks for
//! nothing, and what is here stays; what the folder and people have both changed is refused by name, until somebody says that the folder
//! is to replace it, having seen what is lost.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::base::clock::Ts;
use crate::base::ids::RoundId;
use crate::base::problem::{Problem, Result};
use crate::intake::folder::RoundFolder;
use crate::rules::calendar::Zone;
use crate::rules::journal::Action;
use crate::rules::response::Questionnaire;
use crate::rules::round::{RoundSpec, RoundState, Words, at_path, differences, merge};
use crate::steps::context::Ctx;
use crate::steps::plan::change::{self, Change, Effect, changed_texts};
use crate::steps::plan::forecast;
use crate::store::round::rounds::{self, Round, Version};
use crate::store::{Tx, journal};

use super::lifecycle::closes_everywhere;

/// Whether a folder undoes what people have changed in the round since its last load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replace {
    #[default]
    No,
    Yes,
    /// Only if the round still has the version that was looked at.
    Version(i64),
}

/// What a round says, but for its list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub spec: RoundSpec,
    pub words: Words,
    pub questionnaire: Questionnaire,
}

impl Content {
    pub fn of_folder(folder: &RoundFolder) -> Content {
        let RoundFolder { spec, words, questionnaire, .. } = folder.clone();
        Content { spec, words, questionnaire }
    }

    pub(super) fn of_round(round: &Round) -> Result<Content> {
        Ok(Content { spec: read(&round.spec)?, words: read(&round.words)?, questionnaire: read(&round.questionnaire)? })
    }

    /// A new round that says this: a draft that nobody is in yet.
    pub(super) fn as_draft(&self, id: RoundId, now: Ts) -> Result<Round> {
        Ok(Round {
            id,
            slug: self.spec.round.clone(),
            client: self.spec.client.clone(),
            state: RoundState::Draft,
            spec: written(&self.spec)?,
            questionnaire: written(&self.questionnaire)?,
            words: written(&self.words)?,
            version: 1,
            created_at: now,
            started_at: None,
            closed_at: None,
            closes_at: closes_everywhere(&self.spec),
            next_digest_at: None,
        })
    }

    /// As it is kept for the next load.
    pub(super) fn as_loaded(&self) -> Result<String> {
        written(self)
    }

    fn value(&self) -> Result<Value> {
        serde_json::to_value(self).map_err(|e| unreadable().because(e))
    }
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| unreadable().because(e))
}

fn written(what: &impl Serialize) -> Result<String> {
    serde_json::to_string(what).map_err(|e| Problem::internal("The round could not be written down.").because(e))
}

fn unreadable() -> Problem {
    Problem::internal("What the round says could not be compared with its folder.")
}

/// What is different in a round's content, by name; people are counted apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Texts: "en/reminder".
    pub letters: Vec<String>,
    /// Settings: "schedule.closes: 2027-03-05 to 2027-03-12".
    pub settings: Vec<String>,
    /// Of the questionnaire: "item trust: changed".
    pub questionnaire: Vec<String>,
}

impl Changed {
    pub fn is_nothing(&self) -> bool {
        *self == Changed::default()
    }

    pub(crate) fn between(before: &Content, after: &Content) -> Changed {
        Changed {
            letters: changed_texts(&before.words, &after.words),
            settings: differences(&before.spec, &after.spec).iter().map(ToString::to_string).collect(),
            questionnaire: questions(&before.questionnaire, &after.questionnaire),
        }
    }
}

fn questions(before: &Questionnaire, after: &Questionnaire) -> Vec<String> {
    let mut all = Vec::new();
    for (name, before, after) in [("id", &before.id, &after.id), ("version", &before.version, &after.version)] {
        if before != after {
            all.push(format!("{name}: {before} to {after}"));
        }
    }
    let item = |of: &'_ Questionnaire, id: &str| of.items().find(|item| item.id == id).cloned();
    let ids: BTreeSet<&String> = before.items().chain(after.items()).map(|item| &item.id).collect();
    for id in ids {
        let what = match (item(before, id), item(after, id)) {
            (None, _) => "added",
            (_, None) => "removed",
            (before, after) if before != after => "changed",
            _ => continue,
        };
        all.push(format!("item {id}: {what}"));
    }
    if all.is_empty() && before != after {
        all.push("the order or the titles of its pages".into());
    }
    all
}

/// A folder beside the round that it is to be loaded into.
#[derive(Clone, Debug)]
pub(crate) struct Reload {
    /// What the round is to say.
    pub content: Content,
    pub changed: Changed,
    /// What people have changed and the folder has not: it stays.
    pub kept: Vec<String>,
    /// What people have changed and the folder would undo, by whom, when and what.
    pub undone: Vec<String>,
}

pub(super) async fn compare(tx: &mut Tx, round: &Round, folder: &RoundFolder, replace: Replace) -> Result<Reload> {
    let (ours, here) = (Content::of_folder(folder), Content::of_round(round)?);
    let last = last_load(tx, round, &here).await?;
    let (folder, now) = (ours.value()?, here.value()?);
    let merged = merge(&last.value()?, &folder, &now);
    let replaces = replace != Replace::No;
    let of = |path: &String| at_path(&folder, path) != at_path(&now, path);
    let lost: Vec<String> = match replaces {
        true => merged.kept.iter().chain(&merged.both).filter(|path| of(path)).cloned().collect(),
        false => merged.both,
    };
    let (mut kept, mut undone) = (Vec::new(), Vec::new());
    if !lost.is_empty() || !merged.kept.is_empty() {
        let told = Told {
            last: &last,
            folder: &ours,
            here: &here,
            zone: Zone::find(&here.spec.schedule.time_zone),
            made: made(tx, round).await?,
        };
        undone = lost.iter().flat_map(|path| told.about(path)).collect();
        if !replaces {
            kept = merged.kept.iter().flat_map(|path| told.about(path)).collect();
        }
    }
    let content = match replaces {
        true => ours,
        false => serde_json::from_value(merged.value).map_err(|e| unreadable().because(e))?,
    };
    Ok(Reload { changed: Changed::between(&here, &content), content, kept, undone })
}

/// What the folder said at its last load. Rounds that were loaded before this was kept: what they said themselves right after it.
async fn last_load(tx: &mut Tx, round: &Round, here: &Content) -> Result<Content> {
    if let Some(loaded) = rounds::loaded(tx, &round.id).await? {
        return read(&loaded);
    }
    let Some(load) = journal::latest(tx, &round.id, Action::LoadedFolder).await? else { return Ok(here.clone()) };
    let versions = rounds::versions(tx, &round.id).await?;
    let Some(then) = versions.iter().rfind(|v| v.since <= load.at) else { return Ok(here.clone()) };
    let words = then.words.as_deref().map_or_else(|| Ok(here.words.clone()), read)?;
    Ok(Content { spec: read(&then.spec)?, words, questionnaire: here.questionnaire.clone() })
}

/// The versions of the round, each with who made it and when.
async fn made(tx: &mut Tx, round: &Round) -> Result<Vec<(Value, Version)>> {
    let versions = rounds::versions(tx, &round.id).await?;
    versions
        .into_iter()
        .map(|v| {
            let words: Value = v.words.as_deref().map_or(Ok(Value::Null), read)?;
            Ok((json!({ "spec": read::<Value>(&v.spec)?, "words": words }), v))
        })
        .collect()
}

/// Says what people have changed since the last load.
struct Told<'a> {
    last: &'a Content,
    folder: &'a Content,
    here: &'a Content,
    zone: Option<Zone>,
    made: Vec<(Value, Version)>,
}

impl Told<'_> {
    /// "targets.individual: 50 to 60 by olga@northwind.example on Tue 9 Feb".
    fn about(&self, path: &str) -> Vec<String> {
        let (part, name) = path.split_once('.').unwrap_or((path, ""));
        let is_of = |other: &str, whole: &str| other == whole || other.starts_with(&format!("{whole}."));
        let by = self.by(path);
        let folder = differences(&self.last.spec, &self.folder.spec);
        // What the folder says anew; without that it says what people changed.
        let anew = |name: &str| {
            let anew = folder.iter().find(|d| d.name == name).map(|d| d.after.as_str());
            anew.map(|says| format!(" (now {says} in the folder)")).unwrap_or_default()
        };
        match part {
            "spec" => differences(&self.last.spec, &self.here.spec)
                .into_iter()
                .filter(|d| is_of(&d.name, name))
                .map(|d| format!("{d} {by}{}", anew(&d.name)))
                .collect(),
            "words" => changed_texts(&self.last.words, &self.here.words)
                .into_iter()
                .filter(|text| is_of(&text.replace('/', "."), name))
                .map(|text| format!("the words of {text} {by}"))
                .collect(),
            _ => vec![format!("the questionnaire {by}")],
        }
    }

    fn by(&self, path: &str) -> String {
        let changed = self.made.windows(2).rev().find_map(|pair| match pair {
            [(before, _), (after, version)] => (at_path(before, path) != at_path(after, path)).then_some(version),
            _ => None,
        });
        match changed {
            Some(Version { since, actor: Some(actor), .. }) => format!("by {actor} on {}", self.day(*since)),
            Some(Version { since, .. }) => format!("on {}", self.day(*since)),
            None => "by somebody".into(),
        }
    }

    fn day(&self, at: Ts) -> String {
        self.zone.as_ref().map_or_else(|| at.to_string(), |zone| zone.local(at).format("%a %-d %b").to_string())
    }
}

/// What loading a folder would do to the letters, settings and questionnaire of its round.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// None: the round is not there yet.
    pub version: Option<i64>,
    pub changed: Changed,
    pub kept: Vec<String>,
    pub undone: Vec<String>,
    /// To the messages that are still to go.
    pub effect: Effect,
}

/// Changes nothing; the error says why the folder cannot be loaded at all. `counts`: also the messages of a folder that changes none, which
/// costs the whole round.
pub async fn look(ctx: &Ctx, folder: &RoundFolder, replace: Replace, counts: bool) -> Result<Look> {
    let slug = &folder.spec.round;
    let mut tx = ctx.db.read().await?;
    let Some(round) = rounds::by_slug(&mut tx, slug).await? else { return Ok(Look::default()) };
    if round.state == RoundState::Closed {
        return Err(closed(slug));
    }
    let Reload { content, changed, kept, undone } = compare(&mut tx, &round, folder, replace).await?;
    drop(tx);
    let mut effect = Effect::default();
    if !changed.letters.is_empty() || !changed.settings.is_empty() {
        effect = change::preview(ctx, slug, &Change { spec: content.spec, words: content.words }).await?;
    } else if counts {
        let live = ctx.live_by_slug(&mut ctx.db.read().await?, slug).await?;
        effect.messages.same = forecast::figures(ctx, &live).await?.messages;
    }
    Ok(Look { version: Some(round.version), changed, kept, undone, effect })
}

pub(super) fn closed(slug: &str) -> Problem {
    Problem::refused(
        format!("Round {slug} is closed."),
        "Give the folder another `round` name in round.toml to begin a new one.",
    )
    .on_page("Make a new round from it under “New round”.")
}

/// Refuses what would undo somebody's work unseen.
pub(super) fn permitted(round: &Round, reload: &Reload, looked: Option<i64>, replace: Replace) -> Result<()> {
    let expected = if let Replace::Version(version) = replace { Some(version) } else { looked };
    if expected.is_some_and(|version| version != round.version) {
        return Err(Problem::refused(
            format!("Round {} has changed since you looked, so nothing was done.", round.slug),
            "Look at it once more with `round load DIR --dry-run`, then load it.",
        )
        .on_page("Look at it once more, then load it."));
    }
    if replace == Replace::No && !reload.undone.is_empty() {
        return Err(Problem::refused(
            format!(
                "Nothing was loaded: the folder would undo what was changed in round {} since it was last loaded: {}.",
                round.slug,
                reload.undone.join("; ")
            ),
            format!(
                "Take it over into the folder (`export {}` writes it), or load with --replace={} to undo it.",
                round.slug, round.version
            ),
        )
        .on_page("Take that over into the folder first."));
    }
    Ok(())
}
