//! What the words of a refusal mean: one table for all servers and languages.
//!
//! The phrases stand in `refusals.txt`. Where several meanings are found, the one that stands first in [`Meaning`] counts: whatever
//! speaks against a dead address outweighs what speaks for one.

use std::sync::LazyLock;

use crate::rules::text::word_tables::Table;

use super::codes::Status;

static WORDS: LazyLock<Table> = LazyLock::new(|| Table::read(&[include_str!("refusals.txt")]));

/// Why a mail did not arrive, in the order in which the meanings outweigh each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// What Exchange Online says of somebody who is not in its directory; the words alone are those of a policy.
    NotInDirectory,
    /// Our relay, our account there or our host was refused, for whatever it does not do or is not.
    Ours,
    /// Refused for what the sender is said to be or to send.
    Policy,
    /// The sender's own address was refused.
    Sender,
    Full,
    TooLarge,
    /// Something over there is broken, or has a rule against this kind of mail.
    Fault,
    Expired,
    TryLater,
    /// Switched off; RFC 3463 leaves open whether for good.
    Suspended,
    Moved,
    NoSuchDomain,
    NoSuchUser,
    Closed,
    /// Said of dead addresses and of others: clearer words beside it decide, or a code that proves it.
    Unavailable,
    /// The same.
    Refused,
}

impl Meaning {
    /// Says that something else than the address is at fault, or that it is not for good.
    pub fn is_against(self) -> bool {
        (Meaning::Ours..=Meaning::Suspended).contains(&self)
    }

    /// RFC 3463.
    pub fn status(self) -> Status {
        match self {
            Meaning::NotInDirectory => (5, 4, 1),
            Meaning::Policy | Meaning::Ours => (5, 7, 1),
            Meaning::Sender => (5, 1, 8),
            Meaning::Full => (5, 2, 2),
            Meaning::TooLarge => (5, 3, 4),
            Meaning::Fault => (5, 3, 0),
            Meaning::Expired => (5, 4, 7),
            Meaning::TryLater => (4, 0, 0),
            Meaning::Moved => (5, 1, 6),
            Meaning::NoSuchUser | Meaning::Unavailable | Meaning::Refused => (5, 1, 1),
            Meaning::NoSuchDomain => (5, 1, 2),
            Meaning::Suspended | Meaning::Closed => (5, 2, 1),
        }
    }
}

const IN_ORDER: [(Meaning, &str); 16] = [
    (Meaning::NotInDirectory, "not_in_directory"),
    (Meaning::Ours, "ours"),
    (Meaning::Policy, "policy"),
    (Meaning::Sender, "sender"),
    (Meaning::Full, "full"),
    (Meaning::TooLarge, "too_large"),
    (Meaning::Fault, "fault"),
    (Meaning::Expired, "expired"),
    (Meaning::TryLater, "try_later"),
    (Meaning::Suspended, "suspended"),
    (Meaning::Moved, "moved"),
    (Meaning::NoSuchDomain, "no_such_domain"),
    (Meaning::NoSuchUser, "no_such_user"),
    (Meaning::Closed, "closed"),
    (Meaning::Unavailable, "unavailable"),
    (Meaning::Refused, "refused"),
];

/// The meaning that weighs most. `text` is in lower case, on one line, without addresses.
pub fn meaning(text: &str) -> Option<Meaning> {
    let text = without_idle_words(text);
    IN_ORDER.into_iter().find(|(_, section)| WORDS.any(section, &text)).map(|(meaning, _)| meaning)
}

/// Whether a text in lower case says any phrase of a section; the names are in the code, so one that is missing is seen by the tests.
pub fn says(section: &str, text: &str) -> bool {
    WORDS.any(section, text)
}

/// Whether a text in lower case names a policy: of ours or theirs, but not the mailbox.
pub fn says_policy(text: &str) -> bool {
    matches!(meaning(text), Some(Meaning::Policy | Meaning::Ours | Meaning::Sender))
}

/// Without what names a table or a courtesy and means nothing by it.
fn without_idle_words(text: &str) -> String {
    WORDS.list("idle").iter().fold(text.to_owned(), |text, idle| text.replace(idle, " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_has_its_words_in_lower_case() {
        for (_, section) in IN_ORDER {
            assert!(!WORDS.list(section).is_empty(), "{section}");
        }
        for section in ["idle", "final", "listed", "greylisted", "too_fast"] {
            assert!(!WORDS.list(section).is_empty(), "{section}");
        }
        for (name, list) in WORDS.sections() {
            for phrase in list {
                assert_eq!(&phrase.to_lowercase(), phrase, "{name}");
            }
        }
    }
}
