//! Whether an answer is acceptable, what is kept of one that is not finished, and what is still to be answered.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

pub use crate::rules::questionnaire::{Choice, Group, Item, ItemKind, Questionnaire, in_language, revision};

/// Longest free text that is taken, in characters as [`characters`] counts them.
pub const LONGEST_TEXT: usize = 4_000;
/// And of one that is still to be shortened.
pub const LONGEST_DRAFT: usize = 5 * LONGEST_TEXT;

/// What a form sends for "I cannot say".
pub const CANNOT_SAY: &str = "cannot_say";

/// Answers by item id, as they are stored and handed over.
pub type Answers = BTreeMap<String, serde_json::Value>;

/// A text as it is kept and counted: a line end is one sign, however a browser sends it; blank ends are none.
pub fn tidied(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_string()
}

/// How many characters a text has, the same here and in `assessment.js`: code points of the composed form (NFC) of [`tidied`], so that a
/// letter and its accent are one however they were typed. (Not what is drawn as one sign: browsers do not agree on that for new emoji.)
pub fn characters(text: &str) -> usize {
    tidied(text).nfc().count()
}

/// What a form field said about an item: a value to keep, nothing, or a sentence that says what to write instead.
pub fn read_answer(item: &Item, text: &str) -> Result<Option<serde_json::Value>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let cannot_say = item.cannot_say && item.required && text == CANNOT_SAY;
    match item.kind {
        ItemKind::Scale7 | ItemKind::Scale10 | ItemKind::Choice if cannot_say => Ok(Some(serde_json::Value::Null)),
        ItemKind::Scale7 | ItemKind::Scale10 => {
            let (low, high) = item.kind.scale().unwrap_or((0, 0));
            match text.parse::<i64>() {
                Ok(n) if (low..=high).contains(&n) => Ok(Some(n.into())),
                _ => Err(format!("Choose a number from {low} to {high}.")),
            }
        }
        ItemKind::Choice => match item.options.iter().find(|o| o.value == text) {
            Some(option) => Ok(Some(option.value.clone().into())),
            None => Err("Choose one of the answers shown.".into()),
        },
        ItemKind::Text if characters(text) > LONGEST_TEXT => {
            Err(format!("Shorten this to {LONGEST_TEXT} characters; it has {}.", characters(text)))
        }
        ItemKind::Text => Ok(Some(tidied(text).into())),
    }
}

/// A text that is too long to be sent, as a draft: whoever wrote it shortens it later. So much is kept, whatever was sent.
pub fn draft(item: &Item, text: &str) -> Option<serde_json::Value> {
    let too_long = item.kind == ItemKind::Text && characters(text) > LONGEST_TEXT;
    too_long.then(|| tidied(text).nfc().take(LONGEST_DRAFT).collect::<String>().into())
}

/// Whether what is kept of this item is a [`draft`].
pub fn is_draft(item: &Item, answers: &Answers) -> bool {
    let kept = answers.get(&item.id).and_then(serde_json::Value::as_str);
    item.kind == ItemKind::Text && kept.is_some_and(|text| characters(text) > LONGEST_TEXT)
}

