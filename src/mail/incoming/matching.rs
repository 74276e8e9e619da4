//! By what a mail is matched to one of ours: Message-IDs of what it speaks of or answers, and the addresses that it was delivered to.

use super::address;
use super::excerpt::beginning;
use super::letter::IncomingMail;
use super::reports::fields;

const MOST: usize = 30;

/// Without angle brackets and doubles: what came back first, then what it answers.
pub fn message_ids(letter: &IncomingMail) -> Vec<String> {
    let mut ids = Vec::new();
    let mut add = |value: &str| {
        for id in ids_in(value) {
            if ids.len() < MOST && !ids.contains(&id) {
                ids.push(id);
            }
        }
    };
    let returned = letter.wrapped.as_ref().map_or(&letter.returned, |inner| &inner.returned);
    for name in ["message-id", "original-message-id"] {
        returned.iter().filter(|f| f.name == name).for_each(|f| add(&f.value));
    }
    for report in [&letter.disposition, &letter.feedback, &letter.delivery_status].into_iter().flatten() {
        for block in fields::blocks(report) {
            block
                .iter()
                .filter(|f| ["original-message-id", "x-original-message-id", "message-id"].contains(&f.name.as_str()))
                .for_each(|f| add(&f.value));
        }
    }
    for name in ["in-reply-to", "references", "x-original-message-id"] {
        letter.all(name).for_each(&mut add);
    }
    let text = if letter.plain.is_empty() { &letter.html } else { &letter.plain };
    for line in text.lines() {
        let line = line.trim_start_matches(['>', ' ', '\t', '|']);
        if let Some((name, value)) = beginning(line, 1_000).split_once(':')
            && ["message-id", "in-reply-to"].iter().any(|n| name.trim().eq_ignore_ascii_case(n))
        {
            add(value);
        }
    }
    ids
}

fn ids_in(value: &str) -> Vec<String> {
    let mut ids: Vec<String> = value.split('<').skip(1).filter_map(|part| tidy_id(part.split('>').next()?)).collect();
    if ids.is_empty() {
        ids.extend(value.split_whitespace().next().and_then(tidy_id));
    }
    ids
}

pub fn tidy_id(id: &str) -> Option<String> {
    let id = id.trim().trim_matches(['<', '>']);
    let fits = id.contains('@')
        && id.len() <= 500
        && !id.contains(|c: char| c.is_whitespace() || c.is_control() || c == '<' || c == '>');
    fits.then(|| id.to_owned())
}

/// Addresses of ours that it was sent to, the envelope's first.
pub fn delivered_to(letter: &IncomingMail) -> Vec<String> {
    let envelope = [
        "delivered-to",
        "x-original-to",
        "x-delivered-to",
        "envelope-to",
        "x-envelope-to",
        "x-rcpt-to",
        "apparently-to",
    ];
    let named = envelope.iter().flat_map(|name| letter.all(name)).flat_map(address::found_in).map(|f| f.address);
    let mut addresses: Vec<String> = Vec::new();
    for address in named.chain(letter.to.iter().cloned()).filter(|a| !a.is_empty()).take(4 * MOST) {
        if addresses.len() < MOST && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}
