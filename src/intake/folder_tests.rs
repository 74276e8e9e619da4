//! Proofs about round folders: the demo is good, faults come all at once, what is written is read again.

use std::fs;
use std::path::PathBuf;

use super::*;

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo")
}

/// A copy of the demo round to spoil.
fn copy() -> tempfile::TempDir {
    fn all(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            match entry.file_type().unwrap().is_dir() {
                true => all(&entry.path(), &to.join(entry.file_name())),
                false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
            }
        }
    }
    let to = tempfile::tempdir().unwrap();
    all(&demo(), to.path());
    to
}

fn told(dir: &Path) -> Vec<String> {
    read(dir).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn the_demo_round_is_good_and_shows_a_few_findings() {
    let round = read(&demo()).unwrap();
    assert_eq!(crate::rules::plan::check(&round.spec, &crate::rules::calendar::Almanac::plain()), Vec::<String>::new());
    assert!((55..=65).contains(&round.list.accepted.len()), "{}", round.list.accepted.len());
    assert_eq!(round.list.accounts, 14);
    assert!((2..=3).contains(&round.list.errors()), "{:#?}", round.list.findings);
    assert!((3..=9).contains(&round.list.warnings()), "{:#?}", round.list.findings);
    let count = |key: fn(&crate::rules::contacts::ListedContact) -> String| {
        round.list.accepted.iter().map(key).collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!((count(|c| c.director.email.to_string()), count(|c| c.country.clone())), (5, 6));
    assert_eq!(count(|c| c.manager.as_ref().map(|m| m.email.to_string()).unwrap_or_default()), 6);
    assert!((11..=14).contains(&round.questionnaire.items().count()));
    for language in ["en", "de", "fr"] {
        for kind in ["warm_up", "invitation", "reminder", "reminder-2", "reminder-3", "reminder-4", "thank_you"] {
            assert!(round.words[language].contains_key(kind), "{language}/{kind}");
        }
        for item in round.questionnaire.items() {
            assert!(item.text.contains_key(language), "{} in {language}", item.id);
        }
    }
}

#[test]
fn in_the_demo_every_link_stands_alone_on_its_line() {
    for (language, texts) in read(&demo()).unwrap().words {
        for (name, text) in texts {
            for line in text
                .body
                .lines()
                .filter(|l| l.contains("{{ link }}") || l.contains("{{ list }}") || l.contains("opt_out_link }}"))
            {
                assert!(line.starts_with("{{") && line.ends_with("}}"), "{language}/{name}: {line}");
            }
            let personal = !matches!(name.as_str(), "warm_up" | "thank_you");
            assert_eq!(text.body.matches("{{ link }}").count(), usize::from(personal), "{language}/{name}");
        }
    }
}

#[test]
fn s05_what_is_written_is_read_again() {
    let first = read(&demo()).unwrap();
    let to = tempfile::tempdir().unwrap();
    let mut contacts = first.list.accepted.clone();
    contacts[0].job_title = "=1+1".into();
    contacts[1].job_title = "+49 30 1234".into();
    contacts[2].job_title = "-5".into();
    contacts[3].country = "DE".into();
    contacts[3].region = "BY".into();
    write(to.path(), &first.spec, &contacts, &first.questionnaire, &first.words).unwrap();
    let second = read(to.path()).unwrap();
    assert_eq!((&second.spec, &second.questionnaire, &second.words), (&first.spec, &first.questionnaire, &first.words));
    assert_eq!(second.list.errors(), 0);
    let bare = |c: &crate::rules::contacts::ListedContact| crate::rules::contacts::ListedContact {
        line: 0,
        findings: Vec::new(),
        ..c.clone()
    };
    let (was, is): (Vec<_>, Vec<_>) =
        (contacts.iter().map(bare).collect(), second.list.accepted.iter().map(bare).collect());
    assert_eq!(was, is);
    fs::write(to.path().join("mail/en/reminder-9.md"), "Subject: old\n\nold\n").unwrap();
    write(to.path(), &second.spec, &second.list.accepted, &second.questionnaire, &second.words).unwrap();
    assert_eq!(read(to.path()).unwrap(), second);
}

#[test]
fn all_faults_of_all_files_are_told_at_once() {
    let dir = copy();
    let at = |file: &str| dir.path().join(file);
    let change = |file: &str, was: &str, is: &str| {
        let text = fs::read_to_string(at(file)).unwrap();
        assert!(text.contains(was), "{file} has no {was}");
        fs::write(at(file), text.replacen(was, is, 1)).unwrap();
    };
    change("round.toml", "[schedule]", "[schedules]");
    change("questionnaire.toml", "\"scale_1_7\"", "\"scale_1_9\"");
    fs::remove_file(at("contacts.csv")).unwrap();
    fs::remove_file(at("mail/en/warm_up.md")).unwrap();
    fs::write(at("mail/en/invitaton.md"), "x").unwrap();
    fs::write(at("mail/de/invitation.md"), "Hallo\nDiese SURVEY\n").unwrap();
    fs::write(at("mail/fr/invitation.md"), b"Subject: x\n\ncaf\xe9\n").unwrap();
    fs::write(at("mail/fr/reminder.md"), "x".repeat(300 * 1024)).unwrap();
    fs::create_dir(at("mail/english")).unwrap();
    let told = told(dir.path());
    for part in [
        "Write `schedule`",
        "`schedule` is missing",
        "scale_1_7 is perhaps meant",
        "contacts.csv: This file is missing",
        "mail/en/warm_up.md: This file is missing",
        "mail/en/invitaton.md: No mail has this name. Rename it to invitation.md",
        "mail/de/invitation.md:1: The first line is not a subject",
        "mail/de/invitation.md:2: This line says",
        "mail/fr/invitation.md:3: This line has letters that are not UTF-8",
        "mail/fr/reminder.md: This file is larger than 256 KiB",
        "mail/english: english is not a language code. Rename the folder to en.",
    ] {
        assert!(told.iter().any(|t| t.contains(part)), "{part} in {told:#?}");
    }
}

#[test]
fn texts_that_a_touch_asks_for_have_names_of_their_own() {
    let dir = copy();
    let round = dir.path().join("round.toml");
    let text = fs::read_to_string(&round).unwrap();
    let asked = text.replacen("kind = \"reminder\"", "kind = \"reminder\"\nwords = \"last_call\"", 1);
    let asked = asked.replacen("[schedule]", "[schedule]\nquiet_hours = [{ from = \"12:00\", until = \"13:00\" }]", 1);
    fs::write(&round, &asked).unwrap();
    let line = asked.lines().position(|l| l.starts_with("words")).unwrap() + 1;
    let missing =
        format!("round.toml:{line}: `touch.words` is “last_call”, and mail/en/last_call.md is missing. Write it");
    assert!(told(dir.path()).iter().any(|t| t.contains(&missing)), "{missing} in {:#?}", told(dir.path()));
    fs::write(dir.path().join("mail/en/last_call.md"), "Subject: x\n\n{{ link }}\n").unwrap();
    let first = read(dir.path()).unwrap();
    assert_eq!(first.words["en"]["last_call"].subject, "x");
    let to = tempfile::tempdir().unwrap();
    write(to.path(), &first.spec, &first.list.accepted, &first.questionnaire, &first.words).unwrap();
    let second = read(to.path()).unwrap();
    assert_eq!((&second.spec, &second.words), (&first.spec, &first.words));
    fs::write(&round, text).unwrap();
    assert!(told(dir.path()).iter().any(|t| t.contains("mail/en/last_call.md: No mail has this name")));
    // Nobody asks for it any more, so it is not written and cannot be in the way.
    let to = tempfile::tempdir().unwrap();
    let spec = crate::rules::round::RoundSpec { touches: read(&demo()).unwrap().spec.touches, ..first.spec };
    write(to.path(), &spec, &first.list.accepted, &first.questionnaire, &first.words).unwrap();
    assert!(!read(to.path()).unwrap().words["en"].contains_key("last_call"));
}

#[cfg(unix)]
#[test]
fn s09_links_out_of_the_folder_are_neither_followed_nor_written() {
    let dir = copy();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), "Subject: x\n\nsecret\n").unwrap();
    fs::remove_file(dir.path().join("mail/en/warm_up.md")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.md"), dir.path().join("mail/en/warm_up.md")).unwrap();
    assert!(told(dir.path()).iter().any(|t| t.contains("mail/en/warm_up.md: This is a link")));
    let good = read(&demo()).unwrap();
    let to = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), to.path().join("mail")).unwrap();
    assert!(write(to.path(), &good.spec, &good.list.accepted, &good.questionnaire, &good.words).is_err());
    let mut words = good.words.clone();
    let text = words["en"]["warm_up"].clone();
    words.insert("../..".into(), [("warm_up".to_owned(), text)].into());
    let to = tempfile::tempdir().unwrap();
    assert!(write(&to.path().join("x"), &good.spec, &good.list.accepted, &good.questionnaire, &words).is_err());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[test]
