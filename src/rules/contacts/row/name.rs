//! Whether a name is the name of a person, or something typed to get past a required field.

use super::cells::{folded, lost_character};
use super::header_or_address::is_nobody;
use super::unfilled::{EmptyWord, word_beside};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    Name,
    /// Nothing but signs in one of the two cells, a name in the other.
    Half,
    Missing,
    Placeholder,
}

/// Words that nobody is called.
fn surely_placeholder(word: &str) -> bool {
    matches!(
        word,
        "unknown"
            | "tbc"
            | "tba"
            | "tbd"
            | "tobeconfirmed"
            | "tobeadvised"
            | "donotuse"
            | "dontuse"
            | "donotcontact"
            | "noname"
            | "nofirstname"
            | "nolastname"
            | "firstname"
            | "lastname"
            | "vorname"
            | "nachname"
            | "prenom"
            | "objectobject"
            | "surname"
            | "contactname"
            | "notknown"
            | "notprovided"
            | "notavailable"
            | "notapplicable"
            | "vacant"
            | "vacantposition"
            | "unbekannt"
            | "inconnu"
            | "inconnue"
            | "nichtbekannt"
            | "arenseigner"
            | "placeholder"
            | "testcontact"
            | "testuser"
            | "delete"
            | "deleteme"
            | "xxx"
            | "xxxx"
            | "asdf"
            | "qwerty"
            | "lastnameunknown"
            | "nameunknown"
    )
}

/// Words that somebody is called: they count only when nothing better stands in the other cell.
fn perhaps_placeholder(word: &str) -> bool {
    matches!(
        word,
        "x" | "xx"
            | "na"
            | "nn"
            | "null"
            | "none"
            | "nil"
            | "test"
            | "contact"
            | "name"
            | "user"
            | "admin"
            | "new"
            | "dummy"
            | "various"
            | "kontakt"
            | "nom"
    )
}

/// The verdict on a first and a last name, both trimmed.
pub fn verdict(first: &str, last: &str) -> NameKind {
    if first.is_empty() && last.is_empty() {
        return NameKind::Missing;
    }
    // The word of a program, whoever has put it here.
    if word_beside(first, last) == EmptyWord::Empty || word_beside(last, first) == EmptyWord::Empty {
        return NameKind::Placeholder;
    }
    if is_nobody(first) || is_nobody(last) {
        return NameKind::Placeholder;
    }
    // An encoding that lost every letter leaves question marks: that is a finding of its own, not a placeholder.
    let lost = |text: &str| text.contains('?') || text.contains('\u{fffd}');
    let word = |text: &str| if lost(text) { text.to_owned() } else { folded(text) };
    let (f, l) = (word(first), word(last));
    if surely_placeholder(&f) || surely_placeholder(&l) {
        return NameKind::Placeholder;
    }
    let empty = |w: &str| w.is_empty() || perhaps_placeholder(w);
    match (empty(&f), empty(&l)) {
        (true, true) => NameKind::Placeholder,
        (false, false) => NameKind::Name,
        _ if perhaps_placeholder(&f) || perhaps_placeholder(&l) => NameKind::Name,
        _ => NameKind::Half,
    }
}

/// Whether an encoding has lost letters in what is said, and what is known has all of its own.
pub fn loses_letters(said: &str, known: &str) -> bool {
    lost_character(said, true) && !lost_character(known, true) && known.chars().any(char::is_alphabetic)
}

/// Whether `said` can be what an encoding left of `known`: every lost character stands for one or more of its letters. "What If?" is no
/// rest of another name.
pub fn is_what_is_left_of(said: &str, known: &str) -> bool {
    let lost = |c: char| c == '?' || c == '\u{fffd}';
    if !said.contains(lost) {
        return true;
    }
    let (said, known) = (said.to_lowercase(), known.to_lowercase());
    let pieces: Vec<&str> = said.split(lost).filter(|piece| !piece.is_empty()).collect();
    let mut rest = known.as_str();
    for (n, piece) in pieces.iter().enumerate() {
        let Some(at) = rest.find(piece) else { return false };
        let behind = rest.get(at + piece.len()..).unwrap_or_default();
        if n == 0 && at > 0 && !said.starts_with(lost) {
            return false;
        }
        rest = behind;
    }
    said.ends_with(lost) || pieces.last().is_none_or(|last| known.ends_with(last))
}

