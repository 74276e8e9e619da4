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
    use super::super::phrase_set::tests::are_words_of_their_own;
    use super::*;

    #[test]
    fn every_language_of_the_pages_has_words_of_its_own_for_everything() {
        are_words_of_their_own(&ALL.map(|words| (words.code, words.all())));
    }

    #[test]
    fn other_languages_read_english() {
        let codes = ["de-AT", "FR", "nl", ""].map(|language| DirectorPhrases::of(language).code);
        assert_eq!(codes, ["de", "fr", "en", "en"]);
    }
}
