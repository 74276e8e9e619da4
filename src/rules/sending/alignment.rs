//! Whether receivers can believe that our mail comes from whom it says: what a sender's domain has published, judged (M10).
//!
//! Receivers accept bulk mail only from domains that are *aligned*: the domain that people read behind From is the one that signed by DKIM
//! or that permits the sending machine by SPF. Each finding says what is so, and exactly what to publish.

pub mod spf;
pub mod tags;

use std::fmt;
use std::net::IpAddr;

use serde::Serialize;

use self::spf::Permission;
use self::tags::{Dmarc, covers};

/// What the domain name system says. Not the same: nothing is there, and nobody answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DnsAnswer<T> {
    Is(T),
    Nothing,
    Later(String),
}

/// The worse, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    Pass,
    Unknown,
    Fail,
}

/// A record to publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DnsRecord {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub value: String,
}

impl fmt::Display for DnsRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} \"{}\"", self.name, self.kind, self.value)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub check: &'static str,
    /// The domain or address that it is about.
    pub about: String,
    pub verdict: CheckResult,
    pub says: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub publish: Vec<DnsRecord>,
}

impl Finding {
    pub fn new(check: &'static str, about: &str, verdict: CheckResult, says: impl Into<String>) -> Finding {
        Finding { check, about: about.into(), verdict, says: says.into(), publish: Vec::new() }
    }

    fn publish(mut self, name: impl Into<String>, value: impl Into<String>) -> Finding {
        self.publish.push(DnsRecord { name: name.into(), kind: "TXT", value: value.into() });
        self
    }
}

/// One of our keys and what is published in its place.
#[derive(Clone, Debug)]
pub struct PublishedKey {
    /// The domain that signs: that of the sender or one above it.
    pub domain: String,
    pub selector: String,
    /// `rsa` or `ed25519`.
    pub algorithm: &'static str,
    /// The public half of ours, in base64.
    pub public: String,
    pub published: DnsAnswer<Vec<String>>,
}

