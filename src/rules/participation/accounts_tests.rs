//! What can be worked out from numbers that stand beside each other: tried on all that agrees with them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

fn shapes(accounts: &[(i64, i64)]) -> Vec<Shape> {
    accounts.iter().map(|&(completed, invited)| Shape::of(invited, completed, 1)).collect()
}

/// What is told of these accounts, one by one.
fn told(rule: Participation, accounts: &[(i64, i64)]) -> Vec<Option<i64>> {
    let singly = rule.singly(&shapes(accounts));
    accounts.iter().map(|&(completed, invited)| singly.of(completed, invited)).collect()
}

#[test]
fn one_that_is_not_told_takes_others_with_it() {
    let rule = Participation::Counts;
    // "2 of 2" is not told; beside "1 of 4" the total "3 of 6" gives it away.
    assert_eq!(told(rule, &[(2, 2), (1, 4)]), [None, None]);
    // The small ones together leave each other more than one value.
    assert_eq!(told(rule, &[(2, 2), (1, 4), (3, 10)]), [None, None, Some(3)]);
    // The twin: nothing needs to be hidden.
    assert_eq!(told(rule, &[(0, 2), (1, 4), (3, 10)]), [Some(0), Some(1), Some(3)]);
    // Nobody at all has answered: the total tells it of each.
    assert_eq!(told(rule, &[(0, 1), (0, 4)]), [None, Some(0)]);
    assert_eq!(told(Participation::Names, &[(2, 2), (1, 4)]), [Some(2), Some(1)]);
    assert_eq!(rule.singly(&shapes(&[(2, 2), (1, 4)])).of(0, 0), Some(0), "nobody was invited");
    // Of a round of which the total is not told, nothing is.
    assert_eq!(told(Participation::CountsFrom(4), &[(3, 10), (0, 10)]), [None, None]);
    assert_eq!(told(Participation::CountsFrom(4), &[(4, 10), (5, 10)]), [Some(4), Some(5)]);
}

#[test]
fn how_many_accounts_have_answered_is_not_told_where_it_says_of_which_people() {
    let rule = Participation::Counts;
    // Two answers at one account of three: those of the only one with two people.
    assert!(!rule.tells_accounts(&shapes(&[(2, 2), (0, 1), (0, 1)])));
    assert!(rule.tells_accounts(&shapes(&[(2, 4), (0, 4), (0, 4)])));
    assert!(rule.tells_accounts(&shapes(&[(0, 1), (0, 1)])), "nobody has");
    assert!(!rule.tells_accounts(&shapes(&[(1, 4), (1, 4), (0, 4)])), "all but one");
    assert!(Participation::Names.tells_accounts(&shapes(&[(2, 2), (0, 1), (0, 1)])));
}

#[test]
fn a_director_is_told_where_his_accounts_and_those_of_the_others_stay_open() {
    let rule = Participation::Counts;
    let parts = |parts: &[&[(i64, i64)]]| {
        let parts: Vec<Vec<Shape>> = parts.iter().map(|part| shapes(part)).collect();
        rule.singly(&parts.concat()).parts(&parts)
    };
    // All accounts are told, so their sums are.
    assert_eq!(parts(&[&[(1, 4), (2, 5)], &[(3, 9)]]), [true, true]);
    // One small account of each: with the director's number it could be worked out.
    assert_eq!(parts(&[&[(2, 2), (3, 10)], &[(1, 4), (2, 10)]]), [false, false]);
    assert_eq!(parts(&[&[(2, 2), (1, 3), (3, 10)], &[(1, 10), (2, 10)]]), [true, true]);
}

#[test]
fn it_costs_the_sizes_and_not_the_accounts() {
    // A million accounts of fifty sizes.
    let all: Vec<Shape> = (1..=50).flat_map(|size| (0..=size).map(move |n| Shape::of(size, n, 20_000))).collect();
    let singly = Participation::Counts.singly(&all);
    assert_eq!((singly.of(3, 10), singly.of(10, 10)), (Some(3), None));
}

/// The accounts of a round: (answered, asked) of each.
type Round = Vec<(i64, i64)>;
/// What is told of a round, number by number.
type Said = Vec<Option<i64>>;

#[test]
fn whoever_works_back_why_accounts_are_not_told_learns_hardly_ever_that_all_of_one_have_answered() {
    // All rounds of three accounts of up to five people, by what is told of them.
    let rule = Participation::Counts;
    let mut alike: BTreeMap<Said, Vec<Round>> = BTreeMap::new();
    for sizes in (1..=5).flat_map(|a| (a..=5).flat_map(move |b| (b..=5).map(move |c| [a, b, c]))) {
        for completed in worlds(&sizes) {
            let round: Round = completed.into_iter().zip(sizes).collect();
            let all = shapes(&round);
            let (people, of) = people(&all);
            let accounts = rule.tells_accounts(&all).then(|| answered(&all));
            let mut said = told(rule, &round);
            said.extend(sizes.map(Some));
            said.extend([rule.count(people, of), accounts]);
            alike.entry(said).or_default().push(round);
        }
    }
    let says_all = |(said, rounds): &(&Said, &Vec<Round>)| {
        let is_all = |at: usize| rounds.iter().all(|round| round[at].0 == round[at].1);
        (0..3).any(|at| said[at].is_none() && is_all(at))
    };
    let found: usize = alike.iter().filter(says_all).map(|(_, rounds)| rounds.len()).sum();
    assert_eq!(alike.values().map(Vec::len).sum::<usize>(), 2_380);
    assert!(found <= 7, "{found} rounds (docs/decisions/0062)");
}

