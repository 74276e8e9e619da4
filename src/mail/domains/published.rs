//! Asks for everything that a sender's domain has published, for `rules::sending::alignment` to judge.

use std::net::IpAddr;

use futures_util::future::{join_all, join5};

use crate::base::problem::{Problem, Result};
use crate::mail::dkim::Signer;
use crate::rules::sending::alignment::spf::is_spf;
use crate::rules::sending::alignment::tags::Dmarc;
use crate::rules::sending::alignment::{CheckResult, DnsAnswer, Finding, Published, PublishedKey};

use super::ascii::a_label;
use super::dns::{Dns, DnsFault};
use super::spf;

/// How many domains above one may hold its DMARC record.
const ABOVE: usize = 8;

/// `envelope`: the domain of our own return address, where there is one. `outgoing`: the addresses from which mail leaves, as far as they
/// are known.
pub async fn ask(
    dns: &Dns,
    signer: &Signer,
    domain: &str,
    envelope: Option<&str>,
    outgoing: &[IpAddr],
) -> Result<Published> {
    let ascii = |domain: &str| a_label(domain).unwrap_or_else(|| domain.to_string());
    let domain = ascii(domain);
    let envelope = envelope.map_or_else(|| domain.clone(), ascii);
    let spf = async {
        match answer(dns.txt(&envelope).await) {
            DnsAnswer::Is(texts) => DnsAnswer::Is(texts.into_iter().filter(|text| is_spf(text)).collect()),
            other => other,
        }
    };
    let permits = join_all(outgoing.iter().map(|ip| async { (*ip, spf::permits(dns, &envelope, *ip).await) }));
    let (of, keys) = signer.keys(&domain).unwrap_or((&domain, &[]));
    let keys = join_all(keys.iter().map(|key| async {
        let published = answer(dns.txt(&format!("{}._domainkey.{of}", key.selector)).await);
        let unreadable = |e| Problem::internal("The public half of a DKIM key cannot be made.").because(e);
        let public = key.key.public().map_err(unreadable)?;
        let algorithm = key.key.algorithm().word();
        Ok(PublishedKey { domain: of.to_string(), selector: key.selector.clone(), algorithm, public, published })
    }));
    let (spf, permits, keys, dmarc, replies) =
        join5(spf, permits, keys, dmarc(dns, &domain), replies(dns, &domain)).await;
    let keys = keys.into_iter().collect::<Result<Vec<PublishedKey>>>()?;
    Ok(Published { spf, permits, keys, dmarc, replies, domain: domain.clone(), envelope: envelope.clone() })
}

fn answer<T>(asked: std::result::Result<T, DnsFault>) -> DnsAnswer<T> {
    match asked {
        Ok(found) => DnsAnswer::Is(found),
        Err(DnsFault::NoAnswerNow(why)) => DnsAnswer::Later(why),
        Err(DnsFault::NoSuchDomain | DnsFault::TakesNoMail | DnsFault::NotAName) => DnsAnswer::Nothing,
    }
}

/// The domain's own record, else that of the nearest domain above it.
async fn dmarc(dns: &Dns, domain: &str) -> DnsAnswer<(String, Dmarc)> {
    let mut at = domain;
    for _ in 0..ABOVE {
        let name = format!("_dmarc.{at}");
        match answer(dns.txt(&name).await) {
            DnsAnswer::Later(why) => return DnsAnswer::Later(why),
            DnsAnswer::Is(texts) => {
                if let Some(found) = texts.iter().find_map(|text| Dmarc::parse(text)) {
                    return DnsAnswer::Is((name, found));
                }
            }
            DnsAnswer::Nothing => {}
        }
        match at.split_once('.') {
            Some((_, above)) if above.contains('.') => at = above,
            _ => break,
        }
    }
    DnsAnswer::Nothing
}

/// The hosts that take mail of a domain.
pub async fn replies(dns: &Dns, domain: &str) -> DnsAnswer<Vec<String>> {
    match dns.mx(domain).await {
        Ok(hosts) if hosts.is_empty() => match answer(dns.addresses(domain).await) {
            DnsAnswer::Is(addresses) if addresses.is_empty() => DnsAnswer::Nothing,
            DnsAnswer::Is(_) => DnsAnswer::Is(vec![domain.to_string()]),
            DnsAnswer::Nothing => DnsAnswer::Nothing,
            DnsAnswer::Later(why) => DnsAnswer::Later(why),
        },
        other => answer(other.map(|hosts| hosts.into_iter().map(|(_, host)| host).collect())),
    }
}

/// Whether an address has a name that leads back to it, without which large receivers refuse its mail.
pub async fn reverse_name(dns: &Dns, address: IpAddr) -> Finding {
    let about = address.to_string();
    let finding = |verdict, says: String| Finding::new("reverse name", &about, verdict, says);
    let names = match answer(dns.reverse(address).await) {
        DnsAnswer::Later(why) => {
            return finding(CheckResult::Unknown, format!("The name servers do not answer just now ({why})."));
        }
        DnsAnswer::Is(names) if !names.is_empty() => names,
        _ => {
            let says =
                format!("{address} has no name; ask whoever lends you the address to give it that of the mail server.");
            return finding(CheckResult::Fail, says);
        }
    };
    for name in &names {
        match dns.addresses(name).await {
            Ok(back) if back.iter().any(|ip| ip.to_canonical() == address.to_canonical()) => {
                return finding(CheckResult::Pass, format!("{address} is {name}, and {name} is {address}."));
            }
            Err(DnsFault::NoAnswerNow(why)) => {
                return finding(CheckResult::Unknown, format!("The name servers do not answer just now ({why})."));
            }
            _ => {}
        }
    }
    finding(
        CheckResult::Fail,
        format!(
            "{address} is called {}, which does not lead back to it; give that name the address.",
            names.join(", ")
        ),
    )
}
