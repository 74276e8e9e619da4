//! What is asked: pages of items, each with its kind of answer and its words by language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
    /// A required scale or choice takes "I cannot say" for an answer, kept and handed over as `null`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cannot_say: bool,
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
