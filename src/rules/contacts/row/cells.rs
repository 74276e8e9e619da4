//! The text of one cell: tidied on the way in, made harmless for spreadsheet programs on the way out (S05).
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@` and a few others as a formula. Every export puts a `'`
//! before such a cell and every import takes exactly one away, so that what goes out comes back unchanged.

use std::borrow::Cow;

use crate::base::spelling::plain;
use crate::base::visible::is_hidden;

/// Whether a spreadsheet program may take this text for a formula.
fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'])
}

/// Where a program that parts cells by another sign than ours begins a new one.
const PARTS: [char; 6] = [';', '\t', '|', '\n', '\r', '\u{b}'];

/// The same behind quotes of ours, and behind signs that a program may drop because nobody sees them.
fn may_run(text: &str) -> bool {
    let unseen = |c: char| c == '\'' || c.is_whitespace() || is_hidden(c);
    begins_formula(text.trim_start_matches('\'')) || begins_formula(text.trim_start_matches(unseen))
}

/// Every piece of the cell that a program may take for a cell of its own, with where it begins.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let begins = std::iter::once(0).chain(text.match_indices(PARTS).map(|(at, mark)| at + mark.len()));
    begins.filter_map(|at| Some((at, text.get(at..)?)))
}

/// The cell as an export writes it.
pub fn neutralised(text: &str) -> Cow<'_, str> {
    let at: Vec<usize> = pieces(text).filter(|(_, piece)| may_run(piece)).map(|(at, _)| at).collect();
    if at.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = text.to_string();
    for at in at.into_iter().rev() {
        out.insert(at, '\'');
    }
    Cow::Owned(out)
}

/// The cell as it was before [`neutralised`].
pub fn original(text: &str) -> Cow<'_, str> {
    let quoted = |piece: &str| piece.strip_prefix('\'').is_some_and(may_run);
    let at: Vec<usize> = pieces(text).filter(|(_, piece)| quoted(piece)).map(|(at, _)| at).collect();
    if at.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = text.to_string();
    for at in at.into_iter().rev() {
        out.remove(at);
    }
    Cow::Owned(out)
}

/// Whether the cell is a formula, as against a negative number, a telephone number or a dash.
pub fn is_formula(text: &str) -> bool {
    let mut rest = text.chars();
    let Some(first) = rest.next() else { return false };
    begins_formula(text)
        && match first {
            '+' | '-' | '＋' | '－' => {
                rest.as_str().chars().any(|c| !(c.is_numeric() || c.is_whitespace() || "+-–—().,/%€$£".contains(c)))
            }
            _ => !rest.as_str().trim().is_empty(),
        }
}

/// Printable ASCII, trimmed, that no spreadsheet program takes for a formula: nothing in it needs a closer look.
pub fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|b| (b' '..=b'~').contains(b) && !b";|".contains(b))
        && bytes.first().is_none_or(|b| !b" '=+-@".contains(b))
        && bytes.last() != Some(&b' ')
}

/// Whether the text would start a new line in a header or a letter.
pub fn breaks_line(text: &str) -> bool {
    text.contains(['\r', '\n', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'])
}

/// Without the characters that no one can see and no name has. Those above ASCII are what is left of a letter that was read in a wrong
/// encoding: they stay as lost.
pub fn without_controls(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let unseen = |c: char| c.is_control() && !breaks_line(c.encode_utf8(&mut [0; 4]));
    if !text.contains(unseen) {
        return Cow::Borrowed(text);
    }
    let keep = |c: char| match c {
        c if !unseen(c) => Some(c),
        c if c.is_ascii() => None,
        _ => Some('\u{fffd}'),
    };
    Cow::Owned(text.chars().filter_map(keep).collect())
}

/// Letters that an encoding lost on the way: the replacement character, a `?` inside a word, or UTF-8 read as Windows-1252.
pub fn lost_character(text: &str, question_marks: bool) -> bool {
    if text.is_ascii() {
        return question_marks && text.contains('?');
    }
    let twice_encoded = || {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek().copied().unwrap_or(' ');
            if matches!(c, 'Ã' | 'Â') && ('\u{80}'..='\u{bf}').contains(&next) || c == 'â' && next == '€' {
                return true;
            }
        }
        false
    };
    text.contains('\u{fffd}') || question_marks && text.contains('?') || twice_encoded()
}

/// What a finding quotes of a cell: one line, not longer than a line.
pub fn quoted(text: &str) -> String {
    let mut out: String = text
        .chars()
        .take(120)
        .map(|c| if c.is_control() || breaks_line(c.encode_utf8(&mut [0; 4])) { ' ' } else { c })
        .collect();
    if out.len() < text.len() && text.chars().nth(120).is_some() {
        out.push('…');
    }
    out
}

/// Lower case, without accents, spaces and signs: the spelling in which words are compared. Scripts without case stay.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        out.extend(text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase() as char));
        return out;
    }
    for c in plain(text).chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ă' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'ı' => out.push('i'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => out.push('o'),
            'ù' | 'ú' | 'û' | 'ü' | 'ű' | 'ů' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ś' | 'š' | 'ş' => out.push('s'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ł' => out.push('l'),
            'ð' | 'ď' => out.push('d'),
            'ř' => out.push('r'),
            'ť' => out.push('t'),
            c if c.is_alphanumeric() => out.push(c),
            _ => {}
        }
    }
    out
}

