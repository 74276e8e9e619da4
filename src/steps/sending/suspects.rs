//! Making messages so that one which cannot be made ends alone, whatever it does: refuses, panics, or ends the whole program (F21).
//!
//! Whoever was claimed by a program that stopped without a word is made alone, under a mark on disk, before anything else of that kind is
//! tried again; when that has ended the program five times in a row, the next start holds the message and sends the others. All other
//! messages cost nothing more.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tokio::sync::RwLock;
use tracing::error;

use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::sending::delivery::ENDS_BEFORE_HELD;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::letters::compose::{Composed, compose};
use crate::store::Tx;
use crate::store::sending::claim::{self, Fence};
use crate::store::sending::suspects;

use super::claims::ReadyMessage;

const WHY: &str = "The message could not be made: the program ended five times in a row while it was being made. Look at its text and at the contact's row, \
                   then retry it from the outbox.";

/// Makes the messages of all lines. The lock is held for reading while a message is made, and for writing while one must be made alone.
#[derive(Default)]
pub(crate) struct Composer(RwLock<()>);

impl Composer {
    pub async fn make(&self, ctx: &Ctx, taken: &ReadyMessage) -> Result<Composed> {
        if taken.claimed.suspect == 0 {
            let _beside_others = self.0.read().await;
            return unharmed(ctx, taken).await;
        }
        let _alone = self.0.write().await;
        ctx.order(&Actor::Program, MarkMadeAlone { fence: taken.fence.clone() }).await?;
        let composed = unharmed(ctx, taken).await;
        ctx.order(&Actor::Program, ClearSuspicion { fence: taken.fence.clone() }).await?;
        composed
    }
}

/// The mark on disk, before the message is made.
struct MarkMadeAlone {
    fence: Fence,
}

impl Order for MarkMadeAlone {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        suspects::alone(tx, &self.fence).await
    }
}

/// Making the message has ended, and the program has not.
struct ClearSuspicion {
    fence: Fence,
}

impl Order for ClearSuspicion {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        suspects::cleared(tx, &self.fence).await
    }
}

async fn unharmed(ctx: &Ctx, taken: &ReadyMessage) -> Result<Composed> {
    let made = AssertUnwindSafe(compose(ctx, taken)).catch_unwind().await;
    made.unwrap_or_else(|panic| Err(Problem::of_panic(panic.as_ref())))
}

/// Ends what an earlier run died of. To be done before its other claims are planned again.
pub(super) async fn end(ctx: &Ctx, tx: &mut Tx, all_but: Option<&str>) -> Result<()> {
    let now = ctx.clock.now();
    for m in suspects::end(tx, now, WHY, ENDS_BEFORE_HELD, &ctx.owner, all_but).await? {
        error!(message = %m.id, "the program ended while this message was being made; it is held, the others go on");
        let round = m.lane.round();
        ctx.journal(tx, &Actor::Program, Action::HeldSuspect, round, m.about(), m.kind.label()).await?;
        if let Some(contact) = &m.contact_id {
            claim::look_again(tx, contact, now).await?;
        }
    }
    Ok(())
}
