//! What a message says: its text in the reader's language where the round has it, the values in that text's language, and the frame around
//! it.
//!
//! What is compared before a change and what leaves afterwards are made here, by the same lines.

use std::collections::BTreeMap;

use crate::base::address::EmailAddress;
use crate::base::problem::{Problem, Result};
use crate::mail::dates::day;
use crate::mail::letters::frame::{self, Look, Surroundings};
use crate::mail::letters::rendering::{Rendered, Values};
use crate::mail::letters::usual;
use crate::rules::contacts::row::more::by_placeholder;
use crate::rules::message::MessageKind;
use crate::rules::repair::is_introduction;
use crate::rules::round::{Author, Found, Sender, Touch, mail_text, named_text};
use crate::steps::contacts::people::particulars::more_columns;
use crate::steps::context::Live;
use crate::store::contacts::Person;
use crate::store::sending::claim::Claimed;

/// All that a message to a contact takes from the contact.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reader {
    pub first_name: String,
    pub last_name: String,
    pub full_name: String,
    pub account: String,
    pub country: String,
    pub language: String,
    pub manager_name: String,
    /// The account manager as a sender, where the list names one.
    pub manager: Option<Sender>,
    pub predecessor: String,
    /// Columns of the list that are none of ours, by the names that texts use.
    pub more: BTreeMap<String, String>,
    /// Somebody of the account has answered, and colleagues may read it.
    pub answers_in: bool,
    /// The contact has begun to answer.
    pub begun: bool,
    /// A successor whose first letter this is, named when the others had theirs.
    pub introduced: bool,
}

impl Reader {
    pub fn of(live: &Live, person: &Person, kind: MessageKind, number: u32) -> Reader {
        let introduced = || is_introduction(person.joined_at, live.sequence.own_time(person.locality(), kind, number));
        Reader {
            first_name: or(&person.first_name, &person.last_name),
            last_name: or(&person.last_name, &person.first_name),
            full_name: person.full_name(),
            account: person.account.clone(),
            country: person.country.clone(),
            language: person.language.clone(),
            manager_name: person.manager_name.clone(),
            manager: manager(&person.manager_name, &person.manager_email),
            predecessor: person.predecessor.clone(),
            more: by_placeholder(&more_columns(&person.more)),
            answers_in: person.account_answers > 0 && live.spec.participation.names(),
            begun: person.started_at.is_some(),
            introduced: kind == MessageKind::WarmUp && introduced(),
        }
    }
}

/// The account manager as a sender, where the list names one.
pub(super) fn manager(name: &str, email: &str) -> Option<Sender> {
    let address = EmailAddress::parse(email).ok()?;
    Some(Sender { name: or(name, email), email: address, title: String::new() })
}

/// For conditions: something, or nothing.
fn yes(is: bool) -> String {
    if is { "yes".into() } else { String::new() }
}

fn or(text: &str, otherwise: &str) -> String {
    if text.is_empty() { otherwise.into() } else { text.into() }
}

fn touch(live: &Live, kind: MessageKind, number: u32) -> Option<&Touch> {
    live.sequence.touch(kind, number).and_then(|index| live.spec.touches.get(index))
}

/// Everybody in whose name a message may go to contacts: managers of countries with their country.
pub(super) fn senders(live: &Live, kind: MessageKind, number: u32) -> String {
    let written = |sender: &Sender| format!("{} <{}>", sender.name, sender.email);
    let team = written(&live.spec.senders.team);
    match Touch::author(touch(live, kind, number), kind) {
        Author::Ceo => ceos(live),
        Author::Team => team,
        Author::AccountManager => format!("each account’s manager, or {team}"),
    }
}

/// The CEO, and who writes in his place in some countries.
pub(super) fn ceos(live: &Live) -> String {
    let senders = &live.spec.senders;
    let of = |(country, sender): (&String, &Sender)| format!("; in {country}: {} <{}>", sender.name, sender.email);
    let elsewhere: String = senders.country.iter().map(of).collect();
    format!("{} <{}>{elsewhere}", senders.warm_up.name, senders.warm_up.email)
}

/// In whose name a message goes to a contact.
pub(super) fn sender<'a>(live: &'a Live, reader: &'a Reader, kind: MessageKind, number: u32) -> &'a Sender {
    live.spec.sender(touch(live, kind, number), kind, &reader.country, reader.manager.as_ref())
}

/// In whose name a message goes to this contact.
pub(super) fn sender_to(live: &Live, person: &Person, kind: MessageKind, number: u32) -> Sender {
    sender(live, &Reader::of(live, person, kind, number), kind, number).clone()
}

/// The domain in whose name a message to a contact goes.
pub(crate) fn sender_domain(live: &Live, person: &Person, m: &Claimed) -> String {
    sender_to(live, person, m.kind, m.number as u32).email.domain().to_owned()
}

/// `occasion`: the name of a text for what happens in few rounds, of which we have one for rounds that have none.
pub(super) fn text<'l>(
    live: &'l Live,
    kind: MessageKind,
    number: u32,
    language: &str,
    occasion: Option<&str>,
) -> Result<Found<'l>> {
    let fallback = &live.spec.language;
    let own = touch(live, kind, number).and_then(|t| t.words.as_deref());
    let text = match (occasion, own) {
        (Some(name), _) => usual::text(&live.words, language, fallback, name),
        (None, Some(name)) => named_text(&live.words, language, fallback, name),
        (None, None) => mail_text(&live.words, language, fallback, kind, number),
    };
    text.ok_or_else(|| {
        Problem::unusable(
            format!("Round {} has no text for the {}.", live.slug, kind.label()),
            "Add it to the round's folder, load the folder again, and retry the message.",
        )
    })
}

