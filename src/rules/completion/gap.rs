//! What a round misses, in an order in which somebody can go through it: from whom an answer is easiest to get, and where the most is to
//! gain.
//!
//! Easiest is who has begun already; among others an account counts by what it is worth to the client in a year. Most is to gain at the
//! strategic accounts, and then at the dearest. Whatever is equal keeps the order in which it was given.

use std::cmp::Reverse;
use std::collections::BTreeSet;

/// What is known of an account, as far as its place goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stake {
    pub strategic: bool,
    /// A year's; 0 where the list does not say it.
    pub revenue: i64,
    /// People who could be reached and have not answered.
    pub open: i64,
    /// Of them: who has begun.
    pub begun: i64,
}

/// Silent accounts, the easiest first. One of which nobody can be reached is none of them.
pub fn easiest<T>(mut accounts: Vec<T>, stake: impl Fn(&T) -> Stake) -> Vec<T> {
    accounts.retain(|account| stake(account).open > 0);
    accounts.sort_by_key(|account| {
        let s = stake(account);
        (s.begun == 0, Reverse(s.revenue), !s.strategic, Reverse(s.open))
    });
    accounts
}

/// Accounts, those with the most to gain first: whoever has answered whole comes last.
pub fn most_to_gain<T>(mut accounts: Vec<T>, stake: impl Fn(&T) -> Stake) -> Vec<T> {
    accounts.sort_by_key(|account| {
        let s = stake(account);
        (s.open == 0, !s.strategic, Reverse(s.revenue), Reverse(s.open))
    });
    accounts
}

/// How many accounts the first `n` of these people belong to; `account` names a person's.
pub fn accounts_of<'p, P, A: Ord + 'p>(people: &'p [P], n: usize, account: impl Fn(&'p P) -> A) -> usize {
    people.iter().take(n).map(account).collect::<BTreeSet<A>>().len()
}

/// How much of a role of an account has answered; a word for it stands beside every colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Nobody of it could be asked.
    NobodyToAsk,
    Nobody,
    /// Fewer than half.
    Some,
    /// Half or more.
    Most,
    All,
}

impl Answered {
    pub fn of(completed: i64, reachable: i64) -> Answered {
        match (completed, reachable) {
            (_, base) if base <= 0 => Answered::NobodyToAsk,
            (part, _) if part <= 0 => Answered::Nobody,
            (part, base) if part >= base => Answered::All,
            (part, base) if part * 2 >= base => Answered::Most,
            _ => Answered::Some,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stake(strategic: bool, revenue: i64, open: i64, begun: i64) -> Stake {
        Stake { strategic, revenue, open, begun }
    }

    #[test]
    fn who_has_begun_is_easiest_and_then_the_dearest() {
        let all = vec![
            ("dear", stake(false, 900, 3, 0)),
            ("begun", stake(false, 10, 2, 1)),
            ("begun and dear", stake(false, 500, 2, 1)),
            ("nobody can be reached", stake(true, 9_000, 0, 0)),
            ("not known", stake(false, 0, 8, 0)),
            ("strategic, not known", stake(true, 0, 1, 0)),
        ];
        let names = |accounts: Vec<(&'static str, Stake)>| accounts.iter().map(|a| a.0).collect::<Vec<_>>();
        assert_eq!(
            names(easiest(all.clone(), |a| a.1)),
            ["begun and dear", "begun", "dear", "strategic, not known", "not known"]
        );
        assert_eq!(
            names(most_to_gain(all, |a| a.1)),
            ["strategic, not known", "dear", "begun and dear", "begun", "not known", "nobody can be reached"]
        );
    }

    #[test]
    fn people_are_counted_by_their_accounts_as_far_as_they_are_needed() {
        let people = [(1, "a"), (2, "b"), (3, "a"), (4, "c")];
        assert_eq!([0, 1, 3, 4, 9].map(|n| accounts_of(&people, n, |p| p.1)), [0, 1, 2, 3, 3]);
    }

    #[test]
    fn half_is_most_and_nobody_is_not_the_same_as_nobody_to_ask() {
        let said = [(0, 0), (0, 3), (1, 3), (2, 4), (2, 3), (3, 3)].map(|(part, base)| Answered::of(part, base));
        let wanted =
            [Answered::NobodyToAsk, Answered::Nobody, Answered::Some, Answered::Most, Answered::Most, Answered::All];
        assert_eq!(said, wanted);
    }

    proptest! {
        #[test]
        fn more_revenue_never_makes_an_account_later(
            others in proptest::collection::vec((any::<bool>(), 0i64..1_000, 1i64..9, 0i64..2), 0..12),
            own in (any::<bool>(), 0i64..1_000, 1i64..9, 0i64..2), more in 1i64..1_000,
        ) {
            let place = |revenue: i64| {
                let mut all: Vec<(bool, Stake)> = others.iter().map(|o| (false, stake(o.0, o.1, o.2, o.3))).collect();
                all.push((true, stake(own.0, revenue, own.2, own.3)));
                let at = |all: Vec<(bool, Stake)>| all.iter().position(|a| a.0);
                (at(easiest(all.clone(), |a| a.1)), at(most_to_gain(all, |a| a.1)))
            };
            let (before, after) = (place(own.1), place(own.1 + more));
            prop_assert!(after.0 <= before.0 && after.1 <= before.1);
        }
    }
}
