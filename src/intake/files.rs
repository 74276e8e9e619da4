//! Reading and writing inside one folder, and nowhere else.
//!
//! Links are refused on the way in and out, files beyond a size are not read, and a file is replaced whole or not at all (S09).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::base::problem::Problem;
use crate::base::whole_file;
use crate::intake::folder::faults::Fault;

/// The three files that every round folder has.
pub const ROUND: &str = "round.toml";
pub const CONTACTS: &str = "contacts.csv";
pub const QUESTIONNAIRE: &str = "questionnaire.toml";

/// The largest text file of a round folder.
pub const LARGEST_TEXT: u64 = 256 * 1024;

/// Files by their path inside a folder, with `/`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Where the files of a round are. Both are read, and told to be wrong, in one way.
#[derive(Clone, Copy)]
pub enum Source<'f> {
    Folder(&'f Path),
    /// What stands in no folder: a round as it is being edited.
    Memory(&'f Files),
}

impl<'s> Source<'s> {
    /// A text file, as [`text`] reads it.
    pub fn text(self, file: &str) -> Result<String, Fault> {
        match self {
            Source::Folder(dir) => text(dir, file),
            Source::Memory(files) => decoded(file, in_memory(files, file, LARGEST_TEXT)?),
        }
    }

    /// The bytes of a file, as [`bytes`] reads them.
    pub fn bytes(self, file: &str, limit: u64) -> Result<Cow<'s, [u8]>, Fault> {
        match self {
            Source::Folder(dir) => bytes(dir, file, limit).map(Cow::Owned),
            Source::Memory(files) => in_memory(files, file, limit).map(Cow::Borrowed),
        }
    }

    /// Whether something is there by this name, be it a file or not.
    pub fn has(self, file: &str) -> bool {
        match self {
            Source::Folder(dir) => dir.join(file).symlink_metadata().is_ok(),
            Source::Memory(files) => files.contains_key(file),
        }
    }

    /// What is in a folder of it, as [`entries`] tells it.
    pub fn entries(self, folder: &str, faults: &mut Vec<Fault>) -> Vec<(String, bool)> {
        match self {
            Source::Folder(dir) => entries(dir, folder, faults),
            Source::Memory(files) => {
                let inside = files.keys().filter_map(|file| file.strip_prefix(folder)?.strip_prefix('/'));
                let mut all: Vec<(String, bool)> = inside
                    .map(|rest| rest.split_once('/').map_or((rest.into(), false), |(first, _)| (first.into(), true)))
                    .collect();
                all.dedup();
                all
            }
        }
    }
}

fn in_memory<'f>(files: &'f Files, file: &str, limit: u64) -> Result<&'f [u8], Fault> {
    match files.get(file) {
        None => Err(Fault::new(file, None, MISSING)),
        Some(bytes) if bytes.len() as u64 > limit => Err(too_large(file, limit)),
        Some(bytes) => Ok(bytes),
    }
}

const MISSING: &str = "This file is missing. Add it to the folder.";

fn too_large(file: &str, limit: u64) -> Fault {
    Fault::new(file, None, format!("This file is larger than {} KiB. Shorten it.", limit / 1024))
}

/// The path of a file inside the folder, if nothing on the way is a link. `file` is written by the program, with `/`.
fn inside(dir: &Path, file: &str) -> Result<PathBuf, String> {
    let mut path = dir.to_path_buf();
    for part in file.split('/') {
        if part.is_empty() || part.starts_with('.') || part.contains(['\\', '\0', ':']) {
            return Err(format!("{file} is not a name inside the folder."));
        }
        path.push(part);
        if fs::symlink_metadata(&path).is_ok_and(|m| m.file_type().is_symlink()) {
            return Err("This is a link. Put the file itself into the folder.".into());
        }
    }
    Ok(path)
}

