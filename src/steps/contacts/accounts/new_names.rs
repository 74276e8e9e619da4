//! Whether an account that a list does not name any more has another name now.
//!
//! Only where everybody of it goes to that name: who stays would stand under the name of a company that is not his. Where most go, they
//! move, and it is asked whether the two are one account.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::base::ids::{AccountId, ContactId};
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::together::identity::name_key;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::listing::{Known, Listed};

use crate::steps::contacts::load::said::ListedAccount;

#[derive(Default)]
pub(in crate::contacts) struct NewNames {
    /// Places of accounts that have another name now, with the one that they had.
    pub renamed: Vec<(usize, String)>,
    /// By the new name as it is compared: the account from which most of its people come.
    pub mostly_from: HashMap<String, AccountId>,
}

/// Of each account: how many of its people the list has under which name.
type GoesTo<'k> = HashMap<&'k AccountId, BTreeMap<usize, i64>>;

/// What is to be done about the people of one account.
#[derive(Debug, PartialEq, Eq)]
enum Goes {
    Nowhere,
    Whole(usize),
    Mostly(usize),
}

pub(in crate::contacts) fn new_names(
    all: &mut [Account],
    (said, said_of): (&[ListedAccount<'_>], &[usize]),
    rows: &[ListedContact],
    (known, everybody): (&HashMap<String, Known>, &[Listed]),
) -> NewNames {
    let mut names = NewNames::default();
    let mut taken: BTreeSet<String> = all.iter().map(|a| key(&a.name)).collect();
    let listed: BTreeSet<&str> = said.iter().map(|s| s.key.as_str()).collect();
    let mut goes_to = GoesTo::new();
    for (row, at) in rows.iter().zip(said_of) {
        if let Some(known) = known.get(&row.email.key()) {
            let people = goes_to.entry(&known.account_id).or_default().entry(*at).or_default();
            *people += i64::from(known.removed_at.is_none());
        }
    }
    add_by_name(&mut goes_to, all, said_of, rows, (known, everybody));
    for (place, account) in all.iter_mut().enumerate() {
        let Some(places) = goes_to.get(&account.id) else { continue };
        if listed.contains(key(&account.name).as_str()) {
            continue;
        }
        let goes = goes(account.listed, places);
        let (Goes::Whole(at) | Goes::Mostly(at)) = goes else { continue };
        let Some(new) = said.get(at) else { continue };
        if matches!(goes, Goes::Mostly(_)) {
            if !taken.contains(&new.key) {
                names.mostly_from.entry(new.key.clone()).or_insert_with(|| account.id.clone());
            }
        } else if taken.insert(new.key.clone()) {
            names.mostly_from.remove(&new.key);
            names.renamed.push((place, std::mem::replace(&mut account.name, new.name.into())));
        }
    }
    names
}

/// Whose new address is asked about under the new name of his account goes there with the others: a company renames itself with its domain.
fn add_by_name<'k>(
    goes_to: &mut GoesTo<'k>,
    all: &[Account],
    said_of: &[usize],
    rows: &[ListedContact],
    (known, everybody): (&'k HashMap<String, Known>, &[Listed]),
) {
    let unsure: HashMap<AccountId, usize> = all
        .iter()
        .filter_map(|account| match goes_to.get(&account.id)?.iter().collect::<Vec<_>>().as_slice() {
            [(at, n)] if **n < account.listed => Some((account.id.clone(), **at)),
            _ => None,
        })
        .collect();
    if unsure.is_empty() {
        return;
    }
    let places: BTreeSet<usize> = unsure.values().copied().collect();
    let found: HashSet<&ContactId> = known.values().map(|known| &known.id).collect();
    let new = rows.iter().zip(said_of).filter(|(row, at)| places.contains(at) && !known.contains_key(&row.email.key()));
    let new: HashSet<(usize, String)> = new.map(|(row, at)| (*at, name_key(&row.first_name, &row.last_name))).collect();
    for person in everybody.iter().filter(|p| p.removed_at.is_none() && !found.contains(&p.id)) {
        let Some(at) = unsure.get(&person.account_id) else { continue };
        if new.contains(&(*at, name_key(&person.first_name, &person.last_name)))
            && let Some(n) = goes_to.get_mut(&person.account_id).and_then(|places| places.get_mut(at))
        {
            *n += 1;
        }
    }
}

/// `people`: how many of those who are listed at the account stand under which name of the list.
fn goes(listed: i64, people: &BTreeMap<usize, i64>) -> Goes {
    match people.iter().max_by_key(|(_, n)| **n) {
        Some((at, n)) if people.len() == 1 && *n > 0 && *n == listed => Goes::Whole(*at),
        Some((at, n)) if *n > 1 && *n * 2 > listed => Goes::Mostly(*at),
        _ => Goes::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_another_name_only_where_everybody_goes_there() {
        // Everybody stays out, or goes to one of three names: all ways for up to five people.
        for listed in 1..=5_u32 {
            for way in 0..4_u32.pow(listed) {
                let where_to: Vec<u32> = (0..listed).map(|person| way / 4_u32.pow(person) % 4).collect();
                let mut people: BTreeMap<usize, i64> = BTreeMap::new();
                for place in where_to.iter().filter(|place| **place < 3) {
                    *people.entry(*place as usize).or_default() += 1;
                }
                let all_at = |place: u32| where_to.iter().all(|w| *w == place);
                match goes(i64::from(listed), &people) {
                    Goes::Whole(at) => assert!(all_at(at as u32), "{where_to:?}"),
                    Goes::Mostly(at) => {
                        let there = where_to.iter().filter(|w| **w as usize == at).count();
                        assert!(there > 1 && there * 2 > where_to.len() && !all_at(at as u32), "{where_to:?}");
                    }
                    Goes::Nowhere => assert!((0..3).all(|place| !all_at(place)), "{where_to:?}"),
                }
            }
        }
        assert_eq!(goes(0, &BTreeMap::from([(0, 0)])), Goes::Nowhere, "who comes back renames nothing");
    }
}
