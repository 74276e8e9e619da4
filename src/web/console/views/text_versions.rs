//! The versions of a text, and of all texts of a round.

use askama::Template;

use crate::rules::round::MailText;
use crate::web::kit::views::frame::{Console, Link};

/// GET `/rounds/{id}/plan/words/versions?language=en&name=reminder`.
#[derive(Template)]
#[template(path = "pages/plan/text_versions.html")]
pub struct TextVersionsPage {
    pub console: Console,
    /// "Reminder 2 in German".
    pub title: String,
    /// The newest first.
    pub versions: Vec<VersionCard>,
    pub language: String,
    pub name: String,
    /// Of the round, against which one is taken up again.
    pub version: i64,
    /// Where the text is changed.
    pub text: String,
    pub action: String,
}

pub struct VersionCard {
    /// From 1, the oldest.
    pub number: usize,
    pub at: String,
    /// Empty where it is not known.
    pub by: String,
    /// "gone", "new" or nothing, and the line.
    pub lines: Vec<(&'static str, String)>,
    /// The text, where it can be taken up again.
    pub again: Option<MailText>,
}

/// GET `/rounds/{id}/plan/words/versions`: every change of words.
#[derive(Template)]
#[template(path = "pages/plan/words_versions.html")]
pub struct WordsVersionsPage {
    pub console: Console,
    /// The newest first.
    pub rows: Vec<WordsChange>,
    /// Where the words are.
    pub words: String,
}

pub struct WordsChange {
    pub at: String,
    /// Empty where it is not known.
    pub by: String,
    pub texts: Vec<Link>,
}
