//! The tables of words: what mail servers, autoresponders and calendars say in many languages, kept as text beside the code.
//!
//! A section is `[name]`, its phrases stand between bars or on lines, a `#` begins a remark, `_` at an end is a space.

use std::ops::Range;
use std::sync::LazyLock;

pub type List = &'static [&'static str];

type Table = Vec<(&'static str, Vec<&'static str>)>;

static TABLES: LazyLock<Table> = LazyLock::new(|| {
    let texts = [
        include_str!("words/refusals.txt"),
        include_str!("words/reports.txt"),
        include_str!("words/absences.txt"),
        include_str!("words/history.txt"),
        include_str!("words/calendar.txt"),
    ];
    texts.into_iter().flat_map(sections).collect()
});

fn sections(text: &'static str) -> Table {
    let mut table = Table::new();
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

/// A section by its name; the names are in the code, so one that is missing is seen by the tests.
pub fn list(section: &str) -> List {
    TABLES.iter().find(|(name, _)| *name == section).map_or(&[], |(_, list)| list.as_slice())
}

/// Whether a text in lower case says any phrase of a section.
pub fn any(section: &str, text: &str) -> bool {
    list(section).iter().any(|phrase| says(text, phrase))
}

/// How far apart the two sides of a `*` may stand.
const GAP: usize = 60;

/// Whether `text` has the pieces of `phrase` in it, in order and near each other, the first at the beginning of a word.
pub fn says(text: &str, phrase: &str) -> bool {
    !spans(text, phrase).is_empty()
}

/// Where a text in lower case says the phrases of a section.
pub fn places(section: &str, text: &str) -> Vec<Range<usize>> {
    list(section).iter().flat_map(|phrase| spans(text, phrase)).collect()
}

fn spans(text: &str, phrase: &str) -> Vec<Range<usize>> {
    let (first, rest) = phrase.split_once('*').unwrap_or((phrase, ""));
    let found = text.match_indices(first).take(20).filter_map(|(at, _)| {
        let inside = first.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let after = at + first.len();
        let length = follows(&text[after..], rest).filter(|_| !inside)?;
        Some(at..after + length)
    });
    found.collect()
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

    #[test]
    fn every_section_that_the_code_names_is_there_and_in_lower_case() {
        for (name, list) in TABLES.iter() {
            assert!(!list.is_empty(), "{name}");
            for phrase in list {
                assert_eq!(&phrase.to_lowercase(), phrase, "{name}");
            }
        }
        let code: String = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/mail/incoming"))
            .unwrap()
            .filter_map(|e| std::fs::read_to_string(e.unwrap().path()).ok())
            .collect();
        for call in ["words::list(\"", "words::any(\"", "words::places(\""] {
            for rest in code.split(call).skip(1) {
                let name = rest.split('"').next().unwrap();
                assert!(!list(name).is_empty(), "{name}");
            }
        }
    }
}
