//! Tables that are put in order by their columns, and rows of which many are chosen.

use crate::web::kit::views::form::Choice;

/// The head of a column.
pub struct Head {
    pub label: &'static str,
    /// Where the table stands in its order; none where it cannot be put in that.
    pub href: Option<String>,
    /// It stands in it now.
    pub sorted: bool,
    /// Its order begins with the most.
    pub descending: bool,
    /// Its cells are numbers.
    pub number: bool,
}

impl Head {
    pub fn plain(label: &'static str) -> Head {
        Head { label, href: None, sorted: false, descending: false, number: false }
    }
}

/// What is done to the rows that are chosen: first it is asked what it would do.
pub struct Many {
    pub action: String,
    /// The part of the list that is shown.
    pub kept: Vec<(&'static str, String)>,
    /// "All 312 who match, on every page"; none where those are too many.
    pub all: Option<String>,
    pub acts: Vec<Choice>,
}
