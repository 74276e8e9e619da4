//! Whose a mail is, what is noted beside it, and until when nobody needs to look at it.

use chrono::NaiveDate;

use crate::base::address::EmailAddress;
use crate::base::ids::ReplyId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::replies::desk::{DayFault, DeskWork, LONGEST_REST_DAYS, rests};
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::typed::fitting;
use crate::store::Tx;
use crate::store::installation::operators;
use crate::store::replies::desk;

use super::begin::{Said, begin, mail_of, take, tell};

/// Takes a mail, gives it to another operator, or back to everybody.
pub struct GiveReply {
    pub reply: ReplyId,
    /// The version of the mail that was seen.
    pub known: i64,
    /// The operator's address; none: nobody's.
    pub to: Option<String>,
}

impl Order for GiveReply {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let to = match self.to {
            // Also whoever is the operator of a rehearsal, and no row.
            Some(to) if by.is(&to) => Some(to),
            Some(to) => Some(operator(tx, &to).await?),
            None => None,
        };
        let mail = mail_of(tx, &self.reply).await?;
        let address = to.clone().unwrap_or_default();
        let said = Said { to: (String::new(), address), ..Said::alone(DeskWork::Given) };
        if begin(ctx, tx, &mail, self.known, said, by).await?.is_none() {
            return Ok(());
        }
        desk::give(tx, &mail.id, to.as_deref()).await?;
        let detail = to.as_deref().unwrap_or("nobody");
        tell(ctx, tx, &mail, Action::GaveReply, detail, by).await
    }
}

async fn operator(tx: &mut Tx, typed: &str) -> Result<String> {
    let unknown = || Problem::unusable(format!("{typed} is no operator here."), "Choose one of the list.");
    let email = EmailAddress::parse(typed).map_err(|_| unknown())?;
    let known = operators::by_email(tx, &email).await?.ok_or_else(unknown)?;
    Ok(known.email.as_str().into())
}

/// Notes something beside a mail; it stays where it is.
pub struct NoteOnReply {
    pub reply: ReplyId,
    pub known: i64,
    pub note: String,
}

impl Order for NoteOnReply {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let words = fitting("The note", &self.note)?;
        if words.is_empty() {
            return Err(Problem::unusable("The note is empty.", "Write what is to be known."));
        }
        let mail = mail_of(tx, &self.reply).await?;
        let said = Said { words, ..Said::alone(DeskWork::Noted) };
        match begin(ctx, tx, &mail, self.known, said, by).await? {
            Some(act) => tell(ctx, tx, &mail, Action::NotedOnReply, &act.words, by).await,
            None => Ok(()),
        }
    }
}

/// Puts a mail off until a day: it comes back on that day to whoever has it.
pub struct PutReplyOff {
    pub reply: ReplyId,
    pub known: i64,
    /// The round on whose page it was pressed; days are those of its place.
    pub round: String,
    /// None: it is to be looked at now.
    pub day: Option<NaiveDate>,
}

impl Order for PutReplyOff {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let home = ctx.live_by_slug(tx, &self.round).await?.sequence.home();
        let today = home.local(ctx.clock.now()).date();
        if let Some(day) = self.day {
            rests(day, today).map_err(|fault| wrong(fault, day, today))?;
        }
        let mail = mail_of(tx, &self.reply).await?;
        let said = Said { day: self.day, ..Said::alone(DeskWork::PutOff) };
        if begin(ctx, tx, &mail, self.known, said, by).await?.is_none() {
            return Ok(());
        }
        desk::rest(tx, &mail.id, self.day.map(|day| home.start_of(day))).await?;
        take(tx, &mail, by).await?;
        let detail = self.day.map_or("no more".to_string(), |day| day.to_string());
        tell(ctx, tx, &mail, Action::PutReplyOff, &detail, by).await
    }
}

fn wrong(fault: DayFault, day: NaiveDate, today: NaiveDate) -> Problem {
    let next = format!("Give a day after {today}.");
    match fault {
        DayFault::Over => Problem::unusable(format!("{day} has begun already."), next),
        DayFault::TooFar => Problem::unusable(format!("{day} is more than {LONGEST_REST_DAYS} days away."), next),
    }
}
