//! How every press on the reply desk begins: on the state of the mail that was seen, once, and on record.

use chrono::NaiveDate;

use crate::base::ids::ReplyId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::replies::desk::DeskWork;
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::replies::desk::{self, DeskAct};
use crate::store::replies::{self, Reply};

/// What is to be done with a mail.
pub(super) struct Said {
    pub what: DeskWork,
    /// To whom: name and address.
    pub to: (String, String),
    /// In whose name.
    pub from: (String, String),
    pub words: String,
    pub day: Option<NaiveDate>,
}

impl Said {
    /// Something that is written to nobody.
    pub(super) fn alone(what: DeskWork) -> Said {
        let nobody = || (String::new(), String::new());
        Said { what, to: nobody(), from: nobody(), words: String::new(), day: None }
    }

    fn is(&self, act: &DeskAct) -> bool {
        let day = self.day.map(|day| day.to_string());
        (self.what, &self.to.1, &self.words, &day) == (act.what, &act.to_email, &act.words, &act.day)
    }
}

pub(super) async fn mail_of(tx: &mut Tx, reply: &ReplyId) -> Result<Reply> {
    let unknown = || Problem::not_found("There is no such mail.", "Go back to the reply desk.");
    let mail = replies::by_id(tx, reply).await?.ok_or_else(unknown)?;
    if let Some(round) = &mail.round_id {
        tx.in_round(round);
    }
    Ok(mail)
}

/// Puts it on record. None: it is the second press of what was done already. `known`: the version of the mail that whoever decided has seen.
pub(super) async fn begin(
    ctx: &Ctx,
    tx: &mut Tx,
    mail: &Reply,
    known: i64,
    said: Said,
    by: &Actor,
) -> Result<Option<DeskAct>> {
    let now = ctx.clock.now();
    if !desk::begin(tx, &mail.id, known).await? {
        return match desk::last(tx, &mail.id).await? {
            Some(last) if by.is(&last.by_whom) && last.version == known + 1 && said.is(&last) => Ok(None),
            last => Err(meanwhile(tx, mail, last).await?),
        };
    }
    let act = DeskAct {
        id: ctx.ids.id(now),
        reply_id: mail.id.clone(),
        version: known + 1,
        what: said.what,
        by_whom: by.into(),
        at: now,
        to_name: said.to.0,
        to_email: said.to.1,
        from_name: said.from.0,
        from_email: said.from.1,
        words: said.words,
        day: said.day.map(|day| day.to_string()),
    };
    desk::add(tx, &act).await?;
    Ok(Some(act))
}

/// The same of what ends the work on a mail: it is seen to, with a note of what was done. False: it is the second press of two.
pub(super) async fn finish(ctx: &Ctx, tx: &mut Tx, mail: &Reply, known: i64, note: &str, by: &Actor) -> Result<bool> {
    if replies::handle(tx, &mail.id, known, by.as_str(), note, ctx.clock.now()).await? {
        tell(ctx, tx, mail, Action::SawToReply, note, by).await?;
        return Ok(true);
    }
    let now = mail_of(tx, &mail.id).await?;
    let own = now.handled_by.as_deref().is_some_and(|who| by.is(who)) && now.note.as_deref() == Some(note);
    if own && now.version == known + 1 {
        return Ok(false);
    }
    let last = desk::last(tx, &mail.id).await?;
    Err(meanwhile(tx, mail, last).await?)
}

/// Who has done what with a mail since its page was opened. `last`: what was done last on the desk.
async fn meanwhile(tx: &mut Tx, mail: &Reply, last: Option<DeskAct>) -> Result<Problem> {
    let now = mail_of(tx, &mail.id).await?;
    Ok(match last {
        _ if now.state != "open" => {
            let next = "It stands under \u{201c}done\u{201d}, with what became of it.";
            Problem::refused("Somebody has seen to this mail already.", next)
        }
        // The program says a sentence of its own.
        Some(last) if Actor::Program.is(&last.by_whom) => {
            Problem::refused(last.words, "Look at it as it is now, then decide.")
        }
        Some(last) => {
            let what = format!("{} {} since this page was opened.", last.by_whom, last.said());
            Problem::refused(what, "Look at it as it is now, then decide.")
        }
        None => {
            let what = "This mail is not as it was when this page was opened.";
            Problem::refused(what, "Look at it as it is now, then decide.")
        }
    })
}

/// Tells the journal.
pub(super) async fn tell(ctx: &Ctx, tx: &mut Tx, mail: &Reply, action: Action, detail: &str, by: &Actor) -> Result<()> {
    ctx.journal(tx, by, action, mail.round_id.as_ref(), mail.about(), detail).await
}

/// Whoever does something with a mail of nobody has it from then on.
pub(super) async fn take(tx: &mut Tx, mail: &Reply, by: &Actor) -> Result<()> {
    match mail.owner {
        Some(_) => Ok(()),
        None => desk::give(tx, &mail.id, Some(by.as_str())).await,
    }
}
