//! What may be told of who has taken part: of nobody by name where the round promises it, and of a few people together no number either
//! from which one could work it out.
//!
//! A number of answers is one cell of a row of two: who has answered, and who has not; how many were asked stands beside it. So a cell that
//! is too small gives itself away, and so does the other one of which it is the rest: the threshold rule and complementary suppression of
//! official statistics (docs/decisions/0062). Nothing is told of anybody through a number that is not told: see [`accounts`] for numbers
//! that stand beside each other.

pub mod accounts;

use serde::{Deserialize, Serialize};

use crate::rules::journal::Action;
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::plan::Reason;
use crate::rules::sending::reason::MessageReason;

/// What a round tells of who has taken part. Of what people have answered it says nothing at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Setting", into = "Setting")]
pub enum Participation {
    /// Who has answered, by name.
    #[default]
    Names,
    /// How many, unless all or all but one of them have.
    Counts,
    /// How many, where so many have answered and so many have not.
    CountsFrom(u32),
}

/// As it stands in `round.toml`.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    told: Told,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<u32>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Names,
    Counts,
}

impl From<Setting> for Participation {
    fn from(setting: Setting) -> Participation {
        match (setting.told, setting.from) {
            (Told::Names, _) => Participation::Names,
            (Told::Counts, None) => Participation::Counts,
            (Told::Counts, Some(n)) => Participation::CountsFrom(n),
        }
    }
}

impl From<Participation> for Setting {
    fn from(participation: Participation) -> Setting {
        match participation {
            Participation::Names => Setting { told: Told::Names, from: None },
            Participation::Counts => Setting { told: Told::Counts, from: None },
            Participation::CountsFrom(n) => Setting { told: Told::Counts, from: Some(n) },
        }
    }
}

/// Why a task about somebody is closed who answers: the words that the journal keeps.
pub const HAS_ANSWERED: &str = "has answered";

/// So many at least have not answered where a number is told: beside one alone it would say of all others that they have.
const FEWEST_LEFT: i64 = 2;

impl Participation {
    /// Whether it may be told of somebody that he has answered, or has not.
    pub fn names(self) -> bool {
        self == Participation::Names
    }

    /// Whether it may be told to whom letters of this kind go: reminders go to those alone who have not answered, thanks to those who have.
    pub fn letter(self, kind: MessageKind) -> bool {
        self.names() || !matches!(kind, MessageKind::Reminder | MessageKind::ThankYou)
    }

    /// Whether it may be told that somebody has, or is to get, this letter. One that waits for an act of somebody is told, without what it is.
    pub fn letter_to(self, kind: MessageKind, state: MessageState) -> bool {
        let waits_for_an_act = matches!(state, MessageState::InDoubt | MessageState::Held | MessageState::Failed);
        self.letter(kind) || waits_for_an_act
    }

    /// Whether it may be told why a letter to somebody stands where it stands.
    pub fn why(self, kind: MessageKind, reason: &str) -> bool {
        let of_answers = || match MessageReason::read(reason) {
            MessageReason::Rule(rule) => matches!(
                rule,
                Reason::Completed
                    | Reason::NotCompleted
                    | Reason::NotInAudience
                    | Reason::AlreadyPlanned
                    | Reason::SequenceFinished
            ),
            MessageReason::LinkUsed | MessageReason::NoSignOfArrival => true,
            _ => false,
        };
        self.names() || (self.letter(kind) && !(kind.to_contact() && of_answers()))
    }

    /// Whether an entry of the journal about a person may be told.
    pub fn entry(self, action: &str, detail: &str) -> bool {
        let of_answers = || match Action::parse(action) {
            // What a program of another version has noted says nobody knows what.
            None => true,
            Some(Action::ClosedTask) => detail.contains(HAS_ANSWERED),
            Some(action) => matches!(
                action,
                Action::SentAnswers
                    | Action::SetAnswersAside
                    | Action::HandedOverAgain
                    | Action::HandedOverSetAside
                    | Action::ConfirmedArrival
                    | Action::Repeats
                    | Action::Held
                    | Action::Released
                    | Action::TriedAgain
                    | Action::SentAgain
                    | Action::IsInDoubt
            ),
        };
        self.names() || !of_answers()
    }

    /// `completed` of `of` people, where that may be told.
    pub fn count(self, completed: i64, of: i64) -> Option<i64> {
        // Of nobody nothing can be said.
        if of <= 0 && completed <= 0 {
            return Some(0);
        }
        let left = of - completed;
        let told = match self {
            Participation::Names => true,
            Participation::Counts => left >= FEWEST_LEFT,
            Participation::CountsFrom(n) => completed >= i64::from(n) && left >= i64::from(n).max(FEWEST_LEFT),
        };
        told.then_some(completed)
    }

    /// Of how many people those who have answered are told. Whoever cannot be reached counts among the reachable once he has answered, so
    /// that number would rise with him: where no names are told it is of everybody who was invited.
    pub fn base(self, invited: i64, reachable: i64) -> i64 {
        if self.names() { reachable } else { invited }
    }

