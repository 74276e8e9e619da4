//! Why a message stands where it stands: withdrawn, held, put off, planned again or settled. Each reason has its words here and nowhere else.
//!
//! Contract: the words stand in databases and are never changed. What another version wrote is kept as it is said, and decides nothing.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::rules::plan::facts::Reason;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageReason {
    /// The rules of the plan and of the claim say so.
    Rule(Reason),
    NothingLeftToSign,
    NothingLeftToRepair,
    /// A repair request, while an incident concerns all its contacts.
    WaitsForIncident,
    /// It was refused because of trouble of ours, and may be planned anew.
    TroubleWasOurs,
    /// The same, and it is planned again at once.
    TriedAgainAfterTrouble,
    AddressConfirmed,
    LinksEnded,
    /// A code to sign with, when another one was asked for.
    NewerCode,
    /// It could not leave while its code was good.
    CodeOver,
    /// A receipt of signatures that were all taken back before it left.
    TakenBack,
    /// What it was to tell was over before it left.
    AlarmOver,
    /// Whoever it is for is no operator any more.
    NoOperator,
    /// A weekly list to somebody who looks after none of the accounts any more, or of whose accounts there is nothing to tell.
    NoPart,
    /// A weekly list that waited until a later one was due.
    LaterList,
    /// The server said "later", or could not be asked.
    Deferred,
    Refused,
    NoAnswerAfterEnd,
    LinkUsed,
    NoSignOfArrival,
    ShownToHaveLeft,
    AsJournalled,
    Unreadable,
    SenderStoppedBefore,
    SenderStoppedAtEnd,
    DecidedAgain,
    StoppedInOrder,
    /// An operator ordered it.
    By(String),
    /// A server took it, and it came back later; what the report said, or nothing.
    CameBack(String),
    /// In the words of a pace, an incident, a server or another version.
    Said(String),
}

/// How [`MessageReason::CameBack`] and [`MessageReason::By`] begin.
const CAME_BACK: &str = "came back";
const BY: &str = "by ";

impl MessageReason {
    /// Those whose words are always the same, but for the rules'.
    const FIXED: [MessageReason; 26] = [
        MessageReason::NothingLeftToSign,
        MessageReason::NothingLeftToRepair,
        MessageReason::WaitsForIncident,
        MessageReason::TroubleWasOurs,
        MessageReason::TriedAgainAfterTrouble,
        MessageReason::AddressConfirmed,
        MessageReason::LinksEnded,
        MessageReason::NewerCode,
        MessageReason::CodeOver,
        MessageReason::TakenBack,
        MessageReason::AlarmOver,
        MessageReason::NoOperator,
        MessageReason::NoPart,
        MessageReason::LaterList,
        MessageReason::Deferred,
        MessageReason::Refused,
        MessageReason::NoAnswerAfterEnd,
        MessageReason::LinkUsed,
        MessageReason::NoSignOfArrival,
        MessageReason::ShownToHaveLeft,
        MessageReason::AsJournalled,
        MessageReason::Unreadable,
        MessageReason::SenderStoppedBefore,
        MessageReason::SenderStoppedAtEnd,
        MessageReason::DecidedAgain,
        MessageReason::StoppedInOrder,
    ];

    /// Every text is one.
    pub fn read(text: &str) -> MessageReason {
        if let Some(reason) = Reason::parse(text) {
            return MessageReason::Rule(reason);
        }
        if let Some(fixed) = MessageReason::FIXED.into_iter().find(|fixed| fixed.words() == text) {
            return fixed;
        }
        if text == CAME_BACK {
            return MessageReason::CameBack(String::new());
        }
        if let Some(said) = text.strip_prefix(CAME_BACK).and_then(|rest| rest.strip_prefix(": ")) {
            return MessageReason::CameBack(said.into());
        }
        match text.strip_prefix(BY) {
            Some(who) => MessageReason::By(who.into()),
            None => MessageReason::Said(text.into()),
        }
    }

