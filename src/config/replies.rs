//! Where what comes back is received: our own return address, and the mailbox or door through which it reaches us.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

use crate::base::address::EmailAddress;

use super::smtp::Security;
use super::{secrets, value_forms};

/// Section `[replies]`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replies {
    /// Every mail leaves in the name of this address with a token of its own in it; none: nothing comes back to us.
    #[serde(deserialize_with = "value_forms::none_if_empty")]
    pub address: Option<String>,
    #[serde(deserialize_with = "value_forms::none_if_empty")]
    pub imap_host: Option<String>,
    pub imap_port: u16,
    pub imap_security: Security,
    pub imap_username: String,
    pub imap_password: String,
    pub imap_folder: String,
    /// PEM file with the authorities to trust instead of the built-in ones.
    #[serde(deserialize_with = "value_forms::none_if_empty")]
    pub imap_authorities: Option<PathBuf>,
    /// `127.0.0.1:2424` or `unix:/run/soundings/lmtp`.
    #[serde(deserialize_with = "value_forms::none_if_empty")]
    pub lmtp_listen: Option<String>,
}

/// Where the LMTP door is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LmtpAddress {
    Loopback(SocketAddr),
    Unix(PathBuf),
}

impl Replies {
    /// The return address, which the check of the settings has parsed.
    pub fn return_address(&self) -> Option<EmailAddress> {
        self.address.as_deref().and_then(|address| EmailAddress::parse(address).ok())
    }

    pub fn door(&self) -> Option<LmtpAddress> {
        let listen = self.lmtp_listen.as_deref()?;
        match listen.strip_prefix("unix:") {
            Some(path) => (!path.is_empty()).then(|| LmtpAddress::Unix(path.into())),
            None => listen.parse().ok().filter(|at: &SocketAddr| at.ip().is_loopback()).map(LmtpAddress::Loopback),
        }
    }

    /// Names the mailbox where its cursor is kept.
    pub fn mailbox_name(&self) -> Option<String> {
        let host = self.imap_host.as_deref()?;
        Some(format!("{}@{host}:{}/{}", self.imap_username, self.imap_port, self.imap_folder))
    }
}

impl Default for Replies {
    fn default() -> Replies {
        Replies {
            address: None,
            imap_host: None,
            imap_port: 993,
            imap_security: Security::Tls,
            imap_username: String::new(),
            imap_password: String::new(),
            imap_folder: "INBOX".into(),
            imap_authorities: None,
            lmtp_listen: None,
        }
    }
}

impl fmt::Debug for Replies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replies")
            .field("address", &self.address)
            .field("imap_host", &self.imap_host)
            .field("imap_port", &self.imap_port)
            .field("imap_security", &self.imap_security)
            .field("imap_username", &self.imap_username)
            .field("imap_password", &secrets::set_or_not(&self.imap_password))
            .field("imap_folder", &self.imap_folder)
            .field("imap_authorities", &self.imap_authorities)
            .field("lmtp_listen", &self.lmtp_listen)
            .finish()
    }
}
