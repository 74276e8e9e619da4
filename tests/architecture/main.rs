//! The walls of the house: which room imports which, which crates stay outside a room, that no files import each other in a circle, how long
//! files may be.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files should stop")]

use std::fs;
use std::path::{Path, PathBuf};

mod circles;
mod ids;
mod on_pages;
mod reading;

use circles::{Sources, circles, named_in};
use reading::{code, with_strings};

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

/// Whether `code` names the crate, as a whole word.
fn uses_crate(code: &str, krate: &str) -> bool {
    let wanted = format!("{krate}::");
    let in_a_path = code.match_indices(&wanted).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    });
    in_a_path || code.contains(&format!("use {krate};"))
}

fn walls_broken_by(room: &str, place: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let named = named_in(place, &code);
    let imports = |room: &str| named.iter().any(|path| path.first().is_some_and(|first| first == room));
    let at = ROOMS.iter().position(|(name, _)| *name == room).unwrap();
    let mut broken = Vec::new();
    for (other, _) in ROOMS[at + 1..].iter().filter(|(other, _)| imports(other)) {
        broken.push(format!("imports {other}, which stands to its right"));
    }
    for (_, unwanted) in NOT_WANTED.iter().filter(|(name, _)| *name == room) {
        for other in unwanted.iter().filter(|other| imports(other)) {
            broken.push(format!("imports {other}"));
        }
    }
    // What is only for its tests is not part of a room.
    if place.contains("/tests/") {
        return broken;
    }
    for krate in ROOMS[at].1.iter().filter(|krate| uses_crate(&code, krate)) {
        broken.push(format!("uses the crate {krate}"));
    }
    let text = with_strings(text);
    if room != "store"
        && ["SELECT ", "INSERT INTO ", "DELETE FROM "].iter().any(|sql| text.contains(&format!("\"{sql}")))
    {
        broken.push("has SQL in it".into());
    }
    broken
}

/// The place of a file under `src`.
fn place(path: &Path) -> String {
    path.strip_prefix(root().join("src")).unwrap().display().to_string()
}

