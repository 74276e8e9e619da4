//! What mail programs do not show, in the eyes of the package `caniemail`: our table against its data, and our advice on every mail of the
//! preview against its check (M13).

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use soundings::rules::letters::{MadeLetter, advice};

use crate::verifiers::{NODE, missing, run};

/// What the check of the package cannot see, by its version 1.0.5: names of functions, properties that are called otherwise than they are
/// written, conditions of `@media`, `<svg>`, the newer elements, and `<meta>`. There our advice stands alone.
const UNSEEN: [&str; 9] = [
    "@media (prefers-color-scheme)",
    "min-width property",
    "CSS Variables (Custom Properties)",
    "CSS calc() function",
    "linear-gradient()",
    "gap, column-gap, row-gap",
    "Embedded <svg> image",
    "HTML5 semantics",
    "color-scheme meta tag",
];

/// As `shown.mjs` prints it.
#[derive(Debug, Deserialize)]
struct Told {
    /// What the table says otherwise than the data.
    wrong: Vec<String>,
    /// One for each line of the table.
    examples: Vec<Example>,
    /// What is lost of each letter.
    letters: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Deserialize)]
struct Example {
    title: String,
    harmless: bool,
    html: String,
    found: BTreeSet<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn told(table: &Path, letters: &BTreeMap<String, String>) -> Told {
    let folder = tempfile::tempdir().unwrap();
    for (name, html) in letters {
        std::fs::write(folder.path().join(name), html).unwrap();
    }
    let arguments = [table.display().to_string(), folder.path().display().to_string()];
    serde_json::from_str(&run(&NODE, "shown.mjs", &arguments)).unwrap()
}

/// What the advice on a letter says is not shown.
fn advised(html: &str) -> BTreeSet<String> {
    let letter = MadeLetter { subject: "x", text: "", html, own_pages: "https://soundings.example" };
    let titles = advice(&letter).better.into_iter();
    titles.filter_map(|sentence| sentence.split_once(" is not shown by ").map(|(title, _)| title.to_string())).collect()
}

/// The mails of the preview, as `tests/preview` holds them.
fn mails() -> BTreeMap<String, String> {
    let files = std::fs::read_dir(root().join("tests/preview/snapshots")).unwrap().map(|file| file.unwrap().path());
    let mut mails = BTreeMap::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("mail-") && name.ends_with(".html.snap") {
            let file = std::fs::read_to_string(&path).unwrap();
            // Behind the lines that say where the snapshot is from.
            mails.insert(name, file.splitn(3, "---\n").nth(2).unwrap().to_string());
        }
    }
    mails
}

#[test]
fn m13_what_programs_do_not_show_is_what_caniemail_says() {
    if let Some(why) = missing(&NODE) {
        assert!(std::env::var_os("CI").is_none(), "{why} (a skip is a failure in CI)");
        writeln!(std::io::stderr(), "skipped: {why}").unwrap();
        return;
    }
    let table = root().join("src/rules/letters/support.txt");
    let mut letters = mails();
    assert!(letters.len() > 40, "{:?}", letters.keys());
    // The twins: what both find, in a rule of the dark colours too, and what no line of the table says.
    let float = "<div><style>@media screen { .x { float: left } }</style></div>";
    letters.insert("planted-float".into(), float.into());
    letters.insert("planted-filter".into(), "<div><p style=\"filter: blur(1px)\">x</p></div>".into());

    let told = told(&table, &letters);
    assert!(told.wrong.is_empty(), "{}", told.wrong.join("\n"));
    let harmless: BTreeSet<&str> = told.examples.iter().filter(|e| e.harmless).map(|e| e.title.as_str()).collect();
    let relied_on = |found: &BTreeSet<String>| -> BTreeSet<String> {
        found.iter().filter(|title| !harmless.contains(title.as_str())).cloned().collect()
    };
    for (name, found) in &told.letters {
        assert!(name.starts_with("planted") || found.contains("<style> element"), "{name} was not read: {found:?}");
        let (theirs, ours) = (relied_on(found), advised(&letters[name]));
        let otherwise: Vec<_> = theirs.symmetric_difference(&ours).map(String::as_str).collect();
        let expected: &[&str] = if name == "planted-filter" { &["filter"] } else { &[] };
        assert_eq!(otherwise, expected, "{name}: caniemail finds {theirs:?}, we find {ours:?}");
        assert_eq!(ours.contains("float"), name == "planted-float", "{name}");
    }
    assert_eq!(told.letters.len(), letters.len());
    for Example { title, harmless, html, found } in &told.examples {
        assert_eq!(found.contains(title), !UNSEEN.contains(&title.as_str()), "{title}: {html}: {found:?}");
        let ours = advised(html);
        assert_eq!(ours.contains(title), !harmless, "{title}: {html}: {ours:?}");
        assert!(relied_on(found).is_subset(&ours), "{html}: caniemail finds {found:?}, we find {ours:?}");
    }
}

#[test]
fn a_table_that_says_other_than_the_data_is_found() {
    if missing(&NODE).is_some() {
        return;
    }
    let mut table = std::fs::read_to_string(root().join("src/rules/letters/support.txt")).unwrap();
    let spoiled = [
        ("caniemail 1.0.5", "caniemail 1.0.4", "The data are caniemail 1.0.5"),
        ("9 September 2025", "9 September 2024", "The data are as of 9 September 2025"),
        ("css-float | float |", "css-float | floats |", "css-float: is called float"),
        ("usual size | Orange", "usual size | Orange, GMX", "html-small: GMX shows it"),
        (
            "it needs | Outlook on Windows",
            "it needs | Orange",
            "css-overflow: Outlook on Windows does not show it either",
        ),
        ("html-code |", "html-codes |", "html-codes: is not in the data"),
        ("\nhtml-dir |", "\nhtml-lang |", "html-lang stands twice"),
    ];
    for (as_is, instead, _) in spoiled {
        assert_eq!(table.matches(as_is).count(), 1, "{as_is}");
        table = table.replace(as_is, instead);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("support.txt");
    std::fs::write(&path, table).unwrap();
    let told = told(&path, &BTreeMap::new());
    for (_, _, what) in spoiled {
        assert!(told.wrong.iter().any(|line| line.starts_with(what)), "{what}: {:#?}", told.wrong);
    }
}
