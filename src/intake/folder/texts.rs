//! `mail/<language>/*.md`: the words of the mails, a subject line and a body in Markdown each.
//!
//! Whether their placeholders exist is checked where mails are rendered; here only that every mail has words, and none says
//! the banned one.

use std::collections::BTreeMap;

use crate::intake::files::{ROUND, Source};
use crate::rules::contacts::row::whereabouts::places;
use crate::rules::message::MessageKind;
use crate::rules::round::{MailText, OCCASIONS, Words, says_banned_word};

use super::faults::{Fault, nearest};
use super::spec::SpecSummary;
use super::text_names::is_usual;

pub use super::text_names::{REQUIRED, name};

/// Reads all texts; `said` is what the round says about them.
pub fn read(from: Source<'_>, said: &SpecSummary, faults: &mut Vec<Fault>) -> Words {
    let language = said.language.as_str();
    let mut words = Words::new();
    for (folder, is_folder) in from.entries("mail", faults) {
        let place = format!("mail/{folder}");
        if !is_folder {
            faults.push(Fault::new(
                &place,
                None,
                "This file belongs to no language. Put it into a folder such as mail/en, or remove it.",
            ));
            continue;
        }
        if !places::is_language_code(&folder) {
            let meant = places::language(&folder).map_or("en, de or fr, for example".to_owned(), |code| code);
            faults.push(Fault::new(
                &place,
                None,
                format!("{folder} is not a language code. Rename the folder to {meant}."),
            ));
            continue;
        }
        words.insert(folder.clone(), in_language(from, &place, said, faults));
    }
    let required = REQUIRED.map(MessageKind::as_str);
    let there = words.get(language).cloned().unwrap_or_default();
    for name in required.into_iter().filter(|n| !language.is_empty() && !there.contains_key(*n)) {
        let file = format!("mail/{language}/{name}.md");
        if !faults.iter().any(|f| f.file == file) {
            faults.push(Fault::new(
                &file,
                None,
                "This file is missing. Write a line `Subject: …`, a blank line, and the text.",
            ));
        }
    }
    for (name, line) in said.words.iter().filter(|(n, _)| !language.is_empty() && !there.contains_key(*n)) {
        let file = format!("mail/{language}/{name}.md");
        if !faults.iter().any(|f| f.file == file) {
            let message = format!("`touch.words` is “{name}”, and {file} is missing. Write it, or correct the name.");
            faults.push(Fault::new(ROUND, Some(*line), message));
        }
    }
    words
}

fn in_language(
    from: Source<'_>,
    place: &str,
    said: &SpecSummary,
    faults: &mut Vec<Fault>,
) -> BTreeMap<String, MailText> {
    let mut texts = BTreeMap::new();
    for (file, is_folder) in from.entries(place, faults) {
        let path = format!("{place}/{file}");
        let stem = file.strip_suffix(".md").filter(|s| !is_folder && (is_usual(s) || said.words.contains_key(*s)));
        let Some(name) = stem else {
            let known = REQUIRED.map(MessageKind::as_str);
            let message = match nearest(file.trim_end_matches(".md").trim_end_matches(".txt"), known) {
                Some(meant) => format!("No mail has this name. Rename it to {meant}.md, or remove it."),
                None => format!(
                    "No mail has this name. Remove it; the names are {}, reminder-2, reminder-3 and so on, {}, and those that a touch asks for with `words`.",
                    known.join(", "),
                    OCCASIONS.map(|(name, _)| name).join(", ")
                ),
            };
            faults.push(Fault::new(&path, None, message));
            continue;
        };
        match from.text(&path) {
            Err(fault) => faults.push(fault),
            Ok(text) => {
                if let Some(text) = parse(&path, &text, faults) {
                    texts.insert(name.to_owned(), text);
                }
            }
        }
    }
    texts
}

fn parse(path: &str, text: &str, faults: &mut Vec<Fault>) -> Option<MailText> {
    let before = faults.len();
    let mut fault = |line: u64, message: &str| faults.push(Fault::new(path, Some(line), message));
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let subject = first.strip_prefix("Subject:").map(str::trim);
    if subject.is_none_or(str::is_empty) {
        fault(1, "The first line is not a subject. Write `Subject: ` and the subject of the mail.");
    }
    let (blank, body) = rest.split_once('\n').unwrap_or((rest, ""));
    if !blank.trim().is_empty() {
        fault(2, "The second line is not blank. Put a blank line between the subject and the text.");
    }
    if body.trim().is_empty() {
        fault(3, "There is no text. Write it below the blank line.");
    }
    for (at, _) in text.lines().enumerate().filter(|(_, l)| says_banned_word(l)) {
        fault(at as u64 + 1, "This line says “survey”. Write “assessment”, or what it is about.");
    }
    (faults.len() == before).then(|| MailText {
        subject: subject.unwrap_or("").to_owned(),
        body: body.trim_matches('\n').trim_end().to_owned(),
    })
}

/// The file of a text.
pub fn format(text: &MailText) -> String {
    format!("Subject: {}\n\n{}\n", text.subject, text.body)
}
