//! The words of the page on which an account manager repairs contacts, in each language we have, in the polite form; in English also of the
//! same forms on the pages of operators. Names and dates in them come from the round.

mod wording;
mod en;
mod de;
mod fr;

pub use self::wording::RepairPhrases;

use self::de::DE;
use self::en::EN;
use self::fr::FR;

static ALL: [&RepairPhrases; 3] = [&EN, &DE, &FR];

impl RepairPhrases {
    /// The words in this language, else in English. Takes `de`, `de-AT`, `DE`.
    pub fn of(language: &str) -> &'static RepairPhrases {
        let code = super::phrases::Phrases::of(language).code;
        ALL.iter().find(|words| words.code == code).copied().unwrap_or(&EN)
    }
}

impl Default for &'static RepairPhrases {
    fn default() -> &'static RepairPhrases {
        &EN
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
        let codes = ["de-AT", "FR", "nl", ""].map(|language| RepairPhrases::of(language).code);
        assert_eq!(codes, ["de", "fr", "en", "en"]);
    }
}
