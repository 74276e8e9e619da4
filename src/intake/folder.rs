//! A round folder: `round.toml`, `contacts.csv` (or a workbook), `questionnaire.toml` and `mail/<language>/*.md`, read as one thing.
//!
//! All faults of all files are told at once. What is wrong with single rows of the list is not a fault of the folder: those
//! are findings, and the other rows can go on.

pub mod faults;
pub mod schema;
pub mod spec;
pub mod signers;
mod values;
pub mod questions;
pub mod text_names;
pub mod texts;
pub mod invented;
pub mod export;
pub mod typed;
pub mod zipped;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::rules::contacts::row::Field;
use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::{RoundSpec, Words};

use self::schema::TomlSheet;
use super::files::{CONTACTS, Files, QUESTIONNAIRE, ROUND, Source};
use super::list::{self, CheckedList, Choice};

pub use self::export::write;
pub use self::faults::Fault;

/// What the list may be called; a folder has one of them.
const LISTS: [&str; 5] = [CONTACTS, "contacts.xlsx", "contacts.xls", "contacts.ods", "contacts.tsv"];

#[derive(Clone, Debug, PartialEq)]
pub struct RoundFolder {
    /// Where it was read: a finding says on which line of which file it stands.
    pub dir: PathBuf,
    pub spec: RoundSpec,
    pub list: CheckedList,
    pub questionnaire: Questionnaire,
    pub words: Words,
}

impl RoundFolder {
    /// Its list has a header and no rows: it says nothing about people.
    pub fn has_no_list(&self) -> bool {
        self.list.rows == 0
    }
}

/// Reads the folder, or tells everything that is wrong with it, in order of file and line.
pub fn read(dir: &Path) -> Result<RoundFolder, Vec<Fault>> {
    read_as(dir, &Choice::default())
}

/// As [`read`], with what somebody has said about the list.
pub fn read_as(dir: &Path, choice: &Choice) -> Result<RoundFolder, Vec<Fault>> {
    if !dir.is_dir() {
        let what = format!("There is no folder {}. Name the folder that holds {ROUND}.", dir.display());
        return Err(vec![Fault::new(".", None, what)]);
    }
    let mut faults = Vec::new();
    let list = contacts(dir, choice, &mut faults);
    match (content(Source::Folder(dir), &mut faults), list) {
        (Some((spec, questionnaire, words)), Some(list)) if faults.is_empty() => {
            Ok(RoundFolder { dir: dir.into(), spec, list, questionnaire, words })
        }
        _ => Err(in_order(faults)),
    }
}

/// What stands in a folder whose list is still to be looked at.
#[derive(Debug)]
pub struct Unlisted {
    pub spec: RoundSpec,
    pub questionnaire: Questionnaire,
    pub words: Words,
    /// Name and bytes; none where it has a header and no rows.
    pub list: Option<(&'static str, Vec<u8>)>,
}

/// A folder that stands in memory, by the same rules; its list is there and is not read.
pub fn read_files(files: &Files) -> Result<Unlisted, Vec<Fault>> {
    let mut faults = Vec::new();
    let list = list_file(Source::Memory(files), &mut faults);
    match (content(Source::Memory(files), &mut faults), list) {
        (Some((spec, questionnaire, words)), Some((file, bytes))) if faults.is_empty() => {
            let list = (!is_header_only(&bytes)).then(|| (file, bytes.into_owned()));
            Ok(Unlisted { spec, questionnaire, words, list })
        }
        _ => Err(in_order(faults)),
    }
}

/// What is wrong with a round that stands in no folder, by the same rules; its list is not looked at.
pub fn check(spec: &RoundSpec, questionnaire: &Questionnaire, words: &Words) -> Vec<Fault> {
    match export::content(spec, questionnaire, words) {
        Ok(files) => check_files(&files),
        Err(problem) => vec![Fault::new(ROUND, None, problem.to_string())],
    }
}

fn check_files(files: &Files) -> Vec<Fault> {
    let mut faults = Vec::new();
    content(Source::Memory(files), &mut faults);
    in_order(faults)
}

/// The text of `round.toml` alone, by the same rules.
pub fn settings(text: &str) -> Result<RoundSpec, Vec<Fault>> {
    let mut sheet = TomlSheet::new(ROUND, text);
    let (spec, _) = spec::read(&mut sheet);
    spec.filter(|_| sheet.faults.is_empty()).ok_or_else(|| in_order(sheet.faults))
}

/// The text of `questionnaire.toml` alone, by the same rules; texts must be there in `language`.
pub fn questionnaire(text: &str, language: &str) -> Result<Questionnaire, Vec<Fault>> {
    let mut sheet = TomlSheet::new(QUESTIONNAIRE, text);
    let read = questions::read(&mut sheet, language);
    read.filter(|_| sheet.faults.is_empty()).ok_or_else(|| in_order(sheet.faults))
}

fn in_order(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort();
    faults.dedup();
    faults
}

/// Settings, questions and texts.
pub(super) fn content(from: Source<'_>, faults: &mut Vec<Fault>) -> Option<(RoundSpec, Questionnaire, Words)> {
    let (spec, said) = toml_file(from, ROUND, faults, spec::read).unwrap_or_default();
    let questionnaire =
        toml_file(from, QUESTIONNAIRE, faults, |sheet| questions::read(sheet, &said.language)).flatten();
    let words = texts::read(from, &said, faults);
    Some((spec?, questionnaire?, words))
}

fn toml_file<T>(
    from: Source<'_>,
    file: &str,
    faults: &mut Vec<Fault>,
    read: impl FnOnce(&mut TomlSheet<'_>) -> T,
) -> Option<T> {
    match from.text(file) {
        Ok(text) => {
            let mut sheet = TomlSheet::new(file, &text);
            let value = read(&mut sheet);
            faults.append(&mut sheet.faults);
            Some(value)
        }
        Err(fault) => {
            faults.push(fault);
            None
        }
    }
}

/// The one list of a folder, by the name that it has.
fn list_file<'f>(from: Source<'f>, faults: &mut Vec<Fault>) -> Option<(&'static str, Cow<'f, [u8]>)> {
    let there: Vec<&str> = LISTS.into_iter().filter(|file| from.has(file)).collect();
    if let [one, other, ..] = there[..] {
        let what = format!("There is {one} in this folder too, and only one list is read. Take one of them away.");
        faults.push(Fault::new(other, None, what));
        return None;
    }
    let file = there.first().copied().unwrap_or(CONTACTS);
    let bytes = from.bytes(file, list::LARGEST as u64).map_err(|fault| faults.push(fault)).ok()?;
    Some((file, bytes))
}

fn contacts(dir: &Path, choice: &Choice, faults: &mut Vec<Fault>) -> Option<CheckedList> {
    let (file, bytes) = list_file(Source::Folder(dir), faults)?;
    if is_header_only(&bytes) {
        return Some(CheckedList::default());
    }
    let list = list::read_with(&bytes, file, choice);
    list.map_err(|problem| faults.push(Fault::new(file, None, problem.to_string()))).ok()
}

/// The header of our own layout and nothing below it, as `export` writes it for a round that has no list yet.
fn is_header_only(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut lines = text.trim_start_matches('\u{feff}').lines().filter(|line| line.contains(char::is_alphanumeric));
    let Some(header) = lines.next() else { return false };
    let names: Vec<&str> = header.split([',', ';', '\t']).map(|name| name.trim().trim_matches('"')).collect();
    let ours = [Field::Account, Field::LastName, Field::Email, Field::DirectorEmail];
    lines.next().is_none() && ours.iter().all(|field| names.contains(&field.as_str()))
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
