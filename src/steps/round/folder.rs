//! Checking a round's folder as a whole: its files, its schedule, its words. Every fault is named, not only the first.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::intake::files::Files;
use crate::intake::folder::faults::Fault;
use crate::intake::folder::{self, RoundFolder, Unlisted};
use crate::intake::list::{self, CheckedList, Choice};
use crate::mail::letters::{more, rendering, usual};
use crate::rules::calendar::Almanac;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::row::more::placeholder;
use crate::rules::message::MessageKind;
use crate::rules::plan::{Sequence, check_daily_capacity};
use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::{MailText, OCCASIONS, RoundSpec, Words};

/// Reads a round's folder, or says everything that is wrong with it.
pub fn read(dir: &Path) -> Result<RoundFolder, Vec<Fault>> {
    read_as(dir, &Choice::default())
}

/// As [`read`], with what somebody has said about its list.
pub fn read_as(dir: &Path, choice: &Choice) -> Result<RoundFolder, Vec<Fault>> {
    whole(folder::read_as(dir, choice)?)
}

/// The same of files that stand in memory, list and all.
pub(super) fn of_files(files: &Files) -> Result<RoundFolder, Vec<Fault>> {
    let Unlisted { spec, questionnaire, words, list } = folder::read_files(files)?;
    let read = |(file, bytes): (&str, Vec<u8>)| {
        list::read(&bytes, file).map_err(|problem| vec![Fault::new(file, None, problem.to_string())])
    };
    let list = list.map_or_else(|| Ok(CheckedList::default()), read)?;
    whole(RoundFolder { dir: PathBuf::new(), spec, list, questionnaire, words })
}

/// A folder of which every part can be read.
fn whole(folder: RoundFolder) -> Result<RoundFolder, Vec<Fault>> {
    let mut faults = beyond(&folder.spec, &folder.words, &folder.list.accepted, &Almanac::built_in());
    // A list that is still to come has its columns then.
    if !folder.has_no_list() {
        for (language, name, sentence) in columns_missing(&folder) {
            faults.push(Fault::new(&format!("mail/{language}/{name}.md"), None, sentence));
        }
    }
    if faults.is_empty() { Ok(folder) } else { Err(faults) }
}

/// What is wrong with a round that stands in no folder: the same as of one that does. Its list is not looked at.
pub fn check(spec: &RoundSpec, questionnaire: &Questionnaire, words: &Words, almanac: &Arc<Almanac>) -> Vec<Fault> {
    let faults = folder::check(spec, questionnaire, words);
    if faults.is_empty() { beyond(spec, words, &[], almanac) } else { faults }
}

/// What is wrong with values that can be read: a schedule that cannot be kept, texts that cannot be written.
fn beyond(spec: &RoundSpec, words: &Words, people: &[ListedContact], almanac: &Arc<Almanac>) -> Vec<Fault> {
    let wrong = match Sequence::prepare(spec, almanac) {
        Ok(sequence) => check_daily_capacity(spec, &sequence, people).into_iter().collect(),
        Err(wrong) => wrong,
    };
    let mut faults: Vec<Fault> = wrong.into_iter().map(|sentence| Fault::new("round.toml", None, sentence)).collect();
    for (language, name, sentence) in unusable(spec, words) {
        faults.push(Fault::new(&format!("mail/{language}/{name}.md"), None, sentence));
    }
    faults
}

/// Texts that name a column which the list does not have.
fn columns_missing(folder: &RoundFolder) -> Vec<(&str, &str, String)> {
    let rows = folder.list.accepted.iter();
    let columns: BTreeSet<String> = rows.flat_map(|row| row.more.keys()).map(|header| placeholder(header)).collect();
    let shown: Vec<String> = columns.iter().map(|name| format!("`more.{name}`")).collect();
    let known = if shown.is_empty() { "It has none.".into() } else { format!("It has {}.", shown.join(", ")) };
    let mut missing = Vec::new();
    for (language, texts) in &folder.words {
        for (name, text) in texts {
            for column in more::names(text).into_iter().filter(|column| !columns.contains(column)) {
                let sentence = format!(
                    "`{{{{ more.{column} }}}}` names a column of the list that is none of ours, and the list has no such column. {known}"
                );
                missing.push((language.as_str(), name.as_str(), sentence));
            }
        }
    }
    missing
}

/// What is wrong with the texts of a round: language, name, and a sentence, each once.
pub(crate) fn unusable<'a>(spec: &RoundSpec, words: &'a Words) -> Vec<(&'a str, &'a str, String)> {
    let mut wrong = Vec::new();
    for (language, texts) in words {
        for (name, text) in texts {
            let found = kinds(name, spec).into_iter().flat_map(|kind| rendering::check(kind, text));
            for sentence in found {
                let fault = (language.as_str(), name.as_str(), sentence);
                if !wrong.contains(&fault) {
                    wrong.push(fault);
                }
            }
        }
    }
    wrong
}

/// The words that a round goes with where it has no text of this name; none for names that it must have itself.
pub fn usual_text(spec: &RoundSpec, language: &str, name: &str) -> Option<&'static MailText> {
    static NONE: Words = Words::new();
    usual::text(&NONE, language, &spec.language, name).map(|(_, text)| text)
}

/// Of the messages that have this text: `reminder-2` is a reminder, and touches name theirs.
pub(super) fn kinds(name: &str, spec: &RoundSpec) -> Vec<MessageKind> {
    let usual = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
    let of_touches = spec.touches.iter().filter(|t| t.words.as_deref() == Some(name)).map(|t| t.kind);
    let occasion = OCCASIONS.iter().filter(|(n, _)| *n == name).map(|(_, kind)| *kind);
    MessageKind::parse(usual)
        .into_iter()
        .chain(occasion)
        .chain(of_touches)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_names_a_column_which_the_list_does_not_have_is_a_fault() {
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
        let mut folder = folder::read(&demo).unwrap();
        let faults = |folder: &RoundFolder| -> Vec<(String, String)> {
            columns_missing(folder).into_iter().map(|(language, _, said)| (language.to_owned(), said)).collect()
        };
        assert_eq!(faults(&folder), []);
        let (language, texts) = folder.words.iter_mut().next().unwrap();
        let language = language.clone();
        texts.values_mut().next().unwrap().body.push_str("\n\nAs a {{ more.segment }} customer.\n");
        let [(place, said)] = faults(&folder).try_into().unwrap();
        assert_eq!(place, language);
        assert!(said.starts_with("`{{ more.segment }}` names a column") && said.ends_with("It has none."), "{said}");
        // One row with the column is enough; another column is named in its place.
        folder.list.accepted[0].more.insert("Tier".into(), "A".into());
        assert!(faults(&folder)[0].1.ends_with("It has `more.tier`."), "{:?}", faults(&folder));
        folder.list.accepted[0].more.insert("Segment".into(), "Gold".into());
        assert_eq!(faults(&folder), []);
    }
}
