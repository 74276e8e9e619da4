//! Section `[alarms]`: how long something may be wrong before operators are mailed, and which webhook hears of it.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

use crate::base::clock::MINUTE;
use crate::rules::alarm::AlarmLimits;

use super::{secrets, value_forms};

#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmSettings {
    #[serde(deserialize_with = "value_forms::none_if_empty")]
    pub webhook: Option<String>,
    /// One or more `whsec_...`, separated by spaces; the first is the newest.
    pub secret: String,
    #[serde(deserialize_with = "value_forms::none_if_empty")]
    pub authorities: Option<PathBuf>,
    pub allow_private_addresses: bool,
    /// Nobody hears of what passes within this.
    pub after_minutes: u32,
    /// Everybody hears of what has lasted for this.
    pub at_the_latest_minutes: u32,
    /// Less room than this on a disk of ours is an alarm; 0: none is.
    pub disk_free_megabytes: u32,
}

impl AlarmSettings {
    pub fn limits(&self) -> AlarmLimits {
        let minutes = |n: u32| i64::from(n) * MINUTE;
        AlarmLimits { at_least: minutes(self.after_minutes), at_most: minutes(self.at_the_latest_minutes) }
    }

    /// In bytes; none: the disks are not looked at.
    pub fn least_room(&self) -> Option<u64> {
        (self.disk_free_megabytes > 0).then(|| u64::from(self.disk_free_megabytes) * 1_000_000)
    }
}

impl Default for AlarmSettings {
    fn default() -> AlarmSettings {
        let AlarmLimits { at_least, at_most } = AlarmLimits::default();
        let minutes = |ms: i64| u32::try_from(ms / MINUTE).unwrap_or_default();
        AlarmSettings {
            webhook: None,
            secret: String::new(),
            authorities: None,
            allow_private_addresses: false,
            after_minutes: minutes(at_least),
            at_the_latest_minutes: minutes(at_most),
            disk_free_megabytes: 500,
        }
    }
}

impl fmt::Debug for AlarmSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alarms")
            .field("webhook", &self.webhook.as_deref().map(secrets::without_secrets))
            .field("secret", &secrets::set_or_not(&self.secret))
            .field("authorities", &self.authorities)
            .field("allow_private_addresses", &self.allow_private_addresses)
            .field("after_minutes", &self.after_minutes)
            .field("at_the_latest_minutes", &self.at_the_latest_minutes)
            .field("disk_free_megabytes", &self.disk_free_megabytes)
            .finish()
    }
}
