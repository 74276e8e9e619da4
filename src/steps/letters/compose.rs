//! A message that is about to leave: its words looked up, filled in, framed, and made into the bytes that go over the wire.
//!
//! Everything is looked up now, not when the message was planned. The same ledger row makes the same bytes again, but
//! for what has changed in between, and always the same Message-ID (M12).

use crate::base::address::EmailAddress;
use crate::base::clock::SECOND;
use crate::base::ids::ApprovalId;
use crate::base::problem::{Problem, Result};
use crate::mail::dkim;
use crate::mail::letters::frame::{self, Look, PlanToApprove};
use crate::mail::letters::rendering::Rendered;
use crate::mail::message::{OutgoingMail, build, message_id};
use crate::mail::smtp::Envelope;
use crate::rules::message::MessageKind;
use crate::rules::round::Sender;
use crate::steps::contacts::quality;
use crate::steps::context::{Ctx, Live, Purpose};
use crate::steps::installation::operators::links;
use crate::steps::plan::approval;
use crate::steps::sending::claims::ReadyMessage;
use crate::store::contacts::Person;
use crate::store::sending::claim::Claimed;
use crate::store::sending::outbox::Message;

use super::wording::{self, Reader, sender_to};
use super::{alarm_mails, client_people, desk_mails, signing_mails, signing_summary, test_letter};

/// How long after its first try a message still has the date of that; half of the time that a signature holds.
const REPEATS_ITS_DATE: i64 = dkim::HOLDS_SECONDS * SECOND / 2;

pub(crate) struct Composed {
    pub message_id: String,
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
}

pub(crate) async fn compose(ctx: &Ctx, taken: &ReadyMessage) -> Result<Composed> {
    let m = &taken.claimed;
    match (&taken.live, &taken.person) {
        (Some(live), Some(person)) => to_contact(ctx, live, person, m),
        (Some(live), None) => {
            let (values, language, occasion) = client_people::values(ctx, live, m).await?;
            let letter = wording::to_colleague(live, m.kind, m.number as u32, &values, &language, occasion)?;
            finish(ctx, live, m, &live.spec.senders.team, letter, None)
        }
        (None, _) if m.kind == MessageKind::PlanApproval => plan(ctx, m).await,
        (None, _) if matches!(m.kind, MessageKind::SignCode | MessageKind::Receipt) => signing(ctx, m).await,
        (None, _) if m.kind == MessageKind::SignOffSummary => {
            let (live, letter) = signing_summary::of_message(ctx, m).await?;
            finish(ctx, &live, m, &live.spec.senders.team, letter, None)
        }
        (None, _) if m.kind == MessageKind::Alarm => {
            let words = alarm_mails::words(ctx, m).await?;
            send_off(ctx, m, &installation(ctx)?, words, Around::of("", ctx.own_domain()))
        }
        (None, _) if m.kind == MessageKind::TestLetter => {
            let (live, from, words) = test_letter::of_message(ctx, m).await?;
            finish(ctx, &live, m, &from, words, None)
        }
        (None, _) if matches!(m.kind, MessageKind::DeskAnswer | MessageKind::Forwarded) => desk(ctx, m).await,
        (None, _) => login(ctx, m),
    }
}

/// What an operator writes on the reply desk, in the name that he has seen there.
async fn desk(ctx: &Ctx, m: &Claimed) -> Result<Composed> {
    let mail = desk_mails::of_message(ctx, m).await?;
    let domain = mail.live.spec.senders.team.email.domain();
    let around = Around { answers: mail.answers, ..Around::of(&mail.live.slug, domain) };
    send_off(ctx, m, &mail.from, mail.words, around)
}

fn to_contact(ctx: &Ctx, live: &Live, person: &Person, m: &Claimed) -> Result<Composed> {
    let opt_out = ctx.link(Purpose::OptOut, &person.link_id());
    let reader = Reader::of(live, person, m.kind, m.number as u32);
    let link = ctx.link(Purpose::Assessment, &person.link_id());
    let letter = wording::to_contact(live, &reader, m.kind, m.number as u32, link, &opt_out)?;
    finish(ctx, live, m, &sender_to(live, person, m.kind, m.number as u32), letter, Some(opt_out))
}

/// A message of the ledger as people read it, in the words of `live`, which may be those of then. The links in it are not the contact's
/// own: whoever looks at it shall not answer in his name.
pub(super) fn shown(ctx: &Ctx, live: &Live, person: &Person, m: &Message) -> Result<(Sender, Rendered)> {
    let (kind, number) = (m.kind, m.number as u32);
    let link = |page: &str| format!("{}/{page}/personal-link", ctx.base_url);
    let reader = Reader::of(live, person, kind, number);
    let letter = wording::to_contact(live, &reader, kind, number, link("assessment"), &link("opt-out"))?;
    Ok((sender_to(live, person, kind, number), letter))
}

