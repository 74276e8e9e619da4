//! What an operator does with a mail that came back: looked at, with a note of what was done.

use crate::base::ids::ReplyId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::typed::clean;
use crate::store::{Tx, replies};

/// What an automatic reply proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposal {
    Absence,
    Address,
}

/// One of a mail's two proposals was taken; the other is still to be decided.
pub struct DecideProposal {
    pub reply: ReplyId,
    pub what: Proposal,
}

impl Order for DecideProposal {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        match self.what {
            Proposal::Absence => replies::absence_decided(tx, &self.reply).await,
            Proposal::Address => replies::address_decided(tx, &self.reply).await,
        }
    }
}

/// Somebody has seen to it.
pub struct SeeToReply {
    pub reply: ReplyId,
    pub note: String,
}

impl Order for SeeToReply {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let note = clean(&self.note);
        let gone = || Problem::refused("Somebody has seen to this mail already.", "Reload the page.");
        let mail = replies::by_id(tx, &self.reply).await?.ok_or_else(gone)?;
        if !replies::handle(tx, &mail.id, by.as_str(), &note, ctx.clock.now()).await? {
            // The second tap of two.
            let own = mail.handled_by.as_deref() == Some(by.as_str()) && mail.note.as_deref() == Some(&note);
            return if own { Ok(()) } else { Err(gone()) };
        }
        ctx.journal(tx, by, Action::SawToReply, mail.round_id.as_ref(), mail.about(), &note).await
    }
}
