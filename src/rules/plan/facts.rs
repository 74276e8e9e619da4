//! What the planning rules know about one contact, and the words in which they say why something does not go.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::clock::Ts;
use crate::base::ids::AccountId;
use crate::rules::calendar::almanac::Locality;
use crate::rules::contacts::Role;
use crate::rules::message::MessageKind;

/// One contact of a round, as it was read in the transaction that asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// IANA name; the round's own zone is used when it is empty or not known.
    pub time_zone: String,
    /// ISO 3166 code; may be empty.
    pub country: String,
    /// The part of the country with holidays of its own, as ISO 3166-2 has it after the hyphen; may be empty.
    pub region: String,
    pub account: AccountId,
    /// The account director's address, in lower case.
    pub director: String,
    pub language: String,
    pub role: Role,
    /// Somebody from the contact's account has answered.
    pub account_answered: bool,
    /// By everyone who must sign, and the row has not changed since.
    pub signed: bool,
    /// The last signature, also when it no longer holds.
    pub signed_at: Option<Ts>,
    /// Taken off the list.
    pub removed: bool,
    pub started_at: Option<Ts>,
    pub completed_at: Option<Ts>,
    pub opted_out_at: Option<Ts>,
    pub undeliverable: bool,
    /// Has left the company.
    pub left: bool,
    /// Nothing before this instant: an automatic reply said so.
    pub absent_until: Option<Ts>,
    /// No reminder before this instant: somebody has called.
    pub left_alone_until: Option<Ts>,
    /// No reminder at all: the contact has said so on the telephone, or is not whom to ask.
    pub not_chased: bool,
    /// The last message that went or may have gone. Without the message that is being decided on, if that one is sent again.
    pub last_sent_at: Option<Ts>,
    /// Messages that went or may have gone; without the one being decided on.
    pub sent_count: u32,
    /// The last message that went or may have gone to this mailbox in another round, of whichever client.
    pub elsewhere_at: Option<Ts>,
    /// The contact's own place among those who get a touch, wherever their messages are spread: any number, always the same.
    pub phase: u64,
    /// Messages that went, or are being sent, to the contact's account on this day of the contact; asked for at the claim only.
    pub account_today: u32,
}

/// Why a message does not go, or not now. Stored and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Completed,
    /// A thank-you for answers that have not come.
    NotCompleted,
    OptedOut,
    NotSignedOff,
    /// It was signed off, and changed since.
    ListChanged,
    Removed,
    Undeliverable,
    HasLeft,
    /// By scope: account, director, country, language or touch.
    Paused,
    RoundPaused,
    RoundClosed,
    /// Its time would come after the close in the contact's zone.
    AfterClose,
    MaximumReached,
    OutsideHours,
    MinimumGap,
    Absent,
    /// A reminder, after a telephone call.
    Called,
    /// A reminder to somebody who gets none since a telephone call.
    NotChased,
    /// In a round of this or another client.
    AskedElsewhere,
    AccountLimit,
    /// The touch is for others.
    NotInAudience,
    AlreadyPlanned,
    HeldByOperator,
    SequenceFinished,
    /// The round was edited and has no such touch any more.
    NotInSequence,
    /// By another message, after the plan or the facts have changed.
    Superseded,
    /// It was made for an address that the contact has no more.
    AddressCorrected,
    /// The contact's row holds a value that the program does not know.
    Unreadable,
}

