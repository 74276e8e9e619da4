//! What is left of the demo in other rounds: found however it is written, and nothing that says nothing.

use std::path::Path;

use crate::intake::folder::read;
use crate::rules::round::ByLanguage;

use super::*;

fn demo() -> RoundFolder {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo")).unwrap()
}

/// The demo's folder with the name, client, senders and directors of somebody else.
fn copied() -> RoundFolder {
    let mut folder = demo();
    let other = || crate::base::address::EmailAddress::parse("anna@acme-controls.com").unwrap();
    folder.spec.round = "acme-2027".into();
    folder.spec.client = "Acme Controls".into();
    folder.spec.changed_since_last_year = ByLanguage::default();
    folder.spec.signoff.sales_director = "Maria Acme".into();
    folder.spec.signoff.sales_director_email = other();
    let senders = &mut folder.spec.senders;
    senders.country.clear();
    for sender in [&mut senders.team, &mut senders.warm_up] {
        (sender.name, sender.title, sender.email) = ("Anna Acme".into(), "Head".into(), other());
    }
    for contact in &mut folder.list.accepted {
        contact.director.email = other();
        contact.manager = None;
    }
    for text in
        folder.questionnaire.groups.iter_mut().flat_map(|g| &mut g.items).flat_map(|item| item.text.values_mut())
    {
        *text = "How are we doing?".into();
    }
    folder
}

fn facts(folder: &RoundFolder) -> Vec<String> {
    leftovers(folder).into_iter().filter(|l| l.is_fact).map(|l| format!("{}: {}", l.file, l.sentence)).collect()
}

#[test]
fn the_demo_is_not_held_against_itself_until_real_people_are_on_its_list() {
    let mut folder = demo();
    assert_eq!(leftovers(&folder), BTreeSet::new());
    for contact in &mut folder.list.accepted {
        contact.email = crate::base::address::EmailAddress::parse("kim@customer.com").unwrap();
    }
    assert!(facts(&folder).iter().any(|fact| fact == "round.toml: Northwind Instruments"), "{:?}", facts(&folder));
}

#[test]
fn a_copy_that_says_its_own_facts_has_promises_to_read_and_nothing_else() {
    let folder = copied();
    assert_eq!(facts(&folder), Vec::<String>::new());
    let promises: Vec<Leftover> = leftovers(&folder).into_iter().collect();
    for file in ["mail/en/thank_you.md", "mail/de/reminder.md", "mail/fr/reminder-3.md"] {
        assert!(promises.iter().any(|p| p.file == file), "{file}: {promises:?}");
    }
    assert!(
        promises.iter().all(|p| !p.sentence.starts_with("Dear") && !p.sentence.contains("minutes")),
        "{promises:?}"
    );
}

#[test]
fn every_fact_that_was_left_is_named_with_its_file() {
    let mut folder = copied();
    folder.spec.client = demo().spec.client;
    folder.spec.changed_since_last_year = demo().spec.changed_since_last_year;
    folder.spec.senders.warm_up = demo().spec.senders.warm_up;
    folder.spec.senders.country = demo().spec.senders.country;
    folder.questionnaire = demo().questionnaire;
    folder.list = demo().list;
    let all = facts(&folder);
    for fact in [
        "contacts.csv: northwind.example",
        "questionnaire.toml: Northwind Instruments tient parole.",
        "questionnaire.toml: Service und Kalibrierung sind für uns schnell genug.",
        "round.toml: David Sterling",
        "round.toml: david.sterling@northwind.example",
        "round.toml: Étienne Marchal",
        "round.toml: Geschäftsführerin, Northwind Instruments Deutschland",
        "round.toml: Northwind Instruments",
        "round.toml: en Europe, un étalonnage prend désormais cinq jours au lieu de douze, et chaque client a son ingénieur attitré",
    ] {
        assert!(all.iter().any(|said| said == fact), "{fact} is not in {all:#?}");
    }
    assert_eq!(all.iter().filter(|said| said.starts_with("contacts.csv")).count(), 1, "once, not for every row");
}

