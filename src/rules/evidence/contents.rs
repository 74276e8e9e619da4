//! Whether the records of an evidence file say together what was written: every SHA-256, fingerprint, link and difference is made anew.

use std::collections::HashMap;

use serde::Serialize;

use crate::base::counted::counted;
use crate::base::ids::AccountId;
use crate::rules::signoff::{SignedName, fingerprint};

use super::delegations::{DelegationLine, Delegations};
use super::found::{Found, name};
use super::head::Head;
use super::lists::Lists;
use super::record::{AccountRecord, EntryLine, RoundRecord, Sealed, SignatureLine, Signed, digest};
use super::told;

/// What the records read so far have said.
#[derive(Default)]
pub(super) struct Contents {
    pub round: Option<RoundRecord>,
    /// With what they are called now.
    accounts: HashMap<AccountId, String>,
    delegations: Delegations,
    lists: Lists,
    signatures: Vec<Signature>,
    /// By what the journal says of them: their place in `signatures`.
    by_word: HashMap<String, usize>,
    /// The last entry; its hash is not known after one that could not be read.
    entries: i64,
    hash: Option<String>,
    withheld: u64,
    pub unproved: Found,
}

struct Signature {
    place: String,
    told: bool,
}

impl Contents {
    pub fn delegations(&self) -> u64 {
        self.delegations.count()
    }

    /// Accounts, signatures, entries that are withheld.
    pub fn counts(&self) -> (u64, u64, u64) {
        (self.accounts.len() as u64, self.signatures.len() as u64, self.withheld)
    }

    pub fn head(&self) -> Head {
        Head { entries: self.entries, hash: self.hash.clone().unwrap_or_default() }
    }

    pub fn take_round(&mut self, found: &mut Found, round: Sealed<RoundRecord>) {
        sealed(found, "the round", &round.record, &round.sha256);
        self.hash = Some(round.record.id.to_string());
        self.round = Some(round.record);
    }

    pub fn take_account(&mut self, found: &mut Found, account: Sealed<AccountRecord>) {
        let place = format!("account {}", name(&account.record.name));
        sealed(found, &place, &account.record, &account.sha256);
        if self.accounts.insert(account.record.id, account.record.name).is_some() {
            found.say(&place, "it stands in the file twice");
        }
    }

    pub fn take_delegation(&mut self, found: &mut Found, line: DelegationLine) {
        self.delegations.take(found, line, |account| self.accounts.contains_key(account));
    }

    pub fn take_signature(&mut self, found: &mut Found, line: SignatureLine) {
        let SignatureLine { n, since, changes, record, sha256 } = line;
        let day = record.at.utc().format("%-d %B %Y");
        let called = record.account_name.as_ref().or_else(|| self.accounts.get(&record.account));
        let place = format!("signature {n} ({}, {day})", name(called.map_or("", String::as_str)));
        sealed(found, &place, &record, &sha256);
        let expected = self.signatures.len() as u64 + 1;
        if n != expected {
            found.say(&place, &format!("it stands where signature {expected} belongs"));
        }
        if !self.accounts.contains_key(&record.account) {
            found.say(&place, "its account is not in the file");
        }
        self.list_of(found, &place, &record);
        if self.lists.next(n, &record) != (since, changes) {
            found.say(&place, "what changed since the list before it is not what the two lists say");
        }
        let at = self.signatures.len();
        self.by_word.insert(told::without_its_seal(&record), at);
        self.by_word.insert(sha256, at);
        self.signatures.push(Signature { place, told: false });
    }

    /// Whether the list of a signature is the one that its fingerprint covers.
    fn list_of(&mut self, found: &mut Found, place: &str, signed: &Signed) {
        let Some(list) = &signed.list else {
            return self.unproved.say(place, "its list was not kept");
        };
        let names: Vec<SignedName> = list.iter().map(|listed| listed.name.clone()).collect();
        match &signed.account_name {
            Some(called) if fingerprint(called, &names) != signed.fingerprint => {
                found.say(place, "the list does not give its fingerprint");
            }
            Some(_) => {}
            None => self.unproved.say(
                place,
                "its fingerprint cannot be made again, because the account was renamed and what it was called then was not kept",
            ),
        }
        if names.len() as i64 != signed.names {
            let (there, signed) = (counted(names.len(), "name", "names"), signed.names);
            found.say(place, &format!("the list has {there}, and {signed} were signed"));
        }
    }

    /// Told is its number and hash.
    pub fn take_entry(&mut self, found: &mut Found, line: EntryLine) -> (i64, String) {
        let EntryLine { record, sha256, told } = line;
        let day = record.at.utc().format("%-d %B %Y");
        let what = told.as_ref().map_or("withheld".into(), |told| name(&told.entry.action));
        let place = format!("entry {} of the journal ({day}, {what})", record.n);
        sealed(found, &place, &record, &sha256);
        match &told {
            Some(told) if told.sha256() != record.content => {
                found.say(&place, "it was changed: what it says does not give its SHA-256");
            }
            Some(_) => {}
            None if record.private => self.withheld += 1,
            None => found.say(&place, "it is withheld, and tells of nothing that a contact did"),
        }
        let expected = self.entries.saturating_add(1);
        if record.n != expected {
            found.say(&place, &format!("it stands where entry {expected} belongs"));
        }
        if self.hash.as_ref().is_some_and(|hash| *hash != record.before) {
            found.say(&place, "it does not follow the entry before it");
        }
        if let Some(told) = &told {
            self.delegations.take_entry(found, &place, &told.entry);
        }
        if let Some(word) = told.and_then(|told| told::of_entry(&told.entry)) {
            match self.by_word.get(&word).and_then(|at| self.signatures.get_mut(*at)) {
                Some(signature) => signature.told = true,
                None => found.say(&place, "the signature that it tells of is not in the file"),
            }
        }
        self.entries = record.n;
        self.hash = Some(sha256.clone());
        (record.n, sha256)
    }

    /// After an entry that cannot be read.
    pub fn skip_entry(&mut self) {
        self.entries = self.entries.saturating_add(1);
        self.hash = None;
    }

    /// When all of them were read.
    pub fn end(&self, found: &mut Found) {
        for untold in self.signatures.iter().filter(|signature| !signature.told) {
            found.say(&untold.place, "the journal does not tell of it");
        }
        self.delegations.end(found);
        let Some(round) = &self.round else { return };
        if round.entries != self.entries {
            let (ends, went) = (self.entries, round.entries);
            found.say("the journal", &format!("it ends with entry {ends}, and it went to entry {went}"));
        } else if self.hash.as_ref().is_some_and(|hash| *hash != round.head) {
            found.say("the journal", "it does not lead to the end that was kept beside it");
        }
    }
}

fn sealed(found: &mut Found, place: &str, record: &impl Serialize, sha256: &str) {
    if digest(record) != sha256 {
        found.say(place, "it was changed: it does not give its SHA-256");
    }
}
