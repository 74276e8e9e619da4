//! What has changed on a list since it was signed: from the names that were kept with the signature, or, of signatures from before names
//! were kept, from what people did to them since.

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::signoff::{Change, Listed, SignLevel, What, changes_and_back as difference};
use crate::store::contacts::accounts::Account;
use crate::store::contacts::{self, Person};
use crate::store::{Tx, signoff as requests};

use crate::steps::signoff::signing::covered::listed;

/// What differs from the list that this level has signed last; nothing where it has signed none.
pub async fn changes_of(tx: &mut Tx, account: &Account, level: SignLevel) -> Result<Vec<Change>> {
    let signatures = requests::of_account(tx, &account.id).await?;
    let Some(last) = signatures.iter().rev().find(|s| s.level == level && s.how != "carried") else {
        return Ok(Vec::new());
    };
    let people = contacts::of_account(tx, &account.id).await?;
    let kept = requests::signed_list(tx, &last.id).await?;
    let kept = kept.and_then(|json| serde_json::from_str::<Vec<Listed>>(&json).ok());
    let n = requests::covering::number(tx, &last.id).await?;
    let back = people.iter().filter(|p| p.removed_at.is_none() && p.off_after >= n).map(|p| p.id.clone());
    let back: Vec<ContactId> = back.collect();
    Ok(kept.map_or_else(|| changes(&people, last.at), |signed| difference(&signed, &listed(&people), &back)))
}

/// The names of one account that people have changed after `since`. What a newly loaded list has changed is not told apart.
fn changes<'p>(people: impl IntoIterator<Item = &'p Person> + Clone, since: Ts) -> Vec<Change> {
    let after = |at: Option<Ts>| at.is_some_and(|at| at > since);
    let came = |id: &ContactId| {
        let mut all = people.clone().into_iter();
        all.any(|p| after(p.joined_at) && p.removed_at.is_none() && p.replaces.as_ref() == Some(id))
    };
    let of = |p: &Person| match p {
        p if p.removed_at.is_some() => {
            (after(p.removed_at) && !after(p.joined_at) && !came(&p.id)).then_some(What::Removed)
        }
        p if after(p.joined_at) => Some(What::Replaced { predecessor: p.predecessor.clone() }),
        p => after(p.edited_at).then(|| What::Corrected(Vec::new())),
    };
    let of = |p: &Person| of(p).map(|what| Change { id: p.id.clone(), name: p.full_name(), what });
    people.clone().into_iter().filter_map(of).collect()
}
