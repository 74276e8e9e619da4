//! Single changes of a questionnaire: a question put in, taken out, moved by one. A page that has lost its last question is gone with it.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::folding::folded;

use super::items::{Group, Item, Questionnaire};

/// Where a new question goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The end of a page, counted from 0.
    Page(usize),
    /// A page of its own behind all others, with its title by language.
    NewPage(BTreeMap<String, String>),
}

fn at(questionnaire: &Questionnaire, id: &str) -> Option<(usize, usize)> {
    let of = |group: &Group| group.items.iter().position(|item| item.id == id);
    questionnaire.groups.iter().enumerate().find_map(|(page, group)| of(group).map(|place| (page, place)))
}

fn without_empty_pages(mut questionnaire: Questionnaire) -> Questionnaire {
    questionnaire.groups.retain(|group| !group.items.is_empty());
    questionnaire
}

/// With this item in the place of the one of its id; none where there is no such item.
pub fn with(questionnaire: &Questionnaire, item: Item) -> Option<Questionnaire> {
    let mut new = questionnaire.clone();
    let there = new.groups.iter_mut().flat_map(|group| &mut group.items).find(|there| there.id == item.id)?;
    *there = item;
    Some(new)
}

/// On which page a question stands, counted from 0.
pub fn page_of(questionnaire: &Questionnaire, id: &str) -> Option<usize> {
    at(questionnaire, id).map(|(page, _)| page)
}

/// With another title of a page.
pub fn with_title(mut questionnaire: Questionnaire, page: usize, title: BTreeMap<String, String>) -> Questionnaire {
    if let Some(group) = questionnaire.groups.get_mut(page) {
        group.title = title;
    }
    questionnaire
}

/// With one item more; none where there is no such page.
pub fn with_new(questionnaire: &Questionnaire, place: Place, item: Item) -> Option<Questionnaire> {
    let mut new = questionnaire.clone();
    match place {
        Place::Page(page) => new.groups.get_mut(page)?.items.push(item),
        Place::NewPage(title) => new.groups.push(Group { title, items: vec![item] }),
    }
    Some(new)
}

pub fn without(questionnaire: &Questionnaire, id: &str) -> Option<Questionnaire> {
    let (page, place) = at(questionnaire, id)?;
    let mut new = questionnaire.clone();
    new.groups.get_mut(page)?.items.remove(place);
    Some(without_empty_pages(new))
}

/// One place up or down; over the edge of its page it goes to the next one. None where it goes nowhere.
pub fn moved(questionnaire: &Questionnaire, id: &str, up: bool) -> Option<Questionnaire> {
    let (page, place) = at(questionnaire, id)?;
    let mut new = questionnaire.clone();
    let items = &mut new.groups.get_mut(page)?.items;
    let to = if up { place.checked_sub(1) } else { Some(place + 1).filter(|to| *to < items.len()) };
    if let Some(to) = to {
        items.swap(place, to);
        return Some(new);
    }
    let item = items.remove(place);
    let other = if up { page.checked_sub(1)? } else { page + 1 };
    let items = &mut new.groups.get_mut(other)?.items;
    items.insert(if up { items.len() } else { 0 }, item);
    Some(without_empty_pages(new))
}

/// Words in letters that names may have.
fn words_of(text: &str) -> Vec<String> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { ' ' };
    let plain: String = folded(text).chars().map(plain).collect();
    plain.split_whitespace().map(Into::into).collect()
}

fn short(words: &[String], otherwise: &str) -> String {
    let name: String = words.join("_").chars().take(40).collect();
    if name.is_empty() { otherwise.into() } else { name.trim_end_matches('_').into() }
}

