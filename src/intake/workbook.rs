//! Workbooks of spreadsheet programs: XLSX, XLS and ODS as rows of text.
//!
//! Promises (S09, S10): nothing is unpacked to anywhere, nothing outside the file is asked for, no formula and no macro runs, and no file
//! fills the memory, whatever it says of its own size (docs/decisions/0042).

pub mod guard;
pub mod archive;
pub mod events;
pub mod values;
pub mod line;
pub mod merged;
pub mod sheets;
pub mod strings;
pub mod book;
pub mod xlsx;
pub mod ods;
pub mod biff;
pub mod xls;
pub mod foreign;

#[cfg(test)]
#[path = "workbook/workbook_tests.rs"]
mod tests;
#[cfg(test)]
#[path = "workbook/hostile_tests.rs"]
mod hostile_tests;
#[cfg(test)]
#[path = "workbook/mutation_tests.rs"]
mod mutation_tests;
#[cfg(test)]
pub(crate) mod made;
