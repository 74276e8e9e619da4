//! What has changed on a list since it was signed, so that whoever signs again is told and need not compare.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::signoff::SignLevel;
use crate::store::Tx;
use crate::store::accounts::{self, Account};
use crate::store::contacts::{self, Person};
use crate::store::signoff::{self as requests, Request, Signature};

/// One name that is not as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Stands in the place of somebody who is no longer on the list.
    Replaced {
        name: String,
        predecessor: String,
    },
    Corrected {
        name: String,
    },
    Removed {
        name: String,
    },
}

/// The names of one account that people have changed after `since`. What a newly loaded list has changed is not told apart.
pub fn changes<'p>(people: impl IntoIterator<Item = &'p Person> + Clone, since: Ts) -> Vec<Change> {
    let after = |at: Option<Ts>| at.is_some_and(|at| at > since);
    let came = |id: &str| {
        let mut all = people.clone().into_iter();
        all.any(|p| after(p.joined_at) && p.removed_at.is_none() && p.replaces.as_deref() == Some(id))
    };
    let of = |p: &Person| match p {
        p if p.removed_at.is_some() => (after(p.removed_at) && !after(p.joined_at) && !came(&p.id))
            .then(|| Change::Removed { name: p.full_name() }),
        p if after(p.joined_at) => Some(Change::Replaced { name: p.full_name(), predecessor: p.predecessor.clone() }),
        p => after(p.edited_at).then(|| Change::Corrected { name: p.full_name() }),
    };
    people.clone().into_iter().filter_map(of).collect()
}

impl Change {
    pub fn sentence(&self, language: &str) -> String {
        match (self, language.get(..2).unwrap_or_default()) {
            (Change::Replaced { name, predecessor }, "de") => format!("{name} an der Stelle von {predecessor}"),
            (Change::Replaced { name, predecessor }, "fr") => format!("{name} à la place de {predecessor}"),
            (Change::Replaced { name, predecessor }, _) => format!("{name} in the place of {predecessor}"),
            (Change::Corrected { name }, "de") => format!("{name} wurde berichtigt"),
            (Change::Corrected { name }, "fr") => format!("{name} : données corrigées"),
            (Change::Corrected { name }, _) => format!("{name} was corrected"),
            (Change::Removed { name }, "de") => format!("{name} steht nicht mehr auf der Liste"),
            (Change::Removed { name }, "fr") => format!("{name} n'est plus sur la liste"),
            (Change::Removed { name }, _) => format!("{name} is off the list"),
        }
    }
}

/// When this level last signed one of the account's lists.
pub fn last_signed(signatures: &[Signature], level: SignLevel) -> Option<Ts> {
    signatures.iter().filter(|s| s.level == level).map(|s| s.at).max()
}

/// For a mail: how many names, and a line for each.
#[derive(Debug, Default)]
pub(in crate::steps) struct Changed {
    pub names: usize,
    pub changes: Vec<(String, Change)>,
    /// Accounts whose lists have changed in a way that no name tells.
    pub otherwise: Vec<String>,
}

/// What has changed on the lists that wait for this person; none unless each of them was signed before.
pub(in crate::steps) async fn changes_since(
    tx: &mut Tx,
    request: &Request,
    waiting: &[Account],
) -> Result<Option<Changed>> {
    let mut changed = Changed::default();
    for account in waiting {
        let signatures = requests::of_account(tx, &account.id).await?;
        let Some(since) = last_signed(&signatures, request.level) else { return Ok(None) };
        // Whoever has the account only since then has signed nothing of it.
        if request.level == SignLevel::Director && accounts::has_another_director_since(tx, &account.id, since).await? {
            return Ok(None);
        }
        let found = changes(&contacts::of_account(tx, &account.id).await?, since);
        if found.is_empty() {
            changed.otherwise.push(account.name.clone());
        }
        changed.names += found.len();
        changed.changes.extend(found.into_iter().map(|change| (account.name.clone(), change)));
    }
    Ok((!waiting.is_empty()).then_some(changed))
}

impl Changed {
    pub fn lines(&self, language: &str) -> Vec<String> {
        let named = self.changes.iter().map(|(account, change)| format!("{account}: {}", change.sentence(language)));
        named.chain(self.otherwise.iter().cloned()).collect()
    }
}
