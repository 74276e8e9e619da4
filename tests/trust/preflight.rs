//! `doctor` and `dkim new` as an operator runs them: every item passes, fails or is unknown, and says what to publish (M10).

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::nameserver::NameServer;
use serde_json::Value;
use soundings::base::clock::Clock;
use soundings::rehearsal::mailbox::Mailbox;
use tempfile::TempDir;

const OUT: &str = "192.0.2.25";

struct House {
    folder: TempDir,
    names: NameServer,
    _mailbox: Mailbox,
}

impl House {
    /// The demo round is loaded; its senders are of northwind.example.
    async fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let names = NameServer::start().await.unwrap();
        let mailbox = Mailbox::start_with(SocketAddr::from(([127, 0, 0, 1], 0)), Clock::system()).await.unwrap();
        let (smtp, dns) = (mailbox.address().port(), names.settings().servers[0]);
        let settings = format!(
            "[server]\nbase_url = \"https://soundings.northwind.example\"\n[smtp]\nport = {smtp}\n[dns]\nservers = \"{dns}\"\n\
             [delivery]\noutgoing_addresses = \"{OUT}\"\n"
        );
        std::fs::write(folder.path().join("soundings.toml"), settings).unwrap();
        let house = House { folder, names, _mailbox: mailbox };
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
        let copy = house.folder.path().join("round");
        copy_with_coming_days(&demo, &copy);
        // Rows of the demo list are left out, and that is told.
        house.run(&["round", "load", copy.to_str().unwrap()], 1).await;
        house
    }

    async fn run(&self, arguments: &[&str], code: i32) -> String {
        let out = self.any(arguments).await;
        let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert_eq!(out.status.code(), Some(code), "{arguments:?}: {said}");
        String::from_utf8(out.stdout).unwrap()
    }

    async fn any(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        command.args(arguments).current_dir(self.folder.path());
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    /// What `doctor` says, by name.
    async fn doctor(&self, code: i32) -> BTreeMap<String, Value> {
        let said: Value = serde_json::from_str(&self.run(&["doctor", "--json"], code).await).unwrap();
        assert_eq!(said["ok"], code == 0);
        let checks = said["checks"].as_array().unwrap().iter();
        checks.map(|check| (check["name"].as_str().unwrap().to_string(), check.clone())).collect()
    }

    fn key_file(&self, selector: &str) -> PathBuf {
        self.folder.path().join("dkim/northwind.example").join(format!("{selector}.pem"))
    }
}

/// The demo's own days are over one day; 2038 has the weekdays of 2027.
fn copy_with_coming_days(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_with_coming_days(&entry.path(), &target);
        } else if entry.file_name() == "round.toml" {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            std::fs::write(target, text.replace("\"2027-", "\"2038-")).unwrap();
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

fn verdict<'a>(checks: &'a BTreeMap<String, Value>, name: &str) -> (&'a str, &'a str) {
    let check = checks.get(name).ok_or_else(|| format!("nothing about {name} in {:?}", checks.keys())).unwrap();
    assert_eq!(check["ok"], check["verdict"] != "fail", "{check}");
    (check["verdict"].as_str().unwrap(), check["says"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m10_doctor_says_what_to_publish_until_all_is_published() {
    let house = House::new().await;
    let checks = house.doctor(1).await;
    for (item, says) in [
        ("SPF", "has no SPF record"),
        ("DKIM", "soundings dkim new northwind.example"),
        ("DMARC", "no DMARC record"),
        ("alignment", "is not aligned"),
        ("replies", "takes no mail"),
    ] {
        let (verdict, said) = verdict(&checks, &format!("northwind.example: {item}"));
        assert!(verdict == "fail" && said.contains(says), "{item}: {said}");
    }
    assert_eq!(verdict(&checks, &format!("{OUT}: reverse name")).0, "fail");
    assert_eq!(verdict(&checks, "127.0.0.1: TLS").0, "unknown");
    assert_eq!(verdict(&checks, "this machine: clock").0, "unknown");
    let out = house.any(&["round", "start", "northwind-2027"]).await;
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.code() == Some(1) && said.contains("--anyway") && said.contains("northwind.example"), "{said}");

    // Exactly what it says is published, by a name server that knows no better.
    for selector in ["s2027", "e2027"] {
        let mut arguments = vec!["dkim", "new", "northwind.example", selector, "--json"];
        if selector == "e2027" {
            arguments.push("--ed25519");
        }
        let record: Value = serde_json::from_str(&house.run(&arguments, 0).await).unwrap();
        assert_eq!(record["type"], "TXT");
        let secret = std::fs::read_to_string(house.key_file(selector)).unwrap();
        assert!(!record.to_string().contains(secret.lines().nth(1).unwrap()));
    }
    let address: IpAddr = OUT.parse().unwrap();
    house.names.reverse(address, "mail.northwind.example").address("mail.northwind.example", address);
    for domain in ["northwind.example", "soundings.northwind.example"] {
        house.names.mx(domain, 10, "mail.northwind.example");
    }
    let checks = house.doctor(1).await;
    let mut published = std::collections::BTreeSet::new();
    for record in checks.values().filter_map(|check| check["publish"].as_array()).flatten() {
        let (name, value) = (record["name"].as_str().unwrap(), record["value"].as_str().unwrap());
        if published.insert((name.to_string(), value.to_string())) {
            house.names.txt(name, value);
        }
    }
    // Two SPF records, two keys, two DMARC records.
    assert_eq!(published.len(), 6, "{published:?}");
    let checks = house.doctor(0).await;
    for item in ["SPF", "DMARC", "alignment", "replies"] {
        assert_eq!(verdict(&checks, &format!("northwind.example: {item}")).0, "pass");
    }
    for selector in ["s2027", "e2027"] {
        assert_eq!(verdict(&checks, &format!("{selector}._domainkey.northwind.example: DKIM")).0, "pass");
    }
    assert_eq!(verdict(&checks, "soundings.northwind.example: alignment").0, "pass");
    house.run(&["round", "start", "northwind-2027"], 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s17_a_new_key_is_its_owners_alone_and_never_written_over() {
    let house = House::new().await;
    let said = house.run(&["dkim", "new", "northwind.example", "s1"], 0).await;
    assert!(said.contains("s1._domainkey.northwind.example. IN TXT \"v=DKIM1; k=rsa; p="), "{said}");
    let before = std::fs::read(house.key_file("s1")).unwrap();
    #[cfg(unix)]
    {
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(house.key_file("s1")).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    house.run(&["dkim", "new", "northwind.example", "s1"], 1).await;
    assert_eq!(std::fs::read(house.key_file("s1")).unwrap(), before);
    for bad in [["northwind", "s1"], ["../x.example", "s1"], ["northwind.example", "../s1"], ["a b.example", "s1"]] {
        house.run(&["dkim", "new", bad[0], bad[1]], 2).await;
    }
    std::fs::write(house.key_file("s1"), "not a key").unwrap();
    let out = house.any(&["doctor"]).await;
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.code() == Some(2) && said.contains("s1.pem") && said.contains("dkim.folder"), "{said}");
}