#[test]
fn rooms_import_only_to_their_left() {
    let mut broken = Vec::new();
    for (room, _) in ROOMS {
        for path in files(&root().join("src").join(room), "rs") {
            for what in walls_broken_by(room, &place(&path), &fs::read_to_string(&path).unwrap()) {
                broken.push(format!("{} {what}", place(&path)));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn the_check_of_the_walls_can_fail() {
    for (room, seen) in [
        ("rules", "use crate::store::Db;"),
        ("rules", "use crate::{base::clock::Ts, store::Db};"),
        ("rules", "use super::super::store::Db;"),
        ("rules", "#[cfg(test)] mod tests { fn t() { crate::store::open() } }"),
        ("rules", "sqlx::query(x)"),
        ("rules", "const AT: &str = \"https://a.example\"; use crate::store;"),
        ("web", "let q = \"SELECT 1\";"),
        ("web", "const AT: &str = \"https://a.example\"; let q = \"SELECT 1\";"),
        ("web", "use crate::mail::words;"),
        ("web", "use soundings_mail::words;"),
        ("web", "fn f() { soundings_rehearsal::play() }"),
    ] {
        assert!(!walls_broken_by(room, &format!("{room}/a.rs"), seen).is_empty(), "{seen}");
    }
    for fine in ["use crate::steps::Ctx;", "// use crate::mail::words;", "const S: &str = \"crate::mail::words\";"] {
        assert!(walls_broken_by("web", "web/a/b.rs", fine).is_empty(), "{fine}");
    }
    assert!(walls_broken_by("web", "web/tests/a.rs", "sqlx::query(\"SELECT 1\")").is_empty());
    assert!(!walls_broken_by("web", "web/tests/a.rs", "use crate::app::x;").is_empty());
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let sources = files(&root().join("src"), "rs").into_iter();
    let sources: Sources = sources.map(|path| (place(&path), fs::read_to_string(&path).unwrap())).collect();
    let found = circles(&sources);
    assert!(found.is_empty(), "\n{}", found.iter().cloned().collect::<Vec<_>>().join("\n"));
}

fn circles_of<const N: usize>(files: [(&str, &str); N]) -> Vec<String> {
    let sources: Sources = files.iter().map(|(place, text)| ((*place).to_owned(), (*text).to_owned())).collect();
    circles(&sources).into_iter().collect()
}

#[test]
fn the_check_of_circles_can_fail() {
    // By `use`, by a path in the code, by the name of a child, and through a re-export that another file defines.
    let by_use = [("a/b.rs", "use super::c::{C, d::{self, E as F}};"), ("a/c.rs", "use crate::a::b::B;")];
    assert_eq!(circles_of(by_use), ["a/b.rs -> a/c.rs -> a/b.rs"]);
    let by_path = [("a/b.rs", "fn b() { super::c::c() }"), ("a/c.rs", "fn c(_: &'static crate::a::b::B) {}")];
    assert_eq!(circles_of(by_path).len(), 1);
    let by_child = [("a/mod.rs", "mod b; fn a() { b::b() }"), ("a/b.rs", "use super::a;")];
    assert_eq!(circles_of(by_child).len(), 1);
    let over_three =
        [("a.rs", "use crate::b::x;"), ("b/mod.rs", "pub use self::c::x;"), ("b/c.rs", "pub fn x() { crate::a::a() }")];
    assert_eq!(circles_of(over_three), ["a.rs -> b/c.rs -> a.rs"]);
    let inside = [("a/b.rs", "pub struct B; mod inner { use crate::a::c::C; }"), ("a/c.rs", "use super::b::B;")];
    assert_eq!(circles_of(inside).len(), 1);
    let over_packages = [
        ("a/lib.rs", "pub mod b; pub use self::b::B;"),
        ("a/b.rs", "use soundings_c::C;"),
        ("c/lib.rs", "use soundings_a::B; pub struct C;"),
    ];
    assert_eq!(circles_of(over_packages).len(), 1);
}

#[test]
fn what_is_no_circle_is_none() {
    let index =
        [("a/mod.rs", "pub mod b; pub mod c; pub use self::b::B;"), ("a/b.rs", "use super::c::C;"), ("a/c.rs", "")];
    assert!(circles_of(index).is_empty());
    let only_said = [
        ("a/b.rs", "use super::c::C; // crate::a::b\nconst C: &str = \"crate::a::b::x\"; const Q: char = '\"';"),
        ("a/c.rs", "// use super::b::B;\npub(in crate::a::b) struct C; const R: &str = r#\"use super::b::B; \"# ;"),
    ];
    assert!(circles_of(only_said).is_empty());
    let inside = [
        ("a/mod.rs", "mod b; mod c; use self::c::C;"),
        ("a/b.rs", "pub mod option { use super::b; fn o() { super::b() } }"),
        ("a/c.rs", "use super::b::option;"),
    ];
    assert!(circles_of(inside).is_empty());
    let in_tests = [
        ("a/b.rs", "use super::c::C; #[cfg(test)] mod tests { use super::*; fn t() {} }"),
        ("a/c.rs", "pub struct C; #[cfg(test)] use super::b::{B, X}; #[cfg(test)] fn t() { super::b::b() }"),
    ];
    assert!(circles_of(in_tests).is_empty());
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

/// The parts of `web`, and which other parts each of them must not know.
const PARTS_OF_WEB: [(&str, &[&str]); 5] = [
    ("kit", &["console", "links", "api", "server", "routes"]),
    ("console", &["links", "api", "server", "routes"]),
    ("links", &["console", "api", "server", "routes"]),
    ("api", &["console", "links", "server", "routes"]),
    ("server", &["console", "links", "api", "routes"]),
];

fn knows_part(place: &str, text: &str, part: &str) -> bool {
    named_in(place, &code(text))
        .iter()
        .any(|path| matches!(&path[..], [room, first, ..] if room == "web" && first == part))
}

#[test]
fn parts_of_web_know_only_what_they_may() {
    let mut broken = Vec::new();
    for (part, unwanted) in PARTS_OF_WEB {
        for path in files(&root().join("src/web").join(part), "rs") {
            let text = fs::read_to_string(&path).unwrap();
            for other in unwanted.iter().filter(|other| knows_part(&place(&path), &text, other)) {
                broken.push(format!("{} knows {other}", place(&path)));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
    // The twin: every way to name a part is seen, and nothing that is only called like one.
    for seen in [
        "use crate::web::console;",
        "use crate::web::console::plan::overview;",
        "use crate::web::{console, kit};",
        "use crate::web::{kit::state::Web, console::plan};",
        "use super::super::console::plan;",
        "let page = crate::web::console::plan::page();",
    ] {
        assert!(knows_part("web/links/x.rs", seen, "console"), "{seen}");
    }
    for other in ["use crate::web::kit::frames::console;", "use super::frames::{console, letter};", "consoles::x()"] {
        assert!(!knows_part("web/kit/views/x.rs", other, "console"), "{other}");
    }
}

/// Addresses of pages that stand in quotes, or in an attribute of a template.
fn addresses(text: &str) -> Vec<&str> {
    let quoted = text.split("\"/").skip(1).filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
    quoted.map(|rest| rest.split(['"', '{', '#', '?']).next().unwrap_or(rest)).collect()
}

/// Whether one of the quoted patterns of `urls` is this address, or begins with it and goes on with a part to be filled.
fn is_a_page(urls: &str, address: &str) -> bool {
    let patterns = urls.split("\"/").skip(1).filter_map(|rest| rest.split('"').next());
    patterns.map(|pattern| pattern.split_once('{').map_or(pattern, |(fixed, _)| fixed)).any(|fixed| fixed == address)
}

#[test]
fn addresses_of_pages_stand_in_one_file() {
    let one = root().join("src/web/kit/urls.rs");
    let urls = fs::read_to_string(&one).unwrap();
    let mut elsewhere = Vec::new();
    for path in files(&root().join("src/web"), "rs").into_iter().filter(|path| *path != one) {
        let text = with_strings(&fs::read_to_string(&path).unwrap());
        let shipped = text.split("#[cfg(test)]\nmod ").next().unwrap();
        let is_a_test = place(&path).contains("/tests");
        elsewhere
            .extend(addresses(shipped).iter().filter(|_| !is_a_test).map(|at| format!("{} has /{at}", place(&path))));
    }
    // The pages of a rehearsal's mailbox are no part of `web`.
    let templates = files(&root().join("templates/pages"), "html").into_iter();
    for path in templates.filter(|path| !path.to_string_lossy().contains("/mailbox/")) {
        let text = fs::read_to_string(&path).unwrap();
        let unknown = addresses(&text).into_iter().filter(|at| !is_a_page(&urls, at));
        elsewhere.extend(unknown.map(|at| format!("{} leads to /{at}, which is no page", path.display())));
    }
    assert!(elsewhere.is_empty(), "\n{}", elsewhere.join("\n"));
    assert_eq!(addresses("to(\"/rounds/{round}/plan\") or href=\"/log-in\", not \"/\""), ["rounds/", "log-in"]);
    let known = "LOG_IN = \"/log-in\"; ROUND = \"/rounds/{round}\"";
    assert!(is_a_page(known, "log-in") && is_a_page(known, "rounds/"));
    assert!(["s", "log", "round", "rounds", "rounds/x", "send"].iter().all(|at| !is_a_page(known, at)));
}
