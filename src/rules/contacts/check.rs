//! The check of a list: rows in, usable contacts and findings out. Cost is linear in the rows.
//!
//! Every row is judged on its own first, then beside the rows of its account. A row that cannot be used is told why in
//! full, but nothing is derived from a value that is itself wrong.

use std::collections::HashMap;

use crate::base::address::EmailAddress;

use super::reasons::reason;
use super::row::cells::quoted;
use super::row::judge::judge;
use super::row::row_check::note;
use super::row::whereabouts::may_mean_nothing;
use super::row::{Field, Row};
use super::together::account::{Domains, key};
use super::together::agree::agree;
use super::together::beside::about_names;
use super::together::keys;
use super::{Finding, ListedContact, Severity};

pub use super::checked::{CheckedList, ListReport, Unread};

/// So many rows that were left out are kept, and so many bytes of them; a list with more of them is the wrong file.
const KEPT: usize = 20_000;
const KEPT_BYTES: usize = 32 * 1024 * 1024;

/// A list in the making: rows are judged as they come, so that nobody has to hold them all.
#[derive(Debug, Default)]
pub struct Checker {
    columns: Vec<Field>,
    header: u64,
    list: CheckedList,
    accounts: HashMap<String, usize>,
    /// By account: its name, and its places in the accepted rows.
    names: Vec<String>,
    members: Vec<Vec<usize>>,
    domains: Domains,
    first_lines: HashMap<String, u64>,
    /// Places in the accepted rows whose country is “NA” and nothing else speaks for Namibia; with them, whether the zone came from it.
    perhaps_nowhere: Vec<(usize, bool)>,
    /// Whether another country stands in the list.
    other_country: bool,
    /// Bytes of the rows that are kept though they were left out.
    kept: usize,
}

impl Checker {
    /// `columns` are those that the list has, in row `header`: a missing column is one finding, not one per row.
    pub fn new(columns: Vec<Field>, header: u64) -> Checker {
        Checker { columns, header, ..Checker::default() }
    }

    /// How many findings the rows have that were left out so far.
    pub fn set_aside(&self) -> usize {
        self.list.findings.len()
    }

    /// How many rows came so far.
    pub fn rows(&self) -> u64 {
        self.list.rows
    }

    pub fn push(&mut self, row: Row) {
        self.list.rows += 1;
        let mut verdict = judge(row, &self.columns);
        let account = self.account(verdict.row.get(Field::Account));
        if let Some(address) = &verdict.address {
            if !verdict.row.get(Field::Account).is_empty() {
                self.domains.add(account, address.domain());
            }
            let key = address.key();
            if let Some(first) = self.first_lines.get(&key) {
                let sentence =
                    format!("the address {address} stands in row {first} already. Remove one of the two rows.");
                verdict.findings.push(verdict.row.finding(
                    "duplicate_address",
                    Severity::Error,
                    Field::Email,
                    &sentence,
                ));
                verdict.contact = None;
            } else if verdict.contact.is_some() {
                self.first_lines.insert(key, verdict.row.line);
            }
        }
        if let Some(contact) = verdict.contact {
            let zone = verdict.row.get(Field::TimeZone);
            if !may_mean_nothing(verdict.row.get(Field::Country)) {
                self.other_country |= !contact.country.is_empty();
            } else if zone != "Africa/Windhoek" && contact.email.domain().rsplit('.').next() != Some("na") {
                self.perhaps_nowhere.push((self.list.accepted.len(), zone.is_empty()));
            }
            self.members[account].push(self.list.accepted.len());
            self.list.accepted.push(ListedContact { findings: verdict.findings, ..contact });
        } else {
            self.list.unread.extend(unread(&verdict.row, &verdict.findings));
            self.list.findings.extend(verdict.findings);
            self.kept = self.kept.saturating_add(verdict.row.bytes());
            if self.list.refused.len() < KEPT && self.kept < KEPT_BYTES {
                self.list.refused.push(verdict.row);
            }
        }
    }

    fn account(&mut self, name: &str) -> usize {
        let key = key(name);
        if let Some(account) = self.accounts.get(&key) {
            return *account;
        }
        self.accounts.insert(key, self.names.len());
        self.names.push(name.to_owned());
        self.members.push(Vec::new());
        self.names.len() - 1
    }

