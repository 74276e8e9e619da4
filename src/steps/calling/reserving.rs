//! "I call him": somebody is one caller's for the rest of the day, so that nobody is called by two.

use std::sync::Arc;

use crate::base::ids::ContactId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::store::contacts::{self, Person};
use crate::store::{Tx, calling};

/// Somebody of a round in which calls are made.
pub(super) async fn callable(ctx: &Ctx, tx: &mut Tx, contact: &ContactId) -> Result<(Arc<Live>, Person)> {
    let unknown = || Problem::not_found("There is no such contact.", "Go back to the call list.");
    let person = contacts::person(tx, contact).await?.ok_or_else(unknown)?;
    let live = ctx.live_by_id(tx, &person.round_id).await?;
    match live.state {
        RoundState::Running | RoundState::Paused => Ok((live, person)),
        RoundState::Draft => {
            let what = format!("Round {} has not begun.", live.slug);
            Err(Problem::refused(what, "Calls are noted once the invitations are out."))
        }
        RoundState::Closed => {
            Err(Problem::refused(format!("Round {} is closed.", live.slug), "Nobody is called any more."))
        }
    }
}

/// Refuses whom somebody else means to call.
pub(super) async fn not_of_another(ctx: &Ctx, tx: &mut Tx, person: &Person, by: &Actor) -> Result<()> {
    match calling::reserved_for(tx, &person.id, ctx.clock.now()).await?.filter(|reserved| !by.is(&reserved.caller)) {
        Some(reserved) => {
            let what = format!("{} calls {} today.", reserved.caller, person.full_name());
            Err(Problem::refused(what, "Take the next one, or ask there."))
        }
        None => Ok(()),
    }
}

/// Somebody means to call him today.
pub struct ReserveCall {
    pub contact: ContactId,
}

impl Order for ReserveCall {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let now = ctx.clock.now();
        let (live, person) = callable(ctx, tx, &self.contact).await?;
        tx.in_round(&live.id);
        let until = live.sequence.home().end_of_day(now);
        if calling::reserve(tx, (&live.id, &person.id), by.as_str(), now, until).await? {
            return Ok(());
        }
        not_of_another(ctx, tx, &person, by).await
    }
}

/// Does not mean to after all.
pub struct ReleaseCall {
    pub contact: ContactId,
}

impl Order for ReleaseCall {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let (live, person) = callable(ctx, tx, &self.contact).await?;
        tx.in_round(&live.id);
        not_of_another(ctx, tx, &person, by).await?;
        calling::release(tx, &person.id, by.as_str()).await
    }
}