fn finish(
    ctx: &Ctx,
    live: &Live,
    m: &Claimed,
    sender: &Sender,
    words: Rendered,
    one_click: Option<String>,
) -> Result<Composed> {
    // The Message-ID is the team's, whoever signs: a copy that is repeated under another sender is known as the same message (M12).
    let domain = live.spec.senders.team.email.domain();
    send_off(ctx, m, sender, words, Around { one_click, ..Around::of(&live.slug, domain) })
}

/// What stands in the head of a mail beside its sender and its words.
struct Around<'a> {
    /// Empty for mails of the installation.
    round: &'a str,
    /// Of the Message-ID.
    domain: &'a str,
    one_click: Option<String>,
    /// The Message-IDs of what it answers.
    answers: Vec<String>,
}

impl<'a> Around<'a> {
    fn of(round: &'a str, domain: &'a str) -> Around<'a> {
        Around { round, domain, one_click: None, answers: Vec::new() }
    }
}

fn send_off(ctx: &Ctx, m: &Claimed, from: &Sender, words: Rendered, around: Around<'_>) -> Result<Composed> {
    let now = ctx.clock.now();
    // A signature of that time must still hold when the copy arrives.
    let date = m.first_tried_at.filter(|first| now.0 - first.0 < REPEATS_ITS_DATE).unwrap_or(now);
    let returns = ctx.return_address(&m.id, &m.to_email);
    let letter = OutgoingMail {
        id: m.id.clone(),
        round: around.round.into(),
        kind: m.kind,
        from_name: from.name.clone(),
        from_email: from.email.clone(),
        // Who answers a mail of ours to an operator answers nobody.
        reply_to: returns
            .clone()
            .filter(|_| !matches!(m.kind, MessageKind::Login | MessageKind::Alarm | MessageKind::TestLetter)),
        to_name: m.to_name.clone(),
        to: m.to_email.clone(),
        subject: words.subject,
        text: words.text,
        html: words.html,
        message_id: message_id(&m.id, around.domain),
        answers: around.answers,
        date,
        one_click: around.one_click,
        opt_out_mailto: None,
    };
    let envelope = Envelope {
        from: returns.as_ref().unwrap_or(&from.email).as_str().into(),
        to: m.to_email.clone(),
        id: m.id.clone(),
        // Of a message in doubt nothing was heard the first time.
        tell_arrival: m.doubted_at.is_some(),
    };
    let mut bytes = build(&letter)?;
    ctx.signer.sign(from.email.domain(), date, &mut bytes)?;
    Ok(Composed { message_id: letter.message_id, envelope, bytes })
}

/// Asks the client's approver, in the name of the round's team.
async fn plan(ctx: &Ctx, m: &Claimed) -> Result<Composed> {
    let mut tx = ctx.db.read().await?;
    let (asked, live) = approval::asked(ctx, &mut tx, &ApprovalId::from(m.subject_id.as_str())).await?;
    let left_out = quality::for_the_client(ctx, &mut tx, &live.id).await?;
    drop(tx);
    let link = ctx.link(Purpose::Plan, asked.id.as_str());
    let (name, title) = (&asked.name, &live.spec.title);
    let plan = PlanToApprove { name, title, messages: asked.messages, link: &link, left_out: &left_out };
    let words = frame::plan(&plan, &Look::new(&live.spec.accent, "en"))?;
    let team = &live.spec.senders.team;
    send_off(ctx, m, team, words, Around::of(&live.slug, team.email.domain()))
}

/// The code for a signature, and the receipt of one, in the name of the round's team.
async fn signing(ctx: &Ctx, m: &Claimed) -> Result<Composed> {
    let (live, values, text) = signing_mails::values(ctx, m).await?;
    let letter = wording::to_colleague(&live, m.kind, 1, &values, &live.spec.language, Some(text))?;
    finish(ctx, &live, m, &live.spec.senders.team, letter, None)
}

/// Mail of the installation itself comes from the host of its pages.
fn installation(ctx: &Ctx) -> Result<Sender> {
    let domain = ctx.own_domain();
    let email = EmailAddress::parse(&format!("soundings@{domain}"))
        .map_err(|why| Problem::internal(format!("The sender soundings@{domain} {why}.")))?;
    Ok(Sender { name: "soundings".into(), email, title: String::new() })
}

/// A link to log in.
fn login(ctx: &Ctx, m: &Claimed) -> Result<Composed> {
    let minutes = (links::LINK_LASTS / crate::base::clock::MINUTE) as u32;
    let words = frame::login(&ctx.base_url, &ctx.link(Purpose::Login, &m.subject_id), minutes)?;
    send_off(ctx, m, &installation(ctx)?, words, Around::of("", ctx.own_domain()))
}
