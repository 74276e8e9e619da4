//! What keeps this installation from sending, for the people who decide whether it may go on.

use std::sync::Arc;

use crate::base::clock::{DAY, Ts};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::sending::trouble::holds::lift_all;
use crate::store::Tx;
use crate::store::sending::senders::{self, Hold};

use super::examine::Lost;
use super::journal::Outbound;

/// A hold, with the messages that it is about.
#[derive(Debug)]
pub struct Held {
    pub hold: Hold,
    pub messages: Vec<Lost>,
}

/// What holds sending now, whoever the sender is.
pub async fn all(ctx: &Ctx) -> Result<Vec<Held>> {
    let holds = senders::holds(&mut ctx.db.read().await?).await?;
    let with_messages = holds.into_iter().map(|hold| {
        let messages = serde_json::from_str(&hold.messages)
            .map_err(|e| Problem::internal("The messages of a hold cannot be read.").because(e))?;
        Ok(Held { hold, messages })
    });
    with_messages.collect()
}

/// Somebody has seen what holds sending, and sending goes on. How many holds were lifted.
pub struct ResumeSending;

impl Order for ResumeSending {
    type Done = usize;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<usize> {
        let (holds, now) = (senders::holds(tx).await?, ctx.clock.now());
        for hold in &holds {
            senders::lift(tx, &hold.id, by.as_str(), now).await?;
            ctx.journal(tx, by, Action::ConfirmedSending, None, "sending", &hold.why).await?;
        }
        let lifted = holds.len() + lift_all(ctx, tx, by).await?;
        if lifted > 0 {
            ctx.failures.sending_goes_on(now);
        }
        Ok(lifted)
    }
}

/// What a daemon has seen of the others, to know whether they are alive.
#[derive(Debug, Default)]
pub struct Watch {
    seen: Vec<(String, i64)>,
    tidied_at: Option<Ts>,
}

/// Says that this sender is alive, and lets a newcomer send as soon as it sees another one at work on the same database: then it is no
/// copy.
pub async fn look_after(ctx: &Ctx, watch: &mut Watch) -> Result<()> {
    let Some(outbound) = ctx.outbound.clone() else { return Ok(()) };
    let now = ctx.clock.now();
    if watch.tidied_at.is_none_or(|at| now.since(at) > DAY) {
        watch.tidied_at = Some(now);
        outbound.forget(now);
    }
    let before = std::mem::take(&mut watch.seen);
    watch.seen = ctx.order(&Actor::Program, NoteAlive { outbound, before }).await?;
    Ok(())
}

/// What [`look_after`] says and sees, in one transaction. The other senders, with their beats.
struct NoteAlive {
    outbound: Arc<Outbound>,
    before: Vec<(String, i64)>,
}

impl Order for NoteAlive {
    type Done = Vec<(String, i64)>;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<Vec<(String, i64)>> {
        let NoteAlive { outbound, before } = self;
        senders::beat(tx, &outbound.instance).await?;
        let holds = senders::holds(tx).await?;
        let held = |name: &str| holds.iter().any(|h| h.instance == name || h.instance.is_empty());
        let mut seen = Vec::new();
        let mut company = false;
        for other in senders::all(tx).await?.into_iter().filter(|s| s.instance != outbound.instance) {
            company |= !held(&other.instance)
                && before.iter().any(|(name, beats)| *name == other.instance && *beats < other.beats);
            seen.push((other.instance, other.beats));
        }
        for hold in holds.iter().filter(|h| company && h.instance == outbound.instance) {
            senders::lift(tx, &hold.id, by.as_str(), ctx.clock.now()).await?;
            ctx.journal(tx, by, Action::JoinedSender, None, "sending", "").await?;
        }
        Ok(seen)
    }
}
