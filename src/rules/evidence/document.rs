//! An evidence file as it is written: JSON with one record on each line, so that it is read line by line whatever its size.

use crate::base::seal::sha256;

use super::delegations::DelegationLine;
use super::lists::Lists;
use super::record::{AccountRecord, EntryLine, RoundRecord, Sealed, SignatureLine, Signed, written};

pub(super) const OPENING: &str = "{\"soundings_evidence\":2,\n";
/// Of files that were written before anybody could sign for somebody else: they have no list of delegations.
pub(super) const OPENING_BEFORE: &str = "{\"soundings_evidence\":1,\n";
pub(super) const ROUND: &str = "\"round\":";
pub(super) const END_OF_LIST: &str = "],\n";

/// The lists of a file, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Accounts,
    Delegations,
    Signatures,
    Journal,
}

impl List {
    pub const ALL: [List; 4] = [List::Accounts, List::Delegations, List::Signatures, List::Journal];

    pub fn name(self) -> &'static str {
        match self {
            List::Accounts => "accounts",
            List::Delegations => "delegations",
            List::Signatures => "signatures",
            List::Journal => "journal",
        }
    }

    pub fn heading(self) -> String {
        format!("\"{}\":[\n", self.name())
    }
}

/// The last line.
pub(super) fn end(sha256: &str) -> String {
    format!("\"sha256\":\"{sha256}\"}}\n")
}

/// Everything that a file holds.
#[derive(Clone, Debug)]
pub struct Document {
    pub round: Sealed<RoundRecord>,
    pub accounts: Vec<Sealed<AccountRecord>>,
    /// In the order in which they were made, as the signatures.
    pub delegations: Vec<DelegationLine>,
    pub signatures: Vec<SignatureLine>,
    pub journal: Vec<EntryLine>,
}

/// A file and the SHA-256 that stands at its end.
pub struct Written {
    pub text: String,
    pub sha256: String,
}

impl Document {
    /// With everything that the journal says.
    pub fn new(
        round: RoundRecord,
        accounts: Vec<AccountRecord>,
        delegations: Vec<DelegationLine>,
        signatures: Vec<Signed>,
        journal: Vec<EntryLine>,
    ) -> Document {
        let mut lists = Lists::default();
        let signatures = signatures.into_iter().map(Signed::in_order).zip(1..).map(|(signed, n)| {
            let (since, changes) = lists.next(n, &signed);
            let Sealed { record, sha256 } = Sealed::of(signed);
            SignatureLine { n, since, changes, record, sha256 }
        });
        Document {
            signatures: signatures.collect(),
            round: Sealed::of(round),
            accounts: accounts.into_iter().map(Sealed::of).collect(),
            delegations,
            journal,
        }
    }

    /// Without what entries say of contacts; their SHA-256 stays.
    pub fn without_what_is_private(mut self) -> Document {
        for line in self.journal.iter_mut().filter(|line| line.record.private) {
            line.told = None;
        }
        self
    }

    pub fn write(&self) -> Written {
        let mut text = format!("{OPENING}{ROUND}{},\n", written(&self.round));
        for list in List::ALL {
            text.push_str(&list.heading());
            match list {
                List::Accounts => items(&mut text, &self.accounts),
                List::Delegations => items(&mut text, &self.delegations),
                List::Signatures => items(&mut text, &self.signatures),
                List::Journal => items(&mut text, &self.journal),
            }
            text.push_str(END_OF_LIST);
        }
        let sha256 = sha256(&text);
        text.push_str(&end(&sha256));
        Written { text, sha256 }
    }
}

fn items<T: serde::Serialize>(text: &mut String, items: &[T]) {
    for (n, item) in items.iter().enumerate() {
        text.push_str(&written(item));
        text.push_str(if n + 1 < items.len() { ",\n" } else { "\n" });
    }
}
