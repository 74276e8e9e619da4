//! Accounts with their people, one after the other, into a forecast: every text and place is kept once.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::rules::calendar::human;
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::plan::{Case, Facts, Left, Sequence, Touched, forecast};
use crate::rules::repair::is_introduction;
use crate::rules::sending::outbox::is_late;
use crate::steps::plan::facts::{facts_of_planned, touched};
use crate::store::contacts::accounts;
use crate::store::plan as ledger;
use crate::store::plan::Planned;

use super::lines::{self, sentence};
use super::model::{Account, Contact, Forecast, Message, Place};

/// Where a text or place that was met before stands.
#[derive(Default)]
struct Numbers {
    places: HashMap<(String, String, String), u32>,
    languages: HashMap<String, u32>,
    reasons: HashMap<String, u32>,
}

pub(super) struct Collector<'a> {
    pub sequence: &'a Sequence,
    known: Numbers,
    pub so_far: Forecast,
}

impl<'a> Collector<'a> {
    pub fn new(sequence: &'a Sequence) -> Collector<'a> {
        Collector { sequence, known: Numbers::default(), so_far: Forecast::default() }
    }

    /// `ledger`: at least all rows of these people, contact by contact.
    pub fn account(
        &mut self,
        account: &accounts::Account,
        people: &[Planned],
        ledger: &[ledger::Touched],
        elsewhere: &HashMap<ContactId, Ts>,
    ) {
        let number = self.so_far.accounts.len() as u32;
        self.so_far.accounts.push(Account {
            id: account.id.as_str().into(),
            name: account.name.as_str().into(),
            director: account.director_name.as_str().into(),
            director_email: account.director_email.as_str().into(),
            managed: !account.manager_name.is_empty() || !account.manager_email.is_empty(),
        });
        let rows_of = |contact: &Planned| {
            let from = ledger.partition_point(|row| row.contact_id < contact.id);
            let rows = ledger.get(from..).unwrap_or_default();
            rows.get(..rows.partition_point(|row| row.contact_id == contact.id)).unwrap_or_default()
        };
        let known = |contact: &Planned| Facts {
            elsewhere_at: elsewhere.get(&contact.id).copied(),
            ..facts_of_planned(contact)
        };
        let facts: Vec<Facts> = people.iter().map(known).collect();
        let histories: Vec<Vec<Touched>> = people.iter().map(|contact| touched(rows_of(contact))).collect();
        let cases: Vec<Case> = facts.iter().zip(&histories).map(|(facts, touched)| Case { facts, touched }).collect();
        let outlook = forecast(self.sequence, &cases, self.so_far.now);
        let first = self.so_far.contacts.len() as u32;
        let mut ahead: HashMap<(u32, MessageKind, u32), Option<&ledger::Touched>> =
            outlook.messages.iter().map(|m| ((m.contact, m.kind, m.number), None)).collect();
        for (index, contact) in people.iter().enumerate() {
            let as_if_signed = facts.get(index).is_some_and(|facts| !facts.signed && !facts.removed);
            self.contact(number, contact, as_if_signed);
            for row in rows_of(contact) {
                match ahead.get_mut(&(index as u32, row.kind, row.number as u32)) {
                    // One line for a message: where it stands in the ledger, when it will go.
                    Some(known) => *known = Some(row).filter(|row| row.state != MessageState::Withdrawn),
                    None => self.gone(first + index as u32, row),
                }
            }
        }
        for m in &outlook.messages {
            let row = ahead.get(&(m.contact, m.kind, m.number)).copied().flatten();
            let late = row.map(|row| self.late(first + m.contact, row.planned_for, m.due_at)).unwrap_or_default();
            let reason = match (m.why, self.so_far.contacts.get((first + m.contact) as usize)) {
                (Some(why), _) => why.sentence(),
                (None, Some(contact)) if contact.as_if_signed => lines::AS_IF_SIGNED,
                _ => &late,
            };
            let message = Message {
                at: m.due_at,
                contact: first + m.contact,
                number: m.number,
                reason: self.reason(reason),
                kind: m.kind,
                state: row.map(|row| row.state),
                moved: m.why,
            };
            self.so_far.messages.push(message);
        }
        self.so_far.left.extend(outlook.left.iter().map(|left| Left { contact: first + left.contact, ..*left }));
    }

    /// A row that is over, or that nothing will come of.
    fn gone(&mut self, contact: u32, row: &ledger::Touched) {
        let at = row.settled_at.filter(|_| row.state.may_have_arrived()).unwrap_or(row.due_at);
        let late = match row.state.may_have_arrived() {
            true => self.late(contact, row.planned_for, at),
            false => String::new(),
        };
        let said = sentence(row.reason.as_deref().unwrap_or(""));
        let reason = self.reason(if said.is_empty() { &late } else { &said });
        self.so_far.messages.push(Message {
            at,
            contact,
            number: row.number as u32,
            reason,
            kind: row.kind,
            state: Some(row.state),
            moved: None,
        });
    }

    /// That a message goes or went late, and for when it was planned; empty when it is in time.
    fn late(&self, contact: u32, planned_for: Ts, at: Ts) -> String {
        let place = self.so_far.contacts.get(contact as usize).and_then(|c| self.so_far.places.get(c.place as usize));
        match place.filter(|place| is_late(&place.calendar, planned_for, at)) {
            Some(place) => {
                format!("late: was planned for {}", human(planned_for, self.so_far.now, place.calendar.zone()))
            }
            None => String::new(),
        }
    }

    fn contact(&mut self, account: u32, contact: &Planned, as_if_signed: bool) {
        let place = (contact.time_zone.clone(), contact.country.clone(), contact.region.clone());
        let place = *self.known.places.entry(place).or_insert_with_key(|(_, country, region)| {
            let calendar = self.sequence.calendar(contact.locality());
            let time_zone = calendar.zone().name().into();
            let in_rounds_time = !self.sequence.knows_zone(contact.locality());
            let place = Place {
                time_zone,
                in_rounds_time,
                country: country.as_str().into(),
                region: region.as_str().into(),
                calendar,
            };
            self.so_far.places.push(place);
            self.so_far.places.len() as u32 - 1
        });
        let language = number_of(&contact.language, &mut self.known.languages, &mut self.so_far.languages);
        self.so_far.contacts.push(Contact {
            id: contact.id.clone(),
            name: contact.full_name().into(),
            email: contact.email.as_str().into(),
            account,
            place,
            language,
            as_if_signed,
            introduced: contact.joined_at.is_some()
                && is_introduction(
                    contact.joined_at,
                    self.sequence.own_time(contact.locality(), MessageKind::WarmUp, 1),
                ),
        });
    }

    fn reason(&mut self, text: &str) -> u32 {
        number_of(text, &mut self.known.reasons, &mut self.so_far.reasons)
    }
}

/// The number under which a text is kept, once.
fn number_of(text: &str, known: &mut HashMap<String, u32>, kept: &mut Vec<Box<str>>) -> u32 {
    if let Some(number) = known.get(text) {
        return *number;
    }
    let number = kept.len() as u32;
    kept.push(text.into());
    known.insert(text.to_owned(), number);
    number
}
