//! The whole round ahead: what has gone, what is planned, and what is still to come if nothing changes.
//!
//! Lists that are not signed yet are treated as signed now, and the contacts concerned are named. Costs the whole round, account by account:
//! a contact is remembered in some two hundred bytes and a message in forty, so that a hundred thousand contacts fit into a small machine.
//! The sequence is a parameter: a plan that is only thought of is forecast beside the one that runs.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::calendar::{Calendar, human};
use crate::rules::outbox::{MessageKind, MessageState, is_late};
use crate::rules::plan::{Case, Facts, Left, Reason, Sequence, Touched, forecast};
use crate::rules::repair::is_introduction;
use crate::store::plan::{self as ledger, Planned};
use crate::store::{Tx, accounts, gateways};

use super::{Ctx, Live, plan};

mod lines;
mod summary;

pub use lines::{Line, sentence};
pub use summary::{Day, Domain, Hour, LeftOver, Moved, Summary};

/// As many contacts are read at once, give or take an account.
const AT_ONCE: i64 = 1_000;

/// An account of the round.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: Box<str>,
    pub name: Box<str>,
    pub director: Box<str>,
    pub director_email: Box<str>,
    /// Whether the list names somebody who looks after it.
    pub managed: bool,
}

/// Where contacts are whose days and hours are the same.
#[derive(Clone, Debug)]
pub struct Place {
    /// The zone that is used, which is the round's own where the list's is not known.
    pub time_zone: Box<str>,
    /// Whether nobody knows the zone there, and the round's own stands in for it.
    pub in_rounds_time: bool,
    pub country: Box<str>,
    pub region: Box<str>,
    pub calendar: Arc<Calendar>,
}

#[derive(Clone, Debug)]
pub struct Contact {
    pub id: Box<str>,
    pub name: Box<str>,
    pub email: Box<str>,
    /// Into [`Forecast::accounts`].
    pub account: u32,
    /// Into [`Forecast::places`].
    pub place: u32,
    /// Into [`Forecast::languages`].
    pub language: u32,
    /// Not signed off; its messages are forecast as if it were signed now.
    pub as_if_signed: bool,
    /// A successor who was named when the others had their first letter.
    pub introduced: bool,
}

/// A message that went, is planned, or is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    pub at: Ts,
    /// Into [`Forecast::contacts`].
    pub contact: u32,
    pub number: u32,
    /// Into [`Forecast::reasons`].
    reason: u32,
    pub kind: MessageKind,
    /// None: not in the ledger yet.
    pub state: Option<MessageState>,
    /// Why it goes later than its touch wants it to.
    pub moved: Option<Reason>,
}

impl Message {
    /// Whether it is still to go.
    pub fn is_ahead(&self) -> bool {
        matches!(self.state, None | Some(MessageState::Planned | MessageState::Claimed | MessageState::Held))
    }

    /// Whether it reached, or will reach, somebody.
    pub fn counts(&self) -> bool {
        self.is_ahead() || self.state.is_some_and(MessageState::may_have_arrived)
    }
}

/// A round as it will go on.
#[derive(Debug, Default)]
pub struct Forecast {
    pub now: Ts,
    /// The round's own time zone.
    pub home: Box<str>,
    pub accounts: Vec<Account>,
    pub places: Vec<Place>,
    pub languages: Vec<Box<str>>,
    /// Account by account.
    pub contacts: Vec<Contact>,
    /// In order of time.
    pub messages: Vec<Message>,
    /// Touches that contacts have not had and will not have; `contact` is a place in `contacts`.
    pub left: Vec<Left>,
    /// Behind which gateway a domain is that is none by itself.
    gateways: HashMap<String, String>,
    reasons: Vec<Box<str>>,
}

/// The forecast of a round as it is now.
pub async fn plan_of(ctx: &Ctx, slug: &str) -> Result<Arc<Forecast>> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    Ok(Arc::new(ahead(ctx, &mut tx, &live, &live.sequence).await?))
}

