//! How a round goes on: completion over time as a drawing, where it goes in words, and the numbers of both as a table.

use crate::web::kit::views::chart::Drawing;

/// Part of the overview, once somebody was invited.
pub struct CoursePart {
    /// "Where it goes", "How it went".
    pub title: &'static str,
    /// For desks and for phones.
    pub drawings: Vec<Drawing>,
    /// "Goes to 41 to 52 % (middle 46 %) of contacts by Fri 5 Mar if nothing changes.", and what would change it.
    pub words: Vec<String>,
    /// What their range is made of; empty where they have none.
    pub note: &'static str,
    pub days: Vec<DayRow>,
}

/// A day of the table beside the drawing.
pub struct DayRow {
    pub day: String,
    /// By the end of the day: "123", "41 %"; of a day to come "expected" and the range.
    pub answers: String,
    pub share: String,
    pub accounts: String,
    /// "invitation to 250, reminder 1 to 12".
    pub letters: String,
}
