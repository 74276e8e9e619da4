//! What keeps this installation from sending until a person has looked at it.

use askama::Template;

use super::form::ActionForm;
use super::frame::Console;

/// GET `/sending`; the confirmation is a POST to the same address.
#[derive(Template)]
#[template(path = "pages/outbox/sending.html")]
pub struct SendingPage {
    pub console: Console,
    pub holds: Vec<HoldCard>,
    pub resume: ActionForm,
}

pub struct HoldCard {
    pub since: String,
    pub why: String,
    pub messages: Vec<LostRow>,
}

/// A message that the database did not know of.
pub struct LostRow {
    pub to: String,
    pub kind: String,
    pub at: String,
    /// "sent", "in doubt", "refused", "not in this database".
    pub became: String,
}
