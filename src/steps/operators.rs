//! Operators: who they are, how they log in by a link in a mail, how long a session lasts; and keys for other programs.
//!
//! Asking for a link says the same and takes as long whether the address is known or not (S20): the mail is planned, not sent,
//! while the page waits. A link opens a page; only the button on it logs in (S21), once.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::base::address::EmailAddress;
use crate::base::clock::{DAY, HOUR, MINUTE};
use crate::base::problem::{Kind, Problem, Result};
use crate::base::seal::sha256;
use crate::rules::outbox::MessageKind;
use crate::store::operators::{self, Operator, Session};
use crate::store::outbox;

use super::Ctx;
use super::colleagues::{self, Colleague};
use super::context::Purpose;

/// A link to log in is good for this long.
pub const LINK_LASTS: i64 = 15 * MINUTE;
/// A session ends after so long without a page, and after so long in all.
const IDLE: i64 = 8 * HOUR;
const LONGEST: i64 = 7 * DAY;
/// What is not written by then is written by a later page.
const NOTED_WITHIN: Duration = Duration::from_secs(1);
/// Links per operator and quarter of an hour, so that nobody's mailbox is flooded.
const LINKS_AT_ONCE: i64 = 5;

/// Adds an operator. False when the address is one already.
pub async fn add(ctx: &Ctx, email: &EmailAddress, actor: &str) -> Result<bool> {
    let (c, email, actor) = (ctx.clone(), email.clone(), actor.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let now = c.clock.now();
                let operator = Operator { id: c.ids.new_id(now), email, created_at: now };
                let new = operators::add(tx, &operator).await?;
                if new {
                    c.journal(tx, &actor, "added an operator", None, &operator.id, operator.email.as_str()).await?;
                }
                Ok(new)
            })
        })
        .await
}

/// Plans a mail with a link to log in, if the address is an operator's. Says nothing about whether it is.
pub async fn ask_for_link(ctx: &Ctx, email: &EmailAddress) -> Result<()> {
    issue_link(ctx, email, true).await.map(|_| ())
}

/// A link to log in, for the one who runs the program and sees its terminal. `None` when the address is not an operator's.
pub async fn link_for(ctx: &Ctx, email: &EmailAddress) -> Result<Option<String>> {
    let id = issue_link(ctx, email, false).await?;
    Ok(id.map(|id| ctx.link(Purpose::Login, &id)))
}

async fn issue_link(ctx: &Ctx, email: &EmailAddress, by_mail: bool) -> Result<Option<String>> {
    let (c, email) = (ctx.clone(), email.clone());
    let id = ctx
        .db
        .write(move |tx| {
            Box::pin(async move {
                let now = c.clock.now();
                let Some(operator) = operators::by_email(tx, &email).await? else { return Ok(None) };
                if operators::logins_since(tx, &operator.id, now.plus(-LINK_LASTS)).await? >= LINKS_AT_ONCE {
                    return Ok(None);
                }
                let id = c.ids.new_id(now);
                operators::add_login(
                    tx,
                    &id,
                    &operator.id,
                    &c.secret_hash(Purpose::Login, &id),
                    now,
                    now.plus(LINK_LASTS),
                )
                .await?;
                if by_mail {
                    let to = Colleague { subject: &id, name: "", email: &operator.email };
                    let message = colleagues::message(&c, outbox::SYSTEM, to, MessageKind::Login, 1, now);
                    outbox::enqueue(tx, &message, now).await?;
                }
                Ok(Some(id))
            })
        })
        .await?;
    ctx.wake();
    Ok(id)
}

/// Whether a log-in link would still work. Changes nothing.
pub async fn link_is_good(ctx: &Ctx, secret: &str) -> Result<bool> {
    let mut tx = ctx.db.read().await?;
    let login = operators::login_by_link(&mut tx, &sha256(secret)).await?;
    Ok(login.is_some_and(|l| l.used_at.is_none() && l.expires_at > ctx.clock.now()))
}

