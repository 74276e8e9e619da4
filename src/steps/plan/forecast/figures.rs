//! The forecast as the plan page shows it: counted while it is made, and nobody remembered but the first few of each day. It takes the time
//! of the whole round and the room of a page.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::message::MessageKind;
use crate::rules::plan::Reason;
use crate::steps::context::{Ctx, Live};

use super::ahead::in_pieces;
use super::model::{Forecast, Message, Place};
use super::summary::{Domain, Hour, LeftOver, Moved, busiest_domains, hour_of};

/// As many messages of a day are known by name.
const OF_A_DAY: usize = 100;
/// As many people are named who will not have had everything.
const NAMED: usize = 50;

/// A contact by id and name.
pub type Named = (ContactId, Box<str>);

/// A message that is still to go, by name.
#[derive(Clone, Debug)]
pub struct MessageAhead {
    pub at: Ts,
    /// Wall-clock time where the contact is.
    pub local: NaiveDateTime,
    pub time_zone: Box<str>,
    pub in_rounds_time: bool,
    pub kind: MessageKind,
    pub number: u32,
    pub contact_id: ContactId,
    pub email: Box<str>,
    pub name: Box<str>,
    pub account: Box<str>,
    pub held: bool,
    pub reason: Box<str>,
}

#[derive(Clone, Debug)]
pub struct DayAhead {
    pub kinds: BTreeMap<MessageKind, u64>,
    /// Of the contacts' own clocks.
    pub first: NaiveTime,
    pub last: NaiveTime,
    /// The first of them, in order of time.
    pub messages: Vec<MessageAhead>,
}

/// What is ahead of a round.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    pub as_of: Ts,
    /// By the contacts' own calendars.
    pub days: BTreeMap<NaiveDate, DayAhead>,
    pub messages: u64,
    /// Who gets them.
    pub people: u64,
    /// To names that are not signed off, planned as if they were.
    pub messages_as_if_signed: u64,
    pub contacts_as_if_signed: u64,
    pub contacts_in_rounds_time: u64,
    pub moved: Vec<Moved>,
    pub hours: Vec<Hour>,
    pub domains: Vec<Domain>,
    pub left: Vec<LeftOver>,
    /// By reason, the first of them.
    pub named_left: BTreeMap<Reason, Vec<Named>>,
    pub places: Vec<Place>,
}

/// What is counted on the way.
#[derive(Default)]
pub(crate) struct Counting {
    so_far: Figures,
    hours: BTreeMap<Ts, u64>,
    moved: BTreeMap<Reason, u64>,
    left: BTreeMap<Reason, (u64, u64)>,
    /// By receiving domain, and hour.
    domains: HashMap<Box<str>, HashMap<Ts, u64>>,
}

/// The figures of a round as it is now.
pub async fn figures(ctx: &Ctx, live: &Live) -> Result<Figures> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.read().await?;
    let mut counting = Counting::default();
    let last = in_pieces(&mut tx, live, &live.sequence, now, |piece| {
        counting.add(piece);
        piece.forget();
    });
    let last = last.await?;
    Ok(counting.done(now, last.places))
}

impl Counting {
    pub fn add(&mut self, piece: &Forecast) {
        let mut people: HashSet<u32> = HashSet::new();
        for m in piece.messages.iter().filter(|m| m.is_ahead() && piece.tells(m)) {
            let Some((contact, _, _)) = piece.of(m) else { continue };
            self.so_far.messages += 1;
            self.so_far.messages_as_if_signed += u64::from(contact.as_if_signed);
            people.insert(m.contact);
            let hour = hour_of(m.at);
            *self.hours.entry(hour).or_default() += 1;
            if let Some(reason) = m.moved {
                *self.moved.entry(reason).or_default() += 1;
            }
            let domain = piece.domain_of(m);
            match self.domains.get_mut(domain) {
                Some(hours) => *hours.entry(hour).or_default() += 1,
                None => _ = self.domains.insert(domain.into(), HashMap::from([(hour, 1)])),
            }
            self.day(piece, m);
        }
        self.so_far.people += people.len() as u64;
        self.so_far.contacts_as_if_signed += piece.contacts.iter().filter(|c| c.as_if_signed).count() as u64;
        self.so_far.contacts_in_rounds_time += piece.contacts.iter().filter(|c| piece.in_rounds_time(c)).count() as u64;
        let mut without: BTreeMap<Reason, HashSet<u32>> = BTreeMap::new();
        // Whoever has answered is left nothing: who is counted, or named, has not.
        for left in piece.left.iter().filter(|_| piece.told.names()) {
            self.left.entry(left.why).or_default().1 += 1;
            let Some(contact) = piece.contacts.get(left.contact as usize) else { continue };
            let named = self.so_far.named_left.entry(left.why).or_default();
            let is_new = without.entry(left.why).or_default().insert(left.contact);
            if is_new && named.len() < NAMED {
                named.push((contact.id.clone(), contact.name.clone()));
            }
        }
        for (reason, people) in without {
            self.left.entry(reason).or_default().0 += people.len() as u64;
        }
    }

    fn day(&mut self, piece: &Forecast, m: &Message) {
        let Some((contact, account, place)) = piece.of(m) else { return };
        let local = place.calendar.local(m.at);
        let time = local.time();
        let empty = DayAhead { kinds: BTreeMap::new(), first: time, last: time, messages: Vec::new() };
        let day = self.so_far.days.entry(local.date()).or_insert(empty);
        *day.kinds.entry(m.kind).or_default() += 1;
        day.first = day.first.min(time);
        day.last = day.last.max(time);
        // Room for as many again, so that they are put in order now and then only.
        if day.messages.len() >= 2 * OF_A_DAY {
            first_of(&mut day.messages);
        }
        day.messages.push(MessageAhead {
            at: m.at,
            local,
            time_zone: place.time_zone.clone(),
            in_rounds_time: place.in_rounds_time,
            kind: m.kind,
            number: m.number,
            contact_id: contact.id.clone(),
            email: contact.email.clone(),
            name: contact.name.clone(),
            account: account.name.clone(),
            held: m.state == Some(crate::rules::message::MessageState::Held),
            reason: piece.reason(m).into(),
        });
    }

    pub fn done(mut self, now: Ts, places: Vec<Place>) -> Figures {
        for day in self.so_far.days.values_mut() {
            first_of(&mut day.messages);
        }
        let mut left: Vec<LeftOver> =
            self.left.into_iter().map(|(reason, (contacts, touches))| LeftOver { reason, contacts, touches }).collect();
        left.sort_by_key(|l| std::cmp::Reverse(l.contacts));
        Figures {
            as_of: now,
            moved: self.moved.into_iter().map(|(reason, messages)| Moved { reason, messages }).collect(),
            hours: self.hours.into_iter().map(|(from, messages)| Hour { from, messages }).collect(),
            domains: busiest_domains(self.domains),
            left,
            places,
            ..self.so_far
        }
    }
}

/// In order of time, as the whole plan has them.
fn first_of(messages: &mut Vec<MessageAhead>) {
    messages.sort_by(|a, b| (a.at, &a.email, a.kind, a.number).cmp(&(b.at, &b.email, b.kind, b.number)));
    messages.truncate(OF_A_DAY);
}
