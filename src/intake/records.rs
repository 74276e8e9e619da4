//! The records of a CSV text, numbered as a spreadsheet program numbers its rows.
//!
//! An empty line is a row there and a line break inside a cell is none, so that a finding names the row that its reader sees. Excel
//! uses up its own hint `sep=;` and shows the line after it as row 1; so it is here. A record that does not end is refused before it
//! has filled the memory.

use std::io::{Error, Read};

use csv::{Reader, ReaderBuilder, StringRecord};

use crate::base::problem::Problem;
use crate::intake::columns;
use crate::intake::list::rows::{Rows, WIDEST, too_wide};

/// No record of a list is longer.
const LONGEST: usize = 4 * 1024 * 1024;

/// The header stands among so many first records.
const HEAD: usize = 50;

pub struct Records<'t> {
    text: &'t str,
    name: &'t str,
    reader: Reader<Fed<'t>>,
    row: u64,
}

/// The text, and up to where the reader may go before it has given a record.
struct Fed<'t> {
    text: &'t [u8],
    at: usize,
    until: usize,
}

impl Read for Fed<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let end = self.text.len().min(self.until);
        if self.at >= end && end < self.text.len() {
            return Err(Error::other("a record without end"));
        }
        let some = self.text.get(self.at..end).unwrap_or_default();
        let n = some.len().min(into.len());
        into[..n].copy_from_slice(&some[..n]);
        self.at += n;
        Ok(n)
    }
}

impl<'t> Records<'t> {
    pub fn new(text: &'t str, delimiter: u8, name: &'t str) -> Records<'t> {
        let fed = Fed { text: text.as_bytes(), at: 0, until: LONGEST };
        let reader = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(fed);
        Records { text, name, reader, row: 0 }
    }

    fn unreadable(&self, e: csv::Error) -> Problem {
        let row = self.row + 1;
        let name = self.name;
        Problem::unusable(
            format!("Row {row} of {name} does not end."),
            "Look for a quotation mark that nobody closed, or save the list again as CSV (UTF-8).",
        )
        .because(e)
    }
}

impl Rows for Records<'_> {
    fn next_row(&mut self, cells: &mut StringRecord) -> Result<Option<u64>, Problem> {
        let from = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        self.reader.get_mut().until = from.saturating_add(LONGEST);
        if !self.reader.read_record(cells).map_err(|e| self.unreadable(e))? {
            return Ok(None);
        }
        self.row += 1 + empty_lines(self.text.as_bytes(), from);
        if cells.len() > WIDEST {
            let filled = cells.iter().skip(WIDEST).any(|cell| !cell.trim().is_empty());
            if filled {
                return Err(too_wide(self.name, self.row));
            }
            cells.truncate(WIDEST);
        }
        Ok(Some(self.row))
    }
}

/// How many lines without anything begin at this place, which is the beginning of a line or the second half of its `\r\n`.
fn empty_lines(text: &[u8], from: usize) -> u64 {
    let mut rest = text.get(from..).unwrap_or_default();
    if let (Some(b'\r'), [b'\n', after @ ..]) = (from.checked_sub(1).and_then(|at| text.get(at)), rest) {
        rest = after;
    }
    let mut lines = 0;
    while let [b'\r', b'\n', after @ ..] | [b'\r' | b'\n', after @ ..] = rest {
        (rest, lines) = (after, lines + 1);
    }
    lines
}

/// Excel's own hint, `sep=;` on a line before the header.
pub fn said_delimiter(text: &str) -> (&str, Option<u8>) {
    let (first, rest) = text.split_once(['\r', '\n']).unwrap_or((text, ""));
    match first.trim_matches('"').to_ascii_lowercase().strip_prefix("sep=").map(str::as_bytes) {
        Some([said]) if b",;\t|".contains(said) => (rest.strip_prefix('\n').unwrap_or(rest), Some(*said)),
        _ => (text, None),
    }
}

/// The delimiter under which a row of the beginning names most of our columns, then that which splits one most.
pub fn delimiter(text: &str) -> u8 {
    // The header stands in the beginning; a longer one is not a header.
    let mut end = text.len().min(65_536);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let score = |delimiter: u8| {
        let mut records = Records::new(&text[..end], delimiter, "");
        let (mut best, mut record) = ((0, 0), StringRecord::new());
        for _ in 0..HEAD {
            let Ok(Some(_)) = records.next_row(&mut record) else { break };
            best = best.max((columns::known(record.iter()), record.len()));
        }
        best
    };
    // The last of equals wins, so the comma stands last.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|d| score(*d)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, String)> {
        let (mut records, mut record) = (Records::new(text, b',', "x"), StringRecord::new());
        let mut out = Vec::new();
        while let Some(row) = records.next_row(&mut record).unwrap() {
            out.push((row, record.get(0).unwrap_or("").to_owned()));
        }
        out
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_program_shows_them() {
        for line in ["\n", "\r\n", "\r"] {
            let text = ["head,x", "a,1", "", "", "b,2", ",", "\"c\nd\n\ne\",3", "", "f,4", "", ""].join(line);
            let told: Vec<(u64, &str)> = vec![(1, "head"), (2, "a"), (5, "b"), (6, ""), (7, "c\nd\n\ne"), (9, "f")];
            let got = rows(&text);
            let got: Vec<(u64, &str)> = got.iter().map(|(row, cell)| (*row, cell.as_str())).collect();
            assert_eq!(got, told, "{line:?}");
        }
        assert_eq!(rows("\n\r\nhead\nb")[0].0, 3, "lines before the header are rows too");
        assert_eq!(rows("a\n\"\"\n \nb").iter().map(|(row, _)| *row).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }

    #[test]
    fn s25_a_record_without_end_and_a_row_of_a_million_cells_are_refused() {
        let told = |text: &str| {
            let (mut records, mut record) = (Records::new(text, b',', "x.csv"), StringRecord::new());
            loop {
                match records.next_row(&mut record) {
                    Ok(Some(_)) => {}
                    Ok(None) => return String::new(),
                    Err(problem) => return problem.to_string(),
                }
            }
        };
        let endless = format!("a,b\nc,\"{}", "d\n".repeat(LONGEST));
        assert!(told(&endless).starts_with("Row 2 of x.csv does not end."), "{}", told(&endless));
        let pieces = format!("a,b\nc{}", ",\"\n\"".repeat(LONGEST));
        assert!(told(&pieces).starts_with("Row 2 of x.csv does not end."));
        assert!(told(&format!("a,b\n{}", "1,".repeat(1_000_000))).starts_with("Row 2 of x.csv has more than"));
        assert_eq!(told(&format!("a,b\n1{}", ",".repeat(20_000))), "", "empty cells are nothing");
        assert_eq!(told(&format!("a,b\n\"{}\",2", "x".repeat(LONGEST - 10_000))), "");
    }
}
