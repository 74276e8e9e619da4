//! What a program asks for under a key of its own for that request (`Idempotency-Key`): done once, and answered again as it was.
//!
//! Only what was done is kept. What was refused may be sent again under the same key, and is judged anew.

use crate::base::clock::{HOUR, Ts};
use crate::base::problem::Result;
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::installation::programs as store;

/// So long an answer is kept.
pub const KEPT_HOURS: i64 = 24;

fn kept_since(now: Ts) -> Ts {
    now.plus(-KEPT_HOURS * HOUR)
}

/// As it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub content_type: String,
    pub body: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is to be done now.
    Begun,
    Answered(Reply),
    /// It is being done, or was broken off.
    Running,
    /// Something else was asked for under the same key.
    Another,
}

/// Begins a request, unless it was begun before.
pub struct BeginRequest {
    /// Of the program.
    pub key: String,
    pub request: String,
    /// Of all that was asked for.
    pub fingerprint: String,
}

impl Order for BeginRequest {
    type Done = Standing;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Standing> {
        let now = ctx.clock.now();
        store::forget_old(tx, kept_since(now)).await?;
        if store::begin(tx, &self.key, &self.request, &self.fingerprint, now).await? {
            return Ok(Standing::Begun);
        }
        let Some(known) = store::begun(tx, &self.key, &self.request).await? else { return Ok(Standing::Running) };
        let status = known.status.and_then(|status| u16::try_from(status).ok());
        Ok(match status {
            _ if known.fingerprint != self.fingerprint => Standing::Another,
            Some(status) => Standing::Answered(Reply { status, content_type: known.content_type, body: known.answer }),
            None => Standing::Running,
        })
    }
}

/// Ends a request that was begun: with what was answered, or as if it had not been sent.
pub struct EndRequest {
    pub key: String,
    pub request: String,
    pub reply: Option<Reply>,
}

impl Order for EndRequest {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        match &self.reply {
            Some(reply) => {
                let answer = (i64::from(reply.status), reply.content_type.as_str(), reply.body.as_str());
                store::answered(tx, &self.key, &self.request, answer).await
            }
            None => store::forget(tx, &self.key, &self.request).await,
        }
    }
}

/// Forgets what nobody is answered with any more. Answers hold names, so they do not wait for the next request.
pub async fn forget(ctx: &Ctx) -> Result<u64> {
    let before = kept_since(ctx.clock.now());
    let old = store::old(&mut ctx.db.read().await?, before).await?;
    if old > 0 {
        ctx.order(&Actor::Program, ForgetRequests { before }).await?;
    }
    Ok(u64::try_from(old).unwrap_or_default())
}

struct ForgetRequests {
    before: Ts,
}

impl Order for ForgetRequests {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        store::forget_old(tx, self.before).await
    }
}
