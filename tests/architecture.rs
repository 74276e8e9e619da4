//! The walls of the house: which room imports which, which crates stay outside a room, how long files may be.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files should stop")]

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms in import order, with the crates that never enter them.
const ROOMS: [(&str, &[&str]); 11] = [
    ("base", &["sqlx", "axum", "lettre", "tokio", "askama", "reqwest", "jiff", "cron", "toml"]),
    ("rules", &["sqlx", "axum", "lettre", "tokio", "askama", "reqwest", "rand", "tracing", "toml", "csv"]),
    ("config", &["sqlx", "axum", "lettre", "tokio", "askama", "reqwest"]),
    ("store", &["axum", "lettre", "askama", "reqwest", "jiff", "cron", "toml", "csv"]),
    ("intake", &["sqlx", "axum", "lettre", "tokio", "askama", "reqwest"]),
    ("mail", &["sqlx", "axum", "reqwest", "csv", "toml"]),
    ("handover", &["sqlx", "axum", "lettre", "askama", "csv", "toml"]),
    ("steps", &["sqlx", "axum", "lettre", "askama", "reqwest", "csv", "toml"]),
    ("web", &["sqlx", "lettre", "reqwest", "csv", "toml"]),
    ("rehearsal", &["sqlx", "lettre", "csv", "toml"]),
    ("app", &["sqlx", "lettre", "askama", "csv"]),
];

/// Imports to the left that are not wanted all the same.
const NOT_WANTED: [(&str, &[&str]); 5] = [
    ("intake", &["store"]),
    ("mail", &["store", "intake"]),
    ("handover", &["store", "intake", "mail"]),
    ("web", &["mail", "handover"]),
    ("app", &[]),
];

const LONGEST: usize = 400;

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Code without comments, so that a doc line may name another room.
fn code(path: &Path) -> String {
    fs::read_to_string(path).unwrap().lines().map(|l| l.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// Whether `code` names `path::` as a whole word.
fn names(code: &str, path: &str) -> bool {
    let wanted = format!("{path}::");
    code.match_indices(&wanted).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

fn imports(code: &str, room: &str) -> bool {
    names(code, &format!("crate::{room}")) || code.contains(&format!("use crate::{room};"))
}

fn walls_broken_by(room: &str, code: &str) -> Vec<String> {
    let place = ROOMS.iter().position(|(name, _)| *name == room).unwrap();
    let mut broken = Vec::new();
    for (other, _) in &ROOMS[place + 1..] {
        if imports(code, other) {
            broken.push(format!("imports {other}, which stands to its right"));
        }
    }
    for (_, unwanted) in NOT_WANTED.iter().filter(|(name, _)| *name == room) {
        for other in unwanted.iter().filter(|other| imports(code, other)) {
            broken.push(format!("imports {other}"));
        }
    }
    for krate in ROOMS[place].1 {
        if names(code, krate) || code.contains(&format!("use {krate};")) {
            broken.push(format!("uses the crate {krate}"));
        }
    }
    if room != "store"
        && ["SELECT ", "INSERT INTO ", "DELETE FROM "].iter().any(|sql| code.contains(&format!("\"{sql}")))
    {
        broken.push("has SQL in it".into());
    }
    broken
}

#[test]
fn rooms_import_only_to_their_left() {
    let mut broken = Vec::new();
    for (room, _) in ROOMS {
        for path in files(&root().join("src").join(room), "rs") {
            for what in walls_broken_by(room, &code(&path)) {
                broken.push(format!("{} {what}", path.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn the_check_of_the_walls_can_fail() {
    assert!(!walls_broken_by("rules", "use crate::store::Db;").is_empty());
    assert!(!walls_broken_by("rules", "sqlx::query(x)").is_empty());
    assert!(!walls_broken_by("web", "let q = \"SELECT 1\";").is_empty());
    assert!(!walls_broken_by("web", "use crate::mail::words;").is_empty());
    assert!(walls_broken_by("web", "use crate::steps::Ctx;").is_empty());
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut lengths = Vec::new();
    let mut wrong = Vec::new();
    for path in files(&root().join("src"), "rs") {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        lengths.push(lines);
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        if lines > LONGEST {
            wrong.push(format!("{name} has {lines} lines"));
        }
        if !text.starts_with("//! ") {
            wrong.push(format!("{name} does not begin by saying why it is there"));
        }
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(median <= 160, "the median length of a file is {median} lines; near 100 is wanted");
}

#[test]
fn what_contacts_and_directors_read_is_free_of_the_banned_word() {
    let mut found = Vec::new();
    for folder in ["templates", "config"] {
        for ending in ["html", "txt", "md", "toml", "css", "js"] {
            for path in files(&root().join(folder), ending) {
                if fs::read_to_string(&path).unwrap().to_lowercase().contains("survey") {
                    found.push(path.display().to_string());
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:?}");
}
