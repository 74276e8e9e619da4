//! Where the accounts of a round would stand after a list: whose signatures hold, and what has to be signed.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::Result;
use crate::rules::contacts::difference::{AccountAfter, DirectorChange, Facts};
use crate::rules::signoff as rule;
use crate::rules::signoff::{SignedName, Standing};
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::planned;
use crate::store::signoff::{self as requests, Signature};

use super::prepare::{Prepared, Seen};
use super::rows::{Again, becomes, fell_off};
use crate::steps::contacts::accounts::owners::Write;
use crate::steps::contacts::people::particulars::signed_name;

/// The accounts that are new with the list, and those of which a signature was in force and may not be afterwards.
pub(in crate::contacts) async fn after(tx: &mut Tx, prepared: &Prepared, seen: &Seen) -> Result<Vec<AccountAfter>> {
    let before: HashMap<&AccountId, &Account> = seen.accounts.iter().map(|a| (&a.id, a)).collect();
    let in_force = |a: &&Account| a.standing != Standing::Unsigned && prepared.touched.contains(&a.id);
    let signed: Vec<&AccountId> = seen.accounts.iter().filter(in_force).map(|a| &a.id).collect();
    let new: Vec<&Account> = prepared
        .owners
        .writes
        .iter()
        .filter_map(|write| match write {
            Write::New(account) => Some(account),
            Write::Update(_) | Write::HandOver(_) => None,
        })
        .collect();
    let asked: HashSet<&AccountId> = signed.iter().copied().chain(new.iter().map(|a| &a.id)).collect();
    let names = names(prepared, seen, &asked)?;
    let people = |id: &AccountId| names.get(id).map_or(&[] as &[SignedName], Vec::as_slice);
    let letters = planned::letters(tx, &signed).await?;
    let mut signatures: HashMap<AccountId, Vec<Signature>> = HashMap::new();
    for signature in requests::of_accounts(tx, &signed).await? {
        signatures.entry(signature.account_id.clone()).or_default().push(signature);
    }
    let mut all = Vec::new();
    for id in signed {
        let Some((was, is)) = before.get(id).zip(prepared.owners.get(id)) else { continue };
        let second = is.strategic_since.is_some();
        let names = people(id);
        let print = rule::fingerprint(&is.name, names);
        let made = signatures.get(id).into_iter().flatten().map(|s| (s.level, s.fingerprint.as_str()));
        all.push(AccountAfter {
            name: is.name.clone(),
            director: is.director_name.clone(),
            second,
            before: was.standing,
            after: rule::standing(second, &print, names.len(), made),
            is_new: false,
            people: names.len() as u64,
            letters: letters.get(id).map_or(0, |n| u64::try_from(*n).unwrap_or(0)),
        });
    }
    all.extend(new.into_iter().map(|account| AccountAfter {
        name: account.name.clone(),
        director: account.director_name.clone(),
        second: account.strategic_since.is_some(),
        before: Standing::Unsigned,
        after: Standing::Unsigned,
        is_new: true,
        people: people(&account.id).len() as u64,
        letters: 0,
    }));
    Ok(all)
}

/// The names that these accounts would have.
fn names<'a>(
    prepared: &'a Prepared,
    seen: &'a Seen,
    asked: &HashSet<&'a AccountId>,
) -> Result<HashMap<&'a AccountId, Vec<SignedName>>> {
    let again: HashMap<&ContactId, &Again> = prepared.rows.again.iter().map(|again| (&again.known.id, again)).collect();
    let missing: BTreeSet<&ContactId> = prepared.missing.iter().collect();
    let mut names: HashMap<&AccountId, Vec<SignedName>> = HashMap::new();
    let mut put = |account: &AccountId, name: SignedName| {
        if let Some(account) = asked.get(account) {
            names.entry(*account).or_default().push(name);
        }
    };
    for person in &seen.people {
        let again = again.get(&person.id);
        let back = again.is_some() && fell_off(person.removed_reason.as_deref());
        if (person.removed_at.is_some() && !back) || missing.contains(&person.id) {
            continue;
        }
        let new = match again {
            Some(again) => becomes(&again.account, &again.row, (&again.known, person), &prepared.owners)?,
            None => None,
        };
        match new {
            Some(new) => put(&new.account_id, signed_name(&new)),
            None if asked.contains(&person.account_id) => put(&person.account_id, signed_name(person)),
            None => {}
        }
    }
    for new in prepared.rows.new.iter().filter(|new| asked.contains(&new.account_id)) {
        put(&new.account_id, signed_name(new));
    }
    Ok(names)
}

/// What else the sentences about a list are made of.
pub(in crate::contacts) fn facts(
    prepared: &Prepared,
    accounts: Vec<AccountAfter>,
    started: bool,
    sales_director: &str,
) -> Facts {
    let changes = &prepared.changes;
    Facts {
        started,
        sales_director: sales_director.to_owned(),
        accounts,
        renamed: changes.renamed.iter().map(|r| (r.from.clone(), r.to.clone())).collect(),
        directors: changes
            .directors
            .iter()
            .map(|d| DirectorChange {
                from: d.from.clone(),
                to: d.to.clone(),
                accounts: d.accounts.clone(),
                contacts: d.contacts,
            })
            .collect(),
        other: changes.accounts.iter().map(|a| (a.account.clone(), a.what.clone())).collect(),
        letters_lost: changes.letters_lost.iter().map(|n| format!("{} at {}", n.name, n.account)).collect(),
        kept_out: changes.kept_out,
    }
}
