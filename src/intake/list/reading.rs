//! The one way from the rows of any file to a checked list.

use std::collections::BTreeMap;

use csv::StringRecord;

use crate::base::problem::Problem;
use crate::intake::columns::{self, Columns};
use crate::rules::contacts::cells::quoted;
use crate::rules::contacts::check::{CheckedList, Checker};
use crate::rules::contacts::footer::Tail;
use crate::rules::contacts::row::{Field, Row};
use crate::rules::contacts::{Finding, Severity};

use super::additional::Additional;
use super::choice::Choice;
use super::clear::{self, Twin};
use super::head::{self, Head};
use super::rows::Rows;
use super::source::Opened;

/// A cell with more line breaks than this is a quotation mark that nobody closed.
const UNCLOSED: usize = 20;

/// So many rows of a list are never shorter than this.
const UNCLOSED_LENGTH: usize = 400;

/// No name, address or title has more characters.
const LONGEST: usize = 1_000;

/// Where so many rows cannot be used, the file is wrong as a whole, and nobody reads findings.
const HOPELESS: usize = 100_000;

/// A list while it is read.
struct Reading {
    columns: Columns,
    twins: Vec<Twin>,
    additional: Additional,
    checker: Checker,
    tail: Tail,
    /// By row: what keeps it out before anybody has looked at its cells.
    unreadable: BTreeMap<u64, Finding>,
    /// Whether cells beyond the header are columns without a name.
    padded: bool,
}

pub fn read(opened: Opened, rows: &mut dyn Rows, choice: &Choice, name: &str) -> Result<CheckedList, Problem> {
    let padded = !opened.kind.is_text();
    let Head { row: header, headers, preamble, sample } = head::read(rows, name, padded)?;
    let records: Vec<StringRecord> = sample.iter().map(|(_, record)| record.clone()).collect();
    let columns = columns::decide(&headers, &records, choice)?;
    drop(records);
    clear::required(&columns, name)?;
    let fields = columns.columns.iter().filter_map(|column| column.field).collect();
    let mut reading = Reading {
        twins: columns.twins.iter().map(Twin::new).collect(),
        additional: Additional::of(&columns.columns),
        columns,
        checker: Checker::new(fields, header),
        tail: Tail::default(),
        unreadable: BTreeMap::new(),
        padded,
    };
    for (line, record) in &sample {
        reading.row(*line, record, name)?;
    }
    drop(sample);
    let mut record = StringRecord::new();
    while let Some(line) = rows.next_row(&mut record)? {
        reading.row(line, &record, name)?;
        if reading.checker.set_aside() + reading.unreadable.len() > HOPELESS {
            return Err(hopeless(name));
        }
    }
    let about_all = opened.doubt.into_iter().chain(preamble).chain(clear::guesses(&reading.columns, header, name));
    reading.finish(about_all.collect(), header, name)
}

impl Reading {
    fn row(&mut self, line: u64, record: &StringRecord, name: &str) -> Result<(), Problem> {
        for twin in &mut self.twins {
            twin.hold_against(record).map_err(|()| clear::twins(&self.columns, name))?;
        }
        let mut row = Row::new(line);
        for (at, cell) in record.iter().enumerate() {
            match self.columns.columns.get(at) {
                Some(column) => match column.field {
                    Some(field) => match beyond(line, field, cell) {
                        Some((end, finding)) => {
                            self.unreadable.entry(line).or_insert(finding);
                            row.set(field, &cell[..end]);
                        }
                        None => row.set(field, cell),
                    },
                    None => self.additional.keep(&mut row, at, cell),
                },
                None if cell.trim().is_empty() => {}
                None if self.padded => self.additional.beyond(line, at),
                None => row.surplus += 1,
            }
            if let Some(finding) = swallowed(line, cell) {
                self.unreadable.insert(line, finding);
            }
        }
        if !row.is_blank() {
            let filled: Vec<&str> = record.iter().filter(|cell| !cell.trim().is_empty()).map(beginning).collect();
            self.tail.push(row, &filled).into_iter().for_each(|row| self.checker.push(row));
        }
        Ok(())
    }

    fn finish(self, mut about_all: Vec<Finding>, header: u64, name: &str) -> Result<CheckedList, Problem> {
        let mut checker = self.checker;
        match self.tail.finish() {
            Ok(footer) => about_all.push(footer),
            Err(rows) => rows.into_iter().for_each(|row| checker.push(row)),
        }
        let mut list = checker.finish();
        if list.rows == 0 {
            let what = format!("{name} has a header and no contacts.");
            return Err(Problem::unusable(what, "Add a row for each contact."));
        }
        about_all.extend(self.twins.iter().map(|twin| twin.finding(&self.columns, header)));
        about_all.extend(self.additional.findings(header));
        let unreadable = self.unreadable;
        list.accepted.retain(|c| !unreadable.contains_key(&c.line));
        if !unreadable.is_empty() || !about_all.is_empty() {
            list.findings.extend(about_all.into_iter().chain(unreadable.into_values()));
            list.findings.sort_by_key(|f| f.line);
        }
        Ok(list)
    }
}

fn hopeless(name: &str) -> Problem {
    Problem::unusable(
        format!("More than {HOPELESS} things in the rows of {name} keep people out of the round."),
        "Look at its first rows: something is wrong with all of them, such as a column that is missing or moved.",
    )
}

/// As much of a cell as anybody looks at.
fn beginning(cell: &str) -> &str {
    cell.char_indices().nth(LONGEST).map_or(cell, |(end, _)| &cell[..end])
}

/// Where a cell ends at the latest, and that it is longer.
fn beyond(line: u64, field: Field, cell: &str) -> Option<(usize, Finding)> {
    let (end, _) = cell.char_indices().nth(LONGEST)?;
    let finding = Finding {
        line,
        code: "cell_too_long".into(),
        severity: Severity::Error,
        field: field.as_str().into(),
        value: quoted(cell),
        message: format!(
            "Row {line}: the {} has more than {LONGEST} characters. Shorten it, and check the list again.",
            field.label()
        ),
    };
    Some((end, finding))
}

fn swallowed(line: u64, cell: &str) -> Option<Finding> {
    if cell.len() < UNCLOSED_LENGTH
        || cell.bytes().filter(|b| *b == b'\n' || *b == b'\r').take(UNCLOSED + 1).count() <= UNCLOSED
    {
        return None;
    }
    Some(Finding {
        line,
        code: "quotation_not_closed".into(),
        severity: Severity::Error,
        field: String::new(),
        value: quoted(cell),
        message: format!(
            "Row {line}: a quotation mark opens here and {} lines stand in one cell. Close it, and check the list again.",
            cell.lines().count()
        ),
    })
}
