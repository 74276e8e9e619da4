//! Ids by what they name, so that one of a contact cannot be given where one of an account is asked for.
//!
//! Each is the text that stands in the database and in JSON, and nothing else. What comes from outside may be no id at all: it names nothing
//! then, and whoever looks it up says so.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident,)+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct $name(String);

            impl $name {
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl From<String> for $name {
                fn from(text: String) -> $name {
                    $name(text)
                }
            }

            impl From<&str> for $name {
                fn from(text: &str) -> $name {
                    $name(text.into())
                }
            }

            impl From<$name> for String {
                fn from(id: $name) -> String {
                    id.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.pad(&self.0)
                }
            }

            /// Where one text names several kinds, as the subject of a line of the journal.
            impl AsRef<str> for $name {
                fn as_ref(&self) -> &str {
                    &self.0
                }
            }

            /// A map by ids is asked with text from outside.
            impl Borrow<str> for $name {
                fn borrow(&self) -> &str {
                    &self.0
                }
            }

            impl PartialEq<str> for $name {
                fn eq(&self, other: &str) -> bool {
                    self.0 == other
                }
            }

            impl PartialEq<&str> for $name {
                fn eq(&self, other: &&str) -> bool {
                    self.0 == *other
                }
            }
        )+
    };
}

kinds! {
    /// A round. Operators name it by its slug, which is another text.
    RoundId,
    AccountId,
    /// A contact on the list of a round.
    ContactId,
    MessageId,
    /// A request to a director or manager to sign an account, or to an account manager to repair contacts.
    RequestId,
    /// What is to be found out about one contact.
    TaskId,
    ResponseId,
    /// A contact's answers on their way to the scoring module.
    HandoffId,
    QuestionnaireId,
    OperatorId,
    /// Messages that are held because receivers refuse them, as one matter.
    IncidentId,
    /// A mail that came back or was written to us.
    ReplyId,
    /// A server's refusal of a message.
    RefusalId,
    /// Whether a row of a list is somebody whom we know.
    QuestionId,
    /// Whether two names of accounts are one account.
    AccountQuestionId,
    /// What an address has said to a client for good.
    ObjectionId,
    /// Links of a contact that were for another address.
    FormerLinkId,
    /// What keeps senders from sending until a person has confirmed it.
    HoldId,
    PauseId,
    ApprovalId,
    /// Somebody's signature under a list.
    SignatureId,
    /// A code that was mailed to whoever signs.
    CodeId,
    /// A mail that tells what somebody has signed.
    ReceiptId,
    /// A mail that tells a sponsor where the signatures stand.
    SummaryId,
    /// A letter that somebody has sent to himself.
    TestLetterId,
    /// Somebody has taken a signature back.
    WithdrawalId,
    /// What a director has changed on his page, at one press.
    NameChangeId,
    /// Somebody may sign for somebody else.
    DelegationId,
    /// Somebody who signs is away.
    AbsenceId,
    /// What was decided of names that nobody has signed.
    DecisionId,
    /// A link to log in with, good once.
    LoginId,
    /// Somebody has asked for one.
    LoginRequestId,
    /// The key of another program.
    KeyId,
    /// A line of the journal.
    EntryId,
    /// A list that somebody has uploaded.
    UploadId,
    /// What was done to many contacts at one press.
    BulkId,
    /// A telephone call to a contact.
    CallId,
    /// Something that is wrong for longer than can be afforded.
    AlarmId,
    /// What another program is told of an alarm, by a webhook.
    AlarmCallId,
    /// What another program is told of something that has happened.
    EventId,
    /// What was done with a mail on the reply desk.
    DeskActId,
    /// The filter of a list, kept by an operator.
    SavedViewId,
    /// Whoever hears weekly where his part of a round stands, and has a link to his page.
    TeamLinkId,
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn an_id_is_its_text_in_json_in_a_map_and_on_a_page() {
        let id = ContactId::from("c-1");
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"c-1\"");
        assert_eq!(serde_json::from_str::<ContactId>("\"c-1\"").unwrap(), id);
        assert_eq!(HashMap::from([(id.clone(), 7)]).get("c-1"), Some(&7));
        assert_eq!((format!("{id:>5}"), id.as_str(), String::from(id.clone())), ("  c-1".into(), "c-1", "c-1".into()));
    }
}
