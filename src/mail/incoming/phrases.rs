//! What the words of a refusal mean: one table for all servers and languages.
//!
//! The phrases stand in `words/refusals.txt`. Where several meanings are found, the one that stands first in [`Meaning`] counts: whatever
//! speaks against a dead address outweighs what speaks for one.

use super::codes::Status;
use super::words;

/// Why a mail did not arrive, in the order in which the meanings outweigh each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
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
    /// Said of dead addresses and of others: counts only where the conversation proves that it was about the address.
    Unavailable,
    Moved,
    NoSuchDomain,
    NoSuchUser,
    Closed,
    /// As `Unavailable`, but clearer words beside it decide.
    Refused,
}

impl Meaning {
    /// RFC 3463.
    pub fn status(self) -> Status {
        match self {
            Meaning::Policy => (5, 7, 1),
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

const IN_ORDER: [(Meaning, &str); 14] = [
    (Meaning::Policy, "policy"),
    (Meaning::Sender, "sender"),
    (Meaning::Full, "full"),
    (Meaning::TooLarge, "too_large"),
    (Meaning::Fault, "fault"),
    (Meaning::Expired, "expired"),
    (Meaning::TryLater, "try_later"),
    (Meaning::Suspended, "suspended"),
    (Meaning::Unavailable, "unavailable"),
    (Meaning::Moved, "moved"),
    (Meaning::NoSuchDomain, "no_such_domain"),
    (Meaning::NoSuchUser, "no_such_user"),
    (Meaning::Closed, "closed"),
    (Meaning::Refused, "refused"),
];

/// The meaning that weighs most. `text` is in lower case, on one line, without addresses.
pub fn meaning(text: &str) -> Option<Meaning> {
    IN_ORDER.into_iter().find(|(_, section)| words::any(section, text)).map(|(meaning, _)| meaning)
}
