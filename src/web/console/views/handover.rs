//! The hand-over log: every completed response on its way to the scoring module, and whether the counts on both sides agree.

use askama::Template;

use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Console, Link, Status, Tab, Tone, When};
use crate::web::kit::views::paging::Paging;

/// GET `/rounds/{id}/hand-over?state=`; its actions are POSTs to the same address.
#[derive(Template)]
#[template(path = "pages/handoff/log.html")]
pub struct HandoffPage {
    pub console: Console,
    /// Completed, confirmed, pending, failed.
    pub tabs: Vec<Tab>,
    /// "123 completed here, 123 confirmed there."
    pub agreement: String,
    pub agrees: Tone,
    /// "Delivered as signed messages to <https://scores.example/hook>".
    pub whereto: String,
    pub rows: Vec<HandoffRow>,
    pub paging: Paging,
    /// Where the answers themselves are to be had as a file.
    pub files: Vec<Link>,
    /// Try all failed ones again, for example.
    pub actions: Vec<ActionForm>,
}

pub struct HandoffRow {
    pub sequence: u64,
    pub name: String,
    pub href: String,
    pub account: String,
    pub completed: When,
    pub state: Status,
    pub attempts: u32,
    /// What the other side said last; escaped like everything else.
    pub answer: String,
    pub next_try: Option<When>,
    pub actions: Vec<ActionForm>,
}

impl HandoffRow {
    pub fn place(&self) -> String {
        format!("response-{}", self.sequence)
    }
}
