//! Codes explained: every attack (S), rule of mail (M) and fault (F) that the source names stands in `docs/ASSURANCE.md`, with tests that there are.
//!
//! A code is one of these capitals and two digits, a word of its own: `S21`, `F06, F07`, `M01/M02`, `F01-F03` (all of them). `S3`, `F1`, `F0815`, `0xF08`, `x-F08`
//! and `f64` are none. In small letters it counts in names of functions only, where the name begins or behind `_and_`: `f08_f09_silence_...`,
//! `..._and_s18_a_near_miss_...`. This file is not read, for its texts are made up.
//!
//! A test is named by a place and its function: `rules: s05_...` stands anywhere in `src/rules`, `tests/stories: f27_...` in that folder, `tests/rounds: s04_...` in
//! `tests/rounds.rs`. So a file may move within its place, and within a place a name that is named must stand once.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files should stop")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const DOCUMENT: &str = "docs/ASSURANCE.md";
const OURSELVES: &str = "tests/assurance.rs";
/// What is read, and which endings; certificates, mails and lists of tests could hold anything.
const FOLDERS: [&str; 7] = ["src", "tests", "benches", "docs", "templates", "migrations", "config"];
const ENDINGS: [&str; 9] = ["rs", "md", "py", "mjs", "js", "html", "css", "sql", "toml"];
/// Beside the documents in the root.
const SCRIPT: &str = "tests/run";
/// Where others put what is not ours.
const NOT_OURS: [&str; 2] = ["node_modules", "target"];
/// What an entry says that no test stands under.
const UNPROVEN: &str = "Not proven yet";

type Code = (char, u8);
/// A place and the name of a function.
type Name = (String, String);

fn shown((kind, number): Code) -> String {
    format!("{kind}{number:02}")
}

fn code(text: &str) -> Option<Code> {
    match text.as_bytes() {
        [kind @ (b'S' | b'M' | b'F'), tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            Some((char::from(*kind), (tens - b'0') * 10 + (ones - b'0')))
        }
        _ => None,
    }
}

/// One code, or the first and the last of several.
fn span(part: &str) -> Option<Vec<Code>> {
    let Some((first, last)) = part.split_once(['-', '–']) else { return Some(vec![code(part)?]) };
    let ((kind, from), (other, to)) = (code(first)?, code(last)?);
    (kind == other && from <= to).then(|| (from..=to).map(|number| (kind, number)).collect())
}

fn codes_in(text: &str) -> BTreeSet<Code> {
    let apart = |b: &u8| b.is_ascii_whitespace() || b"()[]{}<>\"'`*|,;:!?".contains(b);
    let words = text.as_bytes().split(apart).filter(|word| word.len() > 2 && matches!(word[0], b'S' | b'M' | b'F'));
    let words = words.filter_map(|word| str::from_utf8(word).ok()).map(|word| word.trim_end_matches('.'));
    words.filter_map(|word| word.split('/').map(span).collect::<Option<Vec<_>>>()).flatten().flatten().collect()
}

fn codes_of_name(name: &str) -> BTreeSet<Code> {
    let behind = name.match_indices("_and_").map(|(at, and)| &name[at + and.len()..]);
    let small = |part: &str| code(&part.to_uppercase()).filter(|_| !part.starts_with(char::is_uppercase));
    [name].into_iter().chain(behind).flat_map(|rest| rest.split('_').map_while(small)).collect()
}

