//! Proofs about folders in zips: as file managers pack them, as attackers do, and what a round is made of.

use std::io::Write;
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;
use crate::intake::folder::{self, Unlisted};
use crate::intake::workbook::made;

fn demo() -> Vec<(String, Vec<u8>)> {
    fn all(from: &Path, at: &str, out: &mut Vec<(String, Vec<u8>)>) {
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{at}{}", entry.file_name().to_str().unwrap());
            match entry.file_type().unwrap().is_dir() {
                true => all(&entry.path(), &format!("{path}/"), out),
                false => out.push((path, std::fs::read(entry.path()).unwrap())),
            }
        }
    }
    let mut out = Vec::new();
    all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo"), "", &mut out);
    out
}

fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let parts: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    made::zip(&parts)
}

fn below(folder: &str) -> Vec<(String, Vec<u8>)> {
    demo().into_iter().map(|(path, bytes)| (format!("{folder}{path}"), bytes)).collect()
}

fn read(bytes: &[u8]) -> std::result::Result<Unlisted, Vec<String>> {
    let files = files(bytes, "acme.zip").map_err(|problem| vec![problem.to_string()])?;
    folder::read_files(&files).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

fn refusal(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().join(" ")
}

#[test]
fn a_zip_is_read_as_its_folder_however_it_was_packed() {
    let own = folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo")).unwrap();
    let mut packed_by_a_mac = below("Acme 2028/");
    packed_by_a_mac.push(("__MACOSX/Acme 2028/._round.toml".into(), b"\0\x05\x16\x07".to_vec()));
    packed_by_a_mac.push(("Acme 2028/.DS_Store".into(), b"Bud1".to_vec()));
    packed_by_a_mac.push(("Acme 2028/mail/.DS_Store".into(), b"Bud1".to_vec()));
    packed_by_a_mac.push(("Acme 2028/notes/old/round.toml".into(), b"nonsense".to_vec()));
    let mut checked_out = below("acme/");
    checked_out.extend((0..=FILES).map(|n| (format!("acme/.git/objects/{n:04x}"), vec![0])));
    checked_out.push(("acme/.git/HEAD".into(), Vec::new()));
    checked_out.push(("acme/.git/head".into(), Vec::new()));
    for files in [demo(), below("acme/"), below("a/b/"), packed_by_a_mac, checked_out] {
        let read = read(&zip(&files)).unwrap();
        assert_eq!((&read.spec, &read.questionnaire, &read.words), (&own.spec, &own.questionnaire, &own.words));
        let (name, bytes) = read.list.unwrap();
        assert_eq!(crate::intake::list::read(&bytes, name).unwrap().accepted, own.list.accepted);
    }
}

#[test]
fn what_is_wrong_in_a_zip_is_told_by_file_and_line_as_of_a_folder() {
    let mut files = demo();
    files.retain(|(path, _)| path != "questionnaire.toml");
    for (path, bytes) in &mut files {
        if path == "round.toml" {
            *bytes = String::from_utf8(bytes.clone()).unwrap().replacen("client =", "clint =", 1).into_bytes();
        }
    }
    files.push(("contacts.xlsx".into(), b"PK".to_vec()));
    let told = read(&zip(&files)).unwrap_err();
    for wanted in ["questionnaire.toml: This file is missing.", "contacts.xlsx: There is contacts.csv", "round.toml:"] {
        assert!(told.iter().any(|fault| fault.starts_with(wanted)), "{wanted}: {told:#?}");
    }
}

#[test]
fn s09_s10_a_hostile_zip_is_one_sentence_and_costs_little() {
    let with = |path: &str, bytes: &[u8]| {
        let mut files = demo();
        files.retain(|(known, _)| known != path);
        files.push((path.into(), bytes.to_vec()));
        zip(&files)
    };
    let one = |files: &[(&str, &[u8])]| made::zip(files);
    let mut link = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    link.add_symlink("round.toml", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let link = link.finish().unwrap().into_inner();
    let many: Vec<(String, Vec<u8>)> = (0..=FILES).map(|n| (format!("mail/en/{n}.md"), Vec::new())).collect();
    let whole = zip(&demo());
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "is no ZIP file"),
        (b"round = \"acme\"".to_vec(), "is no ZIP file"),
        (whole[..whole.len() / 2].to_vec(), "is no ZIP file, is damaged"),
        (one(&[("contacts.csv", b"account")]), "There is no round.toml in acme.zip."),
        (one(&[("my-round.toml", b"")]), "There is no round.toml"),
        (one(&[("a/round.toml", b""), ("b/round.toml", b"")]), "holds more than one round: a/ and b/"),
        (with("../round.toml", b""), "a part by the name “../round.toml”"),
        (with("/etc/cron.d/x", b""), "a part by the name"),
        (with("mail\\en\\x.md", b""), "a part by the name"),
        (with("C:/x", b""), "a part by the name"),
        (with("ROUND.toml", b""), "two parts of one name"),
        (link, "a part by the name “round.toml”"),
        (zip(&many), "acme.zip has more than 2000 files."),
        (vec![b'P'; LARGEST + 1], "larger than the folder of a round can be"),
    ];
    for (bytes, wanted) in cases {
        let begun = std::time::Instant::now();
        let told = refusal(&bytes);
        assert!(told.contains(wanted), "{wanted}: {told}");
        assert!(begun.elapsed().as_secs() < 5, "{wanted}");
    }
}

#[test]
fn s10_a_bomb_is_unpacked_no_further_than_its_file_may_go() {
    let bomb = |path: &str, size: usize| {
        let mut out = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let how = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (known, bytes) in demo().iter().filter(|(known, _)| known != path) {
            out.start_file(known.as_str(), how).unwrap();
            out.write_all(bytes).unwrap();
        }
        out.start_file(path, how).unwrap();
        let block = vec![b'a'; 1024 * 1024];
        for _ in 0..size {
            out.write_all(&block).unwrap();
        }
        out.finish().unwrap().into_inner()
    };
    let text = bomb("round.toml", 300);
    assert!(text.len() < 1024 * 1024, "{}", text.len());
    let held: usize = files(&text, "z").unwrap().values().map(Vec::len).sum();
    assert!(held < 2 * 1024 * 1024, "{held}");
    assert!(refusal(&text).contains("round.toml: This file is larger than 256 KiB."), "{}", refusal(&text));
    let list = bomb("contacts.csv", 120);
    let held: usize = files(&list, "z").unwrap().values().map(Vec::len).sum();
    assert!(held < 52 * 1024 * 1024, "{held}");
    assert!(refusal(&list).contains("contacts.csv: This file is larger than"), "{}", refusal(&list));
    // Two hundred texts of a size that one may have.
    let mut many = demo();
    many.extend((0..200).map(|n| (format!("mail/en/x{n}.md"), vec![b'a'; LARGEST_TEXT as usize])));
    assert!(refusal(&zip(&many)).contains("larger than the folder of a round can be"));
    // Twin: what is no file of the round is not unpacked.
    let mut beside = demo();
    beside.push(("pictures/large.bin".into(), vec![0; 40 * 1024 * 1024]));
    assert!(read(&zip(&beside)).is_ok());
}
