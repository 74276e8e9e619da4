//! Which of the languages that we have is spoken to whom.

use super::de::DE;
use super::en::EN;
use super::fr::FR;
use super::wording::Phrases;

pub static ALL: [&Phrases; 3] = [&EN, &DE, &FR];

impl Phrases {
    /// The frame in this language, else in English. Takes `de`, `de-AT`, `DE`.
    pub fn of(language: &str) -> &'static Phrases {
        ALL.iter().find(|p| p.is(language)).copied().unwrap_or(&EN)
    }

    /// The frame that was asked for by its language, if there is one.
    pub fn asked(language: &str) -> Option<&'static Phrases> {
        ALL.iter().find(|p| p.is(language)).copied()
    }

    /// The frame in the language that a browser says its reader likes best, of those we have; else in English. Takes
    /// `de-AT,fr;q=0.8,*;q=0.1`.
    pub fn preferred(languages: &str) -> &'static Phrases {
        let mut best: Option<(f32, &'static Phrases)> = None;
        for said in languages.split(',') {
            let (tag, parameters) = said.split_once(';').unwrap_or((said, ""));
            let weight = parameters.trim().strip_prefix("q=").and_then(|q| q.trim().parse().ok()).unwrap_or(1.0);
            let Some(ours) = ALL.iter().find(|p| p.is(tag)) else { continue };
            if weight > best.map_or(0.0, |(weight, _)| weight) {
                best = Some((weight, ours));
            }
        }
        best.map_or(&EN, |(_, ours)| ours)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn the_languages_that_are_counted_as_pages_are_those_that_there_are() {
        let codes: Vec<&str> = ALL.iter().map(|phrases| phrases.code).collect();
        assert_eq!(codes, crate::rules::round::PAGE_LANGUAGES);
    }

    #[test]
    fn unknown_languages_get_english_and_regions_do_not_matter() {
        assert_eq!(Phrases::of("de-AT").code, "de");
        assert_eq!(Phrases::of("FR").code, "fr");
        assert_eq!(Phrases::of("nl").code, "en");
        assert_eq!(Phrases::of("").code, "en");
    }

    #[test]
    fn a_browser_gets_the_language_that_it_likes_best_of_those_we_have() {
        for (said, code) in [
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("nl,fr;q=0.5,de;q=0.7", "de"),
            ("en;q=0.2, fr;q=0.8", "fr"),
            ("FR-ca", "fr"),
            ("de;q=0,fr;q=0.1", "fr"),
            ("fr , de", "fr"),
            ("ja,*;q=0.5", "en"),
            ("de;q=x", "de"),
            ("", "en"),
            (";;;,,q=", "en"),
        ] {
            assert_eq!(Phrases::preferred(said).code, code, "{said}");
        }
    }

    #[test]
    fn dates_are_written_as_each_language_does() {
        let day = NaiveDate::from_ymd_opt(2027, 2, 26).unwrap();
        let written: Vec<String> = ALL.iter().map(|p| p.date(day)).collect();
        assert_eq!(written, ["Fri 26 Feb", "Fr., 26. Feb.", "ven. 26 févr."]);
    }
}
