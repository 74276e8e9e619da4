//! Names as people look for them and as they expect them in order: without case, accents and letters of one language only.
//!
//! One function folds what is kept and what is typed, so that both meet: "omer" finds "Ömer", "strasse" finds "Straße", "mueller" finds
//! "Müller" and "muller" finds "Mueller". [`findable`] says by which words somebody is found, [`sought`] what a search asks for,
//! [`sort_key`] the order.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::spelling::{lower, plain};

/// Letters of a word that count; what is longer is found by its beginning.
const LETTERS: usize = 40;
/// Words of one text that are kept, and of one search that are asked for.
const WORDS: usize = 40;
const ASKED: usize = 8;
/// As many digits as a number is padded to, so that 2 stands before 10.
const DIGITS: usize = 12;

/// Marks on letters of alphabets, which people leave out; those of Indic and other scripts are letters of their own.
fn is_accent(c: char) -> bool {
    is_combining_mark(c)
        && matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
            | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}')
}

/// In lower case, without accents, full-width forms as the letters they stand for, and every letter that other keyboards lack as the
/// letters that are typed for it.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in lower(&plain(text)).nfd().filter(|c| !is_accent(*c)) {
        match c {
            'ß' | 'ẞ' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' | 'ɖ' => out.push('d'),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            'ŧ' => out.push('t'),
            'ŋ' => out.push('n'),
            'ə' => out.push('e'),
            'ƒ' => out.push('f'),
            // The kashida only stretches a word.
            '\u{640}' => {}
            c => out.push(c),
        }
    }
    out
}

/// The letters that are written as two where they cannot be typed: `ü` as `ue`, `å` as `aa`.
fn spelled_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for c in lower(&plain(text)).nfc() {
        match c {
            'ä' => out.push_str("ae"),
            'ö' | 'ø' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'å' => out.push_str("aa"),
            c => out.push(c),
        }
    }
    folded(&out)
}

/// `ue` read as `ü`, and so on: what [`folded`] makes of the other spelling.
fn drawn_together(word: &str) -> String {
    word.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("aa", "a")
}

fn cut(word: &str) -> String {
    word.chars().take(LETTERS).collect()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty())
}

/// Scripts that put no spaces between words: what stands in the middle is looked for as well.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// The words of a name: each by itself, what signs hold together as one word too, and in both spellings.
fn add_name(text: &str, words: &mut BTreeSet<String>) {
    let mut add = |text: &str| {
        for chunk in text.split_whitespace() {
            let each: Vec<&str> = parts(chunk).collect();
            words.extend(each.iter().map(|word| cut(word)));
            if each.len() > 1 {
                words.insert(cut(&each.concat()));
            }
            for word in each.iter().filter(|word| word.chars().any(is_unspaced)) {
                words.extend(word.char_indices().skip(1).map(|(at, _)| cut(word.get(at..).unwrap_or_default())));
            }
        }
    };
    let plainly = folded(text);
    add(&plainly);
    let together = drawn_together(&plainly);
    if together != plainly {
        add(&together);
    }
    if !text.is_ascii() {
        let out = spelled_out(text);
        if out != plainly {
            add(&out);
        }
    }
}

/// By which words something is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findable {
    /// All of them, each behind a space: whatever holds `" wor"` has a word that begins so.
    pub text: String,
    /// Those that a search begins with.
    pub words: Vec<String>,
}

/// What makes somebody or something findable: names, and an address or an empty text. The last label of its domain (`com`) is a word of
/// very many and is only compared, never looked up.
pub fn findable(names: &[&str], address: &str) -> Findable {
    let mut words = BTreeSet::new();
    for name in names {
        add_name(name, &mut words);
    }
    let address = folded(address);
    let mut of_address: Vec<&str> = parts(&address).collect();
    let last = if address.contains('@') { of_address.pop() } else { None };
    words.extend(of_address.into_iter().map(cut));
    let words: Vec<String> = words.into_iter().take(WORDS).collect();
    let mut text = String::new();
    for word in words.iter().map(String::as_str).chain(last) {
        text.push(' ');
        text.push_str(word);
    }
    Findable { text, words }
}

/// What is looked for: beginnings of words, all of which must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// Those by one of which a search may begin; empty where nothing was typed that could be found.
    pub telling: Vec<String>,
    pub all: Vec<String>,
}

impl Findable {
    /// Whether each of the words begins one of these.
    pub fn has(&self, sought: &Sought) -> bool {
        !sought.telling.is_empty() && sought.all.iter().all(|word| self.text.contains(&format!(" {word}")))
    }
}

/// Behind every text that begins with this word.
pub fn end_of(word: &str) -> String {
    format!("{word}\u{10ffff}")
}

