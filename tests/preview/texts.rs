//! Every text that a mail of the demo round can have is in a mail that `preview` shows: the folders of texts say which there are, the words of the
//! mails which of them was sent.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use soundings::intake::folder;
use soundings::rules::message::MessageKind;
use soundings::rules::round::OCCASIONS;

use crate::{Files, files};

/// Language and name of a text, and the runs of words that are in every mail of it.
type Texts = BTreeMap<(String, String), Vec<String>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_text_has_a_mail_in_the_preview() {
    let (texts, files) = (texts(), files().await);
    let is_shown = |language: &str, name: &str| texts.contains_key(&(language.into(), name.into()));
    for (language, name) in [("fr", "introduction"), ("de", "reminder-4"), ("en", "sign_off_changed"), ("en", "plan")] {
        assert!(is_shown(language, name), "{language}/{name} is not among {:?}", texts.keys());
    }
    assert_eq!(wrong(&texts, files), Vec::<String>::new());

    // What was wrong is found by the same measure: a mail that is gone, a text that nobody gets, and one that a mail says otherwise.
    let mut fewer = files.clone();
    fewer.remove("mail-en-introduction.txt");
    assert_eq!(wrong(&texts, &fewer), ["en/introduction has no mail"]);
    let mut more = texts.clone();
    more.insert(("fr".into(), "reminder-5".into()), always("Subject: Encore un mot\n\nBonjour {{ full_name }},"));
    assert_eq!(wrong(&more, files), ["fr/reminder-5 has no mail"]);
    let mut other = texts.clone();
    other.get_mut(&("fr".to_string(), "introduction".to_string())).unwrap().push(letters("Bien \u{e0} vous"));
    assert!(wrong(&other, files).contains(&"fr/introduction has no mail".to_string()));
}

/// Texts without a mail, and mails that do not tell which text they have.
fn wrong(texts: &Texts, files: &Files) -> Vec<String> {
    let mails = || files.iter().filter(|(name, _)| name.starts_with("mail-") && name.ends_with(".txt"));
    let says = |runs: &[String], mail: &str| runs.iter().all(|run| letters(mail).contains(run));
    let mut wrong = Vec::new();
    for ((language, name), runs) in texts {
        let mut of_it =
            mails().filter(|(mail, text)| mail.starts_with(&format!("mail-{language}-")) && says(runs, text));
        let its_own = format!("mail-{language}-{}.txt", name.replace('_', "-"));
        if !of_it.any(|(mail, _)| *mail == its_own || !to_contacts(name)) {
            wrong.push(format!("{language}/{name} has no mail"));
        }
    }
    for (mail, text) in mails() {
        let of_it = texts
            .iter()
            .filter(|((language, _), runs)| mail.starts_with(&format!("mail-{language}-")) && says(runs, text));
        if of_it.clone().count() > 1 {
            wrong.push(format!("{mail} may have any text of {:?}", of_it.map(|(text, _)| text).collect::<Vec<_>>()));
        }
    }
    wrong
}

fn texts() -> Texts {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = folder::read(&root.join("config/demo")).unwrap().spec.language;
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let mut texts = Texts::new();
    let languages = names(&root.join("config/demo/mail"));
    for language in &languages {
        for file in names(&root.join("config/demo/mail").join(language)) {
            let name = file.trim_end_matches(".md").to_string();
            texts.insert((language.clone(), name), always(&read(&format!("config/demo/mail/{language}/{file}"))));
        }
    }
    // What stands around all of them is no text, what account managers send themselves is no mail of ours, and nothing goes wrong in the demo
    // for longer than it can afford: the mail of an alarm is looked at in tests/browser/mails.rs.
    let is_mail = |name: &String| !["frame", "ready_text", "alarm"].contains(&name.as_str());
    for name in names(&root.join("templates/mails")).into_iter().filter(is_mail) {
        let folder = format!("templates/mails/{name}");
        for file in names(&root.join(&folder)) {
            let text = || always(&read(&format!("{folder}/{file}")));
            match file.strip_suffix(".md") {
                // The client's people are written to in the round's own language.
                Some(language)
                    if *language == own || (languages.iter().any(|l| l == language) && to_contacts(&name)) =>
                {
                    texts.insert((language.into(), name.clone()), text());
                }
                None if file.ends_with(".txt") => texts.entry((own.clone(), name.clone())).or_default().extend(text()),
                _ => {}
            }
        }
    }
    texts
}

/// What is no text of the client's people is one of contacts.
fn to_contacts(name: &str) -> bool {
    let kind = name.trim_end_matches(|sign: char| sign.is_ascii_digit()).trim_end_matches('-');
    let of_occasions = OCCASIONS.iter().find(|(occasion, _)| *occasion == name).map(|(_, kind)| *kind);
    of_occasions.or(MessageKind::parse(kind)).map_or(!["plan", "login"].contains(&name), MessageKind::to_contact)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What every mail of this text says, whoever gets it. Other headers stand between the subject and what follows.
fn always(text: &str) -> Vec<String> {
    let (subject, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let runs = [subject, body].into_iter().flat_map(unconditional);
    runs.filter(|run| !run.is_empty()).collect()
}

/// The words outside of values and of conditions.
fn unconditional(text: &str) -> Vec<String> {
    let (mut runs, mut depth, mut rest) = (Vec::new(), 0, text);
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let (words, tag) = rest.split_at(at);
        if depth == 0 {
            runs.push(letters(words));
        }
        let (tag, behind) = tag.split_once(if tag.starts_with("{{") { "}}" } else { "%}" }).unwrap();
        match tag.trim_start_matches(['{', '%', '-']).split_whitespace().next() {
            Some("if" | "for") if tag.starts_with("{%") => depth += 1,
            Some("endif" | "endfor") => depth -= 1,
            _ => {}
        }
        rest = behind;
    }
    runs.push(letters(rest));
    runs
}

/// Lines are broken anew and marks are drawn otherwise in a mail.
fn letters(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).collect()
}

#[test]
fn what_a_mail_says_only_to_some_is_not_asked_of_all() {
    let text = "Subject: Hi {{ a }}\n\nOh\n\n{% if b %}One {{ c }}{% if d %}two{% endif %}{% else %}no{% endif %} and\nso, on.";
    assert_eq!(always(text), ["SubjectHi", "Oh", "andsoon"]);
    let kinds = ["introduction", "reminder-2", "warm_up", "anything_new", "repair", "counter_sign", "digest", "plan"];
    assert_eq!(kinds.map(to_contacts), [true, true, true, true, false, false, false, false]);
}
