//! The end of a round's journal as people read, keep and type it.

use crate::base::problem::{Problem, Result};

/// How many entries there are, and the hash of the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub entries: i64,
    pub hash: String,
}

/// 128 bits: nobody finds another journal that ends so, and it still goes on two lines of a phone.
const SHOWN: usize = 32;
/// Less may be met by chance in a large file.
const FEWEST: usize = 16;

impl Head {
    /// "1f3a 90bc 77de 0123 4567 89ab cdef 0123".
    pub fn shown(&self) -> String {
        let shown: Vec<char> = self.hash.chars().take(SHOWN).collect();
        shown.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// "Record 1f3a 90bc ..., entry 12".
    pub fn sentence(&self, language: &str) -> String {
        let (record, entry) = match language.get(..2).unwrap_or_default() {
            "de" => ("Protokoll", "Eintrag"),
            "fr" => ("Registre", "entrée"),
            _ => ("Record", "entry"),
        };
        format!("{record} {}, {entry} {}", self.shown(), self.entries)
    }

    /// The beginning of a hash, from what somebody has copied: the line as it was printed, or its letters and digits alone.
    pub fn typed(text: &str) -> Result<String> {
        let before_the_comma = text.split(',').next().unwrap_or_default();
        let words = before_the_comma.split(|c: char| !c.is_alphanumeric());
        let is_hash = |word: &&str| {
            !word.is_empty() && word.len().is_multiple_of(4) && word.chars().all(|c| c.is_ascii_hexdigit())
        };
        let hash: String = words.filter(is_hash).collect::<String>().to_lowercase();
        if (FEWEST..=64).contains(&hash.len()) {
            return Ok(hash);
        }
        Err(Problem::unusable(
            format!("“{}” is not what a page shows as its record.", text.chars().take(80).collect::<String>()),
            format!("Copy the line, such as “Record 1f3a 90bc ...”; {FEWEST} of its letters and digits are enough."),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_found_again_however_it_was_copied() {
        let hash = "1f3a90bc77de0123456789abcdef0123aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        let head = Head { entries: 1234, hash: hash.into() };
        assert_eq!(head.sentence("en"), "Record 1f3a 90bc 77de 0123 4567 89ab cdef 0123, entry 1234");
        assert_eq!(head.sentence("de-AT"), "Protokoll 1f3a 90bc 77de 0123 4567 89ab cdef 0123, Eintrag 1234");
        for language in ["en", "de", "fr", "x"] {
            assert_eq!(Head::typed(&head.sentence(language)).unwrap(), &hash[..32]);
        }
        for copied in [hash, &hash[..16], "1F3A 90BC  77DE 0123", "1f3a\u{a0}90bc 77de\n0123"] {
            assert!(hash.starts_with(&Head::typed(copied).unwrap()), "{copied}");
        }
        for other in ["", "Record", "1f3a 90bc 77de", "entry 12", "1f3a90bc77de01234", "zzzz zzzz zzzz zzzz"] {
            assert!(Head::typed(other).is_err(), "{other}");
        }
    }
}
