//! What a round is: made anew, its settings, its questions.

use askama::Template;

use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Choice, Control, Field, Mistake};
use crate::web::kit::views::frame::{Console, Link};

/// A group of fields under a heading.
pub struct Section {
    pub id: &'static str,
    pub title: String,
    pub about: &'static str,
    pub fields: Vec<Field>,
}

/// GET `/rounds/new`.
#[derive(Template)]
#[template(path = "pages/rounds/new.html")]
pub struct NewRoundPage {
    pub console: Console,
    /// Begins the ids of the fields.
    pub id: &'static str,
    /// From what it can be made: the value of `from`, and what it is.
    pub bases: Vec<Choice>,
    pub base: String,
    pub mistakes: Vec<Mistake>,
    pub sections: Vec<Section>,
}

impl NewRoundPage {
    fn here(&self) -> &'static str {
        urls::NEW_ROUND
    }
}

/// GET `/rounds/{id}/settings`.
#[derive(Template)]
#[template(path = "pages/rounds/settings.html")]
pub struct SettingsPage {
    pub console: Console,
    pub id: &'static str,
    pub version: i64,
    /// A draft is changed at once; otherwise it is shown first what the change does.
    pub draft: bool,
    pub mistakes: Vec<Mistake>,
    /// What `round check` asks, each with where it is answered.
    pub asked: Vec<(String, Option<Link>)>,
    /// What is worth a look and keeps nobody from starting.
    pub notes: Vec<(String, Option<Link>)>,
    /// Whom directors have left out since the last round, each with the form for the reason.
    pub reasons: Vec<(String, ActionForm)>,
    pub sections: Vec<Section>,
}

impl SettingsPage {
    fn round(&self) -> &str {
        self.console.round.as_ref().map_or("", |r| r.id.as_str())
    }

    fn here(&self) -> String {
        urls::settings(self.round())
    }

    fn change(&self) -> String {
        urls::plan_change(self.round())
    }

    fn words(&self) -> String {
        urls::texts(self.round())
    }

    fn questions(&self) -> String {
        urls::questions(self.round())
    }
}

/// GET `/rounds/{id}/questions`.
#[derive(Template)]
#[template(path = "pages/rounds/questions.html")]
pub struct QuestionsPage {
    pub console: Console,
    pub id: &'static str,
    pub version: i64,
    pub mistakes: Vec<Mistake>,
    pub groups: Vec<QuestionGroup>,
    /// The same as text, to be changed.
    pub field: Field,
    /// Of a closed round nothing is changed.
    pub open: bool,
}

pub struct QuestionGroup {
    pub title: String,
    /// The question, and how it is answered.
    pub items: Vec<(String, String)>,
}

impl QuestionsPage {
    fn here(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::questions(&r.id))
    }

    fn settings(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::settings(&r.id))
    }
}
