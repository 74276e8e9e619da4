//! From file and environment to settings that can be used, or to what is wrong with them.

use std::path::Path;

use crate::base::problem::Problem;

use super::settings::Settings;
use super::{check, display, layers};

impl Settings {
    /// Lays file and environment over the default and checks the result. Without a file named, `./soundings.toml` is
    /// read when it is there.
    pub fn load(file: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<Settings, Problem> {
        let (mut settings, origins) = layers::load(file, env)?;
        check::check(&mut settings).map_err(|wrong| wrong.told(&origins))?;
        Ok(settings)
    }

    /// What is in force, one key a line, secrets as "(set)".
    pub fn display(&self) -> String {
        display::display(self, |_| None)
    }
}

/// What `check-config` prints: every setting in force and where it comes from.
pub fn explain(file: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<String, Problem> {
    let (mut settings, origins) = layers::load(file, env)?;
    check::check(&mut settings).map_err(|wrong| wrong.told(&origins))?;
    Ok(display::display(&settings, |key| origins.get(key).map(ToString::to_string)))
}
