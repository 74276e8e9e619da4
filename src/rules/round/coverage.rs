//! Who gets which language: people counted by the language on the list, and what of the round exists in it.
//!
//! Nobody gets another language in silence. Letters fall back one by one and questions text by text, so both are looked at that closely.

use std::collections::BTreeMap;

use crate::rules::questionnaire::{Item, Questionnaire};

use super::spec::RoundSpec;
use super::texts::{Words, mail_text, named_text};

const LANGUAGES: &str = "ar Arabic|bg Bulgarian|ca Catalan|cs Czech|da Danish|de German|el Greek|en English|es Spanish|et Estonian|eu Basque|fi Finnish|fr French|ga Irish|he Hebrew|hi Hindi|\
    hr Croatian|hu Hungarian|id Indonesian|is Icelandic|it Italian|ja Japanese|ko Korean|lt Lithuanian|lv Latvian|ms Malay|mt Maltese|nb Norwegian|nl Dutch|no Norwegian|pl Polish|pt Portuguese|\
    ro Romanian|ru Russian|sk Slovak|sl Slovenian|sr Serbian|sv Swedish|th Thai|tr Turkish|uk Ukrainian|vi Vietnamese|zh Chinese";

/// The pages' own words, buttons and notes, are written in these.
pub const PAGE_LANGUAGES: [&str; 3] = ["en", "de", "fr"];

/// The lines under a letter, why somebody gets it and how to be left alone, are written in these.
pub const FOOTER_LANGUAGES: [&str; 6] = ["en", "de", "fr", "es", "it", "nl"];

/// "German" for `de`; a code that has no name here is its own.
pub fn language_name(code: &str) -> &str {
    let found = LANGUAGES.split('|').filter_map(|entry| entry.split_once(' ')).find(|(known, _)| *known == code);
    found.map_or(code, |(_, name)| name)
}

/// What the people of one language get.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Coverage {
    /// Empty: the list does not say.
    pub language: String,
    pub contacts: u64,
    /// The language of the letters, which is the round's where there are none in theirs.
    pub letters: String,
    /// The language of the lines under the letters.
    pub footer: String,
    /// Letters that they get in the round's language although there are some in theirs.
    pub letters_missing: Vec<String>,
    /// The language of the questions.
    pub questions: String,
    /// Texts of the questionnaire that they read in another language although it is there in theirs.
    pub questions_missing: u64,
    /// The language of the buttons and notes around the questions.
    pub pages: String,
}

/// `people`: contacts by language.
pub fn coverage(
    spec: &RoundSpec,
    words: &Words,
    questionnaire: &Questionnaire,
    people: &BTreeMap<String, u64>,
) -> Vec<Coverage> {
    let own = spec.language.as_str();
    let mut all: Vec<Coverage> = people
        .iter()
        .map(|(language, contacts)| {
            let wanted = if language.is_empty() { own } else { language };
            let (there, missing) = letters(spec, words, wanted);
            let letters = if there { wanted } else { own };
            // As the assessment chooses its language: by the titles of its pages.
            let offered = questionnaire.groups.iter().any(|group| group.title.contains_key(wanted));
            let questions = if offered { wanted } else { own };
            Coverage {
                language: language.clone(),
                contacts: *contacts,
                letters: letters.into(),
                footer: FOOTER_LANGUAGES.into_iter().find(|footer| *footer == letters).unwrap_or("en").into(),
                letters_missing: if there { missing } else { Vec::new() },
                questions: questions.into(),
                questions_missing: if offered { without(questionnaire, wanted) } else { 0 },
                pages: PAGE_LANGUAGES.into_iter().find(|page| *page == questions).unwrap_or("en").into(),
            }
        })
        .collect();
    all.sort_by(|a, b| (b.contacts, &a.language).cmp(&(a.contacts, &b.language)));
    all
}

/// Whether any letter to contacts is there in this language, and those that are not.
fn letters(spec: &RoundSpec, words: &Words, language: &str) -> (bool, Vec<String>) {
    let own = spec.language.as_str();
    let mut letters: Vec<(String, bool)> = Vec::new();
    for touch in &spec.touches {
        let (name, found) = match &touch.words {
            Some(name) => (name.clone(), named_text(words, language, own, name)),
            // Later reminders fall back to the first, in the same language.
            None => (touch.kind.as_str().into(), mail_text(words, language, own, touch.kind, 1)),
        };
        let there = found.is_some_and(|(found, _)| found == language);
        if !letters.iter().any(|(known, _)| *known == name) {
            letters.push((name, there));
        }
    }
    let any = letters.iter().any(|(_, there)| *there);
    (any, letters.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect())
}