fn a_folder_that_is_not_there_is_one_clear_fault() {
    assert!(told(Path::new("/nowhere/at/all"))[0].contains("There is no folder /nowhere/at/all"));
    assert_eq!(told(tempfile::tempdir().unwrap().path()).len(), 3);
}

#[test]
fn a_list_with_a_header_and_no_rows_is_a_list_that_is_still_to_come() {
    let dir = copy();
    let header = String::from_utf8(super::export::list(&[]).unwrap()).unwrap();
    assert_eq!(
        header.trim_end(),
        "account,first_name,last_name,email,job_title,role,language,country,region,time_zone,account_director,account_director_email,\
         account_manager,account_manager_email,strategic,annual_revenue"
    );
    for text in
        [header.clone(), header.trim_end().into(), format!("\u{feff}{header}\r\n,,,\n\n"), header.replace(',', ";")]
    {
        std::fs::write(dir.path().join("contacts.csv"), &text).unwrap();
        assert!(read(dir.path()).unwrap().has_no_list(), "{text:?}");
    }
    // The twins: what is no header of ours, and a header with a row below it.
    for text in ["", "name;address\n", "account,last_name\n"] {
        std::fs::write(dir.path().join("contacts.csv"), text).unwrap();
        assert!(read(dir.path()).is_err(), "{text:?}");
    }
    std::fs::write(dir.path().join("contacts.csv"), format!("{header}nothing that can be used\n")).unwrap();
    assert!(!read(dir.path()).unwrap().has_no_list());
    assert!(!read(&demo()).unwrap().has_no_list());
}