/// [`folded`], with `ae`, `oe` and `ue` as the one letter that they often stand for: the spelling in which names are compared.
pub fn folded_name(text: &str) -> String {
    if !text.is_ascii() {
        return folded(text).replace("ae", "a").replace("oe", "o").replace("ue", "u");
    }
    // Most names are ASCII and come by the hundred thousand.
    let (mut out, mut before) = (String::with_capacity(text.len()), ' ');
    for c in text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()) {
        if !(c == 'e' && matches!(before, 'a' | 'o' | 'u')) {
            out.push(c);
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_plain_letters_are_folded_as_all_others() {
        for text in
            ["Mueller", "MÜLLER", "Joerg", "Sue", "Bae", "Aee", "Michael", "O'Neil", "Anna-Maria", "uee", "aoe", "x1"]
        {
            let slowly = folded(text).replace("ae", "a").replace("oe", "o").replace("ue", "u");
            assert_eq!(folded_name(text), slowly, "{text}");
        }
        assert_eq!(folded_name("Mueller"), folded_name("Müller"));
    }

    #[test]
    fn s05_every_cell_comes_back_as_it_went_out() {
        for text in [
            "=1+1",
            "+49 30 123",
            "-5",
            "@SUM(1)",
            "\tx",
            "\rx",
            "\0x",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "'=1",
            "''=1",
            "'quoted'",
            "O'Hara",
            "'",
            "",
            "plain",
        ] {
            let out = neutralised(text);
            assert!(!begins_formula(&out), "{text:?}");
            assert_eq!(original(&out), text);
        }
        assert_eq!(neutralised("O'Hara"), "O'Hara");
    }

    #[test]
    fn s05_a_formula_behind_another_programs_separator_or_an_unseen_sign_is_harmless_too() {
        for (text, out) in [
            ("a;=1+1", "a;'=1+1"),
            ("a\t@SUM(1)", "a\t'@SUM(1)"),
            ("a; =1", "a;' =1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("\u{a0}+cmd", "'\u{a0}+cmd"),
            ("a;\u{200b}=1;-2", "a;'\u{200b}=1;'-2"),
            ("x\n=1", "x\n'=1"),
            ("a|=1", "a|'=1"),
            ("Head of R&D; EMEA", "Head of R&D; EMEA"),
            ("a=b;c-d", "a=b;c-d"),
        ] {
            assert_eq!(neutralised(text), out);
            assert_eq!(original(out), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn s05_what_goes_out_comes_back_unchanged(text in "[a'=+@\\-;|\t\n\r \u{200b}\u{feff}\u{a0}\0]{0,12}") {
            let out = neutralised(&text).into_owned();
            for (_, piece) in pieces(&out) {
                let bare = piece.trim_start_matches(|c: char| c.is_whitespace() || is_hidden(c));
                proptest::prop_assert!(!begins_formula(bare), "{text:?} became {out:?}");
            }
            let back = original(&out).into_owned();
            proptest::prop_assert_eq!(back, text);
        }
    }

    #[test]
    fn numbers_and_telephones_are_no_formulas() {
        for text in ["-5", "+49 (30) 123-45", "-", "plain", "", "a=b"] {
            assert!(!is_formula(text), "{text}");
        }
        for text in ["=HYPERLINK(\"x\")", "+1+cmd|' /C calc'!A0", "@SUM(1+1)", "-2+A1", "＝1"] {
            assert!(is_formula(text), "{text}");
        }
    }

    #[test]
    fn tells_lost_letters_from_real_ones() {
        assert!(
            lost_character("M\u{fffd}ller", false)
                && lost_character("MÃ¼ller", false)
                && lost_character("M?ller", true)
        );
        assert!(!lost_character("Müller", true) && !lost_character("São", true) && !lost_character("Why?", false));
    }
}
