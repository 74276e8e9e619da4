//! The records of a CSV text, numbered as a spreadsheet program numbers its rows.
//!
//! An empty line is a row there and a line break inside a cell is none, so that a finding names the row that its reader sees. Excel
//! uses up its own hint `sep=;` and shows the line after it as row 1; so it is here.

use csv::{Reader, ReaderBuilder, StringRecord};

pub struct Records<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    record: StringRecord,
    row: u64,
}

impl<'t> Records<'t> {
    pub fn new(text: &'t str, delimiter: u8) -> Records<'t> {
        let mut builder = ReaderBuilder::new();
        let reader = builder.delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
        Records { text, reader, record: StringRecord::new(), row: 0 }
    }

    /// The next record that is not an empty line, and its row.
    pub fn read(&mut self) -> csv::Result<Option<(u64, &StringRecord)>> {
        let from = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        if !self.reader.read_record(&mut self.record)? {
            return Ok(None);
        }
        self.row += 1 + empty_lines(self.text.as_bytes(), from);
        Ok(Some((self.row, &self.record)))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, String)> {
        let mut records = Records::new(text, b',');
        let mut out = Vec::new();
        while let Some((row, record)) = records.read().unwrap() {
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
}
