//! Who may come in: sessions, operators and the keys of other programs.

use askama::Template;

use crate::web::kit::views::form::{ActionForm, Mistake};
use crate::web::kit::views::frame::{Console, Count, When};

/// GET `/operators`; what is taken back is a POST to the same address.
#[derive(Template)]
#[template(path = "pages/login/operators.html")]
pub struct OperatorsPage {
    pub console: Console,
    /// One's own.
    pub sessions: Vec<SessionRow>,
    /// None where this is the only one.
    pub end_others: Option<ActionForm>,
    pub operators: Vec<OperatorRow>,
    pub keys: Vec<KeyRow>,
}

pub struct SessionRow {
    pub began: When,
    pub used: When,
    /// Network address and browser.
    pub from: String,
    /// The one that reads this.
    pub here: bool,
}

pub struct OperatorRow {
    pub place: String,
    pub email: String,
    pub since: When,
    pub logged_in: Option<When>,
    pub sessions: Count,
    pub here: bool,
    pub remove: ActionForm,
}

pub struct KeyRow {
    pub name: String,
    /// The words of its scopes.
    pub may: String,
    /// Which rounds there are for it.
    pub of: String,
    pub made: When,
    pub used: Option<When>,
    pub remove: ActionForm,
}

/// A name holds more signs than a place of a page can.
pub fn place_of_key(name: &str) -> String {
    format!("key-{}", name.replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
}

impl KeyRow {
    pub fn place(&self) -> String {
        place_of_key(&self.name)
    }
}

impl OperatorsPage {
    fn mistakes(&self) -> Vec<Mistake> {
        self.operators.iter().flat_map(|o| o.remove.mistakes()).collect()
    }
}