/// What a person has typed into a search.
pub fn sought(typed: &str) -> Sought {
    let typed = folded(typed);
    let mut sought = Sought::default();
    for chunk in typed.split_whitespace() {
        // "O'Brien" and "O’Brien" are found as one word.
        let bare: String = chunk.chars().filter(|c| !matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')).collect();
        let words: Vec<String> = parts(&bare).map(cut).collect();
        let is_address = words.len() > 1 && bare.contains(['@', '.']);
        let telling = if is_address { words.len() - 1 } else { words.len() };
        sought.telling.extend(words.iter().take(telling).cloned());
        sought.all.extend(words);
    }
    sought.telling.truncate(ASKED);
    sought.all.truncate(ASKED);
    sought
}

/// The order in which people expect names: as [`folded`], signs as spaces, numbers by their size.
pub fn sort_key(text: &str) -> String {
    let folded = folded(text);
    let mut out = String::with_capacity(folded.len() + DIGITS);
    let mut rest = folded.as_str();
    while let Some(c) = rest.chars().next() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            let number = rest.get(..digits).unwrap_or_default().trim_start_matches('0');
            out.extend(std::iter::repeat_n('0', DIGITS.saturating_sub(number.len())));
            out.push_str(number);
        } else if c.is_alphanumeric() || is_combining_mark(c) {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        rest = rest.get(digits.max(c.len_utf8())..).unwrap_or_default();
    }
    out.truncate(out.trim_end().len());
    out
}

/// Of a person, by last name, then first name.
pub fn person_key(first: &str, last: &str) -> String {
    // Below a space: a shorter name stands first.
    format!("{}\t{}", sort_key(last), sort_key(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the search finds somebody of this name and address, as the database does it.
    fn finds(typed: &str, name: &str, address: &str) -> bool {
        let (sought, there) = (sought(typed), findable(&[name], address));
        let found = |by: &String| there.words.iter().any(|w| w >= by && *w < end_of(by));
        // Whichever word the search begins by.
        there.has(&sought) && sought.telling.iter().all(found)
    }

    #[test]
    fn what_is_typed_finds_what_is_kept() {
        for (typed, name) in [
            ("ömer", "Ömer Çelik"),
            ("omer", "ÖMER ÇELİK"),
            ("celik", "Ömer Çelik"),
            ("ÇELİK", "Ömer Çelik"),
            ("isik", "Işık"),
            ("IŞIK", "ışık"),
            ("strasse", "Straße"),
            ("STRASSE", "straße"),
            ("straße", "Strasse"),
            ("sorensen", "Sørensen"),
            ("soerensen", "Sørensen"),
            ("sørensen", "Soerensen"),
            ("mueller", "Müller"),
            ("muller", "Mueller"),
            ("müller", "Mueller"),
            ("müller", "Mu\u{308}ller"),
            ("lodz", "Łódź"),
            ("dordevic", "Đorđević"),
            ("aeroskobing", "Ærøskøbing"),
            ("aarhus", "Århus"),
            ("arhus", "Aarhus"),
            ("thorsson", "Þórsson"),
            ("Ｔｏｙｏ", "Toyo KK"),
            ("toyo", "Ｔｏｙｏ\u{3000}ＫＫ"),
            ("νικος", "Νίκος"),
            ("ΝΊΚΟΣ", "νίκος"),
            ("елкин", "Ёлкин"),
            ("電機", "東京電機"),
            ("o'brien", "Siobhán O’Brien"),
            ("obrien", "Siobhán O'Brien"),
            ("brien", "Siobhán O'Brien"),
            ("siobhan obr", "Siobhán O'Brien"),
            ("moore-powell", "Moore-Powell"),
            ("moorepowell", "Moore-Powell"),
            ("pow moo", "Moore-Powell"),
            ("nguyen", "Nguyễn Văn Đức"),
            ("duc", "Nguyễn Văn Đức"),
        ] {
            assert!(finds(typed, name, ""), "{typed} should find {name}: {:?}", findable(&[name], ""));
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for (typed, name) in [
            ("owell", "Moore-Powell"),
            ("joe", "John"),
            ("anna berg", "Anna Stein"),
            ("%", "Anna"),
            ("_", "Anna"),
            ("", "Anna"),
        ] {
            assert!(!finds(typed, name, "a@b.example"), "{typed} should not find {name}");
        }
    }

    #[test]
    fn addresses_are_found_from_the_start_of_each_word() {
        let there = ("Bernd Ōkubo", "b.okubo@Moore-Powell.example");
        for typed in ["b.okubo@moore-powell.example", "b.okubo@", "okubo@moo", "moore-powell.example", "bernd moore"] {
            assert!(finds(typed, there.0, there.1), "{typed}");
        }
        assert!(finds("bp.com", "Ann Lee", "ann.lee@bp.com"), "the last label is compared");
        assert!(!finds("com", "Ann Lee", "ann.lee@bp.com"), "and is nothing to begin with");
        assert!(!finds("okubo@acme", there.0, there.1));
    }

    #[test]
    fn lists_sort_as_people_do() {
        let order = |names: &[&str]| {
            let mut sorted = names.to_vec();
            sorted.sort_by_key(|name| sort_key(name));
            sorted.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        for right in [
            ["Account 2", "Account 10", "Account 100"],
            ["Plant 7b", "Plant 07c", "Plant 12"],
            ["abel", "Ångström", "Beta"],
            ["Moore", "Moore-Powell", "Moores"],
            ["Zebra", "Ömer", "Übel"].map(|n| if n == "Zebra" { "Nord" } else { n }),
        ] {
            let mut mixed = right.to_vec();
            mixed.reverse();
            assert_eq!(order(&mixed), right);
        }
        assert!(person_key("Zoe", "Berg") < person_key("Adam", "Berger"));
        assert_eq!(sort_key("  Hansa -- Werke  "), "hansa werke");
        assert_eq!(sort_key("1234567890123456"), "1234567890123456", "a longer number stays whole");
    }
}
