//! A round folder: `round.toml`, `contacts.csv` (or a workbook), `questionnaire.toml` and `mail/<language>/*.md`, read as one thing.
//!
//! All faults of all files are told at once. What is wrong with single rows of the list is not a fault of the folder: those
//! are findings, and the other rows can go on.

pub mod faults;
pub mod schema;
pub mod spec;
pub mod questions;
pub mod text_names;
pub mod texts;
pub mod invented;
pub mod export;

use std::path::{Path, PathBuf};

use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::{RoundSpec, Words};

use self::schema::TomlSheet;
use super::files::{self, CONTACTS, QUESTIONNAIRE, ROUND};
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
    let (spec, said) = toml_file(dir, ROUND, &mut faults, spec::read).unwrap_or_default();
    let list = contacts(dir, choice, &mut faults);
    let questionnaire =
        toml_file(dir, QUESTIONNAIRE, &mut faults, |sheet| questions::read(sheet, &said.language)).flatten();
    let words = texts::read(dir, &said, &mut faults);
    match (spec, list, questionnaire) {
        (Some(spec), Some(list), Some(questionnaire)) if faults.is_empty() => {
            Ok(RoundFolder { dir: dir.into(), spec, list, questionnaire, words })
        }
        _ => {
            faults.sort();
            faults.dedup();
            Err(faults)
        }
    }
}

fn toml_file<T>(
    dir: &Path,
    file: &str,
    faults: &mut Vec<Fault>,
    read: impl FnOnce(&mut TomlSheet<'_>) -> T,
) -> Option<T> {
    match files::text(dir, file) {
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

fn contacts(dir: &Path, choice: &Choice, faults: &mut Vec<Fault>) -> Option<CheckedList> {
    let there: Vec<&str> = LISTS.into_iter().filter(|file| dir.join(file).symlink_metadata().is_ok()).collect();
    if let [one, other, ..] = there[..] {
        let what = format!("There is {one} in this folder too, and only one list is read. Take one of them away.");
        faults.push(Fault::new(other, None, what));
        return None;
    }
    let file = there.first().copied().unwrap_or(CONTACTS);
    let bytes = files::bytes(dir, file, list::LARGEST as u64).map_err(|fault| faults.push(fault)).ok()?;
    let list = list::read_with(&bytes, file, choice);
    list.map_err(|problem| faults.push(Fault::new(file, None, problem.to_string()))).ok()
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
