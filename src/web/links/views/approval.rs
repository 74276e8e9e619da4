//! The plan as the client sees and approves it.

use askama::Template;

use crate::web::kit::views::form::Mistake;
use crate::web::kit::views::frame::{Count, Letter};

/// GET and POST `/plan/{token}`.
#[derive(Template)]
#[template(path = "pages/plan/approve.html")]
pub struct ApprovePage {
    pub letter: Letter,
    pub action: String,
    /// What the assessment is called.
    pub title: String,
    /// First name of the approver.
    pub name: String,
    /// When the plan was made: "Tue 9 Feb, 09:00 in Dublin".
    pub made: String,
    pub messages: Count,
    pub contacts: Count,
    /// Where the letters stand that are approved with the plan; none of an approval that was asked for without them.
    pub letters: Option<String>,
    pub touches: Vec<TouchRow>,
    pub approved: Option<String>,
    pub closed: bool,
    pub typed: String,
    pub error: Option<String>,
}

pub struct TouchRow {
    /// "reminder 2".
    pub name: String,
    pub messages: Count,
    /// "Mon 8 Feb to Tue 9 Feb", in the readers' own time.
    pub days: String,
}

impl ApprovePage {
    fn mistakes(&self) -> Vec<Mistake> {
        self.error.iter().map(|message| Mistake { field: "count".into(), message: message.clone() }).collect()
    }
}
