//! Contact lists into a round: new rows are added, changed rows corrected, rows that people have edited here left alone.
//!
//! A list is compared beside the writer, its new people are put down by pieces under a mark that makes them nobody, and one transaction
//! takes the mark away and writes the rest: nothing of it is visible half loaded (decision 0028). Every account whose names changed gets a
//! new fingerprint, and with it needs a new signature. What a list does not say stays as it is; a known name under a new address is held
//! and asked about (decision 0020).

use std::sync::Arc;

use tracing::info;

use crate::base::ids::{RoundId, UploadId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::check::CheckedList;
use crate::rules::handover::events::{EventData, EventKind, ListLoaded};
use crate::rules::journal::{Action, Actor};
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::steps::repair::requests::ensure_repair_requests;
use crate::steps::signoff::asking::requests::ensure_signoff_requests;
use crate::store::Tx;
use crate::store::round::rounds::{self, Round};

use super::apply;
pub(crate) use super::apply::PutDown;
use super::changes::Changes;
use super::prepare::{Prepared, prepare};
use super::rows::AT_ONCE;
use super::wanted::Allowed;
use crate::steps::contacts::left_out::{self, LeftOutRows};
use crate::steps::contacts::upload;

/// As often a list is prepared anew because people have changed the round's names meanwhile.
const TRIES: usize = 3;

/// Loads rows into a round that is there already.
pub async fn load_list(
    ctx: &Ctx,
    slug: &str,
    rows: Vec<ListedContact>,
    allowed: Allowed,
    actor: &Actor,
) -> Result<Changes> {
    load_anew(ctx, slug, (Arc::new(rows), None), allowed, actor).await
}

/// The same for a whole list; its rows that could not be read are kept beside the round in the transaction that writes the others.
pub async fn load_checked(
    ctx: &Ctx,
    slug: &str,
    list: &CheckedList,
    allowed: Allowed,
    actor: &Actor,
) -> Result<Changes> {
    let left_out = Some(LeftOutRows::of(list, allowed));
    load_anew(ctx, slug, (Arc::new(list.accepted.clone()), left_out), allowed, actor).await
}

/// The rows of a list, and those that could not be read where they are to be kept.
type Rows = (Arc<Vec<ListedContact>>, Option<LeftOutRows>);

async fn load_anew(ctx: &Ctx, slug: &str, rows: Rows, allowed: Allowed, actor: &Actor) -> Result<Changes> {
    let mut put_down = PutDown::default();
    let done = tries(ctx, slug, rows, allowed, actor, &mut put_down).await;
    // Why it was refused is what its reader needs, also where this cannot be done: the next load clears away what stays.
    if done.is_err()
        && let Ok(mut tx) = ctx.db.read().await
        && let Ok(Some(round)) = rounds::by_slug(&mut tx, slug).await
    {
        drop(tx);
        put_down.clear_away(ctx, actor, &round.id).await;
    }
    done
}

async fn tries(
    ctx: &Ctx,
    slug: &str,
    (rows, left_out): Rows,
    allowed: Allowed,
    actor: &Actor,
    put_down: &mut PutDown,
) -> Result<Changes> {
    for _ in 0..TRIES {
        let round = open_round(&mut ctx.db.read().await?, slug).await?;
        let (prepared, _) = prepare(ctx, &mut ctx.db.read().await?, (&round.id, round.state), &rows, allowed).await?;
        // What is one piece needs no pieces.
        let whole = prepared.rows.new.len() <= AT_ONCE;
        if !whole {
            put_down.add(PutDown::of(&prepared));
            apply::put_down(ctx, actor, &prepared).await?;
        }
        let finish = FinishList {
            slug: slug.to_string(),
            prepared,
            whole,
            left_out: left_out.clone(),
            shown: false,
            upload: None,
        };
        if let Some(changes) = ctx.order(actor, finish).await? {
            return Ok(changes);
        }
        info!(round = slug, "the round's people were changed while a list was prepared; it is prepared again");
    }
    // Others are quicker every time: once with nobody between.
    ctx.order(actor, LoadAtOnce { slug: slug.to_string(), rows, left_out, allowed }).await
}

pub(in crate::contacts) fn changed_since(slug: &str) -> Problem {
    Problem::refused(
        format!(
            "Round {slug}, or how this list is read, has changed since the list was compared, so nothing was loaded."
        ),
        "Compare the list again; what it would do now is shown.",
    )
}

/// The last piece of a list, or all of it where it is one piece. Told is nothing where people have changed the round's names since it was
/// prepared.
pub(in crate::contacts) struct FinishList {
    pub slug: String,
    pub prepared: Prepared,
    /// Its new people are not put down yet.
    pub whole: bool,
    /// Who could not be read; nothing where rows came without their list.
    pub left_out: Option<LeftOutRows>,
    /// Somebody was shown what it does: it is that, or it is refused.
    pub shown: bool,
    /// Where it was uploaded.
    pub upload: Option<UploadId>,
}

impl Order for FinishList {
    type Done = Option<Changes>;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<Option<Changes>> {
        let round = open_round(tx, &self.slug).await?;
        // Of a list that is compared again nothing stays: its accounts are new then as well.
        let holds = if self.whole {
            apply::is_as_it_was(tx, &self.prepared, round.state).await?
                && apply::put_down_at_once(ctx, tx, &self.prepared).await?
        } else {
            apply::still_holds(tx, &self.prepared, round.state).await?
        };
        if !holds {
            return if self.shown { Err(changed_since(&self.slug)) } else { Ok(None) };
        }
        if let Some(rows) = &self.left_out {
            left_out::keep(tx, &round.id, rows).await?;
        }
        if let Some(upload) = &self.upload {
            upload::upload_end::is_loaded(ctx, tx, by, &round, upload).await?;
        }
        let changes = apply::apply(ctx, tx, self.prepared).await?;
        told(ctx, tx, &round, &changes, by).await?;
        Ok(Some(changes))
    }
}

/// A list that is compared and written in one transaction.
struct LoadAtOnce {
    slug: String,
    rows: Arc<Vec<ListedContact>>,
    left_out: Option<LeftOutRows>,
    allowed: Allowed,
}

impl Order for LoadAtOnce {
    type Done = Changes;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<Changes> {
        let round = open_round(tx, &self.slug).await?;
        if let Some(rows) = &self.left_out {
            left_out::keep(tx, &round.id, rows).await?;
        }
        let changes = load(ctx, tx, &round.id, round.state, &self.rows, self.allowed).await?;
        told(ctx, tx, &round, &changes, by).await?;
        Ok(changes)
    }
}

pub(in crate::contacts) async fn open_round(tx: &mut Tx, slug: &str) -> Result<Round> {
    let round = rounds::by_slug(tx, slug).await?.ok_or_else(|| unknown(slug))?;
    if round.state == RoundState::Closed {
        return Err(Problem::refused(format!("Round {slug} is closed."), "Lists can be loaded into open rounds only."));
    }
    Ok(round)
}

/// Other programs hear that a list was loaded, by itself or with the round's folder.
pub(crate) async fn happened(ctx: &Ctx, tx: &mut Tx, round: &Round, changes: &Changes) -> Result<()> {
    let Changes { added, changed, removed, .. } = *changes;
    let event = EventData::List(ListLoaded { round: &round.slug, added, changed, removed });
    ctx.event(tx, EventKind::ListLoaded, Some(&round.id), &event).await
}

/// Whom the list leaves to be asked is asked, and the journal says what was done.
pub(in crate::contacts) async fn told(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &Round,
    changes: &Changes,
    actor: &Actor,
) -> Result<()> {
    if round.state != RoundState::Draft {
        ensure_signoff_requests(ctx, tx, &round.id).await?;
        ensure_repair_requests(ctx, tx, &round.id).await?;
    }
    happened(ctx, tx, round, changes).await?;
    let Changes { added, changed, removed, .. } = *changes;
    let detail = format!("{added} new, {changed} changed, {removed} removed");
    ctx.journal(tx, actor, Action::LoadedList, Some(&round.id), round.id.as_str(), &detail).await
}

/// All of it in the transaction that there is.
pub(crate) async fn load(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &RoundId,
    state: RoundState,
    rows: &[ListedContact],
    allowed: Allowed,
) -> Result<Changes> {
    let (prepared, _) = prepare(ctx, tx, (round, state), rows, allowed).await?;
    apply::put_down_in(ctx, tx, &prepared).await?;
    apply::apply(ctx, tx, prepared).await
}

/// Whether a list goes in by pieces also where it comes with its round.
pub(crate) fn is_large(rows: &[ListedContact]) -> bool {
    rows.len() > AT_ONCE
}

/// Compares a list with its round beside the writer and puts its new people down. Nothing of it is in force before [`finish`].
pub(crate) async fn put_down(
    ctx: &Ctx,
    actor: &Actor,
    (round, state): (&RoundId, RoundState),
    rows: &[ListedContact],
    allowed: Allowed,
) -> Result<Prepared> {
    let prepared = {
        let mut tx = ctx.db.read().await?;
        prepare(ctx, &mut tx, (round, state), rows, allowed).await?.0
    };
    if let Err(refused) = apply::put_down(ctx, actor, &prepared).await {
        PutDown::of(&prepared).clear_away(ctx, actor, round).await;
        return Err(refused);
    }
    Ok(prepared)
}

/// The last piece; all of the list where people have changed names meanwhile.
pub(crate) async fn finish(
    ctx: &Ctx,
    tx: &mut Tx,
    prepared: Prepared,
    state: RoundState,
    rows: &[ListedContact],
    allowed: Allowed,
) -> Result<Changes> {
    if apply::still_holds(tx, &prepared, state).await? {
        return apply::apply(ctx, tx, prepared).await;
    }
    load(ctx, tx, &prepared.round, state, rows, allowed).await
}

/// What loading these rows would do to the people of a round, or why it is refused. Changes nothing.
pub async fn preview(ctx: &Ctx, slug: &str, rows: Vec<ListedContact>, allowed: Allowed) -> Result<Changes> {
    let mut tx = ctx.db.read().await?;
    match rounds::by_slug(&mut tx, slug).await? {
        Some(round) => Ok(prepare(ctx, &mut tx, (&round.id, round.state), &rows, allowed).await?.0.changes),
        None => Ok(Changes { added: rows.len() as u64, ..Changes::default() }),
    }
}