/// Whose link this is, while it would still work. Changes nothing.
pub async fn link_is_for(ctx: &Ctx, secret: &str) -> Result<Option<EmailAddress>> {
    let mut tx = ctx.db.read().await?;
    let login = operators::login_by_link(&mut tx, &sha256(secret)).await?;
    let Some(login) = login.filter(|l| l.used_at.is_none() && l.expires_at > ctx.clock.now()) else { return Ok(None) };
    Ok(operators::by_id(&mut tx, &login.operator_id).await?.map(|o| o.email))
}

/// Uses a log-in link up and begins a session. Returns the session's secret, for the cookie.
pub async fn log_in(ctx: &Ctx, secret: &str) -> Result<String> {
    let (c, secret) = (ctx.clone(), secret.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let now = c.clock.now();
                let spent = || {
                    Problem::new(
                        Kind::Gone,
                        "This link has been used or has expired.",
                        "Ask for a new one; it comes by mail within a minute.",
                    )
                };
                let login = operators::login_by_link(tx, &sha256(&secret)).await?.ok_or_else(spent)?;
                if !operators::use_login(tx, &login.id, now).await? {
                    return Err(spent());
                }
                let session = URL_SAFE_NO_PAD.encode(c.ids.bytes::<32>());
                let csrf = URL_SAFE_NO_PAD.encode(c.ids.bytes::<32>());
                operators::add_session(tx, &sha256(&session), &login.operator_id, &csrf, now, now.plus(LONGEST))
                    .await?;
                c.journal(tx, &login.operator_id, "logged in", None, &login.operator_id, "").await?;
                Ok(session)
            })
        })
        .await
}

/// The session behind a cookie, if it lasts.
pub async fn session(ctx: &Ctx, cookie: &str) -> Result<Option<Session>> {
    let now = ctx.clock.now();
    let hash = sha256(cookie);
    let session = {
        let mut tx = ctx.db.read().await?;
        operators::session(&mut tx, &hash).await?
    };
    let session = session.filter(|s| s.expires_at > now && s.seen_at.plus(IDLE) > now);
    if let Some(s) = &session
        && s.seen_at.plus(MINUTE) < now
    {
        // Reading a page does not depend on it, nor wait for it long.
        let seen = ctx.db.write(move |tx| Box::pin(async move { operators::touch_session(tx, &hash, now).await }));
        if let Ok(seen) = tokio::time::timeout(NOTED_WITHIN, seen).await {
            ctx.unhurried("noting when a session was last used", seen);
        }
    }
    Ok(session)
}

pub async fn log_out(ctx: &Ctx, cookie: &str) -> Result<()> {
    let hash = sha256(cookie);
    ctx.db.write(move |tx| Box::pin(async move { operators::end_session(tx, &hash).await })).await
}

/// Makes a key for another program. It is shown once; the database keeps its hash.
pub async fn add_key(ctx: &Ctx, name: &str, actor: &str) -> Result<String> {
    let (c, name, actor) = (ctx.clone(), name.trim().to_string(), actor.to_string());
    if name.is_empty() || name.len() > 80 {
        return Err(Problem::unusable(
            "The key has no name, or a very long one.",
            "Name it after the program that will use it.",
        ));
    }
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let now = c.clock.now();
                let secret = format!("snd_{}", URL_SAFE_NO_PAD.encode(c.ids.bytes::<32>()));
                let id = c.ids.new_id(now);
                if !operators::add_key(tx, &id, &name, &sha256(&secret), now).await? {
                    return Err(Problem::refused(
                        format!("There is a key named {name} already."),
                        "Choose another name.",
                    ));
                }
                c.journal(tx, &actor, "added a key", None, &id, &name).await?;
                Ok(secret)
            })
        })
        .await
}

/// The name of the key, if it is one of ours.
pub async fn key_name(ctx: &Ctx, secret: &str) -> Result<Option<String>> {
    let mut tx = ctx.db.read().await?;
    operators::key_by_hash(&mut tx, &sha256(secret)).await
}
