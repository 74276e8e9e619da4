//! Contact lists into a round: new rows are added, changed rows corrected, rows that people have edited here left alone.
//!
//! A list is compared beside the writer, its new people are put down by pieces under a mark that makes them nobody, and one transaction takes the
//! mark away and writes the rest: nothing of it is visible half loaded (decision 0028). Every account whose names changed
//! gets a new fingerprint, and with it needs a new signature. What a list does not say stays as it is; a known name under a new address is
//! held and asked about (decision 0020).

pub mod left_out;
pub mod identity;
pub mod objections;
pub mod new_address;
pub mod opt_out;

use std::sync::Arc;

use tracing::info;

use crate::base::problem::{Problem, Result};
use crate::rules::contacts::ListedContact;
use crate::rules::round::RoundState;
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::round::rounds::{self, Round};

use super::context::unknown;
use super::{repair, signoff};

mod apply;
pub mod changes;
mod namesakes;
pub(super) mod once_more;
mod lost_letters;
mod owners;
mod prepare;
pub(super) mod rows;

pub use changes::Changes;
pub(super) use prepare::Prepared;

/// Why a list took a person off a draft; a list that has the person again puts him back.
pub(super) const OFF_THE_LIST: &str = "no longer on the list";

/// As it stands in the journal.
const LOADED: &str = "loaded a contact list";

/// As often a list is prepared anew because people have changed the round's names meanwhile.
const TRIES: usize = 3;

/// What somebody who loads a list has said that it may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// A draft may lose everybody who is in it.
    pub removing_everybody: bool,
    /// Accounts of a started round may lose their director, manager or strategic mark.
    pub losing_owners: bool,
}

/// As many rows are looked up, and new ones put down, in one statement.
const AT_ONCE: usize = 1_000;

/// Loads a list into a round that is there already.
pub async fn load_list(
    ctx: &Ctx,
    slug: &str,
    rows: Vec<ListedContact>,
    allowed: Allowed,
    actor: &str,
) -> Result<Changes> {
    let rows = Arc::new(rows);
    for _ in 0..TRIES {
        let round = open_round(&mut ctx.db.read().await?, slug).await?;
        let prepared =
            prepare::prepare(ctx, &mut ctx.db.read().await?, (&round.id, round.state), &rows, allowed).await?;
        // What is one piece needs no pieces.
        let whole = prepared.rows.new.len() <= AT_ONCE;
        if !whole {
            apply::put_down(ctx, &prepared).await?;
        }
        let (c, name, actor) = (ctx.clone(), slug.to_string(), actor.to_string());
        let done = ctx.db.write(move |tx| {
            Box::pin(async move {
                let round = open_round(tx, &name).await?;
                if whole {
                    apply::put_down_in(&c, tx, &prepared).await?;
                }
                if !apply::still_holds(tx, &prepared, round.state).await? {
                    return Ok(None);
                }
                let changes = apply::apply(&c, tx, prepared).await?;
                told(&c, tx, &round, &changes, &actor).await?;
                Ok(Some(changes))
            })
        });
        if let Some(changes) = done.await? {
            ctx.wake();
            return Ok(changes);
        }
        info!(round = slug, "the round's people were changed while a list was prepared; it is prepared again");
    }
    // Others are quicker every time: once with nobody between.
    let (c, slug, actor) = (ctx.clone(), slug.to_string(), actor.to_string());
    let done = ctx.db.write(move |tx| {
        Box::pin(async move {
            let round = open_round(tx, &slug).await?;
            let changes = load(&c, tx, &round.id, round.state, &rows, allowed).await?;
            told(&c, tx, &round, &changes, &actor).await?;
            Ok(changes)
        })
    });
    let changes = done.await?;
    ctx.wake();
    Ok(changes)
}

async fn open_round(tx: &mut Tx, slug: &str) -> Result<Round> {
    let round = rounds::by_slug(tx, slug).await?.ok_or_else(|| unknown(slug))?;
    if round.state == RoundState::Closed {
        return Err(Problem::refused(format!("Round {slug} is closed."), "Lists can be loaded into open rounds only."));
    }
    Ok(round)
}

/// Whom the list leaves to be asked is asked, and the journal says what was done.
async fn told(ctx: &Ctx, tx: &mut Tx, round: &Round, changes: &Changes, actor: &str) -> Result<()> {
    if round.state != RoundState::Draft {
        signoff::ensure_signoff_requests(ctx, tx, &round.id).await?;
        repair::ensure_repair_requests(ctx, tx, &round.id).await?;
    }
    let detail = format!("{} new, {} changed, {} removed", changes.added, changes.changed, changes.removed);
    ctx.journal(tx, actor, LOADED, Some(&round.id), &round.id, &detail).await
}

/// All of it in the transaction that there is.
pub(super) async fn load(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &str,
    state: RoundState,
    rows: &[ListedContact],
    allowed: Allowed,
) -> Result<Changes> {
    let prepared = prepare::prepare(ctx, tx, (round, state), rows, allowed).await?;
    apply::put_down_in(ctx, tx, &prepared).await?;
    apply::apply(ctx, tx, prepared).await
}

/// Whether a list goes in by pieces also where it comes with its round.
pub(super) fn is_large(rows: &[ListedContact]) -> bool {
    rows.len() > AT_ONCE
}

/// Compares a list with its round beside the writer and puts its new people down. Nothing of it is in force before [`finish`].
pub(super) async fn put_down(
    ctx: &Ctx,
    (round, state): (&str, RoundState),
    rows: &[ListedContact],
    allowed: Allowed,
) -> Result<Prepared> {
    let prepared = {
        let mut tx = ctx.db.read().await?;
        prepare::prepare(ctx, &mut tx, (round, state), rows, allowed).await?
    };
    apply::put_down(ctx, &prepared).await?;
    Ok(prepared)
}

/// The last piece; all of the list where people have changed names meanwhile.
pub(super) async fn finish(
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

/// What a list would do; writes nothing.
pub(super) async fn look(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &str,
    state: RoundState,
    rows: &[ListedContact],
    allowed: Allowed,
) -> Result<Changes> {
    Ok(prepare::prepare(ctx, tx, (round, state), rows, allowed).await?.changes)
}
