//! A sentence that is written for both ways in, as it stands on a page: without what can be typed on a command line only.
//!
//! Whoever refuses something says the next step once, with the options of the command. On a page nobody can type them: an alternative that is
//! one goes ("or with --sheet X"), a bracket that holds one goes, and so does a sentence that is about nothing else.

/// The first words of our commands, as sentences name them between backticks.
const COMMANDS: [&str; 14] = [
    "soundings",
    "round",
    "list",
    "mail",
    "sending",
    "user",
    "key",
    "export",
    "doctor",
    "serve",
    "reconcile",
    "backup",
    "check-config",
    "dkim",
];

/// The text without options and commands.
pub fn in_a_browser(text: &str) -> String {
    if !is_of_a_terminal(text) {
        return text.to_string();
    }
    let kept: Vec<String> = sentences(text)
        .into_iter()
        .map(|sentence| without_options(sentence.trim()))
        .filter(|sentence| !is_of_a_terminal(sentence))
        .collect();
    kept.join(" ")
}

/// Whether it names an option or a command of ours.
pub fn is_of_a_terminal(text: &str) -> bool {
    let ours = without_quotations(text);
    has_option(&ours) || commands(&ours).next().is_some()
}

/// Without what somebody's file says, which stands between “ and ”.
fn without_quotations(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .filter(|c| {
            inside = *c == '\u{201c}' || inside && *c != '\u{201d}';
            !inside
        })
        .collect()
}

/// `--` with a letter behind it, at the beginning of a word.
fn has_option(text: &str) -> bool {
    text.match_indices("--").any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + 2..).and_then(|after| after.chars().next());
        before.is_none_or(|c| c.is_whitespace() || ['`', '(', '['].contains(&c))
            && after.is_some_and(|c| c.is_ascii_lowercase())
    })
}

/// What stands between backticks and begins as a command does.
fn commands(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2).filter(|quoted| {
        let first = quoted.split_whitespace().next().unwrap_or_default();
        COMMANDS.contains(&first)
    })
}

/// A sentence ends at a stop before a space, outside of what is quoted.
fn sentences(text: &str) -> Vec<&str> {
    let (mut all, mut from, mut open) = (Vec::new(), 0, Quotes::default());
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        open.pass(c);
        let next = letters.peek().map(|(_, next)| *next);
        if ['.', '?', '!'].contains(&c) && open.none() && next.is_none_or(char::is_whitespace) {
            let end = at + c.len_utf8();
            all.extend(text.get(from..end));
            from = end;
        }
    }
    all.extend(text.get(from..).filter(|rest| !rest.trim().is_empty()));
    all
}

/// Which quotation marks are open.
#[derive(Default)]
struct Quotes {
    ticks: bool,
    straight: bool,
    curly: bool,
}

impl Quotes {
    fn pass(&mut self, c: char) {
        match c {
            '`' => self.ticks = !self.ticks,
            '"' => self.straight = !self.straight,
            '\u{201c}' => self.curly = true,
            '\u{201d}' => self.curly = false,
            _ => {}
        }
    }

    fn none(&self) -> bool {
        !(self.ticks || self.straight || self.curly)
    }
}

/// Without "or with --encoding X" and without brackets that hold an option or a command.
fn without_options(sentence: &str) -> String {
    let mut text = sentence.to_string();
    while let Some(at) = [" or with --", " or as in --"].into_iter().filter_map(|or| text.find(or)).min() {
        let rest = text.get(at + 1..).unwrap_or_default();
        let length = end_of_alternative(rest).unwrap_or(rest.len());
        text.replace_range(at..at + 1 + length, "");
    }
    let mut from = 0;
    while let Some((start, end)) = bracket(&text, from) {
        match text.get(start..end).is_some_and(is_of_a_terminal) {
            true => text.replace_range(start..end, ""),
            false => from = end,
        }
    }
    text
}

/// Where "or with --column email="A, B"" ends: at a comma, a semicolon or the last stop, outside of quotation marks.
fn end_of_alternative(text: &str) -> Option<usize> {
    let mut open = Quotes::default();
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        open.pass(c);
        let next = letters.peek().map(|(_, next)| *next);
        if open.none() && ([',', ';'].contains(&c) || (c == '.' && next.is_none_or(char::is_whitespace))) {
            return Some(at);
        }
    }
    None
}

/// A bracket with the space before it, from this place on.
fn bracket(text: &str, from: usize) -> Option<(usize, usize)> {
    let start = from + text.get(from..)?.find(" (")?;
    let end = start + text.get(start..)?.find(')')? + 1;
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_and_brackets_go_and_the_rest_of_the_sentence_stays() {
        for (said, on_a_page) in [
            (
                "Nothing of the kind (as it was) is said. Try again.",
                "Nothing of the kind (as it was) is said. Try again.",
            ),
            (
                "Say which is meant, on the page “Columns” or with --column email=\"E-Mail, 2.\", or remove the others.",
                "Say which is meant, on the page “Columns”, or remove the others.",
            ),
            (
                "If that is meant, choose it on the page “Columns” or with --sheet \"Kontakte 2027\".",
                "If that is meant, choose it on the page “Columns”.",
            ),
            (
                "Load one part after the other; each but the first is said to be one of several (`--keep-others`).",
                "Load one part after the other; each but the first is said to be one of several.",
            ),
            (
                "Look at (the) first row. Then `list reason r ann@x.example \"...\"` gives it. Tell her.",
                "Look at (the) first row. Tell her.",
            ),
            (
                "Add one, or say which it is, on the page “Columns” or as in --column email=\"x\".",
                "Add one, or say which it is, on the page “Columns”.",
            ),
            ("If it is the right one, add --remove-everybody.", ""),
            ("`soundings user list` names them all.", ""),
            ("Did you mean `{{ first_name }}`? Correct it.", "Did you mean `{{ first_name }}`? Correct it."),
            ("a -- b and x--y are no options. Nor is “a. --b”.", "a -- b and x--y are no options. Nor is “a. --b”."),
            ("“a --b” is kept. Or say it with --c.", "“a --b” is kept."),
        ] {
            assert_eq!(in_a_browser(said), on_a_page);
        }
    }

    #[test]
    fn nothing_of_a_terminal_is_left_of_any_text() {
        for text in [
            "or with --",
            " or with --x",
            "a (`list x` b",
            "`list",
            "a ` or with --b` c (--d) (--e",
            "é or with --é (--é)",
        ] {
            assert!(!is_of_a_terminal(&in_a_browser(text)), "{text}");
        }
    }
}
