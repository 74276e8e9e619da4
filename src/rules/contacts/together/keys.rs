//! Whether what stands in the column of the client's keys means persons: keys that mean anything else would take one person for another.
//!
//! What is no key is dropped and told, and nobody is left out for it: people are then known by their addresses, as in a list without keys.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::account::key as account_key;
use crate::rules::contacts::Finding;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::Severity;
use crate::rules::contacts::row::Field;
use crate::rules::contacts::row::cells::quoted;
use crate::rules::contacts::row::row_check::note;

/// What a column holds instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoKey {
    Telephones,
    /// The account's own number.
    Accounts,
    /// One value for many people.
    Repeated,
}

impl NoKey {
    pub const ALL: [NoKey; 3] = [NoKey::Telephones, NoKey::Accounts, NoKey::Repeated];

    /// After "its cells ".
    pub fn why(self) -> &'static str {
        match self {
            NoKey::Telephones => "look like telephone numbers",
            NoKey::Accounts => "are the same for all people of an account, as an account's own number is",
            NoKey::Repeated => "stand at several people each",
        }
    }
}

/// So many rows share their key with others, and this part of all, where it is none.
const SHARED: usize = 3;
const PART: usize = 5;

#[derive(Default)]
struct Seen<'r> {
    first: &'r str,
    rows: usize,
    differs: bool,
}

impl<'r> Seen<'r> {
    fn add(&mut self, value: &'r str) {
        if self.rows == 0 {
            self.first = value;
        }
        (self.rows, self.differs) = (self.rows + 1, self.differs || self.first != value);
    }
}

/// What the keys of these rows are, where they are not those of persons. A row is its key, its account and its address.
pub fn none<'r>(rows: impl Iterator<Item = (&'r str, &'r str, &'r str)>) -> Option<NoKey> {
    let (mut n, mut telephones) = (0, 0);
    let mut by_key: HashMap<&str, (Seen<'_>, Seen<'_>)> = HashMap::new();
    let mut by_account: HashMap<&str, (Seen<'_>, Seen<'_>)> = HashMap::new();
    for (key, account, address) in rows.filter(|(key, ..)| !key.is_empty() && !is_shortened(key)) {
        n += 1;
        telephones += usize::from(is_telephone(key));
        let (addresses, accounts) = by_key.entry(key).or_default();
        addresses.add(address);
        accounts.add(account);
        if !account.is_empty() {
            let (keys, addresses) = by_account.entry(account).or_default();
            keys.add(key);
            addresses.add(address);
        }
    }
    if n > 0 && telephones * 5 >= n * 4 {
        return Some(NoKey::Telephones);
    }
    let shared: Vec<&(Seen<'_>, Seen<'_>)> = by_key.values().filter(|(addresses, _)| addresses.differs).collect();
    let rows: usize = shared.iter().map(|(addresses, _)| addresses.rows).sum();
    if rows < SHARED {
        return None;
    }
    let mut of_several = by_account.values().filter(|(_, addresses)| addresses.differs).peekable();
    let is_constant = of_several.peek().is_some() && of_several.all(|(keys, _)| !keys.differs);
    let within = shared.iter().all(|(_, accounts)| !accounts.differs);
    match (is_constant || within, rows * PART >= n) {
        (true, true) => Some(NoKey::Accounts),
        (true, false) if is_constant => Some(NoKey::Accounts),
        (_, true) => Some(NoKey::Repeated),
        _ => None,
    }
}

/// Numbers as people write them to be called. Digits alone may be a key.
fn is_telephone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let groups: Vec<usize> = text.split(['-', '.']).map(str::len).collect();
    (6..=18).contains(&digits)
        && text.chars().all(|c| c.is_ascii_digit() || " +-./()\u{a0}".contains(c))
        && (text.starts_with(['+', '(']) || text.contains([' ', '\u{a0}', '/', '(']) || groups == [3, 3, 4])
}

