//! How telling events stands, on the page of sending.

use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::Status;

pub struct EventsCard {
    pub state: Status,
    /// The type that was told last, and when; empty where none was.
    pub last: String,
    /// "3 events"; empty where none waits.
    pub waiting: String,
    /// The one that is told next, with what the webhook said to it; empty where none waits.
    pub first: String,
    /// When it is tried next; empty where none waits.
    pub next: String,
    /// "2 events"; empty where none was given up.
    pub given_up: String,
    pub acts: Vec<ActionForm>,
}
