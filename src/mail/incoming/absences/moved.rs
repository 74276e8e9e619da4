//! A new address that an automatic reply gives for its writer. It is a proposal: whoever can write an automatic reply could move a contact
//! with it.

use std::ops::Range;

use crate::mail::incoming::address::{self, FoundAddress};
use crate::mail::incoming::letter::IncomingMail;
use crate::mail::incoming::words;

use super::heard::NoticeText;
use super::whose::Whose;

/// How far the owner of an address stands from it.
const NEAR: usize = 12;

/// The first such address.
pub fn read(heard: &NoticeText, letter: &IncomingMail) -> Option<String> {
    let found = address::found_in(heard.text);
    let mut new = found.iter().filter(|f| !letter.to.contains(&f.address) && is_new(heard, letter, f));
    new.next().map(|f| f.address.clone())
}

fn is_new(heard: &NoticeText, letter: &IncomingMail, found: &FoundAddress) -> bool {
    let local = |address: &str| address.split('@').next().unwrap_or("").to_string();
    let before = &heard.text[sentence_start(heard.text, found.start)..found.start];
    let mut said = words::places("new_address", before);
    if said.is_empty() && found.address != letter.from_email && heard.writer.is_named_in(&found.address) {
        said = words::places("use_address", before);
    }
    // "Ann Lee is reachable at ann.lee@newacme.example from now on".
    let after =
        &heard.text[found.end..heard.text[found.end..].find(['\n', ';']).map_or(heard.text.len(), |at| found.end + at)];
    let after = words::any("new_address", crate::mail::incoming::excerpt::beginning(after, 60))
        && !words::any("new_address", before);
    let same_name = !letter.from_email.is_empty() && local(&found.address) == local(&letter.from_email);
    let named = same_name || heard.writer.is_named_in(&found.address);
    if said.is_empty() {
        return after && named && heard.writer.subject(before) != Whose::Other;
    }
    if words::any("colleague", before) && !named {
        return false;
    }
    // "My new address", "my e-mail address has changed": beside each other; "you reach me from now on at": the subject.
    let beside = |first: &Range<usize>, said: &Range<usize>| first.end + NEAR > said.start && first.start < said.end;
    let first = words::places("first", before);
    let own = said.iter().any(|said| {
        first.iter().any(|f| beside(f, said)) || heard.writer.subject(&before[..said.start]) == Whose::Writer
    });
    named || own
}

/// Where the sentence begins; a point inside of an address ends none.
fn sentence_start(text: &str, at: usize) -> usize {
    let before = &text[..at];
    [". ", "! ", "? ", "\n\n", "; "].iter().filter_map(|e| before.rfind(e).map(|i| i + e.len())).max().unwrap_or(0)
}
