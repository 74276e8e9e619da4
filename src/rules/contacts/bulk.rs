//! What an operator does to many contacts at one press: to whom it may be done, why not to the others, and how it is told afterwards.
//!
//! Promises: nobody is touched to whom the same could not be done on his own page, and everybody who is left as he was is told with the
//! reason.

use std::collections::BTreeMap;

use crate::base::counted::{counted, form};
use crate::rules::participation::Participation;
use crate::rules::plan::Reason;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Holds what would go next; nothing follows it while it is held.
    Pause,
    /// Releases what is held.
    Resume,
    TryAgain,
    /// Not in this round.
    OptOut,
    NeverAgain,
    Remove,
    PutBack,
}

impl Act {
    pub const ALL: [Act; 7] =
        [Act::Pause, Act::Resume, Act::TryAgain, Act::OptOut, Act::NeverAgain, Act::Remove, Act::PutBack];

    /// What is done to the next letter of each would tell who gets none any more.
    pub fn is_offered(self, told: Participation) -> bool {
        told.names() || !matches!(self, Act::Pause | Act::Resume | Act::TryAgain)
    }

    pub fn offered(told: Participation) -> impl Iterator<Item = Act> {
        Act::ALL.into_iter().filter(move |act| act.is_offered(told))
    }

    /// Contract: the words stand in databases.
    pub fn as_str(self) -> &'static str {
        match self {
            Act::Pause => "pause",
            Act::Resume => "resume",
            Act::TryAgain => "try_again",
            Act::OptOut => "opt_out",
            Act::NeverAgain => "never_again",
            Act::Remove => "remove",
            Act::PutBack => "put_back",
        }
    }

    pub fn parse(text: &str) -> Option<Act> {
        Act::ALL.into_iter().find(|act| act.as_str() == text)
    }

    /// As a choice: "Pause what comes next".
    pub fn label(self) -> &'static str {
        match self {
            Act::Pause => "Pause what comes next",
            Act::Resume => "Resume: release what is held",
            Act::TryAgain => "Try again what has failed",
            Act::OptOut => "Leave out of this round",
            Act::NeverAgain => "Never write again",
            Act::Remove => "Take off the list",
            Act::PutBack => "Put back on the list",
        }
    }

    /// What it does to each of them, in a sentence or two.
    pub fn explain(self) -> &'static str {
        match self {
            Act::Pause => {
                "Their next message is held, and nothing follows it until it is released. Answers are taken as before."
            }
            Act::Resume => "What is held for them is planned again, for its own time or for now where that is over.",
            Act::TryAgain => "The last message that failed is planned again, for now.",
            Act::OptOut => {
                "For people who asked us so by mail or phone. Nothing more is sent in this round; the next one asks again."
            }
            Act::NeverAgain => {
                "For people who asked us so by mail or phone. It holds in this and every later round of the client."
            }
            Act::Remove => "Nothing more is sent. The others of their accounts stay signed.",
            Act::PutBack => "The names are signed again before anything is sent to them.",
        }
    }

    /// What the reason is asked as; none where none is asked for.
    pub fn asks_why(self) -> Option<&'static str> {
        match self {
            Act::OptOut | Act::NeverAgain => Some("How we were asked"),
            Act::Remove => Some("Why"),
            Act::Pause | Act::Resume | Act::TryAgain | Act::PutBack => None,
        }
    }

    /// What takes it back.
    pub fn undone_by(self) -> Option<Act> {
        match self {
            Act::Pause => Some(Act::Resume),
            Act::Remove => Some(Act::PutBack),
            Act::Resume | Act::TryAgain | Act::OptOut | Act::NeverAgain | Act::PutBack => None,
        }
    }

    /// Whether names come to a list or go by it, so that their accounts stand anew.
    pub fn changes_names(self) -> bool {
        matches!(self, Act::Remove | Act::PutBack)
    }

    /// On the button: "Pause 38 people".
    pub fn button(self, people: usize) -> String {
        let people = counted(people, "person", "people");
        match self {
            Act::Pause => format!("Pause {people}"),
            Act::Resume => format!("Resume {people}"),
            Act::TryAgain => format!("Try {people} again"),
            Act::OptOut => format!("Leave {people} out of this round"),
            Act::NeverAgain => format!("Never write to {people} again"),
            Act::Remove => format!("Take {people} off the list"),
            Act::PutBack => format!("Put {people} back on the list"),
        }
    }

    /// "38 of 40 paused".
    pub fn done(self, done: usize, chosen: usize) -> String {
        let what = match self {
            Act::Pause => "paused",
            Act::Resume => "resumed",
            Act::TryAgain => "tried again",
            Act::OptOut => "left out of this round",
            Act::NeverAgain => "never written to again",
            Act::Remove => "taken off the list",
            Act::PutBack => "put back on the list",
        };
        format!("{done} of {chosen} {what}")
    }
}

