//! Rows under several names of one account agree on its director before anything is decided about it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use crate::rules::contacts::ListedContact;
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::together::agree::agree_across;
use crate::store::contacts::accounts::Account;

use super::aliases::Aliases;

pub(in crate::contacts) fn agree(rows: &mut Cow<'_, [ListedContact]>, aliases: &Aliases, there: &[Account]) {
    if aliases.is_empty() {
        return;
    }
    let keys: Vec<String> = rows.iter().map(|row| key(&row.account)).collect();
    let listed: HashSet<&str> = keys.iter().map(String::as_str).collect();
    let has_people = peopled(there);
    let mut of_account: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, name) in keys.iter().enumerate() {
        let kept = aliases.kept(name, |name| has_people.contains(name), |name| listed.contains(name));
        of_account.entry(kept).or_default().push(at);
    }
    for (name, members) in of_account {
        let is_kept = |at: &usize| keys.get(*at).is_some_and(|key| key == name);
        let one = members.first().and_then(|at| keys.get(*at));
        if members.iter().all(|at| keys.get(*at) == one) {
            continue;
        }
        let kept: Vec<usize> = members.iter().copied().filter(is_kept).collect();
        let director = there.iter().find(|account| key(&account.name) == name).map(|a| a.director_email.key());
        agree_across(rows.to_mut(), &members, director.as_deref(), &kept);
    }
}

/// The names, as they are compared, of the accounts that have people.
pub(in crate::contacts) fn peopled(there: &[Account]) -> HashSet<String> {
    there.iter().filter(|account| account.listed > 0).map(|account| key(&account.name)).collect()
}
