//! An id has the type of what it names: no parameter and no field that is called one of these takes any text.

use std::fs;

use crate::reading::shipped;
use crate::{files, root};

/// Everywhere.
const IDS: [&str; 11] = [
    "round_id",
    "account_id",
    "contact_id",
    "request_id",
    "task_id",
    "response_id",
    "reply_id",
    "operator_id",
    "incident_id",
    "pause_id",
    "approval_id",
];

/// In the store, where slugs, names and addresses are called so, too.
const IN_THE_STORE: [&str; 7] = ["round", "account", "contact", "message", "incident", "pause", "approval"];

/// The `name: type` in `code` with one of these names and a type of text. `borrowed`: only `&str`, for fields that are called so hold names.
fn texts(code: &str, names: &[&str], borrowed: bool) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for name in names {
        for (at, _) in code.match_indices(name) {
            let rest = code[at + name.len()..].trim_start();
            if code[..at].ends_with(is_word) || !rest.starts_with(':') || rest.starts_with("::") {
                continue;
            }
            let end = rest.find([',', ')', '{', '}', '=', ';', '|']).unwrap_or(rest.len());
            let words: Vec<&str> = rest[1..end].split(|c| !is_word(c)).collect();
            if words.contains(&"str") || (!borrowed && words.contains(&"String")) {
                found.push(format!("{name}{}", rest[..end].trim_end()));
            }
        }
    }
    found
}

#[test]
fn an_id_is_no_text_where_it_has_a_kind() {
    let mut wrong = Vec::new();
    for path in files(&root().join("src"), "rs") {
        let place = path.strip_prefix(root()).unwrap().display().to_string();
        let code = shipped(&fs::read_to_string(&path).unwrap());
        let mut found = texts(&code, &IDS, false);
        if place.starts_with("src/store/") {
            found.extend(texts(&code, &IN_THE_STORE, true));
        }
        wrong.extend(found.into_iter().map(|what| format!("{place}: {what}")));
    }
    assert!(wrong.is_empty(), "ids of plain text; `base/ids/kinds.rs` has their types:\n{}", wrong.join("\n"));
}

#[test]
fn a_text_in_the_place_of_an_id_is_found() {
    let found = |code: &str| texts(&shipped(code), &IDS, false);
    for wrong in [
        "fn a(tx: &mut Tx, round_id: &str) {}",
        "fn a<'a>(account_id: &'a str) {}",
        "fn a(pause_id: Option<&str>, now: Ts) {}",
        "fn a(\n    incident_id\n    : &[String],\n) {}",
        "struct A { pub operator_id: String }",
        "struct A {\n    approval_id: Option<String>,\n}",
    ] {
        assert_eq!(found(wrong).len(), 1, "{wrong}");
    }
    for right in [
        "fn a(round_id: &RoundId, slug: &str) {}",
        "struct A { round_id: Option<RoundId>, name: String }",
        "// round_id: &str\nfn a() {}",
        "fn a(around_id: &str, round_ids: &str) {}",
        "A { round_id: round.id.clone(), name: String::new() }",
        "#[cfg(test)]\nmod tests {\n    fn a(round_id: &str) {}\n}\n",
    ] {
        assert_eq!(found(right), [""; 0], "{right}");
    }
    let in_the_store = |code: &str| texts(&shipped(code), &IN_THE_STORE, true);
    assert_eq!(in_the_store("fn a(round: &str) {}"), ["round: &str"]);
    assert!(in_the_store("fn a(round: &RoundId) {} struct A { account: String }").is_empty());
}
