//! Where the accounts of a round would stand after a list: whose signatures hold, and what has to be signed.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::Result;
use crate::rules::contacts::difference::{AccountAfter, DirectorChange, Facts};
use crate::rules::signoff as rule;
use crate::rules::signoff::rows::{AccountNow, Coverage, RowNow, of_account};
use crate::rules::signoff::{SignedName, Standing};
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::planned;

use super::prepare::{Prepared, Seen};
use super::rows::{Again, becomes, fell_off};
use crate::steps::contacts::accounts::owners::Write;
use crate::steps::contacts::people::particulars::signed_name;
use crate::steps::signoff::signed_by;

/// The accounts that are new with the list, and those of which a signature was in force and may not be afterwards.
pub(in crate::contacts) async fn after(tx: &mut Tx, prepared: &Prepared, seen: &Seen) -> Result<Vec<AccountAfter>> {
    let before: HashMap<&AccountId, &Account> = seen.accounts.iter().map(|a| (&a.id, a)).collect();
    let in_force = |a: &&Account| a.standing != Standing::Unsigned || a.signed_names > 0;
    let touched = seen.accounts.iter().filter(|a| prepared.touched.contains(&a.id));
    let signed: Vec<&AccountId> = touched.filter(in_force).map(|a| &a.id).collect();
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
    let rows = rows(prepared, seen, &asked)?;
    let people = |id: &AccountId| rows.get(id).map_or(&[] as &[Row], Vec::as_slice);
    let mut signatures = signed_by(tx, &signed).await?;
    let mut all = Vec::new();
    let mut waiting: Vec<&ContactId> = Vec::new();
    for id in signed {
        let Some((was, is)) = before.get(id).zip(prepared.owners.get(id)) else { continue };
        let second = is.strategic_since.is_some();
        let names: Vec<SignedName> = people(id).iter().map(|row| row.name.clone()).collect();
        let print = rule::fingerprint(&is.name, &names);
        let by = signatures.remove(id).unwrap_or_default();
        let coverage = Coverage::new(AccountNow { name: &is.name, fingerprint: &print, second }, &by);
        let stands = |row: &Row| coverage.of(RowNow { id: row.id, name: &row.name, off_after: row.off_after });
        let falls = people(id).iter().filter(|row| stands(row) < row.before);
        let falls: Vec<&ContactId> = falls.map(|row| row.id).collect();
        all.push((
            id,
            AccountAfter {
                name: is.name.clone(),
                director: is.director_name.clone(),
                second,
                before: was.standing,
                after: of_account(people(id).iter().map(stands)),
                is_new: false,
                people: falls.len() as u64,
                letters: 0,
            },
        ));
        waiting.extend(falls);
    }
    let letters = planned::letters(tx, &waiting).await?;
    for (id, account) in &mut all {
        account.letters = letters.get(*id).map_or(0, |n| u64::try_from(*n).unwrap_or(0));
    }
    let mut all: Vec<AccountAfter> = all.into_iter().map(|(_, account)| account).collect();
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

/// A name that an account would have.
struct Row<'a> {
    id: &'a ContactId,
    name: SignedName,
    off_after: i64,
    /// Whoever comes to an account falls from what its others are.
    before: Standing,
}

/// The names that these accounts would have.
fn rows<'a>(
    prepared: &'a Prepared,
    seen: &'a Seen,
    asked: &HashSet<&'a AccountId>,
) -> Result<HashMap<&'a AccountId, Vec<Row<'a>>>> {
    let again: HashMap<&ContactId, &Again> = prepared.rows.again.iter().map(|again| (&again.known.id, again)).collect();
    let missing: BTreeSet<&ContactId> = prepared.missing.iter().collect();
    let mut rows: HashMap<&AccountId, Vec<Row>> = HashMap::new();
    let mut put = |account: &AccountId, row: Row<'a>| {
        if let Some(account) = asked.get(account) {
            rows.entry(*account).or_default().push(row);
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
        let account = new.as_ref().map_or(&person.account_id, |new| &new.account_id);
        let comes = person.removed_at.is_some() || *account != person.account_id;
        let row = |name: SignedName| Row {
            id: &person.id,
            name,
            off_after: person.off_after,
            before: if comes { Standing::Signed } else { person.standing },
        };
        match &new {
            Some(new) => put(account, row(signed_name(new))),
            None if asked.contains(account) => put(account, row(signed_name(person))),
            None => {}
        }
    }
    for new in prepared.rows.new.iter().filter(|new| asked.contains(&new.account_id)) {
        put(&new.account_id, Row { id: &new.id, name: signed_name(new), off_after: 0, before: Standing::Signed });
    }
    Ok(rows)
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
