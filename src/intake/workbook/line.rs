//! One row of a sheet while its cells come in, with an end to how much it may hold.

use std::collections::BTreeSet;

use csv::StringRecord;

use crate::base::problem::Problem;
use crate::intake::list::rows::{WIDEST, too_wide};

use super::archive::too_large;

/// All the text of a workbook: one long text that a million cells name would fill any memory.
const TEXT: usize = 100 * 1024 * 1024;

/// The longest text that a cell of a spreadsheet may hold.
const CELL: usize = 32_767 * 4;

/// Refuses a cell whose text goes on, while it comes in.
pub fn ends(text: &str, name: &str) -> Result<(), Problem> {
    if text.len() > CELL { Err(too_large(name)) } else { Ok(()) }
}

/// The filled cells of a row by their place.
#[derive(Debug, Default)]
pub struct Line {
    cells: Vec<(usize, std::ops::Range<usize>)>,
    text: String,
    told: usize,
}

impl Line {
    pub fn clear(&mut self) {
        self.cells.clear();
        self.text.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Which are filled.
    pub fn places(&self) -> BTreeSet<usize> {
        self.cells.iter().map(|(at, _)| *at).collect()
    }

    pub fn text(&self, at: usize) -> Option<&str> {
        let (_, range) = self.cells.iter().find(|(place, _)| *place == at)?;
        self.text.get(range.clone())
    }

    /// Takes a cell; blank ones are nothing.
    pub fn push(&mut self, at: usize, text: &str, row: u64, name: &str) -> Result<(), Problem> {
        if text.trim().is_empty() {
            return Ok(());
        }
        if at >= WIDEST {
            return Err(too_wide(name, row));
        }
        self.told += text.len();
        if text.len() > CELL || self.told > TEXT {
            return Err(too_large(name));
        }
        let from = self.text.len();
        self.text.push_str(text);
        self.cells.push((at, from..self.text.len()));
        Ok(())
    }

    /// The row comes again, and its text counts as if somebody had written it again.
    pub fn again(&mut self, name: &str) -> Result<(), Problem> {
        self.told = self.told.saturating_add(self.text.len());
        if self.told > TEXT { Err(too_large(name)) } else { Ok(()) }
    }

    /// The row as its cells from the first column on.
    pub fn write(&mut self, into: &mut StringRecord) {
        into.clear();
        if !self.cells.is_sorted_by_key(|(at, _)| *at) {
            self.cells.sort_by_key(|(at, _)| *at);
        }
        for (at, range) in &self.cells {
            // A place that is filled twice keeps the first.
            if *at < into.len() {
                continue;
            }
            while into.len() < *at {
                into.push_field("");
            }
            into.push_field(self.text.get(range.clone()).unwrap_or_default());
        }
    }
}
