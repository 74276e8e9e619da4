//! A round's folder loaded, again and again if need be: its settings and words, and its people with it. Sends nothing.

use std::sync::Arc;

use crate::base::problem::Result;
use crate::intake::folder::RoundFolder;
use crate::rules::journal::{Action, Actor};
use crate::rules::round::RoundState;
use crate::steps::completion::told;
use crate::steps::contacts::Allowed;
use crate::steps::contacts::left_out::{self, LeftOutRows};
use crate::steps::contacts::load::prepare::Prepared;
use crate::steps::contacts::{load::changes, load::list_load, load::list_load::PutDown, objections};
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::steps::plan::change::Messages;
use crate::steps::questionnaire;
use crate::steps::repair::requests::ensure_repair_requests;
use crate::steps::signoff::asking::requests::ensure_signoff_requests;
use crate::store::round::rounds::{self, Round};
use crate::store::{Tx, plan};

use super::reload::{self, Changed, Content, Replace};

/// What a load has done: letters, settings, questionnaire and people each counted by itself.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Loaded {
    pub round: String,
    pub new: bool,
    pub contacts: changes::Changes,
    /// Of a round that was there; a new one has nothing to compare.
    #[serde(flatten)]
    pub changed: Changed,
    /// What people have changed in the round and the folder has not: it stays.
    pub kept: Vec<String>,
    /// What people had changed in the round and the folder has undone.
    pub replaced: Vec<String>,
    /// Messages still to go, by what becomes of them.
    pub messages: Messages,
    /// What messages that have left say and is no longer so.
    pub said: Vec<String>,
}

/// Loads a round's folder, again and again if need be. Sends nothing. The folder has been checked before.
pub async fn load(ctx: &Ctx, folder: RoundFolder, actor: &Actor) -> Result<Loaded> {
    load_as(ctx, folder, Allowed::default(), Replace::No, actor).await
}

/// The same, for somebody who has said what the list may do and whether what people have changed in the round may be undone.
pub async fn load_as(
    ctx: &Ctx,
    folder: RoundFolder,
    allowed: Allowed,
    replace: Replace,
    actor: &Actor,
) -> Result<Loaded> {
    // A folder is the whole of its round: whoever is not in its list is taken off a draft.
    let allowed = Allowed { taking_off: true, ..allowed };
    let looked = reload::look(ctx, &folder, replace, false).await?;
    let (mut version, new) = (looked.version, looked.version.is_none());
    let folder = Arc::new(folder);
    let mut people = ListStage::Here;
    if folder.has_no_list() {
        people = ListStage::Nobody;
    } else if list_load::is_large(&folder.list.accepted) {
        // A large list goes in by pieces (decision 0028). The round comes first: its people belong to it.
        if new {
            let order =
                LoadRound { folder: folder.clone(), looked: version, people: ListStage::Later, allowed, replace };
            ctx.order(actor, order).await?;
            version = None;
        }
        let round = rounds::by_slug(&mut ctx.db.read().await?, &folder.spec.round).await?;
        let round = round.ok_or_else(|| unknown(&folder.spec.round))?;
        let rows = &folder.list.accepted;
        people = ListStage::PutDown(Box::new(
            list_load::put_down(ctx, actor, (&round.id, round.state), rows, allowed).await?,
        ));
    }
    let put_down = match &people {
        ListStage::PutDown(prepared) => Some((prepared.round.clone(), PutDown::of(prepared))),
        _ => None,
    };
    let loaded = ctx.order(actor, LoadRound { folder, looked: version, people, allowed, replace }).await;
    if let (Err(_), Some((round, put_down))) = (&loaded, put_down) {
        put_down.clear_away(ctx, actor, &round).await;
    }
    let loaded = loaded?;
    Ok(Loaded { new, messages: looked.effect.messages, said: looked.effect.said, ..loaded })
}

/// Where the people of a folder are while its round is written.
enum ListStage {
    /// The folder says nothing about people: whoever is in the round stays.
    Nobody,
    /// They come in with it.
    Here,
    /// They come in next.
    Later,
    /// They are put down, and come in with it.
    PutDown(Box<Prepared>),
}

