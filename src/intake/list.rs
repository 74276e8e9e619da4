//! A contact list: bytes of a file of any kind into a checked list, or one sentence why it cannot be read at all.
//!
//! A file is refused only when it is none, or its columns are not clear; anything wrong with a row is a finding of that row. `line` is
//! the row as a spreadsheet program shows it.

pub mod choice;
pub mod repairs;
pub mod rows;
pub mod source;
pub mod head;
pub mod clear;
pub mod additional;
pub mod reading;
pub mod look;

use crate::base::problem::{Kind as Of, Problem};
use crate::intake::text::encoding;

pub use self::choice::Choice;
pub use self::look::{EncodingSample, FileLook};
pub use self::repairs::Repairs;
pub use self::rows::Kind;
pub use crate::intake::columns::{ColumnLook, Why};
pub use crate::rules::contacts::check::{CheckedList, ListReport};

/// Larger files are refused unread.
pub const LARGEST: usize = 50 * 1024 * 1024;

/// Reads and checks a list as it is told from the file alone. `file_name` is used in sentences only.
pub fn read(bytes: &[u8], file_name: &str) -> Result<CheckedList, Problem> {
    read_with(bytes, file_name, &Choice::default())
}

/// As [`read`], with what somebody has said about it.
pub fn read_with(bytes: &[u8], file_name: &str, choice: &Choice) -> Result<CheckedList, Problem> {
    read_repaired(bytes, file_name, choice, &Repairs::default())
}

/// As [`read_with`], with what somebody has repaired in its rows.
pub fn read_repaired(
    bytes: &[u8],
    file_name: &str,
    choice: &Choice,
    repairs: &Repairs,
) -> Result<CheckedList, Problem> {
    let name = not_too_large(bytes, file_name)?;
    source::open(bytes, &name, choice, &mut |opened, rows| reading::read(opened, rows, (choice, repairs), &name))
}

/// The file as it would be read, also where its columns are not clear.
pub fn look(bytes: &[u8], file_name: &str, choice: &Choice) -> Result<FileLook, Problem> {
    let name = not_too_large(bytes, file_name)?;
    source::open(bytes, &name, choice, &mut |opened, rows| {
        let readings = opened.encoding.map(|used| encoding::readings(bytes, used)).unwrap_or_default();
        let encodings = readings.into_iter().map(|(name, samples)| EncodingSample { name: name.into(), samples });
        look::of(opened, rows, choice, encodings.collect(), &name)
    })
}

fn not_too_large(bytes: &[u8], file_name: &str) -> Result<String, Problem> {
    let name = shown(file_name);
    if bytes.len() > LARGEST {
        let what = format!("{name} has {} MB; lists of up to 50 MB are taken.", bytes.len() / 1024 / 1024);
        return Err(Problem::new(Of::TooLarge, what, "Split it, or remove the columns that are not needed."));
    }
    Ok(name)
}

/// A file name as it may stand in a sentence: no folders, no control characters, not longer than a line.
fn shown(file_name: &str) -> String {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or("").trim();
    let clean: String = base.chars().filter(|c| !c.is_control()).take(80).collect();
    if clean.is_empty() { "The list".into() } else { clean }
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
