//! Holds a TOML file against a table of its keys and tells every difference with its line.
//!
//! Deserialising stops at the first error; people who write a round by hand want all of them. What passes here is handed to serde.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::faults::{Fault, nearest};

/// Tells what is wrong with a text: the rest of a sentence that begins with the key.
pub type Check = fn(&str) -> Result<(), String>;

#[derive(Clone, Copy)]
pub enum ValueShape {
    Text(Check),
    Whole(i64, i64),
    /// A number between 0 and 1.
    Share,
    YesNo,
    Date,
    Dates,
    Time,
    Table(&'static [SchemaKey]),
    Tables(&'static [SchemaKey]),
    /// Tables under names that are checked.
    Named(Check, &'static [SchemaKey]),
    /// Texts by language.
    Languages,
    /// A text, or texts by language.
    TextOrLanguages(Check),
    /// A list of texts.
    Texts(Check),
}

pub struct SchemaKey {
    pub name: &'static str,
    pub required: bool,
    pub shape: ValueShape,
    /// What to write, shown when it is missing or of a wrong kind.
    pub example: &'static str,
}

pub const fn must(name: &'static str, shape: ValueShape, example: &'static str) -> SchemaKey {
    SchemaKey { name, required: true, shape, example }
}

pub const fn may(name: &'static str, shape: ValueShape, example: &'static str) -> SchemaKey {
    SchemaKey { name, required: false, shape, example }
}

/// One file while it is checked.
pub struct TomlSheet<'t> {
    pub file: &'t str,
    text: &'t str,
    pub faults: Vec<Fault>,
}

impl<'t> TomlSheet<'t> {
    pub fn new(file: &'t str, text: &'t str) -> TomlSheet<'t> {
        TomlSheet { file, text, faults: Vec::new() }
    }

    pub fn line(&self, span: Range<usize>) -> u64 {
        let before = self.text.as_bytes().get(..span.start).unwrap_or(self.text.as_bytes());
        before.iter().filter(|b| **b == b'\n').count() as u64 + 1
    }

    pub fn fault(&mut self, span: Range<usize>, message: impl Into<String>) {
        let line = self.line(span);
        self.faults.push(Fault::new(self.file, Some(line), message));
    }

    /// The tables of the file; syntax errors become faults.
    pub fn parse(&mut self) -> Spanned<DeTable<'t>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let why = error.message().trim().replace('\n', ", ");
            self.fault(error.span().unwrap_or(0..0), format!("This is not TOML: {why}."));
        }
        table
    }

    /// The file as a value, once nothing is wrong with it. Dates may stand with or without quotation marks.
    pub fn value<T: DeserializeOwned>(&mut self) -> Option<T> {
        if !self.faults.is_empty() {
            return None;
        }
        let read = toml::from_str::<toml::Value>(self.text).and_then(|v| T::deserialize(quoted_dates(v)));
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                let line = error.span().map(|s| self.line(s));
                self.faults.push(Fault::new(self.file, line, format!("{}.", error.message().trim_end_matches('.'))));
                None
            }
        }
    }

    pub fn table(&mut self, table: &DeTable<'_>, at: Range<usize>, path: &str, keys: &'static [SchemaKey]) {
        for (name, value) in table {
            let place = join(path, name.get_ref());
            if let Some(key) = keys.iter().find(|k| k.name == name.get_ref().as_ref()) {
                self.value_of(key, value, &place);
            } else {
                let message = if let Some(meant) = nearest(name.get_ref(), keys.iter().map(|k| k.name)) {
                    format!("`{place}` is not a key that is known here. Write `{meant}`, or remove it.")
                } else {
                    let known: Vec<&str> = keys.iter().map(|k| k.name).collect();
                    format!("`{place}` is not a key that is known here. Remove it; the keys are {}.", known.join(", "))
                };
                self.fault(name.span(), message);
            }
        }
        for key in keys.iter().filter(|k| k.required && !table.iter().any(|(n, _)| n.get_ref() == k.name)) {
            let place = join(path, key.name);
            self.fault(at.clone(), format!("`{place}` is missing. Write {}.", key.example));
        }
    }

    fn value_of(&mut self, key: &'static SchemaKey, value: &Spanned<DeValue<'_>>, place: &str) {
        let span = value.span();
        let wrong = match (key.shape, value.get_ref()) {
            (ValueShape::Text(check) | ValueShape::TextOrLanguages(check), DeValue::String(text)) => check(text).err(),
            (ValueShape::Whole(low, high), DeValue::Integer(n)) => match n.as_str().replace('_', "").parse::<i64>() {
                Ok(n) if (low..=high).contains(&n) => None,
                _ => Some(format!("is {n}, which is not between {low} and {high}")),
            },
            (ValueShape::Share, DeValue::Float(_) | DeValue::Integer(_)) => {
                let text = self.text.get(span.clone()).unwrap_or("");
                match text.replace('_', "").parse::<f64>() {
                    Ok(share) if (0.0..=1.0).contains(&share) => None,
                    _ => Some(format!("is {text}, which is not a share between 0 and 1")),
                }
            }
            (ValueShape::YesNo, DeValue::Boolean(_)) => None,
            (ValueShape::Date, value) => date(value).err(),
            (ValueShape::Dates, DeValue::Array(days)) => days.iter().find_map(|d| date(d.get_ref()).err()),
            (ValueShape::Time, value) => time(value).err(),
            (ValueShape::Table(keys), DeValue::Table(table)) => return self.table(table, span, place, keys),
            (ValueShape::Tables(keys), DeValue::Array(tables)) => {
                for entry in tables {
                    match entry.get_ref() {
                        DeValue::Table(table) => self.table(table, entry.span(), place, keys),
                        _ => self
                            .fault(entry.span(), format!("`{place}` is not a list of tables. Write {}.", key.example)),
                    }
                }
                return;
            }
            (ValueShape::Named(check, keys), DeValue::Table(table)) => {
                for (name, value) in table {
                    let inner = join(place, name.get_ref());
                    if let Err(why) = check(name.get_ref()) {
                        self.fault(name.span(), format!("`{inner}` {why}."));
                    }
                    match value.get_ref() {
                        DeValue::Table(table) => self.table(table, value.span(), &inner, keys),
                        _ => self.fault(value.span(), format!("`{inner}` is not a table. Write {}.", key.example)),
                    }
                }
                return;
            }
            (ValueShape::Texts(check), DeValue::Array(texts)) => {
                texts.iter().find_map(|text| match text.get_ref().as_str() {
                    Some(text) => check(text).err(),
                    None => Some(format!("has in it {}, not a text", kind(text.get_ref()))),
                })
            }
            (ValueShape::Languages | ValueShape::TextOrLanguages(_), DeValue::Table(texts)) => {
                return self.languages(texts, place);
            }
            _ => Some(format!("is of the wrong kind: {}", kind(value.get_ref()))),
        };
        if let Some(why) = wrong {
            self.fault(span, format!("`{place}` {why}. Write {}.", key.example));
        }
    }

    fn languages(&mut self, texts: &DeTable<'_>, place: &str) {
        for (language, text) in texts {
            let inner = join(place, language.get_ref());
            if !crate::rules::contacts::row::whereabouts::places::is_language_code(language.get_ref()) {
                self.fault(
                    language.span(),
                    format!(
                        "`{inner}`: {} is not a language code. Write en, de or fr, for example.",
                        language.get_ref()
                    ),
                );
            }
            match text.get_ref().as_str() {
                None => self.fault(text.span(), format!("`{inner}` is not a text. Write it in quotation marks.")),
                Some(words) if words.trim().is_empty() => {
                    self.fault(text.span(), format!("`{inner}` is empty. Write the text, or remove the line."));
                }
                Some(words) if crate::rules::round::says_banned_word(words) => {
                    self.fault(text.span(), format!("`{inner}` says “survey”. Write “assessment”."));
                }
                Some(_) => {}
            }
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The day that a value says.
pub fn date(value: &DeValue<'_>) -> Result<chrono::NaiveDate, String> {
    let text = plain(value).ok_or_else(|| format!("is {}, not a date", kind(value)))?;
    chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d")
        .map_err(|_| format!("is {text}, which is not a day in the calendar"))
}

/// The time of day that a value says.
pub fn time(value: &DeValue<'_>) -> Result<chrono::NaiveTime, String> {
    let text = plain(value).ok_or_else(|| format!("is {}, not a time of day", kind(value)))?;
    chrono::NaiveTime::parse_from_str(&minutes(&text), "%H:%M")
        .map_err(|_| format!("is {text}, which is not a time of day"))
}

fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Datetime(at) => Some(at.to_string()),
        _ => None,
    }
}

/// TOML writes times with seconds.
fn minutes(text: &str) -> String {
    text.strip_suffix(":00").filter(|t| t.len() == 5).unwrap_or(text).to_owned()
}

fn quoted_dates(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Datetime(at) => toml::Value::String(minutes(&at.to_string())),
        toml::Value::Array(all) => toml::Value::Array(all.into_iter().map(quoted_dates).collect()),
        toml::Value::Table(all) => toml::Value::Table(all.into_iter().map(|(k, v)| (k, quoted_dates(v))).collect()),
        other => other,
    }
}
