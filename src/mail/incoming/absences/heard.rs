//! The words of an automatic reply, taken apart: its clauses, its dates, and who wrote it.

use std::ops::Range;

use crate::mail::incoming::words;

use super::spoken_dates::SpokenDate;
use super::whose::NoticeWriter;

/// A text with its dates and clauses.
pub struct NoticeText<'a> {
    pub text: &'a str,
    pub dates: &'a [SpokenDate],
    pub parts: &'a [Range<usize>],
    pub writer: &'a NoticeWriter,
}

impl NoticeText<'_> {
    pub fn words(&self, part: &Range<usize>) -> &str {
        &self.text[part.clone()]
    }

    pub fn dates_in(&self, part: &Range<usize>) -> impl Iterator<Item = (usize, &SpokenDate)> {
        let part = part.clone();
        self.dates.iter().enumerate().filter(move |(_, d)| part.contains(&d.start))
    }
}

/// The words before a statement, with the first of its own where that is its subject: "I will be back".
pub fn with_start(clause: &str, span: &Range<usize>) -> String {
    let said = format!("{} ", &clause[span.clone()]);
    let own = ["first", "first_many"].iter().flat_map(|s| words::list(s)).find(|w| said.starts_with(*w));
    format!("{}{}", &clause[..span.start], own.unwrap_or(&""))
}
