//! Words that somebody of the account team sends to a contact in his own name, from his own mailbox: in the contact's language where there
//! are words in it, else in the round's. They have no link: whoever sends them could answer with it.

use crate::base::problem::Result;
use crate::rules::message::MessageKind;
use crate::rules::round::Sender;
use crate::steps::context::Live;
use crate::store::calling::team::TeamLink;
use crate::store::contacts::Person;

use super::wording::{self, Reader};

/// Ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyText {
    pub language: String,
    pub subject: String,
    /// Paragraphs with an empty line between them, each in one line.
    pub text: String,
}

/// What this reader of ours may send to a contact. That he has begun is said where the round tells names.
pub fn ready_text(live: &Live, to: &Person, from: &TeamLink) -> Result<ReadyText> {
    let name = if from.name.is_empty() { from.email.as_str() } else { &from.name };
    let own = Sender { name: name.to_owned(), email: from.email.clone(), title: String::new() };
    let reader = Reader::of(live, to, MessageKind::Reminder, 1);
    let begun = reader.begun && live.spec.participation.names();
    let reader = Reader { manager_name: own.name.clone(), begun, ..reader };
    let (language, words) = wording::in_own_name(live, &reader, &own)?;
    Ok(ReadyText { language, subject: words.subject, text: unbroken(&words.text) })
}

/// Without the line breaks within a paragraph: a mail program makes its own.
fn unbroken(text: &str) -> String {
    let paragraphs = text.trim().split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::unbroken;

    #[test]
    fn lines_are_broken_by_whoever_sends_them() {
        assert_eq!(unbroken("Dear Ann,\n\nplease\nanswer.\n\nMax\n"), "Dear Ann,\n\nplease answer.\n\nMax");
        assert_eq!(unbroken(""), "");
    }
}
