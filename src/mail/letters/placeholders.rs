//! Which placeholders the texts of a kind may use, and how values reach the page without being read as anything but text.
//!
//! A template never sees a value. It sees one private-use character per placeholder; Markdown turns that into HTML or
//! plain text like any letter, and only then is the character replaced, escaped for where it stands. So nothing in a
//! contact's name can be a template, Markdown or HTML (S01, S04, S06).

use std::collections::BTreeMap;

use crate::base::sentence::ends_a_sentence;
use crate::rules::message::MessageKind;

/// What the placeholders stand for, by name. Numbers are given as digits.
pub type Values = BTreeMap<&'static str, String>;

/// The one that must stand alone and becomes a button.
pub const LINK: &str = "link";
pub const OPT_OUT: &str = "opt_out_link";
/// The six digits that somebody types to sign.
pub const CODE: &str = "code";
/// Values that may have several lines: a list, and words that somebody else may send.
pub const LIST: &str = "list";
pub const READY: &str = "ready_text";
/// Given to templates as numbers, so that `{% if names == 1 %}` works.
const NUMBERS: [&str; 6] = ["minutes", "accounts", "names", "open_names", "changed_names", "asked"];

/// All names; the position of a name is its character. Every kind takes a part of them.
const ALL: [&str; 47] = [
    "first_name",
    "last_name",
    "full_name",
    "account",
    "client",
    "title",
    "minutes",
    "closing_day",
    "account_manager",
    "sender_name",
    "sender_title",
    "ceo_name",
    "changed_since_last_year",
    OPT_OUT,
    LINK,
    "director_name",
    "accounts",
    "names",
    "opening_day",
    "manager_name",
    "open_names",
    LIST,
    "rate",
    "predecessor",
    "changed_names",
    "sign_by",
    "asked",
    "answers_in",
    "begun",
    CODE,
    "record",
    "for_whom",
    "lost",
    "next",
    READY,
    // Places for columns of the list that are none of ours (`more.rs`).
    "more_1",
    "more_2",
    "more_3",
    "more_4",
    "more_5",
    "more_6",
    "more_7",
    "more_8",
    "more_9",
    "more_10",
    "more_11",
    "more_12",
];
/// The link stands last: the warm-up and the thank-you have all the others.
const INVITED: [&str; 18] = [
    "first_name",
    "last_name",
    "full_name",
    "account",
    "client",
    "title",
    "minutes",
    "closing_day",
    "account_manager",
    "sender_name",
    "sender_title",
    "ceo_name",
    "changed_since_last_year",
    "predecessor",
    "answers_in",
    "begun",
    OPT_OUT,
    LINK,
];
const DIRECTOR: [&str; 14] = [
    "director_name",
    "for_whom",
    "client",
    "title",
    "accounts",
    "names",
    "changed_names",
    LIST,
    LINK,
    "opening_day",
    "sign_by",
    "asked",
    "sender_name",
    "sender_title",
];
const REPAIR: [&str; 9] =
    ["manager_name", "client", "title", "names", "asked", LIST, LINK, "sender_name", "sender_title"];
/// Without a link: whoever is sent on this mail alone can do nothing with it.
const SIGN_CODE: [&str; 8] =
    ["director_name", "client", "title", "accounts", "minutes", CODE, "sender_name", "sender_title"];
const RECEIPT: [&str; 10] =
    ["director_name", "client", "title", "accounts", "names", LIST, LINK, "record", "sender_name", "sender_title"];
/// Without a link: whoever is told where the signatures stand has no page here.
const SUMMARY: [&str; 11] =
    ["full_name", "client", "title", "accounts", "names", "rate", LIST, "lost", "next", "sender_name", "sender_title"];
/// One set for account managers, directors and the sponsor; what is nothing to one of them is empty.
const DIGEST: [&str; 12] = [
    "manager_name",
    "full_name",
    "client",
    "title",
    "open_names",
    LIST,
    "rate",
    "next",
    READY,
    LINK,
    "sender_name",
    "sender_title",
];

/// The names that texts of this kind may use.
pub fn known(kind: MessageKind) -> &'static [&'static str] {
    match kind {
        MessageKind::WarmUp | MessageKind::ThankYou => &INVITED[..INVITED.len() - 1],
        MessageKind::Invitation | MessageKind::Reminder => &INVITED,
        MessageKind::SignOff | MessageKind::CounterSign => &DIRECTOR,
        MessageKind::Digest => &DIGEST,
        MessageKind::Repair => &REPAIR,
        MessageKind::SignCode => &SIGN_CODE,
        MessageKind::Receipt => &RECEIPT,
        MessageKind::SignOffSummary => &SUMMARY,
        // Its words are the program's own.
        MessageKind::Login | MessageKind::PlanApproval | MessageKind::Alarm => &[],
        // An operator writes them.
        MessageKind::DeskAnswer | MessageKind::Forwarded => &[],
        // It has the words of another kind.
        MessageKind::TestLetter => &[],
    }
}

