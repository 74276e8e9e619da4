//! Settings as a form has them: texts by key; and back, by the rules by which `round.toml` is read.
//!
//! What the form does not have stays as it is.

use toml::{Table, Value};

use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::RoundSpec;

use super::faults::Fault;
use super::spec::is_whole;

/// One setting as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedSetting {
    /// Its keys from the outside: "senders", "team", "name".
    pub key: Vec<String>,
    pub text: String,
    /// Left empty it has its usual value.
    pub optional: bool,
}

impl TypedSetting {
    /// "senders.team.name", as faults name it.
    pub fn path(&self) -> String {
        self.key.join(".")
    }
}

/// Tables that a form has whole: what it does not name in them is not there any more.
const WHOLE: [&[&str]; 3] = [&["changed_since_last_year"], &["senders", "country"], &["sponsor"]];

/// What stands under a key, as text; empty where nothing does.
pub fn text_at(spec: &RoundSpec, key: &[&str]) -> String {
    let table = Table::try_from(spec).unwrap_or_default();
    let value = key
        .split_first()
        .and_then(|(first, rest)| rest.iter().try_fold(table.get(*first)?, |value, key| value.get(*key)));
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Integer(n)) => n.to_string(),
        _ => String::new(),
    }
}

/// The settings with what was typed, or every fault of them.
pub fn read(spec: &RoundSpec, typed: &[TypedSetting]) -> Result<RoundSpec, Vec<Fault>> {
    let unwritable = |e: &dyn std::fmt::Display| vec![Fault::new(super::ROUND, None, format!("{e}."))];
    let mut table = Table::try_from(spec).map_err(|e| unwritable(&e))?;
    for key in WHOLE {
        remove(&mut table, key);
    }
    for setting in typed {
        let key: Vec<&str> = setting.key.iter().map(String::as_str).collect();
        let text = setting.text.trim();
        if text.is_empty() && setting.optional {
            remove(&mut table, &key);
        } else {
            let number = text.parse().ok().filter(|_| is_whole(&key)).map(Value::Integer);
            put(&mut table, &key, number.unwrap_or_else(|| Value::String(text.into())));
        }
    }
    let mut read = super::settings(&toml::to_string(&table).map_err(|e| unwritable(&e))?)?;
    // One text without a language is the own language's: the same, written otherwise.
    let texts = |spec: &RoundSpec| {
        let all = spec.changed_since_last_year.texts(&spec.language);
        all.map(|(language, text)| (language.to_owned(), text.to_owned())).collect::<Vec<_>>()
    };
    if texts(&read) == texts(spec) {
        read.changed_since_last_year = spec.changed_since_last_year.clone();
    }
    Ok(read)
}

/// `questionnaire.toml` of these questions.
pub fn questions_as_text(questionnaire: &Questionnaire) -> String {
    toml::to_string(questionnaire).unwrap_or_default()
}

fn put(table: &mut Table, key: &[&str], value: Value) {
    match key {
        [] => {}
        [last] => _ = table.insert((*last).into(), value),
        [first, rest @ ..] => {
            let inner = table.entry(*first).or_insert_with(|| Value::Table(Table::new()));
            if !inner.is_table() {
                *inner = Value::Table(Table::new());
            }
            if let Some(inner) = inner.as_table_mut() {
                put(inner, rest, value);
            }
        }
    }
}

