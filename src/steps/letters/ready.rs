//! Words that somebody of the account team sends to a contact in his own name, from his own mailbox: in the contact's language where there
//! are words in it, else in the round's. They have no link: whoever sends them could answer with it.

use crate::base::problem::Result;
use crate::rules::contacts::row::more::by_placeholder;
use crate::rules::round::Sender;
use crate::steps::contacts::people::particulars::more_columns;
use crate::steps::context::Live;
use crate::store::calling::Candidate;
use crate::store::calling::team::{Invited, TeamLink};

use super::wording::{self, Reader};

/// Whom the words are for.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub account: &'a str,
    pub country: &'a str,
    pub language: &'a str,
    /// JSON: columns of the list that are none of ours.
    pub more: &'a str,
    /// Has begun to answer, where that may be told.
    pub begun: bool,
}

impl<'a> Recipient<'a> {
    pub fn called(person: &'a Candidate) -> Recipient<'a> {
        Recipient {
            first_name: &person.first_name,
            last_name: &person.last_name,
            account: &person.account,
            country: &person.country,
            language: &person.language,
            more: &person.more,
            begun: person.started_at.is_some(),
        }
    }

    /// `named`: who has answered may be told.
    pub fn invited(person: &'a Invited, named: bool) -> Recipient<'a> {
        Recipient {
            first_name: &person.first_name,
            last_name: &person.last_name,
            account: &person.account,
            country: &person.country,
            language: &person.language,
            more: &person.more,
            begun: named && person.started_at.is_some(),
        }
    }
}

/// Ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyText {
    pub language: String,
    pub subject: String,
    /// Paragraphs with an empty line between them, each in one line.
    pub text: String,
}

/// What this reader of ours may send to a contact.
pub fn ready_text(live: &Live, to: &Recipient<'_>, from: &TeamLink) -> Result<ReadyText> {
    let or = |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
    let own = Sender { name: or(&from.name, from.email.as_str()), email: from.email.clone(), title: String::new() };
    let reader = Reader {
        first_name: or(to.first_name, to.last_name),
        last_name: or(to.last_name, to.first_name),
        full_name: format!("{} {}", to.first_name, to.last_name).trim().to_owned(),
        account: to.account.into(),
        country: to.country.into(),
        language: to.language.into(),
        manager_name: own.name.clone(),
        more: by_placeholder(&more_columns(to.more)),
        begun: to.begun,
        ..Reader::default()
    };
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
