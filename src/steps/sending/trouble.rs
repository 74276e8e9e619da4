//! Refusals that many messages share: heard, told to a person, held, and judged by one (decision 0018).

pub(in crate::steps) mod alarms;
pub(in crate::steps) mod holds;
mod orders;
pub(in crate::steps) mod refusals;

pub use self::alarms::{IncidentAlarm, Person, alarms, by_prefix};
pub use self::orders::{confirm, retry};