#[test]
fn a_round_in_memory_is_checked_as_its_folder_is() {
    let (spec, questionnaire, words) = crate::intake::demo::content().unwrap();
    assert_eq!(check(&spec, &questionnaire, &words), []);
    let told = |spec: &RoundSpec, words: &Words| -> Vec<String> {
        check(spec, &questionnaire, words).iter().map(ToString::to_string).collect()
    };
    let german = RoundSpec { language: "de".into(), ..spec.clone() };
    assert!(told(&german, &words).iter().any(|t| t.starts_with("mail/de/sign_off.md: This file is missing")));
    let mut late = spec.clone();
    late.schedule.closes = late.schedule.opens;
    assert!(told(&late, &words)[0].contains("`schedule.closes` is 2027-02-08, not after"), "{:?}", told(&late, &words));
    let mut without = words.clone();
    without.get_mut("en").unwrap().remove("invitation");
    assert!(told(&spec, &without)[0].starts_with("mail/en/invitation.md: This file is missing"));
    let mut new = spec.clone();
    new.round = "new".into();
    assert!(told(&new, &words)[0].contains("`round` is “new”, which names no round"), "{:?}", told(&new, &words));
}

#[test]
fn what_came_of_people_last_year_is_read_back_as_columns_that_are_none_of_ours() {
    use crate::rules::contacts::last_time::{Address, Answer, COLUMNS, Out, Stood, Took};
    use crate::rules::message::MessageKind;

    let mut rows = read(&demo()).unwrap().list.accepted;
    rows.truncate(9);
    let plain = list::read(&export::list(&rows).unwrap(), CONTACTS).unwrap();
    let took = |kind, number| Some(Took { kind, number });
    let all = [
        Stood { invited: true, answer: Answer::Complete, took: took(MessageKind::Reminder, 2), ..Stood::default() },
        Stood { invited: true, answer: Answer::Complete, took: took(MessageKind::Invitation, 1), ..Stood::default() },
        Stood { address: Address::BouncedAndCorrected, predecessor: "Anna Berg".into(), ..Stood::default() },
        Stood { out: Some(Out::OptedOut), address: Address::Corrected, ..Stood::default() },
        Stood { out: Some(Out::Unreachable), ..Stood::default() },
        Stood { out: Some(Out::TakenOff), ..Stood::default() },
        Stood { answer: Answer::Begun, ..Stood::default() },
        Stood { invited: true, ..Stood::default() },
        Stood::default(),
    ];
    // All of them in one list, and each alone in all rows: a column of one value is read as what it is, too.
    let many = rows.len();
    let lists = std::iter::once(all.to_vec()).chain(all.iter().map(|stood| vec![stood.clone(); many]));
    for stood in lists {
        for (row, stood) in rows.iter_mut().zip(&stood) {
            row.more = COLUMNS.into_iter().map(str::to_owned).zip(stood.cells("northwind-2027")).collect();
            row.more.retain(|_, cell| !cell.is_empty());
        }
        let read = list::read(&export::list(&rows).unwrap(), CONTACTS).unwrap();
        assert_eq!(read.findings, plain.findings);
        let more =
            |rows: &[crate::rules::contacts::ListedContact]| rows.iter().map(|r| r.more.clone()).collect::<Vec<_>>();
        assert_eq!(more(&read.accepted), more(&rows));
    }
}
