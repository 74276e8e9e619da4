//! Pages that answer a refused form, kept so that the browser can be sent to them: Back and Reload repeat nothing then.
//!
//! They hold what somebody typed, names, and the links of forms. The database gets them enciphered under a key that stands only in the
//! visitor's address, for an hour.

use crate::base::clock::{HOUR, Ts};
use crate::base::problem::{Problem, Result};
use crate::base::seal::{decipher, encipher, sha256};
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::installation::refused_forms;

/// As long as somebody may come back to it.
const LASTS: i64 = HOUR;

/// Keeps a page of this path; returns the secret that opens it.
pub async fn keep(ctx: &Ctx, path: &str, page: String) -> Result<String> {
    let secret = sha256(ctx.ids.bytes::<32>());
    let closed = encipher(&secret, path, page).ok_or_else(|| Problem::internal("A page could not be enciphered."))?;
    ctx.order(&Actor::Program, KeepPage { hash: sha256(&secret), closed }).await?;
    Ok(secret)
}

struct KeepPage {
    hash: String,
    /// The page, enciphered.
    closed: String,
}

impl Order for KeepPage {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        refused_forms::keep(tx, &self.hash, &self.closed, ctx.clock.now().plus(LASTS)).await
    }
}

/// The page that was kept for this path under this secret, while it lasts.
pub async fn kept(ctx: &Ctx, path: &str, secret: &str) -> Result<Option<String>> {
    let mut tx = ctx.db.read().await?;
    let found = refused_forms::kept(&mut tx, &sha256(secret), ctx.clock.now()).await?;
    Ok(found.and_then(|kept| decipher(secret, path, &kept.page)))
}

/// Removes what nobody can come back to any more.
pub async fn forget(ctx: &Ctx) -> Result<u64> {
    let now = ctx.clock.now();
    if !refused_forms::any_over(&mut ctx.db.read().await?, now).await? {
        return Ok(0);
    }
    ctx.order(&Actor::Program, ForgetPages { over_at: now }).await
}

struct ForgetPages {
    over_at: Ts,
}

impl Order for ForgetPages {
    type Done = u64;
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<u64> {
        refused_forms::forget(tx, self.over_at).await
    }
}
