//! Section `[events]`: which webhook is told what happens, and of what.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

use crate::rules::handover::events::EventKind;

use super::{secrets, value_forms};

#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSettings {
    #[serde(deserialize_with = "value_forms::none_if_empty")]
    pub url: Option<String>,
    /// One or more `whsec_...`, separated by spaces; the first is the newest.
    pub secret: String,
    /// Types, separated by spaces; empty: all.
    pub types: String,
    #[serde(deserialize_with = "value_forms::none_if_empty")]
    pub authorities: Option<PathBuf>,
    pub allow_private_addresses: bool,
}

impl EventSettings {
    /// What is told; of a word that is no type, that word. Nothing where there is nobody to tell.
    pub fn kinds(&self) -> Result<BTreeSet<EventKind>, &str> {
        let named = self.types.split_whitespace().map(|word| EventKind::parse(word).ok_or(word));
        let named: BTreeSet<EventKind> = named.collect::<Result<_, _>>()?;
        Ok(match (&self.url, named.is_empty()) {
            (None, _) => BTreeSet::new(),
            (Some(_), true) => EventKind::ALL.into(),
            (Some(_), false) => named,
        })
    }
}

impl fmt::Debug for EventSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events")
            .field("url", &self.url.as_deref().map(secrets::without_secrets))
            .field("secret", &secrets::set_or_not(&self.secret))
            .field("types", &self.types)
            .field("authorities", &self.authorities)
            .field("allow_private_addresses", &self.allow_private_addresses)
            .finish()
    }
}
