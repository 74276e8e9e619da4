//! The lists of an account, signature by signature: what changed between one and the next that the same person signs.

use std::collections::HashMap;

use crate::base::ids::AccountId;
use crate::rules::signoff::{Listed, SignLevel, changes};

use super::record::Signed;

/// The last list that was signed on each account at each level.
#[derive(Default)]
pub(super) struct Lists(HashMap<(AccountId, SignLevel), Last>);

/// The number of its signature, and its names where they were kept.
type Last = (u64, Option<Vec<Listed>>);

impl Lists {
    /// The number of the signature before number `n`, and what its list said otherwise.
    pub fn next(&mut self, n: u64, signed: &Signed) -> (Option<u64>, Vec<String>) {
        let key = (signed.account.clone(), signed.level);
        let Some((since, before)) = self.0.insert(key, (n, signed.list.clone())) else { return (None, Vec::new()) };
        let (Some(before), Some(now)) = (before, &signed.list) else { return (Some(since), Vec::new()) };
        (Some(since), changes(&before, now).iter().map(|change| change.sentence("en")).collect())
    }
}
