//! Tables of words: what servers and people say in many languages, kept as text beside the code that asks for it.
//!
//! A section is `[name]`, its phrases stand between bars or on lines, a `#` begins a remark, `_` at an end is a space, and `*` stands for
//! up to sixty other bytes. Texts are compared in lower case.

use std::ops::Range;

pub type List = &'static [&'static str];

/// Sections by name.
pub struct Table(Vec<(&'static str, Vec<&'static str>)>);

impl Table {
    pub fn read(texts: &[&'static str]) -> Table {
        Table(texts.iter().copied().flat_map(sections).collect())
    }

    /// The names are in the code, so one that is missing is seen by the tests.
    pub fn list(&self, section: &str) -> &[&'static str] {
        self.0.iter().find(|(name, _)| *name == section).map_or(&[], |(_, list)| list.as_slice())
    }

    /// Whether a text in lower case says any phrase of a section.
    pub fn any(&self, section: &str, text: &str) -> bool {
        self.list(section).iter().any(|phrase| says(text, phrase))
    }

    /// Where a text in lower case says the phrases of a section.
    pub fn places(&self, section: &str, text: &str) -> Vec<Range<usize>> {
        self.list(section).iter().flat_map(|phrase| spans(text, phrase)).collect()
    }

    pub fn sections(&self) -> impl Iterator<Item = (&'static str, &[&'static str])> {
        self.0.iter().map(|(name, list)| (*name, list.as_slice()))
    }
}

fn sections(text: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut table: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            table.push((name, Vec::new()));
        } else if let Some((_, list)) = table.last_mut() {
            list.extend(line.split(" | ").map(phrase));
        }
    }
    table
}

/// `_` cannot be in a phrase otherwise, so a phrase with spaces at its ends is made once and kept for good.
fn phrase(written: &'static str) -> &'static str {
    if written.starts_with('_') || written.ends_with('_') {
        return Box::leak(written.replace('_', " ").into_boxed_str());
    }
    written
}

/// How far apart the two sides of a `*` may stand.
const GAP: usize = 60;

/// Whether `text` has the pieces of `phrase` in it, in order and near each other, the first at the beginning of a word.
pub fn says(text: &str, phrase: &str) -> bool {
    spans(text, phrase).next().is_some()
}

fn spans(text: &str, phrase: &str) -> impl Iterator<Item = Range<usize>> {
    let (first, rest) = phrase.split_once('*').unwrap_or((phrase, ""));
    text.match_indices(first).take(20).filter_map(move |(at, _)| {
        let inside = first.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let after = at + first.len();
        let length = follows(&text[after..], rest).filter(|_| !inside)?;
        Some(at..after + length)
    })
}

/// How far the pieces reach, if they follow.
fn follows(text: &str, pieces: &str) -> Option<usize> {
    if pieces.is_empty() {
        return Some(0);
    }
    let (piece, rest) = pieces.split_once('*').unwrap_or((pieces, ""));
    let near = &text[..text.floor_char_boundary(piece.len() + GAP)];
    let end = near.find(piece)? + piece.len();
    Some(end + follows(&text[end..], rest)?)
}

/// Control characters and runs of white space become one space.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_at_the_beginning_of_words_and_near_each_other() {
        assert!(says("550 user unknown", "user unknown"));
        assert!(says("mailbox of jane is full", "mailbox*full"));
        assert!(!says(&format!("mailbox {} full", "x".repeat(70)), "mailbox*full"));
        assert!(!says("marblock rbl2", "bl"));
        assert!(says("配信できません", "できません"));
    }
}
