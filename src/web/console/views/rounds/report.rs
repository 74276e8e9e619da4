//! The report of a round, for a client's reader: on a page of the console, and as a file that is whole in itself and fit for paper.
//!
//! It has no links and no forms: who reads it has no account here.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::base::problem::{Problem, Result};
use crate::web::kit::views::frame::{Bar, Console, Count, Rate};

use super::aapor::{DispositionRow, RateRow};
use super::completion::{Number, RoleRow, Step, TargetRow, Worth, bar, step_bar};
use super::course::CoursePart;
use super::missing::DirectorRow;

/// GET `/rounds/{round}/report`.
#[derive(Template)]
#[template(path = "pages/report/page.html")]
pub struct ReportPage {
    pub console: Console,
    /// Where its own style sheet is.
    pub style: String,
    /// Where it is taken away as a file.
    pub save: String,
    pub report: Report,
}

/// Not served as a page: it is taken away.
#[derive(Template)]
#[template(path = "pages/report/file.html")]
pub struct ReportFile {
    /// Pages that are served have them as files of their own.
    pub style: &'static str,
    pub own_style: String,
    pub report: Report,
}

#[derive(Template)]
#[template(path = "pages/report/body.html")]
pub struct Report {
    pub client: String,
    pub title: String,
    /// "8 February 2027 to 5 March 2027".
    pub period: String,
    /// "Closed. It was open from ...".
    pub stands: String,
    /// "16 February 2027, 12:00 in Dublin (Europe/Dublin)".
    pub as_of: String,
    /// The zone whose days are meant.
    pub zone: String,
    /// It is told by name who has answered.
    pub names: bool,
    /// So many must have answered, and as many not, for a number of them to be told; 0 where another rule holds.
    pub told_from: u32,
    pub individual: Rate,
    pub accounts_rate: Rate,
    pub targets: Vec<TargetRow>,
    pub worth: Option<Worth>,
    pub course: Option<CoursePart>,
    pub funnel: Vec<Step>,
    pub lost: Vec<Number>,
    pub roles: Vec<RoleRow>,
    pub directors: Vec<DirectorRow>,
    /// There may be others, whose accounts answer more.
    pub more_directors: bool,
    pub accounts: Vec<AccountLine>,
    /// These are the first by name.
    pub more_accounts: bool,
    pub dispositions: Vec<DispositionRow>,
    pub rates: Vec<RateRow>,
    pub quality: Option<ListQuality>,
    pub letters: Vec<LetterLine>,
}

impl HtmlSafe for Report {}

pub struct AccountLine {
    pub name: String,
    pub strategic: bool,
    pub director: String,
    pub people: Rate,
    /// "answered", "silent", or why neither is said.
    pub state: &'static str,
}

/// What the list of contacts is worth.
pub struct ListQuality {
    pub score: u8,
    /// Points taken, and why.
    pub reasons: Vec<(u8, String)>,
    /// What it covers, in sentences.
    pub coverage: Vec<String>,
}

/// A letter that has left.
pub struct LetterLine {
    pub label: String,
    pub from: String,
    pub until: String,
    /// None where it is not told to how many.
    pub sent: Option<Count>,
}

impl Report {
    fn bar(&self, level: &str, rate: &Rate) -> Bar {
        bar(&self.targets, level, rate)
    }

    fn step_bar(&self, step: &Step) -> Bar {
        step_bar(&self.funnel, step)
    }

    /// Of whom the rates of contacts are.
    fn of_whom(&self) -> &'static str {
        if self.names { "could be reached" } else { "were invited" }
    }
}

impl ReportFile {
    pub fn html(&self) -> Result<String> {
        self.render().map_err(|e| Problem::internal("The report could not be put on a page.").because(e))
    }
}
