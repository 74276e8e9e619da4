//! The log: to standard error, as text or as one JSON object a line. Addresses are masked where they are logged.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::base::visible::{visible_json, visible_line};
use crate::config::{LogFormat, LogSettings};

/// Begins to log. A second call in one process changes nothing.
pub fn start(settings: &LogSettings) {
    let filter = EnvFilter::try_new(by_package(&settings.level)).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = Lines { json: settings.format == LogFormat::Json };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(lines);
    let _ = match settings.format {
        LogFormat::Json => log.json().try_init(),
        LogFormat::Text => log.with_ansi(false).try_init(),
    };
}

/// The rooms that are packages: what is written `soundings::mail` in the settings stands in the log as `soundings_mail`.
const PACKAGES: [&str; 9] = ["base", "rules", "config", "store", "intake", "mail", "handover", "steps", "web"];

fn by_package(level: &str) -> String {
    PACKAGES.iter().fold(level.to_owned(), |level, room| {
        level.replace(&format!("soundings::{room}"), &format!("soundings_{room}"))
    })
}

/// One event is one line, whatever others have put into it (S31).
#[derive(Clone, Copy)]
struct Lines {
    json: bool,
}

impl Lines {
    fn of(self, event: &[u8]) -> String {
        let text = String::from_utf8_lossy(event);
        let text = text.trim_end_matches('\n');
        let line = if self.json { visible_json(text) } else { visible_line(text) };
        format!("{line}\n")
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Lines;

    fn make_writer(&'a self) -> Lines {
        *self
    }
}

impl Write for Lines {
    /// An event comes in one piece.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(self.of(event).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_of_a_part_reaches_the_package() {
        assert_eq!(by_package("info,soundings::steps::sending=debug"), "info,soundings_steps::sending=debug");
        assert_eq!(by_package("warn,soundings::app=debug,soundings=info"), "warn,soundings::app=debug,soundings=info");
        assert!(crate::steps::sending::pace::LOGGED_AS.starts_with("soundings_steps::"));
        let folders = PACKAGES.map(|room| format!("{}/src/{room}/Cargo.toml", env!("CARGO_MANIFEST_DIR")));
        assert!(folders.iter().all(|manifest| std::path::Path::new(manifest).exists()));
    }

    #[test]
    fn s31_an_event_is_one_line() {
        let event = "WARN a server said: 550 \u{1b}[2J\u{202e}no\nINFO forged\n".as_bytes();
        let line = Lines { json: false }.of(event);
        assert_eq!(line, "WARN a server said: 550 <U+001B>[2J<U+202E>no\\nINFO forged\n");
        assert_eq!(Lines { json: true }.of("{\"a\":\"\u{202e}\"}\n".as_bytes()), "{\"a\":\"\\u202e\"}\n");
    }
}