    /// The words that stand alone, or after which more is said.
    fn words(&self) -> &str {
        match self {
            MessageReason::Rule(reason) => reason.as_str(),
            MessageReason::NothingLeftToSign => "nothing_left_to_sign",
            MessageReason::NothingLeftToRepair => "nothing_left_to_repair",
            MessageReason::WaitsForIncident => "waits_for_an_incident",
            MessageReason::TroubleWasOurs => "trouble_was_ours",
            MessageReason::TriedAgainAfterTrouble => "tried again: it was our trouble",
            MessageReason::AddressConfirmed => "address_confirmed",
            MessageReason::LinksEnded => "The links of this operator were ended.",
            MessageReason::NewerCode => "a newer code was asked for",
            MessageReason::CodeOver => "the code in it is good no longer",
            MessageReason::TakenBack => "what it tells of was taken back",
            MessageReason::AlarmOver => "what it was to tell was over before it left",
            MessageReason::NoOperator => "whoever it is for is no operator any more",
            MessageReason::NoPart => "whoever it is for has no open part in the round any more",
            MessageReason::LaterList => "a later weekly list is there or due",
            MessageReason::Deferred => "deferred",
            MessageReason::Refused => "refused",
            MessageReason::NoAnswerAfterEnd => "no answer after the end of the message",
            MessageReason::LinkUsed => "the link in it was used",
            MessageReason::NoSignOfArrival => "no sign of arrival after 24 hours",
            MessageReason::ShownToHaveLeft => "what came back shows that it left",
            MessageReason::AsJournalled => "as the outbound journal has it",
            MessageReason::Unreadable => "cannot be read from the database; the log names the value",
            MessageReason::SenderStoppedBefore => "the sender stopped before the message left",
            MessageReason::SenderStoppedAtEnd => {
                "the sender stopped between the end of the message and the server's answer"
            }
            MessageReason::DecidedAgain => "decided again",
            MessageReason::StoppedInOrder => "stopped in good order",
            MessageReason::By(_) => BY,
            MessageReason::CameBack(_) => CAME_BACK,
            MessageReason::Said(text) => text,
        }
    }

    /// For people: a reason of the rules as a sentence; what a person or a server said as it is.
    pub fn sentence(&self) -> String {
        let text = match self {
            MessageReason::Rule(reason) => return reason.sentence().into(),
            other => other.to_string(),
        };
        let ours = text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if ours { text.replace('_', " ") } else { text }
    }
}

impl From<Reason> for MessageReason {
    fn from(reason: Reason) -> MessageReason {
        MessageReason::Rule(reason)
    }
}

impl fmt::Display for MessageReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())?;
        match self {
            MessageReason::By(who) => f.write_str(who),
            MessageReason::CameBack(said) if !said.is_empty() => write!(f, ": {said}"),
            _ => Ok(()),
        }
    }
}

impl Serialize for MessageReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_read_back_from_its_own_words() {
        let rules = Reason::ALL.into_iter().map(MessageReason::Rule);
        let more = [
            MessageReason::By("ops@soundings.example".into()),
            MessageReason::CameBack(String::new()),
            MessageReason::CameBack("550 5.1.1 no such user".into()),
        ];
        let all: Vec<MessageReason> = rules.chain(MessageReason::FIXED).chain(more).collect();
        for reason in &all {
            let text = reason.to_string();
            assert_eq!(MessageReason::read(&text), *reason);
            assert_eq!(all.iter().filter(|other| other.to_string() == text).count(), 1, "{text}");
            assert_eq!(serde_json::to_value(reason).unwrap(), text);
        }
    }

    #[test]
    fn what_another_version_said_is_kept() {
        for text in
            ["", "waits: mail to acme.example is held", "came backwards", "came back:550", "a_new_reason", "By hand"]
        {
            let read = MessageReason::read(text);
            assert_eq!(read, MessageReason::Said(text.into()));
            assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn a_sentence_for_people() {
        let says = |text: &str| MessageReason::read(text).sentence();
        assert_eq!(says("opted_out"), Reason::OptedOut.sentence());
        assert_eq!(says("nothing_left_to_sign"), "nothing left to sign");
        assert_eq!(says("a_new_reason"), "a new reason");
        assert_eq!(says("550_x Mailbox"), "550_x Mailbox");
        assert_eq!(says("came back: no_such user"), "came back: no_such user");
    }
}
