//! What an operator does with a mail that came back: looked at, with a note of what was done.

use crate::base::ids::ReplyId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
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
pub async fn decided(ctx: &Ctx, reply: &ReplyId, what: Proposal) -> Result<()> {
    let reply = reply.clone();
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
pub async fn handle(ctx: &Ctx, reply: &ReplyId, note: &str, operator: &Actor) -> Result<()> {
    let (c, reply, note, operator) = (ctx.clone(), reply.clone(), clean(note), operator.clone());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let gone = || Problem::refused("Somebody has seen to this mail already.", "Reload the page.");
                let mail = replies::by_id(tx, &reply).await?.ok_or_else(gone)?;
                if !replies::handle(tx, &mail.id, operator.as_str(), &note, c.clock.now()).await? {
                    // The second tap of two.
                    let own =
                        mail.handled_by.as_deref() == Some(operator.as_str()) && mail.note.as_deref() == Some(&note);
                    return if own { Ok(()) } else { Err(gone()) };
                }
                c.journal(tx, &operator, Action::SawToReply, mail.round_id.as_ref(), mail.about(), &note).await
            })
        })
        .await
}