fn without(questionnaire: &Questionnaire, language: &str) -> u64 {
    let of_item = |item: &Item| {
        let scale = [&item.low, &item.high].into_iter().filter(|text| !text.is_empty() && !text.contains_key(language));
        let options = item.options.iter().filter(|option| !option.label.contains_key(language));
        usize::from(!item.text.contains_key(language)) + scale.count() + options.count()
    };
    let titles = questionnaire.groups.iter().filter(|group| !group.title.contains_key(language)).count();
    (titles + questionnaire.items().map(of_item).sum::<usize>()) as u64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rules::contacts::row::whereabouts::places::is_language_code;

    #[test]
    fn every_language_name_belongs_to_a_code_that_lists_may_use() {
        let codes = LANGUAGES.split('|').filter_map(|entry| entry.split_once(' ')).map(|(code, _)| code);
        assert_eq!(codes.into_iter().find(|code| !is_language_code(code)), None);
        assert_eq!((language_name("it"), language_name("xx")), ("Italian", "xx"));
    }

    fn of(people: &[(&str, u64)]) -> Vec<Coverage> {
        let sender = json!({"name": "L", "email": "l@c.example"});
        let spec: RoundSpec = serde_json::from_value(json!({
            "round": "r", "client": "C", "title": "T", "language": "en",
            "schedule": {"opens": "2027-02-08", "closes": "2027-03-05", "time_zone": "Europe/London"},
            "signoff": {"sales_director": "M", "sales_director_email": "m@c.example"},
            "senders": {"team": sender, "warm_up": sender},
            "touch": [
                {"kind": "warm_up", "working_days": -5}, {"kind": "invitation", "working_days": 0},
                {"kind": "reminder", "working_days": 4}, {"kind": "reminder", "working_days": 8},
                {"kind": "reminder", "working_days": 9, "words": "last_call"},
            ],
        }))
        .unwrap();
        let text = json!({"subject": "s", "body": "b"});
        let words: Words = serde_json::from_value(json!({
            "en": {"warm_up": text, "invitation": text, "reminder": text, "last_call": text},
            "de": {"warm_up": text, "invitation": text, "reminder": text, "last_call": text},
            "es": {"invitation": text, "reminder-2": text},
            "nl": {"sign_off": text},
        }))
        .unwrap();
        let both = |text: &str| json!({"en": text, "de": text, "it": text});
        let questionnaire: Questionnaire = serde_json::from_value(json!({"id": "q", "version": "1", "group": [
            {"title": both("t"), "item": [
                {"id": "a", "kind": "scale_1_7", "text": {"en": "a", "de": "a"}, "low": both("l"), "high": {"en": "h"}},
                {"id": "b", "kind": "choice", "text": both("b"), "option": [{"value": "x", "label": {"en": "x"}}]},
            ]},
        ]}))
        .unwrap();
        coverage(&spec, &words, &questionnaire, &people.iter().map(|(l, n)| (l.to_string(), *n)).collect())
    }

    #[test]
    fn people_are_counted_by_what_they_get() {
        let all = of(&[("en", 10), ("de", 5), ("it", 92), ("es", 65), ("nl", 1), ("", 3)]);
        let order: Vec<&str> = all.iter().map(|c| c.language.as_str()).collect();
        assert_eq!(order, ["it", "es", "en", "de", "", "nl"], "most people first");
        let get = |language: &str| all.iter().find(|c| c.language == language).unwrap();
        assert_eq!((get("en").letters.as_str(), get("en").questions_missing), ("en", 0));
        assert_eq!((get("").letters.as_str(), get("").questions.as_str()), ("en", "en"));
        assert_eq!(
            (get("de").letters.as_str(), get("de").letters_missing.len(), get("de").questions_missing),
            ("de", 0, 2)
        );
        let it = get("it");
        assert_eq!(
            (it.letters.as_str(), it.questions.as_str(), it.pages.as_str(), it.questions_missing),
            ("en", "it", "en", 3)
        );
        assert_eq!(get("es").letters_missing, ["warm_up", "reminder", "last_call"], "its only reminder is the second");
        assert_eq!(
            (get("nl").letters.as_str(), get("nl").questions.as_str()),
            ("en", "en"),
            "a sign-off is no letter to a contact"
        );
    }
}
