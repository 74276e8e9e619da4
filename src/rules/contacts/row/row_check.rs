//! A row while it is judged: its cells, and what was found wrong with them so far.

use crate::rules::contacts::Finding;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::Severity;
use crate::rules::contacts::row::{Field, Row};

pub(in crate::contacts) struct RowCheck {
    pub row: Row,
    pub findings: Vec<Finding>,
}

impl RowCheck {
    pub fn error(&mut self, code: &str, field: Field, sentence: &str) {
        self.findings.push(self.row.finding(code, Severity::Error, field, sentence));
    }

    pub fn warn(&mut self, code: &str, field: Field, sentence: &str) {
        self.findings.push(self.row.finding(code, Severity::Warning, field, sentence));
    }

    pub fn get(&self, field: Field) -> &str {
        self.row.get(field)
    }
}

/// A warning in the row of a contact.
pub(in crate::contacts) fn note(contact: &mut ListedContact, code: &str, field: Field, value: String, message: &str) {
    let message = format!("Row {}: {message}", contact.line);
    let finding = Finding {
        line: contact.line,
        code: code.into(),
        severity: Severity::Warning,
        field: field.as_str().into(),
        value,
        message,
    };
    contact.findings.push(finding);
}
