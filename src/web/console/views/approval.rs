//! The operator's page about the client's approval of the plan.

use askama::Template;

use crate::web::kit::views::form::{ActionForm, Mistake};
use crate::web::kit::views::frame::{Console, Count, Status};

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
    /// Since the approval: letters that read differently, "Reminder 2 in German"; none where it covers no letters or nothing was approved.
    pub letters: Option<Vec<String>>,
    /// What is said of an approval that covers no letters; may be empty.
    pub uncovered: String,
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

    fn reworded(&self) -> &[String] {
        self.letters.as_deref().unwrap_or_default()
    }
}
