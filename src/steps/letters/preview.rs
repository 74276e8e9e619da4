//! A text as the letter that it makes, before anything of it is saved: for a reader of the round, by the lines that make the mail that leaves
//! (`wording`), with links that lead nowhere, and what is to be said of it.

use crate::base::ids::ContactId;
use crate::base::problem::{Problem, Result};
use crate::mail::letters::rendering::{Rendered, Values, check};
use crate::mail::letters::{invented, usual};
use crate::rules::letters::{Advice, Face, Faces, MadeLetter, advice, faces};
use crate::rules::message::MessageKind;
use crate::rules::round::{MailText, OCCASIONS, Sender};
use crate::steps::completion::told;
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;
use crate::store::contacts::{self, Person, readers};

use super::wording::{self, Reader};

/// A text of a round as somebody has typed it.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    pub language: &'a str,
    /// "reminder-2".
    pub name: &'a str,
    pub text: &'a MailText,
}

/// Both parts of a letter, with its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What a draft makes of itself for one reader.
#[derive(Clone, Debug)]
pub struct Preview {
    pub from: Sender,
    /// "Ann Lee <ann.lee@acme.example>"; the name alone of somebody who is invented.
    pub to: String,
    /// None where it cannot be made; `advice` says why.
    pub letter: Option<Written>,
    pub advice: Advice,
}

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    ToContact(MessageKind, u32),
    /// Sent by an account manager himself.
    InOwnName,
    ToColleague(MessageKind),
}

impl Use {
    fn of(live: &Live, name: &str) -> Use {
        if name == usual::READY_TEXT {
            return Use::InOwnName;
        }
        let occasion = OCCASIONS.iter().find(|(known, _)| *known == name).map(|(_, kind)| (*kind, 1));
        let usual = || {
            let (kind, number) = name.split_once('-').unwrap_or((name, "1"));
            Some((MessageKind::parse(kind)?, number.parse().ok()?))
        };
        let (kind, number) =
            occasion.or_else(usual).or_else(|| of_a_touch(live, name)).unwrap_or((MessageKind::Reminder, 1));
        if kind.to_contact() { Use::ToContact(kind, number) } else { Use::ToColleague(kind) }
    }

    fn kind(self) -> MessageKind {
        match self {
            Use::ToContact(kind, _) | Use::ToColleague(kind) => kind,
            Use::InOwnName => MessageKind::WarmUp,
        }
    }
}

/// The first message of the touch that asks for the text by its name.
fn of_a_touch(live: &Live, name: &str) -> Option<(MessageKind, u32)> {
    let at = live.spec.touches.iter().position(|touch| touch.words.as_deref() == Some(name))?;
    let kind = live.spec.touches.get(at)?.kind;
    let number = (1..=99).find(|number| live.sequence.touch(kind, *number) == Some(at)).unwrap_or(1);
    Some((kind, number))
}

/// Whether a reader can be chosen for it: mails to colleagues are shown with invented values, as what they list is looked up when they leave.
pub fn has_readers(live: &Live, name: &str) -> bool {
    !matches!(Use::of(live, name), Use::ToColleague(_))
}

/// So many people are looked through for those who ask most of a letter.
const LOOKED_THROUGH: i64 = 5_000;

/// On whom a letter of this round is best tried.
pub async fn readers(ctx: &Ctx, live: &Live) -> Result<Faces> {
    let mut tx = ctx.db.read().await?;
    let all = readers::first(&mut tx, &live.id, LOOKED_THROUGH).await?;
    let face = |r: readers::LetterReader| Face {
        id: r.id,
        first_name: r.first_name,
        last_name: r.last_name,
        language: r.language,
        account: r.account,
        manager_name: r.manager_name,
    };
    Ok(faces(all.into_iter().map(face).collect()))
}

/// As this reader would have it; as somebody who is invented would where none is named. Saves nothing.
pub async fn preview(ctx: &Ctx, live: &Live, draft: &Draft<'_>, reader: Option<&ContactId>) -> Result<Preview> {
    let link = |page: &str| format!("{}/{page}/personal-link", ctx.base_url);
    let mut tx = ctx.db.read().await?;
    let person = reader_of(&mut tx, live, reader).await?;
    drop(tx);
    Ok(shown(ctx, live, draft, person.as_ref(), &link("assessment"), &link("opt-out")))
}

