//! The form of a question: whatever stands there comes back, however much it is and in which language; what is typed is named.

use super::*;
use crate::rules::questionnaire::{Group as Page, all_languages};

fn words(text: &str, languages: &[&str]) -> BTreeMap<String, String> {
    languages.iter().map(|language| (language.to_string(), format!("{text} {language}"))).collect()
}

/// A question with so many choices, in languages that no letter has.
fn asked(kind: ItemKind, choices: usize) -> Questionnaire {
    let option = |n| Option_ { value: format!("v{n}"), label: words(&format!("Choice {n}"), &["en", "it", "ga"]) };
    let ends = |text| if kind == ItemKind::Scale7 { words(text, &["en", "mt"]) } else { BTreeMap::new() };
    let item = Item {
        id: "often".into(),
        kind,
        required: true,
        cannot_say: kind == ItemKind::Scale7,
        text: words("How often?", &["en", "de"]),
        low: ends("never"),
        high: ends("always"),
        options: (0..choices).map(option).collect(),
    };
    let other = Item { id: "other".into(), options: Vec::new(), kind: ItemKind::Text, ..item.clone() };
    let other = Item { cannot_say: false, low: BTreeMap::new(), high: BTreeMap::new(), ..other };
    let page = Page { title: words("Page", &["en"]), items: vec![item, other] };
    Questionnaire { id: "r".into(), version: "1".into(), groups: vec![page] }
}

fn languages(asked: &Questionnaire) -> Languages {
    Languages::gathered("en", all_languages(asked).into_iter(), &BTreeMap::from([("es".to_string(), 65)]))
}

fn about() -> About {
    About::Item("often".into())
}

/// What a browser would send.
fn sent(form: &QuestionForm) -> Vec<(String, String)> {
    let groups = form.groups.iter().chain(form.of_kinds.iter().flat_map(|of| &of.groups));
    let fields = groups.flat_map(|group| &group.fields);
    let fields = fields.filter(|f| !matches!(f.control, Control::Check) || f.value == "yes");
    form.hidden.iter().cloned().chain(fields.map(|f| (f.name.to_string(), f.value.clone()))).collect()
}

/// The form as it is opened, with some fields typed over, and what that makes of the questions.
fn typed(asked: &Questionnaire, over: &[(&str, &str)]) -> Result<Questionnaire, Vec<(String, String)>> {
    let languages = languages(asked);
    let there = about().item(asked).unwrap();
    let mut fields = sent(&Typed::of(there).form(&about(), &languages));
    fields.retain(|(name, _)| !over.iter().any(|(typed, _)| typed == name));
    fields.extend(over.iter().map(|(name, text)| (name.to_string(), text.to_string())));
    read(asked, &fields)
}

