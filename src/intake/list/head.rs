//! The beginning of a list: which row is the header, what stands above it, and a sample of the rows below.

use csv::StringRecord;

use crate::base::problem::Problem;
use crate::intake::columns;
use crate::rules::contacts::row::cells::{breaks_line, quoted};
use crate::rules::contacts::{Finding, Severity};

use super::rows::Rows;

/// The header is among so many rows.
const FIRST: u64 = 50;

/// So many rows below it tell what stands in a column, and so many bytes of them.
const SAMPLE: usize = 500;
const SAMPLE_BYTES: usize = 16 * 1024 * 1024;

#[derive(Debug)]
pub struct Head {
    /// The row of the header.
    pub row: u64,
    /// Its cells as they are shown, each unlike all others.
    pub headers: Vec<String>,
    /// What stands above it.
    pub preamble: Option<Finding>,
    /// Rows below it that were read already.
    pub sample: Vec<(u64, StringRecord)>,
}

/// Reads up to the end of the sample. `padded` is a file whose rows have no end of their own, so that cells beyond the header are a column
/// without a name and not a fault.
pub fn read(rows: &mut dyn Rows, name: &str, padded: bool) -> Result<Head, Problem> {
    let (mut records, mut record): (Vec<(u64, StringRecord)>, _) = (Vec::new(), StringRecord::new());
    let (mut best, mut bytes): (Option<(usize, usize)>, usize) = (None, 0);
    while records.len() < best.map_or(FIRST as usize, |(at, _)| at + SAMPLE) && bytes < SAMPLE_BYTES {
        let Some(row) = rows.next_row(&mut record)? else { break };
        if row <= FIRST || records.is_empty() {
            let known = columns::known(record.iter());
            if known > best.map_or(0, |(_, most)| most) {
                best = Some((records.len(), known));
            }
        } else if best.is_none() {
            break;
        }
        bytes += record.as_slice().len();
        records.push((row, record.clone()));
    }
    let Some((at, _)) = best else {
        let first = records.iter().flat_map(|(_, record)| record).find(|cell| !cell.trim().is_empty()).unwrap_or("");
        return Err(Problem::unusable(
            format!(
                "No row among the first {FIRST} of {name} names a column that is known; it begins with “{}”.",
                quoted(first.trim())
            ),
            "Put a header row first: account, first_name, last_name, email, account_director, account_director_email and so on.",
        ));
    };
    let sample = records.split_off(at + 1);
    let (row, header) = records.pop().unwrap_or_default();
    let mut width = header.len();
    if padded {
        width = filled_width(&header);
        width = sample.iter().map(|(_, record)| filled_width(record)).max().unwrap_or(0).max(width);
    }
    Ok(Head { row, headers: headers(&header, width), preamble: preamble(&records), sample })
}

fn filled_width(record: &StringRecord) -> usize {
    record.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).last().map_or(0, |(at, _)| at + 1)
}

/// One line each, and each unlike the others: a column without a name has that of its place in a spreadsheet.
fn headers(header: &StringRecord, width: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(width);
    let mut seen = std::collections::HashMap::<String, usize>::new();
    for at in 0..width {
        let text: String = header.get(at).unwrap_or("").chars().take(200).collect();
        let text = text.replace(|c: char| c.is_control() || breaks_line(c.encode_utf8(&mut [0; 4])), " ");
        let words: Vec<&str> = text.split_whitespace().collect();
        let name = if words.is_empty() { column_name(at) } else { words.join(" ") };
        let n = seen.entry(name.clone()).or_default();
        *n += 1;
        let mut shown = if *n == 1 { name.clone() } else { format!("{name} ({n})") };
        while out.contains(&shown) {
            shown.push('\'');
        }
        out.push(shown);
    }
    out
}

/// "Column G", as spreadsheets count.
pub fn column_name(at: usize) -> String {
    let (mut letters, mut rest) = (String::new(), at + 1);
    while rest > 0 {
        letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    format!("Column {letters}")
}

fn preamble(above: &[(u64, StringRecord)]) -> Option<Finding> {
    let mut lines = above.iter().filter_map(|(row, record)| {
        let said: Vec<&str> = record.iter().map(str::trim).filter(|cell| !cell.is_empty()).collect();
        (!said.is_empty()).then(|| (*row, quoted(&said.join(" "))))
    });
    let (first, said) = lines.next()?;
    let mut all = vec![format!("“{said}”")];
    let (mut last, mut more) = (first, 0);
    for (row, said) in lines {
        last = row;
        if all.len() < 4 {
            all.push(format!("“{said}”"));
        } else {
            more += 1;
        }
    }
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let rows = if first == last { format!("Row {first} stands") } else { format!("Rows {first} to {last} stand") };
    Some(Finding {
        line: first,
        code: "preamble".into(),
        severity: Severity::Warning,
        field: String::new(),
        value: said,
        message: format!("{rows} above the header: {}{more}. Nothing is taken from there.", all.join(", ")),
    })
}
