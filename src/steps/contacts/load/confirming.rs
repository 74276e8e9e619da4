//! What the accounts of a started round would lose by a list: their director, their manager, their strategic mark. Somebody confirms it, or
//! the list is refused.

use std::collections::HashMap;

use crate::base::problem::{Problem, Result};
use crate::base::spelling;
use crate::rules::contacts::together::account::key;
use crate::store::contacts::accounts::Account;

use super::said::ListedAccount;

/// What somebody has to confirm before a started round's accounts change.
pub(in crate::contacts) fn confirm(all: &[Account], said: &[ListedAccount<'_>]) -> Result<()> {
    let mut lost: Vec<String> = Vec::new();
    let mut taken: Vec<(String, Vec<&str>)> = Vec::new();
    let mut looked_after: Vec<(String, Vec<&str>)> = Vec::new();
    let mut by_key: HashMap<String, &Account> = HashMap::new();
    for account in all {
        by_key.entry(key(&account.name)).or_insert(account);
    }
    for said in said {
        let Some(old) = by_key.get(&said.key).filter(|a| a.listed > 0) else { continue };
        if old.strategic.0 && said.strategic == Some(false) {
            lost.push(old.name.clone());
        }
        if old.director_email.key() != said.director.email.key() {
            let (was, is) = distinct(
                (&old.director_name, old.director_email.as_str()),
                (&said.director.name, said.director.email.as_str()),
            );
            gather(&mut taken, format!("from {was} to {is}"), &old.name);
        }
        if let Some(manager) =
            said.manager.filter(|m| !old.manager_email.is_empty() && old.manager_email != m.email.key())
        {
            let (was, is) = distinct((&old.manager_name, &old.manager_email), (&manager.name, manager.email.as_str()));
            gather(&mut looked_after, format!("by {is} instead of {was}"), &old.name);
        }
    }
    let mut told: Vec<String> =
        taken.into_iter().map(|(change, accounts)| format!("{} would go {change}", accounts.join(", "))).collect();
    told.extend(
        looked_after
            .into_iter()
            .map(|(change, accounts)| format!("{} would be looked after {change}", accounts.join(", "))),
    );
    if !lost.is_empty() {
        told.push(format!("{} would no longer be strategic", lost.join(", ")));
    }
    if told.is_empty() {
        return Ok(());
    }
    Err(Problem::refused(
        format!("The round has been started, and by this list {}.", told.join("; ")),
        "Nothing was loaded. If that is meant, load it again with --confirm; otherwise correct the list.",
    ))
}

/// One sentence for all accounts that change alike.
fn gather<'a>(all: &mut Vec<(String, Vec<&'a str>)>, change: String, account: &'a str) {
    match all.iter_mut().find(|(known, _)| *known == change) {
        Some((_, accounts)) => accounts.push(account),
        None => all.push((change, vec![account])),
    }
}

/// Two people by name; by name and address where the names are the same.
fn distinct(a: (&str, &str), b: (&str, &str)) -> (String, String) {
    if spelling::alike(a.0, b.0) {
        return (format!("{} <{}>", a.0, a.1), format!("{} <{}>", b.0, b.1));
    }
    (a.0.into(), b.0.into())
}
