//! What somebody has repaired in the rows of a file: put into the rows before they are checked, so that every rule sees what will be loaded.
//!
//! A repaired row says so in a finding of its own, with what stood there before. The file stays as it came.

use std::collections::{BTreeMap, HashMap};

use crate::rules::contacts::check::CheckedList;
use crate::rules::contacts::row::cells::quoted;
use crate::rules::contacts::row::name;
use crate::rules::contacts::row::{Field, Row};
use crate::rules::contacts::{Finding, REPAIRED, Severity};

/// By row.
#[derive(Clone, Debug, Default)]
pub struct Repairs(HashMap<u64, OfRow>);

#[derive(Clone, Debug, Default)]
struct OfRow {
    /// What is written, one after the other.
    fields: Vec<(Field, String)>,
    /// Code and field of the findings that are answered by that.
    settled: Vec<(String, String)>,
}

impl Repairs {
    /// `settles` is code and field of a finding; `fields` are by the names of our columns.
    pub fn add(&mut self, row: u64, settles: (&str, &str), fields: &BTreeMap<String, String>) {
        let of_row = self.0.entry(row).or_default();
        of_row.settled.push((settles.0.to_owned(), settles.1.to_owned()));
        for (column, text) in fields {
            let field = Field::ALL.into_iter().find(|field| field.as_str() == column);
            of_row.fields.extend(field.map(|field| (field, text.clone())));
        }
    }

    pub(super) fn apply(&self, row: &mut Row) {
        let Some(made) = self.0.get(&row.line) else { return };
        let is_name = |field: Field| matches!(field, Field::FirstName | Field::LastName);
        let whole = row.get(Field::FirstName).trim().is_empty() && row.get(Field::LastName).trim().is_empty();
        if whole && made.fields.iter().any(|(field, _)| is_name(*field)) {
            let (first, last) = name::split(row.get(Field::FullName));
            row.set(Field::FirstName, first);
            row.set(Field::LastName, last);
        }
        let mut before: BTreeMap<Field, String> = BTreeMap::new();
        for (field, text) in &made.fields {
            before.entry(*field).or_insert_with(|| quoted(row.get(*field).trim()));
            row.set(*field, text.as_str());
        }
        before.retain(|field, text| text != row.get(*field));
        let Some((first, text)) = before.first_key_value() else { return };
        let change = |(field, text): (&Field, &String)| {
            let was = if text.is_empty() { "was empty".to_owned() } else { format!("was “{text}”") };
            format!("the {} {was} and is “{}” now", field.label(), quoted(row.get(*field)))
        };
        let changes: Vec<String> = before.iter().map(change).collect();
        let sentence = format!(
            "repaired after the upload: {}. Have it corrected where the list comes from, too.",
            changes.join(", ")
        );
        let finding = Finding { value: text.clone(), ..row.finding(REPAIRED, Severity::Warning, *first, &sentence) };
        row.found.push(finding);
    }

    /// Takes off the warnings that a repair has answered and a check still finds: a name in capitals that is one.
    pub(super) fn settle(&self, list: &mut CheckedList) {
        if self.0.is_empty() {
            return;
        }
        let stays = |finding: &Finding| {
            let settled = self.0.get(&finding.line).is_some_and(|of| {
                of.settled.iter().any(|(code, field)| *code == finding.code && *field == finding.field)
            });
            finding.severity == Severity::Error || !settled
        };
        for contact in &mut list.accepted {
            contact.findings.retain(stays);
        }
        list.findings.retain(stays);
    }
}

#[cfg(test)]
#[path = "repairs_tests.rs"]
mod tests;
