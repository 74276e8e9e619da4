//! The texts of a round: letters by language and name, and what is said in one language only.
//!
//! What a letter is written in and what is filled into it are of one language, whatever the contact's own is.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::rules::message::MessageKind;

/// A sentence in one or more languages. Written as one text, it is the round's own language's and no other's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByLanguage(BTreeMap<String, String>);

/// The key of a text that stands without a language.
const OWN: &str = "";

impl ByLanguage {
    /// `own`: the round's language.
    pub fn of(&self, language: &str, own: &str) -> &str {
        let unnamed = || self.0.get(OWN).filter(|_| language == own);
        self.0.get(language).or_else(unnamed).map_or("", |text| text.trim())
    }

    pub fn is_empty(&self) -> bool {
        self.0.values().all(|text| text.trim().is_empty())
    }

    /// By language, the round's own by its name.
    pub fn texts<'a>(&'a self, own: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let named = self.0.iter().map(move |(l, text)| (if l == OWN { own } else { l.as_str() }, text.trim()));
        named.filter(|(_, text)| !text.is_empty())
    }
}

impl From<&str> for ByLanguage {
    fn from(text: &str) -> ByLanguage {
        ByLanguage(BTreeMap::from([(OWN.to_string(), text.to_string())]))
    }
}

impl<const N: usize> From<[(&str, &str); N]> for ByLanguage {
    fn from(texts: [(&str, &str); N]) -> ByLanguage {
        ByLanguage(texts.into_iter().map(|(language, text)| (language.to_string(), text.to_string())).collect())
    }
}

impl Serialize for ByLanguage {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match (self.0.len(), self.0.get(OWN)) {
            (0, _) => s.serialize_str(""),
            (1, Some(text)) => s.serialize_str(text),
            _ => self.0.serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for ByLanguage {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<ByLanguage, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            One(String),
            Many(BTreeMap<String, String>),
        }
        Ok(match Written::deserialize(d)? {
            Written::One(text) if text.trim().is_empty() => ByLanguage::default(),
            Written::One(text) => text.as_str().into(),
            Written::Many(texts) => ByLanguage(texts),
        })
    }
}

/// The words of one mail: Markdown with placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailText {
    pub subject: String,
    pub body: String,
}

/// Mail texts by language, then by name: `warm_up`, `invitation`, `reminder`, `reminder-2`, `thank_you`, `sign_off`, ...
pub type Words = BTreeMap<String, BTreeMap<String, MailText>>;

/// A text and the language in which it is written.
pub type Found<'w> = (&'w str, &'w MailText);

/// The text of this name in the contact's language, else in the round's.
pub fn named_text<'w>(words: &'w Words, language: &str, fallback: &str, name: &str) -> Option<Found<'w>> {
    let in_language = |language: &str| {
        let (language, texts) = words.get_key_value(language)?;
        Some((language.as_str(), texts.get(name)?))
    };
    in_language(language).or_else(|| in_language(fallback))
}

/// Texts for what happens in few rounds, with the message that each is a text of. The program has words for rounds that have none: for the
/// first letter to a successor who was named when the others had theirs, to sign a changed list again, to sign what one was asked for
/// before, to sign for somebody else or as well as him, to sign with a code, for what was signed, for who may sign now, for where the
/// signatures stand, to repair a contact, for where a director's accounts and the round stand, and where the accounts of a manager stand in
/// a round that names nobody. `ready_text` is none of our messages: what an account manager sends to a contact himself, with the
/// placeholders of letters without a link.
pub const OCCASIONS: [(&str, MessageKind); 15] = [
    ("introduction", MessageKind::WarmUp),
    ("sign_off_changed", MessageKind::SignOff),
    ("sign_off_again", MessageKind::SignOff),
    ("sign_off_as_well", MessageKind::SignOff),
    ("counter_sign_again", MessageKind::CounterSign),
    ("sign_off_for", MessageKind::SignOff),
    ("sign_code", MessageKind::SignCode),
    ("receipt", MessageKind::Receipt),
    ("delegated", MessageKind::Receipt),
    ("sign_off_summary", MessageKind::SignOffSummary),
    ("repair", MessageKind::Repair),
    ("digest_counts", MessageKind::Digest),
    ("digest_director", MessageKind::Digest),
    ("digest_sponsor", MessageKind::Digest),
    ("ready_text", MessageKind::WarmUp),
];

/// The text for this kind and number in the contact's language, else in the round's: the one made for this number
/// (`reminder-2`), else the highest made for a lower number, else the plain one.
pub fn mail_text<'w>(
    words: &'w Words,
    language: &str,
    fallback: &str,
    kind: MessageKind,
    number: u32,
) -> Option<Found<'w>> {
    let in_language = |language: &str| {
        let (language, texts) = words.get_key_value(language)?;
        let numbered = (2..=number.min(99)).rev().find_map(|n| texts.get(&format!("{}-{n}", kind.as_str())));
        Some((language.as_str(), numbered.or_else(|| texts.get(kind.as_str()))?))
    };
    in_language(language).or_else(|| in_language(fallback))
}

/// The word that reaches no contact and no account director (promise 9).
pub const BANNED_WORD: &str = "survey";

/// What it is called in the other languages of our pages. They are said by no words of ours; of a round's they are advised against.
pub const SISTERS: [&str; 4] = ["umfrage", "befragung", "enquête", "sondage"];

/// Whether a text says the banned word, in any spelling of its letters.
pub fn says_banned_word(text: &str) -> bool {
    text.to_lowercase().contains(BANNED_WORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_is_the_rounds_own_languages_and_no_others() {
        let one: ByLanguage = serde_json::from_str("\"five days instead of twelve\"").unwrap();
        assert_eq!((one.of("en", "en"), one.of("de", "en")), ("five days instead of twelve", ""));
        let many: ByLanguage = serde_json::from_str(r#"{"de": "jetzt fünf Tage", "fr": " "}"#).unwrap();
        assert_eq!((many.of("de", "en"), many.of("en", "en"), many.of("fr", "en")), ("jetzt fünf Tage", "", ""));
        assert!(serde_json::from_str::<ByLanguage>("\"\"").unwrap().is_empty());
        for text in [one, many] {
            let written = serde_json::to_string(&text).unwrap();
            assert_eq!(serde_json::from_str::<ByLanguage>(&written).unwrap(), text);
        }
    }

    #[test]
    fn a_letter_says_in_which_language_it_is() {
        let text = |body: &str| MailText { subject: "x".into(), body: body.into() };
        let of = |texts: &[(&str, &str)]| texts.iter().map(|(n, b)| (n.to_string(), text(b))).collect();
        let words = Words::from([
            ("de".into(), of(&[("invitation", "I"), ("reminder-2", "R2")])),
            ("en".into(), of(&[("invitation", "i"), ("reminder", "r")])),
        ]);
        let found = |kind, number| mail_text(&words, "de", "en", kind, number).map(|(l, t)| (l, t.body.as_str()));
        assert_eq!(found(MessageKind::Invitation, 1), Some(("de", "I")));
        assert_eq!(found(MessageKind::Reminder, 1), Some(("en", "r")));
        assert_eq!(found(MessageKind::Reminder, 3), Some(("de", "R2")));
        assert_eq!(found(MessageKind::ThankYou, 1), None);
    }
}
