//! Reports that no RFC describes: who is named as not reached, and in which words.
//!
//! Three things are common to all of them: a part before the returned mail, addresses that stand in telling places of that part, and a
//! reason near each. The reader knows such places, not servers.

use crate::mail::incoming::address::{self, FoundAddress};
use crate::mail::incoming::excerpt::beginning;
use crate::mail::incoming::words;

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

/// What a report says for itself, with the addresses in it and where they stand.
pub struct Prose<'a> {
    pub text: &'a str,
    found: Vec<(Place, FoundAddress)>,
}

/// No report of ours speaks of more people, or longer.
const MOST_ADDRESSES: usize = 400;
const LONGEST: usize = 32 * 1024;

impl<'a> Prose<'a> {
    pub fn read(text: &'a str) -> Prose<'a> {
        let text = beginning(before_what_came_back(text), LONGEST);
        let addresses: Vec<FoundAddress> = address::found_in(text).into_iter().take(MOST_ADDRESSES).collect();
        let places: Vec<Option<Place>> = addresses.iter().map(|f| place(text, f)).collect();
        // Whoever is named once as somebody to ask is meant so in every sentence.
        let asked: Vec<String> =
            addresses.iter().zip(&places).filter(|(_, p)| p.is_none()).map(|(f, _)| f.address.clone()).collect();
        let meant = |(f, place): (FoundAddress, Option<Place>)| {
            let place = place.filter(|p| *p == Place::Listed || !asked.contains(&f.address))?;
            Some((place, f))
        };
        Prose { text, found: addresses.into_iter().zip(places).filter_map(meant).collect() }
    }

    /// Who is named as not reached: the addresses in the most telling kind of place.
    pub fn recipients(&self) -> Vec<String> {
        let best = self.found.iter().map(|(place, _)| *place).max();
        self.in_places(best)
    }

    /// As `recipients`, without those that are only mentioned.
    pub fn told(&self) -> Vec<String> {
        let best = self.found.iter().map(|(place, _)| *place).max();
        self.in_places(best.filter(|p| *p > Place::Prose))
    }

    fn in_places(&self, best: Option<Place>) -> Vec<String> {
        let mut named: Vec<String> = Vec::new();
        for (_, f) in self.found.iter().filter(|(place, _)| Some(*place) == best) {
            if named.len() < super::limits::MOST_RECIPIENTS && !named.contains(&f.address) {
                named.push(f.address.clone());
            }
        }
        named
    }

    /// The words beside an address: from its line to the next one in the same kind of place. All of the text where it does not stand so.
    pub fn words_about(&self, address: &str) -> &'a str {
        let mut listed = self.found.iter().filter(|(place, _)| *place == Place::Listed).map(|(_, f)| f);
        let line = |f: &FoundAddress| self.text[..f.start].rfind('\n').map_or(0, |at| at + 1);
        let Some(own) = listed.find(|f| f.address == address) else { return self.text };
        let end = listed.find(|f| f.address != address).map_or(self.text.len(), line);
        self.text.get(line(own)..end).unwrap_or(self.text)
    }
}

fn place(text: &str, found: &FoundAddress) -> Option<Place> {
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
