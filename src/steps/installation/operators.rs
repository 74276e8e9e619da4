//! Operators: who they are, how long their sessions last, and how all of it is taken back. `links` logs them in, `programs` has the keys of other
//! programs. Whoever is removed is out at once: sessions, links and mails with links end in the transaction that removes him.

use std::time::Duration;

use crate::base::address::EmailAddress;
use crate::base::clock::{DAY, HOUR, MINUTE};
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::steps::context::Ctx;
use crate::store::installation::operators as store;
use crate::store::installation::operators::{Listed, Operator, Session};
use crate::store::sending::outbox;
use crate::store::{Tx, Work};

mod links;
mod programs;

pub use self::links::{LINK_LASTS, answer_requests, ask_for_link, link_for, link_is_for, link_is_good, log_in};
pub use self::programs::{add_key, key_name, keys, remove_key};

/// A session ends after so long without a page that somebody opened, and after so long in all.
const IDLE: i64 = 8 * HOUR;
pub(in crate::steps) const LONGEST: i64 = 7 * DAY;
/// What is noted in passing keeps nobody waiting for longer.
const PATIENCE: Duration = Duration::from_millis(300);

/// Adds an operator. False when the address is one already.
pub async fn add(ctx: &Ctx, email: &EmailAddress, actor: &str) -> Result<bool> {
    let (c, email, actor) = (ctx.clone(), email.clone(), actor.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let now = c.clock.now();
                let operator = Operator { id: c.ids.new_id(now), email, created_at: now };
                let new = store::add(tx, &operator).await?;
                if new {
                    let email = operator.email.as_str();
                    c.journal(tx, &actor, "added an operator", None, email, email).await?;
                }
                Ok(new)
            })
        })
        .await
}

pub async fn all(ctx: &Ctx) -> Result<Vec<Listed>> {
    let now = ctx.clock.now();
    store::all(&mut ctx.db.read().await?, now.plus(-IDLE), now).await
}

/// Removes an operator, with sessions and links. `even_last`: somebody knows that nobody can log in then.
pub async fn remove(ctx: &Ctx, email: &EmailAddress, even_last: bool, actor: &str) -> Result<()> {
    let (c, email, actor) = (ctx.clone(), email.clone(), actor.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let operator = known(tx, &email).await?;
                if !even_last && store::others(tx, &operator.id).await? == 0 {
                    return Err(Problem::refused(
                        format!("{email} is the last operator, so nobody could log in any more."),
                        "Add another one first, or confirm it: `soundings user remove ADDRESS --last`, or the tick on the page.",
                    ));
                }
                store::remove(tx, &operator.id, c.clock.now()).await?;
                let ended = shut_out(&c, tx, &operator, "").await?;
                c.journal(tx, &actor, "removed an operator", None, email.as_str(), &sessions(ended)).await
            })
        })
        .await
}

/// Ends all sessions of an operator but the one of this hash, and his links. How many there were.
pub async fn end_sessions(ctx: &Ctx, email: &EmailAddress, but: &str, actor: &str) -> Result<u64> {
    let (c, email, but, actor) = (ctx.clone(), email.clone(), but.to_string(), actor.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let operator = known(tx, &email).await?;
                let ended = shut_out(&c, tx, &operator, &but).await?;
                c.journal(tx, &actor, "ended sessions", None, email.as_str(), &sessions(ended)).await?;
                Ok(ended)
            })
        })
        .await
}

async fn known(tx: &mut Tx, email: &EmailAddress) -> Result<Operator> {
    store::by_email(tx, email).await?.ok_or_else(|| {
        Problem::not_found(format!("{email} is not an operator."), "`soundings user list` names them all.")
    })
}

/// Sessions, links, and the mails that would bring links.
async fn shut_out(ctx: &Ctx, tx: &mut Tx, operator: &Operator, but: &str) -> Result<u64> {
    let now = ctx.clock.now();
    for login in store::open_logins(tx, &operator.id, now).await? {
        outbox::withdraw_of_subject(tx, outbox::SYSTEM, &login, "The links of this operator were ended.", now).await?;
    }
    store::end_logins(tx, &operator.id, now).await?;
    store::end_sessions(tx, &operator.id, but).await
}

fn sessions(ended: u64) -> String {
    format!("{ended} session{} ended", if ended == 1 { "" } else { "s" })
}

/// The session behind a cookie, if it lasts. `opened`: somebody opened a page, which lets it last longer; a page that asks for its own figures does not.
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
        in_passing(ctx, "noting the last use of a session", move |tx| {
            Box::pin(async move { store::touch_session(tx, &hash, now).await })
        })
        .await;
    }
    Ok(session)
}

/// The sessions of an operator that last, the newest first.
pub async fn sessions_of(ctx: &Ctx, operator: &str) -> Result<Vec<Session>> {
    let now = ctx.clock.now();
    let all = store::sessions_of(&mut ctx.db.read().await?, operator).await?;
    Ok(all.into_iter().filter(|s| s.expires_at > now && s.seen_at.plus(IDLE) > now).collect())
}

pub async fn log_out(ctx: &Ctx, cookie: &str) -> Result<()> {
    let hash = sha256(cookie);
    ctx.db.write(move |tx| Box::pin(async move { store::end_session(tx, &hash).await })).await
}

/// Writes what nobody waits for: a full disk or a writer that is busy keeps no page from opening. It is written later, or at the next use.
async fn in_passing<F>(ctx: &Ctx, what: &str, work: F)
where
    F: for<'t> FnOnce(&'t mut Tx) -> Work<'t, ()> + Send + 'static,
{
    if let Ok(done) = tokio::time::timeout(PATIENCE, ctx.db.write(work)).await {
        ctx.unhurried(what, done);
    }
}
