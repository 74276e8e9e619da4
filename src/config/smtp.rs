//! How to reach the SMTP server that relays our mail.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{secrets, value_forms};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// No encryption; refused unless the host is a loopback address.
    Plain,
    /// STARTTLS, and nothing is said before it succeeded.
    Starttls,
    /// TLS from the first byte.
    Tls,
}

impl Security {
    pub fn as_str(self) -> &'static str {
        match self {
            Security::Plain => "plain",
            Security::Starttls => "starttls",
            Security::Tls => "tls",
        }
    }
}

/// Section `[smtp]`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Empty: no login.
    pub username: String,
    /// Never serialised into an error, a log or an export.
    #[serde(skip_serializing)]
    pub password: String,
    /// What we call ourselves in EHLO; empty: the host of `server.base_url`.
    pub hello_name: String,
    /// PEM file with the authorities to trust instead of the built-in ones.
    #[serde(deserialize_with = "value_forms::none_if_empty")]
    pub authorities: Option<PathBuf>,
    /// Connections, each owned by one sender.
    pub connections: usize,
    /// Messages after which a connection is closed and opened anew.
    pub messages_per_connection: u32,
    /// All time-outs of RFC 5321 section 4.5.3.2 are multiplied by this; 1 in production, less in tests.
    pub time_out_factor: f64,
}

impl Default for SmtpSettings {
    fn default() -> SmtpSettings {
        SmtpSettings {
            host: "127.0.0.1".into(),
            port: 25,
            security: Security::Plain,
            username: String::new(),
            password: String::new(),
            hello_name: String::new(),
            authorities: None,
            connections: 4,
            messages_per_connection: 500,
            time_out_factor: 1.0,
        }
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("username", &self.username)
            .field("password", &secrets::set_or_not(&self.password))
            .field("hello_name", &self.hello_name)
            .field("authorities", &self.authorities)
            .field("connections", &self.connections)
            .field("messages_per_connection", &self.messages_per_connection)
            .field("time_out_factor", &self.time_out_factor)
            .finish()
    }
}
