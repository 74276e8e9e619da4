//! Questions to the domain name system: who takes the mail of a domain, what it has published, which name an address has.
//!
//! "There is no such domain" and "nobody answers just now" are told apart, since the first ends a message and the second only
//! delays it (F11); a domain that says it takes no mail (RFC 7505) is a fault of its own. Answers are kept for as long as they
//! say, and no question takes longer than [`PATIENCE`].

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ProtocolConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{Resolver, TokioResolver};

use crate::config::DnsSettings;

use super::ascii::a_label;

/// For one question, whatever name servers do.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Answers that are remembered at most.
const KEPT: u64 = 4_096;

/// Cheap to clone; clones share what is remembered.
#[derive(Clone)]
pub struct Dns(Result<TokioResolver, Arc<str>>);

/// Why there is no answer. Its `Display` stands after "Example.com: ".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DnsFault {
    NoSuchDomain,
    /// Null MX: the domain exists and takes no mail.
    TakesNoMail,
    /// Ask again later.
    NoAnswerNow(String),
    /// Nothing of this name can exist.
    NotAName,
}

impl fmt::Display for DnsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DnsFault::NoSuchDomain => f.write_str("there is no such domain"),
            DnsFault::TakesNoMail => f.write_str("this domain says that it takes no mail"),
            DnsFault::NoAnswerNow(why) => write!(f, "the name servers do not answer just now ({why})"),
            DnsFault::NotAName => f.write_str("this is not the name of a domain"),
        }
    }
}

impl Dns {
    /// Without a server to ask, every question is answered with why; the next start may find one.
    pub fn new(settings: &DnsSettings) -> Dns {
        let builder = if settings.servers.is_empty() {
            Resolver::builder_tokio()
        } else {
            let server = |at: &std::net::SocketAddr| {
                let by = |protocol| {
                    let mut connection = ConnectionConfig::new(protocol);
                    connection.port = at.port();
                    connection
                };
                NameServerConfig::new(at.ip(), true, vec![by(ProtocolConfig::Udp), by(ProtocolConfig::Tcp)])
            };
            let servers = settings.servers.iter().map(server).collect();
            let config = ResolverConfig::from_parts(None, Vec::new(), servers);
            Ok(Resolver::builder_with_config(config, TokioRuntimeProvider::default()))
        };
        let mut options = ResolverOpts::default();
        options.timeout = Duration::from_secs(2);
        options.attempts = 1;
        options.cache_size = KEPT;
        options.use_hosts_file = ResolveHosts::Never;
        options.case_randomization = true;
        let resolver = builder.and_then(|builder| builder.with_options(options).build());
        Dns(resolver.map_err(|e| format!("no name server is known: {e}; name one with dns.servers").into()))
    }

    /// Asks nobody: for where nothing may leave this machine.
    pub fn nobody() -> Dns {
        Dns(Err("name servers are not asked here".into()))
    }

    /// The hosts that take a domain's mail, the most wanted first. Empty where the domain is there and names none: then its
    /// own address is the host (RFC 5321, section 5.1).
    pub async fn mx(&self, domain: &str) -> Result<Vec<(u16, String)>, DnsFault> {
        let mut hosts: Vec<(u16, String)> = self
            .ask(domain, RecordType::MX, |data| match data {
                RData::MX(mx) => Some((mx.preference, host(&mx.exchange))),
                _ => None,
            })
            .await?;
        if hosts.iter().any(|(_, host)| host.is_empty()) {
            return Err(DnsFault::TakesNoMail);
        }
        hosts.sort();
        Ok(hosts)
    }

    /// The text records, each joined from its pieces. Empty where there is the name without any.
    pub async fn txt(&self, name: &str) -> Result<Vec<String>, DnsFault> {
        self.ask(name, RecordType::TXT, |data| match data {
            RData::TXT(txt) => Some(String::from_utf8_lossy(&txt.txt_data.concat()).into_owned()),
            _ => None,
        })
        .await
    }

    /// Of both kinds. Empty where there is the name without any.
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, DnsFault> {
        let four = self.ask(host, RecordType::A, |data| match data {
            RData::A(a) => Some(IpAddr::V4(a.0)),
            _ => None,
        });
        let six = self.ask(host, RecordType::AAAA, |data| match data {
            RData::AAAA(aaaa) => Some(IpAddr::V6(aaaa.0)),
            _ => None,
        });
        match futures_util::future::join(four, six).await {
            (Ok(four), Ok(six)) => Ok(four.into_iter().chain(six).collect()),
            (Ok(some), Err(_)) | (Err(_), Ok(some)) if !some.is_empty() => Ok(some),
            (Err(fault), _) | (_, Err(fault)) => Err(fault),
        }
    }

    /// The names that an address has.
    pub async fn reverse(&self, address: IpAddr) -> Result<Vec<String>, DnsFault> {
        let name = Name::from(address.to_canonical());
        self.ask_name(name, RecordType::PTR, |data| match data {
            RData::PTR(ptr) => Some(host(&ptr.0)),
            _ => None,
        })
        .await
    }

    async fn ask<T>(&self, name: &str, of: RecordType, take: fn(&RData) -> Option<T>) -> Result<Vec<T>, DnsFault> {
        let ascii = a_label(name.trim_end_matches('.')).filter(|ascii| !ascii.is_empty()).ok_or(DnsFault::NotAName)?;
        let mut name = Name::from_ascii(&ascii).map_err(|_| DnsFault::NotAName)?;
        // The search list of the system is for people who type half a name.
        name.set_fqdn(true);
        self.ask_name(name, of, take).await
    }

    async fn ask_name<T>(&self, name: Name, of: RecordType, take: fn(&RData) -> Option<T>) -> Result<Vec<T>, DnsFault> {
        let resolver = self.0.as_ref().map_err(|why| DnsFault::NoAnswerNow(why.to_string()))?;
        match tokio::time::timeout(PATIENCE, resolver.lookup(name, of)).await {
            Ok(Ok(found)) => Ok(found.answers().iter().filter_map(|record| take(&record.data)).collect()),
            Ok(Err(e)) if e.is_nx_domain() => Err(DnsFault::NoSuchDomain),
            Ok(Err(NetError::Dns(DnsError::NoRecordsFound(none)))) if none.response_code == ResponseCode::NoError => {
                Ok(Vec::new())
            }
            Ok(Err(e)) => Err(DnsFault::NoAnswerNow(e.to_string())),
            Err(_) => Err(DnsFault::NoAnswerNow(format!("nothing came for {} seconds", PATIENCE.as_secs()))),
        }
    }
}

/// Lower-case, without the dot at the end; empty for the root.
fn host(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_ascii_lowercase()
}
