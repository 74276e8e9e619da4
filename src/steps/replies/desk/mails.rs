//! What leaves by a press on the reply desk: an answer to whoever wrote, in the name in which he was written to; and what he wrote, to a
//! colleague who looks after the account and to nobody else.
//!
//! Both go through the ledger, so never twice; what was written is kept with the mail. Neither waits for the round's own mail, nor counts
//! among the messages of a contact: a person has asked for it.

use std::sync::Arc;

use crate::base::address::EmailAddress;
use crate::base::ids::ReplyId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::message::{Lane, MessageKind};
use crate::rules::replies::desk::{
    DeskWork, LONGEST_LETTER, Ours, called, why_not_answered, why_not_forwarded, with_the_word,
};
use crate::rules::sending::reason::MessageReason;
use crate::rules::text::typed::lines;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::store::Tx;
use crate::store::replies::desk::{self, DeskAct};
use crate::store::replies::{self, Reply};
use crate::store::sending::outbox;

use super::about::account_of;
use super::begin::{Said, begin, mail_of, take, tell};
use super::beside::{Beside, LookedAfterBy};

/// Answers whoever wrote.
pub struct AnswerReply {
    pub reply: ReplyId,
    /// The version of the mail that was seen.
    pub known: i64,
    pub words: String,
    /// It stays on the desk; else it is seen to.
    pub keep: bool,
}

impl Order for AnswerReply {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let words = written(&self.words)?;
        if words.is_empty() {
            return Err(Problem::unusable("The answer is empty.", "Write it, then send it."));
        }
        let mail = mail_of(tx, &self.reply).await?;
        let live = round_of(ctx, tx, &mail).await?;
        if let Some(why) = why_not_answered(mail.round_id.is_some(), &mail.verdict, &mail.from_email) {
            return Err(Problem::refused(why, "Answer from your own mail program, if at all."));
        }
        let to = address(&mail.from_email)?;
        let beside = Beside::of(ctx, tx, &live, &[&mail]).await?;
        if beside.wants_no_mail(&mail) {
            let what = format!("{to} has asked not to be written to, so nothing is sent there.");
            return Err(Problem::refused(what, "Answer from your own mail program, if an answer is asked for."));
        }
        let from = beside.sender(&mail).unwrap_or(&live.spec.senders.team).clone();
        says_nothing_banned(&[(Ours::Sender, from.name.as_str())])?;
        // A name with the one word in it is left out: the address is enough.
        let name = called(&mail.from_name, "").unwrap_or_default().to_string();
        let said = Said {
            what: DeskWork::Answered,
            to: (name, to.as_str().into()),
            from: (from.name, from.email.as_str().into()),
            words,
            day: None,
        };
        let Some(act) = begin(ctx, tx, &mail, self.known, said, by).await? else { return Ok(()) };
        let (detail, now) = (format!("to {to}"), ctx.clock.now());
        tell(ctx, tx, &mail, Action::AnsweredReply, &detail, by).await?;
        match self.keep {
            true => take(tx, &mail, by).await?,
            false => _ = replies::handle(tx, &mail.id, act.version, by.as_str(), "answered", now).await?,
        }
        leaves(ctx, tx, &act, &to, MessageKind::DeskAnswer).await
    }
}

/// Forwards what somebody wrote, with its thread.
pub struct ForwardReply {
    pub reply: ReplyId,
    pub known: i64,
    pub to: LookedAfterBy,
    /// What is written beside it; may be empty.
    pub words: String,
}

impl Order for ForwardReply {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let words = written(&self.words)?;
        let mail = mail_of(tx, &self.reply).await?;
        let live = round_of(ctx, tx, &mail).await?;
        if let Some(why) = why_not_forwarded(mail.round_id.is_some(), &mail.verdict) {
            return Err(Problem::refused(why, "Tell from your own mail program who is to know of it."));
        }
        let all = Beside::of(ctx, tx, &live, &[&mail]).await?.colleagues(&live, &mail);
        let Some(to) = all.into_iter().find(|colleague| colleague.who == self.to) else {
            let what = format!("This mail has no {} to whom it could be forwarded.", self.to.label());
            return Err(Problem::unusable(what, "Choose somebody else."));
        };
        if to.is_contact {
            let what = format!("{} is a contact of this round, and no contact reads what others wrote.", to.email);
            return Err(Problem::refused(what, "Choose somebody else."));
        }
        let name = if to.name.is_empty() { to.email.as_str().to_string() } else { to.name };
        let team = &live.spec.senders.team;
        let account = account_of(tx, &mail).await?;
        says_nothing_banned(&[
            (Ours::Sender, team.name.as_str()),
            (Ours::Reader, name.as_str()),
            (Ours::Writer, called(&mail.from_name, &mail.from_email).unwrap_or(&mail.from_email)),
            (Ours::Account, account.as_ref().map_or("", |account| account.name.as_str())),
            (Ours::ForwardedBy, by.as_str()),
        ])?;
        let said = Said {
            what: DeskWork::Forwarded,
            to: (name, to.email.as_str().into()),
            from: (team.name.clone(), team.email.as_str().into()),
            words,
            day: None,
        };
        let Some(act) = begin(ctx, tx, &mail, self.known, said, by).await? else { return Ok(()) };
        let detail = format!("to {} <{}>", act.to_name, to.email);
        tell(ctx, tx, &mail, Action::ForwardedReply, &detail, by).await?;
        take(tx, &mail, by).await?;
        leaves(ctx, tx, &act, &to.email, MessageKind::Forwarded).await
    }
}

/// What was typed, as it may leave.
fn written(typed: &str) -> Result<String> {
    let words = lines(typed);
    let has = words.chars().count();
    if has > LONGEST_LETTER {
        let what = format!("This has {has} characters, and at most {LONGEST_LETTER} are sent.");
        return Err(Problem::unusable(what, "Shorten it, then send it."));
    }
    says_nothing_banned(&[(Ours::Words, words.as_str())])?;
    Ok(words)
}

/// Promise 9: what we write, and the names that we put in, are looked at before anything is kept.
fn says_nothing_banned(ours: &[(Ours, &str)]) -> Result<()> {
    let Some((which, said)) = with_the_word(ours) else { return Ok(()) };
    let (what, next) = which.refusal(said);
    Err(match which {
        Ours::Words => Problem::unusable(what, next),
        _ => Problem::refused(what, next),
    })
}

async fn round_of(ctx: &Ctx, tx: &mut Tx, mail: &Reply) -> Result<Arc<Live>> {
    let nowhere = || {
        let what = "This mail does not prove which of ours it is about.";
        Problem::refused(what, "Answer from your own mail program, if at all.")
    };
    ctx.live_by_id(tx, mail.round_id.as_ref().ok_or_else(nowhere)?).await
}

fn address(text: &str) -> Result<EmailAddress> {
    EmailAddress::parse(text)
        .map_err(|why| Problem::refused(format!("The address {text} {why}."), "Answer from your own mail program."))
}

/// At once, whatever the round's own mail does. What was refused before is not tried again beside it.
async fn leaves(ctx: &Ctx, tx: &mut Tx, act: &DeskAct, to: &EmailAddress, kind: MessageKind) -> Result<()> {
    tx.in_any_round();
    let now = ctx.clock.now();
    desk::give_up(tx, &act.reply_id, act.what, &MessageReason::By(act.by_whom.clone()), now).await?;
    let to = Addressee { subject: act.id.as_str(), name: &act.to_name, email: to };
    outbox::enqueue(tx, &message_to(ctx, &Lane::System, to, kind, 1, now), now).await?;
    Ok(())
}
