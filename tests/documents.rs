//! What the documents point to is there: files, headings, decisions, and the paths that they name.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files should stop")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};

/// Folders whose Markdown is no document: what is built, what is fetched, and the words of mails.
const NOT_READ: [&str; 5] = [".git", "target", "node_modules", "config", "templates"];

/// Those that tell how things are now; a decision tells how they were when it was taken.
const OF_TODAY: [&str; 5] =
    ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/ARCHITECTURE.md", "docs/OPERATING.md"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !NOT_READ.contains(&name.as_str()) {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Documents by their path from the root.
fn documents() -> BTreeMap<String, String> {
    let read = |path: PathBuf| {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    files(&root(), "md").into_iter().map(read).collect()
}

/// What one document has in it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    links: Vec<String>,
    /// As a forge names them in addresses.
    headings: BTreeSet<String>,
    /// Text in code spans.
    spans: Vec<String>,
    /// `[text][name]` where nothing says what the name means.
    undefined: Vec<String>,
}

fn read(text: &str) -> Read {
    let mut found = Read::default();
    let mut undefined = Vec::new();
    let mut told = |broken: BrokenLink<'_>| {
        if broken.link_type == LinkType::Reference {
            undefined.push(broken.reference.to_string());
        }
        None
    };
    let mut heading: Option<String> = None;
    for event in Parser::new_with_broken_link_callback(text, Options::ENABLE_TABLES, Some(&mut told)) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                found.links.push(dest_url.into_string());
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let name = address(&heading.take().unwrap());
                let again = (1..).map(|n| format!("{name}-{n}"));
                let free = std::iter::once(name.clone()).chain(again).find(|n| !found.headings.contains(n));
                found.headings.extend(free);
            }
            Event::Code(code) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&code);
                }
                found.spans.push(code.into_string());
            }
            Event::Text(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    found.undefined = undefined;
    found
}

