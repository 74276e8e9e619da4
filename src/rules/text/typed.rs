//! Lines that people type: what is kept of one, and from which length it is refused rather than cut; and several said one after another.

use crate::base::sentence::capitalised;

/// A line of a form, in characters.
pub const LONGEST_LINE: usize = 200;

/// As one line, without signs that nobody sees. Nothing is cut.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).collect()
}

/// As people write letters: line by line, without signs that nobody sees; of several empty lines one. Nothing is cut.
pub fn lines(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines() {
        let line: String = line.replace('\t', " ").chars().filter(|c| !c.is_control()).collect();
        let line = line.trim_end();
        if !line.is_empty() || out.last().is_some_and(|last| !last.is_empty()) {
            out.push(line.to_string());
        }
    }
    out.join("\n").trim().to_string()
}

/// What is wrong with the length of a line, in a sentence.
pub fn too_long(text: &str) -> Option<String> {
    let characters = one_line(text).chars().count();
    (characters > LONGEST_LINE).then(|| {
        format!("This has {characters} characters, and at most {LONGEST_LINE} are kept. Shorten it, then save again.")
    })
}

/// Reasons, answers and remarks of whatever form, each as a sentence of its own.
pub fn one_after_another(parts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let said: Vec<String> =
        parts.into_iter().map(|part| as_sentence(part.as_ref())).filter(|s| !s.is_empty()).collect();
    said.join(" ")
}

fn as_sentence(text: &str) -> String {
    let text = text.trim();
    // An address or a code is not a word, and stays as it is.
    let first = text.split_whitespace().next().unwrap_or("").trim_end_matches([':', ',', ';', '.', '?', '!']);
    let is_word = first.chars().all(char::is_alphabetic);
    let mut out = if is_word { capitalised(text) } else { text.to_string() };
    let end = out.trim_end_matches(['\u{201d}', '"', ')', '\u{bb}']);
    if !out.is_empty() && !end.ends_with(['.', '!', '?', '…']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_letter_keeps_its_lines_and_nothing_that_nobody_sees() {
        assert_eq!(lines(" Dear Ann,\u{7}\r\n\r\n\r\nthank you. \n"), "Dear Ann,\n\nthank you.");
        assert_eq!(lines(" Who is\u{7} Ann? \r\n\r\n\r\n\u{1b}[31m Left?\n"), "Who is Ann?\n\n[31m Left?");
        for nothing in ["", " \n\t\r\n", "\u{0}\u{8}"] {
            assert_eq!(lines(nothing), "");
        }
    }

    proptest! {
        #[test]
        fn a_letter_that_was_cleaned_stays_as_it_is(typed in "[ a\n\t\r\u{1}]{0,60}") {
            let once = lines(&typed);
            prop_assert_eq!(lines(&once), once.clone());
            prop_assert!(!once.contains("\n\n\n") && !once.contains('\t'));
        }
    }

    #[test]
    fn what_is_said_one_after_another_has_one_sign_at_each_end() {
        for (parts, said) in [
            (
                vec!["It waits for a working day.", "late: was planned for Fri 29 Jan"],
                "It waits for a working day. Late: was planned for Fri 29 Jan.",
            ),
            (vec!["deferred", "451 4.7.1 greylisted, try again", ""], "Deferred. 451 4.7.1 greylisted, try again."),
            (vec!["it said \u{201c}no.\u{201d}", "ok"], "It said \u{201c}no.\u{201d} Ok."),
            (vec!["anna@x.example is dead"], "anna@x.example is dead."),
            (vec!["", "  "], ""),
            (vec!["Try later!", "why?"], "Try later! Why?"),
        ] {
            assert_eq!(one_after_another(parts), said);
        }
    }

    #[test]
    fn a_line_is_kept_whole_or_refused() {
        let longest = "ü".repeat(LONGEST_LINE);
        assert_eq!((too_long(&longest), one_line(&longest).as_str()), (None, longest.as_str()));
        assert_eq!(too_long(&format!("  {longest}\t\r\n ")), None);
        let wrong = too_long(&"x".repeat(1_100)).unwrap();
        assert!(wrong.starts_with("This has 1100 characters, and at most 200 are kept."), "{wrong}");
        assert_eq!(one_line(" Head \r\n of\t\u{7}Procurement "), "Head of Procurement");
        assert_eq!(one_line(&"x".repeat(1_100)).len(), 1_100);
    }
}
