//! A round made and edited: the page on which it begins, its settings, its questions, and what is open before it starts.

use askama::Template;

use crate::steps::round::next::NotCarried;
use crate::web::kit::views::form::{ActionForm, Control, Field, Mistake};
use crate::web::kit::views::frame::{Console, Count, Link, Tone};

/// GET `/rounds/new`.
#[derive(Template)]
#[template(path = "pages/rounds/new.html")]
pub struct NewRoundPage {
    pub console: Console,
    pub mistakes: Vec<Mistake>,
    pub template: NewRoundForm,
    /// None where the installation has no round yet.
    pub earlier: Option<NewRoundForm>,
    /// What is wrong with the folder that was sent.
    pub refused: Vec<String>,
}

impl NewRoundPage {
    /// With those of the folder, which all belong to its one field.
    fn all_mistakes(&self) -> Vec<Mistake> {
        let of_folder = self.refused.iter().map(|message| Mistake { field: "file".into(), message: message.clone() });
        self.mistakes.iter().cloned().chain(of_folder).collect()
    }
}

/// One way to make a round.
#[derive(Template)]
#[template(path = "pages/rounds/new_form.html")]
pub struct NewRoundForm {
    /// Begins the ids of its fields, and says which way it is.
    pub id: &'static str,
    pub csrf: String,
    pub title: &'static str,
    pub explain: &'static str,
    pub fields: Vec<Field>,
}

impl askama::filters::HtmlSafe for NewRoundForm {}

/// A part of a form with a heading of its own.
pub struct Section {
    pub id: &'static str,
    pub title: &'static str,
    pub explain: &'static str,
    pub fields: Vec<Field>,
    /// Fields that stand together under a legend of their own.
    pub groups: Vec<Group>,
}

pub struct Group {
    pub legend: String,
    /// Days of the week stand in a row.
    pub days: bool,
    pub fields: Vec<Field>,
}

/// GET `/rounds/{id}/settings`.
#[derive(Template)]
#[template(path = "pages/rounds/settings.html")]
pub struct SettingsPage {
    pub console: Console,
    pub id: &'static str,
    pub version: i64,
    pub draft: bool,
    pub mistakes: Vec<Mistake>,
    pub sections: Vec<Section>,
    /// The cron expression behind the days that are picked, so that its spelling is kept; empty where it is a field.
    pub digest: String,
    /// It is no days of the week: there is a way to them.
    pub cron: bool,
    /// Rows for country managers, filled or not.
    pub managers: usize,
    /// The same for those who sign.
    pub directors: usize,
}

/// GET `/rounds/{id}/questions`.
#[derive(Template)]
#[template(path = "pages/rounds/questions.html")]
pub struct QuestionsPage {
    pub console: Console,
    pub id: &'static str,
    pub version: i64,
    pub open: bool,
    pub draft: bool,
    pub mistakes: Vec<Mistake>,
    /// "relationship, version 2027".
    pub name: String,
    pub pages: Vec<QuestionsOf>,
    /// Where a question on a page of its own is written.
    pub new_page: String,
    /// Of the question that is being written.
    pub form: Option<QuestionForm>,
    /// The text is not what is asked now.
    pub changed: bool,
    pub field: Field,
}

pub struct QuestionForm {
    pub title: &'static str,
    pub hidden: Vec<(String, String)>,
    pub groups: Vec<Group>,
    /// What belongs to some kinds of answer only.
    pub of_kinds: Vec<OfKind>,
}

pub struct OfKind {
    pub title: &'static str,
    /// Of kinds of answers, or of the page: the question is of this kind, or something in it is wrong.
    pub open: bool,
    pub groups: Vec<Group>,
}

impl QuestionForm {
    /// What a field is called, with what it stands under.
    pub fn label(&self, name: &str) -> Option<String> {
        let groups = self.groups.iter().chain(self.of_kinds.iter().flat_map(|of| &of.groups));
        let mut fields = groups.flat_map(|group| group.fields.iter().map(move |field| (group, field)));
        let (group, field) = fields.find(|(_, field)| field.name == name)?;
        Some(format!("{}, {}", group.legend, field.label))
    }
}

/// One page of the assessment.
pub struct QuestionsOf {
    pub title: String,
    pub items: Vec<Question>,
    /// Where one more on this page is written.
    pub more: String,
}

pub struct Question {
    pub id: String,
    pub text: String,
    /// "scale from 1 to 7, required; English, German".
    pub how: String,
    /// Where it is changed.
    pub change: String,
    /// Up, down, out.
    pub acts: Vec<ActionForm>,
}

/// GET `/rounds/{id}/check`.
#[derive(Template)]
#[template(path = "pages/rounds/check.html")]
pub struct CheckPage {
    pub console: Console,
    pub draft: bool,
    /// How many things are open.
    pub points: usize,
    /// The first of them is the list.
    pub no_list: bool,
    /// Whom directors have left out since the last round, each with the form for the reason: the round does not start before.
    pub reasons: Vec<(String, ActionForm)>,
    /// Lists that are not loaded, names that nothing goes to.
    pub waiting: Vec<Remark>,
    /// Whom they have left out with a reason: who gave it, when, and what it is.
    pub given: Vec<String>,
    /// What somebody outside would read and can be mended, by the page on which it is.
    pub open: Vec<Remark>,
    /// Worth reading once.
    pub notes: Vec<Remark>,
}

pub struct Remark {
    pub tone: Tone,
    /// "Reminder in German", "Settings".
    pub place: String,
    pub text: String,
    /// Sentences that it is about.
    pub sentences: Vec<String>,
    pub link: Link,
}

impl CheckPage {
    fn headline(&self) -> String {
        match self.points {
            0 => "Nothing is open".into(),
            1 => "1 point is open".into(),
            n => format!("{n} points are open"),
        }
    }
}

/// GET `/rounds/{id}/next`.
#[derive(Template)]
#[template(path = "pages/rounds/next.html")]
pub struct NextRoundPage {
    pub console: Console,
    /// Of the round that would be made.
    pub slug: String,
    /// "Opens Mon 7 Feb 2028, closes Fri 3 Mar 2028."
    pub days: String,
    /// "12 contacts in 3 accounts".
    pub people: String,
    /// What came of them, and of how many.
    pub came: Vec<(Count, &'static str)>,
    /// "3 people are not asked again".
    pub left: String,
    pub not_carried: Vec<NotCarried>,
    /// As many are not named here.
    pub unnamed: usize,
    /// It is there already.
    pub there: Option<Link>,
    /// Its people are still to come.
    pub unfinished: bool,
    pub make: Option<ActionForm>,
}

macro_rules! addresses {
    ($($page:ident),+) => {
        $(impl $page {
            fn round(&self) -> &str {
                self.console.round.as_ref().map_or("", |round| &round.id)
            }
        })+
    };
}

addresses!(SettingsPage, QuestionsPage, CheckPage, NextRoundPage);
