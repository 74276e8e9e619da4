//! The key file: read, drawn once for an empty installation, and held against what the database knows of it.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::base::clock::{Clock, Ts};
use crate::base::ids::Ids;
use crate::base::problem::{Kind, Problem, Result};
use crate::base::seal::SecretKey;
use crate::steps::installation::key::{Needed, Standing, needed, standing};
use crate::store::Db;

/// The key of this database, from its file. Drawn where neither the file nor anything that was made with a key is there.
pub async fn of(db: &Db, path: &Path, ids: &Ids) -> Result<SecretKey> {
    let now = Clock::system().now();
    let (key, drawn) = match read(path)? {
        Some(key) => (key, false),
        None => match needed(db).await? {
            Some(needed) => return Err(missing(path, needed)),
            None => draw(path, ids, now)?,
        },
    };
    match standing(db, &key, now).await? {
        Standing::Known(_) => Ok(key),
        Standing::Another(since) => {
            if drawn {
                // Another daemon on this database was quicker with a key of its own; ours is nobody's.
                fs::remove_file(path).map_err(|e| unreadable(path, e))?;
            }
            Err(another(path, since))
        }
    }
}

/// For `doctor`, who says what is wrong instead of refusing to look: without a usable key one that nobody has, and why.
pub async fn or_why_not(db: &Db, path: &Path, ids: &Ids) -> Result<(SecretKey, Option<Problem>)> {
    match of(db, path, ids).await {
        Ok(key) => Ok((key, None)),
        Err(problem) if matches!(problem.kind, Kind::Refused | Kind::Unusable) => {
            Ok((SecretKey::draw(ids), Some(problem)))
        }
        Err(problem) => Err(problem),
    }
}

fn day(at: Ts) -> String {
    at.utc().format("%-d %B %Y").to_string()
}

fn missing(path: &Path, needed: Needed) -> Problem {
    let (why, from) = match needed {
        Needed::Proven(since) => (
            format!("this database has been used with one since {}", day(since)),
            format!("of {} or later", day(since)),
        ),
        Needed::ByPeople => ("there are people in this database".into(), "that belongs to this database".into()),
    };
    Problem::refused(
        format!(
            "The key file {} is missing, and {why}: without it every link that was mailed is unknown.",
            path.display()
        ),
        format!(
            "Put {} back from a backup {from}; on another machine copy the first daemon's file, since all daemons of one database share it. No new \
             key is drawn.",
            path.display()
        ),
    )
}

fn another(path: &Path, since: Ts) -> Problem {
    Problem::refused(
        format!(
            "The key in {} is not the one that this database has been used with since {}: with it every link that was mailed is unknown.",
            path.display(),
            day(since)
        ),
        format!(
            "Put back the key file that was backed up with this database, or name it in secret_key_file; all daemons of one database share one key. \
             Or open the database that {} belongs to.",
            path.display()
        ),
    )
}

fn unreadable(path: &Path, e: std::io::Error) -> Problem {
    Problem::unusable(
        format!("The key file {} cannot be used.", path.display()),
        "Check that it is there and that you may read and write it.",
    )
    .because(e)
}

fn read(path: &Path) -> Result<Option<SecretKey>> {
    match fs::read_to_string(path) {
        Ok(text) => SecretKey::from_text(&text).map(Some).ok_or_else(|| {
            Problem::unusable(
                format!("The key file {} does not hold a key.", path.display()),
                "Restore it from the backup: without it every link that was ever mailed stops working.",
            )
        }),
        Err(e) if e.kind() == ErrorKind::NotFound => match fs::symlink_metadata(path) {
            Ok(_) => Err(Problem::unusable(
                format!("The key file {} is a link to a file that is not there.", path.display()),
                "Put the file back, mount its disk, or name another one in secret_key_file.",
            )),
            Err(_) => Ok(None),
        },
        Err(e) => Err(unreadable(path, e)),
    }
}

/// A new key, and whether it is ours: another start may have been quicker, and its key is whole.
fn draw(path: &Path, ids: &Ids, now: Ts) -> Result<(SecretKey, bool)> {
    let key = SecretKey::draw(ids);
    match keep_whole(path, &key.to_text(), &ids.new_id(now)) {
        Ok(()) => Ok((key, true)),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => match read(path)? {
            Some(key) => Ok((key, false)),
            None => Err(unreadable(path, e)),
        },
        Err(e) => Err(unreadable(path, e)),
    }
}

/// Whoever is killed half-way leaves no file of this name, rather than one with half a key that no later start could use (F04).
fn keep_whole(path: &Path, text: &str, unique: &str) -> std::io::Result<()> {
    let draft = path.with_extension(unique);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    let kept = writeln!(file, "{text}").and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn empty(folder: &Path) -> Db {
        Db::open(&format!("sqlite:{}", folder.join("t.db").display()), "off").await.unwrap()
    }

    #[tokio::test]
    async fn of_two_first_starts_at_once_one_has_the_key_and_the_other_leaves_no_file_behind() {
        for seed in 0..8 {
            let folder = tempfile::tempdir().unwrap();
            let db = empty(folder.path()).await;
            let (one, two) = (folder.path().join("one.key"), folder.path().join("two.key"));
            let (ours, theirs) = (Ids::seeded(seed), Ids::seeded(seed + 100));
            let (a, b) = tokio::join!(of(&db, &one, &ours), of(&db, &two, &theirs));
            assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
            assert_eq!((one.exists(), two.exists()), (a.is_ok(), b.is_ok()));
            let kept = if a.is_ok() { &one } else { &two };
            assert!(of(&db, kept, &ours).await.is_ok());
        }
    }

    #[tokio::test]
    async fn a_file_without_a_key_is_told_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let db = empty(folder.path()).await;
        let path = folder.path().join("secret.key");
        for text in ["", "half a key", "AAAA"] {
            fs::write(&path, text).unwrap();
            let problem = of(&db, &path, &Ids::seeded(1)).await.unwrap_err();
            assert!(problem.kind == Kind::Unusable && problem.to_string().contains("does not hold a key"), "{problem}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert!(or_why_not(&db, &path, &Ids::seeded(1)).await.unwrap().1.is_some());
        assert_eq!(needed(&db).await.unwrap(), None, "nothing was taken on");
    }
}
