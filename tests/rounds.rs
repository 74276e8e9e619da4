//! `round check` and `round load` as an operator runs them: languages, what is left of the demo, and a console in between.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use soundings::base::clock::Clock;
use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use soundings::rules::journal::Actor;
use soundings::steps::Ctx;
use soundings::steps::plan::change::{self, Change};
use soundings::steps::round::making::{self, MakeRound, Pattern};
use soundings::store::Db;
use tempfile::TempDir;

struct House {
    home: TempDir,
}

impl House {
    /// The demo's folder, in days to come, under another name; `client` is who has it.
    fn new(client: &str) -> House {
        let house = House { home: tempfile::tempdir().unwrap() };
        let url = format!("sqlite:{}", house.home.path().join("soundings.db").display());
        std::fs::write(house.home.path().join("soundings.toml"), format!("[database]\nurl = \"{url}\"\n")).unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo"), &house.dir());
        house.edit(
            "round.toml",
            &[("\"2027-", "\"2038-"), ("client = \"Northwind Instruments\"", &format!("client = \"{client}\""))],
        );
        house
    }

    fn dir(&self) -> PathBuf {
        self.home.path().join("round")
    }

    fn edit(&self, file: &str, instead: &[(&str, &str)]) {
        let path = self.dir().join(file);
        let mut text = std::fs::read_to_string(&path).unwrap();
        for (old, new) in instead {
            assert!(text.contains(old), "{file} does not say {old}");
            text = text.replace(old, new);
        }
        std::fs::write(path, text).unwrap();
    }

    /// Exit status, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        let out = command.args(arguments).arg("round").current_dir(self.home.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
    }

    /// With these arguments alone.
    fn says(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        let out = command.args(arguments).current_dir(self.home.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
    }

    /// The same; no status where it was killed.
    fn run_for_status(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        let out = command.args(arguments).arg("round").current_dir(self.home.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        (out.status.code(), text(out.stdout), text(out.stderr))
    }

    fn json(&self, arguments: &[&str], code: i32) -> Value {
        let (status, out, err) = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(status, code, "{arguments:?}: {out}{err}");
        serde_json::from_str(&out).unwrap()
    }

    async fn ctx(&self) -> Ctx {
        let url = format!("sqlite:{}", self.home.path().join("soundings.db").display());
        let ids = Ids::seeded(99);
        let db = Db::open(&url, "off").await.unwrap();
        Ctx::new(db, Clock::system(), ids.clone(), SecretKey::draw(&ids), "https://soundings.example")
    }

    /// Somebody makes a round from the template in the console.
    fn make(&self, name: &str, client: &str) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let ctx = self.ctx().await;
            let pattern = Pattern::Template { client: client.into(), opens: "2038-02-08".parse().unwrap() };
            let content = making::draft(&ctx, pattern, name).await.unwrap();
            let order = MakeRound { content, from: "the template".into() };
            ctx.order(&Actor::operator("olga@northwind.example"), order).await.unwrap();
        });
    }

    /// Somebody changes the round in the console.
    fn console(&self, actor: &str, change: impl FnOnce(&mut Change)) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let ctx = self.ctx().await;
            let live = {
                let mut tx = ctx.db.read().await.unwrap();
                ctx.live_by_slug(&mut tx, "northwind-2027").await.unwrap()
            };
            let mut new = Change { spec: live.spec.clone(), words: live.words.clone() };
            change(&mut new);
            ctx.order(
                &Actor::operator(actor),
                change::ChangeRound { slug: "northwind-2027".into(), version: live.version, change: new },
            )
            .await
            .unwrap();
        });
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

fn codes(value: &Value, key: &str) -> Vec<String> {
    let mut all: Vec<String> =
        value[key].as_array().unwrap().iter().map(|n| n["code"].as_str().unwrap().to_string()).collect();
    all.dedup();
    all
}

