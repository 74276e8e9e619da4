//! Text of others on a terminal or in the log: signs that steer a terminal or turn text around are shown by their number, not obeyed.

use std::borrow::Cow;
use std::fmt::Write;

/// Moves the cursor, changes the direction of the text, or cannot be seen at all. Joiners that scripts and emoji need are none of these.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// For people: `<U+202E>`. Line breaks and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, |c| is_hidden(c) && c != '\n' && c != '\t', |c, out| _ = write!(out, "<U+{:04X}>", u32::from(c)))
}

/// The same on one line.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    replaced(text, is_hidden, |c, out| match c {
        '\n' => out.push_str("\\n"),
        '\t' => out.push(' '),
        c => _ = write!(out, "<U+{:04X}>", u32::from(c)),
    })
}

/// For JSON, in whose texts alone such signs can stand: `\u202e`, which reads back as what it was.
pub fn visible_json(json: &str) -> Cow<'_, str> {
    replaced(
        json,
        |c| is_hidden(c) && !matches!(c, '\n' | '\t' | '\r'),
        |c, out| {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        },
    )
}

fn replaced(text: &str, is_meant: impl Fn(char) -> bool, by: impl Fn(char, &mut String)) -> Cow<'_, str> {
    // Almost all text is of this kind.
    if !text.contains(&is_meant) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_meant(c) { by(c, &mut out) } else { out.push(c) }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s31_signs_that_steer_a_terminal_are_shown() {
        for (text, shown) in [
            ("a\u{202e}gnp.exe", "a<U+202E>gnp.exe"),
            ("\u{2066}x\u{2069}", "<U+2066>x<U+2069>"),
            ("\u{1b}[2J\u{7}", "<U+001B>[2J<U+0007>"),
            ("\u{9b}31m", "<U+009B>31m"),
            ("a\rb\u{8}", "a<U+000D>b<U+0008>"),
            ("\u{feff}\u{200b}\u{e0041}", "<U+FEFF><U+200B><U+E0041>"),
            ("two\nlines\there", "two\nlines\there"),
            ("Ömer Yıldız 日本 👩\u{200d}💻 مى\u{200c}خواهم", "Ömer Yıldız 日本 👩\u{200d}💻 مى\u{200c}خواهم"),
        ] {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(visible_line("a\nb\tc\u{1b}"), "a\\nb c<U+001B>");
    }

    #[test]
    fn s31_json_stays_json_and_says_the_same() {
        let value = serde_json::json!({ "name": "a\u{202e}b\u{9b}\u{e0041}\n\u{1b}", "ö": ["\u{feff}"] });
        let text = serde_json::to_string_pretty(&value).unwrap();
        let shown = visible_json(&text);
        assert!(!shown.contains(|c| is_hidden(c) && c != '\n'), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}
