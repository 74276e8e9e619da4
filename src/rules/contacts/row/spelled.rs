//! Whether an address spells the name beside it: in its order, the other way round, or not at all.
//!
//! Half of all addresses at work are made from names. Only names in Latin letters are compared; nicknames, typing errors and maiden names
//! count as the person's own, for a false alarm costs more than a missed one.

use super::cells::folded_name;
use super::mailbox::is_shared;
use crate::rules::contacts::ListedContact;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::contacts) enum Spelling {
    /// First name, or its initial, then last name.
    Straight,
    /// Last name, or its initial, then first name.
    Reversed,
    /// Something of the name is in it.
    Own,
    /// A name stands there that has nothing of this one.
    Other,
    /// It spells no name, or the name cannot be compared.
    Unknown,
}

/// Words are related from so many equal letters at their beginning: Andy and Andrew.
const RELATED: usize = 3;

/// The words of an address before the @, without digits.
pub(in crate::contacts) fn words_of(local: &str) -> Vec<String> {
    local.split(|c: char| !c.is_alphabetic()).map(folded_name).filter(|w| !w.is_empty()).collect()
}

/// A name in the spellings in which addresses have it.
pub(in crate::contacts) struct PlainName {
    pub first: String,
    pub last: String,
    firsts: Vec<String>,
    lasts: Vec<String>,
}

impl PlainName {
    pub fn of(contact: &ListedContact) -> PlainName {
        let words = |name: &str| -> Vec<String> {
            name.split([' ', '-', '.', '\'', '’', '‐', '‑']).map(folded_name).filter(|w| !w.is_empty()).collect()
        };
        let (firsts, lasts) = (words(&contact.first_name), words(&contact.last_name));
        PlainName { first: firsts.concat(), last: lasts.concat(), firsts, lasts }
    }

    /// Both names are there, in letters that addresses have.
    pub fn is_comparable(&self) -> bool {
        !self.first.is_empty() && !self.last.is_empty() && self.first.is_ascii() && self.last.is_ascii()
    }

    /// The locals that spell the whole name, without signs.
    pub fn whole(&self) -> String {
        format!("{}{}", self.first, self.last)
    }

    /// Initial and last name, as one word.
    pub fn short(&self) -> Option<String> {
        Some(format!("{}{}", self.first.chars().next()?, self.last))
    }
}

/// Without allocating, for most rows of most lists: `anna.smith@`, `Anna-Smith@`, `annasmith@`.
fn plainly_straight(first: &str, last: &str, local: &str) -> bool {
    let (f, l, whole) = (first.as_bytes(), last.as_bytes(), local.as_bytes());
    let Some(begin) = whole.get(..f.len()) else { return false };
    let Some(rest) = whole.get(f.len()..) else { return false };
    let rest = rest.strip_prefix(b".").or(rest.strip_prefix(b"_")).or(rest.strip_prefix(b"-")).unwrap_or(rest);
    first.len() > 1 && last.len() > 1 && begin.eq_ignore_ascii_case(f) && rest.eq_ignore_ascii_case(l)
}

pub(in crate::contacts) fn spelling(contact: &ListedContact) -> Spelling {
    let local = contact.email.local();
    if plainly_straight(&contact.first_name, &contact.last_name, local) {
        // First and last name may be one word.
        return if contact.first_name == contact.last_name { Spelling::Own } else { Spelling::Straight };
    }
    let (name, words) = (PlainName::of(contact), words_of(local));
    if !name.is_comparable() || words.is_empty() || !words.iter().all(|w| w.is_ascii()) {
        return Spelling::Unknown;
    }
    let straight = spells(&words, (&name.first, &name.firsts), (&name.last, &name.lasts));
    let reversed = spells(&words, (&name.last, &name.lasts), (&name.first, &name.firsts));
    match (straight, reversed) {
        (true, false) => Spelling::Straight,
        (false, true) => Spelling::Reversed,
        (true, true) => Spelling::Own,
        (false, false) if related(&words, &name) => Spelling::Own,
        (false, false) if is_shared(local) || words.concat().len() < 5 => Spelling::Unknown,
        (false, false) => Spelling::Other,
    }
}

/// Whether the words are the one name and then the other, or the initial of the one and then the other.
fn spells(words: &[String], (one, ones): (&str, &[String]), (other, others): (&str, &[String])) -> bool {
    let is = |text: &str, whole: &str, parts: &[String]| {
        text.len() > 1 && (text == whole || parts.iter().any(|p| p == text))
    };
    let joined = words.concat();
    let initial = one.get(..1).unwrap_or("");
    let short =
        other.len() > 1 && joined.len() == other.len() + 1 && joined.starts_with(initial) && joined.ends_with(other);
    let whole = one.len() > 1
        && other.len() > 1
        && joined.len() == one.len() + other.len()
        && joined.starts_with(one)
        && joined.ends_with(other);
    let apart = match words {
        [begin, rest @ ..] if !rest.is_empty() => is(begin, one, ones) && is(&rest.concat(), other, others),
        _ => false,
    };
    whole || short || apart
}