/// What keeps answers from being sent, in order: required items without an answer, and texts that are too long.
pub fn unfinished<'q>(questionnaire: &'q Questionnaire, answers: &Answers) -> Vec<&'q Item> {
    let open = |i: &&Item| (i.required && !answers.contains_key(&i.id)) || is_draft(i, answers);
    questionnaire.items().filter(open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(kind: ItemKind) -> Item {
        let yes = Choice { value: "yes".into(), label: BTreeMap::new() };
        Item {
            id: "q".into(),
            kind,
            required: true,
            cannot_say: false,
            text: BTreeMap::new(),
            low: BTreeMap::new(),
            high: BTreeMap::new(),
            options: vec![yes],
        }
    }

    #[test]
    fn scales_take_their_own_numbers_only() {
        assert_eq!(read_answer(&item(ItemKind::Scale7), "7"), Ok(Some(7.into())));
        assert!(read_answer(&item(ItemKind::Scale7), "0").is_err());
        assert_eq!(read_answer(&item(ItemKind::Scale10), "0"), Ok(Some(0.into())));
        assert!(read_answer(&item(ItemKind::Scale10), "11").is_err());
        assert_eq!(read_answer(&item(ItemKind::Choice), "yes"), Ok(Some("yes".into())));
        assert!(read_answer(&item(ItemKind::Choice), "no").is_err());
        assert!(read_answer(&item(ItemKind::Text), &"x".repeat(LONGEST_TEXT + 1)).is_err());
    }

    #[test]
    fn a_character_is_counted_once_however_it_is_written() {
        // The same table stands in tests/browser/contact.mjs.
        for (text, counted) in [
            ("", 0),
            ("abc", 3),
            (" abc\r\n ", 3),
            ("a\r\nb\nc\rd", 7),
            ("a\r\n\r\nb", 4),
            ("\u{e9}", 1),
            ("e\u{301}", 1),
            ("Z\u{306}", 2),
            ("\u{1f44d}", 1),
            ("\u{1f44d}\u{1f3fd}", 2),
            ("\u{1112}\u{1161}\u{11ab}", 1),
            ("\u{5e9}\u{5c1}", 2),
        ] {
            assert_eq!(characters(text), counted, "{text:?}");
        }
        let text = item(ItemKind::Text);
        for sign in ["x", "\u{1f44d}", "e\u{301}", "\u{fc}"] {
            assert!(read_answer(&text, &sign.repeat(LONGEST_TEXT)).is_ok(), "{sign}");
            assert!(read_answer(&text, &sign.repeat(LONGEST_TEXT + 1)).is_err(), "{sign}");
        }
        let lines = "x\r\n".repeat(LONGEST_TEXT / 2);
        assert_eq!(read_answer(&text, &lines), Ok(Some("x\n".repeat(LONGEST_TEXT / 2).trim_end().into())));
        assert!(read_answer(&text, &format!("{lines}xx")).is_err());
    }

    #[test]
    fn a_text_that_is_too_long_is_kept_and_keeps_the_answers_from_being_sent() {
        let text = Item { required: false, ..item(ItemKind::Text) };
        let q = Questionnaire {
            id: "q".into(),
            version: "1".into(),
            groups: vec![Group { title: BTreeMap::new(), items: vec![text.clone()] }],
        };
        for (length, kept) in [
            (1, None),
            (LONGEST_TEXT, None),
            (LONGEST_TEXT + 1, Some(LONGEST_TEXT + 1)),
            (7_800, Some(7_800)),
            (90_000, Some(LONGEST_DRAFT)),
        ] {
            for sign in ["x", "\u{fc}", "e\u{301}", "\u{1f44d}"] {
                let found = draft(&text, &sign.repeat(length));
                assert_eq!(found.as_ref().map(|v| characters(v.as_str().unwrap())), kept, "{length} {sign}");
                let answers: Answers = found.into_iter().map(|v| ("q".to_string(), v)).collect();
                assert_eq!(unfinished(&q, &answers).len(), usize::from(kept.is_some()), "{length} {sign}");
            }
        }
        assert_eq!(draft(&item(ItemKind::Scale7), &"7".repeat(9_000)), None);
    }

    #[test]
    fn who_cannot_say_has_answered_where_the_item_allows_it() {
        let allows = |kind| Item { cannot_say: true, ..item(kind) };
        for kind in [ItemKind::Scale7, ItemKind::Scale10, ItemKind::Choice] {
            assert_eq!(read_answer(&allows(kind), CANNOT_SAY), Ok(Some(serde_json::Value::Null)));
            assert!(read_answer(&item(kind), CANNOT_SAY).is_err());
            assert_eq!(read_answer(&allows(kind), ""), Ok(None), "nothing chosen is no answer");
        }
        assert_eq!(read_answer(&allows(ItemKind::Text), CANNOT_SAY), Ok(Some(CANNOT_SAY.into())));
        let q = Questionnaire {
            id: "q".into(),
            version: "1".into(),
            groups: vec![Group { title: BTreeMap::new(), items: vec![allows(ItemKind::Scale7)] }],
        };
        assert_eq!(unfinished(&q, &Answers::new()).len(), 1);
        assert!(unfinished(&q, &BTreeMap::from([("q".to_string(), serde_json::Value::Null)])).is_empty());
    }
}
