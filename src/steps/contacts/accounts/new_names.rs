//! Whether an account that a list does not name any more has another name now, and which other accounts its people go to.
//!
//! Counted are people, not rows: one person may stand there twice, by a new address and by an old one. Who is known by name only has not
//! been found yet, and who is known to be somebody else never is. What follows is decided by `rules::contacts::together::renamed`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::base::ids::{AccountId, ContactId};
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::together::identity::name_key;
use crate::rules::contacts::together::meant::Conflict;
use crate::rules::contacts::together::renamed::{Found, Goes, goes};
use crate::store::contacts::accounts::Account;
use crate::store::contacts::identity::Answered;
use crate::store::contacts::listing::{Known, Listed};

use crate::steps::contacts::load::said::ListedAccount;

/// The people of a round as a list has them, by the keys of its rows' addresses.
#[derive(Clone, Copy)]
pub(in crate::contacts) struct People<'a> {
    pub everybody: &'a [Listed],
    pub known: &'a HashMap<String, Known>,
    pub former: &'a HashMap<String, ContactId>,
    pub conflicts: &'a HashMap<String, Conflict>,
    /// Whom somebody has called somebody else.
    pub others: &'a [Answered],
}

/// An account whose people go to another one, all of them or most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::contacts) struct ComesFrom {
    pub account: AccountId,
    pub whole: bool,
}

#[derive(Default)]
pub(in crate::contacts) struct NewNames {
    /// Places of accounts that have another name now, with the one that they had.
    pub renamed: Vec<(usize, String)>,
    /// By the name, as it is compared, under which the list has their people: those that are not renamed.
    pub come_from: HashMap<String, Vec<ComesFrom>>,
}

pub(in crate::contacts) fn new_names(
    all: &mut [Account],
    (said, said_of): (&[ListedAccount<'_>], &[usize]),
    rows: &[ListedContact],
    people: People<'_>,
) -> NewNames {
    let mut names = NewNames::default();
    let listed: HashSet<&str> = said.iter().map(|s| s.key.as_str()).collect();
    let gone: HashSet<&AccountId> =
        all.iter().filter(|a| !listed.contains(key(&a.name).as_str())).map(|a| &a.id).collect();
    if gone.is_empty() {
        return names;
    }
    let peopled: HashSet<String> = all.iter().filter(|a| a.listed > 0).map(|a| key(&a.name)).collect();
    let has_nobody = |at: usize| said.get(at).is_some_and(|said| !peopled.contains(&said.key));
    let found = found(&gone, has_nobody, (rows, said_of), people);
    let mut taken: BTreeSet<String> = all.iter().map(|a| key(&a.name)).collect();
    for (place, account) in all.iter_mut().enumerate() {
        let Some(found) = found.get(&account.id) else { continue };
        let goes = goes(found);
        let (Goes::Whole(at) | Goes::Mostly(at)) = goes else { continue };
        let Some(new) = said.get(at) else { continue };
        let whole = matches!(goes, Goes::Whole(_));
        if whole && taken.insert(new.key.clone()) {
            names.renamed.push((place, std::mem::replace(&mut account.name, new.name.into())));
        } else {
            let comes_from = ComesFrom { account: account.id.clone(), whole };
            names.come_from.entry(new.key.clone()).or_default().push(comes_from);
        }
    }
    names
}

/// By account that the list does not name: where it has each of its people. By name only at accounts that had nobody: at others a namesake
/// is more likely somebody new.
fn found(
    gone: &HashSet<&AccountId>,
    has_nobody: impl Fn(usize) -> bool,
    (rows, said_of): (&[ListedContact], &[usize]),
    people: People<'_>,
) -> HashMap<AccountId, Vec<Found>> {
    let mut surely: HashMap<&ContactId, BTreeSet<usize>> = HashMap::new();
    // By name: the rows of which nobody knows whom they mean.
    let mut unknown: HashMap<String, Vec<(usize, String)>> = HashMap::new();
    for (row, at) in rows.iter().zip(said_of) {
        let email_key = row.email.key();
        let former = || people.former.get(&email_key).filter(|_| !people.conflicts.contains_key(&email_key));
        if let Some(id) = people.known.get(&email_key).map(|known| &known.id).or_else(former) {
            surely.entry(id).or_default().insert(*at);
        } else if has_nobody(*at) {
            unknown.entry(name_key(&row.first_name, &row.last_name)).or_default().push((*at, email_key));
        }
    }
    let others: HashSet<(&ContactId, &str)> =
        people.others.iter().map(|other| (&other.contact_id, other.new_key.as_str())).collect();
    let mut used: HashSet<String> = HashSet::new();
    let mut found: HashMap<AccountId, Vec<Found>> = HashMap::new();
    let there = people.everybody.iter().filter(|p| p.removed_at.is_none() && gone.contains(&p.account_id));
    for person in there {
        let surely = surely.remove(&person.id).unwrap_or_default();
        let mut perhaps = BTreeSet::new();
        if surely.is_empty() {
            let named = unknown.get(&name_key(&person.first_name, &person.last_name)).into_iter().flatten();
            let mut one_of: BTreeMap<usize, &str> = BTreeMap::new();
            for (at, row) in named {
                if !used.contains(row) && !others.contains(&(&person.id, row.as_str())) {
                    one_of.entry(*at).or_insert(row);
                }
            }
            // One row is one person: a second one of the name needs a row of his own.
            used.extend(one_of.values().map(|row| (*row).to_owned()));
            perhaps.extend(one_of.into_keys());
        }
        found.entry(person.account_id.clone()).or_default().push(Found { surely, perhaps });
    }
    found
}
