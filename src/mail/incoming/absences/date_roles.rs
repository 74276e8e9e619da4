//! What a date is in its sentence: the first or the last day away, or the first one back.

use crate::mail::incoming::excerpt::beginning;
use crate::mail::incoming::words;

use super::calendar_words;
use super::spoken_dates::SpokenDate;

/// What a date is in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateRole {
    /// The first day back.
    Back,
    /// The last day away.
    Last,
    /// The first day away.
    First,
    /// The only day that is named beside words of an absence.
    Only,
}

/// What the date at this place is, by the words beside it.
pub fn role(text: &str, dates: &[SpokenDate], at: usize) -> Option<DateRole> {
    let own = &dates[at];
    let previous = at.checked_sub(1).map_or(0, |i| dates[i].end);
    let next = dates.get(at + 1).map_or(text.len(), |d| d.start);
    let before = sentence_before(&text[previous..own.start]);
    let after = sentence_after(&text[own.end..next]);
    let beside = without_articles(before);
    let is_beside = |list: &[&str]| list.iter().any(|w| ends_with_word(beside, w));
    let back_before = words::any("back", before);
    if words::list("after_last").iter().any(|w| after.trim_start().starts_with(w)) {
        return Some(DateRole::Last);
    }
    if is_beside(words::list("afterwards")) {
        return Some(DateRole::Last);
    }
    let until = is_beside(words::list("until"));
    let dash = !beside.is_empty() && beside.chars().all(|c| "-–—~～〜/".contains(c));
    // "from 2 to 13 March": the first day has no month of its own.
    let to = words::list("to").iter().any(|w| {
        ends_with_word(beside, w)
            && (at > 0
                || beside[..beside.len() - w.len()].trim_end().ends_with(|c: char| c.is_ascii_digit() || c == '.'))
    });
    if (until && back_before) || is_beside(words::list("not_before")) {
        return Some(DateRole::Back);
    }
    if until || to || (at > 0 && dash) {
        return Some(DateRole::Last);
    }
    if back_before
        || words::any("back_after", after) && !is_beside(words::list("from"))
        || (is_beside(words::list("from")) && words::any("back_after", after) && at + 1 == dates.len())
    {
        return Some(DateRole::Back);
    }
    if is_beside(words::list("from")) {
        return Some(DateRole::First);
    }
    let absent = |s: &str| words::any("absent", s);
    (absent(before) || absent(after)).then_some(DateRole::Only)
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| {
        !word.starts_with(char::is_alphabetic)
            || !word.is_ascii() && word.chars().all(|c| c > '\u{3000}')
            || !rest.ends_with(char::is_alphanumeric)
    })
}

/// From the end of the sentence before, at most a hundred bytes.
fn sentence_before(text: &str) -> &str {
    let text = &text[text.ceil_char_boundary(text.len().saturating_sub(120))..];
    let ends = [". ", ".\n", "!", "?", "。", "\n\n"];
    let from = ends.iter().filter_map(|e| text.rfind(e).map(|at| at + e.len())).max().unwrap_or(0);
    &text[from..]
}

fn sentence_after(text: &str) -> &str {
    let text = beginning(text, 80);
    let ends = [". ", ".\n", "!", "?", "。", "\n\n"];
    let to = ends.iter().filter_map(|e| text.find(e)).min().unwrap_or(text.len());
    &text[..to]
}

/// The words before a date without weekdays, articles and times that stand between it and the word that counts.
fn without_articles(before: &str) -> &str {
    let mut rest = before.trim_end();
    loop {
        let cut = rest.trim_end_matches([',', '(', ' ', '\n', '*', ':']);
        let word = cut.rsplit(|c: char| c.is_whitespace()).next().unwrap_or("");
        let empty = matches!(
            word,
            "the"
                | "den"
                | "dem"
                | "le"
                | "el"
                | "il"
                | "dia"
                | "día"
                | "de"
                | "am"
                | "on"
                | "dnia"
                | "o"
                | "dne"
                | "date"
                | "and"
                | "including"
                | "mo"
                | "di"
                | "mi"
                | "do."
                | "fr"
        ) || (!word.is_empty() && calendar_words::weekday(word.trim_end_matches([',', '.'])).is_some());
        let keep = matches!(word, "and" | "including" | "de" | "di" | "am" | "on");
        if !empty || (keep && !matches!(word, "am" | "on")) {
            return cut;
        }
        rest = cut[..cut.len() - word.len()].trim_end();
        if rest.is_empty() {
            return rest;
        }
    }
}
