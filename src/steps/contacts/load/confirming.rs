//! What the accounts of a started round would lose by a list: their director, their manager, their strategic mark. Somebody confirms it, or
//! the list is refused.

use std::collections::HashMap;

use crate::base::ids::AccountId;
use crate::base::problem::{Problem, Result};
use crate::base::spelling;
use crate::rules::contacts::together::account::key;
use crate::store::contacts::accounts::Account;

use super::said::ListedAccount;
use crate::steps::contacts::accounts::new_names::ComesFrom;

/// What somebody has to confirm before a started round's accounts change. `come_from`: by the name under which the list has their people, which
/// accounts they leave for it; what those lose is lost as well.
pub(in crate::contacts) fn confirm(
    all: &[Account],
    said: &[ListedAccount<'_>],
    come_from: &HashMap<String, Vec<ComesFrom>>,
) -> Result<()> {
    let mut lost: Vec<String> = Vec::new();
    let (mut taken, mut looked_after) = (Gathered::new(), Gathered::new());
    let mut by_key: HashMap<String, &Account> = HashMap::new();
    for account in all {
        by_key.entry(key(&account.name)).or_insert(account);
    }
    let by_id: HashMap<&AccountId, &Account> = all.iter().map(|a| (&a.id, a)).collect();
    for said in said {
        let own = by_key.get(&said.key).copied().filter(|a| a.listed > 0);
        if let Some(old) = own {
            lost.extend(loses_its_mark(old, said).then(|| old.name.clone()));
            loses_people(old, &old.name, said, (&mut taken, &mut looked_after));
        }
        for from in come_from.get(&said.key).into_iter().flatten() {
            let Some(old) = by_id.get(&from.account).filter(|a| a.listed > 0) else { continue };
            let name = if from.whole { old.name.clone() } else { format!("most of {}", old.name) };
            lost.extend(loses_its_mark(old, said).then(|| name.clone()));
            // Who goes to an account that has people goes to its director: a move, which both sign.
            if own.is_none() {
                loses_people(old, &name, said, (&mut taken, &mut looked_after));
            }
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

type Gathered = Vec<(String, Vec<String>)>;

/// By what the list says of the account, or of the one to which its people go.
fn loses_its_mark(old: &Account, said: &ListedAccount<'_>) -> bool {
    old.strategic.0 && said.strategic == Some(false)
}

/// Its director and its manager.
fn loses_people(
    old: &Account,
    name: &str,
    said: &ListedAccount<'_>,
    (taken, looked_after): (&mut Gathered, &mut Gathered),
) {
    if old.director_email.key() != said.director.email.key() {
        let (was, is) = distinct(
            (&old.director_name, old.director_email.as_str()),
            (&said.director.name, said.director.email.as_str()),
        );
        gather(taken, format!("from {was} to {is}"), name);
    }
    if let Some(manager) = said.manager.filter(|m| !old.manager_email.is_empty() && old.manager_email != m.email.key())
    {
        let (was, is) = distinct((&old.manager_name, &old.manager_email), (&manager.name, manager.email.as_str()));
        gather(looked_after, format!("by {is} instead of {was}"), name);
    }
}

/// One sentence for all accounts that change alike.
fn gather(all: &mut Gathered, change: String, account: &str) {
    match all.iter_mut().find(|(known, _)| *known == change) {
        Some((_, accounts)) => accounts.push(account.to_owned()),
        None => all.push((change, vec![account.to_owned()])),
    }
}

/// Two people by name; by name and address where the names are the same.
fn distinct(a: (&str, &str), b: (&str, &str)) -> (String, String) {
    if spelling::alike(a.0, b.0) {
        return (format!("{} <{}>", a.0, a.1), format!("{} <{}>", b.0, b.1));
    }
    (a.0.into(), b.0.into())
}