/// Whether a text of this kind is pointless without its link. Weekly lists of rounds that were made before there was one get it with the
/// list.
pub fn needs_link(kind: MessageKind) -> bool {
    kind != MessageKind::Digest && known(kind).contains(&LINK)
}

/// Whether the value of this name may have several lines.
pub fn has_lines(name: &str) -> bool {
    [LIST, READY].contains(&name)
}

/// Whether a text of this kind is pointless without its code.
pub fn needs_code(kind: MessageKind) -> bool {
    known(kind).contains(&CODE)
}

pub fn is_number(name: &str) -> bool {
    NUMBERS.contains(&name)
}

const FIRST: u32 = 0xE100;

/// The character that stands for a name while templates and Markdown are at work.
pub fn sign(name: &str) -> char {
    let place = ALL.iter().position(|n| *n == name).unwrap_or(ALL.len()) as u32;
    char::from_u32(FIRST + place).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn name_of(sign: char) -> Option<&'static str> {
    (sign as u32).checked_sub(FIRST).and_then(|place| ALL.get(place as usize)).copied()
}

/// A text as templates see it: its author cannot write our signs.
pub fn without_signs(source: &str) -> String {
    source.chars().filter(|c| !is_sign(*c)).collect()
}

pub fn is_sign(c: char) -> bool {
    ('\u{E000}'..='\u{F8FF}').contains(&c)
}

/// Replaces the characters by what `spell` makes of the cleaned values. A full stop after a value that ends with one is left out, also
/// where a tag stands between: "at Acme Inc." and not "at Acme Inc..".
pub fn fill(text: &str, values: &Values, mut spell: impl FnMut(&'static str, &str, &mut String)) -> String {
    let mut out = String::with_capacity(text.len() + 256);
    let (mut stopped, mut in_tag) = (false, false);
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match name_of(c) {
            Some(name) => {
                let value = values.get(name).map_or("", String::as_str);
                spell(name, value, &mut out);
                // An empty value leaves what stood before it.
                stopped = if value.is_empty() { stopped } else { ends_a_sentence(value) };
            }
            None if is_sign(c) => {}
            // Dots of an ellipsis are meant.
            None if c == '.' && stopped && !in_tag && letters.peek() != Some(&'.') => stopped = false,
            None => {
                in_tag = (in_tag || c == '<') && c != '>';
                stopped &= in_tag || c == '>';
                out.push(c);
            }
        }
    }
    out
}

/// How long `text` becomes at most, before the work is done.
pub fn filled_length(text: &str, values: &Values) -> usize {
    text.chars().map(|c| name_of(c).and_then(|n| values.get(n)).map_or(c.len_utf8(), String::len)).sum()
}

/// Values without anything that could break a line, hide text or pass for one of our characters.
pub fn clean(values: &Values) -> Values {
    values
        .iter()
        .map(|(name, value)| (*name, if has_lines(name) { clean_lines(value) } else { clean_line(value) }))
        .collect()
}

pub fn clean_line(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            c if c.is_whitespace() || c.is_control() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            // Overrides of direction and invisible characters make a name look like another one.
            '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => {}
            c if is_sign(c) => {}
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn clean_lines(value: &str) -> String {
    value.lines().map(clean_line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_every_kind_has_its_own_sign() {
        for kind in MessageKind::ALL {
            for name in known(kind) {
                assert_eq!(name_of(sign(name)), Some(*name));
            }
        }
    }

    #[test]
    fn a_name_that_ends_with_a_full_stop_gets_no_second() {
        let of = |source: &str, account: &str| {
            let values = Values::from([("account", account.to_string()), ("client", String::new())]);
            let source = source.replace('A', &sign("account").to_string()).replace('C', &sign("client").to_string());
            fill(&source, &values, |_, value, out| out.push_str(value))
        };
        for (source, account, wanted) in [
            ("at A. We", "Acme Inc.", "at Acme Inc. We"),
            ("at A.", "Acme Inc.", "at Acme Inc."),
            ("at A, and", "Acme Inc.", "at Acme Inc., and"),
            ("at A's", "Acme Inc.", "at Acme Inc.'s"),
            ("at <b>A</b>. We", "Acme Inc.", "at <b>Acme Inc.</b> We"),
            ("at AC. We", "Acme Inc.", "at Acme Inc. We"),
            ("at A.", "Yahoo!", "at Yahoo!"),
            ("at A...", "Acme Inc.", "at Acme Inc...."),
            ("at A.", "Acme", "at Acme."),
            ("at A x.", "Acme Inc.", "at Acme Inc. x."),
            ("at A.", "Acme (Ltd.)", "at Acme (Ltd.)"),
            ("<p title=\"A.\">A</p>.", "Acme", "<p title=\"Acme.\">Acme</p>."),
        ] {
            assert_eq!(of(source, account), wanted, "{source}");
        }
    }

    #[test]
    fn s06_values_are_one_line_of_visible_text() {
        assert_eq!(clean_line(" a\r\nBcc: x\u{2028}b\u{85}c\0\u{202E}d\u{E100} "), "a Bcc: x b c d");
    }
}
