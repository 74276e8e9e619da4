//! The settings of a round as fields that are called by the keys of `round.toml`, and what was typed into them, back.
//!
//! What the form does not show stays as it is. What is typed is held against the same rules as a folder (`intake::folder::typed`).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::base::sentence::capitalised;
use crate::intake::folder::typed::{self, Mistyped};
use crate::rules::round::RoundSpec;
use crate::web::console::plan::weekdays::{DAYS, Picked};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::views::form::{Control, Field, Mistake};

/// By key of `round.toml`, what is wrong with what was typed.
pub type Wrong = Vec<Mistyped>;

/// Keys whose values are numbers.
const NUMBERS: [&str; 4] = ["minutes", "client_revenue", "signoff.chase_every_working_days", "signoff.maximum_chases"];
/// Keys that may be left out, and then have their usual value.
const OPTIONAL: [&str; 4] = ["minutes", "client_revenue", "signoff.chase_every_working_days", "signoff.maximum_chases"];
/// Where the rows of country managers stand: a code, a name, an address and a title each.
pub const COUNTRY: &str = "country";
/// More countries than these are written in a folder.
pub const MOST_COUNTRIES: usize = 30;
/// When account managers hear who has not answered, as it is picked.
pub const DIGEST_DAY: &str = "digest-day";
pub const DIGEST_AT: &str = "digest-at";
pub const DIGEST: &str = "digest.cron";
const CHANGED: &str = "changed_since_last_year";

/// What stands in the form: the texts of fields by their names.
#[derive(Clone, Default)]
pub struct Typed(pub BTreeMap<String, String>);

impl Typed {
    pub fn of(spec: &RoundSpec, languages: &[String]) -> Typed {
        let mut texts = BTreeMap::new();
        flatten("", &serde_json::to_value(spec).unwrap_or_default(), &mut texts);
        texts.retain(|key, _| !key.starts_with("senders.country.") && !key.starts_with(CHANGED));
        for language in languages {
            let text = spec.changed_since_last_year.of(language, &spec.language);
            texts.insert(changed(language), text.into());
        }
        for (at, (code, sender)) in spec.senders.country.iter().enumerate() {
            let values = [
                ("code", code.as_str()),
                ("name", &sender.name),
                ("email", sender.email.as_str()),
                ("title", &sender.title),
            ];
            texts.extend(values.map(|(part, value)| (country(at + 1, part), value.to_string())));
        }
        if let Some(picked) =
            Picked::of(&spec.digest.cron).filter(|picked| picked.days.len() == 1 && picked.month.is_none())
        {
            texts.insert(DIGEST_DAY.into(), picked.days.concat());
            texts.insert(DIGEST_AT.into(), picked.at.format("%H:%M").to_string());
        }
        Typed(texts)
    }

    /// What was sent, over what stood there.
    pub fn sent(mut self, fields: &Fields) -> Typed {
        for (name, value) in fields.all() {
            self.0.insert(name.to_string(), value.trim().to_string());
        }
        self
    }

    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub fn countries(&self) -> usize {
        (1..=MOST_COUNTRIES)
            .filter(|n| !self.get(&country(*n, "code")).is_empty() || !self.get(&country(*n, "email")).is_empty())
            .max()
            .unwrap_or(0)
    }

    /// The settings with what was typed under these names.
    pub fn read(&self, spec: &RoundSpec, keys: &[String]) -> Result<RoundSpec, Wrong> {
        let mut value = serde_json::to_value(spec).unwrap_or_default();
        for key in keys {
            put(&mut value, key, self.get(key));
        }
        if keys.iter().any(|key| key.starts_with(CHANGED)) {
            let texts =
                keys.iter().filter_map(|key| Some((key.strip_prefix(CHANGED)?.strip_prefix('.')?, self.get(key))));
            let texts: Map<String, Value> =
                texts.filter(|(_, text)| !text.is_empty()).map(|(l, t)| (l.into(), t.into())).collect();
            set(&mut value, CHANGED, if texts.is_empty() { Value::Null } else { Value::Object(texts) });
        }
        if keys.iter().any(|key| key.starts_with(COUNTRY)) {
            set(&mut value, "senders.country", Value::Object(self.read_countries()));
        }
        let mut wrong = Wrong::new();
        if keys.iter().any(|key| key == DIGEST_DAY) {
            match self.digest() {
                Ok(cron) => set(&mut value, DIGEST, cron.into()),
                Err(mistyped) => wrong.push(mistyped),
            }
        }
        match typed::settings(&without_nothing(value)) {
            Ok(spec) if wrong.is_empty() => Ok(spec),
            read => {
                let more = read.err().unwrap_or_default();
                wrong.extend(more.into_iter().map(|mistyped| self.at_its_row(mistyped)));
                Err(wrong)
            }
        }
    }

