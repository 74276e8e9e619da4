//! Filters that an operator keeps: above the list they are of, and all of a round on a page of their own.

use askama::Template;

use crate::web::kit::views::form::{ActionForm, Mistake};
use crate::web::kit::views::frame::Console;

/// Above a list.
#[derive(Default)]
pub struct SavedViews {
    /// One for each that is kept of this list.
    pub links: Vec<SavedLink>,
    /// Where something is narrowed down now.
    pub save: Option<ActionForm>,
    /// Where they are removed; empty where none is kept.
    pub all: String,
}

pub struct SavedLink {
    pub name: String,
    pub href: String,
    /// The list is shown so now.
    pub current: bool,
}

/// GET `/rounds/{round}/views`.
#[derive(Template)]
#[template(path = "pages/lists/saved.html")]
pub struct SavedPage {
    pub console: Console,
    pub rows: Vec<SavedRow>,
    /// A view that could not be kept, with why.
    pub save: Option<ActionForm>,
}

pub struct SavedRow {
    pub place: String,
    pub list: &'static str,
    pub name: String,
    pub href: String,
    pub remove: ActionForm,
}

impl SavedPage {
    fn mistakes(&self) -> Vec<Mistake> {
        self.save.iter().flat_map(ActionForm::mistakes).collect()
    }
}
