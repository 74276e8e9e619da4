//! The database file of an SQLite installation: its real place, and the lock that keeps a second daemon from it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::base::problem::{Problem, Result};
use crate::config::Settings;

/// The file itself, whatever links lead to it; it need not be there yet.
pub fn behind_links(file: &Path) -> PathBuf {
    let mut file = file.to_path_buf();
    // The system follows no more than forty.
    for _ in 0..40 {
        let Ok(target) = fs::read_link(&file) else { break };
        file = file.parent().unwrap_or(Path::new("")).join(target);
    }
    let folder = file.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (fs::canonicalize(folder), file.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => file,
    }
}

/// Makes sure that no second daemon sends from the same SQLite file. Held until dropped.
pub fn only_daemon(settings: &Settings) -> Result<Option<fs::File>> {
    let Some(file) = settings.database.sqlite_file() else { return Ok(None) };
    let path = behind_links(&file).with_extension("lock");
    let cannot = |e: std::io::Error| {
        Problem::unusable(
            format!("The lock file {} cannot be written.", path.display()),
            "Check the rights on its folder.",
        )
        .because(e)
    };
    let lock = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(cannot)?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(fs::TryLockError::WouldBlock) => Err(Problem::refused(
            format!("Another soundings serves {} already.", file.display()),
            "Stop it first, or use PostgreSQL for more than one daemon.",
        )),
        Err(fs::TryLockError::Error(e)) => Err(cannot(e)),
    }
}
