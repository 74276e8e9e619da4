//! Contact lists through the command line: what a list is understood as, what is left out of a round and what is refused.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

mod cases;
mod files;
mod loading;
mod remembered;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// The columns of the cases.
const HEADER: &str = "account,first_name,last_name,email,job_title,role,language,country,time_zone,account_director,account_director_email,\
    account_manager,account_manager_email,strategic,annual_revenue";

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/lists").join(name)
}

/// A folder with settings, a round and a database of its own.
struct House {
    folder: TempDir,
}

impl House {
    fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("soundings.toml"),
            "[server]\nbase_url = \"https://soundings.northwind.example\"\n",
        )
        .unwrap();
        let house = House { folder };
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo"), &house.round());
        house
    }

    fn round(&self) -> PathBuf {
        self.folder.path().join("round")
    }

    /// The round's list from now on.
    fn list(&self, bytes: &[u8]) {
        std::fs::write(self.round().join("contacts.csv"), bytes).unwrap();
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Said {
        said(
            Command::new(env!("CARGO_BIN_EXE_soundings"))
                .args(arguments)
                .current_dir(self.folder.path())
                .output()
                .unwrap(),
        )
    }
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).map_err(|e| format!("{e}: {}{}", self.out, self.err)).unwrap()
    }

    fn last_line(&self) -> &str {
        self.out.lines().last().unwrap_or("")
    }
}

fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_name() == "round.toml" {
            // The demo's own days are over one day; 2038 has the weekdays of 2027.
            let text = std::fs::read_to_string(entry.path()).unwrap();
            std::fs::write(target, text.replace("\"2027-", "\"2038-")).unwrap();
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// What `list check --json` says of a file.
fn check(file: &Path, more: &[&str]) -> Value {
    let arguments = [&["list", "check", file.to_str().unwrap(), "--json"], more].concat();
    said(Command::new(env!("CARGO_BIN_EXE_soundings")).args(arguments).output().unwrap()).json()
}

/// Row, code and severity of each finding.
fn findings(report: &Value) -> Vec<(u64, String, String)> {
    let all = report["findings"].as_array().unwrap().iter();
    all.map(|f| {
        (f["line"].as_u64().unwrap(), f["code"].as_str().unwrap().into(), f["severity"].as_str().unwrap().into())
    })
    .collect()
}

fn codes_of(report: &Value, line: u64) -> Vec<String> {
    findings(report).into_iter().filter(|f| f.0 == line).map(|f| f.1).collect()
}