/// First and last name of "Anna Smith", "Smith, Anna" or a name of one word.
pub fn split(full: &str) -> (String, String) {
    let full = full.trim();
    if let Some((last, first)) = full.split_once(',') {
        return (first.trim().to_owned(), last.trim().to_owned());
    }
    match full.split_once(char::is_whitespace) {
        Some((first, last)) => (first.to_owned(), last.trim().to_owned()),
        None => (String::new(), full.to_owned()),
    }
}

/// Without the signs that stand where a name is missing.
pub fn bare(text: &str) -> &str {
    if text.chars().any(|c| c.is_alphanumeric() || c == '?' || c == '\u{fffd}') { text } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_and_people() {
        for (first, last) in [
            (".", "Unknown"),
            (".", "TBC"),
            (".", "x"),
            (".", "DO NOT USE"),
            ("N/A", "n/a"),
            ("Test", "Test"),
            ("Unbekannt", ""),
            ("#N/A", "Smith"),
            ("Ann", "NULL"),
            ("{{first}}", "Lee"),
        ] {
            assert_eq!(verdict(first, last), NameKind::Placeholder, "{first} {last}");
        }
        for (first, last) in
            [("Jennifer", "Null"), ("Malcolm", "X"), ("Yuna", "Na"), ("小明", "李"), ("????", "???"), ("Anna", "Test")]
        {
            assert_eq!(verdict(first, last), NameKind::Name, "{first} {last}");
        }
        assert_eq!(verdict("Anna", ""), NameKind::Half);
        assert_eq!(verdict("Anna", "."), NameKind::Half);
        assert_eq!(verdict("", ""), NameKind::Missing);
    }

    #[test]
    fn a_name_without_its_letters_is_no_better_than_the_one_that_is_known() {
        for said in [
            "????",
            "?????????? ????",
            "\u{fffd}\u{fffd}\u{fffd}",
            "M?ller",
            "M\u{fffd}ller",
            "MÃ¼ller",
            "????-????",
            "? ? ?",
        ] {
            assert!(
                loses_letters(said, "Müller") && loses_letters(said, "Иванова") && loses_letters(said, "Smith"),
                "{said}"
            );
            assert!(!loses_letters(said, "????") && !loses_letters(said, ""), "nothing better is known than {said}");
        }
        for said in ["Smith", "Иванова", "李", "", "O’Hara", "Łukasz"] {
            assert!(!loses_letters(said, "Müller"), "{said}");
        }
    }

    #[test]
    fn what_is_left_of_a_name_fits_it() {
        for (said, known) in [
            ("M?ller AG", "Müller AG"),
            ("????????", "高橋鉱業有限会社"),
            ("?????? ??? Holding", "Медный дом Holding"),
            ("Caf\u{fffd}", "Café"),
            ("MÃ¼ller", "Müller"),
            ("m?LLER ag", "Müller AG"),
        ] {
            assert!(is_what_is_left_of(said, known), "{said} {known}");
        }
        for (said, known) in [
            ("What If? GmbH", "Globex"),
            ("What If?", "Whatever"),
            ("M?ller AG", "Miller & Co"),
            ("?ller AG", "Müller GmbH"),
        ] {
            assert!(!is_what_is_left_of(said, known), "{said} {known}");
        }
    }

    #[test]
    fn full_names_of_both_orders() {
        assert_eq!(split("Anna van der Berg"), ("Anna".into(), "van der Berg".into()));
        assert_eq!(split("Berg, Anna"), ("Anna".into(), "Berg".into()));
        assert_eq!(split("Pelé"), (String::new(), "Pelé".into()));
    }
}
