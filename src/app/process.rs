//! What this process is given by the operating system: how many files it may hold open, and who may read what it writes.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{Mode, statvfs};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, umask};

use crate::rules::alarm::room::Room;
use crate::web::Bounds;

/// Where the system sets no limit.
const PLENTY: u64 = 1 << 20;

/// At the start, before there are threads: what is written from now on is its owner's alone, and files may be as many as the system allows.
pub fn prepare() {
    umask(Mode::RWXG | Mode::RWXO);
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Where it cannot be raised, the connections are fewer.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(maximum.unwrap_or(PLENTY)), maximum });
}

/// Less than a start writes.
const LEAST_ROOM: u64 = 256 * 1024;

/// Files of our own beside the SMTP connections: the database, the outbound journal, mails that come back, name servers, the hand-over.
const OURS: u64 = 200;

/// How many visitors may be connected at once, so that the program itself never lacks a file.
pub fn bounds(smtp_connections: usize, behind_proxy: bool) -> Bounds {
    let files = getrlimit(Resource::Nofile).current.unwrap_or(PLENTY);
    // A line that is opened again may have its old connection beside it for a moment.
    Bounds::within(files, OURS + 2 * smtp_connections as u64, behind_proxy)
}

/// Whether nothing more can be written where this file is or would be.
pub fn is_full(file: &Path) -> bool {
    let folder = file.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    free(folder).is_some_and(|free| free < LEAST_ROOM)
}

/// What is free on the disk of this folder; none where nobody knows.
pub fn room(folder: &Path) -> Option<Room> {
    let device = folder.metadata().ok()?.dev();
    Some(Room { place: folder.display().to_string(), device, free: free(folder)? })
}

/// The bytes that may still be written there.
fn free(folder: &Path) -> Option<u64> {
    statvfs(folder).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c09_a_disk_without_room_is_known() {
        // Nothing can be added there, ever.
        assert!(is_full(Path::new("/proc/soundings.db")));
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_full(&folder.path().join("soundings.db")));
        assert!(!is_full(&folder.path().join("no/such/folder/soundings.db")));
    }

    #[test]
    fn folders_of_one_disk_are_known_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("inside");
        std::fs::create_dir(&inside).unwrap();
        let (all, part) = (room(folder.path()).unwrap(), room(&inside).unwrap());
        assert!(all.device == part.device && all.place != part.place && all.free > 0);
        assert_ne!(all.device, room(Path::new("/proc")).unwrap().device);
        assert_eq!(room(&folder.path().join("none")), None);
    }
}
