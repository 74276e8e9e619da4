//! The sessions of operators: how long they last, and who has one.

use crate::base::clock::{DAY, HOUR, MINUTE, Ts};
use crate::base::ids::OperatorId;
use crate::base::problem::Result;
use crate::base::seal::sha256;
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::installation::operators as store;
use crate::store::installation::operators::Session;

use super::in_passing::in_passing;

/// A session ends after so long without a page that somebody opened, and after so long in all.
pub(super) const IDLE: i64 = 8 * HOUR;
pub(super) const LONGEST: i64 = 7 * DAY;

/// The session behind a cookie, if it lasts. `opened`: somebody opened a page, which lets it last longer; a page that asks for its own
/// figures does not.
pub async fn session(ctx: &Ctx, cookie: &str, opened: bool) -> Result<Option<Session>> {
    let now = ctx.clock.now();
    let hash = sha256(cookie);
    let session = {
        let mut tx = ctx.db.read().await?;
        store::session(&mut tx, &hash).await?
    };
    let session = session.filter(|s| s.expires_at > now && s.seen_at.plus(IDLE) > now);
    if let Some(s) = &session
        && opened
        && s.seen_at.plus(MINUTE) < now
    {
        in_passing(ctx, "noting the last use of a session", NoteUseOfSession { hash, at: now }).await;
    }
    Ok(session)
}

struct NoteUseOfSession {
    hash: String,
    at: Ts,
}

impl Order for NoteUseOfSession {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        store::touch_session(tx, &self.hash, self.at).await
    }
}

/// The sessions of an operator that last, the newest first.
pub async fn sessions_of(ctx: &Ctx, operator: &OperatorId) -> Result<Vec<Session>> {
    let now = ctx.clock.now();
    let all = store::sessions_of(&mut ctx.db.read().await?, operator).await?;
    Ok(all.into_iter().filter(|s| s.expires_at > now && s.seen_at.plus(IDLE) > now).collect())
}

/// Ends the session of a cookie, for whoever has it.
pub struct LogOut {
    pub cookie: String,
}

impl Order for LogOut {
    type Done = ();
    const BY: Giver = Giver::Visitor;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        store::end_session(tx, &sha256(&self.cookie)).await
    }
}