/// The bytes of a file of up to `limit` bytes.
pub fn bytes(dir: &Path, file: &str, limit: u64) -> Result<Vec<u8>, Fault> {
    let fault = |message: String| Fault::new(file, None, message);
    let path = inside(dir, file).map_err(fault)?;
    let there = match fs::symlink_metadata(&path) {
        Ok(meta) => meta,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(fault(MISSING.into()));
        }
        Err(e) => return Err(fault(format!("This file cannot be read: {e}. Check its permissions."))),
    };
    if !there.is_file() {
        return Err(fault("This is not a file. Put a file of this name into the folder.".into()));
    }
    let mut bytes = Vec::new();
    let open = fs::File::open(&path).and_then(|f| f.take(limit + 1).read_to_end(&mut bytes));
    open.map_err(|e| fault(format!("This file cannot be read: {e}. Check its permissions.")))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(file, limit));
    }
    Ok(bytes)
}

/// A text file in UTF-8, without its mark, lines ending in `\n`.
pub fn text(dir: &Path, file: &str) -> Result<String, Fault> {
    decoded(file, &bytes(dir, file, LARGEST_TEXT)?)
}

fn decoded(file: &str, bytes: &[u8]) -> Result<String, Fault> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n")),
        Err(e) => {
            let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() as u64 + 1;
            Err(Fault::new(file, Some(line), "This line has letters that are not UTF-8. Save the file as UTF-8."))
        }
    }
}

/// Names in a folder, sorted, with whether each is a folder; hidden ones are left out. A link is neither and is told.
pub fn entries(dir: &Path, folder: &str, faults: &mut Vec<Fault>) -> Vec<(String, bool)> {
    let mut out = Vec::new();
    let path = match inside(dir, folder) {
        Ok(path) => path,
        Err(message) => {
            faults.push(Fault::new(folder, None, message));
            return out;
        }
    };
    let Ok(list) = fs::read_dir(path) else { return out };
    for entry in list.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        match entry.file_name().into_string() {
            Ok(name) if name.starts_with('.') => {}
            Ok(name) if kind.is_symlink() => {
                faults.push(Fault::new(
                    &format!("{folder}/{name}"),
                    None,
                    "This is a link. Put the file itself into the folder.",
                ));
            }
            Ok(name) => out.push((name, kind.is_dir())),
            Err(name) => faults.push(Fault::new(
                folder,
                None,
                format!("A file name here is not UTF-8: {}. Rename it.", name.to_string_lossy()),
            )),
        }
    }
    out.sort();
    out
}

/// Writes a file whole or not at all; folders on the way are made.
pub fn write(dir: &Path, file: &str, content: &[u8]) -> Result<(), Problem> {
    let problem = |e: String| {
        Problem::unusable(
            format!("{file} cannot be written: {e}"),
            "Check the folder and its permissions, or name another one.",
        )
    };
    let path = inside(dir, file).map_err(problem)?;
    let io = |e: std::io::Error| problem(format!("{e}."));
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(io)?;
    }
    inside(dir, &format!("{}.draft", file.rsplit_once('.').map_or(file, |(stem, _)| stem))).map_err(problem)?;
    whole_file::replace(&path, content).map_err(io)
}

/// Removes a file of the folder that an earlier export wrote.
pub fn remove(dir: &Path, file: &str) -> Result<(), Problem> {
    let problem = |e: String| Problem::unusable(format!("{file} cannot be removed: {e}"), "Remove it by hand.");
    fs::remove_file(inside(dir, file).map_err(problem)?).map_err(|e| problem(format!("{e}.")))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn c08_what_is_exported_is_its_owners_alone_also_over_an_older_file_that_was_not() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |file: &str| fs::metadata(folder.path().join(file)).unwrap().permissions().mode() & 0o777;
        for file in ["round.toml", "contacts.csv", "mail/en/invitation.md"] {
            write(folder.path(), file, b"first").unwrap();
            assert_eq!(mode(file), 0o600, "{file}");
            fs::set_permissions(folder.path().join(file), fs::Permissions::from_mode(0o644)).unwrap();
            // What a killed export has left behind is no way in either.
            let draft = folder.path().join(file).with_extension("draft");
            fs::write(&draft, "").unwrap();
            fs::set_permissions(&draft, fs::Permissions::from_mode(0o666)).unwrap();
            write(folder.path(), file, b"second").unwrap();
            assert_eq!(
                (mode(file), fs::read(folder.path().join(file)).unwrap()),
                (0o600, b"second".to_vec()),
                "{file}"
            );
        }
    }
}
