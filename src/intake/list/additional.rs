//! Columns of a list that are none of ours: kept with each contact by their header, up to a limit that is told.

use std::collections::BTreeMap;

use crate::intake::columns::ColumnLook;
use crate::rules::contacts::row::cells::original;
use crate::rules::contacts::row::{REMARKS, Row};
use crate::rules::contacts::{Finding, Severity};
use crate::rules::export::contacts::is_state;

use super::head::column_name;

/// So many columns are kept, and so much of a cell.
const COLUMNS: usize = 40;
const CHARACTERS: usize = 500;
/// So many of those that are not are named.
const NAMED: usize = 10;

/// What was cut in one column: the first row, and how many.
#[derive(Debug)]
struct Cut {
    line: u64,
    cells: u64,
}

/// A column that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// One of ours, or what a corrected template or an export says beside the rows.
    Other,
    Kept(String),
    /// Nothing stands in it so far, and it takes no place from others.
    Empty(String),
    /// Beyond the limit.
    Left,
}

#[derive(Debug)]
pub struct Additional {
    places: Vec<Place>,
    kept: usize,
    /// Headers of those beyond the limit.
    left: Vec<String>,
    cut: BTreeMap<usize, Cut>,
    /// Cells that go on over many lines.
    swallowed: BTreeMap<usize, Cut>,
    /// Filled cells beyond the last column that is known.
    beyond: Option<(u64, usize)>,
}

/// Where the three columns begin that a corrected template has; one of their names alone is a column like any other.
fn remarks(columns: &[ColumnLook]) -> Option<usize> {
    let is = |column: &ColumnLook, name: &str| {
        let rest = column.header.strip_prefix(name);
        column.field.is_none() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
    };
    columns.windows(REMARKS.len()).rposition(|three| three.iter().zip(REMARKS).all(|(column, name)| is(column, name)))
}

impl Additional {
    pub fn of(columns: &[ColumnLook]) -> Additional {
        let remarks = remarks(columns).map_or(0..0, |at| at..at + REMARKS.len());
        let place = |(at, column): (usize, &ColumnLook)| match column.field {
            Some(_) => Place::Other,
            None if remarks.contains(&at) || is_state(&column.header) => Place::Other,
            None => Place::Empty(column.header.clone()),
        };
        let mut out = Additional {
            places: columns.iter().enumerate().map(place).collect(),
            kept: 0,
            left: Vec::new(),
            cut: BTreeMap::new(),
            swallowed: BTreeMap::new(),
            beyond: None,
        };
        for (at, _) in columns.iter().enumerate().filter(|(_, column)| !column.samples.is_empty()) {
            out.take(at);
        }
        out
    }

    /// Something stands in this column: it is kept where there is room.
    fn take(&mut self, at: usize) {
        let Some(place @ Place::Empty(_)) = self.places.get_mut(at) else { return };
        let Place::Empty(header) = std::mem::replace(place, Place::Left) else { return };
        if self.kept < COLUMNS {
            self.kept += 1;
            *place = Place::Kept(header);
        } else {
            self.left.push(header);
        }
    }

    fn name(&self, at: usize) -> String {
        match self.places.get(at) {
            Some(Place::Kept(header)) => header.clone(),
            _ => column_name(at),
        }
    }

    /// `swallowed`: a quotation mark may be open.
    pub fn keep(&mut self, row: &mut Row, at: usize, cell: &str, swallowed: bool) {
        if swallowed {
            self.swallowed.entry(at).or_insert(Cut { line: row.line, cells: 0 }).cells += 1;
        }
        if !matches!(self.places.get(at), Some(Place::Kept(_) | Place::Empty(_))) {
            return;
        }
        // What a file of ours has put before a formula is none of the text, as in every other column.
        let cell = original(cell.trim());
        let cell = cell.trim();
        if cell.is_empty() {
            return;
        }
        self.take(at);
        let Some(Place::Kept(header)) = self.places.get(at) else { return };
        let text = match cell.char_indices().nth(CHARACTERS) {
            Some((end, _)) => {
                self.cut.entry(at).or_insert(Cut { line: row.line, cells: 0 }).cells += 1;
                &cell[..end]
            }
            None => cell,
        };
        row.more.insert(header.clone(), text.to_owned());
    }

    pub fn beyond(&mut self, line: u64, at: usize) {
        self.beyond.get_or_insert((line, at));
    }

    pub fn findings(&self, header: u64) -> Vec<Finding> {
        let warning = |line, code: &str, value: &str, message| Finding {
            line,
            code: code.into(),
            severity: Severity::Warning,
            field: String::new(),
            value: value.into(),
            message,
        };
        let mut out = Vec::new();
        if let Some(first) = self.left.first() {
            let more = match self.left.len().saturating_sub(NAMED) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            let message = format!(
                "Row {header}: the list has {} columns that are none of ours, and {COLUMNS} are kept. Not kept are “{}”{more}. Remove what nobody needs.",
                COLUMNS + self.left.len(),
                self.left.iter().take(NAMED).cloned().collect::<Vec<_>>().join("”, “")
            );
            out.push(warning(header, "columns_left_out", first, message));
        }
        let others = |cut: &Cut| match cut.cells {
            0 | 1 => String::new(),
            n => format!(", and {} more in this column", n - 1),
        };
        for (at, cut) in &self.swallowed {
            let name = self.name(*at);
            let message = format!(
                "Row {}: many lines stand in one cell of the additional column “{name}”{}. If a quotation mark is not closed there, the rows after it are \
                 missing: close it, and check the list again.",
                cut.line,
                others(cut)
            );
            out.push(warning(cut.line, "quotation_not_closed", &name, message));
        }
        for (at, cut) in &self.cut {
            let name = self.name(*at);
            let message = format!(
                "Row {}: the cell of the additional column “{name}” is longer than {CHARACTERS} characters and was cut{}. Shorten it, or remove the column.",
                cut.line,
                others(cut)
            );
            out.push(warning(cut.line, "cell_cut", &name, message));
        }
        if let Some((line, at)) = self.beyond {
            let message = format!(
                "Row {line}: something stands in {}, where no column has a header. It is not kept; write a header above it.",
                column_name(at)
            );
            out.push(warning(line, "column_without_header", &column_name(at), message));
        }
        out
    }
}
