//! Settings of an installation: default < file < environment < secret file. Errors name file and key.
//!
//! `config/soundings.toml` is both the default and the documentation: it is built in, and a test holds that it lists every key and says
//! what the code says. What loads here can be used as it is: addresses parse, no password goes over a line in clear, no link leads to a
//! place that does not exist. Secrets appear in no error, no `Debug` and no `display`.

pub mod settings;
pub mod smtp;
pub mod pace;
pub mod replies;
mod check;
mod display;
mod environment;
mod file;
mod hosts;
mod layers;
#[cfg(test)]
mod tests;

pub use display::explain;
pub use hosts::is_loopback;
pub use pace::PaceSettings;
pub use replies::{Door, Replies};
pub use settings::{
    CalendarData, Database, Delivery, DkimSettings, DnsSettings, Log, LogFormat, Scoring, Server, Settings, Synchronous,
};
pub use smtp::{Security, SmtpSettings};

/// The commented default, for `soundings` to print and for people to copy.
pub const DEFAULT: &str = include_str!("../../config/soundings.toml");

/// The file that is read when none is named.
pub const USUAL_FILE: &str = "soundings.toml";
