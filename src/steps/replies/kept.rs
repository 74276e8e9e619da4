//! A mail that is kept; one that waits on the reply desk is told as an event.

use crate::base::problem::Result;
use crate::rules::handover::events::{EventData, EventKind};
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::replies::{self, Reply};

pub(crate) async fn keep(ctx: &Ctx, tx: &mut Tx, reply: &Reply) -> Result<()> {
    replies::insert(tx, reply).await?;
    if reply.state != "open" || !ctx.tells(EventKind::ReplyWaits) {
        return Ok(());
    }
    let round = ctx.told_round(tx, reply.round_id.as_ref()).await?;
    let data = EventData::Reply { reply: &reply.id, round: round.as_deref(), contact: reply.contact_id.as_ref() };
    ctx.event(tx, EventKind::ReplyWaits, reply.round_id.as_ref(), &data).await
}
