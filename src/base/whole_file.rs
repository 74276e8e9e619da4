//! Replaces a file whole or not at all.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

const OWNERS: u32 = 0o600;

/// For its owner alone whatever the umask, and safe from a power cut: a name without its content would be taken for a file that says nothing.
/// Waits for the disk.
pub fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let draft = path.with_extension("draft");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(OWNERS).open(&draft)?;
    file.set_permissions(fs::Permissions::from_mode(OWNERS))?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}
