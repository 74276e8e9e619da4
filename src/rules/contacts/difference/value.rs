//! The value itself: every row of a list in one place, and what follows in sentences.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::base::ids::ContactId;
use crate::rules::contacts::Severity;
use crate::rules::contacts::check::CheckedList;

/// Contract: what `list load --dry-run --json` prints.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub added: Vec<Added>,
    pub changed: Vec<Changed>,
    pub gone: Vec<Gone>,
    pub asked: Vec<Asked>,
    pub refused: Vec<Refused>,
    /// Rows that were compared with the round and say what it has.
    pub unchanged: u64,
    /// Rows about people who were edited here, or taken off by somebody, and rows with an address that somebody had before: the list does
    /// not change them.
    pub kept: Vec<Kept>,
    /// Accounts that come with the list and may be known under another legal form: asked about, and taken as new until then.
    pub same_account: Vec<SameAccount>,
    /// Accounts whose signature does not hold any more, by name.
    pub signs_again: Vec<String>,
    /// What follows from all of it, in sentences.
    pub effects: Vec<String>,
    /// Of the round's people when this was worked out, and of all that is told here.
    pub version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    pub row: u64,
    pub name: String,
    pub account: String,
    pub email: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub contact: ContactId,
    pub row: u64,
    pub name: String,
    /// As it is now.
    pub account: String,
    /// By our name of the column, or by the header of one that is none of ours: as it is, and as it will be.
    pub fields: BTreeMap<String, [String; 2]>,
    /// What follows for this person, in sentences.
    pub causes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    pub contact: ContactId,
    pub name: String,
    pub account: String,
    pub email: String,
    /// Taken off, as in a draft; else the person stays until somebody takes him off.
    pub removed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub row: u64,
    pub name: String,
    pub account: String,
    pub email: String,
    pub known_as: String,
    pub known_at: String,
    pub why: String,
    /// What "the same person" and "somebody else" will do, in a sentence each.
    #[serde(default)]
    pub same: String,
    #[serde(default)]
    pub other: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SameAccount {
    pub account: String,
    pub known: String,
}

/// A row that cannot be used, once, under its first error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub row: u64,
    pub code: String,
    pub message: String,
    /// The codes of all its errors.
    pub codes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub contact: ContactId,
    pub row: u64,
    pub name: String,
    pub account: String,
    pub email: String,
}

/// The rows that cannot be used, in their order; with them those whose address an earlier row has.
pub fn refused(list: &CheckedList) -> Vec<Refused> {
    let mut all: BTreeMap<u64, Refused> = BTreeMap::new();
    for f in list.findings.iter().filter(|f| f.severity == Severity::Error) {
        let first = || Refused { row: f.line, code: f.code.clone(), message: f.message.clone(), codes: Vec::new() };
        all.entry(f.line).or_insert_with(first).codes.push(f.code.clone());
    }
    let mut first: HashMap<String, u64> = HashMap::with_capacity(list.accepted.len());
    for row in &list.accepted {
        match first.entry(row.email.key()) {
            Entry::Vacant(place) => {
                place.insert(row.line);
            }
            Entry::Occupied(place) => {
                let code = "duplicate_address".to_owned();
                let message = format!(
                    "Row {}: the address {} stands in row {} already. Remove one of the two rows.",
                    row.line,
                    row.email,
                    place.get()
                );
                all.insert(row.line, Refused { row: row.line, code: code.clone(), message, codes: vec![code] });
            }
        }
    }
    all.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::Finding;

    #[test]
    fn a_row_is_refused_once_with_all_its_codes() {
        let finding = |line, code: &str, severity| Finding {
            line,
            code: code.into(),
            severity,
            field: "email".into(),
            value: String::new(),
            message: format!("Row {line}: {code}"),
        };
        let findings = vec![
            finding(2, "role_mailbox", Severity::Warning),
            finding(3, "name_missing", Severity::Error),
            finding(3, "address_missing", Severity::Error),
            finding(5, "address_invalid", Severity::Error),
        ];
        let all = refused(&CheckedList { findings, ..CheckedList::default() });
        let told: Vec<(u64, &str, usize)> = all.iter().map(|r| (r.row, r.code.as_str(), r.codes.len())).collect();
        assert_eq!(told, [(3, "name_missing", 2), (5, "address_invalid", 1)]);
        assert_eq!(all[0].message, "Row 3: name_missing");
    }
}
