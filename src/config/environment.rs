//! Settings from the environment: `SOUNDINGS_SECTION__KEY` is the value, `SOUNDINGS_SECTION__KEY_FILE` a file that holds it.
//!
//! A variable with `__` that names no setting is refused, so that a misspelt password does not go unnoticed; others that
//! begin with `SOUNDINGS_` are left alone, since container platforms make some up (`SOUNDINGS_PORT=tcp://...`).

use std::path::{Path, PathBuf};

use toml::Value;

use crate::base::problem::Problem;

use super::known::{KnownKeys, Origin, Override};

const PREFIX: &str = "SOUNDINGS_";

/// Values first, secret files after them, so that the files win.
pub fn read(env: impl Iterator<Item = (String, String)>, known: &KnownKeys) -> Result<Vec<Override>, Problem> {
    let mut values = Vec::new();
    let mut files = Vec::new();
    for (name, text) in env {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        let key = rest.replacen("__", ".", 1).to_ascii_lowercase();
        let behind_file = key.strip_suffix("_file").filter(|key| known.0.contains_key(*key));
        if known.0.contains_key(&key) {
            values.push(setting(key, &text, Origin::Variable(name.clone()), known)?);
        } else if let Some(key) = behind_file {
            let text = contents(&name, Path::new(&text))?;
            let origin = Origin::SecretFile { variable: name.clone(), path: PathBuf::from(text.0) };
            files.push(setting(key.to_owned(), &text.1, origin, known)?);
        } else if key.contains('.') {
            let what = format!("The environment variable {name} is not a setting ({key}).");
            return Err(Problem::unusable(what, known.suggestion_for(&key)));
        }
    }
    values.extend(files);
    Ok(values)
}

/// The text read as the type of the key's default.
fn setting(key: String, text: &str, origin: Origin, known: &KnownKeys) -> Result<Override, Problem> {
    let value = match known.0.get(&key) {
        Some(Value::Integer(_)) => text.trim().parse().map(Value::Integer).map_err(|_| "must be a whole number"),
        Some(Value::Float(_)) => text.trim().parse().map(Value::Float).map_err(|_| "must be a number"),
        Some(Value::Boolean(_)) => text.trim().parse().map(Value::Boolean).map_err(|_| "must be true or false"),
        _ => Ok(Value::String(text.to_owned())),
    };
    match value {
        Ok(value) => Ok(Override { key, value, origin }),
        Err(why) => Err(Problem::unusable(format!("The setting {key} ({origin}) {why}."), "Correct it there.")),
    }
}

/// The path and what is in it, without the line break that editors put at the end.
fn contents(variable: &str, path: &Path) -> Result<(String, String), Problem> {
    let shown = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok((shown, text.trim_end_matches(['\r', '\n']).to_owned())),
        Err(e) => Err(Problem::unusable(
            format!("The secret file {shown} named by the environment variable {variable} cannot be read: {e}."),
            "Name another file, or make this one readable.",
        )),
    }
}
