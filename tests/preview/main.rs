//! Every page and mail that `preview` writes, held against `tests/preview/snapshots`: a change of any of them is seen in review, and none may have
//! what no page may have.
//!
//! `cargo insta review`, or `INSTA_UPDATE=always cargo test --test preview`, accepts a change.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails in a helper fails the test")]

mod masked;
#[path = "../common/stack.rs"]
mod stack;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use masked::masked;
use soundings::base::seal::sha256;
use soundings::intake::folder;
use soundings::rehearsal::preview;
use stack::on_a_large_stack;
use tokio::sync::OnceCell;

/// In two halves, so that this file does not say it either.
const BANNED: [&str; 5] = ["sur\u{76}ey", "umfrage", "befragung", "enquête", "sondage"];
/// What the README shows, and from which pages.
const PICTURED: [&str; 3] = ["console-round-middle.html", "sign-off-1.html", "mail-en-invitation.html"];

type Files = BTreeMap<String, String>;

/// The files, and beside them what the server said on the way to each page.
async fn written() -> (Files, BTreeMap<String, Vec<u16>>) {
    let all = on_a_large_stack(|| async {
        let demo = folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo")).unwrap();
        let place = tempfile::tempdir().unwrap();
        preview::files(&demo, place.path()).await.unwrap()
    });
    all.into_iter().map(|(name, file)| ((name.clone(), file.text), (name, file.statuses))).unzip()
}

/// Written once for all tests of this file.
async fn once() -> &'static (Files, BTreeMap<String, Vec<u16>>) {
    static FILES: OnceCell<(Files, BTreeMap<String, Vec<u16>>)> = OnceCell::const_new();
    FILES.get_or_init(written).await
}

async fn files() -> &'static Files {
    &once().await.0
}

/// What is compared: what the server said stands before a page, so that a refusal that has become none is seen.
fn compared(statuses: &[u16], text: &str) -> String {
    let said: Vec<String> = statuses.iter().map(u16::to_string).collect();
    match said.is_empty() {
        true => masked(text),
        false => format!("status: {}\n{}", said.join(", then "), masked(text)),
    }
}

/// Mails in a frame: their styles are those of a mail, under a policy of their own.
const FRAMED: [&str; 4] = [
    "approval-letters.html",
    "console-letter-framed.html",
    "console-plan-text-letters.html",
    "console-plan-text-test-letter.html",
];

fn is_page(name: &str) -> bool {
    name.ends_with(".html") && !name.starts_with("mail-") && !FRAMED.contains(&name) && name != "index.html"
}

fn snapshots() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/preview/snapshots")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_and_mail_is_as_it_was_reviewed() {
    let (files, statuses) = once().await;
    let shown: Files = files
        .iter()
        .filter(|(name, _)| name.ends_with(".html") || name.ends_with(".txt"))
        .map(|(name, text)| (name.clone(), compared(&statuses[name], text)))
        .collect();
    assert_eq!(compared(&[303, 200], "x"), "status: 303, then 200\nx");
    assert!(compared(&[422], "x") != compared(&[200], "x") && compared(&[], "x") == "x");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(snapshots());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let changed: Vec<&String> = settings.bind(|| {
        let same =
            |name: &str, text: &str| catch_unwind(AssertUnwindSafe(|| insta::assert_snapshot!(name, text))).is_ok();
        shown.iter().filter(|(name, text)| !same(name, text)).map(|(name, _)| name).collect()
    });
    let kept = std::fs::read_dir(snapshots()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let gone: Vec<String> =
        kept.filter(|file| file.ends_with(".snap") && !shown.contains_key(file.trim_end_matches(".snap"))).collect();
    assert!(changed.is_empty(), "changed: {changed:?}; look at each, then accept them with `cargo insta review`");
    assert!(gone.is_empty(), "no page has this name any more, remove the files: {gone:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_program_writes_the_same_bytes() {
    let (again, statuses) = written().await;
    let differ: Vec<&String> =
        files().await.iter().filter(|(name, text)| again.get(*name) != Some(text)).map(|(name, _)| name).collect();
    assert!(differ.is_empty() && again.len() == files().await.len(), "{differ:?}");
    assert_eq!(statuses, once().await.1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_whole_and_clean() {
    let files = files().await;
    let weight = files["style.css"].len() + files["assessment.js"].len();
    for (name, html) in files.iter().filter(|(name, _)| is_page(name)) {
        let wrong = faults(name, html, weight);
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
    }
    for (name, text) in files.iter().filter(|(name, _)| name.starts_with("mail-")) {
        assert!(!says_it(text), "{name} has the banned word");
    }
    // What was wrong is found by the same measure.
    let csrf = "<form method=\"post\"><input type=\"hidden\" name=\"csrf\" value=\"x\"></form></html>";
    for (name, html, what) in [
        ("opt-out-en.html", csrf, "session"),
        ("console-round.html", "<form method=\"post\"></form></html>", "csrf"),
        ("console-round.html", "<p style=\"color:red\"></p></html>", "style="),
        ("log-in.html", "<p>", "whole"),
        ("log-in.html", &format!("<p>{}</html>", BANNED[0]), "banned"),
        ("assessment-1-en.html", &format!("{}</html>", "x".repeat(50_000)), "50 kB"),
    ] {
        assert!(faults(name, html, weight).iter().any(|fault| fault.contains(what)), "{name} {what}");
    }
}

fn says_it(text: &str) -> bool {
    let lower = text.to_lowercase();
    BANNED.iter().any(|word| lower.contains(word))
}

fn faults(name: &str, html: &str, weight: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    if !html.trim_end().ends_with("</html>") {
        wrong.push("is not whole".to_string());
    }
    if says_it(html) {
        wrong.push("has a banned word".into());
    }
    for bad in [" style=", "<style", "<script>", "javascript:", " onclick", "http://", "src=\"//"] {
        if html.contains(bad) {
            wrong.push(format!("has {bad}, which the content security policy forbids"));
        }
    }
    if ["assessment", "opt-out"].iter().any(|contact| name.starts_with(contact)) {
        if html.contains("name=\"csrf\"") {
            wrong.push("contacts have no session".into());
        }
        if html.len() + weight > 50_000 {
            wrong.push("is heavier than 50 kB".into());
        }
    }
    let forms = html.split("<form").skip(1).filter_map(|form| form.split("</form>").next());
    let posted = forms.filter(|form| name.starts_with("console") && form.contains("method=\"post\""));
    wrong.extend(
        posted.filter(|form| !form.contains("name=\"csrf\" value=\"")).map(|_| "a form without its csrf field".into()),
    );
    wrong
}

/// `node tests/browser/pictures.mjs` takes the pictures of the README and writes down of which pages.
#[test]
fn the_pictures_show_the_pages_as_they_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: PathBuf| std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let told: BTreeSet<String> = read(root.join("docs/pictures/made-of.txt")).lines().map(str::to_string).collect();
    let snapshots = PICTURED.map(|name| (name, read(snapshots().join(format!("{name}.snap")))));
    let style = ("style.css", read(root.join("templates/style.css")));
    for (name, text) in snapshots.into_iter().chain([style]) {
        let line = format!("{name} {}", sha256(&text));
        assert!(
            told.contains(&line),
            "{name} has changed since the pictures were taken: run `node tests/browser/pictures.mjs`"
        );
    }
}
