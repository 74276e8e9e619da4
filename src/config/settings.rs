//! The settings as the other rooms see them, after all layers were laid over each other and checked.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;

use super::alarms::AlarmSettings;
use super::events::EventSettings;
use super::pace::PaceSettings;
use super::replies::Replies;
use super::smtp::SmtpSettings;
use super::value_forms::{addresses, name_servers, none_if_empty};
use super::{hosts, secrets};

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(deserialize_with = "none_if_empty")]
    pub secret_key_file: Option<PathBuf>,
    /// The folder of the outbound journal.
    #[serde(deserialize_with = "none_if_empty")]
    pub outbound_journal: Option<PathBuf>,
    pub server: ServerSettings,
    pub database: DatabaseSettings,
    pub smtp: SmtpSettings,
    pub dns: DnsSettings,
    pub dkim: DkimSettings,
    pub delivery: DeliverySettings,
    pub pace: PaceSettings,
    pub replies: Replies,
    pub scoring: ScoringSettings,
    pub alarms: AlarmSettings,
    pub events: EventSettings,
    pub limits: LimitSettings,
    pub calling: CallingSettings,
    pub calendar: CalendarSettings,
    pub log: LogSettings,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    pub listen: SocketAddr,
    /// Scheme, host and port; never a slash at its end.
    pub base_url: String,
    /// Reverse proxies of ours in front of us.
    pub trusted_proxies: u8,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    pub url: String,
    pub synchronous: Synchronous,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Synchronous {
    Full,
    Normal,
    Off,
}

impl Synchronous {
    pub fn as_str(self) -> &'static str {
        match self {
            Synchronous::Full => "full",
            Synchronous::Normal => "normal",
            Synchronous::Off => "off",
        }
    }
}

/// Whom to ask for names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DnsSettings {
    /// Empty: those of the system.
    #[serde(deserialize_with = "name_servers")]
    pub servers: Vec<SocketAddr>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DkimSettings {
    /// Holds `DOMAIN/SELECTOR.pem` for every key that signs.
    #[serde(deserialize_with = "none_if_empty")]
    pub folder: Option<PathBuf>,
}

/// What is looked at so that receivers believe our mail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliverySettings {
    /// A round starts from aligned domains only.
    pub check_domains: bool,
    /// The addresses from which our mail leaves.
    #[serde(deserialize_with = "addresses")]
    pub outgoing_addresses: Vec<IpAddr>,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoringSettings {
    #[serde(deserialize_with = "none_if_empty")]
    pub url: Option<String>,
    /// One or more `whsec_...`, separated by spaces; the first is the newest.
    pub secret: String,
    /// Used when there is no `url`.
    pub file: PathBuf,
    #[serde(deserialize_with = "none_if_empty")]
    pub authorities: Option<PathBuf>,
    pub allow_private_addresses: bool,
}

/// What holds for all rounds of all clients together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// Between the last message of one round to a mailbox and the first of another; 0: no such limit.
    pub days_between_rounds: u32,
}

/// What telephone calls do to the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallingSettings {
    /// So many working days of the contact's pass between a call and the next reminder.
    pub pause_days: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSettings {
    /// The operator's own public holidays and working weeks.
    #[serde(deserialize_with = "none_if_empty")]
    pub file: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    pub level: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

impl Settings {
    /// Where the installation's own secret is kept.
    pub fn secret_key_path(&self) -> PathBuf {
        let usual = "secret.key";
        match (&self.secret_key_file, self.database.sqlite_file()) {
            (Some(path), _) => path.clone(),
            (None, Some(database)) => database.with_file_name(usual),
            (None, None) => PathBuf::from(usual),
        }
    }

    /// Where it is remembered how far the chain of the journal went: beside the key, away from the database.
    pub fn seen_path(&self) -> PathBuf {
        self.secret_key_path().with_extension("seen")
    }

    /// Where keys for signing mail are kept.
    pub fn dkim_folder(&self) -> PathBuf {
        self.dkim.folder.clone().unwrap_or_else(|| self.secret_key_path().with_file_name("dkim"))
    }

    /// What hears of alarms, as a scoring module would be named: it is called by the same rules.
    pub fn alarm_receiver(&self) -> ScoringSettings {
        ScoringSettings {
            url: self.alarms.webhook.clone(),
            secret: self.alarms.secret.clone(),
            authorities: self.alarms.authorities.clone(),
            allow_private_addresses: self.alarms.allow_private_addresses,
            ..ScoringSettings::default()
        }
    }

    /// What is told of events, named and called in the same way.
    pub fn event_receiver(&self) -> ScoringSettings {
        ScoringSettings {
            url: self.events.url.clone(),
            secret: self.events.secret.clone(),
            authorities: self.events.authorities.clone(),
            allow_private_addresses: self.events.allow_private_addresses,
            ..ScoringSettings::default()
        }
    }

    /// Where the outbound journal is kept: beside the database file, which it must outlive.
    pub fn outbound_journal_path(&self) -> PathBuf {
        match (&self.outbound_journal, self.database.sqlite_file()) {
            (Some(path), _) => path.clone(),
            (None, Some(database)) => database.with_extension("outbound"),
            (None, None) => PathBuf::from("soundings.outbound"),
        }
    }
}

impl ServerSettings {
    /// The host of `base_url`, without brackets and port.
    pub fn host(&self) -> &str {
        hosts::HttpUrl::parse(&self.base_url).map_or("localhost", |url| url.host)
    }
}

impl DatabaseSettings {
    /// The file behind a `sqlite:` url; `None` for PostgreSQL and for a database in memory.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self.url.strip_prefix("sqlite:")?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let path = rest.split('?').next().unwrap_or_default();
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
    }
}

