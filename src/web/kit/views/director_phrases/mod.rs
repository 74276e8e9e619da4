//! The words of the page of a director, in each language we have, in the polite form. The names and dates in them come from the round.
//!
//! `{name}` and the like are filled by [`fill()`](super::phrases::fill()); a text of its own stands in no template.

mod wording;
mod en;
mod de;
mod fr;

pub use self::wording::DirectorPhrases;

use self::de::DE;
use self::en::EN;
use self::fr::FR;

static ALL: [&DirectorPhrases; 3] = [&EN, &DE, &FR];

impl DirectorPhrases {
    /// The words in this language, else in English. Takes `de`, `de-AT`, `DE`.
    pub fn of(language: &str) -> &'static DirectorPhrases {
        let code = super::phrases::Phrases::of(language).code;
        ALL.iter().find(|words| words.code == code).copied().unwrap_or(&EN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<&str> {
        let mut all: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    #[test]
    fn every_language_of_the_pages_has_words_of_its_own_for_everything() {
        let codes: Vec<&str> = ALL.iter().map(|words| words.code).collect();
        assert_eq!(codes, crate::rules::round::PAGE_LANGUAGES);
        for other in [&DE, &FR] {
            for ((name, english), (_, own)) in EN.all().into_iter().zip(other.all()) {
                assert!(!own.trim().is_empty() && own != english, "{}: {name} is {own}", other.code);
                assert_eq!(places(own), places(english), "{}: {name}", other.code);
            }
        }
    }

    #[test]
    fn the_banned_word_stands_nowhere() {
        for words in ALL {
            for (name, text) in words.all() {
                let text = text.to_lowercase();
                let banned = ["survey", "umfrage", "befragung", "enquête", "sondage"];
                assert!(banned.iter().all(|word| !text.contains(word)), "{}: {name}", words.code);
            }
        }
    }

    #[test]
    fn other_languages_read_english() {
        let codes = ["de-AT", "FR", "nl", ""].map(|language| DirectorPhrases::of(language).code);
        assert_eq!(codes, ["de", "fr", "en", "en"]);
    }
}
