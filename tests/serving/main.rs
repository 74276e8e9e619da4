//! The program itself, as it is started: thousands of idle connections, files that only their owner may read, links in the way, and a mail
//! server that repeats the password.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

#[path = "../common/pages.rs"]
mod pages;
#[path = "../common/program.rs"]
mod program;

mod canary;
mod daemon;

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, Instant};

use daemon::{Daemon, soundings};

const SOON: Duration = Duration::from_secs(30);

#[test]
fn c03_five_thousand_idle_connections_cost_memory_under_a_bound_and_nobody_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let daemon = Daemon::start(folder.path(), "", None);
    let before = daemon.memory();
    let idle = daemon.idle(5_000);
    let began = Instant::now();
    for path in ["/log-in", "/readyz", "/metrics", "/style.css"] {
        assert!(daemon.get(path).starts_with("HTTP/1.1 200"), "{path}");
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let grown = daemon.memory().saturating_sub(before);
    assert!(grown < 150_000, "{} idle connections cost {grown} kB", idle.len());
}

#[test]
fn c03_with_few_files_the_program_keeps_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let daemon = Daemon::start(folder.path(), "", Some(1_024));
    // More than there are files. Those who are turned away may see it while they connect.
    let _idle = daemon.idle(1_500);
    assert!(daemon.get("/log-in").starts_with("HTTP/1.1 200"));
    assert!(daemon.open_files() < 1_000, "{}", daemon.open_files());
    // What is written needs files too, in another program as in this one.
    let said = soundings(folder.path(), &["user", "add", "olga@soundings.example"]);
    assert!(said.contains("/login/"), "{said}");
    assert!(daemon.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(!daemon.log().contains("Too many open files"), "{}", daemon.log());
}

#[test]
fn c03_forms_that_never_come_keep_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let daemon = Daemon::start(folder.path(), "", Some(1_024));
    let never = daemon.bodiless(1_200);
    let began = Instant::now();
    for _ in 0..5 {
        assert!(daemon.get("/log-in").starts_with("HTTP/1.1 200"));
    }
    // A form that does come is answered among them.
    assert!(daemon.post("/log-in", "email=olga%40soundings.example").starts_with("HTTP/1.1 200"));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?} beside {}", began.elapsed(), never.len());
    assert!(!daemon.log().contains("Too many open files"), "{}", daemon.log());
}

fn modes(folder: &Path) -> Vec<(String, u32)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(modes(&path));
        }
        found.push((path.display().to_string(), fs::metadata(&path).unwrap().permissions().mode() & 0o777));
    }
    found
}

#[test]
fn c08_what_is_written_is_its_owners_alone_and_a_wide_key_is_warned_about() {
    let folder = tempfile::tempdir().unwrap();
    let daemon = Daemon::start(folder.path(), "", None);
    soundings(folder.path(), &["backup", "copy.db"]);
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/config/demo");
    soundings(folder.path(), &["round", "load", demo]);
    let said = soundings(folder.path(), &["export", "northwind-2027", "--to", "exported"]);
    assert!(folder.path().join("exported/contacts.csv").exists(), "{said}");
    let ours = |name: &str| !name.ends_with("soundings.toml") && !name.ends_with("log");
    let wide: Vec<_> = modes(folder.path()).into_iter().filter(|(n, mode)| ours(n) && mode & 0o077 != 0).collect();
    assert!(wide.is_empty(), "{wide:?}");
    for name in ["soundings.db", "secret.key", "copy.db", "soundings.outbound"] {
        assert!(folder.path().join(name).exists(), "{name}");
    }
    assert!(!daemon.log().contains("chmod"), "{}", daemon.log());
    drop(daemon);
    let key = folder.path().join("secret.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let daemon = Daemon::start(folder.path(), "", None);
    assert!(daemon.log().contains("secret.key") && daemon.log().contains("chmod 600"), "{}", daemon.log());
    assert!(soundings(folder.path(), &["doctor"]).contains("chmod 600"));
}

#[test]
fn c09_two_daemons_through_a_link_do_not_both_start() {
    let folder = tempfile::tempdir().unwrap();
    let _daemon = Daemon::start(folder.path(), "", None);
    let other = tempfile::tempdir().unwrap();
    symlink(folder.path().join("soundings.db"), other.path().join("soundings.db")).unwrap();
    fs::copy(folder.path().join("secret.key"), other.path().join("secret.key")).unwrap();
    Daemon::settings(other.path(), "", 0);
    let said = soundings(other.path(), &["serve"]);
    assert!(said.contains("serves") && said.contains("already"), "{said}");
    // A link to a file that the first start makes.
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    symlink(there.path().join("soundings.db"), here.path().join("soundings.db")).unwrap();
    let _daemon = Daemon::start(here.path(), "", None);
    Daemon::settings(there.path(), "", 0);
    let said = soundings(there.path(), &["serve"]);
    assert!(said.contains("serves") && said.contains("already"), "{said}");
}

#[test]
fn c09_a_key_file_that_leads_nowhere_ends_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    Daemon::settings(folder.path(), "", 0);
    symlink(folder.path().join("nowhere"), folder.path().join("secret.key")).unwrap();
    let said = soundings(folder.path(), &["serve"]);
    assert!(said.contains("secret.key") && said.contains("link"), "{said}");
}

#[test]
fn c09_a_list_that_is_too_large_or_no_file_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let list = fs::File::create(folder.path().join("list.csv")).unwrap();
    // A hole of a terabyte.
    list.set_len(1 << 40).unwrap();
    let began = Instant::now();
    assert!(soundings(folder.path(), &["list", "check", "list.csv"]).contains("larger than 50 MB"));
    assert!(soundings(folder.path(), &["list", "check", "/dev/zero"]).contains("no file"));
    assert!(soundings(folder.path(), &["list", "check", "."]).contains("no file"));
    assert!(began.elapsed() < SOON);
}

#[test]
fn s31_a_list_steers_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let list = "account,first_name,last_name,email,role\nGlo\u{202e}bex,Ann\u{1b}[2J,Lee,ann\u{2066}@,boss\u{9b}31m\n";
    fs::write(folder.path().join("list.csv"), list).unwrap();
    for json in [&["list", "check", "list.csv"][..], &["list", "check", "list.csv", "--json"]] {
        let said = soundings(folder.path(), json);
        let steers = |c: char| {
            (c.is_control() && c != '\n')
                || ('\u{202a}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c)
        };
        assert!(!said.contains(steers), "{said:?}");
    }
}

#[test]
fn the_stop_is_orderly_while_visitors_hold_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut daemon = Daemon::start(folder.path(), "", None);
    let _idle = daemon.idle(200);
    let mut half: TcpStream = daemon.connect();
    half.write_all(b"GET /log-in HTTP/1.1\r\nhost").unwrap();
    let began = Instant::now();
    assert!(daemon.stop(), "{}", daemon.log());
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert!(daemon.log().contains("stopped"));
}
