//! Who was allowed to sign for whom: what a file says of it, how the journal tells of it, and whether both say the same.
//!
//! That somebody may sign, and that he may no more, are two records: the journal tells of each when it happened, by its SHA-256.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, DelegationId};
use crate::rules::journal::Action;
use crate::rules::signoff::SignLevel;
use crate::rules::signoff::delegation::Why;

use super::found::{Found, name};
use super::record::{EntryRecord, Sealed, digest};

/// Somebody may sign for somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegationRecord {
    pub id: DelegationId,
    pub level: SignLevel,
    /// Whose accounts, by his address.
    pub of: String,
    /// None: all of them, also those that came later.
    pub account: Option<AccountId>,
    pub to_name: String,
    pub to_email: String,
    pub why: Why,
    pub by: String,
    pub came_from: String,
    pub at: Ts,
}

/// He may no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndRecord {
    pub delegation: DelegationId,
    pub by: String,
    pub at: Ts,
}

/// A delegation as a file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegationLine {
    pub n: u64,
    pub record: DelegationRecord,
    pub sha256: String,
    /// None while it holds.
    pub ended: Option<Sealed<EndRecord>>,
}

impl DelegationLine {
    pub fn new(n: u64, record: DelegationRecord, ended: Option<EndRecord>) -> DelegationLine {
        let Sealed { record, sha256 } = Sealed::of(record);
        DelegationLine { n, record, sha256, ended: ended.map(Sealed::of) }
    }
}

/// The detail of the entry that tells of a delegation.
pub fn delegated(record: &DelegationRecord) -> String {
    let DelegationRecord { to_name, to_email, of, by, .. } = record;
    let all = if record.account.is_none() { ", all accounts" } else { "" };
    format!("{to_name} <{to_email}> for {of}{all}, by {by}, delegation {}", digest(record))
}

/// The detail of the entry that tells of its end.
pub fn delegation_ended(record: &EndRecord, whom: &str) -> String {
    format!("{whom}, by {}, end {}", record.by, digest(record))
}

/// What an entry tells of, and the SHA-256 of it; none of an entry that tells of something else.
fn told(entry: &EntryRecord) -> Option<String> {
    let mark = match Action::parse(&entry.action)? {
        Action::Delegated => ", delegation ",
        Action::EndedDelegation => ", end ",
        _ => return None,
    };
    Some(entry.detail.rsplit_once(mark).map_or("", |(_, sha256)| sha256).into())
}

/// Those of a file, and which of their records an entry has told of.
#[derive(Default)]
pub(super) struct Delegations {
    /// The place of each record by its SHA-256, in the order of the file.
    records: Vec<(String, bool)>,
    by_word: HashMap<String, usize>,
    count: u64,
}

impl Delegations {
    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn take(&mut self, found: &mut Found, line: DelegationLine, has_account: impl Fn(&AccountId) -> bool) {
        self.count += 1;
        let DelegationLine { n, record, sha256, ended } = line;
        let place = format!("delegation {n} (to {})", name(&record.to_name));
        if digest(&record) != sha256 {
            found.say(&place, "it was changed: it does not give its SHA-256");
        }
        if n != self.count {
            found.say(&place, &format!("it stands where delegation {} belongs", self.count));
        }
        if record.account.as_ref().is_some_and(|account| !has_account(account)) {
            found.say(&place, "its account is not in the file");
        }
        if let Some(end) = ended {
            let place = format!("the end of {place}");
            if digest(&end.record) != end.sha256 {
                found.say(&place, "it was changed: it does not give its SHA-256");
            }
            if end.record.delegation != record.id {
                found.say(&place, "it is that of another one");
            }
            self.keep(place, end.sha256);
        }
        self.keep(place, sha256);
    }

    fn keep(&mut self, place: String, sha256: String) {
        self.by_word.insert(sha256, self.records.len());
        self.records.push((place, false));
    }

    pub fn take_entry(&mut self, found: &mut Found, place: &str, entry: &EntryRecord) {
        let Some(word) = told(entry) else { return };
        match self.by_word.get(&word).and_then(|at| self.records.get_mut(*at)) {
            Some((_, told)) => *told = true,
            None => found.say(place, "the delegation that it tells of is not in the file as it was then"),
        }
    }

    pub fn end(&self, found: &mut Found) {
        for (place, _) in self.records.iter().filter(|(_, told)| !told) {
            found.say(place, "the journal does not tell of it");
        }
    }
}
