//! Tables of words: what servers and people say in many languages, kept as text beside the code that asks for it.
//!
//! A section is `[name]`, its phrases stand between bars or on lines, a `#` begins a remark, `_` at an end is a space, and `*` stands for up to
//! sixty other bytes. Texts are compared in lower case.

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

    #[cfg(test)]
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
    let (first, rest) = phrase.split_once('*').unwrap_or((phrase, ""));
    text.match_indices(first).take(20).any(|(at, _)| {
        let inside = first.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        !inside && follows(&text[at + first.len()..], rest)
    })
}

fn follows(text: &str, pieces: &str) -> bool {
    if pieces.is_empty() {
        return true;
    }
    let (piece, rest) = pieces.split_once('*').unwrap_or((pieces, ""));
    let near = &text[..text.floor_char_boundary(piece.len() + GAP)];
    near.find(piece).is_some_and(|at| follows(&text[at + piece.len()..], rest))
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
