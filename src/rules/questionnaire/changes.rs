//! What becomes of the questions of a round by a change, in sentences, for whoever is about to make it.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, ItemKind, Questionnaire, in_language};

/// A sentence for each item that changes, in the order in which contacts meet them; then those about pages and names. `language` is that of
/// the round, in which questions are quoted.
pub fn sentences(before: &Questionnaire, after: &Questionnaire, language: &str) -> Vec<String> {
    let quoted = |item: &Item| format!("“{}”", in_language(&item.text, language, language));
    let of = |questionnaire: &'_ Questionnaire, id: &str| questionnaire.items().find(|item| item.id == id).cloned();
    let mut all = Vec::new();
    for item in after.items() {
        match of(before, &item.id) {
            None => all.push(format!("{} is new.", quoted(item))),
            Some(was) if was != *item => all.push(format!("{} {}.", quoted(&was), changed(&was, item, language))),
            Some(_) => {}
        }
    }
    let gone = before.items().filter(|item| of(after, &item.id).is_none());
    all.extend(gone.map(|item| format!("{} is not asked any more.", quoted(item))));
    if order(before, after) != order(after, before) {
        all.push("The questions come in another order, or on other pages.".into());
    }
    let titles = |q: &Questionnaire| q.groups.iter().map(|group| group.title.clone()).collect::<Vec<_>>();
    if titles(before) != titles(after) {
        all.push("The titles of pages change.".into());
    }
    if before.id != after.id {
        all.push(format!("The questionnaire is called {} instead of {}.", after.id, before.id));
    }
    if before.version != after.version {
        all.push(format!("It is version {} instead of {}.", after.version, before.version));
    }
    all
}

/// Ids of what both have, page by page.
fn order<'q>(of: &'q Questionnaire, other: &Questionnaire) -> Vec<Vec<&'q str>> {
    let both: BTreeSet<&str> = other.items().map(|item| item.id.as_str()).collect();
    let page = |items: &'q [Item]| items.iter().map(|item| item.id.as_str()).filter(|id| both.contains(id)).collect();
    of.groups.iter().map(|group| page(&group.items)).filter(|page: &Vec<&str>| !page.is_empty()).collect()
}

fn changed(was: &Item, item: &Item, language: &str) -> String {
    let mut what: Vec<String> = Vec::new();
    let said = |texts: &BTreeMap<String, String>| in_language(texts, language, language).to_string();
    if said(&was.text) != said(&item.text) {
        what.push(format!("reads “{}”", said(&item.text)));
    } else if was.text != item.text {
        what.push("reads differently in another language".into());
    }
    if was.kind != item.kind {
        what.push(format!("is answered by a {}", kind(item.kind)));
    }
    if was.required != item.required {
        what.push(if item.required { "must be answered" } else { "may be left out" }.into());
    }
    if was.cannot_say != item.cannot_say {
        what.push(if item.cannot_say { "takes “I cannot say”" } else { "takes “I cannot say” no more" }.into());
    }
    if (&was.low, &was.high) != (&item.low, &item.high) {
        what.push("has other words at the ends of its scale".into());
    }
    if was.options != item.options {
        what.push("has other choices".into());
    }
    let last = what.pop().unwrap_or_default();
    if what.is_empty() { last } else { format!("{} and {last}", what.join(", ")) }
}

/// "scale from 1 to 7".
pub fn kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Scale7 => "scale from 1 to 7",
        ItemKind::Scale10 => "scale from 0 to 10",
        ItemKind::Choice => "choice",
        ItemKind::Text => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::super::items::Group;
    use super::*;

    type Change = fn(&mut Questionnaire);

    fn words(text: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("en".to_string(), text.to_string()), ("de".to_string(), format!("{text} (de)"))])
    }

    fn item(id: &str) -> Item {
        Item {
            id: id.into(),
            kind: ItemKind::Scale7,
            required: true,
            cannot_say: false,
            text: words(&format!("Is {id} good?")),
            low: words("no"),
            high: words("yes"),
            options: Vec::new(),
        }
    }

    fn asked(pages: &[&[&str]]) -> Questionnaire {
        let page = |items: &&[&str]| Group { title: words("Page"), items: items.iter().map(|id| item(id)).collect() };
        Questionnaire { id: "r".into(), version: "1".into(), groups: pages.iter().map(page).collect() }
    }

    #[test]
    fn every_change_is_told_once_and_none_where_nothing_changes() {
        let before = asked(&[&["a", "b"], &["c"]]);
        let told = |change: fn(&mut Questionnaire)| {
            let mut after = asked(&[&["a", "b"], &["c"]]);
            change(&mut after);
            sentences(&before, &after, "en")
        };
        assert!(told(|_| {}).is_empty());
        let one: [(Change, &str); 9] = [
            (|q| q.groups[0].items[0].text = words("Really?"), "“Is a good?” reads “Really?”."),
            (
                |q| _ = q.groups[0].items[0].text.insert("de".into(), "Gut?".into()),
                "“Is a good?” reads differently in another language.",
            ),
            (|q| q.groups[0].items[1].required = false, "“Is b good?” may be left out."),
            (
                |q| (q.groups[1].items[0].kind, q.groups[1].items[0].cannot_say) = (ItemKind::Scale10, true),
                "“Is c good?” is answered by a scale from 0 to 10 and takes “I cannot say”.",
            ),
            (|q| q.groups[1].items.push(item("d")), "“Is d good?” is new."),
            (|q| _ = q.groups[0].items.remove(0), "“Is a good?” is not asked any more."),
            (|q| q.groups[0].items.swap(0, 1), "The questions come in another order, or on other pages."),
            (|q| q.groups[0].title = words("Trust"), "The titles of pages change."),
            (|q| q.version = "2".into(), "It is version 2 instead of 1."),
        ];
        for (change, sentence) in one {
            assert_eq!(told(change), [sentence]);
        }
        // A page that goes with its only question is no other order.
        assert_eq!(
            told(|q| _ = q.groups.pop()),
            ["“Is c good?” is not asked any more.", "The titles of pages change."]
        );
    }
}
