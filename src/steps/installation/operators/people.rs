//! Operators: who they are, and how all of it is taken back. Whoever is removed is out at once: sessions, links and mails with links end in
//! the transaction that removes him.

use crate::base::address::EmailAddress;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::message::Lane;
use crate::rules::sending::reason::MessageReason;
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::installation::operators as store;
use crate::store::installation::operators::{Listed, Operator};
use crate::store::sending::outbox;

use super::sessions::IDLE;

/// Adds an operator. False when the address is one already.
pub async fn add(ctx: &Ctx, email: &EmailAddress, actor: &Actor) -> Result<bool> {
    let (c, email, actor) = (ctx.clone(), email.clone(), actor.clone());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let now = c.clock.now();
                let operator = Operator { id: c.ids.id(now), email, created_at: now };
                let new = store::add(tx, &operator).await?;
                if new {
                    let email = operator.email.as_str();
                    c.journal(tx, &actor, Action::AddedOperator, None, email, email).await?;
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
pub async fn remove(ctx: &Ctx, email: &EmailAddress, even_last: bool, actor: &Actor) -> Result<()> {
    let (c, email, actor) = (ctx.clone(), email.clone(), actor.clone());
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
                c.journal(tx, &actor, Action::RemovedOperator, None, email.as_str(), &sessions(ended)).await
            })
        })
        .await
}

/// Ends all sessions of an operator but the one of this hash, and his links. How many there were.
pub async fn end_sessions(ctx: &Ctx, email: &EmailAddress, but: &str, actor: &Actor) -> Result<u64> {
    let (c, email, but, actor) = (ctx.clone(), email.clone(), but.to_string(), actor.clone());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let operator = known(tx, &email).await?;
                let ended = shut_out(&c, tx, &operator, &but).await?;
                c.journal(tx, &actor, Action::EndedSessions, None, email.as_str(), &sessions(ended)).await?;
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
        outbox::withdraw_of_subject(tx, &Lane::System, &login, &MessageReason::LinksEnded, now).await?;
    }
    store::end_logins(tx, &operator.id, now).await?;
    store::end_sessions(tx, &operator.id, but).await
}

fn sessions(ended: u64) -> String {
    format!("{ended} session{} ended", if ended == 1 { "" } else { "s" })
}
