//! What an operator does with a mail that came back: looked at, with a note of what was done.

use crate::base::problem::{Problem, Result};
use crate::steps::Ctx;
use crate::steps::signing::clean;
use crate::store::replies;

/// Somebody has seen to it.
pub async fn handle(ctx: &Ctx, reply: &str, note: &str, operator: &str) -> Result<()> {
    let (c, reply, note, operator) = (ctx.clone(), reply.to_string(), clean(note), operator.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let gone = || Problem::refused("Somebody has seen to this mail already.", "Reload the page.");
                let mail = replies::by_id(tx, &reply).await?.ok_or_else(gone)?;
                if !replies::handle(tx, &mail.id, &operator, &note, c.clock.now()).await? {
                    return Err(gone());
                }
                let subject = mail.contact_id.as_deref().unwrap_or(&mail.id);
                c.journal(tx, &operator, "saw to a reply", mail.round_id.as_deref(), subject, &note).await
            })
        })
        .await
}