/// Whether anything of the address may come from the name.
fn related(words: &[String], name: &PlainName) -> bool {
    let parts = || name.firsts.iter().chain(&name.lasts);
    let joined = words.concat();
    let begins_alike = |word: &str, part: &str| {
        let n = RELATED.min(part.len());
        n > 1 && word.get(..n) == part.get(..n)
    };
    let initials = |word: &str| word.len() <= 3 && word.chars().all(|c| parts().any(|p| p.starts_with(c)));
    parts().any(|part| part.len() > 2 && joined.contains(part.as_str()))
        || words.iter().any(|word| parts().any(|part| begins_alike(word, part) || close(word, part)))
        || words.iter().all(|word| initials(word))
        // jsmi, smij: the beginnings of both.
        || begins_alike(joined.get(1..).unwrap_or(""), &name.last) && joined.starts_with(name.first.get(..1).unwrap_or(" "))
}

/// A letter more, fewer, another one or two of them in the other order.
fn close(a: &str, b: &str) -> bool {
    if a.len() < 4 || b.len() < 4 || a.len().abs_diff(b.len()) > 1 || !a.is_ascii() || !b.is_ascii() {
        return false;
    }
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let (rest_a, rest_b) = (&a.as_bytes()[same..], &b.as_bytes()[same..]);
    let after = |rest: &'_ [u8], n: usize| rest.get(n..).unwrap_or_default().to_vec();
    let swapped = rest_a.len() > 1 && rest_b.len() > 1 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0];
    after(rest_a, 1) == after(rest_b, 1)
        || rest_a == after(rest_b, 1)
        || after(rest_a, 1) == rest_b
        || swapped && after(rest_a, 2) == after(rest_b, 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::check::Checker;
    use crate::rules::contacts::row::{Field, Row};

    fn of(first: &str, last: &str, email: &str) -> Spelling {
        let mut row = Row::new(2);
        for (field, text) in [
            (Field::Account, "Acme"),
            (Field::FirstName, first),
            (Field::LastName, last),
            (Field::Email, email),
            (Field::DirectorEmail, "d@client.example"),
        ] {
            row.set(field, text);
        }
        let mut checker = Checker::new(Vec::new(), 1);
        checker.push(row);
        spelling(&checker.finish().accepted[0])
    }

    #[test]
    fn addresses_spell_names_in_many_ways() {
        for (first, last, local, expected) in [
            ("Anna", "Smith", "anna.smith", Spelling::Straight),
            ("Anna", "Smith", "annasmith2", Spelling::Straight),
            ("Anna", "Smith", "asmith", Spelling::Straight),
            ("Anna", "Smith", "A.Smith", Spelling::Straight),
            ("Jörg", "Müller", "joerg.mueller", Spelling::Straight),
            ("Anna-Maria", "O'Neil", "annamaria.oneil", Spelling::Straight),
            ("Dani", "van Schevinghuizen", "dani.vanschevinghuizen", Spelling::Straight),
            ("Smith", "Anna", "anna.smith", Spelling::Reversed),
            ("Anna", "Smith", "smith_anna", Spelling::Reversed),
            ("Smith", "Anna", "asmith", Spelling::Reversed),
            ("William", "Smith", "bill.smith", Spelling::Own),
            ("Andrew", "Lee", "andy", Spelling::Own),
            ("Anna", "Smith", "anna.jones", Spelling::Own),
            ("Anna", "Smith", "smitha", Spelling::Own),
            ("Anna", "Smith", "as", Spelling::Own),
            ("Jon", "Smith", "jsmiht", Spelling::Own),
            ("John", "Doe", "jdoe", Spelling::Straight),
            ("James", "James", "james.james", Spelling::Own),
            ("Peter", "Brown", "maria.lopez", Spelling::Other),
            ("Peter", "Brown", "mlopez", Spelling::Other),
            ("Peter", "Brown", "accounts.payable", Spelling::Unknown),
            ("Peter", "Brown", "x1234", Spelling::Unknown),
            ("小明", "李", "maria.lopez", Spelling::Unknown),
            ("Γιώργος", "Ραδιόπουλος", "george.radio", Spelling::Unknown),
        ] {
            assert_eq!(of(first, last, &format!("{local}@acme.example")), expected, "{first} {last} {local}");
        }
    }
}
