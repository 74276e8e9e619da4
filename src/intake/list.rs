//! A contact list: bytes of a CSV file into a checked list, or one sentence why it cannot be read at all.
//!
//! A file is refused only when its columns are not clear; anything wrong with a row is a finding of that row. `line` is the
//! row as a spreadsheet program shows it (`records`).

use csv::{ReaderBuilder, StringRecord};

use crate::base::problem::{Kind, Problem};
use crate::intake::text::charsets::Charset;
use crate::intake::text::encoding;
use crate::rules::contacts::cells::quoted;
use crate::rules::contacts::check::Checker;
use crate::rules::contacts::footer::Tail;
use crate::rules::contacts::row::Row;
use crate::rules::contacts::{Finding, Severity};

use super::columns;
use super::records::Records;

pub use crate::rules::contacts::check::{CheckedList, ListReport};

/// Larger files are refused unread.
pub const LARGEST: usize = 50 * 1024 * 1024;

/// A cell with more line breaks than this is a quotation mark that nobody closed.
const UNCLOSED: usize = 20;

/// So many rows of a list are never shorter than this.
const UNCLOSED_LENGTH: usize = 400;

/// Reads and checks a list. `file_name` is used in sentences only.
pub fn read(bytes: &[u8], file_name: &str) -> Result<CheckedList, Problem> {
    read_as(bytes, file_name, None)
}

/// As [`read`]; `chosen` is the encoding that somebody who knows has named.
pub fn read_as(bytes: &[u8], file_name: &str, chosen: Option<Charset>) -> Result<CheckedList, Problem> {
    let name = shown(file_name);
    if bytes.len() > LARGEST {
        let what = format!("{name} has {} MB; lists of up to 50 MB are taken.", bytes.len() / 1024 / 1024);
        return Err(Problem::new(Kind::TooLarge, what, "Split it, or remove the columns that are not needed."));
    }
    let decoded = encoding::decode(bytes, &name, chosen)?;
    let (text, said) = said_delimiter(decoded.text.trim_start_matches('\u{feff}'));
    let mut records = Records::new(text, said.unwrap_or_else(|| delimiter(text)));
    let unreadable = |e: csv::Error| {
        Problem::unusable(format!("{name} cannot be read as CSV."), "Save it again as CSV (UTF-8).").because(e)
    };
    let (header, fields) = match records.read().map_err(unreadable)? {
        Some((row, header)) => (row, columns::read(header.iter(), &name)?),
        None => (1, columns::read(std::iter::empty(), &name)?),
    };
    let mut checker = Checker::new(fields.iter().flatten().copied().collect(), header);
    let (mut tail, mut unclosed) = (Tail::default(), Vec::new());
    while let Some((line, record)) = records.read().map_err(unreadable)? {
        let mut row = Row::new(line);
        for (at, cell) in record.iter().enumerate() {
            match fields.get(at) {
                Some(Some(field)) => row.set(*field, cell),
                Some(None) => {}
                None if cell.trim().is_empty() => {}
                None => row.surplus += 1,
            }
            if let Some(finding) = swallowed(line, cell) {
                unclosed.push(finding);
            }
        }
        if !row.is_blank() {
            let filled: Vec<&str> = record.iter().filter(|cell| !cell.trim().is_empty()).collect();
            tail.push(row, &filled).into_iter().for_each(|row| checker.push(row));
        }
    }
    let mut about_all = decoded.doubt;
    match tail.finish() {
        Ok(footer) => about_all.push(footer),
        Err(rows) => rows.into_iter().for_each(|row| checker.push(row)),
    }
    let mut list = checker.finish();
    if list.rows == 0 {
        return Err(Problem::unusable(format!("{name} has a header and no contacts."), "Add a row for each contact."));
    }
    list.accepted.retain(|c| unclosed.iter().all(|f| f.line != c.line));
    if !unclosed.is_empty() || !about_all.is_empty() {
        list.findings.extend(about_all.into_iter().chain(unclosed));
        list.findings.sort_by_key(|f| f.line);
    }
    Ok(list)
}

/// Excel's own hint, `sep=;` on a line before the header.
fn said_delimiter(text: &str) -> (&str, Option<u8>) {
    let (first, rest) = text.split_once(['\r', '\n']).unwrap_or((text, ""));
    match first.trim_matches('"').to_ascii_lowercase().strip_prefix("sep=").map(str::as_bytes) {
        Some([said]) if b",;\t|".contains(said) => (rest.strip_prefix('\n').unwrap_or(rest), Some(*said)),
        _ => (text, None),
    }
}

/// The delimiter under which the header names most of our columns, then that which splits it most.
fn delimiter(text: &str) -> u8 {
    // The header stands in the beginning; a longer one is not a header.
    let mut end = text.len().min(65_536);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text.as_bytes()[..end];
    let score = |delimiter: u8| {
        let mut reader = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(head);
        let mut record = StringRecord::new();
        match reader.read_record(&mut record) {
            Ok(true) => (columns::known(record.iter()), record.len()),
            _ => (0, 0),
        }
    };
    // The last of equals wins, so the comma stands last.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|d| score(*d)).unwrap_or(b',')
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

/// A file name as it may stand in a sentence: no folders, no control characters, not longer than a line.
fn shown(file_name: &str) -> String {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or("").trim();
    let clean: String = base.chars().filter(|c| !c.is_control()).take(80).collect();
    if clean.is_empty() { "The list".into() } else { clean }
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
