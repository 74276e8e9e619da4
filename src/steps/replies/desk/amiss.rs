//! What becomes of a mail of the desk that has not arrived: the mail that it was about waits again, with a sentence that says why.
//!
//! Told where the ledger hears of it, in the same transaction, so it is told once for each time that it happens. Nothing is sent again by
//! itself: whoever reads the sentence finds what was written in the form.

use crate::base::problem::Result;
use crate::rules::journal::{Action, Actor};
use crate::rules::message::MessageKind;
use crate::rules::replies::desk::{Amiss, DeskWork};
use crate::steps::context::Ctx;
use crate::steps::typed::clean;
use crate::store::Tx;
use crate::store::replies;
use crate::store::replies::desk::{self, DeskAct};

use super::begin::tell;

/// As much of what a server said as one reads.
const SAID: usize = 300;

/// A message has not arrived, as far as we know. `subject`: what the ledger says that it is about. Nothing where it is none of the desk.
pub(crate) async fn has_not_arrived(
    ctx: &Ctx,
    tx: &mut Tx,
    (kind, subject): (MessageKind, &str),
    amiss: Amiss,
    why: &str,
) -> Result<()> {
    if !DeskWork::ALL.iter().any(|work| work.mails() == Some(kind)) {
        return Ok(());
    }
    let Some(act) = desk::by_id(tx, &subject.into()).await? else { return Ok(()) };
    if !desk::reopen(tx, &act.reply_id, &act.by_whom).await? {
        return Ok(());
    }
    let Some(mail) = replies::by_id(tx, &act.reply_id).await? else { return Ok(()) };
    let why: String = clean(why).chars().take(SAID).collect();
    let now = ctx.clock.now();
    let said = DeskAct {
        id: ctx.ids.id(now),
        reply_id: mail.id.clone(),
        version: mail.version,
        what: DeskWork::Noted,
        by_whom: (&Actor::Program).into(),
        at: now,
        to_name: String::new(),
        to_email: String::new(),
        from_name: String::new(),
        from_email: String::new(),
        words: amiss.sentence(kind, &act.to_email, &why),
        day: None,
    };
    desk::add(tx, &said).await?;
    tell(ctx, tx, &mail, Action::NotedOnReply, &said.words, &Actor::Program).await
}