fn free(name: String, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|n| format!("{name}_{n}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(name)
}

/// A name of its own for a new item, made of its words.
pub fn new_id(questionnaire: &Questionnaire, text: &str) -> String {
    let telling: Vec<String> = words_of(text).into_iter().filter(|word| word.len() > 2).take(4).collect();
    free(short(&telling, "question"), |id| at(questionnaire, id).is_some())
}

/// As what a new choice is handed over: all words of its label; where none can be written in plain letters, its number.
pub fn new_value(taken: &BTreeSet<String>, label: &str, number: usize) -> String {
    free(short(&words_of(label), &format!("choice_{number}")), |value| taken.contains(value))
}

/// Whether a choice can be handed over as this.
pub fn is_value(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (1..=60).contains(&text.len()) && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::super::items::ItemKind;
    use super::*;

    fn words(text: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("en".to_string(), text.to_string())])
    }

    fn item(id: &str) -> Item {
        Item {
            id: id.into(),
            kind: ItemKind::Text,
            required: false,
            cannot_say: false,
            text: words(id),
            low: BTreeMap::new(),
            high: BTreeMap::new(),
            options: Vec::new(),
        }
    }

    fn asked(pages: &[&[&str]]) -> Questionnaire {
        let page = |items: &&[&str]| Group { title: words("Page"), items: items.iter().map(|id| item(id)).collect() };
        Questionnaire { id: "r".into(), version: "1".into(), groups: pages.iter().map(page).collect() }
    }

    fn ids(questionnaire: &Questionnaire) -> Vec<Vec<&str>> {
        questionnaire.groups.iter().map(|g| g.items.iter().map(|item| item.id.as_str()).collect()).collect()
    }

    #[test]
    fn an_item_goes_up_and_down_through_all_pages_and_back_to_where_it_was() {
        let first = asked(&[&["a", "b"], &["c", "d"], &["e"]]);
        let mut now = first.clone();
        let mut steps = 0;
        while let Some(next) = moved(&now, "a", false) {
            assert_eq!(next.items().count(), 5, "nobody is lost");
            now = next;
            steps += 1;
        }
        assert_eq!(ids(&now), [vec!["b"], vec!["c", "d"], vec!["e", "a"]]);
        for _ in 0..steps {
            now = moved(&now, "a", true).unwrap();
        }
        assert_eq!(now, first);
        assert_eq!(moved(&first, "a", true), None);
        assert_eq!(moved(&first, "x", true), None);
        // The last of its page takes the page with it.
        assert_eq!(ids(&moved(&first, "e", true).unwrap()), [vec!["a", "b"], vec!["c", "d", "e"]]);
        assert_eq!(ids(&without(&first, "e").unwrap()), [vec!["a", "b"], vec!["c", "d"]]);
    }

    #[test]
    fn an_item_is_put_in_replaced_and_named_after_its_words() {
        let first = asked(&[&["a"], &["fair_price"]]);
        assert_eq!(ids(&with_new(&first, Place::Page(0), item("n")).unwrap()), [vec!["a", "n"], vec!["fair_price"]]);
        let page = with_new(&first, Place::NewPage(words("More")), item("n")).unwrap();
        assert_eq!((ids(&page)[2].as_slice(), &page.groups[2].title), (["n"].as_slice(), &words("More")));
        assert_eq!(with_new(&first, Place::Page(2), item("n")), None);
        let other = Item { required: true, ..item("a") };
        assert!(with(&first, other).unwrap().groups[0].items[0].required);
        assert_eq!(with(&first, item("x")), None);
        assert_eq!(new_id(&first, "Is it a fair price?"), "fair_price_2");
        assert_eq!(new_id(&first, "Würden Sie uns empfehlen?"), "wurden_sie_uns_empfehlen");
        assert_eq!(new_id(&first, "満足ですか"), "question");
    }
    #[test]
    fn a_choice_is_handed_over_as_all_its_words_or_its_number_and_no_two_as_the_same() {
        let named = |labels: &[&str]| {
            let mut taken = BTreeSet::from(["weekly".to_string()]);
            let mut all = Vec::new();
            for (row, label) in labels.iter().enumerate() {
                let value = new_value(&taken, label, row + 1);
                assert!(is_value(&value), "{label}: {value}");
                taken.insert(value.clone());
                all.push(value);
            }
            all.join(" ")
        };
        assert_eq!(named(&["Yes", "No", "No", "A", "B", "1", "2"]), "yes no no_2 a b 1 2");
        assert_eq!(named(&["Über 10 %", "weekly", "No, never again!"]), "uber_10 weekly_2 no_never_again");
        assert_eq!(named(&["満足", "Да", "<>", "満足"]), "choice_1 choice_2 choice_3 choice_4");
        assert!(!is_value("") && !is_value("Never") && !is_value("a b") && !is_value(&"x".repeat(61)));
        assert!(named(&["long ".repeat(30).as_str()]).len() <= 40);
    }
}
