//! The operators' list of who cannot be reached, and who is asked about it.

use askama::Template;

use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Console, When};
use crate::web::kit::views::paging::Paging;

/// GET `/rounds/{id}/repairs`; asking again is a POST to the same address.
#[derive(Template)]
#[template(path = "pages/repair/list.html")]
pub struct RepairsPage {
    pub console: Console,
    pub rows: Vec<RepairRow>,
    pub paging: Paging,
}

pub struct RepairRow {
    pub place: String,
    pub href: String,
    pub name: String,
    pub account: String,
    /// "The address is dead", "Has left".
    pub what: &'static str,
    pub said: String,
    pub since: When,
    /// Who is asked.
    pub repairer: String,
    pub asked: Option<When>,
    pub times: i64,
    pub next: Option<When>,
    pub ask_again: Option<ActionForm>,
}

impl RepairsPage {
    fn headline(&self) -> String {
        match self.paging.total.0 {
            0 => "Everybody can be reached".into(),
            1 => "1 contact cannot be reached".into(),
            _ => format!("{} contacts cannot be reached", self.paging.total),
        }
    }
}
