//! A forecast: the people of a round, and every message that has gone to them, is planned, or is expected.
//!
//! A contact is remembered in some two hundred bytes and a message in forty, so that a hundred thousand contacts fit into a small machine.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::rules::calendar::Calendar;
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::participation::Participation;
use crate::rules::plan::{Left, Reason};

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
    pub id: ContactId,
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
    pub(super) reason: u32,
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
    /// Of whom it may be told that a letter is to come. Before anybody was invited nobody can have answered, and all of it is told.
    pub told: Participation,
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
    pub(super) gateways: HashMap<String, String>,
    pub(super) reasons: Vec<Box<str>>,
}

impl Forecast {
    /// Whether this letter may be told, also as one of a number: how many get a reminder at one domain or in one country, on one day or in
    /// one hour, says how many there have not answered.
    pub fn tells(&self, message: &Message) -> bool {
        self.told.letter(message.kind)
    }

    pub(super) fn in_order(&mut self) {
        let addresses = &self.contacts;
        let address = |m: &Message| addresses.get(m.contact as usize).map(|c| &c.email);
        self.messages
            .sort_unstable_by(|a, b| (a.at, address(a), a.kind, a.number).cmp(&(b.at, address(b), b.kind, b.number)));
        self.messages.shrink_to_fit();
    }

    /// Forgets whom it was about. Places, languages and reasons are few, and keep their numbers.
    pub(crate) fn forget(&mut self) {
        self.accounts.clear();
        self.contacts.clear();
        self.messages.clear();
        self.left.clear();
    }
}