impl PublishedKey {
    fn place(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// The record to publish for it.
    pub fn record(&self) -> DnsRecord {
        let value = format!("v=DKIM1; k={}; p={}", self.algorithm, self.public);
        DnsRecord { name: self.place(), kind: "TXT", value }
    }

    fn confirmed(&self) -> bool {
        let is = |record: &String| tags::of(record).get("p").is_some_and(|p| same_key(p, &self.public));
        matches!(&self.published, DnsAnswer::Is(records) if records.iter().any(is))
    }
}

/// Everything about one sender's domain.
#[derive(Clone, Debug)]
pub struct Published {
    pub domain: String,
    /// The domain of the envelope, which is what SPF is asked about: that of our own return address, else the sender's.
    pub envelope: String,
    /// The records of the envelope's domain that begin with `v=spf1`.
    pub spf: DnsAnswer<Vec<String>>,
    /// For each of the addresses from which our mail leaves, as far as they are known.
    pub permits: Vec<(IpAddr, Permission)>,
    pub keys: Vec<PublishedKey>,
    /// The record, with the name at which it was found.
    pub dmarc: DnsAnswer<(String, Dmarc)>,
    /// Hosts that take replies; the domain itself where it has an address and names no others.
    pub replies: DnsAnswer<Vec<String>>,
}

/// The findings about a domain, in the order in which they are mended.
pub fn judge(of: &Published) -> Vec<Finding> {
    let mut all = vec![spf(of)];
    match of.keys.is_empty() {
        true => all.push(Finding::new(
            "DKIM",
            &of.domain,
            CheckResult::Fail,
            format!("There is no key to sign mail of {0}; `soundings dkim new {0} SELECTOR` makes one and says what to publish.", of.domain),
        )),
        false => all.extend(of.keys.iter().map(dkim)),
    }
    all.extend([dmarc(of), alignment(of), replies(&of.domain, &of.replies)]);
    all
}

fn later(check: &'static str, about: &str, why: &str) -> Finding {
    Finding::new(
        check,
        about,
        CheckResult::Unknown,
        format!("The name servers do not answer just now ({why}); ask again."),
    )
}

fn spf(of: &Published) -> Finding {
    let about = &of.envelope;
    let finding = |verdict, says: String| Finding::new("SPF", about, verdict, says);
    let ours: String = of.permits.iter().map(|(ip, _)| format!(" {}", spf::term(*ip))).collect();
    let records = match &of.spf {
        DnsAnswer::Later(why) => return later("SPF", about, why),
        DnsAnswer::Is(records) if !records.is_empty() => records,
        _ if ours.is_empty() => {
            return finding(
                CheckResult::Fail,
                format!(
                    "{about} has no SPF record. Publish the one that the operator of your mail server names, or set delivery.outgoing_addresses to be told."
                ),
            );
        }
        _ => {
            return finding(CheckResult::Fail, format!("{about} has no SPF record."))
                .publish(about, format!("v=spf1{ours} ~all"));
        }
    };
    let [record] = records.as_slice() else {
        return finding(
            CheckResult::Fail,
            format!("{about} has {} SPF records, which counts as none; leave one.", records.len()),
        );
    };
    if spf::permits_everybody(record) {
        return finding(
            CheckResult::Fail,
            format!("The SPF record of {about} permits the whole world (+all); let it end with ~all or -all."),
        )
        .publish(about, record.replace("+all", "~all"));
    }
    let refused = of.permits.iter().find(|(_, p)| matches!(p, Permission::No(_) | Permission::Invalid(_)));
    let unknown = of.permits.iter().find(|(_, p)| matches!(p, Permission::Unknown(_)));
    match (refused, unknown) {
        (Some((_, Permission::Invalid(why))), _) => {
            finding(CheckResult::Fail, format!("The SPF record of {about} is invalid: {why}."))
        }
        (Some((ip, _)), _) => finding(
            CheckResult::Fail,
            format!("The SPF record of {about} does not permit {ip}, from which our mail leaves."),
        )
        .publish(about, spf::with(record, of.permits.iter().filter(|(_, p)| *p != Permission::Yes).map(|(ip, _)| *ip))),
        (_, Some((ip, Permission::Unknown(why)))) => finding(
            CheckResult::Unknown,
            format!("Whether the SPF record of {about} permits {ip} is not known: {why}."),
        ),
        _ if of.permits.is_empty() => finding(
            CheckResult::Unknown,
            format!(
                "{about} has an SPF record; whether it permits our mail is unknown, because the relay sends it. Set delivery.outgoing_addresses to the addresses from which the relay sends."
            ),
        ),
        _ => finding(
            CheckResult::Pass,
            format!("The SPF record of {about} permits every address from which our mail leaves."),
        ),
    }
}

fn dkim(key: &PublishedKey) -> Finding {
    let place = key.place();
    let finding = |verdict, says: String| Finding::new("DKIM", &place, verdict, says);
    let missing = |says: String| Finding { publish: vec![key.record()], ..finding(CheckResult::Fail, says) };
    match &key.published {
        DnsAnswer::Later(why) => later("DKIM", &place, why),
        DnsAnswer::Is(records) if !records.is_empty() => {
            let testing =
                records.iter().any(|r| tags::of(r).get("t").is_some_and(|t| t.split(':').any(|f| f.trim() == "y")));
            match key.confirmed() {
                true if testing => missing(format!(
                    "{place} publishes the {} key as a test (t=y), which receivers treat as unsigned.",
                    key.algorithm
                )),
                true => finding(CheckResult::Pass, format!("{place} publishes the {} key that signs.", key.algorithm)),
                false => missing(format!("{place} publishes another key than the {} one that signs.", key.algorithm)),
            }
        }
        _ => missing(format!("{place} does not exist, so nobody can check the {} signature.", key.algorithm)),
    }
}

fn dmarc(of: &Published) -> Finding {
    let about = &of.domain;
    match &of.dmarc {
        DnsAnswer::Later(why) => later("DMARC", about, why),
        DnsAnswer::Nothing => Finding::new(
            "DMARC",
            about,
            CheckResult::Fail,
            format!("{about} has no DMARC record, which large receivers ask for."),
        )
        .publish(format!("_dmarc.{about}"), format!("v=DMARC1; p=none; rua=mailto:postmaster@{about}")),
        DnsAnswer::Is((at, dmarc)) => match dmarc.policy(about, at) {
            Some(policy) => {
                Finding::new("DMARC", about, CheckResult::Pass, format!("{at} asks receivers for {policy}."))
            }
            None => Finding::new("DMARC", about, CheckResult::Fail, format!("{at} has no policy that can be read."))
                .publish(at, format!("v=DMARC1; p=none; rua=mailto:postmaster@{about}")),
        },
    }
}

/// By DKIM or by SPF: one is enough for DMARC, and without one a receiver may refuse everything.
fn alignment(of: &Published) -> Finding {
    let about = &of.domain;
    let finding = |verdict, says: String| Finding::new("alignment", about, verdict, says);
    let strict = |tag: fn(&Dmarc) -> bool| matches!(&of.dmarc, DnsAnswer::Is((_, dmarc)) if tag(dmarc));
    let fits = |signing: &str| if strict(|d| d.strict_dkim) { signing == about } else { covers(signing, about) };
    if let Some(key) = of.keys.iter().find(|key| key.confirmed() && fits(&key.domain)) {
        return finding(
            CheckResult::Pass,
            format!("Mail from {about} is signed by {}, and the key is published.", key.domain),
        );
    }
    if spf_fits(of) && !of.permits.is_empty() && of.permits.iter().all(|(_, p)| *p == Permission::Yes) {
        return finding(
            CheckResult::Pass,
            format!("Mail from {about} leaves from addresses that {} permits by SPF.", of.envelope),
        );
    }
    let open = |key: &PublishedKey| matches!(key.published, DnsAnswer::Later(_));
    if of.keys.iter().any(open) || of.permits.iter().any(|(_, p)| matches!(p, Permission::Unknown(_))) {
        return finding(
            CheckResult::Unknown,
            format!("Whether mail from {about} is aligned cannot be known just now."),
        );
    }
    let why = match of.keys.iter().any(|key| key.confirmed()) {
        true => "its DMARC record asks for a signature of exactly this domain",
        false if !spf_fits(of) => "no key of ours is published for it, and the envelope is of another domain",
        false => "no key of ours is published for it, and SPF is not known to permit our mail",
    };
    finding(CheckResult::Fail, format!("Mail from {about} is not aligned: {why}."))
}

/// Whether DMARC takes the envelope's domain for the sender's: the same, or under one roof unless the record is strict.
fn spf_fits(of: &Published) -> bool {
    match &of.dmarc {
        DnsAnswer::Is((_, dmarc)) if dmarc.strict_spf => of.envelope == of.domain,
        DnsAnswer::Is((at, _)) if covers(at.trim_start_matches("_dmarc."), &of.envelope) => true,
        _ => covers(&of.domain, &of.envelope) || covers(&of.envelope, &of.domain),
    }
}

/// Whether mail to a domain arrives anywhere.
pub fn replies(about: &str, hosts: &DnsAnswer<Vec<String>>) -> Finding {
    let finding = |verdict, says: String| Finding::new("replies", about, verdict, says);
    match hosts {
        DnsAnswer::Later(why) => later("replies", about, why),
        DnsAnswer::Is(hosts) if !hosts.is_empty() => {
            finding(CheckResult::Pass, format!("Replies to {about} go to {}.", hosts.join(", ")))
        }
        _ => finding(
            CheckResult::Fail,
            format!(
                "{about} takes no mail, so that replies and bounces are lost, and some receivers refuse mail from it."
            ),
        ),
    }
}

/// Keys are the same whatever blanks stand in them.
fn same_key(a: &str, b: &str) -> bool {
    a.split_whitespace().collect::<String>() == b
}

#[cfg(test)]
mod tests;
