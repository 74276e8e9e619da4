//! At which domain the people of each account are, worked out once for a list: what a typing error in an address is held against.

use std::collections::HashMap;

use super::account::key;
use crate::rules::contacts::ListedContact;

#[derive(Debug, Default)]
pub struct Homes<'l> {
    /// By the key of the account.
    by_account: HashMap<String, &'l str>,
}

impl<'l> Homes<'l> {
    /// The domain of most rows of an account, the earliest of equals; of two rows at least, for one is no witness.
    pub fn of(contacts: &'l [ListedContact]) -> Homes<'l> {
        // The rows of one account are spelled alike after a check, so that few names are brought into their key.
        let mut counts: HashMap<&str, HashMap<&str, (usize, usize)>> = HashMap::new();
        for (at, contact) in contacts.iter().enumerate() {
            let domains = counts.entry(contact.account.as_str()).or_default();
            domains.entry(contact.email.domain()).or_insert((0, at)).0 += 1;
        }
        let mut homes: HashMap<String, (&str, usize, usize)> = HashMap::new();
        for (account, domains) in counts {
            for (domain, (n, at)) in domains.into_iter().filter(|(_, (n, _))| *n > 1) {
                let home = homes.entry(key(account)).or_insert((domain, n, at));
                if (n, std::cmp::Reverse(at)) > (home.1, std::cmp::Reverse(home.2)) {
                    *home = (domain, n, at);
                }
            }
        }
        Homes { by_account: homes.into_iter().map(|(account, (domain, ..))| (account, domain)).collect() }
    }

    pub fn at(&self, account: &str) -> Option<&'l str> {
        self.by_account.get(&key(account)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::check::Checker;
    use crate::rules::contacts::row::{Field, Row};

    #[test]
    fn the_domain_of_most_rows_is_home_and_one_row_is_no_witness() {
        let mut checker = Checker::new(Vec::new(), 1);
        let rows = [
            ("Acme", "acme.example"),
            ("ACME", "acme.example"),
            ("Acme", "other.example"),
            ("Bolt", "bolt.example"),
            ("Core", "two.example"),
            ("Core", "one.example"),
            ("Core", "one.example"),
            ("Core", "two.example"),
        ];
        for (at, (account, domain)) in rows.into_iter().enumerate() {
            let mut row = Row::new(at as u64 + 2);
            row.set(Field::Account, account);
            row.set(Field::LastName, "Lee");
            row.set(Field::Email, format!("a{at}@{domain}"));
            row.set(Field::DirectorEmail, "d@client.example");
            checker.push(row);
        }
        let list = checker.finish();
        let homes = Homes::of(&list.accepted);
        let at = ["acme ", "Bolt", "Core", "Nobody"].map(|account| homes.at(account));
        assert_eq!(at, [Some("acme.example"), None, Some("two.example"), None]);
    }
}
