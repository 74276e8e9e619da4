//! The questionnaire and whether an answer is acceptable.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub mod revision;

/// Contents of `questionnaire.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    pub id: String,
    pub version: String,
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
}

/// One page of the assessment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// By language.
    pub title: BTreeMap<String, String>,
    #[serde(rename = "item")]
    pub items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub id: String,
    pub kind: ItemKind,
    #[serde(default)]
    pub required: bool,
    /// The question, by language.
    pub text: BTreeMap<String, String>,
    /// What the lowest and the highest value mean, by language; scales only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub low: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub high: BTreeMap<String, String>,
    /// For `choice`: the values with their labels by language.
    #[serde(default, rename = "option", skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// 1 to 7.
    #[serde(rename = "scale_1_7")]
    Scale7,
    /// 0 to 10: "would you recommend".
    #[serde(rename = "scale_0_10")]
    Scale10,
    Choice,
    Text,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub label: BTreeMap<String, String>,
}

/// Longest free text that is taken, in characters.
pub const LONGEST_TEXT: usize = 4_000;

/// Answers by item id, as they are stored and handed over.
pub type Answers = BTreeMap<String, serde_json::Value>;

impl ItemKind {
    /// First and last value of a scale.
    pub fn scale(self) -> Option<(i64, i64)> {
        match self {
            ItemKind::Scale7 => Some((1, 7)),
            ItemKind::Scale10 => Some((0, 10)),
            ItemKind::Choice | ItemKind::Text => None,
        }
    }
}

impl Questionnaire {
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.groups.iter().flat_map(|g| &g.items)
    }
}

/// The text in this language, else in the round's, else any.
pub fn in_language<'a>(texts: &'a BTreeMap<String, String>, language: &str, fallback: &str) -> &'a str {
    texts.get(language).or_else(|| texts.get(fallback)).or_else(|| texts.values().next()).map_or("", String::as_str)
}

/// What a form field said about an item: a value to keep, nothing, or a sentence that says what to write instead.
pub fn read_answer(item: &Item, text: &str) -> Result<Option<serde_json::Value>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match item.kind {
        ItemKind::Scale7 | ItemKind::Scale10 => {
            let (low, high) = item.kind.scale().unwrap_or((0, 0));
            match text.parse::<i64>() {
                Ok(n) if (low..=high).contains(&n) => Ok(Some(n.into())),
                _ => Err(format!("Choose a number from {low} to {high}.")),
            }
        }
        ItemKind::Choice => match item.options.iter().find(|o| o.value == text) {
            Some(option) => Ok(Some(option.value.clone().into())),
            None => Err("Choose one of the answers shown.".into()),
        },
        ItemKind::Text if text.chars().count() > LONGEST_TEXT => {
            Err(format!("Shorten this to {LONGEST_TEXT} characters; it has {}.", text.chars().count()))
        }
        ItemKind::Text => Ok(Some(text.replace("\r\n", "\n").into())),
    }
}

/// The required items that have no answer yet, in order.
pub fn unanswered<'q>(questionnaire: &'q Questionnaire, answers: &Answers) -> Vec<&'q Item> {
    questionnaire.items().filter(|i| i.required && !answers.contains_key(&i.id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(kind: ItemKind) -> Item {
        let yes = Choice { value: "yes".into(), label: BTreeMap::new() };
        Item {
            id: "q".into(),
            kind,
            required: true,
            text: BTreeMap::new(),
            low: BTreeMap::new(),
            high: BTreeMap::new(),
            options: vec![yes],
        }
    }

    #[test]
    fn scales_take_their_own_numbers_only() {
        assert_eq!(read_answer(&item(ItemKind::Scale7), "7"), Ok(Some(7.into())));
        assert!(read_answer(&item(ItemKind::Scale7), "0").is_err());
        assert_eq!(read_answer(&item(ItemKind::Scale10), "0"), Ok(Some(0.into())));
        assert!(read_answer(&item(ItemKind::Scale10), "11").is_err());
        assert_eq!(read_answer(&item(ItemKind::Choice), "yes"), Ok(Some("yes".into())));
        assert!(read_answer(&item(ItemKind::Choice), "no").is_err());
        assert!(read_answer(&item(ItemKind::Text), &"x".repeat(LONGEST_TEXT + 1)).is_err());
    }
}
