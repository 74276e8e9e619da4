//! What may change in a questionnaire while its round is being answered.
//!
//! An answer means what was asked: of an item that somebody has answered the wording may be corrected, and whether it must be answered; its
//! kind, the words at the ends of its scale and its choices stay, and so does the item. What nobody has answered may change and go, and
//! items may be added.

use std::collections::BTreeMap;

use super::items::{Choice, Item, Questionnaire};

/// How many have answered, by item.
pub type Answered = BTreeMap<String, i64>;

/// Why the new questionnaire cannot take the place of the old one, a sentence for each item; empty when it can.
pub fn refusals(old: &Questionnaire, new: &Questionnaire, answered: &Answered) -> Vec<String> {
    let most = answered.values().copied().max().unwrap_or(0);
    let mut refused = Vec::new();
    if old.id != new.id && most > 0 {
        refused.push(format!(
            "The questionnaire cannot be called \u{201c}{}\u{201d} instead of \u{201c}{}\u{201d}: {} in this round.",
            new.id,
            old.id,
            people(most, "it was answered by")
        ));
    }
    for item in old.items() {
        let Some(n) = answered.get(&item.id).copied().filter(|n| *n > 0) else { continue };
        let broken = match new.items().find(|i| i.id == item.id) {
            None => Some("cannot be taken out"),
            Some(now) => changed(item, now),
        };
        refused.extend(broken.map(|what| {
            format!("The item \u{201c}{}\u{201d} {what}: {} in this round.", item.id, people(n, "it was answered by"))
        }));
    }
    refused
}

fn people(n: i64, before: &str) -> String {
    if n == 1 { format!("{before} 1 contact") } else { format!("{before} {n} contacts") }
}

/// What gives another meaning to an answer.
fn changed(old: &Item, new: &Item) -> Option<&'static str> {
    if old.kind != new.kind {
        Some("cannot change its kind of answer")
    } else if !goes_on(&old.low, &new.low) || !goes_on(&old.high, &new.high) {
        Some("cannot change the ends of its scale")
    } else if !same_choices(&old.options, &new.options) {
        Some("cannot change its choices")
    } else {
        None
    }
}

/// Words that somebody has read stay; another language may come.
fn goes_on(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> bool {
    old.iter().all(|(language, text)| new.get(language).is_some_and(|now| now.trim() == text.trim()))
        && (new.is_empty() || !old.is_empty())
}

fn same_choices(old: &[Choice], new: &[Choice]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(o, n)| o.value == n.value && goes_on(&o.label, &n.label))
}

#[cfg(test)]
mod tests {
    use super::super::items::{Group, ItemKind};
    use super::*;

    fn words(text: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("en".to_string(), text.to_string())])
    }

    fn item(id: &str, kind: ItemKind) -> Item {
        let choice = |value: &str| Choice { value: value.into(), label: words(value) };
        Item {
            id: id.into(),
            kind,
            required: true,
            cannot_say: false,
            text: words("How is it?"),
            low: words("not at all"),
            high: words("fully"),
            options: if kind == ItemKind::Choice { vec![choice("yes"), choice("no")] } else { Vec::new() },
        }
    }

    fn questionnaire(items: Vec<Item>) -> Questionnaire {
        Questionnaire { id: "core".into(), version: "1".into(), groups: vec![Group { title: words("Trust"), items }] }
    }

    fn old() -> Questionnaire {
        questionnaire(vec![
            item("trust", ItemKind::Scale7),
            item("again", ItemKind::Choice),
            item("words", ItemKind::Text),
            item("unasked", ItemKind::Scale7),
        ])
    }

    fn refused(change: impl FnOnce(&mut Questionnaire)) -> Vec<String> {
        let mut new = old();
        change(&mut new);
        let answered = BTreeMap::from([("trust".to_string(), 3), ("again".to_string(), 1), ("words".to_string(), 2)]);
        refusals(&old(), &new, &answered)
    }

    fn at(q: &mut Questionnaire, n: usize) -> &mut Item {
        &mut q.groups[0].items[n]
    }

    #[test]
    fn what_was_answered_keeps_its_meaning() {
        let one = |change: fn(&mut Questionnaire), says: &str| {
            let all = refused(change);
            assert_eq!(all.len(), 1, "{all:?}");
            assert_eq!(all[0], says);
        };
        let kind = "The item \u{201c}trust\u{201d} cannot change its kind of answer: it was answered by 3 contacts in this round.";
        one(|q| at(q, 0).kind = ItemKind::Scale10, kind);
        one(|q| at(q, 0).kind = ItemKind::Text, kind);
        let ends = "The item \u{201c}trust\u{201d} cannot change the ends of its scale: it was answered by 3 contacts in this round.";
        one(|q| at(q, 0).low = words("fully"), ends);
        one(|q| at(q, 0).high = BTreeMap::new(), ends);
        let choices =
            "The item \u{201c}again\u{201d} cannot change its choices: it was answered by 1 contact in this round.";
        one(|q| _ = at(q, 1).options.pop(), choices);
        one(|q| at(q, 1).options[0].value = "perhaps".into(), choices);
        one(|q| at(q, 1).options[1].label = words("Yes, surely"), choices);
        one(|q| at(q, 1).options.reverse(), choices);
        let out = "The item \u{201c}words\u{201d} cannot be taken out: it was answered by 2 contacts in this round.";
        one(|q| _ = q.groups[0].items.remove(2), out);
        one(|q| at(q, 2).id = "wishes".into(), out);
        one(
            |q| q.id = "other".into(),
            "The questionnaire cannot be called \u{201c}other\u{201d} instead of \u{201c}core\u{201d}: it was answered by 3 contacts in this round.",
        );
        assert_eq!(refused(|q| q.groups.clear()).len(), 3);
    }

    #[test]
    fn what_changes_no_answer_may_change() {
        let free: [fn(&mut Questionnaire); 8] = [
            |q| q.version = "2".into(),
            |q| at(q, 0).text = words("How is it, really?"),
            |q| at(q, 0).required = false,
            |q| _ = at(q, 0).low.insert("de".into(), "gar nicht".into()),
            |q| _ = at(q, 1).options[0].label.insert("de".into(), "ja".into()),
            |q| at(q, 3).kind = ItemKind::Choice,
            |q| _ = q.groups[0].items.remove(3),
            |q| {
                let moved = q.groups[0].items.remove(0);
                q.groups.push(Group { title: words("Later"), items: vec![item("new", ItemKind::Text), moved] });
            },
        ];
        for (n, change) in free.into_iter().enumerate() {
            assert!(refused(change).is_empty(), "{n}");
        }
        let mut other = old();
        other.groups.clear();
        other.id = "other".into();
        assert!(refusals(&old(), &other, &BTreeMap::new()).is_empty());
    }
}