#[test]
fn check_says_who_gets_another_language_and_what_is_still_the_demos() {
    let house = House::new("Northwind Instruments");
    // Three rows of the demo list cannot be used, which is a finding of its own.
    let quiet = house.json(&["round", "check"], 1);
    assert_eq!(
        (codes(&quiet, "findings"), codes(&quiet, "notes")),
        (vec![], vec![]),
        "the demo is not held against itself"
    );
    assert_eq!(quiet["languages"][0]["language"], "en");

    house.edit("contacts.csv", &[(",de,DE,", ",it,IT,")]);
    let people =
        quiet["languages"].as_array().unwrap().iter().find(|l| l["language"] == "de").unwrap()["contacts"].clone();
    let found = house.json(&["round", "check"], 1);
    assert_eq!(codes(&found, "findings"), ["language_without_letters", "language_without_questions"]);
    assert_eq!(found["findings"][0]["contacts"], people);
    let (status, out, _) = house.run(&["round", "check"]);
    assert!(
        status == 1
            && out
                .contains(&format!("{people} people ({people} Italian) have no letters of their own and get English")),
        "{out}"
    );

    let house = House::new("Acme Controls");
    let (status, out, _) = house.run(&["round", "check"]);
    assert_eq!(status, 1);
    for said in [
        "These are the demo round’s and invented. Write what is yours, or remove them:\n  contacts.csv:2: “northwind.example”\n",
        "  round.toml:89: “David Sterling”\n",
        "fünf statt zwölf Tage",
        "cinq jours au lieu de douze",
        "  questionnaire.toml:15: “Northwind Instruments keeps its word.”",
        "note: These are the demo round’s and promise something in your name.",
        "  mail/en/thank_you.md:7: “In six months we check that it was done.”",
    ] {
        assert!(out.contains(said), "{said} is not in {out}");
    }
    assert!(!out.contains("The folder is fine"), "{out}");
    // A condition is read by one arm: no sentence says both, or its signs.
    assert!(!out.contains("{%") && out.contains("“We will go through the results with you in spring.”"), "{out}");
    // It can be loaded, and says the same.
    let loaded = house.json(&["round", "load"], 1);
    assert_eq!(codes(&loaded, "findings"), ["invented_for_the_demo"]);
    assert_eq!(loaded["new"], true);
}

#[test]
fn load_undoes_nothing_of_the_console_in_silence() {
    let house = House::new("Northwind Instruments");
    // It is loaded, but for the rows of its list that cannot be used: those are why it ends with 1.
    assert_eq!(house.run(&["round", "load"]).0, 1);
    house.console("dora.fields@northwind.example", |c| c.spec.targets[0].target = 0.6);
    // The folder says what it said: nothing is undone, and it is said whose the difference is.
    let (status, out, err) = house.run(&["round", "load"]);
    assert_eq!(status, 1, "{err}");
    assert!(
        out.contains("kept:\n  targets.individual: 50, 75 to 60, 75 by dora.fields@northwind.example on "),
        "{out}"
    );
    assert!(out.contains("Letters: none changed. Settings: none changed. Questionnaire: unchanged."), "{out}");

    // New letters are counted as letters, and as messages that read differently.
    house.edit("mail/en/reminder.md", &[("Yours is still open.", "Yours is missing.")]);
    // Looking exits as loading does: rows of the demo's list are left out.
    let look = house.json(&["round", "load", "--dry-run"], 1);
    assert_eq!((&look["moved"], &look["letters"]), (&Value::from(0), &serde_json::json!(["en/reminder"])));
    assert!(look["reworded"].as_u64().unwrap() > 0, "{look}");
    let loaded = house.json(&["round", "load"], 1);
    assert_eq!(
        (&loaded["letters"], &loaded["contacts"]["changed"]),
        (&serde_json::json!(["en/reminder"]), &Value::from(0))
    );
    assert_eq!(loaded["messages"]["reworded"], look["reworded"]);

    // Both change the same: refused by name, then replaced by whoever has seen it.
    house.edit("round.toml", &[("target = 0.5\n", "target = 0.55\n")]);
    let (status, _, err) = house.run(&["round", "load"]);
    assert!(
        status == 1 && err.contains("targets.individual: 50, 75 to 60, 75 by dora.fields@northwind.example on "),
        "{err}"
    );
    assert!(err.contains("--replace="), "{err}");
    let look = house.json(&["round", "load", "--dry-run"], 1);
    assert_eq!(look["undone"].as_array().unwrap().len(), 1, "{look}");
    let seen = format!("--replace={}", look["version"]);
    house.console("erik.holm@northwind.example", |c| c.spec.minutes = 9);
    let (status, _, err) = house.run(&["round", "load", &seen]);
    assert!(status == 1 && err.contains("has changed since you looked"), "{err}");
    let (status, out, err) = house.run(&["round", "load", "--replace"]);
    assert_eq!(status, 1, "{err}");
    assert!(out.contains("undone:\n") && out.contains("minutes: 6 to 9 by erik.holm@northwind.example on "), "{out}");
    let again = house.json(&["round", "load"], 1);
    assert!(
        again["kept"].as_array().unwrap().is_empty() && again["settings"].as_array().unwrap().is_empty(),
        "{again}"
    );
}