/// A person of the round, as far as may be told of him.
pub(super) async fn reader_of(tx: &mut Tx, live: &Live, reader: Option<&ContactId>) -> Result<Option<Person>> {
    let Some(id) = reader else { return Ok(None) };
    let person = contacts::person(tx, id).await?.filter(|person| person.round_id == live.id);
    let gone = || Problem::not_found("This reader is not in the round.", "Choose somebody of its list.");
    Ok(Some(told::person(live, person.ok_or_else(gone)?)))
}

/// With one link for what a reader may press, and one to opt out.
pub(super) fn shown(
    ctx: &Ctx,
    live: &Live,
    draft: &Draft<'_>,
    person: Option<&Person>,
    link: &str,
    opt_out: &str,
) -> Preview {
    let meant = Use::of(live, draft.name);
    let reader = reader(live, draft, meant, person);
    let from = match meant {
        Use::ToContact(kind, number) => wording::sender(live, &reader, kind, number).clone(),
        Use::InOwnName => manager(live, &reader),
        Use::ToColleague(_) => live.spec.senders.team.clone(),
    };
    let to = match person {
        Some(person) => format!("{} <{}>", person.full_name(), person.email),
        None => reader.full_name.clone(),
    };
    let mut wrong = check(meant.kind(), draft.text);
    match made(live, draft, meant, &reader, link, opt_out) {
        Ok(Rendered { subject, text, html }) => {
            let own_pages = &*ctx.base_url;
            let found = advice(&MadeLetter { subject: &subject, text: &text, html: &html, own_pages });
            if wrong.is_empty() {
                wrong = found.wrong;
            }
            let letter = Some(Written { subject, text, html });
            Preview { from, to, letter, advice: Advice { wrong, better: found.better } }
        }
        Err(problem) => {
            if wrong.is_empty() {
                wrong.push(problem.what);
            }
            Preview { from, to, letter: None, advice: Advice { wrong, better: Vec::new() } }
        }
    }
}

fn made(live: &Live, draft: &Draft<'_>, meant: Use, reader: &Reader, link: &str, opt_out: &str) -> Result<Rendered> {
    let found = (draft.language, draft.text);
    match meant {
        Use::ToContact(kind, number) => {
            wording::letter_of(live, reader, (kind, number), found, link.to_owned(), opt_out)
        }
        Use::InOwnName => wording::own_of(live, reader, &manager(live, reader), found),
        Use::ToColleague(kind) => {
            wording::mail_of(live, kind, &to_a_colleague(live, kind, draft.language, link), found)
        }
    }
}

/// What an invented colleague would be told of this round.
fn to_a_colleague(live: &Live, kind: MessageKind, language: &str, link: &str) -> Values {
    let mut values = invented::invented(kind, language, link);
    let team = &live.spec.senders.team;
    let ours = [
        ("client", &live.spec.client),
        ("title", &live.spec.title),
        ("sender_name", &team.name),
        ("sender_title", &team.title),
    ];
    for (name, value) in ours {
        if let Some(known) = values.get_mut(name) {
            known.clone_from(value);
        }
    }
    values
}

/// Whoever looks after the account, or the team where nobody does.
fn manager(live: &Live, reader: &Reader) -> Sender {
    reader.manager.clone().unwrap_or_else(|| live.spec.senders.team.clone())
}

/// Who reads it, in the language of the draft.
fn reader(live: &Live, draft: &Draft<'_>, meant: Use, person: Option<&Person>) -> Reader {
    let mut reader = match (person, meant) {
        (Some(person), Use::ToContact(kind, number)) => Reader::of(live, person, kind, number),
        (Some(person), _) => Reader::of(live, person, MessageKind::Reminder, 1),
        (None, _) => somebody(),
    };
    draft.language.clone_into(&mut reader.language);
    if draft.name == usual::INTRODUCTION && reader.predecessor.is_empty() {
        // Nobody else is ever introduced.
        reader.predecessor = invented::PREDECESSOR.into();
    }
    reader
}

/// A reader who is invented.
pub(super) fn somebody() -> Reader {
    Reader {
        first_name: invented::FIRST_NAME.into(),
        last_name: invented::LAST_NAME.into(),
        full_name: format!("{} {}", invented::FIRST_NAME, invented::LAST_NAME),
        account: invented::ACCOUNT.into(),
        manager_name: invented::MANAGER.into(),
        ..Reader::default()
    }
}
