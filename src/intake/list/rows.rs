//! The rows of a list in whatever file it came, numbered as the program numbers them that shows the file.

use csv::StringRecord;

use crate::base::problem::Problem;

/// What kind of file a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Csv,
    Tsv,
    Xlsx,
    Xls,
    Ods,
}

impl Kind {
    pub fn is_text(self) -> bool {
        matches!(self, Kind::Csv | Kind::Tsv)
    }
}

pub trait Rows {
    /// The next row that is not empty, and its number; `cells` holds it then. Nothing after the last.
    fn next_row(&mut self, cells: &mut StringRecord) -> Result<Option<u64>, Problem>;
}

/// More columns than this are no list of contacts.
pub const WIDEST: usize = 1_000;

pub fn too_wide(name: &str, row: u64) -> Problem {
    Problem::unusable(
        format!("Row {row} of {name} has more than {WIDEST} columns."),
        "Keep the columns of the contacts, and save the list again.",
    )
}
