//! Whether messages read differently after a change: the letter as it is beside the letter as it would be, made once for all who read the
//! same.
//!
//! Nobody lists the causes: whatever a letter shows (texts in any language, senders, the client's name, minutes, the closing day) is
//! compared.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::counted::counted;
use crate::base::problem::Result;
use crate::mail::letters::more;
use crate::rules::message::MessageKind;
use crate::steps::context::{Ctx, Live};
use crate::steps::plan::forecast::model::{Forecast, Message};
use crate::store::{Tx, plan as ledger};

use super::wording::{self, Reader};

/// Whom a letter distinguishes, beside names, which a change of the round does not touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct LetterKind {
    kind: MessageKind,
    number: u32,
    /// Places and languages are numbered once for all pieces of a forecast.
    place: u32,
    language: u32,
    managed: bool,
    introduced: bool,
}

impl LetterKind {
    fn reader(&self, forecast: &Forecast) -> Reader {
        let place = forecast.places.get(self.place as usize);
        let language = forecast.languages.get(self.language as usize);
        let name = |name: &str| if self.managed { name.to_string() } else { String::new() };
        Reader {
            first_name: "First".into(),
            last_name: "Last".into(),
            full_name: "First Last".into(),
            account: "Account".into(),
            country: place.map_or("", |place| &place.country).into(),
            language: language.map_or("", |language| language).into(),
            manager: wording::manager(&name("Manager"), &name("manager@manager.example")),
            manager_name: name("Manager"),
            answers_in: true,
            begun: true,
            predecessor: if self.introduced { "Predecessor".into() } else { String::new() },
            introduced: self.introduced && self.kind == MessageKind::WarmUp,
            more: BTreeMap::new(),
        }
    }
}

pub(crate) struct Rewording<'a> {
    before: &'a Live,
    after: &'a Live,
    known: HashMap<LetterKind, bool>,
}

impl<'a> Rewording<'a> {
    pub fn new(before: &'a Live, after: &'a Live) -> Rewording<'a> {
        Rewording { before, after, known: HashMap::new() }
    }

    /// How many messages that were to come and still are read differently, of two forecasts of the same people in the same order.
    pub fn count(&mut self, before: &Forecast, after: &Forecast) -> u64 {
        let slot = |m: &Message| (m.contact, m.kind, m.number);
        let planned: HashSet<_> = before.messages.iter().filter(|m| m.is_ahead()).map(slot).collect();
        let stay = after.messages.iter().filter(|m| m.is_ahead() && after.tells(m) && planned.contains(&slot(m)));
        let kinds = stay.filter_map(|m| letter_kind(after, m));
        kinds.filter(|kind| self.differs(*kind, after)).count() as u64
    }

    fn differs(&mut self, letter: LetterKind, forecast: &Forecast) -> bool {
        let (before, after) = (self.before, self.after);
        *self.known.entry(letter).or_insert_with(|| {
            let mut reader = letter.reader(forecast);
            let texts = [before, after].into_iter().flat_map(|live| live.words.values().flat_map(BTreeMap::values));
            reader.more = texts.flat_map(more::names).map(|column| (column, "Column".to_owned())).collect();
            let made = |live: &Live| {
                let from = wording::sender(live, &reader, letter.kind, letter.number).clone();
                let letter = wording::to_contact(live, &reader, letter.kind, letter.number, "link".into(), "opt-out");
                // What cannot be made says why, in both.
                (
                    from.name,
                    from.email,
                    letter.map(|letter| (letter.subject, letter.text)).map_err(|problem| problem.what),
                )
            };
            made(before) != made(after)
        })
    }
}

fn letter_kind(forecast: &Forecast, m: &Message) -> Option<LetterKind> {
    let contact = forecast.contacts.get(m.contact as usize)?;
    Some(LetterKind {
        kind: m.kind,
        number: m.number,
        place: contact.place,
        language: contact.language,
        managed: forecast.accounts.get(contact.account as usize).is_some_and(|account| account.managed),
        introduced: contact.introduced,
    })
}

/// Where the last day of answers becomes another: the letters that have left and name one that it no longer is.
pub(crate) async fn said_before(ctx: &Ctx, tx: &mut Tx, live: &Arc<Live>, after: &Live) -> Result<Vec<String>> {
    let closes = after.spec.schedule.closes;
    if closes == live.spec.schedule.closes {
        return Ok(Vec::new());
    }
    let mut named: BTreeMap<(MessageKind, i64, NaiveDate), i64> = BTreeMap::new();
    for left in ledger::sent_letters(tx, &live.id).await? {
        let then = match left.round_version {
            Some(version) => ctx.live_at(tx, live, version).await?,
            None => None,
        };
        let then = then.as_deref().unwrap_or(live);
        if then.spec.schedule.closes != closes
            && wording::names_the_closing_day(then, &left.language, left.kind, left.number as u32)
        {
            *named.entry((left.kind, left.number, then.spec.schedule.closes)).or_default() += left.people;
        }
    }
    Ok(named.into_iter().map(|((kind, number, day), people)| told(kind, number, day, people)).collect())
}

fn told(kind: MessageKind, number: i64, day: NaiveDate, people: i64) -> String {
    let people = counted(people, "person", "people");
    let letter = match kind {
        MessageKind::Reminder => format!("Reminder {number}"),
        MessageKind::Invitation => "An invitation".into(),
        kind => format!("A {}", kind.label()),
    };
    format!("{letter} sent to {people} named {} as the last day.", day.format("%a %-d %b"))
}
