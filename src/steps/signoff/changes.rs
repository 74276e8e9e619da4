//! What has changed on a list since it was signed: from the names that were kept with the signature, or, of signatures from before names were
//! kept, from what people did to them since.

use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::rules::signoff::{Change, Listed, SignLevel, What, changes as difference};
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::{self, Person};
use crate::store::signoff::{Request, Signature};
use crate::store::{Tx, signoff as requests};

use super::names;

/// The names of an account as they stand, for a signature to cover.
fn listed(people: &[Person]) -> Vec<Listed> {
    let there: Vec<&Person> = people.iter().filter(|p| p.removed_at.is_none()).collect();
    let names = names(people).into_iter();
    names.zip(there).map(|(name, p)| Listed { id: p.id.clone(), name, replaces: p.replaces.clone() }).collect()
}

/// Keeps what a signature covers.
pub(in crate::steps) async fn keep(tx: &mut Tx, signature: &str, account: &str) -> Result<()> {
    let names = listed(&contacts::of_account(tx, account).await?);
    let names = serde_json::to_string(&names)
        .map_err(|e| Problem::internal("The names of a list could not be written down.").because(e))?;
    requests::keep_list(tx, signature, &names).await
}

/// What differs from the list that this level has signed last; nothing where it has signed none.
pub async fn changes_of(tx: &mut Tx, account: &Account, level: SignLevel) -> Result<Vec<Change>> {
    let signatures = requests::of_account(tx, &account.id).await?;
    let Some(last) = signatures.iter().rev().find(|s| s.level == level) else { return Ok(Vec::new()) };
    let people = contacts::of_account(tx, &account.id).await?;
    let kept = requests::signed_list(tx, &last.id).await?;
    let kept = kept.and_then(|json| serde_json::from_str::<Vec<Listed>>(&json).ok());
    Ok(kept.map_or_else(|| changes(&people, last.at), |signed| difference(&signed, &listed(&people))))
}

/// The names of one account that people have changed after `since`. What a newly loaded list has changed is not told apart.
fn changes<'p>(people: impl IntoIterator<Item = &'p Person> + Clone, since: Ts) -> Vec<Change> {
    let after = |at: Option<Ts>| at.is_some_and(|at| at > since);
    let came = |id: &str| {
        let mut all = people.clone().into_iter();
        all.any(|p| after(p.joined_at) && p.removed_at.is_none() && p.replaces.as_deref() == Some(id))
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

/// When this level last signed one of the account's lists.
fn last_signed(signatures: &[Signature], level: SignLevel) -> Option<Ts> {
    signatures.iter().filter(|s| s.level == level).map(|s| s.at).max()
}

/// What waits for somebody's signature at one account.
#[derive(Debug)]
pub(in crate::steps) struct Waiting {
    pub account: Account,
    /// From then on it waits: mails that left later were about it.
    pub since: Ts,
    /// It was signed by this person before, and this has changed.
    pub changes: Option<Vec<Change>>,
    /// Whose signature it has, where it waits for the second.
    pub signed: Option<(String, Ts)>,
}

/// What waits for this person, account by account.
pub(in crate::steps) async fn waiting_for(
    tx: &mut Tx,
    request: &Request,
    accounts: Vec<Account>,
) -> Result<Vec<Waiting>> {
    let mut all = Vec::new();
    for account in accounts {
        let signatures = requests::of_account(tx, &account.id).await?;
        let own = last_signed(&signatures, request.level);
        // Whoever has the account only since then has signed nothing of it.
        let theirs = match own {
            Some(since) if request.level == SignLevel::Director => {
                !accounts::has_another_director_since(tx, &account.id, since).await?
            }
            Some(_) => true,
            None => false,
        };
        let changes = if theirs { Some(changes_of(tx, &account, request.level).await?) } else { None };
        let director = signatures.iter().rev().find(|s| s.level == SignLevel::Director);
        let signed = director.filter(|_| request.level == SignLevel::SalesDirector);
        let signed = signed.map(|s| (s.signed_by.split(" <").next().unwrap_or_default().to_string(), s.at));
        let since = signed.as_ref().map(|(_, at)| *at).or(own.filter(|_| theirs)).unwrap_or(request.created_at);
        all.push(Waiting { account, since, changes, signed });
    }
    Ok(all)
}
