//! Reports that no RFC describes: who is named as not reached, and in which words.
//!
//! Three things are common to all of them: a part before the returned mail, addresses that stand in telling places of that part, and a reason near
//! each. The reader knows such places, not servers.

use super::address::{self, Found};
use super::letter::beginning;
use super::words;

/// The part of a report that speaks for itself.
pub fn before_what_came_back(text: &str) -> &str {
    let mut at = 0;
    let mut telling = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim().trim_matches(['-', '*', '=', '#', '_', '|', ' ', ':']);
        let lower = beginning(bare, 120).to_lowercase();
        let ruled = line.trim_start().starts_with(['-', '*', '=', '#', '_']) || bare.len() < 60;
        let header =
            ["received: ", "return-path: <", "dkim-signature:", "received:from"].iter().any(|h| lower.starts_with(h));
        if telling && (header || (ruled && words::list("came_back").iter().any(|w| lower.starts_with(w)))) {
            return &text[..at];
        }
        telling |= bare.contains('@');
        at += line.len();
    }
    text
}

/// How telling the place of an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Somewhere in a sentence.
    Prose,
    /// After words such as "undeliverable to".
    Named,
    /// Alone on a line, or first on it with its reason after it.
    Listed,
}

/// The addresses that a text names as not reached, each with the words about it.
pub fn recipients(text: &str) -> Vec<(String, String)> {
    let found: Vec<(Place, Found)> =
        address::found_in(text).into_iter().filter_map(|f| place(text, &f).map(|p| (p, f))).collect();
    let Some(best) = found.iter().map(|(place, _)| *place).max() else { return Vec::new() };
    let mut named: Vec<(String, String)> = Vec::new();
    for (_, f) in found.iter().filter(|(place, _)| *place == best) {
        if named.len() < super::report::MOST_RECIPIENTS && !named.iter().any(|(a, _)| *a == f.address) {
            let words = words_about(text, &f.address);
            named.push((f.address.clone(), words.to_owned()));
        }
    }
    named
}

fn place(text: &str, found: &Found) -> Option<Place> {
    let line_start = text[..found.start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[found.end..].find('\n').map_or(text.len(), |at| found.end + at);
    let before = text[line_start..found.start].trim().trim_end_matches(['<', '"', '\'', '(', ' ']).to_lowercase();
    let after = text[found.end..line_end].trim().trim_start_matches(['>', '"', '\'', ')', ' ']);
    let local = found.address.split('@').next().unwrap_or("");
    if text[..found.start].ends_with("message-id: <")
        || local.starts_with("mailer-daemon")
        || before.ends_with("message-id:")
    {
        return None;
    }
    let before_ends = |words: &[&str]| {
        words
            .iter()
            .any(|w| before.ends_with(w) && !before[..before.len() - w.len()].ends_with(|c: char| c.is_alphanumeric()))
    };
    if before_ends(words::list("not_meant")) {
        return None;
    }
    let bullet = before.chars().all(|c| !c.is_alphanumeric());
    if bullet
        || [
            "recipient:",
            "recipient address:",
            "original address:",
            "user:",
            "unknown user:",
            "(expanded from:",
            "address:",
        ]
        .contains(&before.as_str())
    {
        let clear = after.is_empty() || after.starts_with([':', ';', '.', ',', '[', '(', '-', '=']) || bullet;
        if clear {
            return Some(Place::Listed);
        }
    }
    // A transcript: `550 5.1.1 <a@b>... User unknown`.
    if after.starts_with("...") && before.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ' ') {
        return Some(Place::Listed);
    }
    Some(if before_ends(words::list("named")) { Place::Named } else { Place::Prose })
}

/// The words beside an address: from its line to the next one in the same kind of place. All of the text where it does not stand so.
pub fn words_about<'a>(text: &'a str, address: &str) -> &'a str {
    let listed: Vec<Found> =
        address::found_in(text).into_iter().filter(|f| place(text, f) == Some(Place::Listed)).collect();
    let line = |f: &Found| text[..f.start].rfind('\n').map_or(0, |at| at + 1);
    let Some(own) = listed.iter().position(|f| f.address == address) else { return text };
    let end = listed[own + 1..].iter().find(|f| f.address != address).map_or(text.len(), line);
    text.get(line(&listed[own])..end).unwrap_or(text)
}
