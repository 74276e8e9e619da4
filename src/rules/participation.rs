//! What may be told of who has taken part: of nobody by name where the round promises it, and of a few people together no number either
//! from which one could work it out.
//!
//! A number of answers is one cell of a row of two: who has answered, and who has not; how many were asked stands beside it. So a cell that
//! is too small gives itself away, and so does the other one of which it is the rest: the threshold rule and complementary suppression of
//! official statistics (docs/decisions/0062). Nothing is told of anybody through a number that is not told: the one missing in a list can
//! not be had by taking the others from their total.

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

    /// The parts of a whole that stand beside their total: (answered, asked) of each. Where one alone could not be told, a second one is not
    /// told either, the smallest first, until those that are not told give away nothing together; where none is left, the total is not told.
    pub fn beside(self, parts: &[(i64, i64)]) -> Beside {
        let total = sum(parts.iter());
        if self.names() {
            return Beside { total: Some(total.0), parts: parts.iter().map(|part| Some(part.0)).collect() };
        }
        let told_alone = parts.iter().map(|&(completed, of)| self.count(completed, of));
        let mut cells: Vec<(usize, (i64, i64), Option<i64>)> =
            parts.iter().zip(told_alone).enumerate().map(|(at, (part, told))| (at, *part, told)).collect();
        // The smallest first: so many of them are not told beside those of which nothing is told alone.
        cells.sort_by_key(|(_, part, _)| part.1);
        let sorted: Vec<(i64, i64)> = cells.iter().map(|(_, part, _)| *part).collect();
        let told = |hidden: usize| -> Vec<Option<i64>> {
            let is_nobody = |part: &(i64, i64)| part.0 <= 0 && part.1 <= 0;
            let cells = cells.iter().enumerate();
            cells.map(|(n, (_, part, told))| told.filter(|_| n >= hidden || is_nobody(part))).collect()
        };
        let total = self.count(total.0, total.1);
        let enough = match total {
            Some(_) => (0..=cells.len()).find(|&hidden| self.safe_together(&sorted, &told(hidden))),
            None => Some(0),
        };
        let mut parts: Vec<(usize, Option<i64>)> =
            cells.iter().map(|(at, ..)| *at).zip(told(enough.unwrap_or(cells.len()))).collect();
        parts.sort_by_key(|(at, _)| *at);
        Beside { total: total.filter(|_| enough.is_some()), parts: parts.into_iter().map(|(_, told)| told).collect() }
    }

    /// Whether what is not told stays so although its sum can be worked out: the sum could be told itself, and leaves each more than one value.
    fn safe_together(self, parts: &[(i64, i64)], told: &[Option<i64>]) -> bool {
        let hidden = || parts.iter().zip(told).filter(|(_, told)| told.is_none()).map(|(part, _)| part);
        let (completed, of) = sum(hidden());
        if self.count(completed, of).is_none() {
            return false;
        }
        // That nobody of them has answered says of nobody that he has.
        completed == 0 || hidden().all(|part| completed.min(part.1) > (completed - (of - part.1)).max(0))
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

/// The parts of a whole and their total, as far as they may be told beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    pub total: Option<i64>,
    pub parts: Vec<Option<i64>>,
}

fn sum<'p>(parts: impl Iterator<Item = &'p (i64, i64)>) -> (i64, i64) {
    parts.fold((0, 0), |(completed, of), part| (completed + part.0, of + part.1))
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

    fn parts() -> impl Strategy<Value = Vec<(i64, i64)>> {
        let part = (0i64..9).prop_flat_map(|of| (0..=of, Just(of)));
        proptest::collection::vec(part, 1..7)
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
    fn a_second_one_is_not_told_where_one_alone_would_be_worked_out() {
        let rule = Participation::Counts;
        // 3 of 3 is not told, and could be had from the total; the smaller of the others goes with it.
        let told = rule.beside(&[(3, 3), (2, 6), (1, 4)]);
        assert_eq!(told, Beside { total: Some(6), parts: vec![None, Some(2), None] });
        // The twin: nothing needs to be hidden.
        let told = rule.beside(&[(1, 3), (2, 6), (1, 4)]);
        assert_eq!(told, Beside { total: Some(4), parts: vec![Some(1), Some(2), Some(1)] });
        // A part with nobody hides nobody: the total is not told.
        assert_eq!(rule.beside(&[(3, 3), (0, 0)]), Beside { total: None, parts: vec![None, Some(0)] });
        let names = Participation::Names.beside(&[(3, 3), (0, 1)]);
        assert_eq!(names, Beside { total: Some(3), parts: vec![Some(3), Some(0)] });
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
        fn what_is_not_told_cannot_be_worked_out_from_the_total(rule in any_rule(), parts in parts()) {
            let told = rule.beside(&parts);
            prop_assert_eq!(told.parts.len(), parts.len());
            let whole = sum(parts.iter());
            prop_assert!(told.total.is_none_or(|total| rule.count(whole.0, whole.1) == Some(total)));
            for (one, part) in told.parts.iter().zip(&parts) {
                // Never more than the number alone would tell.
                prop_assert!(one.is_none_or(|n| rule.count(part.0, part.1) == Some(n)));
            }
            let hidden: Vec<(i64, i64)> =
                told.parts.iter().zip(&parts).filter(|(one, _)| one.is_none()).map(|(_, part)| *part).collect();
            if told.total.is_some() && !hidden.is_empty() {
                let together = sum(hidden.iter());
                prop_assert!(rule.count(together.0, together.1).is_some(), "the rest of the total is told by itself");
                // Every one of them could be another number with all that is told as it is.
                let free = |part: &(i64, i64)| {
                    let others = together.1 - part.1;
                    (0..=part.1).filter(|n| (0..=others).contains(&(together.0 - n))).count() >= 2
                };
                prop_assert!(together.0 == 0 || hidden.iter().all(free));
            }
            if rule.names() {
                prop_assert!(hidden.is_empty() && told.total == Some(whole.0));
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
