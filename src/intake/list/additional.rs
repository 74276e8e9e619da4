//! Columns of a list that are none of ours: kept with each contact by their header, up to a limit that is told.

use std::collections::BTreeMap;

use crate::intake::columns::ColumnLook;
use crate::rules::contacts::row::{REMARKS, Row};
use crate::rules::contacts::{Finding, Severity};

use super::head::column_name;

/// So many columns are kept, and so much of a cell.
const COLUMNS: usize = 40;
const CHARACTERS: usize = 500;

/// What was cut in one column: the first row, and how many.
#[derive(Debug)]
struct Cut {
    line: u64,
    cells: u64,
}

#[derive(Debug)]
pub struct Additional {
    /// By place: the header under which the column is kept.
    kept: Vec<Option<String>>,
    /// Headers of those beyond the limit.
    left: Vec<String>,
    cut: BTreeMap<usize, Cut>,
    /// Cells that go on over many lines.
    swallowed: BTreeMap<usize, Cut>,
    /// Filled cells beyond the last column that is known.
    beyond: Option<(u64, usize)>,
}

impl Additional {
    pub fn of(columns: &[ColumnLook]) -> Additional {
        let (mut kept, mut left, mut n) = (Vec::with_capacity(columns.len()), Vec::new(), 0);
        for column in columns {
            // A column that is empty as far as anybody looked takes no place from others.
            let remark = REMARKS.contains(&column.header.as_str());
            let counts = column.field.is_none() && !column.samples.is_empty() && !remark;
            n += usize::from(counts);
            let room = column.field.is_none() && n <= COLUMNS && !remark;
            if counts && !room {
                left.push(column.header.clone());
            }
            kept.push(room.then(|| column.header.clone()));
        }
        Additional { kept, left, cut: BTreeMap::new(), swallowed: BTreeMap::new(), beyond: None }
    }

    /// `swallowed`: a quotation mark may be open.
    pub fn keep(&mut self, row: &mut Row, at: usize, cell: &str, swallowed: bool) {
        if swallowed {
            self.swallowed.entry(at).or_insert(Cut { line: row.line, cells: 0 }).cells += 1;
        }
        let Some(Some(header)) = self.kept.get(at) else { return };
        let cell = cell.trim();
        if cell.is_empty() || row.more.len() >= COLUMNS {
            return;
        }
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
            let message = format!(
                "Row {header}: the list has {} columns that are none of ours, and {COLUMNS} are kept. Not kept are “{}”. Remove what nobody needs.",
                COLUMNS + self.left.len(),
                self.left.iter().take(10).cloned().collect::<Vec<_>>().join("”, “")
            );
            out.push(warning(header, "columns_left_out", first, message));
        }
        let others = |cut: &Cut| match cut.cells {
            0 | 1 => String::new(),
            n => format!(", and {} more in this column", n - 1),
        };
        for (at, cut) in &self.swallowed {
            let name = self.kept.get(*at).and_then(Option::as_deref).map_or_else(|| column_name(*at), str::to_owned);
            let message = format!(
                "Row {}: many lines stand in one cell of the additional column “{name}”{}. If a quotation mark is not closed there, the rows after it are \
                 missing: close it, and check the list again.",
                cut.line,
                others(cut)
            );
            out.push(warning(cut.line, "quotation_not_closed", &name, message));
        }
        for (at, cut) in &self.cut {
            let name = self.kept.get(*at).and_then(Option::as_deref).unwrap_or("");
            let message = format!(
                "Row {}: the cell of the additional column “{name}” is longer than {CHARACTERS} characters and was cut{}. Shorten it, or remove the column.",
                cut.line,
                others(cut)
            );
            out.push(warning(cut.line, "cell_cut", name, message));
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
