//! A contact list on its way in: the file, which column is which, and what is wrong with its rows.

use askama::Template;

use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Choice, Control, Field, Mistake};
use crate::web::kit::views::frame::{Console, Count, Link, Status, When, plural};

/// GET `/rounds/{id}/list`.
#[derive(Template)]
#[template(path = "pages/lists/upload.html")]
pub struct UploadPage {
    pub console: Console,
    /// A closed round takes no lists.
    pub open: bool,
    /// What was wrong with the file that was sent.
    pub refused: Option<String>,
    /// In bytes.
    pub largest: u64,
    /// So many lists of one operator wait.
    pub most: usize,
    /// Uploaded, and not loaded yet.
    pub waiting: Vec<WaitingList>,
}

pub struct WaitingList {
    pub name: String,
    pub size: String,
    pub by: String,
    pub at: When,
    pub href: String,
}

impl UploadPage {
    fn here(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::list(&r.id))
    }

    fn megabytes(&self) -> u64 {
        self.largest / 1024 / 1024
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let mistake = |message: &String| Mistake { field: "file".into(), message: message.clone() };
        self.refused.iter().map(mistake).collect()
    }

    fn discard(&self, list: &WaitingList) -> ActionForm {
        discard(&list.href, &self.console.csrf, &list.name)
    }
}

/// Takes an uploaded list away: `act=discard`.
pub fn discard(action: &str, csrf: &str, name: &str) -> ActionForm {
    ActionForm {
        action: action.into(),
        act: "discard",
        csrf: csrf.into(),
        label: "Take it away".into(),
        about: name.into(),
        ..ActionForm::default()
    }
}

/// "1.4 MB", "12 kB".
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => plural(bytes as usize, "byte", "bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// The steps of a list, on each of its pages.
pub struct Steps {
    /// Label, address; an address where one can go.
    pub all: Vec<(&'static str, Option<String>)>,
    pub current: &'static str,
}

impl Steps {
    /// `columns`, `findings` and `difference` of the list at these addresses.
    pub fn of(columns: String, findings: String, difference: String, current: &'static str) -> Steps {
        let all = vec![("Columns", Some(columns)), ("Findings", Some(findings)), ("What changes", Some(difference))];
        Steps { all, current }
    }
}

/// GET `/rounds/{id}/list/{upload}`: which column is which.
#[derive(Template)]
#[template(path = "pages/lists/columns.html")]
pub struct ColumnsPage {
    pub console: Console,
    /// Begins the ids of the fields.
    pub id: &'static str,
    pub steps: Steps,
    pub mistakes: Vec<Mistake>,
    pub here: String,
    pub name: String,
    /// "an Excel workbook".
    pub kind: &'static str,
    pub header_row: Count,
    /// Sheet and encoding, where there is a choice.
    pub reading: Vec<Field>,
    /// "Sheet Contacts; letters as in windows-1252": what was chosen, or told from the file.
    pub how: String,
    /// The table that this page shows, as its form says it.
    pub read_as: String,
    /// Somebody has to look at it: there is more than one sheet.
    pub reading_open: bool,
    /// What to do with contacts in other sheets of the file; empty where there are none.
    pub other_sheets: String,
    pub columns: Vec<ColumnRow>,
    /// Of the client's lists.
    pub remembered: Vec<RememberedColumn>,
    pub discard: ActionForm,
}

pub struct RememberedColumn {
    pub header: String,
    /// "The account".
    pub is: String,
    pub by: String,
    pub at: When,
    pub forget: ActionForm,
}

pub struct ColumnRow {
    /// From 1; the name of its field is `column-N`.
    pub number: usize,
    pub header: String,
    /// Of the first rows that have something there.
    pub samples: Vec<String>,
    /// How it is known.
    pub state: Status,
    /// Nobody knows it yet: somebody is to choose.
    pub unsure: bool,
    /// The name of our column, `none`, or empty.
    pub value: String,
    pub likely: Vec<Choice>,
    pub others: Vec<Choice>,
    pub error: Option<String>,
}

impl ColumnsPage {
    fn remembered_columns(&self) -> String {
        plural(self.remembered.len(), "column", "columns")
    }

    fn unsure(&self) -> usize {
        self.columns.iter().filter(|column| column.unsure).count()
    }

    fn headline(&self) -> String {
        match self.unsure() {
            0 => {
                format!("{} understood: look once, then go on", plural(self.columns.len(), "column is", "columns are"))
            }
            n => format!("{} your word", plural(n, "column needs", "columns need")),
        }
    }
}

/// GET `/rounds/{id}/list/{upload}/findings`.
#[derive(Template)]
#[template(path = "pages/lists/findings.html")]
pub struct FindingsPage {
    pub console: Console,
    pub steps: Steps,
    pub name: String,
    pub rows: Count,
    pub usable: Count,
    /// How good the list is, with the sentences why it is not better.
    pub score: Option<Score>,
    /// Facts about whom the list covers, a sentence each.
    pub coverage: Vec<String>,
    /// What to do with contacts in other sheets of the file; empty where there are none.
    pub other_sheets: String,
    /// Repairs that were made while the list was read otherwise, in a sentence; empty where there are none.
    pub otherwise: String,
    /// What keeps a row out first.
    pub groups: Vec<FindingGroup>,
    /// What can be repaired in many rows with one press.
    pub all: Vec<RepairOfAll>,
    /// By director: the list to correct.
    pub directors: Vec<DirectorFile>,
    pub difference: String,
    pub discard: ActionForm,
}

/// Many rows and one press.
pub struct RepairOfAll {
    pub title: String,
    /// Row, what stands there, what is proposed; empty where repairs are taken back.
    pub changes: Vec<(u64, String, String)>,
    /// Changes that do not stand on the page.
    pub more: Count,
    pub form: ActionForm,
}

pub struct Score {
    pub points: u8,
    /// Points taken, and why.
    pub reasons: Vec<(u8, String)>,
    /// The accounts that are worst off: name, points, the first reason.
    pub accounts: Vec<(String, u8, String)>,
}

pub struct FindingGroup {
    /// "12 rows without an e-mail address"; empty where findings stand one by one.
    pub title: String,
    pub state: Status,
    pub folded: bool,
    pub first: Vec<FindingRow>,
    /// Folded below the first.
    pub rest: Vec<FindingRow>,
    /// How many more there are than are shown.
    pub more: Count,
}

pub struct FindingRow {
    /// Its id on the page, the same after a repair; empty where another row has it.
    pub place: String,
    pub state: Status,
    pub message: String,
    pub repair: Option<ActionForm>,
}

pub struct DirectorFile {
    pub findings: Count,
    pub file: Link,
}

/// So many of a long list stand open.
pub const NAMED: usize = 10;

impl FindingsPage {
    fn more_directors(&self) -> String {
        plural(self.directors.len().saturating_sub(NAMED), "more", "more")
    }

    fn headline(&self) -> String {
        let all = plural(self.rows.0 as usize, "row", "rows");
        match self.rows.0.saturating_sub(self.usable.0) {
            0 => format!("{all}, all of them usable"),
            out => format!("{all}, {} cannot be used", Count(out)),
        }
    }
}
