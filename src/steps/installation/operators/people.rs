//! Operators: who they are, and how all of it is taken back. Whoever is removed is out at once: sessions, links and mails with links end in
//! the transaction that removes him.

use crate::base::address::EmailAddress;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::message::Lane;
use crate::rules::sending::reason::MessageReason;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::installation::operators as store;
use crate::store::installation::operators::{Listed, Operator};
use crate::store::sending::outbox;

use super::sessions::IDLE;

/// Adds an operator. False when the address is one already.
pub struct AddOperator {
    pub email: EmailAddress,
}

impl Order for AddOperator {
    type Done = bool;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<bool> {
        let now = ctx.clock.now();
        let operator = Operator { id: ctx.ids.id(now), email: self.email, created_at: now };
        let new = store::add(tx, &operator).await?;
        if new {
            let email = operator.email.as_str();
            ctx.journal(tx, by, Action::AddedOperator, None, email, email).await?;
        }
        Ok(new)
    }
}

pub async fn all(ctx: &Ctx) -> Result<Vec<Listed>> {
    let now = ctx.clock.now();
    store::all(&mut ctx.db.read().await?, now.plus(-IDLE), now).await
}

/// Removes an operator, with sessions and links.
pub struct RemoveOperator {
    pub email: EmailAddress,
    /// Somebody knows that nobody can log in then.
    pub even_last: bool,
}

impl Order for RemoveOperator {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let email = &self.email;
        let operator = known(tx, email).await?;
        if !self.even_last && store::others(tx, &operator.id).await? == 0 {
            return Err(Problem::refused(
                format!("{email} is the last operator, so nobody could log in any more."),
                "Add another one first, or confirm it: `soundings user remove ADDRESS --last`, or the tick on the page.",
            )
            .on_page("Add another one first, or tick that it is meant."));
        }
        store::remove(tx, &operator.id, ctx.clock.now()).await?;
        let ended = shut_out(ctx, tx, &operator, "").await?;
        ctx.journal(tx, by, Action::RemovedOperator, None, email.as_str(), &sessions(ended)).await
    }
}

/// Ends all sessions of an operator but the one of this hash, and his links. How many there were.
pub struct EndSessions {
    pub email: EmailAddress,
    pub but: String,
}

impl Order for EndSessions {
    type Done = u64;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<u64> {
        let operator = known(tx, &self.email).await?;
        let ended = shut_out(ctx, tx, &operator, &self.but).await?;
        ctx.journal(tx, by, Action::EndedSessions, None, self.email.as_str(), &sessions(ended)).await?;
        Ok(ended)
    }
}

async fn known(tx: &mut Tx, email: &EmailAddress) -> Result<Operator> {
    store::by_email(tx, email).await?.ok_or_else(|| {
        Problem::not_found(format!("{email} is not an operator."), "`soundings user list` names them all.")
            .on_page("The page “Operators and keys” names them all.")
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
