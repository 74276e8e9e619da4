//! The assessment as a contact answers it: one group of questions a page, then "check your answers", then one button that sends.
//!
//! Every page is a plain form that works without a script. Going back saves what can be saved; nothing is required on the way back.

use askama::Template;

use crate::rules::participation::Participation;
use crate::web::kit::views::address_link::AddressLink;
use crate::web::kit::views::form::Mistake;
use crate::web::kit::views::frame::{LanguageLink, Letter, Spoken};
use crate::web::kit::views::phrases::fill::fill;
use crate::web::kit::views::phrases::wording::Phrases;

/// GET and POST `/assessment/{token}`; `?page=N` (from 1), `?page=check`.
#[derive(Template)]
#[template(path = "pages/response/questions.html")]
pub struct QuestionPage {
    pub letter: Letter,
    pub phrases: &'static Phrases,
    /// Of the questions; the page's own words may have to be in another.
    pub language: String,
    pub action: String,
    /// Above the first group only.
    pub intro: Option<Intro>,
    pub page: usize,
    pub pages: usize,
    /// Of the group.
    pub title: Spoken,
    pub items: Vec<ItemView>,
    /// Reached by the "change" link of this item: Continue goes back to it on the check page.
    pub from_check: Option<String>,
    /// Every language of this questionnaire.
    pub languages: Vec<LanguageLink>,
    /// `/opt-out/{token}`.
    pub opt_out: String,
}

pub struct Intro {
    pub first_name: String,
    pub minutes: u32,
    /// As [`Phrases::date`] writes it.
    pub closes: String,
    /// One sentence; empty in a first round.
    pub changed_since_last_year: String,
    /// Whether it is told that he has answered.
    pub participation: Participation,
}

pub struct ItemView {
    /// As in the questionnaire; the field is called `answer.{id}`.
    pub id: String,
    pub text: Spoken,
    pub required: bool,
    /// What "I cannot say" sends; none where it is no answer.
    pub cannot_say: Option<String>,
    /// It was chosen.
    pub cannot_say_given: bool,
    pub shape: Shape,
    /// What is wrong with what was given, in the contact's language.
    pub error: Option<String>,
}

pub enum Shape {
    Scale { low: Spoken, high: Spoken, points: Vec<Point> },
    Choice { points: Vec<Point> },
    Text { value: String, longest: usize },
}

/// A radio button.
pub struct Point {
    pub value: String,
    pub label: Spoken,
    pub checked: bool,
}

impl Point {
    /// The points of a scale, the given one checked.
    pub fn scale(low: i64, high: i64, given: Option<i64>) -> Vec<Point> {
        (low..=high)
            .map(|n| Point { value: n.to_string(), label: n.to_string().into(), checked: given == Some(n) })
            .collect()
    }
}

impl ItemView {
    /// Where the summary of mistakes leads to: the text field, or the first radio button.
    pub fn target(&self) -> String {
        match &self.shape {
            Shape::Text { .. } => format!("answer.{}", self.id),
            Shape::Scale { points, .. } | Shape::Choice { points } => {
                format!("answer.{}.{}", self.id, points.first().map_or("", |p| &p.value))
            }
        }
    }
}

impl QuestionPage {
    /// The label of a scale's end belongs to its number, for those who hear the page.
    #[expect(clippy::unused_self, reason = "the template asks the page")]
    fn meaning<'a>(&self, at: &usize, points: &[Point], low: &'a Spoken, high: &'a Spoken) -> Option<&'a Spoken> {
        match *at {
            0 => Some(low),
            last if last + 1 == points.len() => Some(high),
            _ => None,
        }
    }

    fn up_to(&self, longest: &usize) -> String {
        fill(self.phrases.up_to, &[("n", &longest.to_string())])
    }

    fn progress(&self) -> String {
        fill(self.phrases.progress, &[("page", &self.page.to_string()), ("pages", &self.pages.to_string())])
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let wrong =
            |i: &ItemView| i.error.as_ref().map(|message| Mistake { field: i.target(), message: message.clone() });
        self.items.iter().filter_map(wrong).collect()
    }

    /// What becomes known of whether he has answered.
    fn told(&self, intro: &Intro) -> String {
        let p = self.phrases;
        match intro.participation {
            Participation::Names => self.say(p.told_names),
            Participation::Counts => self.say(p.told_counts),
            Participation::CountsFrom(_) => self.say(p.told_counts_from),
        }
    }

    fn say(&self, phrase: &str) -> String {
        let intro = self.intro.as_ref();
        let from = match intro.map(|i| i.participation) {
            Some(Participation::CountsFrom(n)) => n.to_string(),
            _ => String::new(),
        };
        fill(
            phrase,
            &[
                ("client", &self.letter.client),
                ("name", intro.map_or("", |i| &i.first_name)),
                ("minutes", &intro.map_or(0, |i| i.minutes).to_string()),
                ("pages", &self.pages.to_string()),
                ("date", intro.map_or("", |i| &i.closes)),
                ("from", &from),
                ("changed", intro.map_or("", |i| &i.changed_since_last_year)),
            ],
        )
    }
}

/// Everything that was answered, to be looked at once more.
#[derive(Template)]
#[template(path = "pages/response/check.html")]
pub struct CheckPage {
    pub letter: Letter,
    pub phrases: &'static Phrases,
    pub language: String,
    pub languages: Vec<LanguageLink>,
    pub action: String,
    pub groups: Vec<CheckedGroup>,
    /// The page before: `?page=N`.
    pub last_page: usize,
    /// Somebody pressed the button although required answers are missing.
    pub refused: bool,
    pub opt_out: String,
}

pub struct CheckedGroup {
    pub title: Spoken,
    pub page: usize,
    pub answers: Vec<CheckedAnswer>,
}

pub struct CheckedAnswer {
    pub id: String,
    pub question: Spoken,
    /// The id of the field that Change leads to.
    pub target: String,
    /// As it is read: "6 of 1 to 7", the label of a choice, the text; empty when not answered.
    pub answer: String,
    pub required: bool,
    /// What is wrong with what was kept, in the contact's language.
    pub mistake: Option<String>,
}

impl CheckedAnswer {
    fn is_missing(&self) -> bool {
        self.required && self.answer.is_empty()
    }

    fn is_wrong(&self) -> bool {
        self.is_missing() || self.mistake.is_some()
    }
}

impl CheckPage {
    fn mistakes(&self) -> Vec<Mistake> {
        let wrong = |a: &CheckedAnswer| match &a.mistake {
            Some(mistake) => Some(format!("{}: {mistake}", a.question.text)),
            None if self.refused && a.is_missing() => {
                Some(fill(self.phrases.missing, &[("question", &a.question.text)]))
            }
            None => None,
        };
        let all = self.groups.iter().flat_map(|g| &g.answers);
        all.filter_map(|a| Some(Mistake { field: format!("change.{}", a.id), message: wrong(a)? })).collect()
    }
}
