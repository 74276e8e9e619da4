//! Placeholders for columns of the list that are none of ours: `{{ more.segment }}`. A text may use a few; each takes a place, and the
//! template engine sees the place only.

use crate::rules::contacts::row::more::placeholder;
use crate::rules::message::MessageKind;
use crate::rules::round::MailText;

use super::placeholders::{OPT_OUT, known, without_signs};
use super::tags::{closed_by, next_tag};

const PREFIX: &str = "more.";

/// As many columns may one text name.
pub const PLACES: [&str; 12] = [
    "more_1", "more_2", "more_3", "more_4", "more_5", "more_6", "more_7", "more_8", "more_9", "more_10", "more_11",
    "more_12",
];

/// Whether this word of a tag is such a placeholder; letters to contacts have them.
pub(super) fn is_more(kind: MessageKind, word: &str) -> bool {
    let name = word.strip_prefix(PREFIX).unwrap_or("");
    known(kind).contains(&OPT_OUT) && !name.is_empty() && name.chars().all(is_letter)
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The columns that a text names, in the order in which they come.
pub fn names(text: &MailText) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for source in [&text.subject, &text.body] {
        rewritten(source, |name| {
            if !names.contains(&name) {
                names.push(name);
            }
            None
        });
    }
    names
}

/// A text as the engine is given it: with places instead of columns.
pub(super) fn placed(source: &str, names: &[String]) -> String {
    rewritten(source, |name| names.iter().position(|known| *known == name).and_then(|at| PLACES.get(at)).copied())
}

fn rewritten(source: &str, mut place: impl FnMut(String) -> Option<&'static str>) -> String {
    let source = without_signs(source);
    let (mut out, mut rest) = (String::with_capacity(source.len()), source.as_str());
    while let Some(start) = next_tag(rest) {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        let close = closed_by(tag);
        let end = tag.get(2..).and_then(|inner| inner.find(close)).map_or(tag.len(), |end| end + 4);
        let (tag, after) = tag.split_at(end);
        if close == "#}" {
            out.push_str(tag);
        } else {
            in_tag(tag, &mut out, &mut place);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn in_tag(tag: &str, out: &mut String, place: &mut impl FnMut(String) -> Option<&'static str>) {
    let mut rest = tag;
    while let Some(at) = rest.find(PREFIX) {
        let (before, word) = rest.split_at(at);
        out.push_str(before);
        let name = word.get(PREFIX.len()..).unwrap_or("");
        let name = name.get(..name.find(|c| !is_letter(c)).unwrap_or(name.len())).unwrap_or("");
        let (word, after) = word.split_at(PREFIX.len() + name.len());
        let begins = !before.ends_with(|c| is_letter(c) || c == '.');
        match place(placeholder(name)).filter(|_| begins) {
            Some(place) => out.push_str(place),
            None => out.push_str(word),
        }
        rest = after;
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_take_places_in_tags_only() {
        let text = MailText {
            subject: "For {{ more.Segment }}".into(),
            body:
                "more.x {# {{ more.y }} #}{% if more.tier and not more.segment %}{{- more.tier -}}{% endif %} {{ more."
                    .into(),
        };
        let names = names(&text);
        assert_eq!(names[..2], ["segment", "tier"]);
        assert_eq!(placed(&text.subject, &names), "For {{ more_1 }}");
        assert!(
            placed(&text.body, &names[..2]).starts_with(
                "more.x {# {{ more.y }} #}{% if more_2 and not more_1 %}{{- more_2 -}}{% endif %} {{ more."
            ),
            "{}",
            placed(&text.body, &names)
        );
        assert!(is_more(MessageKind::Invitation, "more.segment") && !is_more(MessageKind::SignOff, "more.segment"));
        for word in ["more.", "more", "more.a.b", "more.a|upper", "segment"] {
            assert!(!is_more(MessageKind::Invitation, word), "{word}");
        }
    }
}