/// The fragment under which a forge shows a heading.
fn address(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// `target` as seen from `document`, from the root; `None` when it leads out of the repository.
fn from_root(document: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in Path::new(target).components() {
        match part {
            Component::Normal(name) => parts.push(name.to_str()?),
            Component::ParentDir => _ = parts.pop()?,
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

/// What is wrong with the links of all documents; `there` says whether a file or folder is.
fn broken_links(documents: &BTreeMap<String, String>, there: impl Fn(&str) -> bool) -> Vec<String> {
    let mut broken = Vec::new();
    for (name, text) in documents {
        let this = read(text);
        broken.extend(this.undefined.iter().map(|name_of| format!("{name}: nothing says what [{name_of}] is")));
        for link in &this.links {
            if ["http:", "https:", "mailto:"].iter().any(|scheme| link.starts_with(scheme)) {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { Some(name.clone()) } else { from_root(name, path) };
            let Some(target) = target.filter(|target| there(target)) else {
                broken.push(format!("{name}: {link} is not there"));
                continue;
            };
            let has = || documents.get(&target).is_some_and(|text| read(text).headings.contains(heading));
            if !heading.is_empty() && !has() {
                broken.push(format!("{name}: {link} names no heading of {target}"));
            }
        }
    }
    broken
}

/// The paths of the repository that a code span names; `src/rules/<stage>/` names `src/rules`.
fn path_in(span: &str) -> Option<&str> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || "./_-".contains(c);
    let begins = ["src/", "tests/", "docs/", "config/", "migrations/", "templates/", "benches/", ".ci/", ".github/"];
    let fixed = span.split_once('<').map_or(span, |(before, _)| before);
    (begins.iter().any(|b| span.starts_with(b)) && fixed.chars().all(is_path)).then(|| fixed.trim_end_matches('/'))
}

/// The rooms of `src`, by which names of the code begin that documents and comments use: `steps::plan::tick`.
const ROOMS: [&str; 11] =
    ["base", "rules", "config", "store", "intake", "mail", "handover", "steps", "web", "rehearsal", "app"];
/// The parts of `web` as the grid of stages names them: `console/plan`.
const PARTS_OF_WEB: [&str; 4] = ["kit", "console", "links", "api"];

/// Whether the name of the code that a span is leads to something: down the folders and files, then to a word of what stands there. A span
/// that is no such name leads nowhere and is fine.
fn leads_somewhere(span: &str) -> bool {
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    let parts: Vec<&str> = span.trim_end_matches("()").split("::").collect();
    if parts.len() < 2 || !ROOMS.contains(&parts[0]) || !parts.iter().all(|part| is_name(part)) {
        let in_web = span.split_once('/').is_some_and(|(part, _)| PARTS_OF_WEB.contains(&part));
        let at = root().join("src/web").join(span);
        return !in_web || at.exists() || at.with_extension("rs").exists();
    }
    let (mut at, mut rest) = (root().join("src"), &parts[..]);
    while let Some((next, after)) = rest.split_first()
        && (at.join(next).exists() || at.join(next).with_extension("rs").exists())
    {
        (at, rest) = (at.join(next), after);
    }
    let mut sources = if at.is_dir() { files(&at, "rs") } else { Vec::new() };
    sources.push(at.with_extension("rs"));
    let read: String = sources.into_iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    let words: BTreeSet<&str> = read.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    rest.iter().all(|name| words.contains(name))
}

/// What stands in code spans of the comments that become documentation.
fn spans_of_comments(source: &str) -> impl Iterator<Item = &str> {
    let comments =
        source.lines().map(str::trim_start).filter(|line| line.starts_with("//!") || line.starts_with("///"));
    comments.flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Decisions that a source names: `docs/decisions/0031`.
fn decisions_in(source: &str) -> impl Iterator<Item = &str> {
    source
        .match_indices("docs/decisions/")
        .filter_map(|(at, before)| source.get(at + before.len()..at + before.len() + 4))
}

#[test]
fn every_link_leads_to_a_file_and_a_heading_that_are_there() {
    let documents = documents();
    assert!(documents.len() > 30 && documents.contains_key("README.md"), "{:?}", documents.keys());
    let broken = broken_links(&documents, |path| root().join(path).exists());
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn paths_that_are_named_are_there() {
    let mut missing = Vec::new();
    for (name, text) in documents().iter().filter(|(name, _)| OF_TODAY.contains(&name.as_str())) {
        let named = read(text).spans;
        let gone = named.iter().filter_map(|span| path_in(span)).filter(|path| !root().join(path).exists());
        missing.extend(gone.map(|path| format!("{name}: `{path}` is not there")));
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn names_of_the_code_lead_somewhere() {
    let mut lost = Vec::new();
    for (name, text) in documents().iter().filter(|(name, _)| OF_TODAY.contains(&name.as_str())) {
        lost.extend(read(text).spans.iter().filter(|span| !leads_somewhere(span)).map(|s| format!("{name}: `{s}`")));
    }
    for path in files(&root().join("src"), "rs") {
        let source = fs::read_to_string(&path).unwrap();
        let gone = spans_of_comments(&source).filter(|span| !leads_somewhere(span));
        lost.extend(gone.map(|span| format!("{}: `{span}`", path.display())));
    }
    assert!(lost.is_empty(), "\n{}", lost.join("\n"));
    for fine in [
        "steps::plan::tick",
        "web::routes",
        "base::clock::Ts",
        "rules::sending::refusal::proof",
        "console/plan",
        "a::b",
        "x",
    ] {
        assert!(leads_somewhere(fine), "{fine}");
    }
    for lost in [
        "steps::cupboard",
        "steps::plan::tack",
        "steps::sending::tray::clerk",
        "console/completion",
        "rules::nowhere::at_all",
    ] {
        assert!(!leads_somewhere(lost), "{lost}");
    }
    let comments = "//! Asks `steps::desk`.\nlet a = 1; // `no::comment`\n    /// `a` and `b`";
    assert_eq!(spans_of_comments(comments).collect::<Vec<_>>(), ["steps::desk", "a", "b"]);
}

#[test]
fn every_decision_stands_in_the_list_once_and_is_there_when_it_is_named() {
    let list = read(&fs::read_to_string(root().join("docs/decisions/README.md")).unwrap()).links;
    let decisions = files(&root().join("docs/decisions"), "md");
    let names: BTreeSet<String> =
        decisions.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    let mut listed: Vec<&str> = list.iter().map(String::as_str).chain(["README.md"]).collect();
    listed.sort_unstable();
    assert_eq!(listed, names.iter().map(String::as_str).collect::<Vec<_>>());
    let numbers: BTreeSet<&str> = names.iter().filter_map(|name| name.get(..4)).collect();
    assert_eq!(numbers.len(), names.len(), "two decisions have one number");
    for path in ["src", "tests"].iter().flat_map(|folder| files(&root().join(folder), "rs")) {
        let source = fs::read_to_string(&path).unwrap();
        for number in decisions_in(&source).filter(|n| n.chars().all(|c| c.is_ascii_digit())) {
            assert!(numbers.contains(number), "{} names decision {number}, which is not there", path.display());
        }
    }
}

/// Name and first command of each recipe of a justfile, those that begin with `_` left out; `{{ FILTER }}` is `FILTER`.
fn recipes(justfile: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut lines = justfile.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((head, "")) = line.rsplit_once(':').filter(|_| line.starts_with(|c: char| c.is_alphabetic())) else {
            continue;
        };
        let words: Vec<&str> = head.split(' ').map(|word| word.split('=').next().unwrap()).collect();
        let command = lines.peek().map_or("", |line| line.trim());
        found.push((words.join(" "), command.replace("{{ ", "").replace(" }}", "")));
    }
    found
}

#[test]
fn the_usual_commands_are_the_same_for_those_without_just() {
    let justfile = fs::read_to_string(root().join("justfile")).unwrap();
    let contributing = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let recipes = recipes(&justfile);
    assert_eq!(recipes.len(), contributing.matches("\n| `just ").count(), "{recipes:?}");
    for (name, command) in recipes {
        assert!(contributing.contains(&format!("\n| `just {name}` | `{command}` |")), "{name}: {command}");
    }
}

/// Entries that are not in the order of the alphabet, or not on one line of the form `- **word**: what it is.`
fn out_of_order(glossary: &str) -> Vec<&str> {
    let mut wrong = Vec::new();
    let mut before = String::new();
    for line in glossary.lines().skip(1).filter(|line| !line.is_empty()) {
        let word =
            line.strip_prefix("- **").and_then(|rest| rest.split_once("**: ")).map(|(word, _)| word.to_lowercase());
        match word {
            Some(word) if word > before && line.ends_with('.') => before = word,
            Some(_) => wrong.push(line),
            None => before.clear(),
        }
    }
    wrong
}

#[test]
fn the_glossary_is_a_list_in_order() {
    let glossary = fs::read_to_string(root().join("docs/GLOSSARY.md")).unwrap();
    assert!(glossary.matches("\n- **").count() > 80);
    assert_eq!(out_of_order(&glossary), Vec::<&str>::new());
}

#[test]
fn what_leads_nowhere_is_found() {
    let documents = BTreeMap::from([
        ("README.md".to_string(), "# One & two\n[a](docs/A.md#one-two) [b](docs/B.md) [c][d]\n".to_string()),
        ("docs/A.md".to_string(), "# One-two\n# Again\n# Again\n`[x](no.md)` [e](../README.md#one--two)\n".to_string()),
        (
            "docs/C.md".to_string(),
            "[f](A.md#again-1) [g](A.md#again-2) [h](../../x.md) [i](/README.md) <https://x.example>\n".to_string(),
        ),
        (
            "docs/D.md".to_string(),
            "![j](A.md) ![k](k.png) [l](#m)\n\n```\n[n](n.md)\n```\n\n[o]\n\n[o]: o.md\n".to_string(),
        ),
    ]);
    let broken = broken_links(&documents, |path| documents.contains_key(path));
    let expected = [
        "README.md: nothing says what [d] is",
        "README.md: docs/B.md is not there",
        "docs/C.md: A.md#again-2 names no heading of docs/A.md",
        "docs/C.md: ../../x.md is not there",
        "docs/C.md: /README.md is not there",
        "docs/D.md: k.png is not there",
        "docs/D.md: #m names no heading of docs/D.md",
        "docs/D.md: o.md is not there",
    ];
    assert_eq!(broken, expected);
}

#[test]
fn paths_and_decisions_are_seen_where_they_are_named() {
    for (span, path) in [
        ("src/rules/<stage>/", Some("src/rules")),
        ("tests/run", Some("tests/run")),
        ("src/store/migrate.rs", Some("src/store/migrate.rs")),
        ("store/tx.rs", None),
        ("tests/dependencies/run advisories", None),
        ("cargo test --test documents", None),
    ] {
        assert_eq!(path_in(span), path, "{span}");
    }
    let source = "// why: docs/decisions/0031, and docs/decisions/0032-once.md; docs/decisions/";
    assert_eq!(decisions_in(source).collect::<Vec<_>>(), ["0031", "0032"]);
}

#[test]
fn recipes_and_words_are_read_as_they_are_written() {
    let justfile = "# x: y\n_list:\n    @just\n\nunit FILTER=\"\":\n    cargo test {{ FILTER }}\n\nplay SEED:\n    SEED={{ SEED }} x\n";
    let expected = [("unit FILTER", "cargo test FILTER"), ("play SEED", "SEED=SEED x")];
    assert_eq!(recipes(justfile), expected.map(|(name, command)| (name.to_string(), command.to_string())));
    let glossary = "# G\nsome words\n## A\n- **b**: x.\n- **a**: x.\n- **c**: x\n- **d**: x.\n## B\n- **a**: x.\n";
    assert_eq!(out_of_order(glossary), ["- **a**: x.", "- **c**: x"]);
}
