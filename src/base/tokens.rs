//! The secret part of a link, made and read in one place.
//!
//! `HMAC-SHA256(key, purpose, id)`: it can be made again for a retry, it says nothing about the id, and the database holds only its hash.
//! It is written in letters and digits, because mail programs leave other signs off the end of a link, and its last sign checks the others:
//! that tells a link that was cut from one that is unknown. Links as they were written before open the same doors (docs/decisions/0024).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::base32;
use super::seal::{SecretKey, sha256};
use super::spelling::is_unseen;

/// 192 bits.
const BYTES: usize = 24;
/// Five bits a sign.
const SIGNS: usize = (BYTES * 8).div_ceil(5);
/// With the sign that checks them.
const WRITTEN: usize = SIGNS + 1;
/// Six bits a sign.
const WRITTEN_BEFORE: usize = BYTES * 8 / 6;

#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; BYTES]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl SecretKey {
    /// The secret of a link, different for every purpose and id.
    pub fn secret(&self, purpose: &str, id: &str) -> Secret {
        let mut secret = [0; BYTES];
        for (to, from) in secret.iter_mut().zip(self.code(purpose, id)) {
            *to = from;
        }
        Secret(secret)
    }

    /// Six digits that a mail brings and its reader types: the same for the same purpose and id, and kept nowhere.
    pub fn six_digits(&self, purpose: &str, id: &str) -> String {
        let number = self.code(purpose, id).iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    /// The same, as it stands in the link.
    pub fn link(&self, purpose: &str, id: &str) -> String {
        self.secret(purpose, id).text()
    }
}

impl Secret {
    /// 40 lower-case letters and digits.
    pub fn text(&self) -> String {
        let mut text = base32::write(&self.0);
        text.push(check(&text));
        text
    }

    /// In 32 signs, `-` and `_` among them, as links were written until now.
    pub fn text_before(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database keeps. The same for both ways of writing, so that no link of before had to be changed there.
    pub fn hash(&self) -> String {
        sha256(self.text_before())
    }
}

/// The secret in a text, whatever a mail program has left in front of it, behind it, or unseen within it. `None` where a sign of it is
/// missing or was changed.
pub fn read(text: &str) -> Option<Secret> {
    read_now(text).or_else(|| read_before(text))
}

/// What the database keeps of the link with this secret part; of a text that is none, what it keeps of no link.
pub fn hash(text: &str) -> String {
    read(text).map(|secret| secret.hash()).unwrap_or_default()
}

/// Servers and people that change case change all of a link: then it is the same link.
fn read_now(text: &str) -> Option<Secret> {
    let written = leading(text, WRITTEN, is_sign)
        .or_else(|| leading(text, WRITTEN, is_capital_sign).map(|written| written.to_ascii_lowercase()))?;
    let (signs, last) = written.split_at_checked(SIGNS)?;
    if !last.starts_with(check(signs)) {
        return None;
    }
    base32::read(signs)?.try_into().ok().map(Secret)
}

fn read_before(text: &str) -> Option<Secret> {
    let written = leading(text, WRITTEN_BEFORE, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))?;
    // In letters of one case and digits only it is what is left of a link of now: one of two thousand million of before is.
    let is_rest = written.chars().all(is_sign) || written.chars().all(is_capital_sign);
    if is_rest { None } else { URL_SAFE_NO_PAD.decode(written).ok()?.try_into().ok().map(Secret) }
}

fn is_sign(c: char) -> bool {
    base32::value(c).is_some()
}

fn is_capital_sign(c: char) -> bool {
    !c.is_ascii_lowercase() && is_sign(c.to_ascii_lowercase())
}

/// The first so many signs that belong to a secret. One letter or digit more makes it another text; other signs are what stood behind the
/// link.
fn leading(text: &str, count: usize, belongs: impl Fn(char) -> bool) -> Option<String> {
    let mut signs = text.chars().skip_while(|c| !c.is_ascii_alphanumeric() && !belongs(*c));
    let mut taken = String::with_capacity(count);
    while taken.len() < count {
        match signs.next()? {
            c if belongs(c) => taken.push(c),
            c if c.is_whitespace() || c.is_control() || is_unseen(c) => {}
            _ => return None,
        }
    }
    let goes_on = signs.next().is_some_and(|c| c.is_ascii_alphanumeric());
    (!goes_on).then_some(taken)
}

