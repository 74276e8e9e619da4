//! Asks `croner.mjs`, and says what this machine lacks for it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cron")
}

/// What is not to be had here, in one line.
pub fn missing() -> Option<String> {
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !node.is_ok_and(|status| status.success()) {
        return Some("cron against croner: Node.js is not installed".into());
    }
    let here = folder().join("node_modules/croner").is_dir();
    (!here).then(|| "cron against croner: run `npm ci` in tests/cron first".into())
}

/// A zone as we know it, in milliseconds.
#[derive(Clone, Serialize)]
pub struct Known {
    pub name: String,
    /// Instants, with how far clocks are ahead of UTC at each.
    pub samples: Vec<(i64, i64)>,
    pub skipped: Vec<Gap>,
}

/// Wall-clock times, from the first up to but without the second, that clocks skip at an instant.
#[derive(Clone, Serialize)]
pub struct Gap {
    pub at: i64,
    pub wall: (i64, i64),
}

#[derive(Clone, Serialize)]
pub struct Question {
    pub zone: String,
    /// As croner spells it.
    pub expression: String,
    pub options: serde_json::Value,
    pub after: i64,
    pub until: i64,
    pub count: usize,
}

#[derive(Deserialize)]
pub struct Answers {
    pub croner: String,
    pub node: String,
    /// The edition of the IANA database in Node.js.
    pub data: String,
    /// Zones that are not the same there.
    pub others: Vec<String>,
    /// One for each question, but for those about `others`.
    pub answers: Vec<Option<Answer>>,
}

#[derive(Deserialize)]
pub struct Answer {
    pub firings: Vec<i64>,
    /// Ends of gaps in which clocks skip a time that the expression names.
    pub skips: Vec<i64>,
}

/// One Node.js for every processor, each with its share of the questions.
pub fn ask(zones: &[Known], questions: &[Question]) -> Vec<Answers> {
    let share = questions.len().div_ceil(std::thread::available_parallelism().map_or(1, usize::from)).max(1);
    std::thread::scope(|scope| {
        let asking: Vec<_> = questions.chunks(share).map(|part| scope.spawn(|| run(zones, part))).collect();
        asking.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn run(zones: &[Known], questions: &[Question]) -> Answers {
    let named: BTreeSet<&str> = questions.iter().map(|question| question.zone.as_str()).collect();
    let zones: Vec<&Known> = zones.iter().filter(|zone| named.contains(zone.name.as_str())).collect();
    let mut node = Command::new("node")
        .arg(folder().join("croner.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let task = serde_json::json!({ "zones": zones, "questions": questions });
    node.stdin.take().unwrap().write_all(task.to_string().as_bytes()).unwrap();
    let result = node.wait_with_output().unwrap();
    assert!(result.status.success(), "Node.js ended with {}", result.status);
    serde_json::from_slice(&result.stdout).unwrap()
}
