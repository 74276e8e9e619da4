//! A table as a file: CSV, JSON lines, or a workbook. Which columns it has, and what stands in them, is said by `rules::export`.
//!
//! Whatever stands in a cell, no spreadsheet program runs it, and a list that is read from the file has what went out (S05). Rows are
//! written as they come; none of the three holds more of the table than a piece.

pub mod text;
pub mod workbook;

pub use text::Lines;
pub use workbook::Sheets;

#[cfg(test)]
mod tests;