/// Whatever is written deep into a file of the folder: `round check` says so, and lives.
#[test]
fn s04_depth_in_any_file_is_a_sentence_and_not_the_end() {
    let deep = 40_000;
    let (open, shut) = ("[".repeat(deep), "]".repeat(deep));
    let letter = |body: &str| format!("subject: Your view\n\n{body}\n\n{{{{ link }}}}\n");
    let files = [
        ("mail/en/invitation.md", letter(&format!("{{% if {} %}}x{{% endif %}}", vec!["client"; 3_000].join(" or ")))),
        ("mail/en/invitation.md", letter(&format!("{{% if {}client %}}x{{% endif %}}", "not ".repeat(9_000)))),
        (
            "mail/en/invitation.md",
            letter(&format!("{{% if client %}}{}{{% endif %}}", "{% elif title %}".repeat(3_400))),
        ),
        ("mail/en/invitation.md", letter(&format!("{}x", ">".repeat(50_000)))),
        (
            "mail/en/reminder-2.md",
            letter(&format!("{}x{}", "{% if client %}".repeat(1_900), "{% endif %}".repeat(1_900))),
        ),
        ("questionnaire.toml", format!("id = \"a\"\nversion = {open}{shut}\n")),
        ("questionnaire.toml", format!("id = \"a\"\nversion = {}1{}\n", "{a=".repeat(deep), "}".repeat(deep))),
        ("questionnaire.toml", format!("id = \"a\"\n[{}]\n", vec!["a"; deep].join("."))),
        ("questionnaire.toml", format!("{} = 1\n", vec!["a"; deep].join("."))),
        ("round.toml", format!("round = {open}{shut}\n")),
        ("round.toml", format!("[[touch]]\nkind = \"invitation\"\ncron = \"{}\"\n", "1,".repeat(deep))),
        ("contacts.csv", format!("account,first_name{}\n", ",\"".repeat(deep))),
    ];
    for (file, text) in files {
        let house = House::new("Northwind Instruments");
        std::fs::write(house.dir().join(file), &text).unwrap();
        let (status, out, err) = house.run_for_status(&["round", "check"]);
        let said = format!("{out}{err}");
        assert!(matches!(status, Some(1 | 2)), "{file} {}: {status:?} {said}", &text[..text.len().min(60)]);
        let name = file.rsplit('/').next().unwrap();
        assert!(said.contains(name) && said.len() < 20_000, "{file}: {} octets: {:.600}", said.len(), said);
    }
}

