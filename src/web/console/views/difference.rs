//! What a list would change in its round, before it is loaded.

use std::borrow::Cow;

use askama::Template;

use crate::web::kit::views::form::{ActionForm, Control, Field, Mistake};
use crate::web::kit::views::frame::{Console, Count};

use super::lists::{NAMED, Steps};

/// GET `/rounds/{id}/list/{upload}/difference`.
#[derive(Template)]
#[template(path = "pages/lists/difference.html")]
pub struct DifferencePage {
    pub console: Console,
    /// Begins the ids of the fields.
    pub id: &'static str,
    pub steps: Steps,
    pub here: String,
    /// "12 new, 3 changed, 1 no longer on the list".
    pub headline: String,
    pub name: String,
    /// Of the round's people, as they were when this was worked out.
    pub version: String,
    /// Why it was not loaded.
    pub refused: Option<String>,
    /// Why it cannot be loaded at all; no button then.
    pub impossible: Option<String>,
    /// Whether who is not on the list goes or stays.
    pub others: Option<Others>,
    /// Whose mails move, who is withdrawn, a sentence each.
    pub effects: Vec<String>,
    /// Accounts that must sign again.
    pub signs_again: Vec<String>,
    pub parts: Vec<Part>,
    pub unchanged: Count,
    /// What somebody has to say before such a list is taken, one tick each.
    pub ticks: Vec<Field>,
    /// "Load 300 contacts: 12 new, 3 changed".
    pub button: String,
    pub discard: ActionForm,
}

/// Whether a list is the whole of a draft, or one of several.
pub struct Others {
    /// How many are not on it, and the question.
    pub asked: String,
    /// What is sent, what it means, whether it was said.
    pub choices: [(&'static str, String, bool); 2],
    pub error: Option<String>,
}

/// Rows of one kind.
pub struct Part {
    pub id: &'static str,
    pub title: String,
    /// What it means, in a sentence.
    pub about: Cow<'static, str>,
    pub rows: Vec<PartRow>,
    pub folded: bool,
    /// How many more there are than are shown.
    pub more: Count,
}

pub struct PartRow {
    pub who: String,
    /// The account, or the row of the list.
    pub place: String,
    /// "job title: Buyer to Head of Purchasing"; or why.
    pub what: Vec<What>,
}

pub enum What {
    /// The label of a field, old, new.
    Changed(String, String, String),
    Said(String),
}

impl DifferencePage {
    fn mistakes(&self) -> Vec<Mistake> {
        let others = self.others.iter().filter_map(|others| others.error.clone());
        let others = others.map(|message| Mistake { field: format!("{}-others", self.id), message });
        others.chain(super::plan::mistakes(self.id, &self.ticks)).collect()
    }
}

/// More rows of a kind than these are folded.
pub const FOLDED: usize = 20;
