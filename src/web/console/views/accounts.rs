//! The accounts of a round, and one of them with its people and its story.

use askama::Template;

use crate::base::sentence::capitalised;
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Console, Count, Link, Rate, Status, When, plural};
use crate::web::kit::views::paging::Paging;

use super::contacts::{ContactRow, Event, Fact, Filter};
use super::saved::SavedViews;
use super::table::Head;

/// GET `/rounds/{round}/accounts`.
#[derive(Template)]
#[template(path = "pages/accounts/list.html")]
pub struct AccountsPage {
    pub console: Console,
    pub saved: SavedViews,
    /// Searched in their names.
    pub q: String,
    pub filters: Vec<Filter>,
    pub heads: Vec<Head>,
    pub rows: Vec<AccountLine>,
    /// Said where a search finds too many; else empty.
    pub vague: String,
    pub paging: Paging,
    /// Where what is shown is to be had as a file.
    pub files: Vec<Link>,
    /// It is told by name who has answered.
    pub names: bool,
    /// Something but the order is asked for.
    pub narrow: bool,
}

pub struct AccountLine {
    pub href: String,
    pub name: String,
    pub strategic: bool,
    /// Of those who can be reached: who has completed.
    pub rate: Rate,
    /// Somebody was invited, and nobody has completed.
    pub silent: bool,
    /// Roles of which somebody has completed; empty where none has.
    pub answered: String,
    /// Roles of which nobody has, once somebody was invited.
    pub missing: String,
    /// Where the list says it.
    pub revenue: Option<Count>,
    pub director: String,
    /// All of his accounts.
    pub director_href: String,
    pub manager: String,
    pub last: Option<When>,
}

impl AccountsPage {
    fn headline(&self) -> String {
        match (self.paging.total.0, self.narrow) {
            (0, false) => "No accounts yet".into(),
            (1, true) => "1 account matches".into(),
            (_, true) => format!("{} accounts match", capitalised(&self.paging.in_all())),
            (n, false) => plural(n as usize, "account", "accounts"),
        }
    }

    fn here(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::accounts(&r.id))
    }
}

/// GET `/rounds/{round}/accounts/{account}`.
#[derive(Template)]
#[template(path = "pages/accounts/account.html")]
pub struct AccountPage {
    pub console: Console,
    pub name: String,
    pub strategic: bool,
    pub silent: bool,
    /// Of its sign-off.
    pub standing: Status,
    /// What is wrong or worth knowing, in plain words.
    pub findings: Vec<String>,
    pub facts: Vec<Fact>,
    pub links: Vec<Link>,
    pub people: Vec<ContactRow>,
    /// Where all of them are, if more than stand here.
    pub more_people: Option<Link>,
    /// What happened, latest first.
    pub history: Vec<Event>,
    /// More happened than stands here.
    pub more_history: bool,
}