/// Where the next message of somebody stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Next {
    #[default]
    None,
    /// Planned, or claimed by a sender that has written nothing yet.
    Planned,
    Held,
    /// Being sent at this moment.
    Leaving,
}

/// What is asked of one contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub removed: bool,
    pub completed: bool,
    /// In this round.
    pub opted_out: bool,
    /// In every round of the client.
    pub objected: bool,
    pub left: bool,
    pub undeliverable: bool,
    pub next: Next,
    /// The last message that is over, not counting what was withdrawn, has failed.
    pub failed: bool,
    /// Why that message would not go if it were tried again.
    pub forbidden: Option<Reason>,
}

/// Why somebody is left as he is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyNot {
    Answered,
    OffTheList,
    OnTheList,
    OptedOut,
    NeverAgain,
    HasLeft,
    Undeliverable,
    NothingPlanned,
    Paused,
    NotPaused,
    Leaving,
    NothingFailed,
    /// Nothing goes before the name is signed off, once more where it has changed.
    NotSigned,
    /// It is a reminder, and no more of them are wanted.
    NotChased,
    /// Somebody else has the address by now.
    AddressTaken,
    /// What would be taken back is not there any more: somebody has set the same anew.
    SetAgain,
    /// His row cannot be read, or he is not in the round.
    Unknown,
}

impl WhyNot {
    pub const ALL: [WhyNot; 17] = [
        WhyNot::Answered,
        WhyNot::OffTheList,
        WhyNot::OnTheList,
        WhyNot::OptedOut,
        WhyNot::NeverAgain,
        WhyNot::HasLeft,
        WhyNot::Undeliverable,
        WhyNot::NothingPlanned,
        WhyNot::Paused,
        WhyNot::NotPaused,
        WhyNot::Leaving,
        WhyNot::NothingFailed,
        WhyNot::NotSigned,
        WhyNot::NotChased,
        WhyNot::AddressTaken,
        WhyNot::SetAgain,
        WhyNot::Unknown,
    ];

    /// Contract: the words stand in databases.
    pub fn as_str(self) -> &'static str {
        match self {
            WhyNot::Answered => "answered",
            WhyNot::OffTheList => "off_the_list",
            WhyNot::OnTheList => "on_the_list",
            WhyNot::OptedOut => "opted_out",
            WhyNot::NeverAgain => "never_again",
            WhyNot::HasLeft => "has_left",
            WhyNot::Undeliverable => "undeliverable",
            WhyNot::NothingPlanned => "nothing_planned",
            WhyNot::Paused => "paused",
            WhyNot::NotPaused => "not_paused",
            WhyNot::Leaving => "leaving",
            WhyNot::NothingFailed => "nothing_failed",
            WhyNot::NotSigned => "not_signed",
            WhyNot::NotChased => "not_chased",
            WhyNot::AddressTaken => "address_taken",
            WhyNot::SetAgain => "set_again",
            WhyNot::Unknown => "unknown",
        }
    }

    /// Words of another version say nothing that this one could.
    pub fn parse(text: &str) -> WhyNot {
        WhyNot::ALL.into_iter().find(|why| why.as_str() == text).unwrap_or(WhyNot::Unknown)
    }

    /// Behind a number of people: "have answered", "has answered".
    pub fn of(self, people: usize) -> &'static str {
        let (one, many) = match self {
            WhyNot::Answered => ("has answered", "have answered"),
            WhyNot::OffTheList => ("is off the list", "are off the list"),
            WhyNot::OnTheList => ("is on the list", "are on the list"),
            WhyNot::OptedOut => ("has opted out", "have opted out"),
            WhyNot::NeverAgain => ("is never written to already", "are never written to already"),
            WhyNot::HasLeft => ("has left the company", "have left the company"),
            WhyNot::Undeliverable => ("has an address that takes no mail", "have addresses that take no mail"),
            WhyNot::NothingPlanned => ("has no message planned", "have no message planned"),
            WhyNot::Paused => ("was paused before", "were paused before"),
            WhyNot::NotPaused => ("has nothing that is held", "have nothing that is held"),
            WhyNot::Leaving => ("has a message on its way", "have messages on their way"),
            WhyNot::NothingFailed => ("has no message that failed", "have no message that failed"),
            WhyNot::NotSigned => ("is not signed off", "are not signed off"),
            WhyNot::NotChased => ("gets no more reminders", "get no more reminders"),
            WhyNot::AddressTaken => (
                "has an address that is somebody else\u{2019}s by now",
                "have addresses that are somebody else\u{2019}s by now",
            ),
            WhyNot::SetAgain => ("was held or taken off again since", "were held or taken off again since"),
            WhyNot::Unknown => ("is not known in this round", "are not known in this round"),
        };
        form(people, one, many)
    }
}