impl Reason {
    pub const ALL: [Reason; 28] = [
        Reason::Completed,
        Reason::NotCompleted,
        Reason::OptedOut,
        Reason::NotSignedOff,
        Reason::ListChanged,
        Reason::Removed,
        Reason::Undeliverable,
        Reason::HasLeft,
        Reason::Paused,
        Reason::RoundPaused,
        Reason::RoundClosed,
        Reason::AfterClose,
        Reason::MaximumReached,
        Reason::OutsideHours,
        Reason::MinimumGap,
        Reason::Absent,
        Reason::Called,
        Reason::NotChased,
        Reason::AskedElsewhere,
        Reason::AccountLimit,
        Reason::NotInAudience,
        Reason::AlreadyPlanned,
        Reason::HeldByOperator,
        Reason::SequenceFinished,
        Reason::NotInSequence,
        Reason::Superseded,
        Reason::AddressCorrected,
        Reason::Unreadable,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Completed => "completed",
            Reason::NotCompleted => "not_completed",
            Reason::OptedOut => "opted_out",
            Reason::NotSignedOff => "not_signed_off",
            Reason::ListChanged => "list_changed",
            Reason::Removed => "removed",
            Reason::Undeliverable => "undeliverable",
            Reason::HasLeft => "has_left",
            Reason::Paused => "paused",
            Reason::RoundPaused => "round_paused",
            Reason::RoundClosed => "round_closed",
            Reason::AfterClose => "after_close",
            Reason::MaximumReached => "maximum_reached",
            Reason::OutsideHours => "outside_hours",
            Reason::MinimumGap => "minimum_gap",
            Reason::Absent => "absent",
            Reason::Called => "called",
            Reason::NotChased => "not_chased",
            Reason::AskedElsewhere => "asked_elsewhere",
            Reason::AccountLimit => "account_limit",
            Reason::NotInAudience => "not_in_audience",
            Reason::AlreadyPlanned => "already_planned",
            Reason::HeldByOperator => "held_by_operator",
            Reason::SequenceFinished => "sequence_finished",
            Reason::NotInSequence => "not_in_sequence",
            Reason::Superseded => "superseded",
            Reason::AddressCorrected => "address_corrected",
            Reason::Unreadable => "unreadable",
        }
    }

    pub fn parse(text: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|r| r.as_str() == text)
    }

    /// For people.
    pub fn sentence(self) -> &'static str {
        match self {
            Reason::Completed => "The contact has answered.",
            Reason::NotCompleted => "The contact has not answered yet.",
            Reason::OptedOut => "The contact asked for no more messages.",
            Reason::NotSignedOff => "The name has not been signed off.",
            Reason::ListChanged => "The row changed after it was signed off; it must be signed off again.",
            Reason::Removed => "The contact was taken off the list.",
            Reason::Undeliverable => "The address does not take mail; correct it to go on.",
            Reason::HasLeft => "The contact has left the company; name a successor to go on.",
            Reason::Paused => "It is paused; see the pauses on the plan.",
            Reason::RoundPaused => "The round is paused.",
            Reason::RoundClosed => "The round is closed.",
            Reason::AfterClose => "It could only go after the round has closed for this contact.",
            Reason::MaximumReached => "The contact has had as many messages as the round allows.",
            Reason::OutsideHours => "It waits for the sending hours of the contact's working day.",
            Reason::MinimumGap => "The last message to this contact is too recent.",
            Reason::Absent => "The contact is away.",
            Reason::Called => "Somebody has called the contact: the next reminder waits.",
            Reason::NotChased => "No reminder goes to the contact since a telephone call.",
            Reason::AskedElsewhere => "The contact was written to in another round too recently.",
            Reason::AccountLimit => "The account has had as many messages as it may have on one day.",
            Reason::NotInAudience => "The message is for others: see whom the touch is for.",
            Reason::AlreadyPlanned => "A message to this contact is already on its way.",
            Reason::HeldByOperator => "A message to this contact is held by an operator.",
            Reason::SequenceFinished => "The contact has had every message of the sequence.",
            Reason::NotInSequence => "The round no longer has this message.",
            Reason::Superseded => "Another message goes instead.",
            Reason::AddressCorrected => "It was for an address that was corrected since.",
            Reason::Unreadable => "What is stored about the contact cannot be read; the log names the value.",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Facts {
    pub fn locality(&self) -> Locality<'_> {
        Locality { time_zone: &self.time_zone, country: &self.country, region: &self.region }
    }

    /// Why nothing at all may go to this contact, whatever the time: promises 1 and 2.
    pub fn forbids(&self) -> Option<Reason> {
        match self {
            Facts { removed: true, .. } => Some(Reason::Removed),
            Facts { opted_out_at: Some(_), .. } => Some(Reason::OptedOut),
            Facts { left: true, .. } => Some(Reason::HasLeft),
            Facts { undeliverable: true, .. } => Some(Reason::Undeliverable),
            Facts { signed: false, signed_at: Some(_), .. } => Some(Reason::ListChanged),
            Facts { signed: false, .. } => Some(Reason::NotSignedOff),
            _ => None,
        }
    }

    /// As [`Facts::forbids`], for a message of this kind: thanks are for those who answered, everything else for those who did not, and
    /// reminders for those who may be reminded.
    pub fn forbids_kind(&self, kind: MessageKind) -> Option<Reason> {
        self.forbids().or(match (kind, self.completed_at) {
            (MessageKind::ThankYou, None) => Some(Reason::NotCompleted),
            (kind, None) if self.ends_reminding(kind) => Some(Reason::NotChased),
            (MessageKind::ThankYou, Some(_)) | (_, None) => None,
            (_, Some(_)) => Some(Reason::Completed),
        })
    }

    /// Whether it is a reminder to somebody who gets none any more.
    pub fn ends_reminding(&self, kind: MessageKind) -> bool {
        self.not_chased && kind == MessageKind::Reminder
    }

    /// Before when no message of this kind goes because somebody has called: reminders only.
    pub fn quiet_until(&self, kind: MessageKind) -> Option<Ts> {
        self.left_alone_until.filter(|_| kind == MessageKind::Reminder)
    }
}
