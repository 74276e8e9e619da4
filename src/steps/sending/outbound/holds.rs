//! What keeps this installation from sending, for the people who decide whether it may go on.

use crate::base::clock::{DAY, Ts};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::steps::context::Ctx;
use crate::steps::sending::trouble::holds::lift_all;
use crate::store::sending::senders::{self, Hold};

use super::examine::Lost;

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
pub async fn resume(ctx: &Ctx, by: &Actor) -> Result<usize> {
    let (c, by) = (ctx.clone(), by.clone());
    let lifted = ctx
        .db
        .write(move |tx| {
            Box::pin(async move {
                let holds = senders::holds(tx).await?;
                for hold in &holds {
                    senders::lift(tx, &hold.id, by.as_str(), c.clock.now()).await?;
                    c.journal(tx, &by, Action::ConfirmedSending, None, "sending", &hold.why).await?;
                }
                Ok(holds.len() + lift_all(&c, tx, &by).await?)
            })
        })
        .await?;
    Ok(lifted)
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
    let (c, before) = (ctx.clone(), std::mem::take(&mut watch.seen));
    watch.seen = ctx
        .db
        .write(move |tx| {
            Box::pin(async move {
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
                    senders::lift(tx, &hold.id, Actor::Program.as_str(), c.clock.now()).await?;
                    c.journal(tx, &Actor::Program, Action::JoinedSender, None, "sending", "").await?;
                }
                Ok(seen)
            })
        })
        .await?;
    Ok(())
}
