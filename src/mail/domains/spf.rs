//! Asks whether a domain permits an address to send for it, following what its SPF record refers to (RFC 7208 section 4).
//!
//! At most ten questions, as receivers allow; a record that needs more is invalid for everybody.

use std::net::IpAddr;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::rules::sending::alignment::spf::{Mechanism, Permission, Spf, Widths, is_spf, same_network};

use super::dns::{Dns, DnsFault};

const QUESTIONS: u32 = 10;

pub async fn permits(dns: &Dns, domain: &str, address: IpAddr) -> Permission {
    let mut search = Search { dns, address, left: QUESTIONS };
    match search.decide(domain.to_string()).await {
        Ok('+') => Permission::Yes,
        Ok(sign) => Permission::No(sign),
        Err(why) => why,
    }
}

struct Search<'a> {
    dns: &'a Dns,
    address: IpAddr,
    left: u32,
}

impl Search<'_> {
    /// The sign of the first term that fits; `?` when none does.
    fn decide(&mut self, domain: String) -> BoxFuture<'_, Result<char, Permission>> {
        async move {
            let texts = self.dns.txt(&domain).await.map_err(|fault| cannot(&domain, &fault))?;
            let records: Vec<&String> = texts.iter().filter(|text| is_spf(text)).collect();
            let [record] = records.as_slice() else {
                return Err(Permission::Invalid(format!("{domain} has {} SPF records", records.len())));
            };
            let spf = Spf::parse(record).map_err(Permission::Invalid)?;
            for (sign, mechanism) in &spf.terms {
                if self.fits(mechanism, &domain).await? {
                    return Ok(*sign);
                }
            }
            match spf.redirect {
                Some(other) => {
                    self.spend()?;
                    self.decide(plain(other)?).await
                }
                None => Ok('?'),
            }
        }
        .boxed()
    }

    async fn fits(&mut self, mechanism: &Mechanism, domain: &str) -> Result<bool, Permission> {
        let own = |of: &Option<String>| of.clone().map_or(Ok(domain.to_string()), plain);
        Ok(match mechanism {
            Mechanism::All => true,
            Mechanism::Network(network, width) => same_network(self.address, *network, *width),
            Mechanism::Include(other) => {
                self.spend()?;
                self.decide(plain(other.clone())?).await? == '+'
            }
            Mechanism::Address(of, widths) => {
                self.spend()?;
                self.is_of(&own(of)?, *widths).await?
            }
            Mechanism::MailHosts(of, widths) => {
                self.spend()?;
                let of = own(of)?;
                let hosts = match self.dns.mx(&of).await {
                    Ok(hosts) => hosts,
                    Err(DnsFault::NoSuchDomain | DnsFault::TakesNoMail) => Vec::new(),
                    Err(fault) => return Err(cannot(&of, &fault)),
                };
                for (_, host) in hosts.iter().take(QUESTIONS as usize) {
                    if self.is_of(host, *widths).await? {
                        return Ok(true);
                    }
                }
                false
            }
            Mechanism::Other(name) => {
                return Err(Permission::Unknown(format!("it uses {name}, which depends on more than the address")));
            }
        })
    }

    async fn is_of(&self, host: &str, widths: Widths) -> Result<bool, Permission> {
        let found = match self.dns.addresses(host).await {
            Ok(found) => found,
            Err(DnsFault::NoSuchDomain) => Vec::new(),
            Err(fault) => return Err(cannot(host, &fault)),
        };
        let width = if self.address.to_canonical().is_ipv4() { widths.0 } else { widths.1 };
        Ok(found.into_iter().any(|ip| same_network(self.address, ip, width)))
    }

    fn spend(&mut self) -> Result<(), Permission> {
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            Permission::Invalid(format!("it needs more than {QUESTIONS} questions, which no receiver asks"))
        })?;
        Ok(())
    }
}

fn cannot(domain: &str, fault: &DnsFault) -> Permission {
    match fault {
        DnsFault::NoAnswerNow(_) => Permission::Unknown(format!("{domain}: {fault}")),
        _ => Permission::Invalid(format!("{domain}: {fault}")),
    }
}

/// Names that are made for each mail (`%{i}`) cannot be asked for beforehand.
fn plain(domain: String) -> Result<String, Permission> {
    if domain.contains('%') {
        return Err(Permission::Unknown(format!("{domain} is made anew for each mail")));
    }
    Ok(domain)
}
