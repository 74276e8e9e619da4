//! The plan of a round: what goes when, what is stopped, what changes; and the page on which an order is confirmed once it is
//! known what it does.

use askama::Template;

use crate::web::kit::forms::query::query;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Choice, Control, Field, Mistake};
use crate::web::kit::views::frame::{Bar, Console, Count, Link, Rate, When};

/// GET `/rounds/{id}/plan`.
#[derive(Template)]
#[template(path = "pages/plan/calendar.html")]
pub struct PlanPage {
    pub console: Console,
    /// "1,204 messages to 306 people are planned, Mon 1 Feb to Thu 25 Feb"; empty when nothing is.
    pub headline: String,
    /// The figures of a large round are being counted for the first time.
    pub counting: bool,
    /// "Tue 9 Feb, 09:41 in Dublin": when they were; empty where they are those of now.
    pub as_of: String,
    /// What is worth knowing before they go, a sentence each, with the people it is about.
    pub notes: Vec<Note>,
    pub pauses: Vec<PauseRow>,
    pub days: Vec<PlanDay>,
    /// The busiest hours, the busiest first.
    pub hours: Vec<Busy>,
    /// "in London": where the hours are told.
    pub zone: String,
    /// The receiving domains, those with the most messages first.
    pub domains: Vec<Domain>,
    pub left: Vec<LeftOver>,
    /// Contacts who get nothing more, by reason.
    pub withheld: Vec<Withheld>,
    /// A closed round is neither paused nor changed.
    pub open: bool,
}

pub struct Note {
    pub text: String,
    pub link: Option<Link>,
}

pub struct PauseRow {
    pub place: String,
    /// "Germany", "the account Moore-Powell".
    pub what: String,
    pub why: String,
    pub by: String,
    pub since: When,
    /// "until Fri 12 Feb", "until it is lifted".
    pub until: String,
    pub lift: ActionForm,
}

pub struct PlanDay {
    /// "Tue 9 Feb".
    pub label: String,
    /// "today", "the round opens", "public holiday in Ireland: St Patrick’s Day".
    pub notes: Vec<String>,
    /// Kind, how many.
    pub kinds: Vec<(String, Count)>,
    /// "09:00 to 16:30": first and last in the contacts' own time.
    pub hours: String,
    /// The first of them; the rest is behind `more`. None where they are behind `href`.
    pub messages: Vec<PlannedMessage>,
    pub href: Option<String>,
    /// It was asked for.
    pub open: bool,
    pub more: Option<String>,
}

pub struct PlannedMessage {
    /// "09:00 in Dublin".
    pub local: String,
    pub name: String,
    pub href: String,
    pub account: String,
    /// "reminder 2".
    pub kind: String,
    /// Why then; may be empty.
    pub why: String,
}

pub struct Busy {
    /// "Mon 8 Feb, 09:00".
    pub from: String,
    pub messages: Count,
}

pub struct Domain {
    pub name: String,
    pub messages: Count,
    pub in_busiest_hour: Count,
    pub busiest_hour: String,
}

/// Touches that contacts will not have had when the round closes, by reason.
pub struct LeftOver {
    pub reason: String,
    pub contacts: Count,
    pub touches: Count,
    /// The first of them.
    pub people: Vec<Link>,
}

pub struct Withheld {
    pub reason: String,
    pub count: Count,
    pub href: String,
}

impl PlanDay {
    fn total(&self) -> Count {
        Count(self.kinds.iter().map(|(_, n)| n.0).sum())
    }
}

impl PlanPage {
    fn here(&self) -> String {
        here(&self.console)
    }

    fn bar(&self, day: &PlanDay) -> Bar {
        let busiest = self.days.iter().map(|d| d.total().0).max().unwrap_or(0);
        Bar::of(Rate::new(day.total().0, busiest))
    }

    fn hour_bar(&self, hour: &Busy) -> Bar {
        Bar::of(Rate::new(hour.messages.0, self.hours.iter().map(|h| h.messages.0).max().unwrap_or(0)))
    }
}

fn here(console: &Console) -> String {
    console.round.as_ref().map_or_else(String::new, |r| urls::plan(&r.id))
}

