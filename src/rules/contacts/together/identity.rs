//! Whether a row of a list is about somebody whom we know under another address.
//!
//! A new address is not a new person: a known name at the same account is a question to a person, never a new contact. Two rows of one list
//! under one name are two people only where the list itself tells them apart.

use crate::base::address::EmailAddress;
use crate::base::ids::ContactId;
use crate::base::spelling::compared;

use crate::rules::contacts::ListedContact;
use crate::rules::contacts::row::cells::{folded, folded_name};

/// A person's name as it is compared: words in any order, without accents, titles' dots and hyphens; `ue` is `ü`.
pub fn name_key(first: &str, last: &str) -> String {
    let whole = compared(&format!("{first} {last}"));
    let mut words: Vec<String> = whole
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | ','))
        .map(folded_name)
        .filter(|w| !w.is_empty())
        .collect();
    words.sort();
    words.join(" ")
}

/// Whether two names are surely one person's: the same words, but for accents and `ue` where the other has `ü`. [`name_key`] asks about
/// more, for it takes Michael and Michal for one.
pub fn is_same_name(a: (&str, &str), b: (&str, &str)) -> bool {
    let words = |name: (&str, &str), transcribed: bool| -> Vec<String> {
        let whole = compared(&format!("{} {}", name.0, name.1));
        let whole = if transcribed { whole.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue") } else { whole };
        let mut words: Vec<String> = whole
            .split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | ','))
            .map(folded)
            .filter(|w| !w.is_empty())
            .collect();
        words.sort();
        words
    };
    [(false, false), (true, false), (false, true), (true, true)]
        .into_iter()
        .any(|(of_a, of_b)| words(a, of_a) == words(b, of_b))
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

/// Somebody of the round whom the key or the address of a row names.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    pub id: &'a ContactId,
    pub first_name: &'a str,
    pub last_name: &'a str,
    /// What the client's own system calls the person; may be empty.
    pub key: &'a str,
}

/// Whether the row has this person's name.
pub fn is_called(row: &ListedContact, person: Holder<'_>) -> bool {
    is_same_name((&row.first_name, &row.last_name), (person.first_name, person.last_name))
}

/// Whether the key of a row may mean its holder. `not_he`: somebody has said that a row of this address is not about him; where this one
/// has his name, that was said of another row.
pub fn may_be_meant(row: &ListedContact, holder: Holder<'_>, not_he: bool) -> bool {
    !not_he || is_called(row, holder)
}

/// Whom a row means by its key and its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose<'a> {
    Nobody,
    Is(&'a ContactId),
    /// Key, address and name do not agree on one person: whether it is this one is asked.
    Ask(&'a ContactId),
}

/// A known key means its person, whatever the address, and an address means its person where no key says otherwise. Where key and address
/// name two people, or a name has changed together with one of them, nobody is taken silently.
pub fn whose<'a>(row: &ListedContact, by_key: Option<Holder<'a>>, by_address: Option<Holder<'a>>) -> Whose<'a> {
    let named = |h: &Holder<'_>| is_called(row, *h);
    match (by_key, by_address) {
        (None, None) => Whose::Nobody,
        (Some(k), Some(a)) if k.id == a.id => Whose::Is(k.id),
        (Some(_), Some(a)) => Whose::Ask(a.id),
        (Some(k), None) if named(&k) => Whose::Is(k.id),
        (Some(k), None) => Whose::Ask(k.id),
        (None, Some(a)) if row.key.is_empty() || a.key.is_empty() || a.key == row.key || named(&a) => Whose::Is(a.id),
        (None, Some(a)) => Whose::Ask(a.id),
    }
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

    #[test]
    fn nobody_is_taken_silently_for_a_name_that_is_only_like_his() {
        for (a, b) in [
            (("Jörg", "Müller"), ("Joerg", "Mueller")),
            (("Jörg", "Müller"), ("Joerg", "Müller")),
            (("Jörg", "Müller"), ("JORG", "MULLER")),
            (("Zoë", "Lee"), ("Zoe", "Lee")),
            (("Anna-Maria", "Smith"), ("Smith", "Anna Maria")),
            (("Bjørn", "Ødegård"), ("Bjorn", "Odegard")),
            (("Michael", "Bauer"), ("MICHAEL", "BAUER")),
        ] {
            assert!(is_same_name(a, b) && is_same_name(b, a), "{a:?} {b:?}");
        }
        for (a, b) in [
            ("Michael", "Michal"),
            ("Joel", "Jol"),
            ("Samuel", "Samul"),
            ("Bauer", "Baur"),
            ("Manuela", "Manula"),
            ("Sue", "Su"),
            ("Raphael", "Raphal"),
        ] {
            assert!(!is_same_name((a, "Lee"), (b, "Lee")), "{a} {b}");
            assert_eq!(name_key(a, "Lee"), name_key(b, "Lee"), "asked about all the same: {a} {b}");
        }
        let a = ContactId::from("a");
        let michael = Holder { id: &a, first_name: "Michael", last_name: "Lee", key: "1" };
        let listed = |first: &str| ListedContact {
            first_name: first.into(),
            last_name: "Lee".into(),
            key: "1".into(),
            ..row("Buyer", "GB")
        };
        assert_eq!(whose(&listed("Michal"), Some(michael), None), Whose::Ask(&a));
        assert_eq!(whose(&listed("Michael"), Some(michael), None), Whose::Is(&a));
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
    fn a_key_means_its_person_and_a_contradiction_is_asked() {
        let (a, b) = (ContactId::from("a"), ContactId::from("b"));
        let ann = |key| Holder { id: &a, first_name: "Ann", last_name: "Lee", key };
        let ben = |key| Holder { id: &b, first_name: "Ben", last_name: "Koch", key };
        let listed = |key: &str| ListedContact { key: key.into(), ..row("Buyer", "GB") };
        for (key, by_key, by_address, expected) in [
            ("", None, None, Whose::Nobody),
            ("1", None, None, Whose::Nobody),
            // An address that changed under a known key.
            ("1", Some(ann("1")), None, Whose::Is(&a)),
            ("1", Some(ann("1")), Some(ann("1")), Whose::Is(&a)),
            // Without a key, or with the first one that is told, the address counts.
            ("", None, Some(ben("2")), Whose::Is(&b)),
            ("1", None, Some(ben("")), Whose::Is(&b)),
            // Entered anew in the client's system: same address, same name, another key.
            ("1", None, Some(ann("9")), Whose::Is(&a)),
            // The mailbox has another name and another key: perhaps somebody else reads it.
            ("1", None, Some(ben("2")), Whose::Ask(&b)),
            // A key that was given to somebody else later.
            ("1", Some(ben("1")), None, Whose::Ask(&b)),
            // The key of one, the address of another.
            ("1", Some(ann("1")), Some(ben("2")), Whose::Ask(&b)),
            ("1", Some(ben("1")), Some(ann("2")), Whose::Ask(&a)),
        ] {
            assert_eq!(whose(&listed(key), by_key, by_address), expected, "{key} {by_key:?} {by_address:?}");
        }
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
