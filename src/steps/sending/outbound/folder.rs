//! The folder of a journal: who keeps it, and the file that is being written.
//!
//! The folder belongs to one running daemon at a time. Its `instance` file holds a random name and its own inode number: what was copied or
//! restored from a backup has another, and is not taken for the place that the database knows. A file that cannot be written is cut back to
//! its last whole line, so that one full disk never tears the journal.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};

use super::records::{Record, files, name};

/// Then the next file is begun.
const LARGEST: u64 = 16 * 1024 * 1024;
const INSTANCE: &str = "instance";

pub struct Folder {
    path: PathBuf,
    /// Locked as long as this run lasts.
    _instance: File,
    number: u64,
    file: File,
    length: u64,
    /// Lines that may wait for the next write.
    waiting: Vec<u8>,
    pub durable: bool,
}

/// Who kept the journal in this folder before, as far as can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// This folder, as it was left.
    Known(String),
    /// A copy of the folder of another.
    CopyOf(String),
    Nobody,
}

impl Folder {
    /// Opens the folder, makes it where it is not there. `fresh` names the instance when there is none yet or this is a copy of another's
    /// folder.
    pub fn open(path: &Path, fresh: &str, durable: bool) -> Result<(Folder, String, Keeper)> {
        let opened = Folder::open_in(path, fresh, durable).map_err(|e| unusable(path, &e))?;
        opened.ok_or_else(|| {
            Problem::refused(
                format!("Another soundings keeps its outbound journal in {}.", path.display()),
                "Stop it first, or give each daemon a folder of its own in outbound_journal.",
            )
        })
    }

    fn open_in(path: &Path, fresh: &str, durable: bool) -> io::Result<Option<(Folder, String, Keeper)>> {
        fs::create_dir_all(path)?;
        let place = path.join(INSTANCE);
        let mut instance = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&place)?;
        match instance.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Ok(None),
            Err(fs::TryLockError::Error(e)) => return Err(e),
        }
        let here = inode(&instance)?;
        let text = fs::read_to_string(&place)?;
        let keeper = match text.trim().split_once(' ') {
            Some((name, inode)) if inode == here => Keeper::Known(name.into()),
            Some((name, _)) => Keeper::CopyOf(name.into()),
            None => Keeper::Nobody,
        };
        let name = match &keeper {
            Keeper::Known(name) => name.clone(),
            Keeper::CopyOf(_) | Keeper::Nobody => {
                instance.set_len(0)?;
                instance.seek(SeekFrom::Start(0))?;
                writeln!(instance, "{fresh} {here}")?;
                instance.sync_all()?;
                fresh.to_string()
            }
        };
        let number = files(path)?.last().map_or(1, |(number, _)| number + 1);
        let file = begin(path, number)?;
        let folder =
            Folder { path: path.into(), _instance: instance, number, file, length: 0, waiting: Vec::new(), durable };
        Ok(Some((folder, name, keeper)))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts a record aside until something is written that cannot wait.
    pub fn note(&mut self, record: &Record) {
        // A record of texts and numbers can always be written as JSON.
        if serde_json::to_writer(&mut self.waiting, record).is_ok() {
            self.waiting.push(b'\n');
        }
    }

    /// Writes what was noted; a kill of the process loses none of it from then on.
    pub fn write(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        if self.length >= LARGEST {
            self.file = begin(&self.path, self.number + 1)?;
            (self.number, self.length) = (self.number + 1, 0);
        }
        if let Err(e) = self.file.write_all(&self.waiting) {
            // What cannot be said now is not said later either: whoever asked is told so.
            self.waiting.clear();
            self.file.set_len(self.length)?;
            self.file.seek(SeekFrom::Start(self.length))?;
            return Err(e);
        }
        self.length += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }

    /// A second handle on the file, to have it on disk without holding up who writes.
    pub fn handle(&self) -> io::Result<File> {
        self.file.try_clone()
    }
}

/// Removes files that were last written before an instant. What is in them is known to the database: it was compared at the start.
pub fn forget_before(path: &Path, before: Ts) -> io::Result<()> {
    let mut files = files(path)?;
    // The last one is being written.
    files.pop();
    for (_, file) in files {
        let written = fs::metadata(&file)?.modified()?.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
        if (written as i64) < before.0 {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

fn begin(folder: &Path, number: u64) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).open(folder.join(name(number)))?;
    File::open(folder)?.sync_all()?;
    Ok(file)
}

#[cfg(unix)]
fn inode(file: &File) -> io::Result<String> {
    use std::os::unix::fs::MetadataExt;
    Ok(file.metadata()?.ino().to_string())
}

#[cfg(not(unix))]
fn inode(_: &File) -> io::Result<String> {
    Ok("-".into())
}

fn unusable(path: &Path, e: &io::Error) -> Problem {
    Problem::unusable(
        format!("The outbound journal in {} cannot be kept.", path.display()),
        "Check that the folder of outbound_journal can be written, and that its disk is not full.",
    )
    .because(e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(path: &Path, fresh: &str) -> (String, Keeper) {
        let (_, name, keeper) = Folder::open(path, fresh, false).unwrap();
        (name, keeper)
    }

    #[test]
    fn f14_a_copied_folder_is_not_taken_for_the_one_it_was_copied_from() {
        let place = tempfile::tempdir().unwrap();
        let (here, there) = (place.path().join("here"), place.path().join("there"));
        assert_eq!(opened(&here, "one"), ("one".into(), Keeper::Nobody));
        assert_eq!(opened(&here, "two"), ("one".into(), Keeper::Known("one".into())));
        fs::create_dir(&there).unwrap();
        fs::copy(here.join(INSTANCE), there.join(INSTANCE)).unwrap();
        assert_eq!(opened(&there, "three"), ("three".into(), Keeper::CopyOf("one".into())));
        assert_eq!(opened(&there, "four"), ("three".into(), Keeper::Known("three".into())));
    }

    #[test]
    fn one_folder_serves_one_daemon_at_a_time() {
        let place = tempfile::tempdir().unwrap();
        let first = Folder::open(place.path(), "one", false).unwrap();
        let second = Folder::open(place.path(), "two", false);
        assert!(second.is_err_and(|p| p.what.starts_with("Another soundings keeps its outbound journal")));
        drop(first);
        assert!(Folder::open(place.path(), "two", false).is_ok());
    }
}
