//! The round's calendar: day by day how many messages of which kind go, in whose morning, and who gets nothing and why.

use askama::Template;

use super::frame::{Bar, Console, Count, Rate};

/// GET `/rounds/{id}/plan`.
#[derive(Template)]
#[template(path = "pages/plan/calendar.html")]
pub struct PlanPage {
    pub console: Console,
    /// "Mon 1 Feb to Fri 26 Feb".
    pub span: String,
    pub total: Count,
    pub days: Vec<PlanDay>,
    /// Contacts who get nothing more, by reason.
    pub withheld: Vec<Withheld>,
}

pub struct PlanDay {
    /// "Tue 9 Feb".
    pub label: String,
    /// "today", "the round opens", "public holiday in Ireland"; may be empty.
    pub note: String,
    /// Kind, how many.
    pub kinds: Vec<(String, Count)>,
    /// "09:00 to 16:30": first and last in the contacts' own time.
    pub hours: String,
    /// The first of them; the rest is behind `more`.
    pub messages: Vec<PlannedMessage>,
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
    fn bar(&self, day: &PlanDay) -> Bar {
        let busiest = self.days.iter().map(|d| d.total().0).max().unwrap_or(0);
        Bar::of(Rate::new(day.total().0, busiest))
    }
}
