//! What is true of an address at a client for good, whatever the round: it must not be written to, or nobody is there any more.
//!
//! Promise 2 across rounds: such a fact stops every message until an operator has recorded a new consent, or that the departure was a
//! mistake.

use std::fmt;

use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::sentence::capitalised;

use super::{Finding, ListedContact, Severity};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionKind {
    /// Somebody asked not to be written to again, in this round or any later one.
    NeverAgain,
    /// Somebody called a mail of ours unwanted.
    Complaint,
    /// The person behind the address has left the company.
    Left,
}

impl ObjectionKind {
    pub const ALL: [ObjectionKind; 3] = [ObjectionKind::NeverAgain, ObjectionKind::Complaint, ObjectionKind::Left];

    pub fn as_str(self) -> &'static str {
        match self {
            ObjectionKind::NeverAgain => "never_again",
            ObjectionKind::Complaint => "complaint",
            ObjectionKind::Left => "left",
        }
    }

    pub fn parse(text: &str) -> Option<ObjectionKind> {
        ObjectionKind::ALL.into_iter().find(|k| k.as_str() == text)
    }

    /// The code of the finding beside a row of a list.
    pub fn code(self) -> &'static str {
        match self {
            ObjectionKind::NeverAgain => "opted_out_before",
            ObjectionKind::Complaint => "complained_before",
            ObjectionKind::Left => "left_before",
        }
    }

    /// What was done, for people: "asked on 3 May 2026 ...".
    fn told(self, day: &str) -> String {
        match self {
            ObjectionKind::NeverAgain => format!("asked on {day} never to be written to again"),
            ObjectionKind::Complaint => format!("called a mail of {day} unwanted"),
            ObjectionKind::Left => format!("has left the company, as we learned on {day}"),
        }
    }

    fn next(self) -> &'static str {
        match self {
            ObjectionKind::Left => "Put the successor in this place, or remove the row.",
            _ => "Remove the row, or have a new consent recorded.",
        }
    }
}

impl fmt::Display for ObjectionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The spelling under which two rounds are of one client.
pub fn client_key(client: &str) -> String {
    client.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What an operator reads on the contact's page: "Asked on 3 May 2026 never to be written to again: ...".
pub fn sentence(kind: ObjectionKind, since: Ts, evidence: &str) -> String {
    let told = capitalised(&kind.told(&day(since)));
    let evidence = evidence.trim().trim_end_matches('.');
    if evidence.is_empty() { format!("{told}.") } else { format!("{told}: {evidence}.") }
}

/// What a director and an operator see beside the row of a list.
pub fn finding(row: &ListedContact, kind: ObjectionKind, since: Ts) -> Finding {
    Finding {
        line: row.line,
        code: kind.code().into(),
        severity: Severity::Warning,
        field: "email".into(),
        value: row.email.as_str().into(),
        message: format!(
            "Row {}: {} {}. Nothing is sent there. {}",
            row.line,
            row.email,
            kind.told(&day(since)),
            kind.next()
        ),
    }
}

fn day(at: Ts) -> String {
    at.utc().format("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_however_its_name_is_spaced_and_cased() {
        for name in ["Northwind Instruments", " northwind  instruments", "NORTHWIND\tINSTRUMENTS "] {
            assert_eq!(client_key(name), "northwind instruments", "{name}");
        }
        assert_eq!(client_key("ÖBB Österreich"), client_key("öbb österreich"));
        assert_ne!(client_key("Northwind"), client_key("Northwind Instruments"));
    }

    #[test]
    fn every_kind_is_told_in_words_of_its_own() {
        let codes: Vec<&str> = ObjectionKind::ALL.iter().map(|k| k.code()).collect();
        assert_eq!(codes, ["opted_out_before", "complained_before", "left_before"]);
        let told = sentence(ObjectionKind::NeverAgain, Ts(1_777_766_400_000), "by phone.");
        assert_eq!(told, "Asked on 3 May 2026 never to be written to again: by phone.");
        assert!(ObjectionKind::ALL.iter().all(|k| ObjectionKind::parse(k.as_str()) == Some(*k)));
    }
}
