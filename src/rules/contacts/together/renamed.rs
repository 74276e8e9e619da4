//! Where the people of an account go whose name a list does not have any more, and what goes along with them.
//!
//! An account has another name only where all of its people are surely known under that name: who stays, or may be somebody else, would
//! stand under the name of a company that is not his. Where most go, or some are known by name only, it is asked. Whatever the answer, who was
//! signed for twice is signed for twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::clock::Ts;

/// Where a list has one of those who are at an account, by the places of the accounts in that list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Known by address or by the client's key, or somebody has said who it is.
    pub surely: BTreeSet<usize>,
    /// A row there has the name and another address, and nobody has said yet who it is.
    pub perhaps: BTreeSet<usize>,
}

/// What is to be done about the people of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    Nowhere,
    /// All of them, and surely: the account is called that.
    Whole(usize),
    /// Most, or all but not surely: whether the two are one account is asked.
    Mostly(usize),
}

/// `people`: everybody who is on the list of the account.
pub fn goes(people: &[Found]) -> Goes {
    let mut at: BTreeMap<usize, usize> = BTreeMap::new();
    for person in people {
        for place in person.surely.union(&person.perhaps) {
            *at.entry(*place).or_default() += 1;
        }
    }
    // Of equals the first of the list.
    let Some((place, n)) = at.into_iter().max_by_key(|(place, n)| (*n, std::cmp::Reverse(*place))) else {
        return Goes::Nowhere;
    };
    let only = BTreeSet::from([place]);
    if people.iter().all(|person| person.surely == only && person.perhaps.is_subset(&only)) {
        return Goes::Whole(place);
    }
    if n * 2 > people.len() { Goes::Mostly(place) } else { Goes::Nowhere }
}

/// Whether an account is strategic, and since when the sales director signs it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    pub strategic: bool,
    pub since: Option<Ts>,
}

/// The mark of an account. `had`: its own so far, and those of the accounts from which all or most of its people come. `said`: by the list. A
/// list takes none away by saying nothing, and in a started round the second signature stays whatever it says.
pub fn mark(had: &[Mark], said: Option<bool>, draft: bool, now: Ts) -> Mark {
    let strategic = said.unwrap_or_else(|| had.iter().any(|mark| mark.strategic));
    let since = had.iter().filter_map(|mark| mark.since).min();
    let since = match (strategic, draft) {
        (true, _) => since.or(Some(now)),
        (false, true) => None,
        (false, false) => since,
    };
    Mark { strategic, since }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each person is nowhere, surely at one of three places, or perhaps at one of them: all ways for up to four people.
    #[test]
    fn an_account_has_another_name_only_where_everybody_surely_goes_there() {
        for people in 1..=4_u32 {
            for way in 0..7_usize.pow(people) {
                let found: Vec<Found> = (0..people)
                    .map(|person| match way / 7_usize.pow(person) % 7 {
                        0 => Found::default(),
                        n @ 1..=3 => Found { surely: BTreeSet::from([n]), ..Found::default() },
                        n => Found { perhaps: BTreeSet::from([n - 3]), ..Found::default() },
                    })
                    .collect();
                let surely = |at: usize| found.iter().filter(|f| f.surely.contains(&at)).count();
                let in_all = |at: usize| surely(at) + found.iter().filter(|f| f.perhaps.contains(&at)).count();
                match goes(&found) {
                    Goes::Whole(at) => assert_eq!(surely(at), found.len(), "{found:?}"),
                    Goes::Mostly(at) => {
                        assert!(in_all(at) * 2 > found.len() && surely(at) < found.len(), "{found:?}");
                    }
                    Goes::Nowhere => assert!((1..=3).all(|at| in_all(at) * 2 <= found.len()), "{found:?}"),
                }
            }
        }
        assert_eq!(goes(&[]), Goes::Nowhere, "who comes back renames nothing");
    }

    #[test]
    fn who_stands_at_two_accounts_renames_none() {
        let both = Found { surely: BTreeSet::from([1, 2]), ..Found::default() };
        assert_eq!(goes(std::slice::from_ref(&both)), Goes::Mostly(1));
        let one = Found { surely: BTreeSet::from([2]), ..Found::default() };
        assert_eq!(goes(&[both, one.clone()]), Goes::Mostly(2));
        let twin = Found { perhaps: BTreeSet::from([3]), ..one };
        assert_eq!(goes(&[twin]), Goes::Mostly(2), "a row elsewhere may be his, too");
    }

    #[test]
    fn the_second_signature_stays_in_a_started_round_and_goes_along() {
        let (now, then) = (Ts(9), Ts(3));
        let plain = Mark::default();
        let marked = Mark { strategic: true, since: Some(then) };
        let lost = Mark { strategic: false, since: Some(then) };
        for (had, said, draft, expected) in [
            (vec![plain], None, false, plain),
            (vec![plain], Some(true), false, Mark { strategic: true, since: Some(now) }),
            (vec![plain, marked], None, false, marked),
            (vec![plain, marked], Some(true), true, marked),
            (vec![plain, marked], Some(false), false, lost),
            (vec![plain, marked], Some(false), true, plain),
            (vec![plain, lost], None, false, lost),
            (vec![marked], None, true, marked),
        ] {
            assert_eq!(mark(&had, said, draft, now), expected, "{had:?} {said:?} {draft}");
        }
    }
}
