//! A message that is about to leave: its words looked up, filled in, framed, and made into the bytes that go over the wire.
//!
//! Everything is looked up now, not when the message was planned. The same ledger row makes the same bytes again, but
//! for what has changed in between, and always the same Message-ID (M12).

use crate::base::address::EmailAddress;
use crate::base::problem::{Problem, Result};
use crate::mail::dates::day;
use crate::mail::frame::{self, Look, PlanToApprove, Surroundings};
use crate::mail::message::{Letter, build, message_id};
use crate::mail::smtp::Envelope;
use crate::mail::words::{Rendered, Values};
use crate::rules::outbox::MessageKind;
use crate::rules::round::{Sender, Touch, mail_text, named_text};
use crate::store::claim::Claimed;
use crate::store::contacts::Person;

use super::claims::Taken;
use super::context::Purpose;
use super::{Ctx, Live, approval, colleagues, operators};

pub(super) struct Composed {
    pub message_id: String,
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
}

pub(super) async fn compose(ctx: &Ctx, taken: &Taken) -> Result<Composed> {
    let m = &taken.claimed;
    match (&taken.live, &taken.person) {
        (Some(live), Some(person)) => to_contact(ctx, live, person, m),
        (Some(live), None) => {
            let (values, language) = colleagues::values(ctx, live, m).await?;
            let rendered = words(live, m, &values, &language)?;
            let around = Surroundings { account: "", opt_out_link: None, ..surroundings(live, m.kind, &language) };
            finish(ctx, live, m, &live.spec.senders.team, frame::letter(&rendered, &around)?, None)
        }
        (None, _) if m.kind == MessageKind::PlanApproval => plan(ctx, m).await,
        (None, _) => login(ctx, m),
    }
}

fn surroundings<'a>(live: &'a Live, kind: MessageKind, language: &'a str) -> Surroundings<'a> {
    Surroundings { kind, language, client: &live.spec.client, title: &live.spec.title, account: "", opt_out_link: None }
}

fn words(live: &Live, m: &Claimed, values: &Values, language: &str) -> Result<Rendered> {
    let fallback = &live.spec.language;
    let own = touch(live, m).and_then(|t| t.words.as_deref());
    let text = match own {
        Some(name) => named_text(&live.words, language, fallback, name),
        None => mail_text(&live.words, language, fallback, m.kind, m.number as u32),
    };
    let text = text.ok_or_else(|| {
        Problem::unusable(
            format!("Round {} has no text for the {}.", live.slug, m.kind.label()),
            "Add it to the round's folder, load the folder again, and retry the message.",
        )
    })?;
    live.press.render(m.kind, text, values, &Look::new(&live.spec.accent, language))
}

fn touch<'a>(live: &'a Live, m: &Claimed) -> Option<&'a Touch> {
    live.sequence.touch(m.kind, m.number as u32).and_then(|index| live.spec.touches.get(index))
}

fn to_contact(ctx: &Ctx, live: &Live, person: &Person, m: &Claimed) -> Result<Composed> {
    let spec = &live.spec;
    // The language that the words are in: the contact's own where the round has it.
    let language =
        if live.words.contains_key(&person.language) { person.language.as_str() } else { spec.language.as_str() };
    let manager = manager(person);
    let sender = spec.sender(touch(live, m), m.kind, &person.country, manager.as_ref());
    let opt_out = ctx.link(Purpose::OptOut, &person.id);
    let values = Values::from([
        ("first_name", or(&person.first_name, &person.last_name)),
        ("last_name", or(&person.last_name, &person.first_name)),
        ("full_name", person.full_name()),
        ("account", person.account.clone()),
        ("client", spec.client.clone()),
        ("title", spec.title.clone()),
        ("minutes", spec.minutes.to_string()),
        ("closing_day", day(spec.schedule.closes, language)),
        ("account_manager", person.manager_name.clone()),
        ("sender_name", sender.name.clone()),
        ("sender_title", sender.title.clone()),
        ("ceo_name", spec.ceo(&person.country).name.clone()),
        ("changed_since_last_year", spec.changed_since_last_year.clone()),
        ("opt_out_link", opt_out.clone()),
        ("link", ctx.link(Purpose::Assessment, &person.id)),
    ]);
    let rendered = words(live, m, &values, language)?;
    let around =
        Surroundings { account: &person.account, opt_out_link: Some(&opt_out), ..surroundings(live, m.kind, language) };
    let letter = frame::letter(&rendered, &around)?;
    finish(ctx, live, m, sender, letter, Some(opt_out))
}

/// The account manager as a sender, where the list names one.
fn manager(person: &Person) -> Option<Sender> {
    let email = EmailAddress::parse(&person.manager_email).ok()?;
    let name = or(&person.manager_name, &person.manager_email);
    Some(Sender { name, email, title: String::new() })
}

fn or(text: &str, otherwise: &str) -> String {
    if text.is_empty() { otherwise.into() } else { text.into() }
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
    send_off(ctx, &live.slug, m, sender, domain, words, one_click)
}

fn send_off(
    ctx: &Ctx,
    round: &str,
    m: &Claimed,
    from: &Sender,
    domain: &str,
    words: Rendered,
    one_click: Option<String>,
) -> Result<Composed> {
    let letter = Letter {
        id: m.id.clone(),
        round: round.into(),
        kind: m.kind,
        from_name: from.name.clone(),
        from_email: from.email.clone(),
        reply_to: None,
        to_name: m.to_name.clone(),
        to: m.to_email.clone(),
        subject: words.subject,
        text: words.text,
        html: words.html,
        message_id: message_id(&m.id, domain),
        date: m.first_tried_at.unwrap_or_else(|| ctx.clock.now()),
        one_click,
        opt_out_mailto: None,
    };
    let envelope = Envelope { from: from.email.as_str().into(), to: m.to_email.clone() };
    Ok(Composed { envelope, bytes: build(&letter)?, message_id: letter.message_id })
}

/// Asks the client's approver, in the name of the round's team.
async fn plan(ctx: &Ctx, m: &Claimed) -> Result<Composed> {
    let mut tx = ctx.db.read().await?;
    let (asked, live) = approval::asked(ctx, &mut tx, &m.subject_id).await?;
    drop(tx);
    let link = ctx.link(Purpose::Plan, &asked.id);
    let plan = PlanToApprove { name: &asked.name, title: &live.spec.title, messages: asked.messages, link: &link };
    let words = frame::plan(&plan, &Look::new(&live.spec.accent, "en"))?;
    let team = &live.spec.senders.team;
    send_off(ctx, &live.slug, m, team, team.email.domain(), words, None)
}

/// Mail of the installation itself comes from the host of its pages.
fn login(ctx: &Ctx, m: &Claimed) -> Result<Composed> {
    let host = ctx.base_url.split("//").nth(1).unwrap_or("").split([':', '/']).next().unwrap_or("");
    let domain =
        if host.contains('.') && host.parse::<std::net::IpAddr>().is_err() { host } else { "soundings.localhost" };
    let from = EmailAddress::parse(&format!("soundings@{domain}"))
        .map_err(|why| Problem::internal(format!("The sender soundings@{domain} {why}.")))?;
    let minutes = (operators::LINK_LASTS / crate::base::clock::MINUTE) as u32;
    let words = frame::login(&ctx.base_url, &ctx.link(Purpose::Login, &m.subject_id), minutes)?;
    let from = Sender { name: "soundings".into(), email: from, title: String::new() };
    send_off(ctx, "", m, &from, domain, words, None)
}
