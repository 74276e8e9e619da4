//! The messages of a round: to whom which goes or went, where it stands, and why.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{ContactId, MessageId};
use crate::rules::message::{MessageKind, MessageState};

use super::value::{Described, Type, Value, column};

#[derive(Clone, Debug, PartialEq)]
pub struct MessageRow {
    pub id: MessageId,
    pub kind: MessageKind,
    pub number: i64,
    pub state: MessageState,
    /// None where it goes to somebody of the client.
    pub contact: Option<ContactId>,
    pub account: String,
    pub to_name: String,
    pub to_email: EmailAddress,
    pub planned_for: Ts,
    pub due_at: Ts,
    pub left_at: Option<Ts>,
    pub settled_at: Option<Ts>,
    pub tries: i64,
    pub reason: String,
    pub answer: String,
}

pub const COLUMNS: &[Described<MessageRow>] = &[
    column("message_id", Type::Text, "the message's id", |m| Value::text(m.id.as_str())),
    column("kind", Type::Text, "what it is for, as its header X-Soundings-Kind says it", |m| {
        Value::text(m.kind.as_str())
    }),
    column("number", Type::Whole, "which one of its kind", |m| Value::Whole(m.number)),
    column("state", Type::Text, "planned, claimed, sending, sent, in_doubt, held, failed or withdrawn", |m| {
        Value::text(m.state.as_str())
    }),
    column("contact_id", Type::Text, "the contact's id; empty for mail to somebody of the client", |m| {
        Value::text(m.contact.as_ref().map_or("", ContactId::as_str))
    }),
    column("account", Type::Text, "the contact's account", |m| Value::text(m.account.as_str())),
    column("to_name", Type::Text, "who gets it", |m| Value::text(m.to_name.as_str())),
    column("to_email", Type::Text, "at which address", |m| Value::text(m.to_email.as_str())),
    column("planned_for", Type::Instant, "the time that the plan names", |m| Value::Instant(m.planned_for)),
    column("due_at", Type::Instant, "when it may leave, or might", |m| Value::Instant(m.due_at)),
    column("left_at", Type::Instant, "when it was handed to the mail server", |m| Value::instant(m.left_at)),
    column("settled_at", Type::Instant, "when it came to stand where it stands", |m| Value::instant(m.settled_at)),
    column("tries", Type::Whole, "how often it was tried", |m| Value::Whole(m.tries)),
    column("reason", Type::Text, "why it stands where it stands", |m| Value::text(m.reason.as_str())),
    column("answer", Type::Text, "what the mail server said last", |m| Value::text(m.answer.as_str())),
];

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn letter() -> MessageRow {
        MessageRow {
            id: "m1".into(),
            kind: MessageKind::Invitation,
            number: 1,
            state: MessageState::Sent,
            contact: Some("c1".into()),
            account: "Globex".into(),
            to_name: "Ann Lee".into(),
            to_email: EmailAddress::parse("ann.lee@globex.example").unwrap(),
            planned_for: Ts(1_000),
            due_at: Ts(1_000),
            left_at: Some(Ts(2_000)),
            settled_at: Some(Ts(3_000)),
            tries: 1,
            reason: String::new(),
            answer: "250 ok".into(),
        }
    }

    #[test]
    fn mail_to_the_client_names_no_contact() {
        let of = |row: &MessageRow, name: &str| {
            let at = COLUMNS.iter().position(|c| c.name == name).unwrap();
            (COLUMNS[at].of)(row)
        };
        let to_dora = MessageRow { kind: MessageKind::SignOff, contact: None, account: String::new(), ..letter() };
        assert_eq!(of(&to_dora, "contact_id"), Value::Nothing);
        assert_eq!(of(&to_dora, "kind"), Value::Text("sign_off".into()));
        assert_eq!(of(&letter(), "contact_id"), Value::Text("c1".into()));
    }
}
