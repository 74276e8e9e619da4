//! Calling the webhook of alarms until it has taken each call: the same bytes under the same id, whoever of several programs calls. What
//! nobody has called in time, because the webhook was taken out of the settings, is given up.

use tracing::warn;

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::AlarmCallId;
use crate::base::problem::Result;
use crate::rules::alarm::{CallOutcome, CallState, after_call, oldest_call};
use crate::rules::handover::ReceiverAnswer;
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::alarm::{self as store, Call};

/// As many as are called at once, one after the other.
const AT_ONCE: i64 = 5;
/// Longer than so many calls take.
const LEASE: i64 = 3 * MINUTE;

/// Calls what is due.
pub(super) async fn deliver(ctx: &Ctx) -> Result<()> {
    let now = ctx.clock.now();
    if store::old_calls(&mut ctx.db.read().await?, oldest_call(now)).await? > 0 {
        ctx.order(&Actor::Program, GiveUpOldCalls { now }).await?;
    }
    let Some(webhook) = &ctx.alarms.webhook else { return Ok(()) };
    if store::due_calls(&mut ctx.db.read().await?, now, 1).await?.is_empty() {
        return Ok(());
    }
    for call in ctx.order(&Actor::Program, TakeCalls { now }).await? {
        // What was taken and not called is due again when its lease is over.
        if ctx.is_stopping() {
            break;
        }
        let said = webhook.deliver(&call.id, ctx.clock.now(), &call.body).await;
        let (status, text) = (said.status, said.text.as_str());
        let answer = ReceiverAnswer { status, retry_after: said.retry_after, text, is_page: said.is_page };
        let now = ctx.clock.now();
        let attempt = u32::try_from(call.attempt).unwrap_or(u32::MAX).saturating_add(1);
        let settled = match after_call(&answer, attempt, call.created_at, now) {
            CallOutcome::Confirmed => {
                SettleCall { id: call.id, state: CallState::Confirmed, next_at: now, answer: said.text.clone(), now }
            }
            CallOutcome::Again { at, why } => {
                warn!(call = %call.id, "the webhook of alarms has not taken a call, which goes again: {why}");
                SettleCall { id: call.id, state: CallState::Pending, next_at: at, answer: why, now }
            }
            CallOutcome::Failed { why } => {
                warn!(call = %call.id, "the webhook of alarms has not taken a call, which is given up: {why}");
                SettleCall { id: call.id, state: CallState::Failed, next_at: now, answer: why, now }
            }
        };
        ctx.order(&Actor::Program, settled).await?;
    }
    Ok(())
}

/// What was to be called long ago calls nobody any more.
struct GiveUpOldCalls {
    now: Ts,
}

impl Order for GiveUpOldCalls {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let why = "Nobody was to call a webhook for a day.";
        store::give_up_old_calls(tx, oldest_call(self.now), why, self.now).await
    }
}

/// Takes what is due by now, for nobody else to take it before the lease is over.
struct TakeCalls {
    now: Ts,
}

impl Order for TakeCalls {
    type Done = Vec<Call>;
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Vec<Call>> {
        let mut taken = Vec::new();
        for call in store::due_calls(tx, self.now, AT_ONCE).await? {
            if store::take_call(tx, &call, self.now, self.now.plus(LEASE)).await? {
                taken.push(call);
            }
        }
        Ok(taken)
    }
}

/// Notes what became of a call.
struct SettleCall {
    id: AlarmCallId,
    state: CallState,
    next_at: Ts,
    answer: String,
    now: Ts,
}

impl Order for SettleCall {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        store::settle_call(tx, &self.id, self.state, self.next_at, &self.answer, self.now).await
    }
}