/// Whether it may be done to somebody of whom this is known.
pub fn may(act: Act, f: &Facts) -> Result<(), WhyNot> {
    let forbids = || match f {
        Facts { removed: true, .. } => Err(WhyNot::OffTheList),
        Facts { completed: true, .. } => Err(WhyNot::Answered),
        Facts { objected: true, .. } | Facts { opted_out: true, .. } => Err(WhyNot::OptedOut),
        Facts { left: true, .. } => Err(WhyNot::HasLeft),
        Facts { undeliverable: true, .. } => Err(WhyNot::Undeliverable),
        _ => Ok(()),
    };
    match act {
        Act::Pause => forbids().and(match f.next {
            Next::Planned => Ok(()),
            Next::Held => Err(WhyNot::Paused),
            Next::Leaving => Err(WhyNot::Leaving),
            Next::None => Err(WhyNot::NothingPlanned),
        }),
        Act::Resume => forbids().and(if f.next == Next::Held { Ok(()) } else { Err(WhyNot::NotPaused) }),
        Act::TryAgain => forbids().and(match f.forbidden {
            _ if !f.failed => Err(WhyNot::NothingFailed),
            None => Ok(()),
            Some(Reason::NotChased) => Err(WhyNot::NotChased),
            Some(Reason::NotSignedOff | Reason::ListChanged) => Err(WhyNot::NotSigned),
            Some(_) => Err(WhyNot::NothingPlanned),
        }),
        Act::OptOut if f.removed => Err(WhyNot::OffTheList),
        Act::OptOut if f.opted_out || f.objected => Err(WhyNot::OptedOut),
        Act::NeverAgain if f.objected => Err(WhyNot::NeverAgain),
        Act::OptOut | Act::NeverAgain => Ok(()),
        Act::Remove if f.removed => Err(WhyNot::OffTheList),
        // His answers are counted, and stay so.
        Act::Remove if f.completed => Err(WhyNot::Answered),
        Act::Remove => Ok(()),
        Act::PutBack if f.removed => Ok(()),
        Act::PutBack => Err(WhyNot::OnTheList),
    }
}

/// "38 of 40 paused; 2 have answered": what became of all, the reasons by how many they concern.
pub fn told(act: Act, done: usize, left: &BTreeMap<WhyNot, usize>) -> String {
    let chosen = done + left.values().sum::<usize>();
    let mut said = act.done(done, chosen);
    for part in reasons(left) {
        said.push_str("; ");
        said.push_str(&part);
    }
    said
}

/// "2 have answered", the most frequent first.
pub fn reasons(left: &BTreeMap<WhyNot, usize>) -> Vec<String> {
    let mut all: Vec<(WhyNot, usize)> = left.iter().map(|(why, n)| (*why, *n)).filter(|(_, n)| *n > 0).collect();
    all.sort_by_key(|(why, n)| (std::cmp::Reverse(*n), *why));
    all.into_iter().map(|(why, n)| format!("{n} {}", why.of(n))).collect()
}

#[cfg(test)]
#[path = "bulk_tests.rs"]
mod tests;