/// All that could have been answered of accounts of these sizes.
fn worlds(sizes: &[i64]) -> impl Iterator<Item = Vec<i64>> {
    let all = sizes.iter().map(|of| of + 1).product::<i64>();
    (0..all).map(move |world| {
        let mut rest = world;
        let each = sizes.iter().map(|of| {
            let n = rest % (of + 1);
            rest /= of + 1;
            n
        });
        each.collect()
    })
}

fn any_rule() -> impl Strategy<Value = Participation> {
    prop_oneof![Just(Participation::Counts), (0u32..4).prop_map(Participation::CountsFrom)]
}

/// Up to four accounts, each of one of two directors.
fn any_round() -> impl Strategy<Value = Vec<(i64, i64, bool)>> {
    let account = (1i64..6).prop_flat_map(|of| (0..=of, Just(of), any::<bool>()));
    proptest::collection::vec(account, 1..5)
}

fn of_director(all: &[(i64, i64, bool)], completed: &[i64], whose: bool) -> Vec<(i64, i64)> {
    all.iter().zip(completed).filter(|(one, _)| one.2 == whose).map(|(one, n)| (*n, one.1)).collect()
}

/// Every number that is told of a round: its people, its accounts that have answered, each account, and both directors.
#[derive(Debug, PartialEq)]
struct Numbers {
    people: Option<i64>,
    accounts: Option<i64>,
    each: Vec<Option<i64>>,
    directors: Vec<Option<(i64, i64)>>,
}

fn numbers(rule: Participation, round: &[(i64, i64, bool)]) -> Numbers {
    let completed: Vec<i64> = round.iter().map(|one| one.0).collect();
    let accounts: Vec<(i64, i64)> = round.iter().map(|one| (one.0, one.1)).collect();
    let all = shapes(&accounts);
    let parts = [true, false].map(|whose| shapes(&of_director(round, &completed, whose)));
    let tells = rule.singly(&all).parts(&parts);
    let (n, of) = people(&all);
    Numbers {
        people: rule.count(n, of),
        accounts: rule.tells_accounts(&all).then(|| answered(&all)),
        each: told(rule, &accounts),
        directors: parts
            .iter()
            .zip(tells)
            .map(|(part, tells)| tells.then(|| (people(part).0, answered(part))))
            .collect(),
    }
}

/// Whether all that is told would be as it is, had so many of each answered. What is not told of an account that is large enough is one
/// of the numbers that are never told.
fn agrees(singly: Singly, round: &[(i64, i64, bool)], said: &Numbers, completed: &[i64]) -> bool {
    let sum =
        |of: &[(i64, i64)]| (of.iter().map(|one| one.0).sum::<i64>(), of.iter().filter(|one| one.0 > 0).count() as i64);
    let all: Vec<(i64, i64)> = completed.iter().zip(round).map(|(n, one)| (*n, one.1)).collect();
    let (n, accounts) = sum(&all);
    let directors = [true, false].map(|whose| sum(&of_director(round, completed, whose)));
    let Singly { rule, above } = singly;
    said.people.is_none_or(|told| told == n)
        && said.accounts.is_none_or(|told| told == accounts)
        && said.each.iter().zip(&all).all(|(told, one)| match told {
            Some(told) => *told == one.0,
            None => one.1 <= above || rule.count(one.0, one.1).is_none(),
        })
        && said.directors.iter().zip(directors).all(|(told, sum)| told.is_none_or(|told| told == sum))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_account_can_be_worked_out_from_all_that_is_told(rule in any_rule(), round in any_round()) {
        let said = numbers(rule, &round);
        let singly = rule.singly(&shapes(&round.iter().map(|one| (one.0, one.1)).collect::<Vec<_>>()));
        // That nobody at all has answered says the same of each.
        prop_assume!(said.people != Some(0));
        let mut values: Vec<BTreeSet<i64>> = vec![BTreeSet::new(); round.len()];
        let sizes: Vec<i64> = round.iter().map(|one| one.1).collect();
        for completed in worlds(&sizes) {
            if agrees(singly, &round, &said, &completed) {
                values.iter_mut().zip(&completed).for_each(|(values, n)| {
                    values.insert(*n);
                });
            }
        }
        for (one, values) in said.each.iter().zip(&values) {
            prop_assert!(one.is_some() || values.len() >= 2, "{:?} of {:?} for {:?}: {:?}", rule, round, said, values);
        }
    }

    #[test]
    fn an_account_is_told_only_where_its_number_could_be(rule in any_rule(), round in any_round()) {
        let said = numbers(rule, &round);
        for (told, (completed, invited, _)) in said.each.iter().zip(&round) {
            prop_assert!(told.is_none_or(|n| n == *completed && rule.count(*completed, *invited) == Some(n)));
        }
        prop_assert!(said.people.is_some() || said.each.iter().all(Option::is_none));
    }

    #[test]
    fn as_many_as_can_have_answered_lie_between_both_ends(
        of in proptest::collection::vec((0i64..3, 0i64..4), 1..5), seed in any::<u32>(),
    ) {
        let mut all: Vec<Alike> =
            of.iter().map(|(least, more)| Alike { least: *least, most: least + more, accounts: 1 }).collect();
        all.sort_by_key(|one| std::cmp::Reverse((one.most, one.least)));
        // Any of what could be.
        let mut left = i64::from(seed);
        let some: Vec<i64> = all
            .iter()
            .map(|one| {
                let n = one.least + left % (one.most - one.least + 1);
                left /= one.most - one.least + 1;
                n
            })
            .collect();
        let (n, answered) = (some.iter().sum::<i64>(), some.iter().filter(|n| **n > 0).count() as i64);
        let found = span(&all, answered);
        prop_assert!(found.is_some_and(|(least, most)| (least..=most).contains(&n)), "{:?} of {:?}", found, some);
    }
}
