//! Telling events: one after the other, in the order in which they happened, each until the webhook has taken it (docs/decisions/0073).
//!
//! Each attempt sends the same bytes under the same id, whoever of several programs makes it. What waits for its next attempt keeps those
//! behind it waiting: a receiver that hears of the resumption before the pause would believe that the round is paused.

use tracing::{info, warn};

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::EventId;
use crate::base::problem::Result;
use crate::rules::handover::events::kept_since;
use crate::rules::handover::{Attempt, AttemptOutcome, EVENTS, HandoffState, ReceiverAnswer, retry};
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::handover::events::{self as store, Event};
use soundings_handover::Delivered;

use super::stopping::unless_stopped;
use super::targets;

/// Longer than an attempt takes.
const LEASE: i64 = 3 * MINUTE;

/// Tells everything that is due. Returns how many were taken.
pub async fn tell(ctx: &Ctx) -> Result<u64> {
    let Some(webhook) = &ctx.events.webhook else { return Ok(0) };
    targets::look(ctx).await?;
    let mut told = 0;
    while is_due(ctx).await? {
        let taken = ctx.order(&Actor::Program, TakeFirst { now: ctx.clock.now() }).await?;
        // Another program was faster.
        let Some(event) = taken else { break };
        let begun = !ctx.is_stopping();
        let said = if begun {
            unless_stopped(ctx, webhook.deliver(&event.id, ctx.clock.now(), &event.body)).await
        } else {
            None
        };
        let Some(said) = said else {
            if begun {
                info!(event = %event.id, "an event had no answer yet and was broken off; it goes again at the next start");
            }
            ctx.order(&Actor::Program, Release { id: event.id }).await?;
            break;
        };
        if !settle(ctx, event, said).await? {
            break;
        }
        told += 1;
    }
    Ok(told)
}

/// When the next attempt is due; none where nobody is told, nothing waits, or a person has to act first.
pub(crate) async fn next_due(ctx: &Ctx, tx: &mut Tx) -> Result<Option<Ts>> {
    if ctx.events.webhook.is_none() {
        return Ok(None);
    }
    Ok(store::first(tx).await?.and_then(|event| event.due_at()))
}

async fn is_due(ctx: &Ctx) -> Result<bool> {
    let due = next_due(ctx, &mut ctx.db.read().await?).await?;
    Ok(due.is_some_and(|at| at <= ctx.clock.now()))
}

/// Takes the first that waits, if it is due by now, for nobody else to take it before the lease is over.
struct TakeFirst {
    now: Ts,
}

impl Order for TakeFirst {
    type Done = Option<Event>;
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Option<Event>> {
        let Some(event) = store::first(tx).await?.filter(|event| event.is_due(self.now)) else { return Ok(None) };
        store::take(tx, &event.id, self.now.plus(LEASE)).await?;
        Ok(Some(event))
    }
}

/// What was taken and has no answer is due again, as if it had not been tried. The receiver may have had it; it goes by the id.
struct Release {
    id: EventId,
}

impl Order for Release {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        store::release(tx, &self.id).await
    }
}

/// True where those behind it may be told.
async fn settle(ctx: &Ctx, event: Event, said: Delivered) -> Result<bool> {
    let now = ctx.clock.now();
    let answer =
        ReceiverAnswer { status: said.status, retry_after: said.retry_after, text: &said.text, is_page: said.is_page };
    let number = u32::try_from(event.attempt).unwrap_or(u32::MAX).saturating_add(1);
    let attempt = Attempt { number, first: event.began_at, now };
    // One goes at a time, so there is nothing to spread but installations.
    let seed = event.created_at.0.unsigned_abs();
    let (state, next_at, text) = match retry(EVENTS, &answer, &attempt, seed) {
        AttemptOutcome::Confirmed => (HandoffState::Confirmed, now, said.text.clone()),
        AttemptOutcome::Again { at, why } => (HandoffState::Pending, at, why),
        AttemptOutcome::Stop { why } => (HandoffState::Stopped, now, why),
        AttemptOutcome::Failed { why } => (HandoffState::Failed, now, why),
    };
    match state {
        HandoffState::Confirmed => {}
        HandoffState::Pending => {
            warn!(event = %event.id, "the webhook has not taken an event, which goes again: {text}");
        }
        HandoffState::Stopped => warn!(event = %event.id, "the webhook wants no more events, and none is told: {text}"),
        HandoffState::Failed => {
            warn!(event = %event.id, "the webhook has not taken an event, which is given up: {text}");
        }
    }
    ctx.order(&Actor::Program, Settle { id: event.id, state, next_at, answer: text, now }).await?;
    Ok(matches!(state, HandoffState::Confirmed | HandoffState::Failed))
}

/// Notes what became of an attempt.
struct Settle {
    id: EventId,
    state: HandoffState,
    next_at: Ts,
    answer: String,
    now: Ts,
}

impl Order for Settle {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        store::settle(tx, &self.id, self.state, self.next_at, &self.answer, self.now).await?;
        Ok(())
    }
}

/// Forgets what was told long ago, and gives up what nobody was to be told of for as long: the webhook was taken out of the settings.
pub async fn forget(ctx: &Ctx) -> Result<u64> {
    let before = kept_since(ctx.clock.now());
    let mut tx = ctx.db.read().await?;
    let is_old = |event: Event| event.created_at < before;
    let any = store::old(&mut tx, before).await? > 0 || store::first(&mut tx).await?.is_some_and(is_old);
    drop(tx);
    if any { ctx.order(&Actor::Program, ForgetOld { before }).await } else { Ok(0) }
}

struct ForgetOld {
    before: Ts,
}

impl Order for ForgetOld {
    type Done = u64;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<u64> {
        let (now, why) = (ctx.clock.now(), "Nobody took it for thirty days.");
        let first = store::first(tx).await?;
        let given_up = store::give_up_old(tx, self.before, why, now).await?;
        // Whoever wants no more wants none of the others either: that one was given up is no word of an operator.
        if let Some(stopped) = first.filter(|event| event.state == HandoffState::Stopped)
            && let Some(next) = store::first(tx).await?.filter(|event| event.id != stopped.id)
        {
            let answer = stopped.answer.as_deref().unwrap_or_default();
            store::settle(tx, &next.id, HandoffState::Stopped, now, answer, now).await?;
        }
        Ok(given_up + store::forget(tx, self.before).await?)
    }
}
