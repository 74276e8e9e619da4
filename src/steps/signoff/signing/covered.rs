//! The names that a signature covers: as they stand now, and as they are kept with a signature.

use std::collections::HashMap;

use crate::base::ids::AccountId;
use crate::base::problem::{Problem, Result};
use crate::rules::evidence::Signed;
use crate::rules::signoff::rows;
use crate::rules::signoff::{Listed, SignedName};
use crate::store::contacts::accounts::Account;
use crate::store::contacts::{self, Person};
use crate::store::signoff::{Signature, covering};
use crate::store::{Tx, signoff as requests};

/// What a signature on these people covers.
pub fn names(people: &[Person]) -> Vec<SignedName> {
    let listed = people.iter().filter(|p| p.removed_at.is_none());
    listed
        .map(|p| SignedName {
            email: p.email.as_str().into(),
            first_name: p.first_name.clone(),
            last_name: p.last_name.clone(),
            job_title: p.job_title.clone(),
            role: p.role,
            language: p.language.clone(),
            country: p.country.clone(),
            time_zone: p.time_zone.clone(),
            region: p.region.clone(),
        })
        .collect()
}

/// The names of an account as they stand, for a signature to cover.
pub(in crate::signoff) fn listed(people: &[Person]) -> Vec<Listed> {
    let there: Vec<&Person> = people.iter().filter(|p| p.removed_at.is_none()).collect();
    let names = names(people).into_iter();
    names.zip(there).map(|(name, p)| Listed { id: p.id.clone(), name, replaces: p.replaces.clone() }).collect()
}

/// What covers the names of these accounts: of each level the last signature. Costs their lists.
pub(crate) async fn signed_by(tx: &mut Tx, accounts: &[&AccountId]) -> Result<HashMap<AccountId, Vec<rows::Signed>>> {
    let mut by: HashMap<AccountId, Vec<rows::Signed>> = HashMap::new();
    for found in covering::in_force(tx, accounts).await? {
        let names = found.list.and_then(|json| serde_json::from_str::<Vec<Listed>>(&json).ok());
        by.entry(found.account_id).or_default().push(rows::Signed {
            level: found.level,
            n: found.n,
            fingerprint: found.fingerprint,
            called: found.called,
            names: names.map(rows::Signed::names_of),
        });
    }
    Ok(by)
}

/// Keeps what a signature covers; told is the signature with it, as it can be proved.
pub(in crate::signoff) async fn keep(tx: &mut Tx, signature: &Signature, account: &Account) -> Result<Signed> {
    let list = listed(&contacts::of_account(tx, &account.id).await?);
    keep_list(tx, signature, account, list).await
}

/// The same of a signature that covers these names and no others.
pub(in crate::signoff) async fn keep_list(
    tx: &mut Tx,
    signature: &Signature,
    account: &Account,
    list: Vec<Listed>,
) -> Result<Signed> {
    let signed = signed(signature, Some(&account.name), Some(list));
    let names = serde_json::to_string(&signed.list)
        .map_err(|e| Problem::internal("The names of a list could not be written down.").because(e))?;
    requests::keep_list(tx, &signature.id, &account.name, &names).await?;
    Ok(signed)
}

/// A signature as an evidence file has it. `account`: what it was called then.
pub(crate) fn signed(signature: &Signature, account: Option<&str>, list: Option<Vec<Listed>>) -> Signed {
    let s = signature.clone();
    let whole = Signed {
        id: s.id,
        account: s.account_id,
        account_name: account.map(str::to_owned),
        level: s.level,
        signed_by: s.signed_by,
        at: s.at,
        how: s.how,
        came_from: s.came_from,
        evidence: s.evidence,
        recorded_by: s.recorded_by,
        names: s.names,
        fingerprint: s.fingerprint,
        list,
    };
    whole.in_order()
}