impl Default for ServerSettings {
    fn default() -> ServerSettings {
        ServerSettings {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            base_url: "http://127.0.0.1:8080".into(),
            trusted_proxies: 0,
        }
    }
}

impl Default for DatabaseSettings {
    fn default() -> DatabaseSettings {
        DatabaseSettings { url: "sqlite:soundings.db".into(), synchronous: Synchronous::Full }
    }
}

impl Default for DeliverySettings {
    fn default() -> DeliverySettings {
        DeliverySettings { check_domains: true, outgoing_addresses: Vec::new() }
    }
}

impl Default for ScoringSettings {
    fn default() -> ScoringSettings {
        ScoringSettings {
            url: None,
            secret: String::new(),
            file: "scoring.jsonl".into(),
            authorities: None,
            allow_private_addresses: false,
        }
    }
}

impl Default for CallingSettings {
    fn default() -> CallingSettings {
        CallingSettings { pause_days: 2 }
    }
}

impl Default for LogSettings {
    fn default() -> LogSettings {
        LogSettings { level: "info".into(), format: LogFormat::Text }
    }
}

impl fmt::Debug for DatabaseSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("url", &secrets::without_secrets(&self.url))
            .field("synchronous", &self.synchronous)
            .finish()
    }
}

impl fmt::Debug for ScoringSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scoring")
            .field("url", &self.url.as_deref().map(secrets::without_secrets))
            .field("secret", &secrets::set_or_not(&self.secret))
            .field("file", &self.file)
            .field("authorities", &self.authorities)
            .field("allow_private_addresses", &self.allow_private_addresses)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_secret_key_lies_beside_the_database() {
        let with = |url: &str| {
            let database = DatabaseSettings { url: url.into(), ..DatabaseSettings::default() };
            Settings { database, ..Settings::default() }.secret_key_path()
        };
        assert_eq!(with("sqlite:soundings.db"), Path::new("secret.key"));
        assert_eq!(with("sqlite:///var/lib/soundings/s.db?mode=rwc"), Path::new("/var/lib/soundings/secret.key"));
        assert_eq!(with("sqlite::memory:"), Path::new("secret.key"));
        assert_eq!(with("postgres://h/db"), Path::new("secret.key"));
    }

    #[test]
    fn s17_debug_hides_secrets() {
        let settings = Settings {
            database: DatabaseSettings { url: "postgres://u:canary@h/db".into(), ..DatabaseSettings::default() },
            smtp: SmtpSettings { password: "canary".into(), ..SmtpSettings::default() },
            replies: Replies { imap_password: "canary".into(), ..Replies::default() },
            scoring: ScoringSettings {
                url: Some("https://scoring.example/in?key=canary".into()),
                secret: "whsec_canary".into(),
                ..ScoringSettings::default()
            },
            alarms: AlarmSettings {
                webhook: Some("https://calls.example/in?key=canary".into()),
                secret: "whsec_canary".into(),
                ..AlarmSettings::default()
            },
            events: EventSettings {
                url: Some("https://events.example/in?key=canary".into()),
                secret: "whsec_canary".into(),
                ..EventSettings::default()
            },
            ..Settings::default()
        };
        for shown in [format!("{settings:?}"), settings.display()] {
            assert!(!shown.contains("canary"), "{shown}");
            assert!(shown.contains("(set)"), "{shown}");
        }
    }
}
