//! A year later somebody asks who approved whom: the evidence file says it, and is checked by us, by the program and by the Python of the
//! documents. Whoever has changed the database meanwhile is found by the record that a director has kept.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use soundings::base::seal::Sha256;
use soundings::rules::evidence::{Check, Document, Head, Verdict};
use soundings::rules::signoff::{SignLevel, Standing};
use soundings::steps::audit::{chain, evidence};
use soundings::steps::signoff;
use soundings::store::journal::round_chain;

use crate::common::{ANN, BEN, DORA, ERIK, ROUND, SALES_DIRECTOR, World, secret_in};
use crate::program::program;
use crate::story_chain::by_hand;

on_both!(
    every_signature_is_proved_with_its_list_and_what_changed,
    the_program_writes_and_checks_the_evidence_of_a_round,
    s_a_journal_that_was_changed_does_not_have_the_record_of_a_director,
    s_a_signature_that_was_changed_is_named_by_the_evidence,
    the_chain_of_a_round_begins_with_the_journal_that_is_there,
);

/// Signed, changed, signed again; one recorded elsewhere and counter-signed.
async fn approved(world: &mut World) {
    world.started().await;
    approved_after_the_start(world).await;
}

pub(super) async fn document(world: &World) -> Document {
    evidence::evidence(&world.ctx, ROUND).await.unwrap()
}

/// What the page of a director shows, and what he copies from it.
pub(super) async fn record(world: &World) -> Head {
    let secret = secret_in(&world.mail_to(DORA, "sign_off"), "/sign-off/");
    signoff::sheet(&world.ctx, &secret).await.unwrap().unwrap().record.unwrap()
}

pub(super) fn checked(file: &str, head: Option<&Head>) -> Verdict {
    let mut check = Check::new(head.map(|head| Head::typed(&head.sentence("en")).unwrap()));
    for line in file.split_inclusive('\n') {
        check.line(line.as_bytes()).unwrap();
    }
    check.end().unwrap()
}

/// The one Python block of the documents; none where there is no Python.
pub(super) fn python(folder: &Path, arguments: &[&str]) -> Option<Output> {
    let documents = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/EVIDENCE.md");
    let text = fs::read_to_string(documents).unwrap();
    let mut blocks = text.split("```python\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let block = blocks.next().unwrap();
    assert_eq!(blocks.next(), None);
    fs::write(folder.join("check.py"), block).unwrap();
    let ran = Command::new("python3").arg("check.py").args(arguments).current_dir(folder).output();
    match ran {
        Ok(output) => Some(output),
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "python3: {why} (a skip is a failure in CI)");
            eprintln!("python3 is not there, so the check of the documents is not tried: {why}");
            None
        }
    }
}

pub(super) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn every_signature_is_proved_with_its_list_and_what_changed(mut world: World) {
    world.started().await;
    let secret = secret_in(&world.mail_to(DORA, "sign_off"), "/sign-off/");
    assert!(signoff::sheet(&world.ctx, &secret).await.unwrap().unwrap().record.is_none(), "nothing is signed yet");
    assert!(document(&world).await.signatures.is_empty());
    approved_after_the_start(&mut world).await;
    let document = document(&world).await;
    let file = document.write().text;
    let (dora, now) = (record(&world).await, round_chain_head(&world).await);
    assert_eq!(dora, now, "at every look, the end as of the look");
    let verdict = checked(&file, Some(&dora));
    assert_eq!((verdict.found, verdict.stands), (Vec::new(), Some(now.entries)));
    assert_eq!((verdict.accounts, verdict.signatures, verdict.head), (3, 5, now));
    let told = document.signatures.iter().map(|line| {
        let of = &line.record;
        (of.account_name.as_deref().unwrap(), of.level, of.how.as_str(), of.list.as_ref().unwrap().len(), line.since)
    });
    let told: Vec<_> = told.collect();
    assert_eq!(
        told,
        [
            ("Globex", SignLevel::Director, "count", 2, None),
            ("Umbra", SignLevel::Director, "count", 1, None),
            ("Globex", SignLevel::Director, "count", 1, Some(1)),
            ("Initech", SignLevel::Director, "recorded", 2, None),
            ("Initech", SignLevel::SalesDirector, "count", 2, None),
        ]
    );
    let [_, _, again, recorded, _] = document.signatures.as_slice() else { unreachable!() };
    let changes = ["Ann Leigh was corrected: name Ann Leigh, was Ann Lee", "Ben Koch is off the list"];
    assert_eq!(again.changes, changes);
    assert_eq!(again.record.came_from, "192.0.2.7, Firefox");
    assert!(again.record.signed_by.contains(DORA));
    assert!(recorded.record.evidence.contains("mail of 26 January") && !recorded.record.recorded_by.is_empty());
    let doctor = chain::check(&world.ctx, &world.folder.path().join("secret.seen")).await.unwrap();
    assert!(doctor.iter().all(|found| found.ok), "{doctor:?}");
    world.promises_hold().await;
}

