//! A list after its check: what can be used, what was found, and who could not be read.

use serde::Serialize;

use super::row::Row;
use super::{Finding, ListedContact, Severity};

/// A list after its check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckedList {
    /// Records below the header that are not blank.
    pub rows: u64,
    pub accepted: Vec<ListedContact>,
    /// Accounts among the accepted rows.
    pub accounts: u64,
    /// In order of line.
    pub findings: Vec<Finding>,
    /// People who stand in the list and could not be read.
    pub unread: Vec<Unread>,
    /// The first rows that were left out, as they were read: a corrected template gives them back.
    pub refused: Vec<Row>,
}

/// A row that was left out for an error: as much of a person as can be made out in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub line: u64,
    /// The name, else the address, else the row.
    pub who: String,
    pub account: String,
    /// The key of the director's address; empty where the row has none that can be used.
    pub director: String,
    pub why: String,
}

/// Contract: what `list check --json` prints.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ListReport<'l> {
    pub rows: u64,
    pub accepted: usize,
    pub accounts: u64,
    pub findings: &'l [Finding],
}

impl CheckedList {
    pub fn report(&self) -> ListReport<'_> {
        ListReport { rows: self.rows, accepted: self.accepted.len(), accounts: self.accounts, findings: &self.findings }
    }

    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|f| f.severity == Severity::Error).count()
    }

    pub fn warnings(&self) -> usize {
        self.findings.len() - self.errors()
    }
}