/// Writes down what a folder says, unless the round has changed since it was looked at.
struct LoadRound {
    folder: Arc<RoundFolder>,
    looked: Option<i64>,
    people: ListStage,
    allowed: Allowed,
    replace: Replace,
}

impl Order for LoadRound {
    type Done = Loaded;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<Loaded> {
        let LoadRound { folder, looked, people, allowed, replace } = self;
        let now = ctx.clock.now();
        let known = rounds::by_slug(tx, &folder.spec.round).await?;
        let said = Content::of_folder(&folder);
        let (content, changed, kept, replaced) = match &known {
            Some(round) if round.state == RoundState::Closed => return Err(reload::closed(&round.slug)),
            Some(round) => {
                let compared = reload::compare(tx, round, &folder, replace).await?;
                reload::permitted(round, &compared, looked, replace)?;
                (compared.content, compared.changed, compared.kept, compared.undone)
            }
            None => (said.clone(), Changed::default(), Vec::new(), Vec::new()),
        };
        let round = match &known {
            Some(known) => Round { state: known.state, ..content.as_draft(known.id.clone(), now)? },
            None => content.as_draft(ctx.ids.id(now), now)?,
        };
        match &known {
            // Whoever has claimed a message, or is looking at a change, is not disturbed by a load that changes nothing.
            Some(_) if changed.is_nothing() => {}
            Some(known) => {
                questionnaire::may_become(tx, known, &content.questionnaire).await?;
                let before = told::of_spec(&known.spec)?;
                told::may_become(tx, &known.id, before, content.spec.participation).await?;
                rounds::replace_content(tx, &round, now, by.as_str()).await?;
            }
            None => rounds::insert(tx, &round, by.as_str()).await?,
        }
        rounds::set_loaded(tx, &round.id, &said.as_loaded()?).await?;
        objections::client_named(ctx, tx, &round.client).await?;
        let (rows, state) = (&folder.list.accepted, round.state);
        let no_list = matches!(people, ListStage::Nobody);
        let people = match people {
            ListStage::Nobody => changes::Changes::default(),
            ListStage::Here => list_load::load(ctx, tx, &round.id, state, rows, allowed).await?,
            ListStage::PutDown(prepared) => list_load::finish(ctx, tx, *prepared, state, rows, allowed).await?,
            ListStage::Later => return Ok(Loaded { round: round.slug, new: known.is_none(), ..Loaded::default() }),
        };
        if !no_list {
            left_out::keep(tx, &round.id, &LeftOutRows::of(&folder.list, allowed)).await?;
            list_load::happened(ctx, tx, &round, &people).await?;
        }
        if round.state != RoundState::Draft {
            if !changed.is_nothing() {
                plan::look_at_round(tx, &round.id, now).await?;
            }
            ensure_signoff_requests(ctx, tx, &round.id).await?;
            ensure_repair_requests(ctx, tx, &round.id).await?;
        }
        let loaded = Loaded {
            round: round.slug,
            new: known.is_none(),
            contacts: people,
            changed,
            kept,
            replaced,
            ..Loaded::default()
        };
        ctx.journal(tx, by, Action::LoadedFolder, Some(&round.id), round.id.as_str(), &loaded.told()).await?;
        Ok(loaded)
    }
}

impl Loaded {
    /// For the journal.
    fn told(&self) -> String {
        let mut all: Vec<String> = [
            ("letters", &self.changed.letters),
            ("settings", &self.changed.settings),
            ("questionnaire", &self.changed.questionnaire),
            ("kept as changed here", &self.kept),
            ("undone", &self.replaced),
        ]
        .into_iter()
        .filter(|(_, what)| !what.is_empty())
        .map(|(name, what)| format!("{name}: {}", what.join(", ")))
        .collect();
        let people = &self.contacts;
        all.push(format!("{} new, {} changed, {} removed", people.added, people.changed, people.removed));
        all.join("; ")
    }
}
