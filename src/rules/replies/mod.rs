//! What comes back: the words for a mail that was received, whoever wrote it.
//!
//! Promise 7: an address bounces, not a person; a temporary refusal, a policy, a delay, a complaint and a person's answer are five things,
//! and only a proven permanent failure says that an address is dead. `mail::incoming` reads mails into these words; nothing here has been
//! believed yet.

pub mod verdict;
pub mod desk;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a mail means that wants a press before it takes ours, in a sentence for people.
pub const CHALLENGE: &str = "Our mail waits there until somebody of ours does what this one asks for (a press, a reply, a code). \
    Do it, or ask the person to let our mail in; until then nobody has read it.";

/// What kind of mail it is. Contract: `class` of `mail check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A proven permanent failure of an address.
    HardBounce,
    /// Anything else that kept a mail from arriving, or delays it: full, policy, reputation, temporary, unclear.
    SoftBounce,
    /// Written by a machine in a person's name: away, has left, received.
    AutoReply,
    /// It arrived (DSN `delivered`, `relayed`, `expanded`, or a disposition notice).
    DeliveredNotice,
    /// A complaint (RFC 5965).
    Feedback,
    /// A person, or none of the above.
    Other,
}

/// One address that a report speaks of; several may stand in one report, each with a fate of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// As the report has it, in lower case.
    pub address: String,
    pub class: Class,
    /// RFC 3463, as it was said or as the words of the report mean.
    pub status: Option<(u8, u16, u16)>,
    /// The other server's own words, on one line.
    pub said: String,
}

/// A mail as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    pub class: Class,
    pub recipients: Vec<Recipient>,
    /// Why, in a sentence for people.
    pub reason: String,
    /// The last day away, where an absence names it.
    pub returns_on: Option<NaiveDate>,
    /// Says that the person does not work there any more.
    pub has_left: bool,
    /// Says that the person will leave.
    pub is_leaving: bool,
    /// An address that it gives as the person's new one.
    pub new_address: Option<String>,
    /// Addresses that it asks to write to instead.
    pub write_to: Vec<String>,
    /// Message-IDs, without angle brackets, of the mail that it speaks of or answers.
    pub message_ids: Vec<String>,
    /// Its own, without angle brackets; none where it has none that can be answered.
    pub own_id: Option<String>,
    /// The day on which it was written, as it says itself.
    pub written_on: Option<NaiveDate>,
    /// Where it was delivered to: envelope or header addresses of ours, for the token in them.
    pub delivered_to: Vec<String>,
    /// Written by a machine, whatever it says: never answered (RFC 3834).
    pub automatic: bool,
    /// A program keeps our mail back until somebody presses, replies or types a code.
    pub is_challenge: bool,
    pub from_name: String,
    pub from_email: String,
    pub subject: String,
    /// The words of the newest part of it, without what is quoted, as plain text of at most 16 KiB.
    pub text: String,
}
