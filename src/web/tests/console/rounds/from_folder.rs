//! A round made of a folder that comes as a ZIP: the checks of `round load`, nothing made where there is a fault, and its list not loaded unseen.

use std::io::{Cursor, Write};
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::rules::round::RoundState;
use crate::store::contacts::uploads as store;
use crate::store::round::rounds;
use crate::web::tests::fixture::*;

use crate::web::tests::console::lists::{form_of_bytes, send_to};

const FOLDER: &str = "/rounds/new/folder";
const MADE: &str = "acme-2027";

type Files = Vec<(String, Vec<u8>)>;

fn below(dir: &Path, at: &str, out: &mut Files) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{at}{}", entry.file_name().to_str().unwrap());
        match entry.file_type().unwrap().is_dir() {
            true => below(&entry.path(), &format!("{path}/"), out),
            false => out.push((path, std::fs::read(entry.path()).unwrap())),
        }
    }
}

/// The demo's folder under another name, with one text of a file replaced.
fn folder(file: &str, old: &str, new: &str) -> Files {
    let mut files = Files::new();
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo"), "acme/", &mut files);
    for (path, bytes) in &mut files {
        let mut text = String::from_utf8(bytes.clone()).unwrap();
        if path == "acme/round.toml" {
            text = text.replace(FIRST, MADE);
        }
        if *path == format!("acme/{file}") {
            assert!(text.contains(old), "{file} does not say {old}");
            text = text.replace(old, new);
        }
        *bytes = text.into_bytes();
    }
    files
}

fn zip(files: &Files) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        out.start_file(path.as_str(), SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// As the page sends it; a refusal is followed to its page.
async fn post(h: &House, cookie: &str, csrf: &str, name: &str, bytes: &[u8]) -> Said {
    let said = send_to(h, FOLDER, cookie, Body::from(form_of_bytes(csrf, name, bytes)), &[]).await;
    let there = said.header("location").to_string();
    if !there.contains("kept=") {
        return said;
    }
    let page = h.send(Method::GET, &there, &[("cookie", cookie)], "").await;
    Said { refused: true, ..page }
}

#[tokio::test]
async fn a_folder_makes_a_draft_and_its_list_waits_to_be_looked_at() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let new = h.send(Method::GET, "/rounds/new", &[("cookie", &cookie)], "").await.body;
    assert!(new.contains("From a folder") && new.contains(&format!("action=\"{FOLDER}\"")), "{new}");
    let said = post(&h, &cookie, &csrf, "acme.zip", &zip(&folder("round.toml", "", ""))).await;
    assert_eq!(said.header("location"), format!("/rounds/{MADE}/list?done=make_folder"), "{}", said.body);
    let page = h.send(Method::GET, said.header("location"), &[("cookie", &cookie)], "").await.body;
    assert!(page.contains("Its list waits here") && page.contains("contacts.csv"), "{page}");
    let mut tx = h.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, MADE).await.unwrap().unwrap();
    assert_eq!(round.state, RoundState::Draft);
    let waiting = store::of_round(&mut tx, &round.id).await.unwrap();
    drop(tx);
    assert!(h.people(MADE).await.is_empty(), "nobody has looked at the list");
    // By the three pages into the round.
    let there = format!("/rounds/{MADE}/list/{}/difference", waiting[0].id);
    let with = [("cookie", cookie.as_str())];
    let shown = h.send(Method::GET, &there, &with, "").await;
    let version = shown.hidden("name=\"csrf\"", "version");
    let said = h.post_with(&there, &with, &[("act", "load"), ("csrf", &csrf), ("version", &version)]).await;
    assert!(said.header("location").contains("done=load_list"), "{}", said.body);
    assert_eq!(h.people(MADE).await.len(), h.people(FIRST).await.len());
    // A second press leads to the round that the first has made; its list is not put there once more. Another folder of the name is none.
    let before = h.facts().await;
    let again = post(&h, &cookie, &csrf, "acme.zip", &zip(&folder("round.toml", "", ""))).await;
    assert_eq!(again.header("location"), format!("/rounds/{MADE}/list?done=made"), "{}", again.body);
    let other = post(&h, &cookie, &csrf, "acme.zip", &zip(&folder("round.toml", "minutes = 6", "minutes = 7"))).await;
    assert!(other.refused && other.body.contains("There is a round acme-2027 already."), "{}", other.body);
    assert!(h.facts().await == before);
}

#[tokio::test]
async fn f22_s10_a_folder_with_a_fault_is_told_by_file_and_line_and_makes_nothing() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let without = |file: &str| {
        let mut files = folder("round.toml", "", "");
        files.retain(|(path, _)| path != &format!("acme/{file}"));
        files
    };
    let leads_out = [folder("round.toml", "", ""), vec![("../../x".into(), Vec::new())]].concat();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("notes.txt", b"Dear all".to_vec(), "notes.txt is no ZIP file, is damaged, or was not sent whole."),
        ("x.zip", Vec::new(), "No file was chosen, or it is empty."),
        ("<b>x</b>.zip", zip(&vec![("a.txt".into(), b"a".to_vec())]), "There is no round.toml in"),
        ("x.zip", zip(&leads_out), "a part by the name “../../x”"),
        ("x.zip", zip(&without("questionnaire.toml")), "questionnaire.toml: This file is missing."),
        ("x.zip", zip(&without("contacts.csv")), "contacts.csv: This file is missing."),
        ("x.zip", zip(&folder("round.toml", "client = ", "clint = ")), "round.toml:"),
        ("x.zip", zip(&folder("questionnaire.toml", "id = ", "id == ")), "questionnaire.toml:"),
        ("x.zip", zip(&folder("round.toml", MADE, FIRST)), "There is a round northwind-2027 already."),
    ];
    let before = h.facts().await;
    for (name, bytes, wanted) in cases {
        let said = post(&h, &cookie, &csrf, name, &bytes).await;
        assert!(
            said.refused && said.body.contains("No round was made"),
            "{name} {wanted}: {} {}",
            said.status,
            said.body
        );
        assert!(said.body.contains(wanted), "{wanted}: {}", said.body);
        assert!(said.body.contains("id=\"file-error\"") && !said.body.contains("<b>x"), "{}", said.body);
    }
    let large = vec![b'P'; crate::intake::folder::zipped::LARGEST + 1];
    let said = post(&h, &cookie, &csrf, "large.zip", &large).await;
    assert_eq!(said.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", said.body);
    assert!(said.body.contains("larger than the folder of a round can be: 16 MB"), "{}", said.body);
    assert!(h.facts().await == before, "something of a refused folder was kept");
}

#[tokio::test]
async fn s14_a_folder_needs_the_token_of_its_session() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let (_, other) = h.log_in().await;
    let bytes = zip(&folder("round.toml", "", ""));
    let before = h.everything();
    for token in ["", other.as_str()] {
        assert_eq!(post(&h, &cookie, token, "acme.zip", &bytes).await.status, StatusCode::FORBIDDEN);
    }
    let said = post(&h, "soundings=invented", &other, "acme.zip", &bytes).await;
    assert_eq!(said.status, StatusCode::FORBIDDEN);
    assert!(h.everything() == before);
}
