//! Webhooks, of the hand-over, of alarms and of events: one signed POST an attempt, to the configured address and nowhere else.
//!
//! No redirects, no proxy from the environment, no address inside our network unless allowed, 20 seconds in all, 64 KiB of answer at most.
//! The status decides, unless a page of HTML comes with it; what else happens to the body after it changes nothing.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, Url, redirect};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::base::clock::{SECOND, Ts};
use crate::base::problem::Problem;
use crate::config;
use crate::handover::addresses::{PublicOnly, is_public, refusal};
use crate::handover::signature::Secrets;

use super::delivered::Delivered;

const TIME_OUT: Duration = Duration::from_secs(20);
const MOST_READ: usize = 64 * 1024;
/// Characters of an answer that are kept.
const MOST_KEPT: usize = 500;

#[derive(Clone, Debug)]
pub struct Webhook {
    client: Client,
    url: Url,
    secrets: Secrets,
}

impl Webhook {
    /// The one that takes responses.
    pub fn new(url: &str, settings: &config::ScoringSettings) -> Result<Webhook, Problem> {
        Webhook::named("scoring.url", url, settings)
    }

    /// The one that hears of alarms, by the same rules.
    pub fn of_alarms(url: &str, settings: &config::ScoringSettings) -> Result<Webhook, Problem> {
        Webhook::named("alarms.webhook", url, settings)
    }

    /// The one that is told what happens, by the same rules.
    pub fn of_events(url: &str, settings: &config::ScoringSettings) -> Result<Webhook, Problem> {
        Webhook::named("events.url", url, settings)
    }

    /// Refuses addresses that could only be mistakes or attacks before anything is sent. `key`: the setting that names the address.
    fn named(key: &'static str, url: &str, settings: &config::ScoringSettings) -> Result<Webhook, Problem> {
        let refuse = |why: String| {
            Problem::refused(format!("The setting {key} cannot be used: {why}."), "Correct it, then restart.")
        };
        let url = Url::parse(url).map_err(|e| refuse(e.to_string()))?;
        let host = url.host_str().unwrap_or_default();
        let local = settings.allow_private_addresses && config::is_loopback(host);
        if url.scheme() != "https" && !(url.scheme() == "http" && local) {
            return Err(refuse("it is not https".into()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("it has a name or password in it".into()));
        }
        // The client asks its resolver about names only, so addresses are looked at here. `Url` has made one spelling of all.
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        match literal {
            Ok(address) if !settings.allow_private_addresses && !is_public(address) => {
                Err(refuse(refusal(host, address)))
            }
            Err(_) if !settings.allow_private_addresses && config::is_loopback(host) => {
                Err(refuse(refusal(host, IpAddr::V4(Ipv4Addr::LOCALHOST))))
            }
            _ => Ok(Webhook { client: client(settings)?, url, secrets: Secrets::parse(&settings.secret)? }),
        }
    }

    /// Sends `body` once under the key `id`, which has no dot in it; `at` is the time of this attempt.
    pub async fn deliver(&self, id: &(impl AsRef<str> + ?Sized), at: Ts, body: &str) -> Delivered {
        let id: &str = id.as_ref();
        let timestamp = at.0.div_euclid(SECOND);
        let request = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", self.secrets.sign(id, timestamp, body))
            .body(body.to_owned());
        match request.send().await {
            Ok(answer) => {
                let status = answer.status();
                let retry_after = retry_after(answer.headers(), at);
                let kind = answer.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_string();
                let text = beginning(answer, &self.secrets).await;
                let is_page = is_page(&kind, &text);
                let confirmed = status.is_success() && !is_page;
                Delivered { confirmed, status: Some(status.as_u16()), retry_after, text, is_page }
            }
            Err(e) => Delivered { text: no_answer(e), ..Delivered::default() },
        }
    }
}

/// A client that can reach what `[scoring]` allows. It brings its own TLS provider, so none needs to be installed.
pub fn client(settings: &config::ScoringSettings) -> Result<Client, Problem> {
    let internal = |what: &str| Problem::internal(format!("The client for webhooks could not be made ({what})."));
    let roots = match &settings.authorities {
        Some(path) => authorities(path)?,
        None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| internal("TLS").because(e))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .timeout(TIME_OUT)
        .connect_timeout(TIME_OUT / 2)
        .user_agent(concat!("soundings/", env!("CARGO_PKG_VERSION")));
    let builder = match settings.allow_private_addresses {
        true => builder,
        false => builder.dns_resolver(PublicOnly),
    };
    builder.build().map_err(|e| internal("HTTP").because(e))
}

fn authorities(path: &Path) -> Result<RootCertStore, Problem> {
    let refuse = || {
        let what =
            format!("The setting authorities of a webhook names {}, which holds no certificates.", path.display());
        Problem::unusable(what, "Name a readable PEM file.")
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|e| refuse().because(e))? {
        let certificate = certificate.map_err(|e| refuse().because(e))?;
        roots.add(certificate).map_err(|e| refuse().because(e))?;
    }
    if roots.is_empty() { Err(refuse()) } else { Ok(roots) }
}

/// Seconds or a date; anything else is as if it were not there.
fn retry_after(headers: &HeaderMap, at: Ts) -> Option<i64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(i64::from(seconds) * SECOND);
    }
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some(Ts::from(date.to_utc()).since(at).max(0))
}

/// The beginning of the answer as text. A body that breaks off or drips is as good as an empty one.
async fn beginning(mut answer: Response, secrets: &Secrets) -> String {
    let mut read = Vec::new();
    while read.len() < MOST_READ {
        match answer.chunk().await {
            Ok(Some(chunk)) => read.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    let text = secrets.hidden(String::from_utf8_lossy(&read).into_owned());
    let printable = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    printable.take(MOST_KEPT).collect()
}

/// Whether this is a page for people. A short word labelled as HTML is none: that is how some frameworks say "ok".
fn is_page(kind: &str, text: &str) -> bool {
    let labelled =
        ["text/html", "application/xhtml+xml"].iter().any(|html| kind.to_ascii_lowercase().starts_with(html));
    let begins: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(20).collect();
    let begins = begins.to_ascii_lowercase();
    begins.starts_with("<!doctype html") || begins.starts_with("<html") || (labelled && begins.starts_with('<'))
}

/// Why there was no answer, without the URL: its query may hold a key.
fn no_answer(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} seconds", TIME_OUT.as_secs());
    }
    let error = error.without_url();
    let mut cause: &dyn Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string().chars().take(MOST_KEPT).collect()
}