async fn approved_after_the_start(world: &mut World) {
    world.sign_all(DORA, "sign_off").await;
    world.corrects(DORA, ANN, |now| now.last_name = "Leigh".into()).await;
    world.removes(DORA, BEN).await;
    world.sign_all(DORA, "sign_off").await;
    assert_eq!(world.records("Initech", SignLevel::Director).await.unwrap(), Standing::CounterSign);
    world.work().await;
    assert_eq!(world.sign_all(SALES_DIRECTOR, "counter_sign").await, [Standing::Signed]);
}

pub(super) async fn round_chain_head(world: &World) -> Head {
    let round = document(world).await.round.record.id;
    round_chain::head(&mut world.ctx.db.read().await.unwrap(), &round).await.unwrap().unwrap()
}

/// An installation's settings and key beside the database of the story.
pub(super) fn installed(world: &World) -> std::path::PathBuf {
    let folder = world.folder.path();
    let write = |name: &str, text: String| {
        let file = folder.join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        file
    };
    write("secret.key", world.ctx.key.to_text());
    let settings = format!(
        "secret_key_file = \"{}\"\n[server]\nbase_url = \"https://soundings.northwind.example\"\n[database]\nurl = \"{}\"\n",
        folder.join("secret.key").display(),
        world.url
    );
    write("soundings.toml", settings)
}

const MISSING: &str = "the signature that it tells of is not in the file";

