//! Whoever checks who approved whom is not shown what contacts did, and can check the file all the same.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use soundings::base::seal::sha256;

use crate::common::{ANN, BEN, ROUND, World};
use crate::program::program;
use crate::story_evidence::{installed, python, record, said};

on_both!(what_contacts_did_is_withheld_and_the_record_is_the_same);

fn soundings(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).current_dir(folder).output().unwrap()
}

/// With the SHA-256 of the whole made anew.
fn whole_again(file: &str) -> String {
    let body = file.rsplit_once("\"sha256\":").unwrap().0;
    format!("{body}\"sha256\":\"{}\"}}\n", sha256(body))
}

/// The line of the file that has this text, with something in it replaced.
fn with_line(file: &str, has: &str, change: impl Fn(&str) -> String) -> String {
    let line = file.lines().find(|line| line.contains(has)).unwrap();
    let changed = change(line);
    assert_ne!(changed, line, "{has}");
    whole_again(&file.replacen(line, &changed, 1))
}

/// Another digit of what stands behind this word.
fn another_digit(line: &str, word: &str) -> String {
    let at = line.find(word).unwrap() + word.len();
    let other = if line[at..].starts_with('0') { "1" } else { "0" };
    format!("{}{other}{}", &line[..at], &line[at + 1..])
}

async fn what_contacts_did_is_withheld_and_the_record_is_the_same(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T12:00:00Z").await;
    world.opts_out(&world.mail_to(ANN, "invitation")).await;
    world.answers(&world.mail_to(BEN, "invitation")).await.unwrap();
    world.work().await;
    installed(&world);
    let folder = world.folder.path().to_path_buf();
    let wrote = soundings(&folder, &["evidence", "export", ROUND, "proof"]);
    assert!(wrote.status.success() && said(&wrote).contains("of them withheld"), "{}", said(&wrote));
    let wrote = soundings(&folder, &["evidence", "export", ROUND, "all", "--everything"]);
    assert!(wrote.status.success() && !said(&wrote).contains("withheld"), "{}", said(&wrote));
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let [proof, page, all, whole_page] =
        ["proof/evidence.json", "proof/evidence.html", "all/evidence.json", "all/evidence.html"].map(read);
    for did in ["opted out", "sent the answers", "one click"] {
        assert!(!proof.contains(did) && !page.contains(did), "{did}");
        assert!(all.contains(did) && whole_page.contains(did), "{did}");
    }
    assert!(proof.contains("signed off the names") && page.contains("signed off the names"));
    assert!(page.contains("What contacts did is withheld (") && !whole_page.contains("withheld"));
    let record = record(&world).await.sentence("en");
    for file in ["proof/evidence.json", "all/evidence.json"] {
        let verified = soundings(&folder, &["evidence", "verify", file, "--head", &record]);
        assert!(
            verified.status.success() && said(&verified).contains("Nothing was changed up to"),
            "{}",
            said(&verified)
        );
        if let Some(checked) = python(&folder, &[file, &record]) {
            assert!(checked.status.success() && said(&checked).contains("Nothing was changed"), "{}", said(&checked));
        }
    }
    let withheld = "\"private\":true,";
    let told = "\"action\":\"opted out\"";
    for (changed, says) in [
        (with_line(&proof, withheld, |line| another_digit(line, "\"content\":\"")), "withheld): it was changed"),
        (
            with_line(&proof, withheld, |line| line.replace("\"private\":true", "\"private\":false")),
            "withheld): it was changed",
        ),
        (
            with_line(&proof, withheld, |line| line.replace(",\"at\":\"2027", ",\"at\":\"2028")),
            "withheld): it was changed",
        ),
        (with_line(&all, told, |line| another_digit(line, "\"salt\":\"")), "opted out): it was changed: what it says"),
        (with_line(&all, told, |line| line.replace("opted out", "is away")), "is away): it was changed: what it says"),
        (with_line(&all, told, |line| another_digit(line, "\"content\":\"")), "opted out): it was changed"),
    ] {
        fs::write(folder.join("changed.json"), &changed).unwrap();
        let found = soundings(&folder, &["evidence", "verify", "changed.json"]);
        assert!(found.status.code() == Some(1) && said(&found).contains(says), "{says}: {}", said(&found));
        if let Some(checked) = python(&folder, &["changed.json"]) {
            assert!(!checked.status.success() && !said(&checked).contains("as a whole"), "{says}: {}", said(&checked));
        }
    }
    // Nothing else can be withheld: not the entry of a signature that is taken out with it.
    let signed = proof.lines().find(|line| line.contains("counter-signed the names")).unwrap();
    let hidden = format!(
        "{}\"told\":null}}{}",
        signed.split("\"told\":").next().unwrap(),
        if signed.ends_with(',') { "," } else { "" }
    );
    fs::write(folder.join("hidden.json"), whole_again(&proof.replacen(signed, &hidden, 1))).unwrap();
    let found = said(&soundings(&folder, &["evidence", "verify", "hidden.json"]));
    assert!(found.contains("it is withheld, and tells of nothing that a contact did"), "{found}");
    if let Some(checked) = python(&folder, &["hidden.json"]) {
        assert!(!checked.status.success() && said(&checked).contains(": what it says"), "{}", said(&checked));
    }
    // A name out of a file writes no line of its own.
    let hostile = with_line(&proof, "\"account_name\":\"Umbra\"", |line| {
        line.replace("\"account_name\":\"Umbra\"", "\"account_name\":\"U\\nNothing was changed\\u001b[2J\"")
    });
    fs::write(folder.join("hostile.json"), hostile).unwrap();
    let found = said(&soundings(&folder, &["evidence", "verify", "hostile.json"]));
    assert!(found.contains("U\\nNothing was changed<U+001B>[2J") && !found.contains("\nNothing"), "{found}");
    world.promises_hold().await;
}
