//! Every account director of a round in one table: what he has signed, since when he is waited for, and what is lost without him.

use askama::Template;

use crate::web::kit::urls;
use crate::web::kit::views::address_link::AddressLink;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Console, Count, Status};
use crate::web::kit::views::paging::Paging;

use super::board::RoundStanding;
use crate::web::console::views::contacts::Filter;

/// GET `/rounds/{id}/sign-off/directors`; its actions are POSTs to the same address.
#[derive(Template)]
#[template(path = "pages/signoff/directors.html")]
pub struct DirectorsPage {
    pub console: Console,
    /// "12 of 30 account directors have signed everything".
    pub headline: String,
    pub standing: RoundStanding,
    pub filters: Vec<Filter>,
    pub q: String,
    pub paging: Paging,
    pub rows: Vec<DirectorLine>,
}

pub struct DirectorLine {
    pub id: String,
    pub name: String,
    pub email: String,
    /// His accounts on the board.
    pub href: String,
    /// "3 of 5 signed".
    pub signed: Status,
    pub waits: Option<Status>,
    pub names: Count,
    pub deciders: Count,
    /// In a year, of accounts at which nobody is signed: "4,100,000 (12 %)", or that it is not known.
    pub revenue: String,
    /// Which targets are out of reach without him alone, or why none is.
    pub targets: String,
    pub stand_ins: Vec<String>,
    pub ask_again: Option<ActionForm>,
}

impl DirectorsPage {
    fn here(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::directors(&r.id))
    }

    fn board(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::board(&r.id))
    }

    fn is_narrowed(&self) -> bool {
        !self.q.is_empty() || self.filters.iter().any(Filter::narrows)
    }
}