/// GET `/rounds/{id}/plan/pause`.
#[derive(Template)]
#[template(path = "pages/plan/pause.html")]
pub struct PausePage {
    pub console: Console,
    /// Begins the ids of the fields.
    pub id: &'static str,
    /// By kind of scope.
    pub scopes: Vec<(&'static str, Vec<Choice>)>,
    pub scope: String,
    pub scope_error: Option<String>,
    /// Said when there are more accounts than a list can hold.
    pub scope_hint: String,
    pub fields: Vec<Field>,
    /// What was refused that belongs to no field.
    pub refused: Option<String>,
}

impl PausePage {
    fn here(&self) -> String {
        here(&self.console)
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let scope = self.scope_error.as_ref().or(self.refused.as_ref());
        let scope = scope.map(|message| Mistake { field: "pause-scope".into(), message: message.clone() });
        scope.into_iter().chain(mistakes(self.id, &self.fields)).collect()
    }
}

pub fn mistakes(id: &str, fields: &[Field]) -> Vec<Mistake> {
    let wrong = |f: &Field| f.error.as_ref().map(|m| Mistake { field: format!("{id}-{}", f.name), message: m.clone() });
    fields.iter().filter_map(wrong).collect()
}

/// GET `/rounds/{id}/plan/change`: the schedule, the targets and the sequence.
#[derive(Template)]
#[template(path = "pages/plan/change.html")]
pub struct ChangePage {
    pub console: Console,
    pub id: &'static str,
    pub version: i64,
    /// Nothing is sent of it: what is saved is done at once.
    pub draft: bool,
    pub mistakes: Vec<Mistake>,
    pub schedule: Vec<Field>,
    pub targets: Vec<Field>,
    pub touches: Vec<TouchCard>,
}

impl ChangePage {
    fn here(&self) -> String {
        here(&self.console)
    }
}

pub struct TouchCard {
    /// From 1.
    pub number: usize,
    /// "Reminder: cron 30 9 * * THU, 3 times at most".
    pub summary: String,
    pub open: bool,
    /// What of the change check concerns this touch.
    pub errors: Vec<String>,
    /// With the class that says for which timing a field is: `by-days`, `by-date`, `by-cron`, or none.
    pub fields: Vec<(&'static str, Field)>,
    /// Of the week.
    pub days: Vec<Field>,
    pub roles: Vec<Field>,
    pub remove: Field,
}

/// GET `/rounds/{id}/plan/words`: every text of the round.
#[derive(Template)]
#[template(path = "pages/plan/words.html")]
pub struct WordsPage {
    pub console: Console,
    pub languages: Vec<String>,
    pub rows: Vec<WordsRow>,
    pub choices: Vec<Choice>,
    pub open: bool,
}

pub struct WordsRow {
    /// "reminder 2".
    pub label: String,
    /// By language: the subject, or nothing, and where it is changed or written; nowhere where nobody gets it.
    pub texts: Vec<(Option<String>, Option<String>)>,
}

impl WordsPage {
    fn here(&self) -> String {
        here(&self.console)
    }
}

/// GET `/rounds/{id}/plan/words?language=en&name=reminder`: one text.
#[derive(Template)]
#[template(path = "pages/plan/text.html")]
pub struct TextPage {
    pub console: Console,
    pub id: &'static str,
    pub version: i64,
    /// "Reminder 2 in German".
    pub title: String,
    /// May be empty: "It is not there yet; German contacts get the English one."
    pub note: String,
    pub language: String,
    pub name: String,
    pub fields: Vec<Field>,
    /// For whom it is shown; none where nobody of the list reads it.
    pub readers: Vec<Field>,
    pub invented: bool,
    /// Where its letters stand; none where they are those of words that are not saved.
    pub frame: Option<String>,
    pub faults: Vec<String>,
}

impl TextPage {
    fn letters(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::text_letters(&r.id))
    }

    fn versions(&self) -> String {
        let there = self.console.round.as_ref().map_or_else(String::new, |r| urls::text_versions(&r.id));
        format!("{there}{}", query(&[("language", &self.language), ("name", &self.name)]))
    }

    fn here(&self) -> String {
        here(&self.console)
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let all = self.faults.iter().map(|f| Mistake { field: "text-body".into(), message: f.clone() });
        mistakes(self.id, &self.fields).into_iter().chain(all).collect()
    }
}

/// What an order does, before it is given.
#[derive(Template)]
#[template(path = "pages/plan/confirm.html")]
pub struct ConfirmPage {
    pub console: Console,
    /// "9 messages to 12 contacts in Germany wait".
    pub title: String,
    /// Why a confirmation was not taken: look once more.
    pub refused: Option<String>,
    pub notes: Vec<String>,
    pub rows: Vec<Affected>,
    /// "and 12 more"; empty when all are shown.
    pub more: String,
    pub action: String,
    /// What was typed, to be sent again.
    pub hidden: Vec<(String, String)>,
    /// On the button that does it.
    pub button: String,
    pub danger: bool,
}

pub struct Affected {
    pub name: String,
    pub href: String,
    pub account: String,
    /// "reminder 2".
    pub message: String,
    /// "Tue 9 Feb, 09:00 in Dublin", or that it does not go.
    pub before: String,
    pub after: String,
}
