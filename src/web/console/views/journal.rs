//! The journal, as operators look through it: who did what, when and about whom.

use askama::Template;

use crate::web::kit::views::form::Choice;
use crate::web::kit::views::frame::{Console, Link, When};

/// GET `/journal?who=&round=&day=&before=`.
#[derive(Template)]
#[template(path = "pages/journal/log.html")]
pub struct JournalPage {
    pub console: Console,
    /// An address, or a word of the journal; empty: anybody.
    pub who: String,
    /// All, and each round by its name in addresses.
    pub rounds: Vec<Choice>,
    pub round: String,
    /// As 2027-02-15; empty: any.
    pub day: String,
    pub rows: Vec<JournalRow>,
    /// Older entries.
    pub next: Option<String>,
    /// The newest, where these are others.
    pub newest: Option<String>,
    pub narrow: bool,
}

pub struct JournalRow {
    pub when: When,
    pub who: String,
    /// All that the same did.
    pub who_href: String,
    /// "Answered a reply".
    pub what: String,
    /// The contact or account that it is about.
    pub about: Option<Link>,
    pub detail: String,
    /// It says more, which stands on the contact's own page.
    pub withheld: bool,
    /// The round's name in addresses; empty where it is of none.
    pub round: String,
}

impl JournalPage {
    fn day_is_held(&self) -> bool {
        self.day.is_empty() || chrono::NaiveDate::parse_from_str(&self.day, "%Y-%m-%d").is_ok()
    }
}
