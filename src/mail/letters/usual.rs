//! Words that the program has for mails that few rounds think of beforehand: to repair a contact, to introduce a successor, to sign a
//! changed list again, to sign what was asked for before or for somebody else, to sign with a code, for what was signed, for who may sign,
//! for where the signatures, accounts and the round stand, also where a round names nobody who has answered; and words that an account
//! manager sends in his own name. A round that has a text of the same name uses its own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::rules::round::{Found, MailText, Words};

/// The first letter to somebody who was named in the place of another, after the others had theirs.
pub const INTRODUCTION: &str = "introduction";
/// To a director whose signed list was changed.
pub const SIGN_OFF_CHANGED: &str = "sign_off_changed";
/// To a director who was asked before, and to the sales director.
pub const SIGN_OFF_AGAIN: &str = "sign_off_again";
pub const COUNTER_SIGN_AGAIN: &str = "counter_sign_again";
/// To a colleague of a director, or of the sales director, who is asked to sign for him.
pub const SIGN_OFF_FOR: &str = "sign_off_for";
/// To a deputy or a regional head, who is asked as well.
pub const SIGN_OFF_AS_WELL: &str = "sign_off_as_well";
/// To whoever signs with a code.
pub const SIGN_CODE: &str = "sign_code";
/// To whoever has signed.
pub const RECEIPT: &str = "receipt";
/// To whoever has asked a colleague to sign, or in whose name that was done.
pub const DELEGATED: &str = "delegated";
/// To a sponsor who is told where the signatures stand.
pub const SIGN_OFF_SUMMARY: &str = "sign_off_summary";
/// To whoever looks after an account whose contacts cannot be reached.
pub const REPAIR: &str = "repair";
/// To an account manager or director, weekly, of a round that tells numbers only.
pub const DIGEST_COUNTS: &str = "digest_counts";
/// To an account director, weekly: where his accounts stand.
pub const DIGEST_DIRECTOR: &str = "digest_director";
/// To the sponsor, weekly: where the round stands.
pub const DIGEST_SPONSOR: &str = "digest_sponsor";
/// What an account manager sends to a contact himself. No mail of ours: it has no link.
pub const READY_TEXT: &str = "ready_text";

macro_rules! texts {
    ($($name:literal $language:literal),* $(,)?) => {
        [$(($name, $language, include_str!(concat!("../../../templates/mails/", $name, "/", $language, ".md")))),*]
    };
}

static TEXTS: LazyLock<Words> = LazyLock::new(|| {
    let mut words: Words = BTreeMap::new();
    let all = texts!(
        "introduction" "en", "introduction" "de", "introduction" "fr",
        "sign_off_changed" "en", "sign_off_changed" "de", "sign_off_changed" "fr",
        "sign_off_again" "en", "sign_off_again" "de", "sign_off_again" "fr",
        "counter_sign_again" "en", "counter_sign_again" "de", "counter_sign_again" "fr",
        "sign_off_for" "en", "sign_off_for" "de", "sign_off_for" "fr",
        "sign_off_as_well" "en", "sign_off_as_well" "de", "sign_off_as_well" "fr",
        "sign_code" "en", "sign_code" "de", "sign_code" "fr",
        "receipt" "en", "receipt" "de", "receipt" "fr",
        "delegated" "en", "delegated" "de", "delegated" "fr",
        "sign_off_summary" "en", "sign_off_summary" "de", "sign_off_summary" "fr",
        "repair" "en", "repair" "de", "repair" "fr",
        "digest_director" "en", "digest_director" "de", "digest_director" "fr",
        "digest_sponsor" "en", "digest_sponsor" "de", "digest_sponsor" "fr",
        "ready_text" "en", "ready_text" "de", "ready_text" "fr",
        "digest_counts" "en", "digest_counts" "de", "digest_counts" "fr",
    );
    for (name, language, text) in all {
        let (first, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let subject = first.trim_start_matches("Subject: ").to_owned();
        words
            .entry(language.into())
            .or_default()
            .insert(name.into(), MailText { subject, body: body.trim_end().into() });
    }
    words
});

/// By language, then by name.
pub fn texts() -> &'static Words {
    &TEXTS
}

/// The round's text of this name, else ours: in this language, else in the round's, else in English.
pub fn text<'w>(words: &'w Words, language: &str, fallback: &str, name: &str) -> Option<Found<'w>> {
    let of = |language: &str| {
        let found = |words: &'w Words| {
            let (language, texts) = words.get_key_value(language)?;
            Some((language.as_str(), texts.get(name)?))
        };
        found(words).or_else(|| found(&TEXTS))
    };
    of(language).or_else(|| of(fallback)).or_else(|| of("en"))
}

#[cfg(test)]
mod tests {
    use crate::mail::letters::rendering::check;

    use super::*;
    use crate::rules::round::OCCASIONS;

    #[test]
    fn our_own_texts_pass_the_check_of_a_rounds() {
        for (language, texts) in texts() {
            assert_eq!(texts.len(), OCCASIONS.len(), "{language}");
            for (name, kind) in OCCASIONS {
                assert_eq!(check(kind, &texts[name]), Vec::<String>::new(), "{language}/{name}");
            }
        }
    }

    #[test]
    fn a_rounds_own_text_goes_before_ours_and_a_known_language_before_another() {
        let own = MailText { subject: "x".into(), body: "y".into() };
        let words = BTreeMap::from([("en".to_string(), BTreeMap::from([(REPAIR.to_string(), own.clone())]))]);
        assert_eq!(text(&words, "en", "en", REPAIR), Some(("en", &own)));
        assert!(text(&words, "fr", "en", REPAIR).unwrap().1.subject.contains("injoignable"));
        assert_eq!(text(&words, "es", "en", REPAIR), Some(("en", &own)));
        assert_eq!(text(&words, "es", "pt", REPAIR), Some(("en", &own)), "English is there for all");
    }
}