async fn the_program_writes_and_checks_the_evidence_of_a_round(mut world: World) {
    approved(&mut world).await;
    installed(&world);
    let folder = world.folder.path().to_path_buf();
    let soundings = |arguments: &[&str]| Command::new(program()).args(arguments).current_dir(&folder).output().unwrap();
    let wrote = soundings(&["evidence", "export", ROUND, "proof"]);
    assert!(wrote.status.success() && said(&wrote).contains("5 signatures"), "{}", said(&wrote));
    let by_itself = said(&soundings(&["evidence", "verify", "proof/evidence.json"]));
    assert!(
        by_itself.starts_with("The file is consistent in itself: ") && !by_itself.contains("Nothing was"),
        "{by_itself}"
    );
    let again = soundings(&["evidence", "export", ROUND, "proof"]);
    assert_eq!((again.status.code(), said(&again).contains("is there already")), (Some(2), true), "{}", said(&again));
    let file = fs::read_to_string(folder.join("proof/evidence.json")).unwrap();
    let page = fs::read_to_string(folder.join("proof/evidence.html")).unwrap();
    for words in ["Ann Leigh was corrected", "mail of 26 January", "192.0.2.7, Firefox", "counter-signed the names"] {
        assert!(page.contains(words), "{words}");
    }
    for outside in ["src=\"http", "href=\"http", "url(", "@import", "<script", "href=\"/"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let record = record(&world).await.sentence("en");
    assert!(page.contains(&record));
    let verified = soundings(&["evidence", "verify", "proof/evidence.json", "--head", &record]);
    let line = said(&verified);
    assert!(verified.status.success() && line.lines().count() == 1 && line.contains("Nothing was changed"), "{line}");
    if let Some(checked) = python(&folder, &["proof/evidence.json", &record]) {
        assert!(checked.status.success() && said(&checked).contains("Nothing was changed"), "{}", said(&checked));
    }
    let other = soundings(&["evidence", "verify", "proof/evidence.json", "--head", &"ab12 ".repeat(8)]);
    assert_eq!((other.status.code(), said(&other).contains("no entry of the journal has it")), (Some(1), true));
    for (old, new, place) in [
        ("Leigh", "Leihg", "signature 3 (Globex, "),
        ("192.0.2.7", "192.0.2.8", "signature 1 (Globex, "),
        ("\"account_name\":\"Umbra\"", "\"account_name\":\"Umbro\"", "signature 2 (Umbro, "),
        ("recorded_by\":\"o", "recorded_by\":\"p", "signature 4 (Initech, "),
        ("started the round", "starred the round", "of the journal ("),
        ("\"strategic\":true", "\"strategic\":false", "account Initech: "),
        ("],\n\"journal\"", "] ,\n\"journal\"", "line "),
    ] {
        assert!(file.contains(old), "{old}");
        fs::write(folder.join("changed.json"), file.replacen(old, new, 1)).unwrap();
        let found = soundings(&["evidence", "verify", "changed.json"]);
        assert_eq!(found.status.code(), Some(1), "{old}: {}", said(&found));
        assert!(said(&found).contains(place), "{old}: {}", said(&found));
        if let Some(checked) = python(&folder, &["changed.json"]) {
            assert!(!checked.status.success() && said(&checked).contains("the file as a whole"), "{old}");
        }
    }
    // A file that is whole again after its last signature was taken out.
    let (begins, rest) = file.split_once("],\n\"journal\"").unwrap();
    let (kept, _) = begins.rsplit_once(",\n{").unwrap();
    let body = format!("{kept}\n],\n\"journal\"{rest}");
    let body = body.rsplit_once("\"sha256\":").unwrap().0;
    let mut seal = Sha256::default();
    seal.update(body.as_bytes());
    fs::write(folder.join("less.json"), format!("{body}\"sha256\":\"{}\"}}\n", seal.hex())).unwrap();
    let found = soundings(&["evidence", "verify", "less.json"]);
    assert!(found.status.code() == Some(1) && said(&found).contains(MISSING), "{}", said(&found));
    if let Some(checked) = python(&folder, &["less.json"]) {
        let found = said(&checked);
        assert!(!checked.status.success() && found.contains(MISSING) && !found.contains("as a whole"), "{found}");
    }
    for (name, content) in [("other.json", "{\"rows\":[]}\n"), ("none.json", "")] {
        fs::write(folder.join(name), content).unwrap();
        let refused = soundings(&["evidence", "verify", name]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(said(&refused).starts_with("This is no evidence file of soundings."), "{}", said(&refused));
    }
    for name in ["nowhere.json", "proof"] {
        assert_eq!(soundings(&["evidence", "verify", name]).status.code(), Some(2), "{name}");
    }
    let unknown = soundings(&["evidence", "export", "nobody-2027", "elsewhere"]);
    assert!(!unknown.status.success() && !folder.join("elsewhere").exists(), "{}", said(&unknown));
}

pub(super) fn without_triggers(world: &World) -> &'static str {
    if world.ctx.db.is_sqlite() {
        "DROP TRIGGER journal_stays; DROP TRIGGER signature_stays; DROP TRIGGER round_chain_keeps"
    } else {
        "ALTER TABLE journal DISABLE TRIGGER ALL; ALTER TABLE signature DISABLE TRIGGER ALL; ALTER TABLE round_chain DISABLE TRIGGER ALL"
    }
}

async fn s_a_journal_that_was_changed_does_not_have_the_record_of_a_director(mut world: World) {
    approved(&mut world).await;
    let kept = record(&world).await;
    assert!(checked(&document(&world).await.write().text, Some(&kept)).found.is_empty());
    by_hand(&world, without_triggers(&world)).await.unwrap();
    let change =
        "UPDATE journal SET actor = 'mallory@northwind.example' WHERE n = (SELECT max(n) FROM journal WHERE subject =
        (SELECT id FROM account WHERE name = 'Umbra'))";
    by_hand(&world, change).await.unwrap();
    // The database itself does not hold together.
    let file = document(&world).await.write().text;
    let found = checked(&file, None).found.join("\n");
    assert!(found.contains("it does not lead to the end that was kept"), "{found}");
    let doctor = chain::check(&world.ctx, &world.folder.path().join("secret.seen")).await.unwrap();
    let wrong: Vec<&str> = doctor.iter().filter(|found| !found.ok).map(|found| found.about).collect();
    assert_eq!(wrong, ["journal", "journals of rounds"]);
    // With everything made anew that needs no key, the file is right in itself, and is another one than was shown.
    let anew = document(&world).await.journal.last().unwrap().sha256.clone();
    by_hand(&world, &format!("UPDATE round_chain SET head = '{anew}'")).await.unwrap();
    let file = document(&world).await.write().text;
    assert_eq!(checked(&file, None).found, Vec::<String>::new());
    let found = checked(&file, Some(&kept)).found;
    assert!(found.len() == 1 && found[0].contains("no entry of the journal has it"), "{found:?}");
}

