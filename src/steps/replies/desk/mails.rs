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
use crate::rules::replies::desk::{DeskWork, LONGEST_LETTER, Ours, called, with_the_word};
use crate::rules::round::Sender;
use crate::rules::text::typed::lines;
use crate::steps::contacts::objections::wants_no_mail;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::letters::as_sent;
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::store::Tx;
use crate::store::contacts;
use crate::store::replies::desk::{self, DeskAct};
use crate::store::replies::{self, Reply};
use crate::store::sending::outbox;

use super::about::account_of;
use super::begin::{Said, begin, mail_of, take, tell};

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
        let to = match why_not_answered(&mail) {
            None => address(&mail.from_email)?,
            Some(why) => return Err(Problem::refused(why, "Answer from your own mail program, if at all.")),
        };
        if wants_no_mail(tx, &live.id, &to).await? {
            let what = format!("{to} has asked not to be written to, so nothing is sent there.");
            return Err(Problem::refused(what, "Answer from your own mail program, if an answer is asked for."));
        }
        let from = sender(ctx, tx, &live, &mail).await?;
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
        let detail = format!("to {to}");
        tell(ctx, tx, &mail, Action::AnsweredReply, &detail, by).await?;
        match self.keep {
            true => take(tx, &mail, by).await?,
            false => _ = replies::handle(tx, &mail.id, by.as_str(), "answered", ctx.clock.now()).await?,
        }
        leaves(ctx, tx, &act, &to, MessageKind::DeskAnswer).await
    }
}

/// Why a mail cannot be answered from here, if it cannot.
pub fn why_not_answered(mail: &Reply) -> Option<&'static str> {
    match mail {
        _ if mail.round_id.is_none() => Some("This mail does not prove which of ours it is about."),
        _ if mail.verdict != "reply" => Some("A program wrote this mail, or nobody who waits for an answer."),
        _ if EmailAddress::parse(&mail.from_email).is_err() => Some("This mail does not say who wrote it."),
        _ => None,
    }
}

/// In whose name a mail is answered: of the message that it is about, else the team's.
pub async fn sender(ctx: &Ctx, tx: &mut Tx, live: &Arc<Live>, mail: &Reply) -> Result<Sender> {
    let team = || live.spec.senders.team.clone();
    let message = match &mail.message_id {
        Some(id) => outbox::by_id(tx, id).await?,
        None => None,
    };
    let Some(message) = message else { return Ok(team()) };
    if message.kind == MessageKind::DeskAnswer {
        let before = desk::by_id(tx, &message.subject_id.as_str().into()).await?;
        let email = before.as_ref().and_then(|act| EmailAddress::parse(&act.from_email).ok());
        let again = before.zip(email).map(|(act, email)| Sender { name: act.from_name, email, title: String::new() });
        return Ok(again.unwrap_or_else(team));
    }
    let person = match &message.contact_id {
        Some(contact) => contacts::person(tx, contact).await?,
        None => None,
    };
    let Some(person) = person else { return Ok(team()) };
    let mut names = as_sent::senders(ctx, tx, live, &person, std::slice::from_ref(&message)).await?;
    Ok(names.remove(&message.id).unwrap_or_else(team))
}

/// Who looks after an account, by the word of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedAfterBy {
    Manager,
    Director,
    SalesDirector,
}

impl LookedAfterBy {
    pub const ALL: [LookedAfterBy; 3] = [LookedAfterBy::Manager, LookedAfterBy::Director, LookedAfterBy::SalesDirector];

    pub fn as_str(self) -> &'static str {
        match self {
            LookedAfterBy::Manager => "manager",
            LookedAfterBy::Director => "director",
            LookedAfterBy::SalesDirector => "sales_director",
        }
    }

    pub fn parse(text: &str) -> Option<LookedAfterBy> {
        LookedAfterBy::ALL.into_iter().find(|who| who.as_str() == text)
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            LookedAfterBy::Manager => "account manager",
            LookedAfterBy::Director => "account director",
            LookedAfterBy::SalesDirector => "sales director",
        }
    }
}

/// Somebody of the round to whom a mail may be forwarded.
pub struct Colleague {
    pub who: LookedAfterBy,
    pub name: String,
    pub email: EmailAddress,
}

/// To whom a mail may be forwarded: who looks after the account that it is about, and the sales director; never whoever wrote it.
pub async fn colleagues(tx: &mut Tx, live: &Live, mail: &Reply) -> Result<Vec<Colleague>> {
    let account = account_of(tx, mail).await?;
    let mut all = Vec::new();
    if let Some(a) = account.filter(|a| a.round_id == live.id) {
        let manager = EmailAddress::parse(&a.manager_email).ok();
        let director = Some(a.director_email);
        let of = |who, name: &str, email: EmailAddress| Colleague { who, name: name.into(), email };
        all.extend(manager.map(|email| of(LookedAfterBy::Manager, &a.manager_name, email)));
        all.extend(director.map(|email| of(LookedAfterBy::Director, &a.director_name, email)));
    }
    let signoff = &live.spec.signoff;
    all.push(Colleague {
        who: LookedAfterBy::SalesDirector,
        name: signoff.sales_director.clone(),
        email: signoff.sales_director_email.clone(),
    });
    let writer = address(&mail.from_email).map(|email| email.key()).unwrap_or_default();
    all.retain(|colleague| colleague.email.key() != writer);
    Ok(all)
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
        let all = colleagues(tx, &live, &mail).await?;
        let Some(to) = all.into_iter().find(|colleague| colleague.who == self.to) else {
            let what = format!("This mail has no {} to whom it could be forwarded.", self.to.label());
            return Err(Problem::unusable(what, "Choose somebody else."));
        };
        if contacts::by_address(tx, &live.id, &to.email.key()).await?.is_some() {
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

/// At once, whatever the round's own mail does.
async fn leaves(ctx: &Ctx, tx: &mut Tx, act: &DeskAct, to: &EmailAddress, kind: MessageKind) -> Result<()> {
    tx.in_any_round();
    let now = ctx.clock.now();
    let to = Addressee { subject: act.id.as_str(), name: &act.to_name, email: to };
    outbox::enqueue(tx, &message_to(ctx, &Lane::System, to, kind, 1, now), now).await?;
    Ok(())
}
