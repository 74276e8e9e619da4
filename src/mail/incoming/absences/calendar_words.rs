//! Names of months and days in the languages that contacts write, by how they begin.

use crate::mail::incoming::words;

const MONTHS: [&str; 12] = [
    "month1", "month2", "month3", "month4", "month5", "month6", "month7", "month8", "month9", "month10", "month11",
    "month12",
];
const DAYS: [&str; 7] = ["day0", "day1", "day2", "day3", "day4", "day5", "day6"];

/// Which month a word names, counted from 1. Whole words and their usual short forms; endings differ by case and grammar.
pub fn month(word: &str) -> Option<u32> {
    named(word, &MONTHS).map(|at| at + 1)
}

/// Which day of the week a word names, Monday being 0.
pub fn weekday(word: &str) -> Option<u32> {
    named(word, &DAYS)
}

fn named(word: &str, sections: &[&str]) -> Option<u32> {
    let at = sections.iter().position(|section| words::list(section).iter().any(|n| fits(word, n)))?;
    u32::try_from(at).ok()
}

/// A beginning that ends in `=` is the whole word; others may be followed by an ending.
fn fits(word: &str, beginning: &str) -> bool {
    match beginning.strip_suffix('=') {
        Some(whole) => word == whole,
        None => word.strip_prefix(beginning).is_some_and(|rest| rest.chars().count() <= 5),
    }
}