    fn read_countries(&self) -> Map<String, Value> {
        let filled = (1..=self.countries())
            .filter(|n| ["code", "name", "email", "title"].iter().any(|part| !self.get(&country(*n, part)).is_empty()));
        let sender = |n: usize| {
            let parts =
                ["name", "email", "title"].map(|part| (part.to_string(), Value::from(self.get(&country(n, part)))));
            (self.get(&country(n, "code")).to_uppercase(), Value::Object(parts.into_iter().collect()))
        };
        filled.map(sender).collect()
    }

    fn digest(&self) -> Result<String, Mistyped> {
        let day = DAYS.iter().map(|(day, _)| *day).find(|day| *day == self.get(DIGEST_DAY));
        let at = chrono::NaiveTime::parse_from_str(self.get(DIGEST_AT), "%H:%M").ok();
        let wrong = |key: &str, message: &str| Mistyped { key: key.into(), message: message.into() };
        let day = day.ok_or_else(|| wrong(DIGEST_DAY, "Choose a weekday."))?;
        let at = at.ok_or_else(|| wrong(DIGEST_AT, "Write a time of day such as 08:00."))?;
        Ok(Picked { days: vec![day], at, month: None }.cron())
    }

    /// What is wrong with a country's manager is said in the row of that country.
    fn at_its_row(&self, wrong: Mistyped) -> Mistyped {
        let Some(rest) = wrong.key.strip_prefix("senders.country.") else { return wrong };
        let (code, part) = rest.split_once('.').unwrap_or((rest, "code"));
        let row = (1..=MOST_COUNTRIES).find(|n| self.get(&country(*n, "code")).to_uppercase() == code);
        Mistyped { key: country(row.unwrap_or(1), part), message: wrong.message }
    }
}

pub fn changed(language: &str) -> String {
    format!("{CHANGED}.{language}")
}

pub fn country(number: usize, part: &str) -> String {
    format!("{COUNTRY}-{number}-{part}")
}

fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                flatten(&if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, value, into);
            }
        }
        Value::String(text) => _ = into.insert(path.into(), text.clone()),
        Value::Number(number) => _ = into.insert(path.into(), number.to_string()),
        _ => {}
    }
}

/// What was typed, under its key; nothing is nothing where a key may be left out.
fn put(value: &mut Value, key: &str, text: &str) {
    if key.starts_with(CHANGED) || key.starts_with(COUNTRY) || [DIGEST_DAY, DIGEST_AT].contains(&key) {
        return;
    }
    let number = text.parse::<i64>().ok().filter(|_| NUMBERS.contains(&key));
    let said = match number {
        Some(number) => Value::from(number),
        None if text.is_empty() && OPTIONAL.contains(&key) => Value::Null,
        None => Value::from(text),
    };
    set(value, key, said);
}

fn set(value: &mut Value, key: &str, said: Value) {
    let mut at = value;
    for part in key.split('.') {
        let Value::Object(map) = at else { return };
        at = map.entry(part).or_insert_with(|| Value::Object(Map::new()));
    }
    *at = said;
}

/// TOML has no word for nothing: what is not there is not said.
fn without_nothing(value: Value) -> Value {
    match value {
        Value::Object(all) => {
            let said = all.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(said.map(|(key, value)| (key, without_nothing(value))).collect())
        }
        other => other,
    }
}

