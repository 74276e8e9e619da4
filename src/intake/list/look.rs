//! A file as it would be read, for whoever is to say whether that is right. Only its first rows are read.

use csv::StringRecord;

use crate::base::problem::Problem;
use crate::intake::columns::{self, ColumnLook};

use super::choice::Choice;
use super::clear::Twin;
use super::head;
use super::rows::{Kind, Rows};
use super::source::Opened;

#[derive(Clone, Debug)]
pub struct FileLook {
    pub kind: Kind,
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// Those that have a header of contacts, too.
    pub other_sheets: Vec<String>,
    /// Those that a spreadsheet program does not show.
    pub hidden_sheets: Vec<String>,
    pub encoding: Option<String>,
    /// What some cells are in the encodings that are possible, the one that is used first.
    pub encodings: Vec<EncodingSample>,
    pub header_row: u64,
    pub columns: Vec<ColumnLook>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodingSample {
    pub name: String,
    pub samples: Vec<String>,
}

pub fn of(
    opened: Opened,
    rows: &mut dyn Rows,
    choice: &Choice,
    encodings: Vec<EncodingSample>,
    name: &str,
) -> Result<FileLook, Problem> {
    let head = head::read(rows, name, !opened.kind.is_text())?;
    let records: Vec<StringRecord> = head.sample.into_iter().map(|(_, record)| record).collect();
    let mut columns = columns::decide(&head.headers, &records, choice)?;
    for twins in &columns.twins {
        let twin = Twin::new(twins);
        if records.iter().all(|record| twin.agrees(record)) {
            continue;
        }
        for at in &twins.places {
            let column = &mut columns.columns[*at];
            (column.field, column.why, column.confidence) = (None, columns::Why::Unsure, 50);
            column.candidates = vec![twins.field];
        }
    }
    Ok(FileLook {
        kind: opened.kind,
        sheets: opened.sheets,
        sheet: opened.sheet,
        other_sheets: opened.other_sheets,
        hidden_sheets: opened.hidden_sheets,
        encoding: opened.encoding.map(str::to_owned),
        encodings,
        header_row: head.row,
        columns: columns.columns,
    })
}
