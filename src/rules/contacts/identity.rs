//! Whether a row of a list is about somebody whom we know under another address.
//!
//! A new address is not a new person: a known name at the same account is a question to a person, never a new contact. Two rows of one list
//! under one name are two people only where the list itself tells them apart.

use crate::base::address::EmailAddress;
use crate::base::ids::ContactId;
use crate::base::spelling::compared;

use super::ListedContact;
use super::cells::folded;

/// A person's name as it is compared: words in any order, without accents, titles' dots and hyphens; `ue` is `ü`.
pub fn name_key(first: &str, last: &str) -> String {
    let whole = compared(&format!("{first} {last}"));
    let word = |word: &str| folded(word).replace("ae", "a").replace("oe", "o").replace("ue", "u");
    let mut words: Vec<String> = whole
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | ','))
        .map(word)
        .filter(|w| !w.is_empty())
        .collect();
    words.sort();
    words.join(" ")
}

/// Somebody of the round who has the name of a row, at its account, under another address.
#[derive(Clone, Copy, Debug)]
pub struct Namesake<'a> {
    pub id: &'a ContactId,
    /// The address that we know is on this list too.
    pub on_the_list: bool,
    pub removed: bool,
    pub job_title: &'a str,
    pub country: &'a str,
    /// Somebody has said that the two are two people.
    pub somebody_else: bool,
}

/// Whom the row may mean; none where it is somebody new.
pub fn meant<'n, 'a>(row: &ListedContact, namesakes: &'n [Namesake<'a>]) -> Option<&'n Namesake<'a>> {
    let differ = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && folded(a) != folded(b);
    let apart = |n: &Namesake<'_>| differ(&row.job_title, n.job_title) || differ(&row.country, n.country);
    let possible = namesakes.iter().filter(|n| !(n.somebody_else || n.on_the_list && apart(n)));
    possible.min_by_key(|n| (n.on_the_list, n.removed))
}

/// The old domain and the new one, where two addresses differ in nothing else.
pub fn domain_change(old: &EmailAddress, new: &EmailAddress) -> Option<(String, String)> {
    let (was, is) = (old.folded(), new.folded());
    (was.local() == is.local() && was.domain() != is.domain())
        .then(|| (was.domain().to_owned(), is.domain().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::check::Checker;
    use crate::rules::contacts::row::{Field, Row};

    #[test]
    fn one_name_in_many_spellings() {
        for (a, b) in [
            (("Jörg", "Müller"), ("Joerg", "Mueller")),
            (("Jörg", "Müller"), ("JO\u{308}RG", "MU\u{308}LLER")),
            (("Anna-Maria", "Smith"), ("Anna Maria", "Smith")),
            (("Smith", "Anna"), ("Anna", "Smith")),
            (("Łukasz", "Wiśniewski"), ("Lukasz", "Wisniewski")),
            (("Ａnna", "Smi\u{200b}th"), ("Anna", "Smith")),
            (("J.", "O'Neil"), ("J", "O’Neil")),
        ] {
            assert_eq!(name_key(a.0, a.1), name_key(b.0, b.1), "{a:?} {b:?}");
        }
        for (a, b) in [(("Anna", "Smith"), ("Anne", "Smith")), (("小明", "李"), ("小红", "李"))] {
            assert_ne!(name_key(a.0, a.1), name_key(b.0, b.1), "{a:?} {b:?}");
        }
    }

    fn row(title: &str, country: &str) -> ListedContact {
        let mut row = Row::new(2);
        for (field, text) in [
            (Field::Account, "Globex"),
            (Field::FirstName, "Ann"),
            (Field::LastName, "Lee"),
            (Field::Email, "ann@new.example"),
            (Field::JobTitle, title),
            (Field::Country, country),
            (Field::DirectorEmail, "d@client.example"),
        ] {
            row.set(field, text);
        }
        let mut checker = Checker::new(Vec::new(), 1);
        checker.push(row);
        checker.finish().accepted.remove(0)
    }

    fn known<'a>(id: &'a ContactId, on_the_list: bool, job_title: &'a str) -> Namesake<'a> {
        Namesake { id, on_the_list, removed: false, job_title, country: "GB", somebody_else: false }
    }

    fn id<'a>(row: &ListedContact, all: &[Namesake<'a>]) -> Option<&'a str> {
        meant(row, all).map(|n| n.id.as_str())
    }

    #[test]
    fn a_namesake_is_asked_about_unless_the_list_tells_them_apart() {
        let (a, b) = (ContactId::from("a"), ContactId::from("b"));
        assert_eq!(id(&row("Buyer", "GB"), &[]), None);
        assert_eq!(
            id(&row("Buyer", "GB"), &[known(&a, false, "Head of IT")]),
            Some("a"),
            "titles change with the years"
        );
        assert_eq!(id(&row("Buyer", "GB"), &[known(&a, true, "Head of IT")]), None);
        assert_eq!(id(&row("Buyer", "GB"), &[known(&a, true, "buyer")]), Some("a"));
        assert_eq!(id(&row("", ""), &[known(&a, true, "Buyer")]), Some("a"));
        assert_eq!(id(&row("Buyer", "DE"), &[known(&a, true, "Buyer")]), None);
        assert_eq!(id(&row("Buyer", "GB"), &[known(&a, true, "Buyer"), known(&b, false, "Buyer")]), Some("b"));
        let other = Namesake { somebody_else: true, ..known(&a, false, "Buyer") };
        assert_eq!(id(&row("Buyer", "GB"), &[other]), None);
        let gone = Namesake { removed: true, ..known(&a, false, "Buyer") };
        assert_eq!(
            id(&row("Buyer", "GB"), &[gone]),
            Some("a"),
            "who was taken off does not come back by another address"
        );
    }

    #[test]
    fn only_the_domain_has_changed() {
        let change = |a, b| domain_change(&EmailAddress::parse(a).unwrap(), &EmailAddress::parse(b).unwrap());
        assert_eq!(
            change("Ann.Lee@old.example", "ann.lee@new.example"),
            Some(("old.example".into(), "new.example".into()))
        );
        assert_eq!(change("ann.lee@old.example", "a.lee@new.example"), None);
        assert_eq!(change("ann@bücher.example", "ann@xn--bcher-kva.example"), None);
    }
}
