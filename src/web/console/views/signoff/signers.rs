//! One account's sign-off: who may sign, what was signed and decided, and what can be decided.

use askama::Template;

use crate::web::kit::views::address_link::AddressLink;
use crate::web::kit::views::form::{ActionForm, Mistake};
use crate::web::kit::views::frame::{Console, Status, When};

use crate::web::console::views::contacts::Fact;

/// GET `/rounds/{id}/sign-off/{account}`; its actions are POSTs to the same address.
#[derive(Template)]
#[template(path = "pages/signoff/signers.html")]
pub struct SignersPage {
    pub console: Console,
    pub name: String,
    pub state: Status,
    pub facts: Vec<Fact>,
    pub signers: Vec<SignerRow>,
    /// "Signed by Dora Fields, Tue 2 Feb, 14:05", with how it was given.
    pub signatures: Vec<Line>,
    pub decisions: Vec<Line>,
    /// What can be decided now.
    pub actions: Vec<ActionForm>,
}

pub struct SignerRow {
    pub name: String,
    pub email: String,
    /// "Account director", "Deputy".
    pub what: &'static str,
    /// "Asked 3 times"; with when it was last.
    pub asked: String,
    pub last: Option<When>,
    pub next: Option<When>,
    /// The last day of an absence, and where it is known from.
    pub away: String,
    pub acts: Vec<ActionForm>,
}

pub struct Line {
    pub what: String,
    pub why: String,
    pub when: When,
}

impl SignersPage {
    pub fn mistakes(&self) -> Vec<Mistake> {
        let rows = self.signers.iter().flat_map(|row| &row.acts);
        self.actions.iter().chain(rows).flat_map(ActionForm::mistakes).collect()
    }
}
