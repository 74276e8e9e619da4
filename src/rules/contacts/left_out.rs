//! Which rows of a list were left out and why, in as few words as there are reasons.
//!
//! Whoever loads a list reads its last lines: there every row that is not in the round is named, once, under its first error.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Severity;
use super::check::CheckedList;
use super::reasons::reason;
use crate::base::counted::counted;

/// As many rows of one reason are named, and as many cells quoted.
const NAMED: usize = 20;
const QUOTED: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    pub code: String,
    pub reason: String,
    /// As a spreadsheet program numbers them.
    pub rows: Vec<u64>,
    #[serde(skip)]
    quotes: Vec<String>,
}

/// Adds the rows that were left out to what was done with the others, as programs read it.
pub fn added(mut done: serde_json::Value, list: &CheckedList) -> serde_json::Value {
    if let Some(object) = done.as_object_mut() {
        object.insert("rows".into(), list.rows.into());
        object.insert("left_out".into(), serde_json::json!(left_out(list)));
    }
    done
}

/// The rows that are not usable, by reason, in order of the first row of each.
pub fn left_out(list: &CheckedList) -> Vec<LeftOut> {
    let mut groups: BTreeMap<(&str, &str), LeftOut> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for f in list.findings.iter().filter(|f| f.severity == Severity::Error) {
        if !told.insert(f.line) {
            continue;
        }
        let group = groups.entry((&f.code, &f.field)).or_insert_with(|| LeftOut {
            code: f.code.clone(),
            reason: reason(f),
            rows: Vec::new(),
            quotes: Vec::new(),
        });
        group.rows.push(f.line);
        let quote = format!("“{}”", f.value);
        if !f.value.is_empty() && group.quotes.len() < QUOTED && !group.quotes.contains(&quote) {
            group.quotes.push(quote);
        }
    }
    let mut groups: Vec<LeftOut> = groups.into_values().collect();
    groups.sort_by_key(|group| group.rows.first().copied());
    groups
}

/// "2 of 3 rows were left out: 5 and 8, the e-mail address cannot be used (“b1@acme”, “c1@acme”)." Empty when all are in.
pub fn sentence(list: &CheckedList) -> String {
    let groups = left_out(list);
    let rows: usize = groups.iter().map(|group| group.rows.len()).sum();
    let why: Vec<String> = groups.iter().map(why).collect();
    match rows {
        0 => String::new(),
        1 => format!("1 of {} was left out: row {}.", counted(list.rows, "row", "rows"), why.join("; ")),
        n => format!("{n} of {} were left out: rows {}.", counted(list.rows, "row", "rows"), why.join("; ")),
    }
}

fn why(group: &LeftOut) -> String {
    let named: Vec<String> = group.rows.iter().take(NAMED).map(u64::to_string).collect();
    let rows = match (group.rows.len().checked_sub(NAMED).filter(|more| *more > 0), named.split_last()) {
        (Some(more), _) => format!("{} and {more} more", named.join(", ")),
        (None, Some((last, rest))) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => named.join(""),
    };
    let quotes = if group.quotes.is_empty() { String::new() } else { format!(" ({})", group.quotes.join(", ")) };
    format!("{rows}, {}{quotes}", group.reason)
}

#[cfg(test)]
mod tests {
    use super::super::Finding;
    use super::*;

    fn list(rows: u64, findings: &[(u64, &str, &str, Severity)]) -> CheckedList {
        let findings = findings.iter().map(|(line, code, value, severity)| Finding {
            line: *line,
            code: (*code).into(),
            severity: *severity,
            field: "email".into(),
            value: (*value).into(),
            message: String::new(),
        });
        CheckedList { rows, findings: findings.collect(), ..CheckedList::default() }
    }

    #[test]
    fn rows_are_named_under_their_first_reason() {
        let (e, w) = (Severity::Error, Severity::Warning);
        let some = list(
            4,
            &[
                (3, "role_mailbox", "info@acme.example", w),
                (5, "address_invalid", "b1@acme", e),
                (5, "account_director_missing", "", e),
                (8, "address_invalid", "c1@acme", e),
                (9, "name_missing", "", e),
            ],
        );
        assert_eq!(
            sentence(&some),
            "3 of 4 rows were left out: rows 5 and 8, the e-mail address cannot be used (“b1@acme”, “c1@acme”); 9, the name is empty."
        );
        assert_eq!(sentence(&list(1, &[(3, "role_mailbox", "x", w)])), "");
        assert_eq!(
            sentence(&list(1, &[(2, "address_missing", "", e)])),
            "1 of 1 row was left out: row 2, the e-mail address is empty."
        );
        let many: Vec<(u64, &str, &str, Severity)> = (2..32).map(|line| (line, "address_missing", "", e)).collect();
        assert!(sentence(&list(30, &many)).contains("20, 21 and 10 more, the e-mail address is empty"));
    }
}