fn read(asked: &Questionnaire, fields: &[(String, String)]) -> Result<Questionnaire, Vec<(String, String)>> {
    let fields = Fields::of(fields.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let languages = languages(asked);
    let mut typed = Typed::from(&fields, &languages, about().item(asked));
    let edited = typed.read(asked, &about(), &languages);
    if typed.wrong.is_empty() { Ok(edited.unwrap()) } else { Err(typed.wrong) }
}

fn values(asked: &Questionnaire) -> Vec<&str> {
    about().item(asked).unwrap().options.iter().map(|option| option.value.as_str()).collect()
}

#[test]
fn whatever_stands_there_comes_back() {
    for choices in [2, 40, 43, 44, 200] {
        let before = asked(ItemKind::Choice, choices);
        assert_eq!(typed(&before, &[]).unwrap(), before, "{choices}");
        let after = typed(&before, &[("choice-1-en", "Other, now")]).unwrap();
        let mut expected = before.clone();
        expected.groups[0].items[0].options[1].label.insert("en".into(), "Other, now".into());
        assert_eq!(after, expected, "{choices}");
    }
    for kind in [ItemKind::Scale7, ItemKind::Scale10, ItemKind::Text] {
        let before = asked(kind, 0);
        assert_eq!(typed(&before, &[]).unwrap(), before);
    }
    // White space at the ends, which browsers and we trim, is no change.
    let mut before = asked(ItemKind::Choice, 2);
    before.groups[0].items[0].options[0].label.insert("it".into(), "spesso ".into());
    assert_eq!(typed(&before, &[]).unwrap(), before);
}

#[test]
fn a_field_that_was_not_sent_stays_as_it_is_and_one_that_is_emptied_is_gone() {
    let before = asked(ItemKind::Choice, 50);
    let only = |fields: &[(&str, &str)]| {
        let fields: Vec<_> = fields.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
        read(&before, &fields).unwrap()
    };
    assert_eq!(only(&[("item", "often")]), before);
    let after = only(&[("choice-49-it", ""), ("text-de", "")]);
    let item = about().item(&after).unwrap();
    assert_eq!((item.options.len(), item.options[49].label.len(), item.text.len()), (50, 2, 1));
    let emptied: Vec<(String, String)> = ["en", "it", "ga"].map(|l| (label_of(3, l), String::new())).into();
    assert_eq!(values(&read(&before, &emptied).unwrap())[2..4], ["v2", "v4"]);
    // A number out of the blue, a language of nobody and a name of no field make nothing.
    let odd =
        [("choice-4000000000-en", "x"), ("choice-60-en", "x"), ("text-xx", "x"), ("choice-x-en", "x"), ("low", "x")];
    assert_eq!(values(&only(&odd[..1])).len(), 50);
    assert_eq!(only(&odd[2..]), before);
}

#[test]
fn the_form_has_a_row_for_every_choice_and_some_to_be_filled_also_when_it_comes_back() {
    let before = asked(ItemKind::Choice, 50);
    let languages = languages(&before);
    let rows = |typed: &Typed| typed.form(&about(), &languages).of_kinds[1].groups.len();
    let first = Typed::of(about().item(&before).unwrap());
    assert_eq!(rows(&first), 53);
    let mut fields = sent(&first.form(&about(), &languages));
    fields.retain(|(name, _)| name != "choice-52-en");
    fields.push(("choice-52-en".into(), "One more".into()));
    let fields = Fields::of(fields.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    assert_eq!(rows(&Typed::from(&fields, &languages, about().item(&before))), 56);
    // Also that of people on the list, before those in which it is written.
    let form = first.form(&about(), &languages.missing_first(|code| ["en", "de"].contains(&code)));
    let labels: Vec<&str> = form.groups[0].fields.iter().map(|field| field.label.as_str()).collect();
    assert_eq!(labels, ["English", "Spanish, 65 people", "German", "Irish", "Italian"]);
}

#[test]
fn a_choice_is_handed_over_as_what_is_shown_beside_it() {
    let before = asked(ItemKind::Choice, 2);
    let new = [("choice-2-en", "Yes"), ("choice-3-en", "No"), ("choice-4-en", "B")];
    assert_eq!(values(&typed(&before, &new).unwrap()), ["v0", "v1", "yes", "no", "b"]);
    // What is shown can be changed or left to the words again.
    let worded = [("choice-0-en", "Never"), ("value-0", ""), ("choice-1-en", "Weekly"), ("value-1", "each_week")];
    assert_eq!(values(&typed(&before, &worded).unwrap()), ["never", "each_week"]);
    // A new row before another does not take what that one is handed over as.
    assert_eq!(values(&typed(&before, &[("choice-0-en", "v1"), ("value-0", "")]).unwrap()), ["v1_2", "v1"]);
    for (value, told) in [("v1", "Another choice is handed over as v1."), ("Each week", "It is “Each week”. Write")]
    {
        let wrong = typed(&before, &[("value-0", value)]).unwrap_err();
        assert!(wrong.len() == 1 && wrong[0].1.starts_with(told), "{wrong:?}");
    }
}

#[test]
fn the_title_of_a_page_is_written_in_every_language_at_each_of_its_questions() {
    let before = asked(ItemKind::Text, 0);
    let languages = languages(&before);
    for about in [about(), About::Item("other".into()), About::Page(1)] {
        let there = about.item(&before);
        let opened = there.map_or_else(Typed::new, Typed::of).titled(&before, &about);
        let fields = sent(&opened.form(&about, &languages));
        let written = |over: &[(&str, &str)]| {
            let new = [("text-en", "A new one?")].into_iter().filter(|_| there.is_none());
            let typed_over: Vec<(&str, &str)> = over.iter().copied().chain(new).collect();
            let fields = fields.iter().map(|(name, text)| (name.as_str(), text.as_str()));
            let fields = fields.filter(|(name, _)| typed_over.iter().all(|(typed, _)| typed != name));
            let fields = Fields::of(fields.chain(typed_over.clone()));
            let mut typed = Typed::from(&fields, &languages, there).titled(&before, &about);
            let edited = typed.read(&before, &about, &languages).unwrap();
            (edited.groups[0].title.clone(), typed.wrong)
        };
        assert_eq!(written(&[]), (before.groups[0].title.clone(), Vec::new()));
        let (title, wrong) = written(&[("title-es", " Pagina ")]);
        assert_eq!((title.len(), title["es"].as_str(), title["en"].as_str(), wrong.len()), (2, "Pagina", "Page en", 0));
        let (_, wrong) = written(&[("title-en", " ")]);
        assert!(wrong.iter().any(|(field, why)| field == "title-en" && why.contains("English")), "{wrong:?}");
    }
}
