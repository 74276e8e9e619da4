//! What the program says to other programs: the JSON of the demo round, and the exit statuses.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn soundings(arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_soundings")).args(arguments).current_dir(home.path()).output().unwrap()
}

fn demo(seed: &str) -> Value {
    let said = soundings(&["demo", "--headless", "--speed", "max", "--seed", seed, "--json"]);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).unwrap()
}

#[test]
fn the_demo_round_keeps_every_promise_and_its_seed_repeats_it() {
    let first = demo("1");
    let status = &first["status"];
    for key in ["round", "state", "accounts", "individual", "roles", "targets", "outbox", "handoff"] {
        assert!(!status[key].is_null(), "status has no {key}: {status}");
    }
    assert!(status["individual"]["completed"].as_i64().unwrap() > 0, "{status}");
    let promises = first["promises"].as_array().unwrap();
    assert_eq!(promises.len(), 9, "{promises:?}");
    for promise in promises {
        assert_eq!(promise["holds"], true, "{promise}");
        // A round without faults gives the others nothing to look at.
        let always = [1, 2, 3, 4, 6, 8, 9].contains(&promise["id"].as_i64().unwrap());
        assert!(!always || promise["checked"].as_i64().unwrap() > 0, "nothing was checked: {promise}");
    }
    assert_eq!(demo("1")["status"], *status);
    assert_ne!(demo("2")["status"], *status);
}

#[test]
fn exit_statuses_say_whether_it_is_fine_found_wrong_or_not_done() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
    let list = demo.join("contacts.csv");
    let rows = std::fs::read_to_string(&list).unwrap();
    let home = tempfile::tempdir().unwrap();
    let good = home.path().join("good.csv");
    std::fs::write(&good, rows.lines().take(3).collect::<Vec<_>>().join("\n")).unwrap();
    let status = |arguments: &[&str]| {
        let said = soundings(arguments);
        (said.status.code(), format!("{said:?}"))
    };
    for (expected, arguments) in [
        (0, ["list", "check", good.to_str().unwrap()].as_slice()),
        (1, &["list", "check", list.to_str().unwrap()]),
        (2, &["list", "check"]),
        (2, &["demo", "--speed"]),
        (2, &["no-such-command"]),
    ] {
        let (code, said) = status(arguments);
        assert_eq!(code, Some(expected), "{arguments:?}: {said}");
    }
    let (code, said) = status(&["status", "no-such-round"]);
    assert!(matches!(code, Some(1 | 2)), "{said}");
}
