//! Accounts beside each other and beside their round: which of them may be told one by one, which account directors, and whether it may be
//! told how many accounts have answered.
//!
//! Promise: an account whose number is not told could have another one, with every number that is told staying as it is: of the round, of
//! its accounts that have answered, of the other accounts, and of directors. So an account of which the number alone could be told is not
//! told where another one could be had from it: the smallest go first, and where that is not enough, none is told.
//!
//! Looked at are sizes of accounts, and how many accounts are of each: never one account after the other.

use std::collections::BTreeMap;

use super::Participation;

/// As many sizes of accounts are tried, from the smallest on.
const SIZES: usize = 20;

/// So many accounts of which as many people were invited and as many have answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    invited: i64,
    completed: i64,
    accounts: i64,
}

impl Shape {
    /// Whoever has answered was invited, whatever is kept of it.
    pub fn of(invited: i64, completed: i64, accounts: i64) -> Shape {
        Shape { invited: invited.max(completed), completed, accounts }
    }
}

/// Which accounts are told one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Singly {
    rule: Participation,
    /// Only of accounts with more people; of all by name.
    above: i64,
}

/// What is not told, as far as everybody may know it: so many accounts of which between `least` and `most` people have answered.
#[derive(Clone, Copy)]
struct Alike {
    least: i64,
    most: i64,
    accounts: i64,
}

impl Participation {
    /// Which accounts may be told one by one, where these are all of the round of which somebody was invited.
    pub fn singly(self, all: &[Shape]) -> Singly {
        let (completed, invited) = people(all);
        let above = |above| Singly { rule: self, above };
        match completed {
            _ if self.names() => above(0),
            _ if self.count(completed, invited).is_none() => above(i64::MAX),
            // Of each the same, and the total tells it.
            0 => above(0),
            _ => {
                let mut sizes: Vec<i64> = all.iter().map(|shape| shape.invited).collect();
                sizes.sort_unstable();
                sizes.dedup();
                let mut tried = std::iter::once(0).chain(sizes).take(SIZES).map(above);
                tried.find(|singly| singly.is_safe(all)).unwrap_or(above(i64::MAX))
            }
        }
    }

    /// Whether it may be told how many accounts have answered, beside how many people have. `all`: as for [`Participation::singly`].
    pub fn tells_accounts(self, all: &[Shape]) -> bool {
        let answered = answered(all);
        let is_told = || self.count(answered, all.iter().map(|shape| shape.accounts).sum()).is_some();
        let is_open = || {
            let nothing = Singly { rule: self, above: i64::MAX };
            let (completed, _) = people(all);
            completed == 0 || has_two_each(&nothing.alike(all), completed, answered)
        };
        self.names() || (is_told() && is_open())
    }
}

impl Singly {
    /// How many of an account have answered of these, where that may be told.
    pub fn of(self, completed: i64, of: i64) -> Option<i64> {
        // Of nobody nothing is hidden.
        self.rule.count(completed, of).filter(|_| self.rule.names() || of <= 0 || of > self.above)
    }

    /// Of which of these parts of the round it may be told how many people and how many accounts have answered, beside its total and the
    /// accounts that are told. `parts`: the accounts of each; each account is in one of them. Where those that are not told could be had
    /// from the others, more are not told, those with the fewest people first.
    pub fn parts(self, parts: &[Vec<Shape>]) -> Vec<bool> {
        let whole = parts.iter().fold((0, 0), |sum, part| added(sum, people(part)));
        let could = |part: &Vec<Shape>| {
            let (completed, invited) = people(part);
            self.rule.count(completed, invited).is_some()
        };
        if self.rule.names() {
            return vec![true; parts.len()];
        }
        match self.rule.count(whole.0, whole.1) {
            None => return vec![false; parts.len()],
            // Of each the same, and the total tells it.
            Some(0) => return parts.iter().map(could).collect(),
            Some(_) => {}
        }
        let hidden: Vec<Vec<Shape>> = parts.iter().map(|part| self.hidden(part)).collect();
        let is_open = |hidden: &[Shape]| hidden.is_empty() || self.leaves_open(hidden);
        let mut told: Vec<bool> =
            parts.iter().zip(&hidden).map(|(part, hidden)| could(part) && is_open(hidden)).collect();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.retain(|&at| hidden.get(at).is_some_and(|hidden| !hidden.is_empty()));
        order.sort_by_key(|&at| parts.get(at).map(|part| people(part).1));
        let mut next = order.into_iter();
        loop {
            let rest =
                hidden.iter().zip(&told).filter(|(_, told)| !**told).flat_map(|(hidden, _)| hidden.iter().copied());
            if is_open(&rest.collect::<Vec<_>>()) {
                return told;
            }
            let Some(at) = next.next() else { return told };
            if let Some(told) = told.get_mut(at) {
                *told = false;
            }
        }
    }