/// A field of this key, with what is wrong with it.
pub fn field(typed: &Typed, wrong: &Wrong, key: impl Into<String>, label: &str, hint: &str, control: Control) -> Field {
    let key = key.into();
    let value = typed.get(&key).to_string();
    let error = wrong.iter().find(|w| w.key == key).map(|w| said(&w.message, &key, label, &value));
    Field::text(key, label, value).hint(hint).control(control).error(error)
}

/// A sentence of the folder's rules, with the label of the field in the place of its key.
fn said(message: &str, key: &str, label: &str, value: &str) -> String {
    if let Some((_, wanted)) = message.split_once(". Write ").filter(|_| value.is_empty()) {
        return format!("“{label}” is empty. Write {wanted}");
    }
    capitalised(&message.replace(&format!("`{key}`"), &format!("“{label}”")))
}

/// What was typed wrong, for the head of the form; what belongs to no field leads to the form as a whole.
pub fn mistakes(id: &str, wrong: &Wrong, fields: &[&Field]) -> Vec<Mistake> {
    let mistake = |w: &Mistyped| match fields.iter().find(|field| *field.name == *w.key) {
        Some(field) => Mistake {
            field: format!("{id}-{}", field.name),
            message: said(&w.message, &w.key, &field.label, &field.value),
        },
        None => Mistake { field: "main".into(), message: capitalised(&w.message) },
    };
    wrong.iter().map(mistake).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> RoundSpec {
        crate::intake::demo::template().unwrap().spec
    }

    /// Those of the form: the schedule has a page of its own, and the list is told by weekday.
    fn keys(typed: &Typed) -> Vec<String> {
        typed.0.keys().filter(|key| !key.starts_with("schedule.") && *key != DIGEST).cloned().collect()
    }

    const LANGUAGES: [&str; 3] = ["de", "en", "fr"];

    fn typed(spec: &RoundSpec) -> Typed {
        Typed::of(spec, &LANGUAGES.map(String::from))
    }

    #[test]
    fn what_is_not_touched_stays_as_it_is() {
        let spec = demo();
        let typed = typed(&spec);
        let all = keys(&typed);
        assert_eq!(typed.read(&spec, &all).unwrap(), spec);
        assert!(
            all.iter().any(|key| key == "country-2-email") && all.iter().any(|key| key == "signoff.maximum_chases")
        );
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_its_field() {
        let spec = demo();
        let mut typed = typed(&spec);
        for (key, value) in [
            ("client", ""),
            ("minutes", "many"),
            ("accent", "blue"),
            ("country-1-code", "Germany"),
            ("country-2-email", "etienne@"),
            ("senders.team.email", "x"),
            (DIGEST_AT, "25:00"),
        ] {
            typed.0.insert(key.into(), value.into());
        }
        let wrong = typed.read(&spec, &keys(&typed)).unwrap_err();
        let mut said: Vec<&str> = wrong.iter().map(|wrong| wrong.key.as_str()).collect();
        said.sort_unstable();
        assert_eq!(
            said,
            ["accent", "client", "country-1-code", "country-2-email", "digest-at", "minutes", "senders.team.email"]
        );
        let shown = field(&typed, &wrong, "client", "Client", "", Control::Text);
        assert!(shown.error.as_ref().is_some_and(|error| error.starts_with("“Client” is empty. Write ")), "{shown:?}");
    }

    #[test]
    fn a_country_is_added_and_taken_out_and_last_year_is_told_by_language() {
        let spec = demo();
        let mut typed = typed(&spec);
        for part in ["code", "name", "email", "title"] {
            typed.0.insert(country(1, part), String::new());
        }
        let new = [("code", "it"), ("name", "Anna Rossi"), ("email", "anna@client.example"), ("title", "")];
        new.iter().for_each(|(part, value)| _ = typed.0.insert(country(3, part), (*value).into()));
        typed.0.insert(changed("en"), "five days".into());
        typed.0.insert(changed("de"), String::new());
        let read = typed.read(&spec, &keys(&typed)).unwrap();
        assert_eq!(read.senders.country.keys().collect::<Vec<_>>(), ["FR", "IT"]);
        let last_year = &read.changed_since_last_year;
        assert_eq!((last_year.of("en", "en"), last_year.of("de", "en")), ("five days", ""));
    }
}
