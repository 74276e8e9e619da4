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

/// What somebody reads who starts the demo for the first time, without a terminal: the day, what happens, where to look, what next.
#[test]
fn the_demo_says_where_to_look_and_nothing_in_it_looks_like_a_fault() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let said = soundings(&["demo", "--speed", "max", "--listen", &format!("127.0.0.1:{port}")]);
    let told = String::from_utf8(said.stderr).unwrap();
    assert!(said.status.success(), "{told}");
    for wanted in [
        "day  1 of 48  Mon 18 Jan",
        "day  2 of 48  Tue 19 Jan",
        ": Rachel Osei signs\n    http://127.0.0.1:",
        "The first invitation, to ",
        ": The first answers are in\n    http://127.0.0.1:",
        "What to try next:\n",
        "soundings rehearse DIR",
    ] {
        assert!(told.contains(wanted), "no {wanted:?} in {told}");
    }
    // Simulated servers refuse all the time.
    for fault in ["ERROR", "WARN", "panicked", "\r", "\u{1b}"] {
        assert!(!told.contains(fault), "{fault:?} in {told}");
    }
}

#[test]
fn exit_statuses_say_whether_it_is_fine_found_wrong_or_not_done() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
    let list = demo.join("contacts.csv");
    let rows = std::fs::read_to_string(&list).unwrap();
    let home = tempfile::tempdir().unwrap();
    let good = home.path().join("good.csv");
    std::fs::write(&good, rows.lines().take(3).collect::<Vec<_>>().join("\n")).unwrap();
    let mail = home.path().join("bounce.eml");
    std::fs::write(&mail, BOUNCE).unwrap();
    let mbox = home.path().join("mbox");
    std::fs::write(&mbox, format!("From x\n{BOUNCE}\nFrom x\n{BOUNCE}")).unwrap();
    let (mail, mbox) = (mail.to_str().unwrap(), mbox.to_str().unwrap());
    let status = |arguments: &[&str]| {
        let said = soundings(arguments);
        (said.status.code(), format!("{said:?}"))
    };
    for (expected, arguments) in [
        (0, ["list", "check", good.to_str().unwrap()].as_slice()),
        (1, &["list", "check", list.to_str().unwrap()]),
        (2, &["list", "check"]),
        (0, &["mail", "check", mail]),
        (2, &["mail", "check", mbox]),
        (2, &["mail", "check", mail, "no-such-file"]),
        (2, &["mail", "check"]),
        (2, &["demo", "--speed"]),
        (2, &["no-such-command"]),
    ] {
        let (code, said) = status(arguments);
        assert_eq!(code, Some(expected), "{arguments:?}: {said}");
    }
    let (code, said) = status(&["status", "no-such-round"]);
    assert!(matches!(code, Some(1 | 2)), "{said}");
}

const BOUNCE: &str = "From: MAILER-DAEMON@mx.acme.example\nTo: us@soundings.example\nSubject: failure notice\n\n\
    I'm afraid I wasn't able to deliver your message to the following addresses.\n\
    This is a permanent error; I've given up. Sorry it didn't work out.\n\n\
    <kim@acme.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n";

#[test]
fn mail_check_says_one_line_of_json_per_file() {
    let home = tempfile::tempdir().unwrap();
    let (bounce, reply) = (home.path().join("bounce.eml"), home.path().join("reply.eml"));
    std::fs::write(&bounce, BOUNCE).unwrap();
    std::fs::write(
        &reply,
        "From: kim@acme.example\nDate: Wed, 4 Mar 2026 09:00:00 +0100\nAuto-Submitted: auto-replied\nSubject: Abwesend\n\nIch bin bis 13. M\u{e4}rz im Urlaub.\n",
    )
    .unwrap();
    let (bounce, reply) = (bounce.to_str().unwrap(), reply.to_str().unwrap());
    let said = soundings(&["mail", "check", bounce, "no-such-file", reply, "--json"]);
    assert_eq!(said.status.code(), Some(2), "the others are told all the same");
    assert!(String::from_utf8_lossy(&said.stderr).contains("no-such-file"));
    let lines: Vec<Value> =
        String::from_utf8(said.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    let keys = |line: &Value| line.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut contract = ["file", "class", "recipients", "reason", "returns_on", "has_left"].map(String::from).to_vec();
    contract.sort();
    assert_eq!(keys(&lines[0]), contract);
    assert_eq!(lines[0]["file"], bounce);
    assert_eq!(lines[0]["class"], "hard_bounce");
    assert_eq!(lines[0]["recipients"], serde_json::json!(["kim@acme.example"]));
    assert_eq!((&lines[0]["returns_on"], &lines[0]["has_left"]), (&Value::Null, &Value::Bool(false)));
    assert_eq!((&lines[1]["class"], &lines[1]["returns_on"]), (&Value::from("auto_reply"), &Value::from("2026-03-13")));
}
