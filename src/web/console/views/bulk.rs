//! What is about to be done to many contacts, with who is left as he is and why; and what became of it.

use askama::Template;

use crate::web::kit::views::form::{ActionForm, Control, Field, Mistake};
use crate::web::kit::views::frame::{Console, Link};

/// GET `/rounds/{round}/contacts/bulk`; the POST to the same address does it.
#[derive(Template)]
#[template(path = "pages/contacts/bulk.html")]
pub struct BulkPage {
    pub console: Console,
    /// The ids of the form's fields begin with it.
    pub id: &'static str,
    /// "Pause 38 people?"
    pub title: String,
    /// What it does to each; empty where nobody is chosen.
    pub explain: String,
    /// Why it was not done yet.
    pub refused: Option<String>,
    /// "2 have answered": who of the chosen are left as they are.
    pub left: Vec<String>,
    /// On the button; empty where there is nobody to whom it could be done.
    pub button: String,
    pub danger: bool,
    pub action: String,
    pub hidden: Vec<(&'static str, String)>,
    pub fields: Vec<Field>,
    pub people: Vec<BulkRow>,
    pub more_people: usize,
    pub others: Vec<BulkRow>,
    pub more_others: usize,
    /// Back to the list as it was.
    pub back: String,
}

pub struct BulkRow {
    pub href: String,
    pub name: String,
    pub account: String,
    /// Why this one is left as he is; empty where it is done to him.
    pub why: String,
}

impl BulkPage {
    fn mistakes(&self) -> Vec<Mistake> {
        let wrong = |f: &Field| {
            f.error.as_ref().map(|m| Mistake { field: format!("{}-{}", self.id, f.name), message: m.clone() })
        };
        self.fields.iter().filter_map(wrong).collect()
    }
}

/// GET `/rounds/{round}/contacts/bulk/{bulk}`; the POST to the same address takes it back.
#[derive(Template)]
#[template(path = "pages/contacts/bulk_done.html")]
pub struct BulkDonePage {
    pub console: Console,
    /// "38 of 40 paused; 2 have answered."
    pub title: String,
    /// By whom and when.
    pub by: String,
    /// What was said about it; may be empty.
    pub reason: String,
    /// What is still to be said: that it stopped half-way, that it was undone.
    pub notes: Vec<String>,
    pub undone: Option<Link>,
    pub undo: Option<ActionForm>,
    pub others: Vec<BulkRow>,
    pub more_others: usize,
    pub back: String,
}
