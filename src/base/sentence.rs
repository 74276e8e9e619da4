//! How a sentence begins and where it ends. Names bring full stops of their own ("Acme Inc.", "John Smith Jr."); a second one behind them is
//! a mistake.

/// Whether a text ends as a sentence does, so that no full stop follows it.
pub fn ends_a_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', ')', '\u{201d}', '\u{2019}', '»']).ends_with(['.', '…', '!', '?'])
}

/// A text as a sentence of its own: with the full stop that it has, or one.
pub fn with_stop(text: &str) -> String {
    if ends_a_sentence(text) { text.to_string() } else { format!("{text}.") }
}

/// With its first letter as sentences have it; an address at its beginning stays as it is written.
pub fn capitalised(text: &str) -> String {
    if text.split_whitespace().next().is_some_and(|word| word.contains('@')) {
        return text.to_string();
    }
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect())
}

/// A sentence into which names were put, with one full stop where two meet. An ellipsis stays, and so do two dots in a path.
pub fn one_stop(sentence: String) -> String {
    if !sentence.contains("..") {
        return sentence;
    }
    let letters: Vec<char> = sentence.chars().collect();
    let at = |i: usize| letters.get(i).copied();
    let second = |i: usize| {
        let first = i.checked_sub(1).and_then(at);
        let before = i.checked_sub(2).and_then(at);
        let after = at(i + 1);
        first == Some('.')
            && before.is_some_and(|c| c.is_alphanumeric() || c == ')')
            && after.is_none_or(|c| c.is_whitespace() || ['"', '\'', ')', '\u{201d}', '\u{2019}', '<'].contains(&c))
    };
    letters.iter().enumerate().filter(|(i, c)| **c != '.' || !second(*i)).map(|(_, c)| *c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_begins_with_a_capital_whatever_its_letter() {
        for (text, wanted) in [
            ("", ""),
            ("ann", "Ann"),
            ("ärger", "Ärger"),
            ("élan vital", "Élan vital"),
            ("the WAY", "The WAY"),
            ("3 days", "3 days"),
            ("ßa", "SSa"),
            ("ann@x.example is a private mailbox.", "ann@x.example is a private mailbox."),
            ("write to ann@x.example", "Write to ann@x.example"),
        ] {
            assert_eq!(capitalised(text), wanted);
        }
    }

    #[test]
    fn a_name_that_ends_with_a_full_stop_ends_the_sentence() {
        for (said, wanted) in [
            ("The names at Acme Inc.. Look again.", "The names at Acme Inc. Look again."),
            ("Signed for by John Smith Jr..", "Signed for by John Smith Jr."),
            ("“Acme Inc..” is signed", "“Acme Inc.” is signed"),
            ("<b>Acme Inc..</b>", "<b>Acme Inc.</b>"),
            ("and so on...", "and so on..."),
            ("Acme Inc....", "Acme Inc...."),
            ("../config and a/../b", "../config and a/../b"),
            ("1..5", "1..5"),
            ("Ann.", "Ann."),
        ] {
            assert_eq!(one_stop(said.into()), wanted);
        }
        assert_eq!(
            (with_stop("Dr."), with_stop("Ann"), with_stop("Really?")),
            ("Dr.".into(), "Ann.".into(), "Really?".into())
        );
    }
}
