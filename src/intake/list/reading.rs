//! The one way from the rows of any file to a checked list.

use csv::StringRecord;

use crate::base::problem::{Kind, Problem};
use crate::intake::columns::{self, Columns};
use crate::rules::contacts::check::{CheckedList, Checker};
use crate::rules::contacts::row::cells::quoted;
use crate::rules::contacts::row::{Field, Row};
use crate::rules::contacts::together::footer::Tail;
use crate::rules::contacts::{Finding, Severity};

use super::additional::Additional;
use super::choice::Choice;
use super::clear::{self, Twin};
use super::head::{self, Head};
use super::repairs::Repairs;
use super::rows::Rows;
use super::source::Opened;

/// A cell with more line breaks than this is a quotation mark that nobody closed.
const UNCLOSED: usize = 20;

/// So many rows of a list are never shorter than this.
const UNCLOSED_LENGTH: usize = 400;

/// No name, address or title has more characters.
const LONGEST: usize = 1_000;

/// As many rows as a sheet has, and those of its header: a list with more has lost its way, and nothing holds it.
pub const MOST: u64 = 1_048_576;

/// Where so many rows cannot be used, the file is wrong as a whole, and nobody reads findings.
const HOPELESS: usize = 100_000;

/// A list while it is read.
struct Reading<'c> {
    columns: Columns,
    twins: Vec<Twin>,
    additional: Additional,
    checker: Checker,
    tail: Tail,
    repairs: &'c Repairs,
    /// Whether cells beyond the header are columns without a name, and no quotation mark is left open.
    padded: bool,
}

pub fn read(
    opened: Opened,
    rows: &mut dyn Rows,
    (choice, repairs): (&Choice, &Repairs),
    name: &str,
) -> Result<CheckedList, Problem> {
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
        repairs,
        padded,
    };
    for (line, record) in &sample {
        reading.row(*line, record, name)?;
    }
    drop(sample);
    let mut record = StringRecord::new();
    while let Some(line) = rows.next_row(&mut record)? {
        reading.row(line, &record, name)?;
        if reading.checker.set_aside() > HOPELESS {
            return Err(hopeless(name));
        }
        if reading.checker.rows() > MOST {
            return Err(too_many(name));
        }
    }
    let about_all = opened.doubt.into_iter().chain(preamble).chain(clear::guesses(&reading.columns, header, name));
    reading.finish(about_all.collect(), header, name)
}

impl Reading<'_> {
    fn row(&mut self, line: u64, record: &StringRecord, name: &str) -> Result<(), Problem> {
        if !self.twins.iter().all(|twin| twin.agrees(record)) {
            return Err(clear::twins(&self.columns, name));
        }
        let mut row = Row::new(line);
        for (at, cell) in record.iter().enumerate() {
            match self.columns.columns.get(at) {
                Some(column) => {
                    if let Some(field) = column.field {
                        set(&mut row, field, cell, self.padded);
                    } else {
                        let swallowed = !self.padded && is_swallowed(cell);
                        self.additional.keep(&mut row, at, cell, swallowed);
                    }
                }
                None if cell.trim().is_empty() => {}
                None if self.padded => {
                    self.additional.beyond(line, at);
                    break;
                }
                None => row.surplus += 1,
            }
        }
        self.repairs.apply(&mut row);
        if !row.is_blank() {
            let filled = record.iter().filter(|cell| !cell.trim().is_empty()).map(beginning);
            let filled: Vec<&str> = filled.take(LOOKED_AT).collect();
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
        self.repairs.settle(&mut list);
        if !about_all.is_empty() {
            list.findings.extend(about_all);
            list.findings.sort_by_key(|f| f.line);
        }
        Ok(list)
    }
}

/// So many filled cells of a row tell whether it is a footer.
const LOOKED_AT: usize = 50;

fn hopeless(name: &str) -> Problem {
    Problem::unusable(
        format!("More than {HOPELESS} things in the rows of {name} keep people out of the round."),
        "Look at its first rows: something is wrong with all of them, such as a column that is missing or moved.",
    )
}

fn too_many(name: &str) -> Problem {
    Problem::new(
        Kind::TooLarge,
        format!("{name} has more than {MOST} contacts; a list has as many as a sheet has rows."),
        "Split it by account and load one part after the other; in a draft each but the first is said to be one of several (`--keep-others`).",
    )
}

/// As much of a cell as anybody looks at.
fn beginning(cell: &str) -> &str {
    cell.char_indices().nth(LONGEST).map_or(cell, |(end, _)| &cell[..end])
}

/// A cell of ours. One that nobody has meant so is told with its row, and as much of it is taken as anybody looks at.
fn set(row: &mut Row, field: Field, cell: &str, padded: bool) {
    if !padded && is_swallowed(cell) {
        let sentence = format!(
            "a quotation mark opens here and {} lines stand in one cell. Close it, and check the list again.",
            cell.lines().count()
        );
        tell(row, "quotation_not_closed", field, cell, &sentence);
    } else if cell.char_indices().nth(LONGEST).is_some() {
        let sentence =
            format!("the {} has more than {LONGEST} characters. Shorten it, and check the list again.", field.label());
        tell(row, "cell_too_long", field, cell, &sentence);
    }
    row.set(field, beginning(cell));
}

fn tell(row: &mut Row, code: &str, field: Field, cell: &str, sentence: &str) {
    let finding = Finding { value: quoted(cell), ..row.finding(code, Severity::Error, field, sentence) };
    row.found.push(finding);
}

/// Whether a cell of a text goes on over so many lines that they may be rows.
fn is_swallowed(cell: &str) -> bool {
    cell.len() >= UNCLOSED_LENGTH
        && cell.bytes().filter(|b| *b == b'\n' || *b == b'\r').take(UNCLOSED + 1).count() > UNCLOSED
}
