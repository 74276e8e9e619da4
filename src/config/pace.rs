//! Section `[pace]`: how fast messages to contacts may leave.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::base::clock::MINUTE;
use crate::base::problem::{Problem, Result};
use crate::rules::sending::pace::{ALL, Limit, Policy};

/// As it stands in the file; lists are texts with spaces between, so that an environment variable can hold them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaceSettings {
    pub enabled: bool,
    /// Whether name servers are asked who receives the mail of a domain.
    pub resolve: bool,
    pub per_gateway_per_hour: u32,
    pub open_per_gateway: u32,
    /// `NAME=PER_HOUR` or `NAME=PER_HOUR/OPEN`.
    pub gateways: String,
    pub per_hour: u32,
    pub first_alone_minutes: u32,
    pub ramp_up: String,
    pub warmed: String,
}

/// What is wrong: the key, and what stands after it in a sentence.
type Wrong = (&'static str, String);

/// Who waits longer than a day for the first message holds up a whole round.
const LONGEST_ALONE: u32 = 24 * 60;

impl PaceSettings {
    /// What the rules keep to; `None`: nothing is paced. The error was found when the settings were loaded.
    pub fn policy(&self) -> Result<Option<Policy>> {
        let told = |(key, why): Wrong| Problem::unusable(format!("The setting {key} {why}."), "Correct it.");
        if self.enabled { self.read().map(Some).map_err(told) } else { Ok(None) }
    }

    /// What stands here, or what is wrong with it.
    pub(super) fn read(&self) -> std::result::Result<Policy, Wrong> {
        if self.first_alone_minutes > LONGEST_ALONE {
            return Err(("pace.first_alone_minutes", "is more than a day".into()));
        }
        Ok(Policy {
            usual: Limit { per_hour: self.per_gateway_per_hour, open: self.open_per_gateway },
            own: self.own()?,
            per_hour: self.per_hour,
            canary: i64::from(self.first_alone_minutes) * MINUTE,
            ramp_up: self.steps()?,
            warmed: self.warmed()?,
            trials_too: false,
        })
    }

    fn own(&self) -> std::result::Result<BTreeMap<String, Limit>, Wrong> {
        let one = |text: &str| {
            let (name, limit) = text.split_once('=').filter(|(name, _)| name.contains('.'))?;
            let (per_hour, open) = match limit.split_once('/') {
                Some((per_hour, open)) => (per_hour, open.parse().ok()?),
                None => (limit, self.open_per_gateway),
            };
            Some((name.to_lowercase(), Limit { per_hour: per_hour.parse().ok()?, open }))
        };
        let each = |text| one(text).ok_or_else(|| ("pace.gateways", format!("has `{text}`, which names no limit")));
        self.gateways.split_whitespace().map(each).collect()
    }

    fn steps(&self) -> std::result::Result<Vec<u32>, Wrong> {
        let wrong = |text: &str| ("pace.ramp_up", format!("has `{text}`, which is not a number of messages above 0"));
        let one = |text: &str| text.parse().ok().filter(|n| *n > 0).ok_or_else(|| wrong(text));
        self.ramp_up.split_whitespace().map(one).collect()
    }

    fn warmed(&self) -> std::result::Result<Vec<String>, Wrong> {
        let one = |text: &str| match text == ALL || (text.contains('.') && !text.contains('@')) {
            true => Ok(text.to_lowercase()),
            false => Err(("pace.warmed", format!("has `{text}`, which is not a domain"))),
        };
        self.warmed.split_whitespace().map(one).collect()
    }
}

impl Default for PaceSettings {
    fn default() -> PaceSettings {
        let Policy { usual, per_hour, canary, ramp_up, .. } = Policy::default();
        PaceSettings {
            enabled: true,
            resolve: true,
            per_gateway_per_hour: usual.per_hour,
            open_per_gateway: usual.open,
            gateways: String::new(),
            per_hour,
            first_alone_minutes: u32::try_from(canary / MINUTE).unwrap_or_default(),
            ramp_up: ramp_up.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            warmed: String::new(),
        }
    }
}
