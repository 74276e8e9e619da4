//! A message that is about to leave: its words looked up, filled in, framed, and made into the bytes that go over the wire.
//!
//! Everything is looked up now, not when the message was planned. The same ledger row makes the same bytes again, but
//! for what has changed in between, and always the same Message-ID (M12).

use crate::base::address::EmailAddress;
use crate::base::clock::SECOND;
use crate::base::problem::{Problem, Result};
use crate::mail::dates::day;
use crate::mail::dkim;
use crate::mail::frame::{self, Look, PlanToApprove, Surroundings};
use crate::mail::message::{Letter, build, message_id};
use crate::mail::smtp::Envelope;
use crate::mail::usual;
use crate::mail::words::{Rendered, Values};
use crate::rules::outbox::MessageKind;
use crate::rules::repair::is_introduction;
use crate::rules::round::{Sender, Touch, mail_text, named_text};
use crate::store::claim::Claimed;
use crate::store::contacts::Person;
use crate::store::outbox::Message;

use super::claims::Taken;
use super::context::Purpose;
use super::{Ctx, Live, approval, colleagues, operators};

/// How long after its first try a message still has the date of that; half of the time that a signature holds.
const REPEATS_ITS_DATE: i64 = dkim::HOLDS_SECONDS * SECOND / 2;

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
            let (values, language, occasion) = colleagues::values(ctx, live, m).await?;
            let rendered = words(live, m, &values, &language, occasion)?;
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

/// `occasion`: the name of a text for what happens in few rounds, of which we have one for rounds that have none.
fn words(live: &Live, m: &Claimed, values: &Values, language: &str, occasion: Option<&str>) -> Result<Rendered> {
    let fallback = &live.spec.language;
    let own = touch(live, m).and_then(|t| t.words.as_deref());
    let text = match (occasion, own) {
        (Some(name), _) => usual::text(&live.words, language, fallback, name),
        (None, Some(name)) => named_text(&live.words, language, fallback, name),
        (None, None) => mail_text(&live.words, language, fallback, m.kind, m.number as u32),
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

/// The domain in whose name a message to a contact goes.
pub(super) fn sender_domain(live: &Live, person: &Person, m: &Claimed) -> String {
    let manager = manager(person);
    live.spec.sender(touch(live, m), m.kind, &person.country, manager.as_ref()).email.domain().to_owned()
}

fn to_contact(ctx: &Ctx, live: &Live, person: &Person, m: &Claimed) -> Result<Composed> {
    let opt_out = ctx.link(Purpose::OptOut, &person.link_id());
    let (sender, letter) = letter(live, person, m, ctx.link(Purpose::Assessment, &person.link_id()), &opt_out)?;
    finish(ctx, live, m, &sender, letter, Some(opt_out))
}

/// A message of the ledger as people read it, in the words of `live`, which may be those of then. The links in it are not the contact's
/// own: whoever looks at it shall not answer in his name.
pub(super) fn shown(ctx: &Ctx, live: &Live, person: &Person, m: &Message) -> Result<(Sender, Rendered)> {
    let m = Claimed {
        id: m.id.clone(),
        key: String::new(),
        lane: m.lane.clone(),
        contact_id: m.contact_id.clone(),
        subject_id: m.subject_id.clone(),
        kind: m.kind,
        number: m.number,
        to_name: m.to_name.clone(),
        to_email: m.to_email.clone(),
        due_at: m.due_at,
        attempt: m.attempt,
        first_tried_at: m.first_tried_at,
        doubted_at: None,
    };
    let link = |page: &str| format!("{}/{page}/personal-link", ctx.base_url);
    letter(live, person, &m, link("assessment"), &link("opt-out"))
}

fn letter(live: &Live, person: &Person, m: &Claimed, link: String, opt_out: &str) -> Result<(Sender, Rendered)> {
    let spec = &live.spec;
    // The language that the words are in: the contact's own where the round has it.
    let language =
        if live.words.contains_key(&person.language) { person.language.as_str() } else { spec.language.as_str() };
    let sender = sender(live, person, m.kind, m.number as u32);
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
        ("predecessor", person.predecessor.clone()),
        ("opt_out_link", opt_out.to_owned()),
        ("link", link),
    ]);
    let occasion = introduces(live, person, m).then_some(usual::INTRODUCTION);
    let rendered = words(live, m, &values, language, occasion)?;
    let around =
        Surroundings { account: &person.account, opt_out_link: Some(opt_out), ..surroundings(live, m.kind, language) };
    Ok((sender, frame::letter(&rendered, &around)?))
}

/// The first letter to a successor who was named when the others had theirs.
fn introduces(live: &Live, person: &Person, m: &Claimed) -> bool {
    m.kind == MessageKind::WarmUp
        && is_introduction(person.joined_at, live.sequence.own_time(person.locality(), m.kind, m.number as u32))
}

/// In whose name a message goes to a contact.
pub(super) fn sender(live: &Live, person: &Person, kind: MessageKind, number: u32) -> Sender {
    let touch = live.sequence.touch(kind, number).and_then(|index| live.spec.touches.get(index));
    live.spec.sender(touch, kind, &person.country, manager(person).as_ref()).clone()
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
    let now = ctx.clock.now();
    // A signature of that time must still hold when the copy arrives.
    let date = m.first_tried_at.filter(|first| now.0 - first.0 < REPEATS_ITS_DATE).unwrap_or(now);
    let returns = ctx.return_address(&m.id, &m.to_email);
    let letter = Letter {
        id: m.id.clone(),
        round: round.into(),
        kind: m.kind,
        from_name: from.name.clone(),
        from_email: from.email.clone(),
        reply_to: returns.clone().filter(|_| m.kind.to_contact()),
        to_name: m.to_name.clone(),
        to: m.to_email.clone(),
        subject: words.subject,
        text: words.text,
        html: words.html,
        message_id: message_id(&m.id, domain),
        date,
        one_click,
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
    let domain = ctx.own_domain();
    let from = EmailAddress::parse(&format!("soundings@{domain}"))
        .map_err(|why| Problem::internal(format!("The sender soundings@{domain} {why}.")))?;
    let minutes = (operators::LINK_LASTS / crate::base::clock::MINUTE) as u32;
    let words = frame::login(&ctx.base_url, &ctx.link(Purpose::Login, &m.subject_id), minutes)?;
    let from = Sender { name: "soundings".into(), email: from, title: String::new() };
    send_off(ctx, "", m, &from, domain, words, None)
}