/// The forecast of a round by this sequence, whether it is the round's own or one that is thought of.
pub async fn ahead(ctx: &Ctx, tx: &mut Tx, live: &Live, sequence: &Sequence) -> Result<Forecast> {
    ahead_at(tx, live, sequence, ctx.clock.now()).await
}

/// The same as seen at `now`: two forecasts that are compared are seen at one time, or what is due would have moved between them.
pub async fn ahead_at(tx: &mut Tx, live: &Live, sequence: &Sequence, now: Ts) -> Result<Forecast> {
    let mut collector = Collector { sequence, known: Known::default(), so_far: Forecast::default() };
    collector.so_far.now = now;
    collector.so_far.home = sequence.home().zone().name().into();
    collector.so_far.gateways = gateways::shared(tx).await?.into_iter().map(|d| (d.domain, d.gateway)).collect();
    let accounts = accounts::of_round(tx, &live.id).await?;
    let mut rest = accounts.as_slice();
    while !rest.is_empty() {
        let (now, later) = rest.split_at(about(AT_ONCE, rest));
        rest = later;
        let ids: Vec<&str> = now.iter().map(|a| a.id.as_str()).collect();
        let people = ledger::of_accounts(tx, &ids).await?;
        let ids: Vec<&str> = people.iter().map(|c| c.id.as_str()).collect();
        let mut rows = ledger::touched(tx, &ids).await?;
        let elsewhere =
            plan::elsewhere(tx, sequence, people.iter().map(|c| (c.id.as_str(), c.sent_count)), collector.so_far.now)
                .await?;
        let by_id: HashMap<&str, &accounts::Account> = now.iter().map(|a| (a.id.as_str(), a)).collect();
        // A stable sort: rows of one contact stay in their order.
        rows.sort_by(|a, b| a.contact_id.cmp(&b.contact_id));
        for people in people.chunk_by(|a, b| a.account_id == b.account_id) {
            let Some(account) = people.first().and_then(|p| by_id.get(p.account_id.as_str())) else { continue };
            collector.account(account, people, &rows, &elsewhere);
        }
    }
    let mut forecast = collector.so_far;
    let addresses = &forecast.contacts;
    let address = |m: &Message| addresses.get(m.contact as usize).map(|c| &c.email);
    forecast
        .messages
        .sort_unstable_by(|a, b| (a.at, address(a), a.kind, a.number).cmp(&(b.at, address(b), b.kind, b.number)));
    forecast.messages.shrink_to_fit();
    Ok(forecast)
}

/// How many of these accounts have so many contacts together; one at least.
fn about(contacts: i64, accounts: &[accounts::Account]) -> usize {
    let mut so_far = 0;
    let enough = accounts.iter().position(|account| {
        so_far += account.listed.max(1);
        so_far >= contacts
    });
    enough.map_or(accounts.len(), |last| last + 1)
}

/// Where a text or place that was met before stands.
#[derive(Default)]
struct Known {
    places: HashMap<(String, String, String), u32>,
    languages: HashMap<String, u32>,
    reasons: HashMap<String, u32>,
}

struct Collector<'a> {
    sequence: &'a Sequence,
    known: Known,
    so_far: Forecast,
}

impl Collector<'_> {
    /// `ledger`: at least all rows of these people, contact by contact.
    fn account(
        &mut self,
        account: &accounts::Account,
        people: &[Planned],
        ledger: &[ledger::Touched],
        elsewhere: &HashMap<String, Ts>,
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
        let known =
            |contact: &Planned| Facts { elsewhere_at: elsewhere.get(&contact.id).copied(), ..plan::facts_of(contact) };
        let facts: Vec<Facts> = people.iter().map(known).collect();
        let histories: Vec<Vec<Touched>> = people.iter().map(|contact| plan::touched(rows_of(contact))).collect();
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
            Some(place) => format!("late: was planned for {}", human(planned_for, place.calendar.zone())),
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
            id: contact.id.as_str().into(),
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
