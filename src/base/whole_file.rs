//! Replaces a file whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

const OWNERS: u32 = 0o600;

/// For its owner alone whatever the umask, and safe from a power cut: a name without its content would be taken for a file that says nothing.
/// Waits for the disk.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut draft = begin(path)?;
    draft.write_all(content)?;
    draft.finish()
}

/// Begins a file that comes in pieces.
pub fn begin(path: &Path) -> io::Result<Draft> {
    let place = path.with_extension("draft");
    let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(OWNERS).open(&place)?;
    let draft = Draft { file, place, path: path.to_owned(), is_whole: false };
    draft.file.set_permissions(fs::Permissions::from_mode(OWNERS))?;
    Ok(draft)
}

/// A file that stands beside its place until it is whole. Dropped before, it leaves nothing.
pub struct Draft {
    file: File,
    place: PathBuf,
    path: PathBuf,
    is_whole: bool,
}

impl Draft {
    /// All of it was written: it takes its place.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.place, &self.path)?;
        self.is_whole = true;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_whole {
            let _ = fs::remove_file(&self.place);
        }
    }
}
