//! The forecast message by message, as JSON and as a table.
//!
//! A round of a hundred thousand contacts is a hundred megabytes of text: it is made piece by piece, never whole.

use std::sync::Arc;

use chrono::NaiveDateTime;
use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::{Problem, Result};
use crate::rules::sending::reason::MessageReason;

use super::model::{Account, Contact, Forecast, Message, Place};

/// Why a message of somebody is expected whose name is not signed off.
pub(super) const AS_IF_SIGNED: &str = "as if its list were signed off now";
/// Messages in one piece of text.
const IN_A_PIECE: usize = 500;

/// One message. Contract: `messages` of `round plan ROUND --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Line<'a> {
    /// The contact's address.
    pub contact: &'a str,
    pub account: &'a str,
    pub kind: &'static str,
    pub number: u32,
    pub due_at: Ts,
    /// Wall-clock time where the contact is.
    pub local: NaiveDateTime,
    pub time_zone: &'a str,
    pub country: &'a str,
    /// A state of the ledger, or `expected` for what is not in it yet.
    pub state: &'static str,
    pub reason: &'a str,
    /// Whether the contact's own zone is not known and `time_zone` is the round's.
    pub in_rounds_time: bool,
    #[serde(skip)]
    pub name: &'a str,
    #[serde(skip)]
    pub contact_id: &'a ContactId,
}

impl Line<'_> {
    pub const COLUMNS: [&'static str; 10] =
        ["contact", "account", "kind", "number", "due_at", "local", "time_zone", "country", "state", "reason"];

    /// In the order of [`Line::COLUMNS`].
    pub fn cells(&self) -> [String; 10] {
        [
            self.contact.into(),
            self.account.into(),
            self.kind.into(),
            self.number.to_string(),
            self.due_at.to_string(),
            self.local.format("%Y-%m-%dT%H:%M:%S").to_string(),
            self.time_zone.into(),
            self.country.into(),
            self.state.into(),
            self.reason.into(),
        ]
    }
}

/// For people.
pub fn sentence(reason: &str) -> String {
    MessageReason::read(reason).sentence()
}

impl Forecast {
    /// Whom a message is for.
    pub fn of(&self, message: &Message) -> Option<(&Contact, &Account, &Place)> {
        let contact = self.contacts.get(message.contact as usize)?;
        Some((contact, self.accounts.get(contact.account as usize)?, self.places.get(contact.place as usize)?))
    }

    /// What is to be said about a message: why it was moved, or was not sent; may be empty.
    pub fn reason(&self, message: &Message) -> &str {
        self.reasons.get(message.reason as usize).map_or("", |reason| reason)
    }

    /// None also for a letter of which it is not told to whom it goes.
    pub fn line(&self, message: &Message) -> Option<Line<'_>> {
        if !self.tells(message) {
            return None;
        }
        let (contact, account, place) = self.of(message)?;
        Some(Line {
            contact: &contact.email,
            account: &account.name,
            kind: message.kind.as_str(),
            number: message.number,
            due_at: message.at,
            local: place.calendar.local(message.at),
            time_zone: &place.time_zone,
            country: &place.country,
            state: message.state.map_or("expected", |state| state.as_str()),
            reason: self.reason(message),
            in_rounds_time: place.in_rounds_time,
            name: &contact.name,
            contact_id: &contact.id,
        })
    }

    /// In order of time.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.messages.iter().filter_map(|message| self.line(message))
    }

    /// `{"round", "messages", "summary"}` in pieces that follow each other.
    pub fn json(self: Arc<Self>, round: &str) -> impl Iterator<Item = Result<String>> + Send + use<> {
        let head = text(&round).map(|round| format!("{{\"round\":{round},\"messages\":["));
        let pieces = self.messages.len().div_ceil(IN_A_PIECE);
        let (forecast, mut begun) = (self.clone(), false);
        let messages = (0..pieces).map(move |piece| {
            let from = piece * IN_A_PIECE;
            let mut out = String::new();
            for message in forecast.messages.iter().skip(from).take(IN_A_PIECE) {
                let Some(line) = forecast.line(message) else { continue };
                // A piece may have none that is told.
                out.push_str(if begun { "," } else { "" });
                out.push_str(&text(&line)?);
                begun = true;
            }
            Ok(out)
        });
        let tail = text(&self.summary()).map(|summary| format!("],\"summary\":{summary}}}"));
        [head].into_iter().chain(messages).chain([tail])
    }
}

fn text<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Problem::internal("The plan could not be written as JSON.").because(e))
}
