//! What an operator says of the event that keeps the others waiting: it is told again now, or left out.

use crate::base::ids::EventId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::handover::events::{self as store, Event};

/// Begins a new series of attempts: the receiver works again, or wants to be told again.
pub struct TellAgain {
    pub event: EventId,
}

impl Order for TellAgain {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let event = first(tx, &self.event).await?;
        store::again(tx, &event.id, ctx.clock.now()).await?;
        ctx.journal(tx, by, Action::ToldEventsAgain, None, &event.id, &event.kind).await
    }
}

/// Goes on with the events behind it.
pub struct LeaveEventOut {
    pub event: EventId,
}

impl Order for LeaveEventOut {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let event = first(tx, &self.event).await?;
        let why = format!("Left out by {by}. {}", event.answer.as_deref().unwrap_or_default());
        store::leave_out(tx, &event.id, why.trim_end(), ctx.clock.now()).await?;
        ctx.journal(tx, by, Action::LeftEventOut, None, &event.id, &event.kind).await
    }
}

/// Nobody can say more of an event than that it is the one that waits: those behind it have not been tried.
async fn first(tx: &mut Tx, id: &EventId) -> Result<Event> {
    let gone = || Problem::refused("This event waits no more.", "Look again: the page shows which one waits now.");
    store::first(tx).await?.filter(|event| event.id == *id).ok_or_else(gone)
}
