//! What an operator does with a mail that came back: looked at, with a note of what was done.

use crate::base::problem::{Problem, Result};
use crate::steps::context::Ctx;
use crate::steps::typed::clean;
use crate::store::replies;

/// What an automatic reply proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposal {
    Absence,
    Address,
}

/// One of a mail's two proposals was taken; the other is still to be decided.
pub async fn decided(ctx: &Ctx, reply: &str, what: Proposal) -> Result<()> {
    let reply = reply.to_string();
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                match what {
                    Proposal::Absence => replies::absence_decided(tx, &reply).await,
                    Proposal::Address => replies::address_decided(tx, &reply).await,
                }
            })
        })
        .await
}

/// Somebody has seen to it.
pub async fn handle(ctx: &Ctx, reply: &str, note: &str, operator: &str) -> Result<()> {
    let (c, reply, note, operator) = (ctx.clone(), reply.to_string(), clean(note), operator.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let gone = || Problem::refused("Somebody has seen to this mail already.", "Reload the page.");
                let mail = replies::by_id(tx, &reply).await?.ok_or_else(gone)?;
                if !replies::handle(tx, &mail.id, &operator, &note, c.clock.now()).await? {
                    // The second tap of two.
                    let own = mail.handled_by.as_deref() == Some(&operator) && mail.note.as_deref() == Some(&note);
                    return if own { Ok(()) } else { Err(gone()) };
                }
                let subject = mail.contact_id.as_deref().unwrap_or(&mail.id);
                c.journal(tx, &operator, "saw to a reply", mail.round_id.as_ref(), subject, &note).await
            })
        })
        .await
}