fn remove(table: &mut Table, key: &[&str]) {
    match key {
        [] => {}
        [last] => _ = table.remove(*last),
        [first, rest @ ..] => {
            if let Some(inner) = table.get_mut(*first).and_then(Value::as_table_mut) {
                remove(inner, rest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> RoundSpec {
        crate::intake::demo::content().unwrap().0
    }

    fn typed(key: &str, text: &str, optional: bool) -> TypedSetting {
        TypedSetting { key: key.split('/').map(Into::into).collect(), text: text.into(), optional }
    }

    /// What the demo has in tables that are typed whole.
    fn whole(spec: &RoundSpec) -> Vec<TypedSetting> {
        let texts = spec.changed_since_last_year.texts(&spec.language);
        let changed = texts.map(|(l, text)| typed(&format!("changed_since_last_year/{l}"), text, true));
        let countries = spec.senders.country.iter().flat_map(|(code, sender)| {
            let of = |key: &str, text: &str| typed(&format!("senders/country/{code}/{key}"), text, false);
            [of("name", &sender.name), of("email", sender.email.as_str()), of("title", &sender.title)]
        });
        changed.chain(countries).collect()
    }

    #[test]
    fn what_is_typed_as_it_was_changes_nothing() {
        let mut spec = demo();
        assert_eq!(read(&spec, &whole(&spec)).unwrap(), spec);
        spec.changed_since_last_year = "calibration takes five days".into();
        spec.senders.country.clear();
        let same =
            [typed("changed_since_last_year/en", "calibration takes five days", true), typed("minutes", "6", true)];
        assert_eq!(read(&spec, &same).unwrap(), spec);
        // The twin: what is left out of a table that is typed whole is gone.
        assert!(read(&spec, &[]).unwrap().changed_since_last_year.is_empty());
    }

    #[test]
    fn what_is_typed_is_checked_as_the_file_is_and_told_by_its_key() {
        let spec = demo();
        let with = |key: &str, text: &str, optional: bool| {
            let all: Vec<TypedSetting> = whole(&spec).into_iter().chain([typed(key, text, optional)]).collect();
            read(&spec, &all).map_err(|faults| {
                let told =
                    |f: &Fault| f.key().map_or((String::new(), f.message.clone()), |(k, s)| (k.into(), s.into()));
                faults.iter().map(told).collect::<Vec<(String, String)>>()
            })
        };
        for (key, text, optional, told) in [
            ("minutes", "soon", true, "is of the wrong kind: a text. Write a whole number such as 5."),
            ("minutes", "0", true, "is 0, which is not between 1 and 60. Write a whole number such as 5."),
            ("client", "  ", false, "is empty. Write the company's name as its customers know it."),
            (
                "title",
                "Customer survey",
                false,
                "says “survey”, which no contact reads. Write what the assessment is called in letters.",
            ),
            ("accent", "blue", true, "is “blue”, which is not a colour. Write a colour such as \"#1f4e79\"."),
            ("language", "English", false, "is “English”, which is not a language code. Write a code such as \"en\"."),
            ("digest/cron", "", false, "is empty. Write a schedule such as \"0 8 * * MON\"."),
        ] {
            assert_eq!(with(key, text, optional), Err(vec![(key.replace('/', "."), told.to_string())]), "{key} {text}");
        }
        let wrong = with("signoff/sales_director_email", "anna@", false).unwrap_err();
        assert!(wrong[0].0 == "signoff.sales_director_email" && wrong[0].1.starts_with("is “anna@”"), "{wrong:?}");
        let wrong = with("senders/country/D.E/name", "Kim", false).unwrap_err();
        assert!(wrong.iter().any(|(key, _)| key == "senders.country.D.E"), "{wrong:?}");
        let wrong = with("client_revenue", "250 Mio", true).unwrap_err();
        assert!(wrong[0].0 == "client_revenue" && wrong[0].1.starts_with("is of the wrong kind"), "{wrong:?}");
        // The twin: what is right is taken, also where nothing stood, and an optional one that is empty is as usual.
        assert_eq!(spec.client_revenue, None);
        assert_eq!(with("client_revenue", "250000000", true).unwrap().client_revenue, Some(250_000_000));
        assert_eq!(with("client_revenue", "", true).unwrap().client_revenue, None);
        assert_eq!(with("minutes", "", true).unwrap().minutes, 5);
        assert_eq!(with("client", " Fabrik & Söhne ", false).unwrap().client, "Fabrik & Söhne");
    }

    #[test]
    fn a_setting_is_shown_as_it_stands() {
        let spec = demo();
        assert_eq!(text_at(&spec, &["minutes"]), "6");
        assert_eq!(text_at(&spec, &["senders", "team", "email"]), "conversation@northwind.example");
        assert_eq!(text_at(&spec, &["senders", "nobody", "email"]), "");
    }
}
