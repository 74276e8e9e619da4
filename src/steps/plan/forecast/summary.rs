//! The forecast in figures: days, hours, receiving domains, what the limits moved, and what nobody will get.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;

use crate::base::clock::{HOUR, Ts};
use crate::rules::plan::Reason;

use super::model::{Contact, Forecast, Message};

/// As many receiving domains are named.
const DOMAINS: usize = 20;

/// Contract: `summary` of `round plan ROUND --json`. Of a round that tells numbers only: of letters that everybody gets.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Messages that have gone or may have gone.
    pub gone: u64,
    /// Messages that are still to go.
    pub ahead: u64,
    /// Every day on which something went or goes, as the contacts' own calendars have it.
    pub days: Vec<Day>,
    /// What is still to go, by hours of UTC.
    pub hours: Vec<Hour>,
    /// What is still to go, by the gateway that receives it, as far as it is known, else by domain; those with the most messages.
    pub domains: Vec<Domain>,
    /// What a limit, an absence or a pause moves away from the time that its touch names.
    pub collisions: Vec<Moved>,
    /// What will not have gone when the round closes.
    pub left: Vec<LeftOver>,
    /// Contacts whose names are not signed off; they are planned as if they were signed now.
    pub contacts_as_if_signed: u64,
    /// Contacts whose own time zone is not known; their messages go in the round's.
    pub contacts_in_rounds_time: u64,
    /// The round's own time zone.
    pub rounds_time_zone: Box<str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Day {
    pub date: NaiveDate,
    pub messages: u64,
    pub kinds: BTreeMap<&'static str, u64>,
    /// The first and last time of the contacts' own clocks.
    pub first: NaiveTime,
    pub last: NaiveTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hour {
    /// Its beginning.
    pub from: Ts,
    pub messages: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Domain {
    pub domain: String,
    pub messages: u64,
    pub busiest_hour: Ts,
    pub in_busiest_hour: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    pub reason: Reason,
    pub messages: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOver {
    pub reason: Reason,
    pub contacts: u64,
    /// Touches of which these contacts get no message.
    pub touches: u64,
}

pub(super) fn hour_of(at: Ts) -> Ts {
    Ts(at.0.div_euclid(HOUR) * HOUR)
}

impl Forecast {
    pub fn summary(&self) -> Summary {
        let ahead = || self.messages.iter().filter(|m| m.is_ahead() && self.tells(m));
        let mut hours: BTreeMap<Ts, u64> = BTreeMap::new();
        let mut moved: BTreeMap<Reason, u64> = BTreeMap::new();
        for message in ahead() {
            *hours.entry(hour_of(message.at)).or_default() += 1;
            if let Some(reason) = message.moved {
                *moved.entry(reason).or_default() += 1;
            }
        }
        let to_go = ahead().count() as u64;
        Summary {
            gone: self.messages.iter().filter(|m| m.counts() && self.tells(m)).count() as u64 - to_go,
            ahead: to_go,
            days: self.days(),
            hours: hours.into_iter().map(|(from, messages)| Hour { from, messages }).collect(),
            domains: self.domains(),
            collisions: moved.into_iter().map(|(reason, messages)| Moved { reason, messages }).collect(),
            left: self.left_over(),
            contacts_as_if_signed: self.contacts.iter().filter(|c| c.as_if_signed).count() as u64,
            contacts_in_rounds_time: self.contacts.iter().filter(|c| self.in_rounds_time(c)).count() as u64,
            rounds_time_zone: self.home.clone(),
        }
    }

    pub(super) fn in_rounds_time(&self, contact: &Contact) -> bool {
        self.places.get(contact.place as usize).is_some_and(|place| place.in_rounds_time)
    }

    fn days(&self) -> Vec<Day> {
        let mut days: BTreeMap<NaiveDate, Day> = BTreeMap::new();
        for message in self.messages.iter().filter(|m| m.counts() && self.tells(m)) {
            let Some((_, _, place)) = self.of(message) else { continue };
            let local = place.calendar.local(message.at);
            let (date, time) = (local.date(), local.time());
            let empty = Day { date, messages: 0, kinds: BTreeMap::new(), first: time, last: time };
            let day = days.entry(date).or_insert(empty);
            day.messages += 1;
            *day.kinds.entry(message.kind.as_str()).or_default() += 1;
            day.first = day.first.min(time);
            day.last = day.last.max(time);
        }
        days.into_values().collect()
    }

    pub(super) fn domain_of(&self, message: &Message) -> &str {
        let contact = self.contacts.get(message.contact as usize);
        let domain = contact.and_then(|c| c.email.rsplit_once('@')).map_or("", |(_, domain)| domain);
        self.gateways.get(domain).map_or(domain, String::as_str)
    }

    fn domains(&self) -> Vec<Domain> {
        let ahead = || self.messages.iter().filter(|m| m.is_ahead() && self.tells(m));
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for message in ahead() {
            *counts.entry(self.domain_of(message)).or_default() += 1;
        }
        let mut busiest: Vec<(&str, u64)> = counts.into_iter().collect();
        busiest.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        busiest.truncate(DOMAINS);
        // Hours only of those that are shown: of all, they would take more room than the messages.
        let mut hours: HashMap<&str, BTreeMap<Ts, u64>> =
            busiest.iter().map(|(domain, _)| (*domain, BTreeMap::new())).collect();
        for message in ahead() {
            if let Some(hours) = hours.get_mut(self.domain_of(message)) {
                *hours.entry(hour_of(message.at)).or_default() += 1;
            }
        }
        let named = busiest.into_iter().filter_map(|(domain, messages)| {
            let (hour, most) = hours.get(domain)?.iter().max_by_key(|(hour, n)| (**n, -hour.0))?;
            Some(Domain { domain: domain.into(), messages, busiest_hour: *hour, in_busiest_hour: *most })
        });
        named.collect()
    }

    fn left_over(&self) -> Vec<LeftOver> {
        let mut left: BTreeMap<Reason, (HashSet<u32>, u64)> = BTreeMap::new();
        // Whoever has answered is left nothing: who is counted has not.
        for touch in self.left.iter().filter(|_| self.told.names()) {
            let (contacts, touches) = left.entry(touch.why).or_default();
            contacts.insert(touch.contact);
            *touches += 1;
        }
        let mut left: Vec<LeftOver> = left
            .into_iter()
            .map(|(reason, (contacts, touches))| LeftOver { reason, contacts: contacts.len() as u64, touches })
            .collect();
        left.sort_by_key(|l| std::cmp::Reverse(l.contacts));
        left
    }
}

/// Those that receive most, of domains with their messages by hour.
pub(super) fn busiest_domains(all: HashMap<Box<str>, HashMap<Ts, u64>>) -> Vec<Domain> {
    let named = all.into_iter().filter_map(|(domain, hours)| {
        let (busiest_hour, in_busiest_hour) = hours.iter().max_by_key(|(hour, n)| (**n, -hour.0))?;
        let (busiest_hour, in_busiest_hour) = (*busiest_hour, *in_busiest_hour);
        Some(Domain { domain: domain.into(), messages: hours.values().sum(), busiest_hour, in_busiest_hour })
    });
    let mut domains: Vec<Domain> = named.collect();
    domains.sort_unstable_by(|a, b| b.messages.cmp(&a.messages).then(a.domain.cmp(&b.domain)));
    domains.truncate(DOMAINS);
    domains
}
