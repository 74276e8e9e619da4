//! What only the rows of one account together can tell: whose domain is foreign, who directs it, whether it is strategic.
//!
//! A round asks one director per account for one signature, so that the rows of an account are made to agree here and
//! every row that did not is named.

use std::collections::HashMap;

use super::cells::folded;
use super::mailbox::{is_private, organisation};

/// Name of an account as rows are grouped by it.
pub fn key(account: &str) -> String {
    account.split_whitespace().flat_map(|w| w.chars().flat_map(char::to_lowercase).chain(" ".chars())).collect()
}

/// The domains seen at each account, from every row whose address can be read.
#[derive(Debug, Default)]
pub struct Domains {
    /// Account, then organisation, with how many rows.
    by_account: HashMap<usize, HashMap<String, usize>>,
    /// At how many accounts an organisation is found.
    accounts_of: HashMap<String, usize>,
}

impl Domains {
    pub fn add(&mut self, account: usize, domain: &str) {
        if is_private(domain) {
            return;
        }
        let organisation = organisation(domain).to_owned();
        let count = self.by_account.entry(account).or_default().entry(organisation.clone()).or_default();
        *count += 1;
        if *count == 1 {
            *self.accounts_of.entry(organisation).or_default() += 1;
        }
    }

    /// Why an address of this domain looks foreign at the account: `Some(home)` names the account's own organisation, empty
    /// when only the neighbours tell.
    pub fn foreign(&self, account: usize, name: &str, domain: &str) -> Option<String> {
        let seen = self.by_account.get(&account)?;
        let own = organisation(domain);
        if is_private(domain) {
            return None;
        }
        let total: usize = seen.values().sum();
        let majority = seen.iter().find(|(_, n)| **n >= 2 && **n * 2 > total).map(|(o, _)| o);
        if let Some(home) = majority {
            return (home != own).then(|| home.clone());
        }
        if resembles(own, name) {
            return None;
        }
        let mut alike = seen.keys().filter(|o| resembles(o, name));
        if let (Some(home), None) = (alike.next(), alike.next()) {
            return Some(home.clone());
        }
        (self.accounts_of.get(own).copied().unwrap_or(0) >= 2).then(String::new)
    }
}

/// Whether a domain could have been made from the name of the account.
fn resembles(organisation: &str, account: &str) -> bool {
    let own = folded(organisation);
    let own = own.trim_end_matches(|c: char| c.is_ascii_digit());
    if own.is_empty() {
        return false;
    }
    let words: Vec<String> =
        account.split(|c: char| !c.is_alphanumeric()).map(folded).filter(|w| !w.is_empty()).collect();
    let whole = words.concat();
    let initials: String = words.iter().filter_map(|w| w.chars().next()).collect();
    whole.starts_with(own)
        || own.starts_with(&whole) && !whole.is_empty()
        || words.iter().any(|w| w.chars().count() >= 4 && own.contains(w.as_str()))
        || own.len() >= 2 && initials.starts_with(own)
}

/// The value that most rows of an account have; the earliest of equals.
pub fn prevailing<T: PartialEq + Clone>(values: &[T]) -> Option<T> {
    let mut counts: Vec<(&T, usize)> = Vec::new();
    for value in values {
        match counts.iter_mut().find(|(v, _)| *v == value) {
            Some((_, n)) => *n += 1,
            None => counts.push((value, 1)),
        }
    }
    let most = counts.iter().map(|(_, n)| *n).max()?;
    counts.into_iter().find(|(_, n)| *n == most).map(|(v, _)| v.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_majority_names_the_home() {
        let mut domains = Domains::default();
        for domain in ["acme.com", "acme.com", "eu.acme.co.uk", "other.example", "gmail.com"] {
            domains.add(0, domain);
        }
        assert_eq!(domains.foreign(0, "Anything", "other.example"), Some("acme".into()));
        assert_eq!(domains.foreign(0, "Anything", "acme.de"), None);
        assert_eq!(domains.foreign(0, "Anything", "gmail.com"), None);
    }

    #[test]
    fn without_majority_the_name_and_the_neighbours_tell() {
        let mut domains = Domains::default();
        for (account, domain) in
            [(0, "moorepowell.example"), (0, "other.example"), (1, "other.example"), (2, "ibm.com")]
        {
            domains.add(account, domain);
        }
        assert_eq!(domains.foreign(0, "Moore-Powell", "other.example"), Some("moorepowell".into()));
        assert_eq!(domains.foreign(0, "Moore-Powell", "moorepowell.example"), None);
        assert_eq!(domains.foreign(1, "東京電機", "other.example"), Some(String::new()));
        assert_eq!(domains.foreign(2, "Big Blue", "ibm.com"), None);
    }

    #[test]
    fn one_value_for_an_account() {
        assert_eq!(prevailing(&["b", "a", "a"]), Some("a"));
        assert_eq!(prevailing(&["b", "a"]), Some("b"));
        assert_eq!(key(" ACME  Ltd"), key("Acme Ltd "));
    }
}