    /// Whether nothing is told that `before` did not tell.
    pub fn tells_no_more_than(self, before: Participation) -> bool {
        match (before, self) {
            (Participation::Names, _) => true,
            (_, Participation::Names) => false,
            (Participation::Counts, _) => true,
            (Participation::CountsFrom(n), Participation::Counts) => n == 0,
            (Participation::CountsFrom(n), Participation::CountsFrom(m)) => m >= n,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn any_rule() -> impl Strategy<Value = Participation> {
        prop_oneof![
            Just(Participation::Names),
            Just(Participation::Counts),
            (0u32..6).prop_map(Participation::CountsFrom)
        ]
    }

    #[test]
    fn a_count_is_told_where_it_names_nobody() {
        let told = |rule: Participation, of: i64| (0..=of).filter(|&n| rule.count(n, of).is_some()).collect::<Vec<_>>();
        assert_eq!(told(Participation::Names, 2), [0, 1, 2]);
        // All, and all but one, tell of each whether he has.
        assert_eq!(told(Participation::Counts, 5), [0, 1, 2, 3]);
        assert_eq!(told(Participation::Counts, 2), [0]);
        assert_eq!(told(Participation::Counts, 1), Vec::<i64>::new());
        assert_eq!(told(Participation::CountsFrom(4), 10), [4, 5, 6]);
        assert_eq!(told(Participation::CountsFrom(4), 7), Vec::<i64>::new());
        // Of nobody nothing is hidden.
        for rule in [Participation::Names, Participation::Counts, Participation::CountsFrom(4)] {
            assert_eq!(rule.count(0, 0), Some(0));
        }
        assert_eq!(Participation::Counts.count(2, 0), None, "more than were asked");
    }

    #[test]
    fn of_how_many_does_not_tell_who_of_those_that_are_not_reached_has_answered() {
        // Ten were invited; one of them cannot be reached, and counts as reached once he has answered.
        assert_eq!([9, 10].map(|reachable| Participation::Counts.base(10, reachable)), [10, 10]);
        assert_eq!([9, 10].map(|reachable| Participation::Names.base(10, reachable)), [9, 10]);
    }

    #[test]
    fn it_is_written_as_the_folder_has_it() {
        let cases = [
            (json!({"told": "names"}), Participation::Names),
            (json!({"told": "counts"}), Participation::Counts),
            (json!({"told": "counts", "from": 4}), Participation::CountsFrom(4)),
        ];
        for (text, value) in cases {
            assert_eq!(serde_json::from_value::<Participation>(text.clone()).unwrap(), value);
            assert_eq!(serde_json::to_value(value).unwrap(), text);
        }
        assert!(serde_json::from_value::<Participation>(json!({"told": "everything"})).is_err());
    }

    #[test]
    fn letters_that_only_some_get_are_told_to_nobody_by_name() {
        let (names, counts) = (Participation::Names, Participation::Counts);
        for kind in MessageKind::ALL {
            assert!(names.letter(kind));
            assert_eq!(counts.letter(kind), !matches!(kind, MessageKind::Reminder | MessageKind::ThankYou), "{kind}");
        }
        assert!(counts.letter_to(MessageKind::Reminder, MessageState::InDoubt), "somebody has to act on it");
        assert!(!counts.letter_to(MessageKind::Reminder, MessageState::Sent));
        assert!(counts.letter_to(MessageKind::Invitation, MessageState::Sent));
    }

    #[test]
    fn what_says_that_somebody_has_answered_is_not_told_and_the_rest_is() {
        let (names, counts) = (Participation::Names, Participation::CountsFrom(4));
        let invitation = MessageKind::Invitation;
        for reason in [Reason::Completed.as_str(), "the link in it was used", Reason::NotCompleted.as_str()] {
            assert!(names.why(invitation, reason) && !counts.why(invitation, reason), "{reason}");
        }
        for reason in [Reason::OptedOut.as_str(), Reason::Undeliverable.as_str(), "came back: 550 no such user"] {
            assert!(counts.why(invitation, reason), "{reason}");
        }
        assert!(!counts.why(MessageKind::Reminder, Reason::OptedOut.as_str()), "nothing is said of a reminder");
        assert!(counts.why(MessageKind::Digest, Reason::Superseded.as_str()));
        for action in [Action::SentAnswers, Action::SetAnswersAside, Action::HandedOverAgain] {
            assert!(names.entry(action.as_str(), "") && !counts.entry(action.as_str(), ""), "{action}");
        }
        assert!(!counts.entry(Action::ClosedTask.as_str(), HAS_ANSWERED));
        assert!(counts.entry(Action::ClosedTask.as_str(), "corrected by hand"));
        for action in [Action::OptedOut, Action::HasLeft, Action::FoundUndeliverable, Action::Called, Action::Removed] {
            assert!(counts.entry(action.as_str(), ""), "{action}");
        }
        assert!(!counts.entry("words of another version", ""));
    }

    proptest! {
        #[test]
        fn no_count_says_of_all_that_they_have_answered(rule in any_rule(), of in 1i64..40, n in 0i64..40) {
            prop_assume!(n <= of && !rule.names());
            // What is not told is never one value alone: that would be told by its absence.
            let hidden = (0..=of).filter(|&n| rule.count(n, of).is_none()).count();
            prop_assert!(hidden >= 2);
            if let Some(told) = rule.count(n, of) {
                prop_assert!(told == n && of - n >= 2);
                if let Participation::CountsFrom(least) = rule {
                    prop_assert!(n >= i64::from(least) && of - n >= i64::from(least));
                }
            }
        }

        #[test]
        fn a_rule_that_tells_no_more_tells_no_more(a in any_rule(), b in any_rule(), of in 0i64..30, n in 0i64..30) {
            prop_assume!(n <= of && b.tells_no_more_than(a));
            prop_assert!(a.names() || !b.names());
            prop_assert!(b.count(n, of).is_none() || a.count(n, of).is_some());
        }
    }
}
