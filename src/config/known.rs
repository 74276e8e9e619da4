//! Which settings there are, with their defaults, and where a value came from: what file and environment are read against.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use toml::{Table, Value};

use crate::base::problem::Problem;

/// The commented default, for `soundings` to print and for people to copy.
pub const DEFAULT: &str = include_str!("../../config/soundings.toml");

/// Where a value came from. Its `Display` stands after "The setting smtp.host, ".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    File { path: PathBuf, line: usize },
    Variable(String),
    SecretFile { variable: String, path: PathBuf },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File { path, line } => write!(f, "{} line {line}", path.display()),
            Origin::Variable(name) => write!(f, "environment variable {name}"),
            Origin::SecretFile { variable, path } => write!(f, "file {} named by {variable}", path.display()),
        }
    }
}

/// By key (`smtp.host`); a key that is missing has its default.
pub type Origins = BTreeMap<String, Origin>;

/// One value that differs from the default.
pub struct Override {
    pub key: String,
    pub value: Value,
    pub origin: Origin,
}

/// The keys that exist, with their defaults; everything that is read is held against it.
pub struct KnownKeys(pub BTreeMap<String, Value>);

impl KnownKeys {
    pub fn new() -> Result<KnownKeys, Problem> {
        let mut keys = BTreeMap::new();
        for (name, value) in defaults()? {
            match value {
                Value::Table(section) => {
                    keys.extend(section.into_iter().map(|(key, value)| (format!("{name}.{key}"), value)));
                }
                value => {
                    keys.insert(name, value);
                }
            }
        }
        Ok(KnownKeys(keys))
    }

    /// The value if its type is that of the default, else what is wrong. The value itself is never repeated: it may be a secret.
    pub fn fitting(&self, key: &str, value: Value) -> Result<Value, &'static str> {
        match (self.0.get(key), value) {
            (Some(Value::Float(_)), Value::Integer(whole)) => Ok(Value::Float(whole as f64)),
            (Some(default), value) if default.same_type(&value) => Ok(value),
            (Some(Value::String(_)), _) => Err("must be a text in quotes"),
            (Some(Value::Integer(_)), _) => Err("must be a whole number without quotes"),
            (Some(Value::Float(_)), _) => Err("must be a number without quotes"),
            (Some(Value::Boolean(_)), _) => Err("must be true or false, without quotes"),
            (Some(_), _) => Err("has a type that it cannot have"),
            (None, _) => Err("is not a setting"),
        }
    }

    /// What to do about a key that was refused: the nearest known one when it is unknown.
    pub fn suggestion_for(&self, key: &str) -> String {
        if self.0.contains_key(key) {
            return "Correct the line.".into();
        }
        // The right name in the wrong section counts as one mistake.
        let far = |known: &str| distance(known, key).min(1 + distance(last(known), last(key)));
        nearest(self.0.keys().map(|known| (far(known), known.clone())), key)
    }

    pub fn section_suggestion(&self, section: &str) -> String {
        let sections = self.0.keys().filter_map(|known| known.split_once('.')).map(|(known, _)| known);
        nearest(sections.map(|known| (distance(known, section), format!("[{known}]"))), section)
    }
}

fn nearest(candidates: impl Iterator<Item = (usize, String)>, written: &str) -> String {
    match candidates.min() {
        Some((far, known)) if far <= 1 + written.len() / 3 => format!("Did you mean {known}?"),
        _ => "`soundings check-config` lists all settings.".into(),
    }
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

pub fn defaults() -> Result<Table, Problem> {
    DEFAULT.parse::<Table>().map_err(|e| built_in(e.message()))
}

pub fn built_in(why: &str) -> Problem {
    Problem::internal(format!("The built-in settings cannot be used: {why}."))
}

/// Levenshtein: how many letters to change, add or drop.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (j, to) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX - 1);
            let here = (diagonal + usize::from(from != *to)).min(above + 1).min(left + 1);
            diagonal = above;
            if let Some(cell) = row.get_mut(j) {
                *cell = left;
            }
            left = here;
        }
        if let Some(cell) = row.last_mut() {
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (a, b, far) in [
            ("", "", 0),
            ("a", "", 1),
            ("", "ab", 2),
            ("kitten", "sitting", 3),
            ("prot", "port", 2),
            ("same", "same", 0),
        ] {
            assert_eq!(distance(a, b), far, "{a} {b}");
        }
    }
}
