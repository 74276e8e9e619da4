//! One text in many spellings: Unicode forms, full-width letters, kinds of spaces and characters that nobody sees.
//!
//! [`shown`] is what is kept and printed, [`compared`] what two spellings of one thing have in common. Plain ASCII costs a look at its
//! bytes.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Zero width, soft hyphen, byte order mark, direction signs, variation selectors and their kin: what Unicode calls ignorable by default.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A (non-)joiner between letters of scripts that join: there it is part of the spelling.
fn joins(c: char, before: Option<char>, after: Option<char>) -> bool {
    let joining = |c: Option<char>| c.is_some_and(|c| ('\u{600}'..'\u{1100}').contains(&c));
    matches!(c, '\u{200c}' | '\u{200d}') && joining(before) && joining(after)
}

/// Without the characters that nobody sees.
pub fn without_unseen(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_unseen) {
        return Cow::Borrowed(text);
    }
    let all: Vec<char> = text.chars().collect();
    let at = |i: usize| all.get(i).copied();
    let seen =
        all.iter().enumerate().filter(|(i, c)| !is_unseen(**c) || joins(**c, i.checked_sub(1).and_then(at), at(i + 1)));
    Cow::Owned(seen.map(|(_, c)| *c).collect())
}

/// As it is kept: composed, without what nobody sees, one plain space between words.
pub fn shown(text: &str) -> String {
    if text.is_ascii() {
        return one_space(text);
    }
    let composed: String = without_unseen(text).nfc().collect();
    one_space(&composed)
}

/// One plain space between words, none around them.
fn one_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Full-width letters, ligatures and the like as the letters they stand for, composed; without what nobody sees.
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| !is_unseen(*c)).nfkc().filter(|c| !is_unseen(*c)).collect())
}

/// What the spellings of one text have in common: [`plain`], lower case, one space between words.
pub fn compared(text: &str) -> String {
    one_space(&plain(&lower(&plain(text))))
}

/// Lower case letter by letter, so that a text is lowered as its parts are; the two small sigmas are one.
pub fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

/// Whether two texts differ only in spelling.
pub fn alike(a: &str, b: &str) -> bool {
    a == b || compared(a) == compared(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_text_are_one() {
        for text in [
            "Müller AG",
            "Mu\u{308}ller AG",
            "Müller\u{a0}AG",
            "Müller\u{200b} AG",
            "\u{feff}MÜLLER  AG ",
            "Ｍüller\u{3000}ＡＧ",
            "Mül\u{ad}ler\u{202f}AG",
        ] {
            assert_eq!(compared(text), "müller ag", "{text:?}");
        }
        assert_ne!(compared("Müller"), compared("Muller"));
        assert_eq!(compared("ΝΊΚΟΣ ΑΕ"), compared("νίκος αε"));
    }

    #[test]
    fn what_is_shown_keeps_its_letters() {
        assert_eq!(shown(" Mu\u{308}ller\u{200b}\u{a0}AG "), "Müller AG");
        assert_eq!(shown("می\u{200c}خواهم"), "می\u{200c}خواهم", "a non-joiner is part of Persian words");
        assert_eq!(shown("Mül\u{200c}ler"), "Müller");
        assert_eq!(shown("東京電機"), "東京電機");
    }
}
