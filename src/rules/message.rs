//! What messages there are and where one can stand: the words of the ledger, of headers and of the plan.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::ids::RoundId;

/// What a message is for. Contract: the value of `X-Soundings-Kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// To an account director: please sign off these names. Chases are the same kind with higher numbers.
    SignOff,
    /// To the sales director: please counter-sign strategic accounts.
    CounterSign,
    /// The CEO's letter to a contact.
    WarmUp,
    Invitation,
    Reminder,
    ThankYou,
    /// To an account manager, weekly: who has not answered.
    Digest,
    /// To an account manager: these contacts cannot be reached, please correct or replace them.
    Repair,
    /// To an operator: a link to log in.
    Login,
    /// To somebody at the client: please approve the plan.
    PlanApproval,
    /// To whoever signs, when he asks for it: six digits to type.
    SignCode,
    /// To whoever signed: what it was.
    Receipt,
    /// To a sponsor, when an operator sends it: where the signatures stand.
    SignOffSummary,
    /// To an operator: something is wrong for too long, and later that it is over.
    Alarm,
    /// To whoever wrote back: what an operator answers on the reply desk.
    DeskAnswer,
    /// To a colleague at the client, when an operator sends it: what somebody wrote back.
    Forwarded,
    /// To an operator, when he sends it to himself: a letter as a contact would have it, with links that do nothing.
    TestLetter,
}

impl MessageKind {
    pub const ALL: [MessageKind; 17] = [
        MessageKind::SignOff,
        MessageKind::CounterSign,
        MessageKind::WarmUp,
        MessageKind::Invitation,
        MessageKind::Reminder,
        MessageKind::ThankYou,
        MessageKind::Digest,
        MessageKind::Repair,
        MessageKind::Login,
        MessageKind::PlanApproval,
        MessageKind::SignCode,
        MessageKind::Receipt,
        MessageKind::SignOffSummary,
        MessageKind::Alarm,
        MessageKind::DeskAnswer,
        MessageKind::Forwarded,
        MessageKind::TestLetter,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            MessageKind::SignOff => "sign_off",
            MessageKind::CounterSign => "counter_sign",
            MessageKind::WarmUp => "warm_up",
            MessageKind::Invitation => "invitation",
            MessageKind::Reminder => "reminder",
            MessageKind::ThankYou => "thank_you",
            MessageKind::Digest => "digest",
            MessageKind::Repair => "repair",
            MessageKind::Login => "login",
            MessageKind::PlanApproval => "plan_approval",
            MessageKind::SignCode => "sign_code",
            MessageKind::Receipt => "receipt",
            MessageKind::SignOffSummary => "sign_off_summary",
            MessageKind::Alarm => "alarm",
            MessageKind::DeskAnswer => "desk_answer",
            MessageKind::Forwarded => "forwarded",
            MessageKind::TestLetter => "test_letter",
        }
    }

    pub fn parse(text: &str) -> Option<MessageKind> {
        MessageKind::ALL.into_iter().find(|k| k.as_str() == text)
    }

    /// Whether it goes to a contact at an account, so that sign-off, hours, gap, maximum and opt-out apply.
    pub fn to_contact(self) -> bool {
        matches!(self, MessageKind::WarmUp | MessageKind::Invitation | MessageKind::Reminder | MessageKind::ThankYou)
    }

    /// Whether the least time to the message before holds for it: for all that asks, not for thanks.
    pub fn keeps_the_gap(self) -> bool {
        self != MessageKind::ThankYou
    }

    /// Whether somebody has written it, released it to this very reader and waits for what he does: a letter, which a person answers and of
    /// which an absent one's program shall say so. What a timetable or a form sends by itself is none (docs/decisions/0031).
    pub fn is_from_a_person(self) -> bool {
        let by_itself = [
            MessageKind::Digest,
            MessageKind::Login,
            MessageKind::SignCode,
            MessageKind::Receipt,
            MessageKind::Alarm,
            MessageKind::TestLetter,
        ];
        !by_itself.contains(&self)
    }

    /// For people: "warm-up", "invitation", ...
    pub fn label(self) -> &'static str {
        match self {
            MessageKind::SignOff => "sign-off request",
            MessageKind::CounterSign => "counter-sign request",
            MessageKind::WarmUp => "warm-up",
            MessageKind::Invitation => "invitation",
            MessageKind::Reminder => "reminder",
            MessageKind::ThankYou => "thank-you",
            MessageKind::Digest => "weekly list",
            MessageKind::Repair => "repair request",
            MessageKind::Login => "log-in link",
            MessageKind::PlanApproval => "plan to approve",
            MessageKind::SignCode => "code to sign",
            MessageKind::Receipt => "receipt",
            MessageKind::SignOffSummary => "summary of the signatures",
            MessageKind::Alarm => "alarm",
            MessageKind::DeskAnswer => "answer to a reply",
            MessageKind::Forwarded => "forwarded reply",
            MessageKind::TestLetter => "test letter",
        }
    }

    /// The label of one of several: "reminder 2", "invitation".
    pub fn numbered(self, number: impl fmt::Display) -> String {
        if self == MessageKind::Reminder { format!("{} {number}", self.label()) } else { self.label().into() }
    }
}

impl fmt::Display for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a ledger row stands.
///
/// ```text
/// planned -> claimed -> sending -> sent
///    ^  \       |          |  \--> failed
///    |   \      v          \-----> in_doubt -> sent | planned (same Message-ID) | failed
///    |    +-> withdrawn (may be planned again)
///    +------- held (by an operator)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    Planned,
    /// A sender holds it by lease; nothing that could deliver it has been written yet.
    Claimed,
    /// Committed just before the final dot: from here to the server's answer nobody can know who owns it (RFC 1047).
    Sending,
    Sent,
    InDoubt,
    Held,
    Failed,
    Withdrawn,
}

impl MessageState {
    pub const ALL: [MessageState; 8] = [
        MessageState::Planned,
        MessageState::Claimed,
        MessageState::Sending,
        MessageState::Sent,
        MessageState::InDoubt,
        MessageState::Held,
        MessageState::Failed,
        MessageState::Withdrawn,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            MessageState::Planned => "planned",
            MessageState::Claimed => "claimed",
            MessageState::Sending => "sending",
            MessageState::Sent => "sent",
            MessageState::InDoubt => "in_doubt",
            MessageState::Held => "held",
            MessageState::Failed => "failed",
            MessageState::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<MessageState> {
        MessageState::ALL.into_iter().find(|s| s.as_str() == text)
    }

    /// Whether the recipient has, or may have, this message.
    pub fn may_have_arrived(self) -> bool {
        matches!(self, MessageState::Sending | MessageState::Sent | MessageState::InDoubt)
    }
}

/// In which row of messages one waits: that of its round, or that of the program, for mail that belongs to no round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    System,
    Round(RoundId),
}

impl Lane {
    pub fn as_str(&self) -> &str {
        match self {
            Lane::System => "system",
            Lane::Round(id) => id.as_str(),
        }
    }

    pub fn parse(text: &str) -> Lane {
        match text {
            "system" => Lane::System,
            id => Lane::Round(id.into()),
        }
    }

    pub fn round(&self) -> Option<&RoundId> {
        match self {
            Lane::System => None,
            Lane::Round(id) => Some(id),
        }
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<&RoundId> for Lane {
    fn from(round: &RoundId) -> Lane {
        Lane::Round(round.clone())
    }
}
