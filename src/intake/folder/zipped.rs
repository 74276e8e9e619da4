//! The folder of a round as a zip: the files that a round has, in memory and no larger than a folder may have them. Whatever else is in it is
//! not looked at.
//!
//! The folder may stand in the zip itself, or be one folder in it, as file managers pack it.

use std::io::Read;

use crate::base::problem::{Kind, Problem, Result};
use crate::intake::files::{Files, LARGEST_TEXT, QUESTIONNAIRE, ROUND};
use crate::intake::list;
use crate::intake::zipped::{self, Refused, Zip};
use crate::rules::contacts::row::cells::quoted;

use super::LISTS;

/// Larger ones are refused unread.
pub const LARGEST: usize = 16 * 1024 * 1024;
/// No folder has more files, not counting hidden ones.
const FILES: usize = 2_000;
/// All texts together.
const TEXTS: u64 = 16 * 1024 * 1024;

const HOW: &str = "Zip the folder that holds round.toml, questionnaire.toml, contacts.csv and mail, and upload that.";

fn refused(name: &str, refused: Refused) -> Problem {
    match refused {
        Refused::Damaged(e) => damaged(name).because(e),
        Refused::Has(what) => Problem::unusable(
            format!("{name} is refused: it has {what}, which no program writes that packs a folder."),
            HOW,
        ),
        Refused::TooMany(most) => Problem::unusable(
            format!("{name} has more than {most} files."),
            "Zip only what belongs to the round: round.toml, questionnaire.toml, contacts.csv and mail.",
        ),
        Refused::Locked => Problem::unusable(format!("{name} is locked with a password."), HOW),
    }
}

fn damaged(name: &str) -> Problem {
    Problem::unusable(format!("{name} is no ZIP file, is damaged, or was not sent whole."), HOW)
}

pub fn too_large(name: &str) -> Problem {
    let most = LARGEST / 1024 / 1024;
    Problem::new(
        Kind::TooLarge,
        format!("{name} is larger than the folder of a round can be: {most} MB, and as much of texts inside."),
        "Take out of the folder what is not part of the round; a long list can be loaded on its own page afterwards.",
    )
}

/// Where the folder is in the zip: empty, or its path with a slash.
fn root<'p>(paths: impl Iterator<Item = &'p str>, name: &str) -> Result<String> {
    let mut roots: Vec<&str> = paths
        .filter_map(|path| path.strip_suffix(ROUND))
        .filter(|root| root.is_empty() || root.ends_with('/'))
        .collect();
    roots.sort_by_key(|root| root.matches('/').count());
    match roots[..] {
        [] => Err(Problem::unusable(format!("There is no {ROUND} in {name}."), HOW)),
        [one, other, ..] if one.matches('/').count() == other.matches('/').count() => Err(Problem::unusable(
            format!("{name} holds more than one round: {} and {}.", quoted(one), quoted(other)),
            "Zip one of the folders.",
        )),
        [root, ..] => Ok(root.into()),
    }
}

/// What file managers and version control put beside the files of a person.
fn is_of_a_file_manager(path: &str) -> bool {
    path.split('/').any(|step| step.starts_with('.') && step != ".." || step == "__MACOSX")
}

/// The files of the round that is in this zip. `name` is used in sentences only.
pub fn files(bytes: &[u8], name: &str) -> Result<Files> {
    if bytes.len() > LARGEST {
        return Err(too_large(name));
    }
    let (mut zip, paths) =
        zipped::open(bytes, FILES, |path| !is_of_a_file_manager(path)).map_err(|e| refused(name, e))?;
    let root = root(paths.iter().map(String::as_str), name)?;
    let mut files = Files::new();
    let (mut texts, mut lists) = (0, 0);
    for path in paths.iter().filter(|path| !path.ends_with('/')) {
        let Some(file) = path.strip_prefix(&root) else { continue };
        let is_list = LISTS.contains(&file);
        if !is_list && ![ROUND, QUESTIONNAIRE].contains(&file) && !file.starts_with("mail/") {
            continue;
        }
        lists += usize::from(is_list);
        let content = match is_list {
            // Two lists are a fault of the folder, and the second is not read for that.
            true if lists > 1 => Vec::new(),
            true => unpacked(&mut zip, path, list::LARGEST as u64, name)?,
            false => unpacked(&mut zip, path, LARGEST_TEXT, name)?,
        };
        texts += if is_list { 0 } else { content.len() as u64 };
        if texts > TEXTS {
            return Err(too_large(name));
        }
        files.insert(file.into(), content);
    }
    Ok(files)
}

/// Up to one byte more than `most`, so that whoever reads it says that it is too large.
fn unpacked(zip: &mut Zip<'_>, path: &str, most: u64, name: &str) -> Result<Vec<u8>> {
    let file = zip.by_name(path).map_err(|e| damaged(name).because(e))?;
    let mut content = Vec::new();
    file.take(most + 1).read_to_end(&mut content).map_err(|e| damaged(name).because(e))?;
    Ok(content)
}

#[cfg(test)]
#[path = "zipped_tests.rs"]
mod tests;