/// Whether this letter says until when answers are taken.
pub(super) fn names_the_closing_day(live: &Live, language: &str, kind: MessageKind, number: u32) -> bool {
    let text = text(live, kind, number, language, None);
    text.is_ok_and(|(_, text)| [&text.subject, &text.body].iter().any(|part| part.contains("closing_day")))
}

/// What a letter may say of its reader, and in whose name.
fn values(live: &Live, reader: &Reader, language: &str, sender: &Sender, link: String, opt_out: &str) -> Values {
    let spec = &live.spec;
    Values::from([
        ("first_name", reader.first_name.clone()),
        ("last_name", reader.last_name.clone()),
        ("full_name", reader.full_name.clone()),
        ("account", reader.account.clone()),
        ("client", spec.client.clone()),
        ("title", spec.title.clone()),
        ("minutes", spec.minutes.to_string()),
        ("closing_day", day(spec.schedule.closes, language)),
        ("account_manager", reader.manager_name.clone()),
        ("sender_name", sender.name.clone()),
        ("sender_title", sender.title.clone()),
        ("ceo_name", spec.ceo(&reader.country).name.clone()),
        ("changed_since_last_year", spec.changed_since_last_year.of(language, &spec.language).to_owned()),
        ("predecessor", reader.predecessor.clone()),
        ("answers_in", yes(reader.answers_in)),
        ("begun", yes(reader.begun)),
        ("opt_out_link", opt_out.to_owned()),
        ("link", link),
    ])
}

/// What `own` may send to a contact himself, with its language. It has no link: whoever sends it could answer with one.
pub(super) fn in_own_name(live: &Live, reader: &Reader, own: &Sender) -> Result<(String, Rendered)> {
    let found = text(live, MessageKind::WarmUp, 1, &reader.language, Some(usual::READY_TEXT))?;
    Ok((found.0.to_owned(), own_of(live, reader, own, found)?))
}

/// What this text makes of it.
pub(super) fn own_of(live: &Live, reader: &Reader, own: &Sender, (language, text): Found<'_>) -> Result<Rendered> {
    let values = values(live, reader, language, own, String::new(), "");
    let look = Look::new(&live.spec.accent, language);
    live.press.render_with(MessageKind::WarmUp, text, values, &reader.more, &look)
}

/// Whether the round's own weekly list leads to the page behind it. Those that were made before there was one do not.
pub(super) fn has_a_link(live: &Live, number: u32) -> bool {
    let text = text(live, MessageKind::Digest, number, &live.spec.language, None);
    text.is_ok_and(|(_, text)| text.body.replace(' ', "").contains("{{link}}"))
}

pub(super) fn to_contact(
    live: &Live,
    reader: &Reader,
    kind: MessageKind,
    number: u32,
    link: String,
    opt_out: &str,
) -> Result<Rendered> {
    let occasion = reader.introduced.then_some(usual::INTRODUCTION);
    let found = text(live, kind, number, &reader.language, occasion)?;
    letter_of(live, reader, (kind, number), found, link, opt_out)
}

/// The letter that this text makes, whether it is the round's or one that is only thought of.
pub(super) fn letter_of(
    live: &Live,
    reader: &Reader,
    (kind, number): (MessageKind, u32),
    (language, text): Found<'_>,
    link: String,
    opt_out: &str,
) -> Result<Rendered> {
    let sender = sender(live, reader, kind, number);
    let values = values(live, reader, language, sender, link, opt_out);
    let look = Look::new(&live.spec.accent, language).asking(kind, language, &values);
    let rendered = live.press.render_with(kind, text, values, &reader.more, &look)?;
    frame::letter(&rendered, &surroundings(live, kind, language, &reader.account, Some(opt_out)))
}

/// To somebody of the client; the values have been looked up in `language`.
pub(super) fn to_colleague(
    live: &Live,
    kind: MessageKind,
    number: u32,
    values: &Values,
    language: &str,
    occasion: Option<&str>,
) -> Result<Rendered> {
    mail_of(live, kind, values, text(live, kind, number, language, occasion)?)
}

/// The mail to somebody of the client that this text makes, whether it is the round's or one that is only thought of.
pub(super) fn mail_of(
    live: &Live,
    kind: MessageKind,
    values: &Values,
    (language, text): Found<'_>,
) -> Result<Rendered> {
    let look = Look::new(&live.spec.accent, language).asking(kind, language, values);
    let rendered = live.press.render(kind, text, values, &look)?;
    frame::letter(&rendered, &surroundings(live, kind, language, "", None))
}

fn surroundings<'a>(
    live: &'a Live,
    kind: MessageKind,
    language: &'a str,
    account: &'a str,
    opt_out_link: Option<&'a str>,
) -> Surroundings<'a> {
    Surroundings { kind, language, client: &live.spec.client, title: &live.spec.title, account, opt_out_link }
}
