//! Runs `run.mjs` for one stage of the round, and says what this machine lacks for it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser")
}

fn answers(program: &str) -> bool {
    let status = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|s| s.success())
}

/// What is not to be had here, in one line.
pub fn missing() -> Option<String> {
    let lacks = |what: &str| Some(format!("the pages in a browser: {what}"));
    if !answers("node") {
        return lacks("Node.js is not installed");
    }
    if !answers("chromium") {
        return lacks("Chromium is not installed");
    }
    let here = folder().join("node_modules");
    if !["playwright-core", "axe-core"].iter().all(|package| here.join(package).is_dir()) {
        return lacks("run `npm ci` in tests/browser first");
    }
    None
}

/// What the browser found wrong, a line each.
pub async fn run(task: Value) -> Vec<String> {
    told(task).await.1
}

/// What it told of its way, and what it found wrong.
pub async fn told(task: Value) -> (String, Vec<String>) {
    let result = tokio::task::spawn_blocking(move || {
        let mut node = Command::new("node")
            .arg(folder().join("run.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        node.stdin.take().unwrap().write_all(task.to_string().as_bytes()).unwrap();
        node.wait_with_output().unwrap()
    })
    .await
    .unwrap();
    let told = String::from_utf8_lossy(&result.stdout).into_owned();
    println!("{told}");
    let wrong: Vec<String> = String::from_utf8_lossy(&result.stderr).lines().map(str::to_string).collect();
    assert!(result.status.success() || !wrong.is_empty(), "Node.js ended with {}", result.status);
    println!("{}", wrong.join("\n"));
    (told, wrong)
}
