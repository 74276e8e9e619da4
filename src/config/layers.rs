//! Lays file and environment over the default, and names in errors the place of the value to blame.

use std::path::Path;

use serde::Deserialize;
use toml::{Table, Value};

use crate::base::problem::Problem;

use super::known::{KnownKeys, Origins, Override, built_in, defaults};
use super::settings::Settings;
use super::{environment, file};

/// The layers over each other, not yet checked for sense.
pub fn load(named: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<(Settings, Origins), Problem> {
    let known = KnownKeys::new()?;
    let mut overrides = file::read(named, &known)?;
    overrides.extend(environment::read(env, &known)?);

    let mut table = defaults()?;
    let mut settings = parsed(&table).map_err(|why| built_in(&why))?;
    let mut origins = Origins::new();
    for Override { key, value, origin } in overrides {
        let place = match key.split_once('.') {
            Some((section, key)) => table.get_mut(section).and_then(Value::as_table_mut).map(|section| (section, key)),
            None => Some((&mut table, key.as_str())),
        };
        if let Some((section, name)) = place {
            section.insert(name.to_owned(), value);
        }
        // One at a time, so that the value to blame is known.
        settings = parsed(&table).map_err(|why| {
            Problem::unusable(format!("The setting {key} ({origin}) cannot be used: {why}."), "Correct it there.")
        })?;
        origins.insert(key, origin);
    }
    Ok((settings, origins))
}

fn parsed(table: &Table) -> Result<Settings, String> {
    Settings::deserialize(table.clone()).map_err(|e| e.message().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_file_says_what_the_code_says_and_lists_every_key() {
        let (settings, origins) = load(Some(Path::new("/dev/null")), std::iter::empty()).unwrap();
        assert_eq!(settings, Settings::default());
        assert!(origins.is_empty());
        // `Debug` names every field there is, so a field without a line in the file shows here.
        let known = KnownKeys::new().unwrap();
        let debug = format!("{settings:#?}");
        let fields = debug.lines().filter_map(|l| l.trim().split_once(": "));
        let keys = fields.filter(|(_, value)| !value.ends_with('{')).map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(keys.len(), known.0.len(), "{keys:?} {:?}", known.0.keys());
        for key in known.0.keys() {
            assert!(keys.contains(&key.rsplit('.').next().unwrap()), "{key}");
        }
    }
}
