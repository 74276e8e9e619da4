//! The plan as the client sees and approves it, and the operator's page about that approval.

use askama::Template;

use crate::web::kit::views::form::{ActionForm, Mistake};
use crate::web::kit::views::frame::{Console, Count, Letter, Status};

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

/// GET and POST `/rounds/{id}/plan/approval`.
#[derive(Template)]
#[template(path = "pages/plan/approval.html")]
pub struct ApprovalPage {
    pub console: Console,
    pub status: Status,
    pub standing: String,
    /// Somebody was asked once more after an approval; may be empty.
    pub asked_again: String,
    pub evidence: String,
    /// Since the approval: messages on another day, added, gone.
    pub changes: Option<(Count, Count, Count)>,
    pub plan: String,
    pub actions: Vec<ActionForm>,
}

impl ApprovalPage {
    fn mistakes(&self) -> Vec<Mistake> {
        self.actions.iter().flat_map(ActionForm::mistakes).collect()
    }

    fn unchanged(&self) -> bool {
        self.changes.as_ref().is_some_and(|(moved, added, gone)| moved.0 + added.0 + gone.0 == 0)
    }
}
