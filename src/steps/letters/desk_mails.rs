//! The mails of the reply desk as they leave: what an operator has written, with the mail that it answers or forwards.
//!
//! What was written is kept with the mail and says the same whenever it leaves. Our own words around it are in the language of the letter
//! that is answered, and of the round in a forward.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::mail::letters::desk::{self as letters, Answer, Forward, Part};
use crate::mail::letters::frame::{self, Surroundings};
use crate::mail::letters::rendering::Rendered;
use crate::mail::message::message_id;
use crate::rules::message::MessageKind;
use crate::rules::replies::desk::{DeskWork, called, subject_of_answer, subject_of_forward, written_on};
use crate::rules::round::{Sender, says_banned_word};
use crate::steps::context::{Ctx, Live};
use crate::steps::replies::desk::account_of;
use crate::store::Tx;
use crate::store::contacts;
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
    let language = language_of(&mut tx, &live, &mail).await?;
    let who = called(&mail.from_name, &mail.from_email);
    // The one word that we do not use is not sent back either, nor quoted of somebody whom we could not name.
    let quoted = if who.is_none() || says_banned_word(&mail.words) { "" } else { mail.words.as_str() };
    let words = letters::answer(&Answer {
        language: &language,
        subject: &subject_of_answer(&mail.subject, &live.spec.title),
        words: &act.words,
        quoted,
        who_wrote: &letters::wrote(&language, who.unwrap_or_default(), day_of(&live, &mail)),
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
    let account = account_of(tx, mail).await?;
    let language = letters::forward_language(&live.spec.language);
    // Whoever has no name and no address that may be said was not forwarded since this is asked at the press.
    let who = called(&mail.from_name, &mail.from_email).unwrap_or_default();
    let named = match mail.from_email.as_str() {
        email if email.is_empty() || email == who || says_banned_word(email) => who.to_string(),
        email => format!("{who} <{email}>"),
    };
    let mut head = letters::wrote(language, &named, day_of(live, mail));
    // A subject with the one word stands in the quotation, where it is the writer's own.
    let is_ours = !says_banned_word(&mail.subject);
    if is_ours && !mail.subject.is_empty() {
        head.push_str(&format!(" {}", mail.subject));
    }
    // Of a letter that only some get it is not said that he has had it.
    let told = message.as_ref().filter(|m| live.spec.participation.letter(m.kind));
    if let Some((m, left)) = told.and_then(|m| Some((m, m.marked_at?))) {
        head.push_str(&letters::to_our(language, m.kind.label(), at_home(live, left)));
    }
    let lines = |words: &str| words.lines().map(str::to_owned).collect::<Vec<String>>();
    let subject = Some(mail.subject.clone()).filter(|_| !is_ours);
    let mut thread = vec![Part { head, lines: subject.into_iter().chain(lines(&mail.words)).collect() }];
    // What was answered before it was forwarded.
    let before = desk::of_replies(tx, &[&mail.id]).await?;
    thread.extend(
        before.iter().filter(|b| b.what == DeskWork::Answered && b.version < act.version).map(|b| Part {
            head: letters::wrote(language, &b.from_name, at_home(live, b.at)),
            lines: lines(&b.words),
        }),
    );
    let words = letters::forwarded(&Forward {
        language,
        subject: &subject_of_forward(&mail.subject, &live.spec.title),
        name: &act.to_name,
        who_wrote: who,
        title: &live.spec.title,
        account: account.as_ref().map_or("", |account| account.name.as_str()),
        by: &act.by_whom,
        words: &act.words,
        thread,
    })?;
    let (client, title) = (&live.spec.client, &live.spec.title);
    let kind = MessageKind::Forwarded;
    frame::letter(&words, &Surroundings { kind, language, client, title, account: "", opt_out_link: None })
}

/// The language of the letter that a mail answers: of its contact where the round has words in it, else of the round.
async fn language_of(tx: &mut Tx, live: &Live, mail: &Reply) -> Result<String> {
    let person = match &mail.contact_id {
        Some(contact) => contacts::person(tx, contact).await?,
        None => None,
    };
    let own = person.map(|person| person.language).filter(|language| live.words.contains_key(language));
    Ok(own.unwrap_or_else(|| live.spec.language.clone()))
}

/// When it was written.
fn day_of(live: &Live, mail: &Reply) -> NaiveDate {
    let says = mail.written_on.as_deref().and_then(|day| day.parse().ok());
    written_on(says, at_home(live, mail.read_at))
}

/// The day of an instant, as the round's own place has it.
fn at_home(live: &Live, at: Ts) -> NaiveDate {
    live.sequence.home().local(at).date()
}
