//! The mails of the reply desk as they leave: what an operator has written, with the mail that it answers or forwards.
//!
//! What was written is kept with the mail and says the same whenever it leaves. Our own words around a forward are English, as the
//! console is in which they are written.

use std::sync::Arc;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::mail::dates::day;
use crate::mail::letters::desk::{self as letters, Answer, Forward, Part};
use crate::mail::letters::frame::{self, Surroundings};
use crate::mail::letters::rendering::Rendered;
use crate::mail::message::message_id;
use crate::rules::message::MessageKind;
use crate::rules::replies::desk::{DeskWork, subject_of_answer, subject_of_forward};
use crate::rules::round::{Sender, says_banned_word};
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;
use crate::store::contacts::{self, accounts};
use crate::store::replies::desk::{self, DeskAct};
use crate::store::replies::{self, Reply};
use crate::store::sending::claim::Claimed;
use crate::store::sending::outbox;

/// All that a mail of the desk consists of.
pub(super) struct DeskMail {
    pub live: Arc<Live>,
    pub from: Sender,
    pub words: Rendered,
    /// The Message-IDs of what it answers.
    pub answers: Vec<String>,
}

/// The one that is about to leave.
pub(super) async fn of_message(ctx: &Ctx, m: &Claimed) -> Result<DeskMail> {
    let gone = || Problem::internal("The reply that a mail is about is not there.");
    let mut tx = ctx.db.read().await?;
    let act = desk::by_id(&mut tx, &m.subject_id.as_str().into()).await?.ok_or_else(gone)?;
    let mail = replies::by_id(&mut tx, &act.reply_id).await?.ok_or_else(gone)?;
    let live = ctx.live_by_id(&mut tx, mail.round_id.as_ref().ok_or_else(gone)?).await?;
    let from = EmailAddress::parse(&act.from_email)
        .map_err(|why| Problem::internal(format!("The sender {} {why}.", act.from_email)))?;
    let from = Sender { name: act.from_name.clone(), email: from, title: String::new() };
    if m.kind == MessageKind::Forwarded {
        let words = forwarded(&mut tx, &live, &act, &mail).await?;
        return Ok(DeskMail { live, from, words, answers: Vec::new() });
    }
    let words = letters::answer(&Answer {
        language: &live.spec.language,
        subject: &subject_of_answer(&mail.subject, &live.spec.title),
        words: &act.words,
        // The one word that we do not use is not sent back either.
        quoted: if says_banned_word(&mail.words) { "" } else { mail.words.as_str() },
        who_wrote: &format!("{} wrote on {}:", writer(&mail), on(&live, mail.read_at)),
    })?;
    // Ours, which it answers, and its own: what comes back is put beside both.
    let domain = live.spec.senders.team.email.domain();
    let ours = mail.message_id.as_ref().map(|id| message_id(id, domain));
    let answers = ours.into_iter().chain(mail.own_id.as_ref().map(|id| format!("<{id}>"))).collect();
    Ok(DeskMail { live, from, words, answers })
}

async fn forwarded(tx: &mut Tx, live: &Live, act: &DeskAct, mail: &Reply) -> Result<Rendered> {
    let message = match &mail.message_id {
        Some(id) => outbox::by_id(tx, id).await?,
        None => None,
    };
    let account = match (&mail.contact_id, replies::question(tx, &mail.id).await?) {
        (Some(contact), _) => contacts::person(tx, contact).await?.map(|p| p.account),
        (None, Some(question)) => accounts::by_id(tx, &question.account_id).await?.map(|a| a.name),
        (None, None) => None,
    };
    let who = writer(mail);
    let mut head = format!("{who} <{}> wrote on {}: {}", mail.from_email, on(live, mail.read_at), mail.subject);
    // Of a letter that only some get it is not said that he has had it.
    let told = message.as_ref().filter(|m| live.spec.participation.letter(m.kind));
    if let Some((m, left)) = told.and_then(|m| Some((m, m.marked_at?))) {
        head.push_str(&format!(" (to our {} of {})", m.kind.label(), on(live, left)));
    }
    let lines = |words: &str| words.lines().map(str::to_owned).collect::<Vec<String>>();
    let mut thread = vec![Part { head, lines: lines(&mail.words) }];
    // What was answered before it was forwarded.
    let before = desk::of_replies(tx, &[&mail.id]).await?;
    thread.extend(
        before
            .iter()
            .filter(|b| b.what == DeskWork::Answered && b.version < act.version)
            .map(|b| Part { head: format!("{} answered on {}:", b.from_name, on(live, b.at)), lines: lines(&b.words) }),
    );
    let words = letters::forwarded(&Forward {
        subject: &subject_of_forward(&mail.subject, &live.spec.title),
        name: &act.to_name,
        who_wrote: &who,
        title: &live.spec.title,
        account: account.as_deref().unwrap_or_default(),
        by: &act.by_whom,
        words: &act.words,
        thread,
    })?;
    let (client, title) = (&live.spec.client, &live.spec.title);
    let kind = MessageKind::Forwarded;
    frame::letter(&words, &Surroundings { kind, language: "en", client, title, account: "", opt_out_link: None })
}

/// As he calls himself, or by his address.
fn writer(mail: &Reply) -> String {
    if mail.from_name.is_empty() { mail.from_email.clone() } else { mail.from_name.clone() }
}

/// The day of an instant, as the round's own place has it.
fn on(live: &Live, at: Ts) -> String {
    day(live.sequence.home().local(at).date(), "en")
}
