//! The people of a round: the list behind every number, and one person's whole story with what can be done about it.

use askama::Template;

use crate::base::ids::ContactId;
use crate::base::sentence::capitalised;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Choice};
use crate::web::kit::views::frame::{Console, Count, Link, Status, Tone, When, plural};
use crate::web::kit::views::paging::Paging;

use super::saved::SavedViews;
use super::table::{Head, Many};

/// GET `/rounds/{id}/contacts`.
#[derive(Template)]
#[template(path = "pages/contacts/list.html")]
pub struct ContactsPage {
    pub console: Console,
    pub saved: SavedViews,
    /// Searched in names, accounts and addresses.
    pub q: String,
    pub filters: Vec<Filter>,
    /// Where they are all of one account: its own page.
    pub of_account: Option<Link>,
    pub heads: Vec<Head>,
    pub rows: Vec<ContactRow>,
    /// What is done to many at one press, while the round is open.
    pub many: Option<Many>,
    /// Something but the order is asked for.
    pub narrow: bool,
    /// Said where a search finds too many.
    pub notes: Vec<String>,
    pub paging: Paging,
    /// Where what is shown is to be had as a file.
    pub files: Vec<Link>,
    /// As the overview counts them: without those who were taken off.
    pub listed: Count,
    /// Where a list is loaded, while the round is open.
    pub list: Option<String>,
    /// Who stood in the last list and is not in the round; on the first page of all.
    pub left_out: Vec<LeftOutRow>,
    /// How many there are.
    pub left_out_in_all: Count,
}

pub struct LeftOutRow {
    pub row: Count,
    pub who: String,
    pub account: String,
    pub why: String,
}

/// So many rows that were left out stand open.
pub const OPEN: usize = 10;

/// The name of the select that puts rows in order.
pub const SORT: &str = "sort";

/// A select of the filter form.
pub struct Filter {
    /// In the address: `stage`, `role`, `account`.
    pub name: &'static str,
    pub label: &'static str,
    pub value: String,
    /// The first is "all".
    pub choices: Vec<Choice>,
}

impl Filter {
    /// Rows are left out by it; in another order all of them are there.
    pub fn narrows(&self) -> bool {
        self.name != SORT && !self.value.is_empty()
    }
}

pub struct ContactRow {
    pub id: ContactId,
    pub href: String,
    pub name: String,
    pub job_title: String,
    pub account: String,
    pub account_href: String,
    pub role: String,
    /// Where the person stands: signed, invited, started, completed, opted out, ...
    pub standing: Status,
    /// A pause holds what would be next.
    pub paused: bool,
    /// The next message itself is held.
    pub held: bool,
    /// "invitation", "reminder 2".
    pub last: Option<(String, When)>,
    pub next: Option<(String, When)>,
}

impl ContactsPage {
    fn headline(&self) -> String {
        match (self.paging.total.0, self.narrow) {
            (0, false) => "No contacts yet".into(),
            (1, true) => "1 contact matches".into(),
            (_, true) => format!("{} contacts match", capitalised(&self.paging.in_all())),
            // The counting of rows stops at some number; that of the listed never does.
            (total, false) if total > self.listed.0 && !self.paging.is_cut => {
                format!(
                    "{} listed, {} taken off the list",
                    plural(self.listed.0 as usize, "contact", "contacts"),
                    Count(total - self.listed.0)
                )
            }
            (_, false) => format!("{} listed", plural(self.listed.0 as usize, "contact", "contacts")),
        }
    }

    fn here(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::contacts(&r.id))
    }
}

/// GET `/rounds/{id}/contacts/{contact}`; its actions are POSTs to the same address.
#[derive(Template)]
#[template(path = "pages/contacts/contact.html")]
pub struct ContactPage {
    pub console: Console,
    pub name: String,
    pub standing: Status,
    /// What is wrong or worth knowing, in plain words.
    pub findings: Vec<String>,
    pub facts: Vec<Fact>,
    pub actions: Vec<ActionForm>,
    /// Where the whole account is paused, while the round is open.
    pub pause_account: Option<String>,
    /// Planned messages, soonest first.
    pub upcoming: Vec<Event>,
    /// What happened, latest first.
    pub history: Vec<Event>,
}

pub struct Fact {
    pub label: &'static str,
    pub text: String,
    pub href: Option<String>,
}

impl Fact {
    pub fn new(label: &'static str, text: impl Into<String>) -> Fact {
        Fact { label, text: text.into(), href: None }
    }

    pub fn link(label: &'static str, text: impl Into<String>, href: impl Into<String>) -> Fact {
        Fact { label, text: text.into(), href: Some(href.into()) }
    }
}

pub struct Event {
    pub tone: Tone,
    /// "Reminder 1 sent".
    pub what: String,
    pub when: When,
    /// Who did it; empty for the program itself.
    pub by: String,
    /// Whom it is about, and the page of that person; where the story is of several.
    pub who: Option<(String, String)>,
    /// Why, or what the other side said; escaped like everything else.
    pub why: String,
    /// Where the message can be read.
    pub letter: Option<String>,
    /// For the operator who has to look closer: ids, server answers.
    pub details: Vec<(String, String)>,
}

/// GET `/rounds/{id}/messages/{message}`: a message as it was read.
#[derive(Template)]
#[template(path = "pages/contacts/letter.html")]
pub struct LetterPage {
    pub console: Console,
    /// "Reminder 2".
    pub what: String,
    pub name: String,
    /// The contact's page.
    pub href: String,
    /// Whose words these are.
    pub note: String,
    pub facts: Vec<Fact>,
    /// Where the letter by itself is.
    pub frame: String,
    pub text: String,
}

impl ContactPage {
    fn mistakes(&self) -> Vec<crate::web::kit::views::form::Mistake> {
        self.actions.iter().flat_map(ActionForm::mistakes).collect()
    }
}
