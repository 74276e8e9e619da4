//! The outcome of a round as researchers report it: what became of everybody, and six rates with their formulas.

use askama::Template;

use crate::web::kit::views::frame::Console;

/// GET `/rounds/{round}/outcomes`.
#[derive(Template)]
#[template(path = "pages/completion/outcomes.html")]
pub struct AaporPage {
    pub console: Console,
    pub dispositions: Vec<DispositionRow>,
    pub rates: Vec<RateRow>,
}

pub struct DispositionRow {
    pub code: &'static str,
    /// As the standard calls it.
    pub label: &'static str,
    /// Who of the round that is.
    pub meaning: &'static str,
    /// "1,204", or that it is not told.
    pub people: String,
}

pub struct RateRow {
    pub name: &'static str,
    pub meaning: &'static str,
    pub formula: &'static str,
    /// "41 % (123 of 300)".
    pub share: String,
}