/// Where a file belongs, if functions of it can be named.
fn place(path: &str) -> Option<String> {
    match path.split('/').collect::<Vec<_>>()[..] {
        ["src", room, _, ..] => Some(room.to_string()),
        ["tests", of, ..] => Some(format!("tests/{}", of.trim_end_matches(".rs"))),
        _ => None,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The functions of a text, each with whether it is marked as a test.
fn functions(text: &str) -> Vec<(&str, bool)> {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let before = ["pub ", "pub(crate) ", "pub(super) ", "async "];
        let line = before.iter().fold(*line, |line, word| line.strip_prefix(word).unwrap_or(line));
        let Some(rest) = line.strip_prefix("fn ") else { continue };
        let mut above = lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        let marked = above.any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"));
        found.push((rest.split(|c| !is_word(c)).next().unwrap_or(""), marked));
    }
    found
}

/// What the source names and has.
#[derive(Default)]
struct Source {
    /// Each code with the first file that names it.
    codes: BTreeMap<Code, String>,
    /// Each function with the files in which it stands, one for each time.
    functions: BTreeMap<Name, Vec<String>>,
    /// Those that some runner calls: marked as tests, or named without a call in `tests/`, as the lists of the stories and of the faults do.
    tests: BTreeSet<Name>,
}

fn source<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Source {
    let (mut source, mut listed) = (Source::default(), BTreeSet::new());
    for (path, text) in files {
        for code in codes_in(text) {
            source.codes.entry(code).or_insert_with(|| path.into());
        }
        let Some(place) = place(path).filter(|_| Path::new(path).extension().is_some_and(|e| e == "rs")) else {
            continue;
        };
        // Each word with the sign behind it.
        for word in text.split_inclusive(|c| !is_word(c)).filter(|_| place.starts_with("tests/")) {
            if word.contains('_') && !word.ends_with(['(', '<']) {
                listed.insert((place.clone(), word.trim_end_matches(|c| !is_word(c)).to_string()));
            }
        }
        for (name, marked) in functions(text) {
            for code in codes_of_name(name) {
                source.codes.entry(code).or_insert_with(|| path.into());
            }
            let name = (place.clone(), name.to_string());
            source.functions.entry(name.clone()).or_default().push(path.into());
            if marked {
                source.tests.insert(name);
            }
        }
    }
    source.tests.extend(source.functions.keys().filter(|name| listed.contains(*name)).cloned());
    source
}

/// What the document says: the tests under each code, all that it names, and what is wrong with its form.
#[derive(Default)]
struct Document {
    entries: BTreeMap<Code, BTreeSet<Name>>,
    unproven: BTreeSet<Code>,
    named: BTreeSet<Name>,
    wrong: Vec<String>,
}

/// `place: function`, as it stands between two backticks.
fn named(span: &str) -> Option<Name> {
    let (place, name) = span.split_once(": ")?;
    let is_place = !place.is_empty() && place.chars().all(|c| c.is_ascii_lowercase() || c == '/' || c == '_');
    (is_place && name.contains('_') && name.chars().all(is_word)).then(|| (place.into(), name.into()))
}

fn document(text: &str) -> Document {
    let mut document = Document::default();
    let mut current = None;
    for line in text.lines() {
        if line.starts_with('#') {
            let title = line.strip_prefix("### ");
            current = title.and_then(|title| code(title.split(' ').next().unwrap_or("")));
            if title.is_some() && current.is_none() {
                document.wrong.push(format!("“{line}” does not begin with a code"));
            }
            if let Some(code) = current
                && document.entries.insert(code, BTreeSet::new()).is_some()
            {
                document.wrong.push(format!("{} has two headings", shown(code)));
            }
            continue;
        }
        if let Some(code) = current.filter(|_| line.contains(UNPROVEN)) {
            document.unproven.insert(code);
        }
        for name in line.split('`').skip(1).step_by(2).filter_map(named) {
            if let Some(tests) = current.and_then(|code| document.entries.get_mut(&code)) {
                tests.insert(name.clone());
            }
            document.named.insert(name);
        }
        let item = line.trim_start().strip_prefix("- `").and_then(|rest| rest.split('`').next());
        if let Some(item) = item.filter(|item| named(item).is_none()) {
            document.wrong.push(format!("“{item}” is no test: write `place: function`"));
        }
    }
    document
}

/// Codes that stand in the source and have no heading, or a heading with nothing under it.
fn unexplained(source: &Source, document: &Document) -> Vec<String> {
    let without = source.codes.iter().filter(|(code, _)| !document.entries.contains_key(code));
    let without = without.map(|(code, path)| format!("{} is named in {path} and has no heading", shown(*code)));
    let empty = document.entries.iter().filter(|(code, tests)| tests.is_empty() != document.unproven.contains(code));
    let empty = empty.map(|(code, _)| format!("{} needs tests, or the words “{UNPROVEN}”, and not both", shown(*code)));
    without.chain(empty).collect()
}

/// Tests that the document names and that there are not.
fn missing(source: &Source, document: &Document) -> Vec<String> {
    let elsewhere = |function: &str| {
        let there = source.functions.iter().filter(|((_, name), _)| name == function);
        let files: Vec<String> = there.flat_map(|(_, files)| files.clone()).collect();
        if files.is_empty() {
            "there is none anywhere".to_string()
        } else {
            format!("there is one in {}", files.join(", "))
        }
    };
    let wrong = |name: &Name| {
        let test = format!("`{}: {}`", name.0, name.1);
        match source.functions.get(name).map(Vec::as_slice) {
            None | Some([]) => Some(format!("{test} is not there; {}", elsewhere(&name.1))),
            Some([_]) if source.tests.contains(name) => None,
            Some([file]) => Some(format!("{test} in {file} is no test, or nothing runs it")),
            Some(files) => Some(format!("{test} stands more than once: {}", files.join(", "))),
        }
    };
    document.named.iter().filter_map(wrong).collect()
}

/// Functions whose names bear a code and that do not stand under it.
fn unnamed(source: &Source, document: &Document) -> Vec<String> {
    let bearing = source
        .functions
        .iter()
        .flat_map(|(name, files)| codes_of_name(&name.1).into_iter().map(move |code| (name, files, code)));
    let under = |name: &Name, code: &Code| document.entries.get(code).is_some_and(|tests| tests.contains(name));
    let without = bearing.filter(|(name, _, code)| !under(name, code));
    without
        .map(|((place, function), files, code)| {
            let files = files.join(", ");
            format!("`{place}: {function}` in {files} does not stand under {}", shown(code))
        })
        .collect()
}

fn all_wrong(source: &Source, document: &Document) -> Vec<String> {
    [document.wrong.clone(), unexplained(source, document), missing(source, document), unnamed(source, document)]
        .concat()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let ends = |endings: &[&str]| path.extension().is_some_and(|e| endings.iter().any(|wanted| e == *wanted));
        if path.is_dir() && !NOT_OURS.iter().any(|name| path.ends_with(name)) {
            found.extend(files(&path));
        } else if path.is_file() && ends(&ENDINGS) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_code_is_explained_and_every_test_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let documents = documents.filter(|path| path.extension().is_some_and(|e| e == "md"));
    let all = FOLDERS.iter().flat_map(|folder| files(&root.join(folder))).chain(documents).chain([root.join(SCRIPT)]);
    let texts: Vec<(String, String)> = all
        .map(|path| (path.strip_prefix(root).unwrap().display().to_string(), fs::read_to_string(&path).unwrap()))
        .filter(|(path, _)| path != DOCUMENT && path != OURSELVES)
        .collect();
    let source = source(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    // Fewer, and the search itself is broken.
    let bearing = source.functions.keys().filter(|(_, name)| !codes_of_name(name).is_empty()).count();
    assert!(source.codes.len() > 50 && bearing > 200, "{} codes and {bearing} tests were found", source.codes.len());
    let wrong = all_wrong(&source, &document(&fs::read_to_string(root.join(DOCUMENT)).unwrap()));
    assert!(wrong.is_empty(), "{DOCUMENT}:\n{}", wrong.join("\n"));
}

const FINE: &str = "\
# Codes
## Attacks
### S01 A thing
- Proven by:
  - `rules: s01_m02_both` (as well)
  - `tests/stories: a_story_and_s01_more`
### M02 A rule
- Proven by:
  - `rules: s01_m02_both`
### F03 A fault
- Not proven yet.
## Others
- S09, near `tests/stories: a_story_and_s01_more`.
";
const FILES_OF_IT: [(&str, &str); 3] = [
    ("src/rules/deep/down.rs", "// S01: so it is.\n#[test]\nfn s01_m02_both() {}\nfn helper_of_it() -> f64 {}\n"),
    ("tests/stories/story_a.rs", "on_both!(a_story_and_s01_more);\nasync fn a_story_and_s01_more(world: World) {}\n"),
    ("docs/OTHER.md", "As F03 says.\n"),
];

fn found(change: impl Fn(&str, &str) -> String, text: &str) -> String {
    let files = FILES_OF_IT.map(|(path, text)| (path, change(path, text)));
    all_wrong(&source(files.iter().map(|(path, text)| (*path, text.as_str()))), &document(text)).join("\n")
}

/// Each is right, then one thing in the source or in the document is not.
#[test]
fn what_is_not_explained_not_there_or_not_named_is_found() {
    let same = |_: &str, text: &str| text.to_string();
    assert_eq!(found(same, FINE), "");
    let in_the_source = |from: &str, to: &str| found(|_, text| text.replace(from, to), FINE);
    let in_the_document = |from: &str, to: &str| found(same, &FINE.replacen(from, to, 1));
    for (said, what) in [
        (in_the_source("As F03 says", "As F04 says"), "F04 is named in docs/OTHER.md and has no heading"),
        (in_the_source("S01: so", "S01-S03: so"), "S02 is named in src/rules/deep/down.rs and has no heading"),
        (in_the_source("As F03 says", "As S09 says"), "S09 is named in docs/OTHER.md and has no heading"),
        (in_the_source("helper_of_it", "f07_helper"), "F07 is named in src/rules/deep/down.rs and has no heading"),
        (in_the_source("fn s01_m02_both", "fn s01_both"), "`rules: s01_m02_both` is not there; there is none anywhere"),
        (
            in_the_source("fn s01_m02_both", "fn s01_both"),
            "`rules: s01_both` in src/rules/deep/down.rs does not stand under S01",
        ),
        (in_the_source("#[test]\n", ""), "`rules: s01_m02_both` in src/rules/deep/down.rs is no test"),
        (in_the_source("on_both!(a_story_and_s01_more);", ""), "is no test, or nothing runs it"),
        (in_the_source("helper_of_it", "s01_m02_both"), "stands more than once"),
        (
            in_the_document("`rules: s01", "`mail: s01"),
            "`mail: s01_m02_both` is not there; there is one in src/rules/deep/down.rs",
        ),
        (
            in_the_document("`rules: s01_m02_both` (as", "`rules: helper_of_it` (as"),
            "`rules: helper_of_it` in src/rules/deep/down.rs is no test",
        ),
        (
            in_the_document("  - `rules: s01_m02_both` (as well)\n", ""),
            "`rules: s01_m02_both` in src/rules/deep/down.rs does not stand under S01",
        ),
        (
            in_the_document("  - `tests/stories: a_story_and_s01_more`\n", ""),
            "`tests/stories: a_story_and_s01_more` in tests/stories/story_a.rs does not stand under S01",
        ),
        (
            in_the_document("near `tests/stories: a_story", "near `tests/stories: a_tale"),
            "`tests/stories: a_tale_and_s01_more` is not there",
        ),
        (in_the_document("Not proven yet", "Well"), "F03 needs tests"),
        (in_the_document("### F03", "### M02"), "M02 has two headings"),
        (in_the_document("### F03 A", "### A"), "“### A fault” does not begin with a code"),
        (in_the_document("`rules: s01_m02_both` (as", "`s01_m02_both` (as"), "“s01_m02_both” is no test"),
    ] {
        assert!(said.contains(what), "“{what}” is not in “{said}”");
    }
}

#[test]
fn codes_are_read_where_they_stand_and_nowhere_else() {
    let read = |text: &str| codes_in(text).into_iter().map(shown).collect::<Vec<_>>().join(" ");
    for (text, codes) in [
        ("(S21), F06, F07: M01/M02.", "F06 F07 M01 M02 S21"),
        ("\"F02 killed\" of F04-F06; `S31`", "F02 F04 F05 F06 S31"),
        ("F09-F07 F01-S03 S3 F1 F0815 0xF08 x-F08 aF08 F08b S3/M01 F-1 M5 \\xF08 f08 s12 f64 SS01 %F08 C09 A03", ""),
        ("an F1 key, 3F08A9F2, bucket S3, sha256 F08F08", ""),
    ] {
        assert_eq!(read(text), codes, "{text}");
    }
    let of = |name: &str| codes_of_name(name).into_iter().map(shown).collect::<Vec<_>>().join(" ");
    for (name, codes) in [
        ("f02_f08_f09_silence", "F02 F08 F09"),
        ("s17_c05_what_a_server_repeats", "S17"),
        ("a_page_and_s01_escapes_it_and_s18_too", "S01 S18"),
        ("as_f64_or_s12", ""),
        ("s_the_journal", ""),
        ("s1_x_m001_y", ""),
        ("S01_shouted", ""),
    ] {
        assert_eq!(of(name), codes, "{name}");
    }
    let text = "    #[tokio::test(flavor = \"x\")]\n    // A word.\n    pub async fn a_b() {\n// fn c_d()\nlet e = \"fn f_g\";\nfn h_i(";
    assert_eq!(functions(text), [("a_b", true), ("h_i", false)]);
}
