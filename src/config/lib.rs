//! Settings of an installation: default < file < environment < secret file. Errors name file and key.
//!
//! `config/soundings.toml` is both the default and the documentation: it is built in, and a test holds that it lists every key and says
//! what the code says. What loads here can be used as it is: addresses parse, no password goes over a line in clear, no link leads to a
//! place that does not exist. Secrets appear in no error, no `Debug` and no `display`.
//!
//! With no file and nothing in the environment, the defaults hold:
//!
//! ```
//! use soundings_config::Settings;
//!
//! let settings = Settings::load(None, std::iter::empty()).unwrap();
//! assert_eq!(settings.log.level, "info");
//! ```

// A path such as `crate::base::ids` is the same in every room.
use soundings_base as base;
use soundings_rules as rules;

pub mod settings;
pub mod smtp;
pub mod pace;
pub mod replies;
pub mod alarms;
pub mod events;
mod secrets;
mod value_forms;
mod hosts;
mod known;
mod environment;
mod file;
mod layers;
mod check;
mod display;
mod loading;
#[cfg(test)]
mod tests;

pub use alarms::AlarmSettings;
pub use events::EventSettings;
pub use file::USUAL_FILE;
pub use hosts::is_loopback;
pub use known::DEFAULT;
pub use loading::explain;
pub use pace::PaceSettings;
pub use replies::{LmtpAddress, Replies};
pub use settings::{DnsSettings, LogFormat, LogSettings, ScoringSettings, Settings};
pub use smtp::{Security, SmtpSettings};
