//! A mail of the desk of which nobody knows whether it has arrived: a person who has asked says so, as in the outbox. One that has not goes
//! once more, under the same Message-ID.

use crate::base::ids::{DeskActId, MessageId, ReplyId};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::sending::outbox::{ActOnMessage, MessageAction};
use crate::store::Tx;
use crate::store::replies::desk;
use crate::store::sending::outbox;

pub struct SettleDeskMail {
    /// The mail on the desk.
    pub reply: ReplyId,
    /// What was written about it.
    pub message: MessageId,
    pub arrived: bool,
}

impl Order for SettleDeskMail {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let unknown = || Problem::not_found("There is no such mail.", "Go back to the replies.");
        let message = outbox::by_id(tx, &self.message).await?.ok_or_else(unknown)?;
        let act = desk::by_id(tx, &DeskActId::from(message.subject_id.as_str())).await?;
        act.filter(|act| act.reply_id == self.reply).ok_or_else(unknown)?;
        let action = if self.arrived { MessageAction::Arrived } else { MessageAction::SendAgain };
        ActOnMessage { message: message.id, action }.run(ctx, tx, by).await
    }
}