#[test]
fn a_round_made_in_the_browser_is_a_folder_of_which_the_check_says_the_same() {
    let house = House::new("Northwind Instruments");
    // The template is not held against itself.
    house.make("northwind-2027", "Northwind Instruments");
    std::fs::remove_dir_all(house.dir()).unwrap();
    let (status, out, err) = house.run(&["export", "northwind-2027", "--to"]);
    assert_eq!(status, 0, "{out}{err}");
    let (status, out, _) = house.run(&["round", "check"]);
    assert_eq!((status, out.as_str()), (0, "The folder is fine; its list has no contacts yet.\n"));
    let look = house.json(&["round", "load", "--dry-run"], 0);
    assert_eq!((&look["settings"], &look["letters"], &look["contacts"]["added"]), (&json!([]), &json!([]), &json!(0)));
    let loaded = house.json(&["round", "load"], 0);
    assert_eq!((&loaded["new"], &loaded["settings"], &loaded["kept"]), (&json!(false), &json!([]), &json!([])));
    // The twin: that of another client has the inventions of the template, which the console names too.
    house.make("acme-2038", "Acme");
    std::fs::remove_dir_all(house.dir()).unwrap();
    house.run(&["export", "acme-2038", "--to"]);
    let (status, out, _) = house.run(&["round", "check"]);
    assert!(status == 1 && out.contains("“David Sterling”") && out.contains("no contacts yet"), "{out}");
    assert!(!out.contains("Northwind Instruments keeps"), "{out}");
}

#[test]
fn the_next_round_is_a_folder_that_is_checked_and_loaded() {
    let house = House::new("Northwind Instruments");
    house.edit("round.toml", &[("\"northwind-2027\"", "\"northwind-2038\"")]);
    assert_eq!(house.run(&["round", "load"]).0, 1, "rows of the demo's list are left out");
    let (status, _, err) = house.says(&["round", "next", "northwind-2038", "next"]);
    assert!(status == 1 && err.contains("has not started"), "{status} {err}");
    assert!(!house.home.path().join("next").exists());
    let (status, _, err) = house.says(&["round", "next", "nobody-2038", "next"]);
    assert!(status == 1 && err.contains("nobody-2038"), "{status} {err}");
    let (status, out, err) = house.says(&["round", "start", "northwind-2038", "--anyway", "a test"]);
    assert_eq!(status, 0, "{out}{err}");

    let (status, out, err) = house.says(&["round", "next", "northwind-2038", "next", "--json"]);
    assert_eq!(status, 0, "{out}{err}");
    let said: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&said["round"], &said["from"]), (&json!("northwind-2039"), &json!("northwind-2038")));
    assert_eq!((&said["opens"], &said["not_carried"]), (&json!("2039-02-07"), &json!([])));
    assert_eq!(said["came"]["not_invited"], said["contacts"]);
    let people = said["contacts"].as_u64().unwrap();
    assert!(people > 20, "{said}");
    // It is never written over something.
    let (status, _, err) = house.says(&["round", "next", "northwind-2038", "next"]);
    assert!(status == 2 && err.contains("next is there already"), "{status} {err}");
    std::fs::create_dir(house.home.path().join("empty")).unwrap();
    let (status, out, err) = house.says(&["round", "next", "northwind-2038", "empty"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.starts_with(&format!("Wrote round northwind-2039 with {people} contacts in ")), "{out}");
    assert!(out.contains("What came of them: ") && out.ends_with("Everybody is asked again.\n"), "{out}");

    // Under another name the demo's sentences are told, which it is not to be blamed for.
    let (_, out, err) = house.says(&["round", "check", "next", "--json"]);
    let checked: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&checked["faults"], &checked["contacts"]), (&json!([]), &json!(people)), "{out}{err}");
    assert_eq!(codes(&checked, "findings"), ["invented_for_the_demo"]);
    let (status, out, err) = house.says(&["round", "load", "next", "--json"]);
    assert_eq!(status, 0, "{out}{err}");
    let loaded: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&loaded["new"], &loaded["contacts"]["added"]), (&json!(true), &json!(people)));
    std::fs::remove_dir_all(house.home.path().join("empty")).unwrap();
    let (_, out, _) = house.says(&["round", "next", "northwind-2038", "empty"]);
    assert!(out.contains("There is a round northwind-2039 already"), "{out}");
}
