//! The names that a signature covers: as they stand now, and as they are kept with a signature.

use crate::base::ids::{AccountId, SignatureId};
use crate::base::problem::{Problem, Result};
use crate::rules::signoff::{Listed, SignedName};
use crate::store::contacts::{self, Person};
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
pub(super) fn listed(people: &[Person]) -> Vec<Listed> {
    let there: Vec<&Person> = people.iter().filter(|p| p.removed_at.is_none()).collect();
    let names = names(people).into_iter();
    names.zip(there).map(|(name, p)| Listed { id: p.id.clone(), name, replaces: p.replaces.clone() }).collect()
}

/// Keeps what a signature covers.
pub(super) async fn keep(tx: &mut Tx, signature: &SignatureId, account: &AccountId) -> Result<()> {
    let names = listed(&contacts::of_account(tx, account).await?);
    let names = serde_json::to_string(&names)
        .map_err(|e| Problem::internal("The names of a list could not be written down.").because(e))?;
    requests::keep_list(tx, signature, &names).await
}
