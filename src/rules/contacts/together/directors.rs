//! Who signs for each account, as the rows of a list say: whose rows go back to whom, and who is meant where a row names nobody.

use std::collections::HashMap;

use super::account::key;
use crate::base::address::EmailAddress;
use crate::base::spelling::alike;
use crate::rules::contacts::Colleague;
use crate::rules::contacts::checked::CheckedList;
use crate::rules::contacts::row::{Field, Row};

#[derive(Debug)]
struct OfAccount {
    /// Whom the rows that can be used have, else the first that is named.
    director: Colleague,
    /// Whether no row of the account names another.
    only: bool,
}

#[derive(Debug, Default)]
pub struct Directors {
    /// By the key of the account.
    by_account: HashMap<String, OfAccount>,
}

impl Directors {
    pub fn of(list: &CheckedList) -> Directors {
        let mut all = Directors::default();
        // The rows of one account agree after a check, and those that said otherwise have a finding.
        let mut known: HashMap<&str, bool> = HashMap::new();
        for contact in &list.accepted {
            let said = contact.findings.iter().find(|finding| finding.code == "director_differs");
            let told = known.entry(contact.account.as_str()).or_insert(false);
            if !std::mem::replace(told, true) {
                all.add(&contact.account, contact.director.clone());
            }
            if let Some(said) = said.and_then(|finding| EmailAddress::parse(&finding.value).ok()) {
                all.add(&contact.account, Colleague { name: String::new(), email: said });
            }
        }
        for row in &list.refused {
            if let Some(director) = named(row) {
                all.add(row.get(Field::Account), director);
            }
        }
        for unread in &list.unread {
            if let Ok(email) = EmailAddress::parse(&unread.director) {
                all.add(&unread.account, Colleague { name: String::new(), email });
            }
        }
        all
    }

    fn add(&mut self, account: &str, director: Colleague) {
        let key = key(account);
        if key.is_empty() {
            return;
        }
        match self.by_account.get_mut(&key) {
            Some(known) => known.only &= known.director.email.key() == director.email.key(),
            None => _ = self.by_account.insert(key, OfAccount { director, only: true }),
        }
    }

    /// The director of an account of which no row names another; `name` is whom the row names without an address.
    pub fn only(&self, account: &str, name: &str) -> Option<&Colleague> {
        let known = self.by_account.get(&key(account)).filter(|known| known.only)?;
        (name.is_empty() || alike(name, &known.director.name)).then_some(&known.director)
    }

    /// The key of the director whose row this is: who is named in it by an address, else who signs for its account.
    pub fn whose(&self, account: &str, named: &str) -> Option<String> {
        if let Ok(named) = EmailAddress::parse(named) {
            return Some(named.key());
        }
        self.by_account.get(&key(account)).map(|known| known.director.email.key())
    }
}

fn named(row: &Row) -> Option<Colleague> {
    let email = EmailAddress::parse(row.get(Field::DirectorEmail)).ok()?;
    Some(Colleague { name: row.get(Field::Director).to_owned(), email })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::check::Checker;

    fn list(rows: &[[&str; 4]]) -> CheckedList {
        let mut checker = Checker::new(Vec::new(), 1);
        for (at, [account, email, director, address]) in rows.iter().enumerate() {
            let mut row = Row::new(at as u64 + 2);
            for (field, text) in [
                (Field::Account, *account),
                (Field::LastName, "Lee"),
                (Field::Email, *email),
                (Field::Director, *director),
                (Field::DirectorEmail, *address),
            ] {
                row.set(field, text);
            }
            checker.push(row);
        }
        checker.finish()
    }

    #[test]
    fn who_is_meant_is_known_where_all_rows_of_an_account_name_one() {
        let list = list(&[
            ["Acme", "a@acme.example", "Dora Dean", "dora@client.example"],
            ["ACME", "b@acme.example", "", ""],
            ["Two", "a@two.example", "Dora Dean", "dora@client.example"],
            ["Two", "b@two.example", "Rachel", "rachel@client.example"],
            ["Left", "a@left.example", "Dora Dean", "dora@client.example"],
            ["Left", "b@left", "Rachel", "rachel@client.example"],
            ["Out", "a@out", "Rachel", "rachel@client.example"],
            ["", "b@out", "Rachel", "rachel@client.example"],
        ]);
        let directors = Directors::of(&list);
        let only = |account: &str, name: &str| directors.only(account, name).map(|d| d.email.to_string());
        let dora = Some("dora@client.example".to_owned());
        assert_eq!((only("acme", ""), only("Acme ", "DORA DEAN"), only("Acme", "Rachel")), (dora.clone(), dora, None));
        assert_eq!((only("Two", ""), only("Left", ""), only("Nobody", ""), only("", "")), (None, None, None, None));
        assert_eq!(only("Out", ""), Some("rachel@client.example".into()), "rows that are left out name somebody too");
        let whose = |account: &str, named: &str| directors.whose(account, named).unwrap_or_default();
        assert_eq!(whose("Acme", "Eva@client.example"), "eva@client.example");
        assert_eq!((whose("Acme", ""), whose("Acme", "dora@client")), (whose("two", ""), "dora@client.example".into()));
        assert_eq!(directors.whose("Nobody", ""), None);
    }
}
