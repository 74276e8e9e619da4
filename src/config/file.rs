//! The settings file: which values it sets, each with its line.

use std::path::Path;

use toml::Value;
use toml::de::{DeTable, DeValue};

use crate::base::problem::{Kind, Problem};

use super::known::{KnownKeys, Origin, Override};

/// The file that is read when none is named.
pub const USUAL_FILE: &str = "soundings.toml";

/// What the named file sets; without a name, what `./soundings.toml` sets if there is one.
pub fn read(named: Option<&Path>, known: &KnownKeys) -> Result<Vec<Override>, Problem> {
    let path = named.unwrap_or(Path::new(USUAL_FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => parse(path, &text, known),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && named.is_none() => Ok(Vec::new()),
        Err(e) => Err(Problem::unusable(
            format!("The settings file {} cannot be read: {e}.", path.display()),
            "Name another file with --config, or make this one readable.",
        )),
    }
}

fn parse(path: &Path, text: &str, known: &KnownKeys) -> Result<Vec<Override>, Problem> {
    let line = |at: usize| 1 + text.bytes().take(at).filter(|b| *b == b'\n').count();
    let refuse = |at: usize, what: String, next: String| {
        Problem::new(Kind::Unusable, format!("{} line {}: {what}", path.display(), line(at)), next)
    };
    let table = DeTable::parse(text).map_err(|e| {
        let at = e.span().map_or(0, |span| span.start);
        refuse(at, format!("this is not TOML: {}.", e.message()), "Correct the line.".into())
    })?;

    let mut overrides = Vec::new();
    let mut add = |key: String, at: usize, value: &DeValue| {
        let value = plain(value).ok_or("must be a text, a number, true or false");
        let value = value.and_then(|value| known.fitting(&key, value));
        let value = value.map_err(|why| refuse(at, format!("the setting {key} {why}."), known.suggestion_for(&key)))?;
        overrides.push(Override { key, value, origin: Origin::File { path: path.to_owned(), line: line(at) } });
        Ok::<(), Problem>(())
    };
    for (name, value) in table.get_ref() {
        let section = name.get_ref();
        let is_section = known.0.keys().any(|key| key.split_once('.').is_some_and(|(s, _)| s == section.as_ref()));
        match value.get_ref() {
            DeValue::Table(entries) if is_section => {
                for (key, value) in entries {
                    add(format!("{section}.{}", key.get_ref()), key.span().start, value.get_ref())?;
                }
            }
            DeValue::Table(_) => {
                let what = format!("there is no section [{section}].");
                return Err(refuse(name.span().start, what, known.section_suggestion(section)));
            }
            other => add(section.to_string(), name.span().start, other)?,
        }
    }
    Ok(overrides)
}

/// The value without its place; `None` for what no setting is: dates, lists and tables.
fn plain(value: &DeValue) -> Option<Value> {
    match value {
        DeValue::String(text) => Some(Value::String(text.to_string())),
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok().map(Value::Integer),
        DeValue::Float(n) => n.as_str().parse().ok().map(Value::Float),
        DeValue::Boolean(yes) => Some(Value::Boolean(*yes)),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        let known = KnownKeys::new().unwrap();
        parse(Path::new("s.toml"), text, &known).err().unwrap().to_string()
    }

    #[test]
    fn errors_name_file_line_key_and_the_nearest_known_one() {
        assert_eq!(
            wrong("# mine\n[smtp]\nprot = 25\n"),
            "s.toml line 3: the setting smtp.prot is not a setting. Did you mean smtp.port?"
        );
        assert!(wrong("[smtp]\nbase_url = \"x\"\n").ends_with("Did you mean server.base_url?"));
        assert!(wrong("[smpt]\nhost = \"x\"\n").ends_with("there is no section [smpt]. Did you mean [smtp]?"));
        assert!(wrong("zzzzzzzzzz = 1\n").contains("check-config"));
        assert!(wrong("[smtp\n").starts_with("s.toml line 1: this is not TOML"));
        assert!(wrong("[smtp]\nport = [1]\n").contains("line 2: the setting smtp.port must be"));
    }

    #[test]
    fn s17_a_value_of_the_wrong_type_is_not_repeated() {
        let told = wrong("[smtp]\npassword = 4711\n");
        assert_eq!(told, "s.toml line 2: the setting smtp.password must be a text in quotes. Correct the line.");
    }
}
