//! What is noticed of a folder: languages, half sentences, and what is still the demo's.

use std::path::Path;

use crate::intake::folder::read;
use crate::rules::round::{ByLanguage, MailText};

use super::*;

fn demo() -> RoundFolder {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo")).unwrap()
}

fn codes(all: &[Notice]) -> Vec<&str> {
    all.iter().map(|notice| notice.code).collect()
}

/// The demo with these languages on its list, in turns.
fn spoken(languages: &[(&str, usize)]) -> RoundFolder {
    let mut folder = demo();
    let all = languages.iter().flat_map(|(language, n)| std::iter::repeat_n(*language, *n));
    let rows = folder.list.accepted.clone();
    let row = |(n, language): (usize, &str)| {
        let mut row = rows[n % rows.len()].clone();
        row.language = language.into();
        row
    };
    folder.list.accepted = all.enumerate().map(row).collect();
    folder
}

#[test]
fn the_demo_itself_is_quiet() {
    let all = notices(&demo());
    assert_eq!((codes(&all.findings), codes(&all.notes)), (vec![], vec![]));
    assert_eq!(all.languages.iter().map(|c| c.language.as_str()).collect::<Vec<_>>(), ["en", "de", "fr"]);
}

#[test]
fn nobody_gets_another_language_in_silence() {
    let all = notices(&spoken(&[("en", 100), ("de", 43), ("it", 92), ("es", 65)]));
    assert_eq!(codes(&all.findings), ["language_without_letters", "language_without_questions"]);
    let (message, names) = all.findings[0].message.split_once(" They are ").unwrap();
    assert_eq!(
        message,
        "157 people (92 Italian, 65 Spanish) have no letters of their own and get English (the round’s language). Write mail/it, mail/es, or \
         correct the list."
    );
    assert!(names.ends_with(" and 152 more.") && names.matches(" (row ").count() == 5, "{names}");
    assert_eq!(all.findings[0].contacts, Some(157));
    // One person, no language at all, and a language that has only some of the letters.
    let mut folder = spoken(&[("en", 5), ("pt", 1), ("", 2), ("fr", 3)]);
    let french = folder.words.get_mut("fr").unwrap();
    french.retain(|name, _| !name.starts_with("reminder"));
    let all = notices(&folder);
    let messages: Vec<&str> = all.findings.iter().map(|f| f.message.as_str()).collect();
    assert!(messages[0].starts_with("1 person (1 Portuguese) has no letters"), "{messages:?}");
    let name = &folder.list.accepted[5];
    let named = format!("It is {} {} (row {}).", name.first_name, name.last_name, name.line);
    assert!(messages[0].ends_with(&named), "{messages:?}");
    assert_eq!(
        messages[1],
        "3 people who get letters in French will have these in English (the round’s language): reminder. Write them too."
    );
    assert_eq!(codes(&all.notes), ["language_not_given"]);
    assert!(all.notes[0].message.starts_with("2 people have no language"), "{:?}", all.notes);
}

#[test]
fn a_language_without_the_sentence_about_last_year_is_told_nothing_and_half_a_sentence_is_found() {
    let mut folder = spoken(&[("en", 5), ("de", 2)]);
    folder.spec.changed_since_last_year = "service is faster".into();
    let all = notices(&folder);
    assert_eq!((codes(&all.findings), codes(&all.notes)), (vec![], vec!["change_not_told"]));
    assert!(all.notes[0].message.starts_with("2 people in German are not told"), "{:?}", all.notes);
    let body = "Dear {{ first_name }},\n\nbecause of you {{ changed_since_last_year }}.\n\n{{ link }}\n";
    let text = MailText { subject: "Open".into(), body: body.into() };
    for (language, found) in [("en", 0), ("de", 1)] {
        let mut folder = folder.clone();
        folder.words.get_mut(language).unwrap().insert("reminder-3".into(), text.clone());
        let all = notices(&folder);
        assert_eq!(codes(&all.findings), vec!["half_a_sentence"; found], "{language}");
    }
}

#[test]
fn what_is_the_demos_is_a_finding_where_it_is_invented_and_a_note_where_it_promises() {
    let mut folder = demo();
    folder.spec.client = "Acme Controls".into();
    let all = notices(&folder);
    assert!(
        all.findings.iter().all(|f| f.code == "invented_for_the_demo") && all.findings.len() > 10,
        "{:?}",
        all.findings
    );
    assert!(all.notes.iter().all(|f| f.code == "promised_by_the_demo") && !all.notes.is_empty(), "{:?}", all.notes);
}

#[test]
fn what_the_program_itself_has_not_in_a_language_is_a_note() {
    let mut folder = spoken(&[("en", 5), ("pl", 4)]);
    let polish = folder.words["de"].clone();
    folder.words.insert("pl".into(), polish);
    folder.spec.changed_since_last_year = ByLanguage::default();
    let into = |texts: &mut BTreeMap<String, String>| {
        if let Some(text) = texts.get("en").cloned() {
            texts.insert("pl".into(), text);
        }
    };
    for group in &mut folder.questionnaire.groups {
        into(&mut group.title);
        for item in &mut group.items {
            [&mut item.text, &mut item.low, &mut item.high].into_iter().for_each(into);
            item.options.iter_mut().for_each(|option| into(&mut option.label));
        }
    }
    let all = notices(&folder);
    assert_eq!(
        (codes(&all.findings), codes(&all.notes)),
        (vec![], vec!["pages_in_another_language", "footer_in_another_language"])
    );
    assert!(all.notes[1].message.starts_with("4 people (4 Polish) have letters in their language"), "{:?}", all.notes);
    // One text that was forgotten.
    folder.questionnaire.groups[0].items[0].text.remove("pl");
    let all = notices(&folder);
    assert_eq!(codes(&all.findings), ["questions_missing_in_language"]);
    assert!(
        all.findings[0].message.starts_with("1 text of the questionnaire is missing in Polish: 4 people"),
        "{:?}",
        all.findings
    );
}

#[test]
fn who_is_named_for_somebody_who_signs_nothing_is_told() {
    let mut folder = demo();
    let signer = |email: &EmailAddress| crate::rules::round::SignerSpec {
        email: email.clone(),
        country: "GB".into(),
        region: String::new(),
        deputy: String::new(),
        deputy_email: None,
        regional_head: String::new(),
        regional_head_email: None,
    };
    let known = [&folder.list.accepted[0].director.email, &folder.spec.signoff.sales_director_email].map(signer);
    folder.spec.signoff.directors = known.to_vec();
    assert_eq!(notices(&folder).findings, []);
    let other = EmailAddress::parse("nobody@northwind.example").unwrap();
    folder.spec.signoff.directors.push(signer(&other));
    let found = notices(&folder).findings;
    assert_eq!(codes(&found), ["director_not_on_the_list"]);
    assert!(found[0].message.starts_with("nobody@northwind.example is no account director of the list"), "{found:?}");
    // A list that is still to come has nobody yet.
    folder.list.accepted.clear();
    assert!(!codes(&notices(&folder).findings).contains(&"director_not_on_the_list"));
}