/// The hybrid system of ISO 7064 with 32 signs: one sign that is wrong is always found.
fn check(signs: &str) -> char {
    let product = signs.chars().filter_map(base32::value).fold(32, |product, value| {
        let sum = (product + value) % 32;
        (if sum == 0 { 32 } else { sum }) * 2 % 33
    });
    base32::sign((33 - product) % 32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ids::Ids;
    use super::*;

    /// What mail programs, chat programs and people leave behind a link.
    const BEHIND: [&str; 44] = [
        "/", ".", ",", ";", ":", "!", "?", ")", "]", "}", ">", "(", "[", "{", "<", "\"", "'", "`", "*", "_", "-", "~",
        "|", "\\", "&gt;", "=", "%", "\u{a0}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{ad}",
        "\u{200e}", "\u{3002}", "\u{ff09}", "\u{201d}", "\u{2019}", "\u{bb}", "\u{2026}", " and", "\r\n", "...",
    ];

    fn any_secret() -> impl Strategy<Value = Secret> {
        any::<[u8; BYTES]>().prop_map(Secret)
    }

    #[test]
    fn s18_links_differ_by_purpose_and_id_and_repeat_for_the_same() {
        let key = SecretKey::draw(&Ids::seeded(1));
        assert_eq!(key.link("assessment", "a"), key.link("assessment", "a"));
        assert_ne!(key.link("assessment", "a"), key.link("opt_out", "a"));
        assert_ne!(key.link("assessment", "a"), key.link("assessment", "b"));
        assert_eq!(SecretKey::from_text(&key.to_text()).unwrap().link("x", "y"), key.link("x", "y"));
    }

    #[test]
    fn s18_six_digits_are_as_likely_as_each_other_and_differ_by_key_purpose_and_id() {
        let (key, other) = (SecretKey::draw(&Ids::seeded(1)), SecretKey::draw(&Ids::seeded(2)));
        let mut first_digit = [0_u32; 10];
        for n in 0..5000 {
            let code = key.six_digits("sign-code", &n.to_string());
            assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
            first_digit[usize::from(code.as_bytes()[0] - b'0')] += 1;
        }
        assert!(first_digit.iter().all(|n| (400..600).contains(n)), "{first_digit:?}");
        assert_eq!(key.six_digits("a", "x"), key.six_digits("a", "x"));
        let all =
            [key.six_digits("a", "x"), key.six_digits("a", "y"), key.six_digits("b", "x"), other.six_digits("a", "x")];
        assert!((0..4).all(|i| (0..i).all(|j| all[i] != all[j])), "{all:?}");
    }

    #[test]
    fn what_is_no_link_is_in_no_database() {
        for text in ["", "-", "x", "nothing-like-it", "%2e%2e", "a".repeat(41).as_str(), "é".repeat(40).as_str()] {
            assert_eq!(hash(text), "", "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_link_is_letters_and_digits_and_both_ways_of_writing_are_one(secret in any_secret()) {
            let text = secret.text();
            prop_assert!(text.len() == WRITTEN && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
            prop_assert_eq!(read(&text), Some(secret.clone()));
            prop_assert_eq!(read(&secret.text_before()), Some(secret.clone()));
            prop_assert_eq!(hash(&text), sha256(secret.text_before()));
        }

        #[test]
        fn a_link_in_capital_letters_is_the_same_link(secret in any_secret(), left in 0..WRITTEN, at in 0..WRITTEN, to in "[A-Z2-7]") {
            let text = secret.text().to_ascii_uppercase();
            prop_assert_eq!(read(&text), Some(secret.clone()));
            prop_assert_eq!(read(&format!("{text}.")), Some(secret));
            prop_assert_eq!(read(&text[..left]), None, "what is left of it when it is cut");
            let changed = format!("{}{to}{}", &text[..at], &text[at + 1..]);
            prop_assert_eq!(read(&changed).is_some(), changed == text, "{}", changed);
        }

        #[test]
        fn whatever_stands_around_a_link_it_reads_as_the_link(
            secret in any_secret(),
            behind in prop::collection::vec(prop::sample::select(&BEHIND[..]), 0..4),
            before in prop::sample::select(&["", "<", "(", "\u{200b}", " ", "\"", "%"][..]),
            other in "[^a-zA-Z0-9]?",
        ) {
            for text in [secret.text(), secret.text_before()] {
                let around = format!("{before}{text}{}", behind.concat());
                prop_assert_eq!(read(&around), Some(secret.clone()), "{:?}", around);
                let around = format!("{text}{other}");
                prop_assert_eq!(read(&around), Some(secret.clone()), "{:?}", around);
            }
        }

        #[test]
        fn a_link_that_was_broken_over_lines_reads_as_the_link(
            secret in any_secret(),
            at in 1..WRITTEN,
            what in prop::sample::select(&["\n", "\r\n", " ", "\u{200b}", "\u{ad}"][..]),
        ) {
            let mut text = secret.text();
            text.insert_str(at, what);
            prop_assert_eq!(read(&text), Some(secret));
        }

        #[test]
        fn a_changed_sign_is_never_a_link(secret in any_secret(), at in 0..WRITTEN, to in "[a-zA-Z0-9_.~-]") {
            let text = secret.text();
            let changed = format!("{}{to}{}", &text[..at], &text[at + 1..]);
            prop_assume!(changed != text);
            prop_assert_eq!(read_now(&changed), None, "{}", changed);
            prop_assert_eq!(hash(&changed), "", "{}", changed);
        }

        #[test]
        fn a_missing_sign_is_never_a_link(secret in any_secret(), at in 0..WRITTEN, behind in prop::sample::select(&BEHIND[..])) {
            let text = secret.text();
            let without = format!("{}{}{behind}", &text[..at], &text[at + 1..]);
            prop_assert_eq!(read_now(&without), None, "{}", without);
        }

        #[test]
        fn what_is_left_of_a_link_that_was_cut_is_none(secret in any_secret(), left in 0..WRITTEN) {
            let cut = secret.text()[..left].to_string();
            prop_assert_eq!(read(&cut), None, "{}", cut);
            let before = secret.text_before();
            prop_assert_eq!(read(&before[..left.min(WRITTEN_BEFORE - 1)]), None);
        }

        #[test]
        fn one_letter_more_is_another_text(secret in any_secret(), more in "[a-zA-Z0-9]") {
            for text in [secret.text(), secret.text_before()] {
                prop_assert_eq!(read(&format!("{text}{more}")), None);
                prop_assert_eq!(read_now(&format!("{more}{text}")), None);
            }
        }
    }
}
