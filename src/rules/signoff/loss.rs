//! What a round loses where nobody signs: people, their revenue, and targets that are then out of reach (decision 0055).
//!
//! Measured against the whole list. The status of a round counts only those who were invited, and would call a target reached of which a
//! third of the accounts never heard.

use std::iter::Sum;
use std::ops::Add;

use crate::rules::completion::whole_percent;
use crate::rules::round::{Level, Target};

/// What waits for signatures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtStake {
    /// Accounts of which no name is signed.
    pub accounts: i64,
    /// Names that are not signed, also those of accounts of which others are.
    pub names: i64,
    /// Of the names: key decision makers.
    pub deciders: i64,
    /// In a year, of those accounts.
    pub revenue: i64,
    /// How many of those accounts have none on the list.
    pub without_revenue: i64,
}

impl Add for AtStake {
    type Output = AtStake;

    fn add(self, other: AtStake) -> AtStake {
        AtStake {
            accounts: self.accounts + other.accounts,
            names: self.names + other.names,
            deciders: self.deciders + other.deciders,
            revenue: self.revenue.saturating_add(other.revenue),
            without_revenue: self.without_revenue + other.without_revenue,
        }
    }
}

impl Sum for AtStake {
    fn sum<I: Iterator<Item = AtStake>>(all: I) -> AtStake {
        all.fold(AtStake::default(), Add::add)
    }
}

/// All that is on the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    pub accounts: i64,
    pub names: i64,
    /// Of all accounts that say theirs.
    pub revenue: i64,
    /// What all customers are worth to the client in a year, where the round says it.
    pub client_revenue: Option<i64>,
}

/// A share in whole percent, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub percent: u64,
    /// Of all that the client earns; else of the list.
    pub of_the_client: bool,
}

impl Listed {
    /// None where no revenue is known.
    pub fn share(&self, stake: &AtStake) -> Option<Share> {
        let whole = |of: Option<i64>, of_the_client| Some((of.filter(|of| *of > 0)?, of_the_client));
        let (base, of_the_client) = whole(self.client_revenue, true).or_else(|| whole(Some(self.revenue), false))?;
        // A list may claim more than the client says to have.
        let percent = whole_percent(stake.revenue.max(0) as u64, base as u64).min(100);
        Some(Share { percent, of_the_client })
    }

    /// Those of the targets that nobody can reach any more when this stays unsigned, although everybody else answers.
    pub fn out_of_reach(&self, targets: &[Target], stake: &AtStake) -> Vec<Target> {
        let is_lost = |target: &&Target| {
            let (all, lost) = match target.level {
                Level::Accounts => (self.accounts, stake.accounts),
                Level::Individual => (self.names, stake.names),
            };
            // As `completion::target_status` counts: 0.9 of 50 is 45.
            let needed = (target.target * all as f64 - 1e-9).ceil() as i64;
            all - lost < needed
        };
        targets.iter().filter(is_lost).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::round::usual_targets;

    fn stake(accounts: i64, names: i64, revenue: i64) -> AtStake {
        AtStake { accounts, names, revenue, ..AtStake::default() }
    }

    #[test]
    fn a_target_is_out_of_reach_when_those_who_are_left_are_too_few() {
        let list = Listed { accounts: 50, names: 1_000, revenue: 0, client_revenue: None };
        for (accounts, names, lost) in [
            (0, 0, vec![]),
            // 45 of 50 are 90 %.
            (5, 100, vec![]),
            (6, 100, vec![0.9]),
            (6, 250, vec![0.9]),
            (6, 251, vec![0.75, 0.9]),
            (50, 1_000, vec![0.5, 0.75, 0.9]),
            // Of every account somebody is signed.
            (0, 501, vec![0.5, 0.75]),
        ] {
            let found = list.out_of_reach(&usual_targets(), &stake(accounts, names, 0));
            assert_eq!(found.iter().map(|t| t.target).collect::<Vec<_>>(), lost, "{accounts} {names}");
        }
    }

    #[test]
    fn a_share_is_of_what_the_client_says_else_of_the_list_else_none() {
        let list = Listed { accounts: 2, names: 9, revenue: 400, client_revenue: None };
        let of = |list: Listed, revenue| list.share(&stake(1, 4, revenue)).map(|s| (s.percent, s.of_the_client));
        assert_eq!(of(list, 100), Some((25, false)));
        assert_eq!(of(Listed { client_revenue: Some(1_000), ..list }, 100), Some((10, true)));
        assert_eq!(of(Listed { client_revenue: Some(0), ..list }, 100), Some((25, false)));
        assert_eq!(of(Listed { revenue: 0, ..list }, 0), None);
        assert_eq!(of(Listed { client_revenue: Some(50), ..list }, 100), Some((100, true)));
        // Somebody is never nobody.
        assert_eq!(of(Listed { client_revenue: Some(1_000_000), ..list }, 1), Some((1, true)));
    }

    proptest! {
        #[test]
        fn who_loses_more_reaches_no_more(
            accounts in 0i64..300, names in 0i64..3_000, lost in (0i64..300, 0i64..3_000), more in (0i64..300, 0i64..3_000),
        ) {
            let list = Listed { accounts, names, ..Listed::default() };
            let less = stake(lost.0.min(accounts), lost.1.min(names), 0);
            let all = less + stake(more.0, more.1, 0);
            let (few, many) = (list.out_of_reach(&usual_targets(), &less), list.out_of_reach(&usual_targets(), &all));
            prop_assert!(few.iter().all(|target| many.contains(target)));
            prop_assert!(list.out_of_reach(&usual_targets(), &AtStake::default()).is_empty());
        }
    }
}