#[test]
fn a_fact_is_found_however_it_is_written_and_only_in_its_sentence() {
    for (said, sentence) in [
        // As the demo's letters had it before.
        (
            "Guten Tag.\n\nWas wir im letzten Jahr gehört haben, hat etwas verändert: Eine Kalibrierung dauert in Europa jetzt fünf statt zwölf Tage, und \
             jedes Kundenunternehmen hat einen festen Ingenieur. Danke.",
            "Was wir im letzten Jahr gehört haben, hat etwas verändert: Eine Kalibrierung dauert in Europa jetzt fünf statt zwölf Tage, und jedes",
        ),
        (
            "So war es. Am Anfang der schnelleren Kalibrierung stand eine solche Antwort.",
            "Am Anfang der schnelleren Kalibrierung",
        ),
        ("Bonjour.\nC’est une réponse qui a lancé l’étalonnage en cinq jours !", "C’est une réponse"),
        // Kept in half, marked, broken over lines, in other letters.
        ("We deliver in **five days**\ninstead of _twelve_ now.", "We deliver in **five days** instead"),
        ("SERVICE TAKES FIVE DAYS INSTEAD OF TWELVE", "SERVICE TAKES"),
        ("Es sind fu\u{308}nf statt zwo\u{308}lf Tage.", "Es sind"),
        (
            "{% if account_manager %}Five{% else %}Five{% endif %}x. Now five {% if minutes %}days{% endif %} instead of twelve.",
            "Now five",
        ),
        ("Chaque client a&nbsp;son\u{a0}ingénieur attitré.", "Chaque client"),
        ("Write to conversation@Northwind.Example. Thanks.", "Write to conversation@Northwind.Example."),
        ("Hello.\r\n\r\nYours, David\u{ad} Sterling", "Yours,"),
    ] {
        let found: Vec<Judged> = judged(said);
        assert_eq!(found.len(), 1, "{said}: {found:?}");
        assert!(found[0].is_fact && found[0].sentence.starts_with(sentence), "{found:?}");
    }
    for harmless in [
        "Dear {{ first_name }},",
        "It takes about five minutes.",
        "Repairs take five days. Before, it was twelve.",
        "Every account has an engineer.",
        "The north wind blows.",
        "Last year's answers had consequences: {{ changed_since_last_year }}.",
        "",
    ] {
        assert!(judged(harmless).is_empty(), "{harmless}");
    }
}

#[test]
fn every_phrase_is_one_that_the_check_can_find() {
    for phrase in PHRASES.facts.iter().chain(&PHRASES.promises) {
        assert!(phrase.len() > 10 && !phrase.ends_with('.'), "{phrase}");
        assert_eq!(judged(phrase).len(), 1, "{phrase}");
    }
}

#[test]
fn a_leftover_is_one_arm_of_a_condition_and_says_its_line() {
    let mut folder = copied();
    let body = "Dear {{ first_name }},\n\n{% if account_manager %}{{ account_manager }} will go through the results with you in spring.\
        {% else %}We will go through the results with you in spring.{% endif %} Bye{% if x %}s{% endif %}.\n";
    folder.words.get_mut("en").unwrap().get_mut("invitation").unwrap().body = body.into();
    let all: Vec<Leftover> = leftovers(&folder).into_iter().filter(|l| l.file == "mail/en/invitation.md").collect();
    assert!(all.iter().all(|l| !l.sentence.contains("{%")), "{all:?}");
    assert!(all.iter().filter(|l| l.sentence.contains("will go through")).count() == 2, "each arm by itself: {all:?}");
    assert!(!all.iter().any(|l| l.sentence.matches("will go through").count() > 1), "{all:?}");

    // On the lines where they stand in the folder that was read.
    let folder = copied();
    let read = |file: &str| std::fs::read_to_string(folder.dir.join(file)).unwrap().replace("\r\n", "\n");
    let found = leftovers(&folder);
    assert!(found.len() > 5);
    for left in found.iter().filter(|l| l.file.starts_with("mail/")) {
        let line = left.line.unwrap();
        let first = left.sentence.split(' ').next().unwrap();
        let file = read(&left.file);
        assert!(file.lines().nth(line as usize - 1).unwrap().contains(first), "{left:?}");
    }
    let demo_questions = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
    let mut folder = crate::intake::folder::read(&demo_questions).unwrap();
    folder.spec.client = "Acme Controls".into();
    let settings: Vec<_> = leftovers(&folder).into_iter().filter(|l| l.file == "round.toml").collect();
    assert!(!settings.is_empty() && settings.iter().all(|l| l.line.is_some_and(|line| line > 1)), "{settings:?}");
}
