//! Refusals that many messages share: heard, told to a person, held, and judged by one (decision 0018).

pub(crate) mod alarms;
pub(crate) mod holds;
mod orders;
pub(crate) mod refusals;

pub use self::alarms::{
    IncidentAlarm, Person, advice, alarms, by_prefix, holding, in_short, is_about_all, title, titles, waiting,
};
pub use self::orders::{ConfirmRefusals, RetryRefused};

/// Under what its events stand in the log.
pub const LOGGED_AS: &str = module_path!();
