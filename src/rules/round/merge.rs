//! A folder that is loaded again into a round that people have edited: whose a difference is, told from what the folder said at its last
//! load.
//!
//! What the folder says as it said it last asks for nothing, so what people have put there stays. What it says anew is taken, unless people
//! have changed the same thing to something else: then nobody is right by himself, and a person decides.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// A folder and a round as one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    pub value: Value,
    /// What people have changed and the folder has not, by path: "spec.targets", "words.en.reminder".
    pub kept: Vec<String>,
    /// What both have changed, each to something else. In `value` it is the folder's.
    pub both: Vec<String>,
}

/// `last`: the folder at its last load; `folder`: now; `here`: the round as it is.
pub fn merge(last: &Value, folder: &Value, here: &Value) -> Merged {
    let mut merged = Merged::default();
    merged.value = part(String::new(), last, folder, here, &mut merged.kept, &mut merged.both);
    merged
}

/// The value at a path of [`Merged`]; null where there is none.
pub fn at_path<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').fold(value, |value, key| value.get(key).unwrap_or(&Value::Null))
}

fn part(
    path: String,
    last: &Value,
    folder: &Value,
    here: &Value,
    kept: &mut Vec<String>,
    both: &mut Vec<String>,
) -> Value {
    if folder == here {
        return here.clone();
    }
    if let (Some(ours), Some(theirs)) = (fields(folder), fields(here)) {
        let none = Map::new();
        let before = fields(last).unwrap_or(&none);
        let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).chain(before.keys()).collect();
        let of = |map: &'_ Map<String, Value>, key: &str| map.get(key).cloned().unwrap_or(Value::Null);
        let fields = keys.into_iter().filter_map(|key| {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            let value = part(path, &of(before, key), &of(ours, key), &of(theirs, key), kept, both);
            (!value.is_null()).then(|| (key.clone(), value))
        });
        return Value::Object(fields.collect());
    }
    if folder == last {
        kept.push(path);
        return here.clone();
    }
    if here != last {
        both.push(path);
    }
    folder.clone()
}

/// The parts of a value that may come from two sides. A letter, a sender, a list and the questionnaire come from one.
fn fields(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object().filter(|map| !["subject", "email", "group"].iter().any(|key| map.contains_key(*key)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_side_has_what_only_it_has_changed() {
        let last = json!({"minutes": 5, "schedule": {"opens": 1, "closes": 9, "gap": 2}, "targets": [1, 2]});
        let folder = json!({"minutes": 6, "schedule": {"opens": 1, "closes": 9}, "targets": [1, 2]});
        let here = json!({"minutes": 5, "schedule": {"opens": 1, "closes": 12, "gap": 2}, "targets": [1, 3]});
        let merged = merge(&last, &folder, &here);
        assert_eq!(merged.value, json!({"minutes": 6, "schedule": {"opens": 1, "closes": 12}, "targets": [1, 3]}));
        assert_eq!(merged.kept, ["schedule.closes", "targets"]);
        assert!(merged.both.is_empty());
        assert_eq!(at_path(&here, "schedule.closes"), &json!(12));
        assert!(at_path(&here, "schedule.nothing.there").is_null());
    }

    #[test]
    fn what_both_have_changed_is_named_and_the_folders() {
        let letter = |body: &str| json!({"subject": "s", "body": body});
        let last = json!({"en": {"a": letter("1"), "b": letter("1")}});
        let folder = json!({"en": {"a": letter("2"), "b": letter("2"), "c": letter("1")}});
        let here = json!({"en": {"a": letter("3"), "b": letter("2"), "c": letter("4")}});
        let merged = merge(&last, &folder, &here);
        assert_eq!((merged.both, merged.kept), (vec!["en.a".to_string(), "en.c".into()], vec![]));
        assert_eq!(merged.value, folder, "the same change on both sides is no quarrel");
    }

    #[test]
    fn what_one_side_took_away_is_away() {
        let last = json!({"a": 1, "b": 1, "c": 1});
        let merged = merge(&last, &json!({"a": 1, "b": 2}), &json!({"b": 1, "c": 1}));
        assert_eq!((merged.value, merged.kept), (json!({"b": 2}), vec!["a".to_string()]));
        assert!(merged.both.is_empty());
        assert_eq!(merge(&last, &json!({"a": 1, "b": 1}), &json!({"a": 1, "b": 1, "c": 2})).both, ["c"]);
    }

    #[test]
    fn a_folder_that_says_what_it_said_changes_nothing() {
        let last = json!({"spec": {"minutes": 5}, "words": {"en": {"a": {"subject": "x", "body": "y"}}}});
        let here = json!({"spec": {"minutes": 7}, "words": {"de": {}}});
        assert_eq!(merge(&last, &last, &here).value, here);
        assert_eq!(merge(&last, &here, &last).value, here, "nobody but the folder has changed anything");
    }
}