    fn hidden(self, all: &[Shape]) -> Vec<Shape> {
        all.iter().filter(|shape| self.of(shape.completed, shape.invited).is_none()).copied().collect()
    }

    fn is_safe(self, all: &[Shape]) -> bool {
        let hidden = self.hidden(all);
        hidden.is_empty() || self.leaves_open(&hidden)
    }

    /// Whether the sum of these, which can be worked out, could be told itself, and leaves each of them more than one value.
    fn leaves_open(self, hidden: &[Shape]) -> bool {
        let (completed, invited) = people(hidden);
        self.rule.count(completed, invited).is_some() && has_two_each(&self.alike(hidden), completed, answered(hidden))
    }

    /// The largest first.
    fn alike(self, hidden: &[Shape]) -> Vec<Alike> {
        let mut all: BTreeMap<(i64, i64), i64> = BTreeMap::new();
        for shape in hidden {
            *all.entry(self.range(*shape)).or_default() += shape.accounts;
        }
        all.into_iter().rev().map(|((most, least), accounts)| Alike { least, most, accounts }).collect()
    }

    /// How many of it could have answered at most and at least: anything of one that is too small, else the numbers beside its own that are
    /// not told either.
    fn range(self, Shape { invited, completed, .. }: Shape) -> (i64, i64) {
        if invited <= self.above {
            return (invited, 0);
        }
        let is_hidden = |n: &i64| self.rule.count(*n, invited).is_none();
        let most = (completed..=invited).take_while(is_hidden).last();
        let least = (0..=completed).rev().take_while(is_hidden).last();
        (most.unwrap_or(completed), least.unwrap_or(completed))
    }
}

/// Whether each of these accounts could have more than one value where so many people and so many accounts have answered in all. That as
/// many accounts have is kept also where that number is not told: what holds with it holds without.
fn has_two_each(all: &[Alike], completed: i64, answered: i64) -> bool {
    let has_two = |(at, one): (usize, &Alike)| {
        let mut rest = all.to_vec();
        if let Some(same) = rest.get_mut(at) {
            same.accounts -= 1;
        }
        let is_silent =
            one.least == 0 && span(&rest, answered).is_some_and(|(least, most)| (least..=most).contains(&completed));
        let values = span(&rest, answered - 1).map_or(0, |(least, most)| {
            let (lowest, highest) = (one.least.max(1).max(completed - most), one.most.min(completed - least));
            (highest - lowest + 1).max(0)
        });
        values + i64::from(is_silent) >= 2
    };
    all.iter().enumerate().all(has_two)
}

/// How many people can have answered at least and at most, where so many of these accounts have; none where so many cannot. Each number
/// between the two can be. `all`: the largest first.
fn span(all: &[Alike], answered: i64) -> Option<(i64, i64)> {
    let (mut least, mut most, mut left) = (0, 0, answered);
    for one in all.iter().filter(|one| one.least > 0) {
        least += one.least * one.accounts;
        most += one.most * one.accounts;
        left -= one.accounts;
    }
    if left < 0 {
        return None;
    }
    least += left;
    for one in all.iter().filter(|one| one.least == 0 && one.most > 0) {
        let some = left.min(one.accounts);
        most += one.most * some;
        left -= some;
    }
    (left == 0).then_some((least, most))
}

/// Who has answered, of how many.
fn people(all: &[Shape]) -> (i64, i64) {
    all.iter().fold((0, 0), |sum, one| added(sum, (one.completed * one.accounts, one.invited * one.accounts)))
}

fn added(a: (i64, i64), b: (i64, i64)) -> (i64, i64) {
    (a.0 + b.0, a.1 + b.1)
}

/// Accounts of which somebody has.
fn answered(all: &[Shape]) -> i64 {
    all.iter().filter(|one| one.completed > 0).map(|one| one.accounts).sum()
}

#[cfg(test)]
#[path = "accounts_tests.rs"]
mod tests;