    /// What the rows of an account tell together is added here.
    pub fn finish(mut self) -> CheckedList {
        let mut list = self.list;
        for field in [Field::Role, Field::Country].into_iter().filter(|f| list.rows > 0 && !self.columns.contains(f)) {
            list.findings.push(missing_column(self.header, field));
        }
        for (at, zone_too) in self.perhaps_nowhere.iter().filter(|_| self.other_country) {
            nowhere(&mut list.accepted[*at], *zone_too);
        }
        self.domains.settle(&self.names);
        for (account, members) in self.members.iter().enumerate().filter(|(_, m)| !m.is_empty()) {
            list.accounts += 1;
            agree(&mut list.accepted, members);
            for at in members {
                let contact = &mut list.accepted[*at];
                if let Some(home) = self.domains.foreign(account, &contact.account, contact.email.domain()) {
                    let finding = foreign(contact, &home);
                    contact.findings.push(finding);
                }
            }
        }
        let about_all = about_names(&mut list.accepted, &self.members, self.header);
        list.findings.extend(about_all);
        list.findings.extend(keys::settle(&mut list.accepted, self.header));
        list.findings.extend(list.accepted.iter().flat_map(|c| c.findings.iter().cloned()));
        list.findings.sort_by_key(|f| f.line);
        list
    }
}

fn foreign(contact: &ListedContact, home: &str) -> Finding {
    let why = if home.is_empty() {
        format!("the domain {} is found at other accounts too", contact.email.domain())
    } else {
        format!("the address {} is not at {home}, as the others of {} are", contact.email, contact.account)
    };
    Finding {
        line: contact.line,
        code: "foreign_domain".into(),
        severity: Severity::Warning,
        field: Field::Email.as_str().into(),
        value: contact.email.to_string(),
        message: format!(
            "Row {}: {why}. Check that {} {} works for this account.",
            contact.line, contact.first_name, contact.last_name
        ),
    }
}

/// “NA” in a column of other countries is more likely "not available" than Namibia.
fn nowhere(contact: &mut ListedContact, zone_too: bool) {
    contact.country.clear();
    contact.region.clear();
    if zone_too {
        contact.time_zone.clear();
    }
    let message = "the country “NA” is the code of Namibia, or says that it is not available. It counts as empty; write Namibia if it is meant, or the country.";
    note(contact, "country_unknown", Field::Country, "NA".into(), message);
}

/// None for a row whose person is in the list by another row.
fn unread(row: &Row, findings: &[Finding]) -> Option<Unread> {
    let first = findings.iter().find(|f| f.severity == Severity::Error)?;
    if first.code == "duplicate_address" {
        return None;
    }
    let names = [Field::FirstName, Field::LastName].map(|field| row.get(field).trim()).join(" ");
    let told = [names.trim(), row.get(Field::FullName).trim(), row.get(Field::Email).trim()];
    let who = told.into_iter().find(|text| !text.is_empty()).map_or_else(|| format!("Row {}", row.line), quoted);
    let shown = if first.value.is_empty() { String::new() } else { format!(" (“{}”)", first.value) };
    Some(Unread {
        line: row.line,
        who,
        account: row.get(Field::Account).trim().into(),
        director: EmailAddress::parse(row.get(Field::DirectorEmail)).map(|email| email.key()).unwrap_or_default(),
        why: format!("{}{shown}", reason(first)),
    })
}

fn missing_column(header: u64, field: Field) -> Finding {
    Finding {
        line: header,
        code: format!("{}_unknown", field.as_str()),
        severity: Severity::Warning,
        field: field.as_str().into(),
        value: String::new(),
        message: format!(
            "The list has no column for the {}. Add a column named {}, or go on without.",
            field.label(),
            field.as_str()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s10_of_rows_that_are_left_out_no_more_is_kept_than_anybody_looks_at() {
        let mut checker = Checker::new(Vec::new(), 1);
        for line in 2..2_502 {
            let mut row = Row::new(line);
            row.set(Field::LastName, "x".repeat(500));
            row.more.insert("notes".into(), "x".repeat(16 * 1024));
            checker.push(row);
        }
        let list = checker.finish();
        let kept: usize = list.refused.iter().map(Row::bytes).sum();
        assert_eq!((list.rows, list.unread.len()), (2_500, 2_500), "nobody is lost for it");
        assert!(kept <= KEPT_BYTES && kept > KEPT_BYTES / 2, "{kept}");
        assert!(
            list.unread.iter().all(|unread| unread.who.chars().count() <= 121),
            "as much of a name as a page shows"
        );
    }
}
