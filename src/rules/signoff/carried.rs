//! What a list that was signed in the round before says of the names of this round: which of them it carries, at which level, and under
//! whose signature (decision 0054).
//!
//! A name is carried where this round has not signed it at that level, and it stood on that very list as it stands now; the second
//! signature only over names that the first one covers. Of each level the last signature counts, so what is put down covers what was covered before
//! as well; who is carried is told apart.

use std::collections::HashMap;

use crate::base::ids::{AccountId, ContactId};

use super::rows::{Coverage, RowNow};
use super::{SignLevel, SignedName};

/// A list as it was signed then.
#[derive(Clone, Debug)]
pub struct SignedThen {
    pub account: AccountId,
    pub level: SignLevel,
    /// Its number among all signatures.
    pub n: i64,
    pub names: HashMap<ContactId, SignedName>,
}

/// Who a name of now was in the round before, where it was on the list of the same account.
#[derive(Clone, Copy, Debug)]
pub struct Was<'a> {
    pub id: &'a ContactId,
    pub account: &'a AccountId,
    /// Whoever was taken off the list and put back: signatures up to this number did not cover him.
    pub off_after: i64,
}

/// A name of now.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    pub now: RowNow<'a>,
    pub was: Option<Was<'a>>,
}

/// What one list of then carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carries {
    /// Which of the lists.
    pub from: usize,
    /// Places of the names that it carries.
    pub names: Vec<usize>,
    /// Places of all that its level covers with it: what it covered before, what lists before this one carry, and these.
    pub covers: Vec<usize>,
}

/// What each list carries, in the order in which it is to be put down; those that carry nothing are not among them.
pub fn carried(coverage: &Coverage<'_>, second: bool, names: &[Sought<'_>], then: &[SignedThen]) -> Vec<Carries> {
    let mut all = Vec::new();
    let covered = |level| -> Vec<bool> { names.iter().map(|name| coverage.covered(level, name.now)).collect() };
    let mut first = covered(SignLevel::Director);
    carried_at(SignLevel::Director, names, then, &mut first, |_| true, &mut all);
    if second {
        let mut counter = covered(SignLevel::SalesDirector);
        carried_at(SignLevel::SalesDirector, names, then, &mut counter, |place| first[place], &mut all);
    }
    all
}

fn carried_at(
    level: SignLevel,
    names: &[Sought<'_>],
    then: &[SignedThen],
    covered: &mut [bool],
    may: impl Fn(usize) -> bool,
    all: &mut Vec<Carries>,
) {
    for (from, list) in then.iter().enumerate().filter(|(_, list)| list.level == level) {
        let stood = |name: &Sought<'_>| {
            name.was.is_some_and(|was| {
                *was.account == list.account && list.n > was.off_after && list.names.get(was.id) == Some(name.now.name)
            })
        };
        let places = 0..names.len();
        let carries: Vec<usize> = places.filter(|n| !covered[*n] && may(*n) && stood(&names[*n])).collect();
        if carries.is_empty() {
            continue;
        }
        carries.iter().for_each(|place| covered[*place] = true);
        let covers = covered.iter().enumerate().filter(|(_, is)| **is).map(|(place, _)| place).collect();
        all.push(Carries { from, names: carries, covers });
    }
}

#[cfg(test)]
#[path = "carried_tests.rs"]
mod tests;