/// `1.23457E+11`: a number that a spreadsheet program has shortened. What was a key is lost.
pub fn is_shortened(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, decimals) = number.split_once(['.', ',']).map_or((number, None), |(w, d)| (w, Some(d)));
    let sure = decimals.is_some() || power.starts_with('+');
    sure && digits(whole) && decimals.is_none_or(digits) && digits(power.trim_start_matches(['+', '-']))
}

/// Drops the keys that are none, and tells of the list as a whole what is so in many rows.
pub(in crate::contacts) fn settle(contacts: &mut [ListedContact], header: u64) -> Vec<Finding> {
    let mut about_all = shortened(contacts);
    let keyed = contacts.iter().map(|c| (c.key.as_str(), c.account.as_str(), c.email.as_str()));
    if let Some(what) = none(keyed) {
        contacts.iter_mut().for_each(|contact| contact.key.clear());
        let message = format!(
            "The column of the {} is not used: its cells {}. Leave it as an additional column, or name the column that has the keys.",
            Field::ContactKey.label(),
            what.why()
        );
        about_all.push(told(header, "keys_are_none", String::new(), message));
    }
    twice(contacts);
    about_all
}

fn told(line: u64, code: &str, value: String, message: String) -> Finding {
    let field = Field::ContactKey.as_str().to_owned();
    Finding { line, code: code.to_owned(), severity: Severity::Warning, field, value, message }
}

fn shortened(contacts: &mut [ListedContact]) -> Vec<Finding> {
    let (mut first, mut more) = (None, 0);
    for contact in contacts.iter_mut().filter(|contact| is_shortened(&contact.key)) {
        let key = std::mem::take(&mut contact.key);
        match first {
            None => first = Some((contact.line, key)),
            Some(_) => more += 1,
        }
    }
    let others = match more {
        0 => String::new(),
        1 => ", and so was 1 more".to_owned(),
        n => format!(", and so were {n} more"),
    };
    let finding = |(line, key): (u64, String)| {
        let message = format!(
            "Row {line}: the key “{key}” was shortened by a spreadsheet program and is no key any more{others}. Give its column the format Text, or Number \
             without decimals, and export the list again."
        );
        told(line, "key_in_short", key, message)
    };
    first.map(finding).into_iter().collect()
}

/// A key of two people means neither: their addresses tell them apart.
fn twice(contacts: &mut [ListedContact]) {
    let mut places: HashMap<&str, (usize, Vec<usize>)> = HashMap::new();
    for (at, contact) in contacts.iter().enumerate().filter(|(_, contact)| !contact.key.is_empty()) {
        match places.entry(contact.key.as_str()) {
            Entry::Vacant(free) => {
                free.insert((at, Vec::new()));
            }
            Entry::Occupied(mut taken) => taken.get_mut().1.push(at),
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (first, others) in places.into_values() {
        pairs.extend(others.first().map(|second| (first, *second)));
        pairs.extend(others.into_iter().map(|other| (other, first)));
    }
    for (at, other) in pairs {
        let line = contacts[other].line;
        let contact = &mut contacts[at];
        let key = std::mem::take(&mut contact.key);
        let message = format!(
            "the key {} stands in row {line} too, with another address. A key means one person, so neither is known by it; correct the key of one of the \
             two.",
            quoted(&key)
        );
        note(contact, "key_twice", Field::ContactKey, key, &message);
    }
}

/// Rows of a sample, by what stands in them.
pub fn none_in_cells<'r>(rows: impl Iterator<Item = [&'r str; 3]>) -> Option<NoKey> {
    let rows: Vec<(&str, String, String)> = rows
        .map(|[key, account, address]| (key.trim(), account_key(account), address.trim().to_lowercase()))
        .filter(|(key, ..)| !says_nothing(key))
        .collect();
    none(rows.iter().map(|(key, account, address)| (*key, account.as_str(), address.as_str())))
}

/// What a program leaves where there is no key.
pub(in crate::contacts) fn says_nothing(key: &str) -> bool {
    crate::rules::contacts::row::unfilled::says_nothing(key) || !key.is_empty() && key.bytes().all(|b| b == b'0')
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