async fn s_a_signature_that_was_changed_is_named_by_the_evidence(mut world: World) {
    approved(&mut world).await;
    by_hand(&world, without_triggers(&world)).await.unwrap();
    for (change, undo, says) in [
        (
            "UPDATE signature SET came_from = 'x' || came_from WHERE n = 2",
            "UPDATE signature SET came_from = substr(came_from, 2) WHERE n = 2",
            "signature 2 (Umbra, 25 January 2027): the journal does not tell of it",
        ),
        (
            "UPDATE signed_list SET names = replace(names, 'Reid', 'Roid')",
            "UPDATE signed_list SET names = replace(names, 'Roid', 'Reid')",
            "signature 2 (Umbra, 25 January 2027): the list does not give its fingerprint",
        ),
    ] {
        by_hand(&world, change).await.unwrap();
        let found = checked(&document(&world).await.write().text, None).found;
        assert!(found.contains(&says.to_string()), "{change}: {found:?}");
        by_hand(&world, undo).await.unwrap();
        assert_eq!(checked(&document(&world).await.write().text, None).found, Vec::<String>::new(), "{undo}");
    }
}

async fn the_chain_of_a_round_begins_with_the_journal_that_is_there(mut world: World) {
    world.started().await;
    world.sign_all(DORA, "sign_off").await;
    let shown = record(&world).await;
    by_hand(&world, without_triggers(&world)).await.unwrap();
    let seen = world.folder.path().join("secret.seen");
    // As a version without places has left it.
    let earlier = "DELETE FROM round_chain; UPDATE journal SET place = NULL, salt = NULL, private = NULL;
        UPDATE signed_list SET account = NULL";
    by_hand(&world, earlier).await.unwrap();
    let told = chain::check(&world.ctx, &seen).await.unwrap();
    let wrong: Vec<&str> = told.iter().filter(|found| !found.ok).map(|found| found.says.as_str()).collect();
    let entries = format!("No record covers {} entries of {ROUND}: ", shown.entries);
    assert!(wrong.len() == 1 && wrong[0].starts_with(&entries), "{wrong:?}");
    // A command that is the first of this version.
    let first = document(&world).await.round.record;
    assert_eq!((first.entries, first.head == shown.hash), (shown.entries, false), "every entry has another salt");
    assert_eq!(checked(&document(&world).await.write().text, None).found, Vec::<String>::new());
    by_hand(&world, earlier).await.unwrap();
    // At the start of a program of this version.
    chain::at_the_start(&world.ctx, &seen).await.unwrap();
    assert_eq!(round_chain_head(&world).await.entries, shown.entries);
    assert!(chain::check(&world.ctx, &seen).await.unwrap().iter().all(|found| found.ok));
    by_hand(&world, earlier).await.unwrap();
    // Or with the next entry, whichever comes first.
    world.sign_all(ERIK, "sign_off").await;
    let verdict = checked(&document(&world).await.write().text, None);
    assert_eq!(verdict.found, Vec::<String>::new());
    assert!(verdict.head.entries > shown.entries);
    assert!(chain::check(&world.ctx, &seen).await.unwrap().iter().all(|found| found.ok));
}
