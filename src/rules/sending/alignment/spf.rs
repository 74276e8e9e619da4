//! SPF records as text (RFC 7208): their terms, and what to write so that an address is permitted. `mail::domains::spf` asks what they
//! refer to.

use std::net::IpAddr;

/// Whether a domain permits an address to send in its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permission {
    Yes,
    /// With the qualifier that says so: `-`, `~` or `?`.
    No(char),
    /// The record cannot be evaluated, by anybody.
    Invalid(String),
    /// We cannot know just now, or not at all.
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mechanism {
    All,
    Include(String),
    /// The addresses of the domain, or of the record's own.
    Address(Option<String>, Widths),
    MailHosts(Option<String>, Widths),
    Network(IpAddr, u8),
    /// `exists` and `ptr`: they depend on more than an address.
    Other(String),
}

/// Prefix lengths for IPv4 and IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Widths(pub u8, pub u8);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spf {
    pub terms: Vec<(char, Mechanism)>,
    pub redirect: Option<String>,
}

pub fn is_spf(record: &str) -> bool {
    record.split(' ').next().is_some_and(|first| first.eq_ignore_ascii_case("v=spf1"))
}

impl Spf {
    /// The error is put after "The SPF record ... is invalid: ".
    pub fn parse(record: &str) -> Result<Spf, String> {
        let mut spf = Spf::default();
        for term in record.split(' ').skip(1).filter(|term| !term.is_empty()) {
            let qualifier = term.chars().next().filter(|c| "+-~?".contains(*c));
            let (sign, rest) = (qualifier.unwrap_or('+'), term.trim_start_matches(|c| Some(c) == qualifier));
            let name_ends = rest.find([':', '=', '/']).unwrap_or(rest.len());
            let (name, value) = rest.split_at(name_ends);
            if let Some(value) = value.strip_prefix('=') {
                if name.eq_ignore_ascii_case("redirect") {
                    spf.redirect = Some(value.to_ascii_lowercase());
                }
                continue;
            }
            let mechanism =
                mechanism(&name.to_ascii_lowercase(), value).ok_or_else(|| format!("{term} cannot be read"))?;
            spf.terms.push((sign, mechanism));
        }
        Ok(spf)
    }
}

fn mechanism(name: &str, value: &str) -> Option<Mechanism> {
    let (domain, widths) = value.split_once('/').map_or((value, None), |(domain, widths)| (domain, Some(widths)));
    let domain = domain.strip_prefix(':').map(str::to_ascii_lowercase);
    Some(match name {
        "all" if value.is_empty() => Mechanism::All,
        "include" => Mechanism::Include(value.strip_prefix(':')?.to_ascii_lowercase()),
        "a" => Mechanism::Address(domain, two_widths(widths)?),
        "mx" => Mechanism::MailHosts(domain, two_widths(widths)?),
        "ip4" | "ip6" => {
            let (text, width) = value
                .strip_prefix(':')?
                .split_once('/')
                .map_or((value.strip_prefix(':')?, None), |(a, w)| (a, Some(w)));
            let address: IpAddr = text.parse().ok()?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            let width = width.map_or(Some(most), |w| w.parse().ok())?;
            ((name == "ip4") == address.is_ipv4() && width <= most).then_some(Mechanism::Network(address, width))?
        }
        "exists" | "ptr" => Mechanism::Other(name.into()),
        _ => return None,
    })
}

/// `24`, `24//64` or `/64` after the first slash.
fn two_widths(text: Option<&str>) -> Option<Widths> {
    let Some(text) = text else { return Some(Widths(32, 128)) };
    let (four, six) = match text.split_once("//") {
        Some((four, six)) => (Some(four), Some(six)),
        None => text.strip_prefix('/').map_or((Some(text), None), |six| (None, Some(six))),
    };
    let width = |text: Option<&str>, most: u8| text.map_or(Some(most), |t| t.parse().ok().filter(|w| *w <= most));
    Some(Widths(width(four, 32)?, width(six, 128)?))
}

/// Whether two addresses agree in their first bits.
pub fn same_network(a: IpAddr, b: IpAddr, width: u8) -> bool {
    match (a.to_canonical(), b.to_canonical()) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            let differ = u32::from(a) ^ u32::from(b);
            differ.checked_shr(32 - u32::from(width.min(32))).unwrap_or(0) == 0
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            let differ = u128::from(a) ^ u128::from(b);
            differ.checked_shr(128 - u32::from(width.min(128))).unwrap_or(0) == 0
        }
        _ => false,
    }
}

pub fn permits_everybody(record: &str) -> bool {
    Spf::parse(record).is_ok_and(|spf| spf.terms.contains(&('+', Mechanism::All)))
}

/// The term that permits one address.
pub fn term(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(four) => format!("ip4:{four}"),
        IpAddr::V6(six) => format!("ip6:{six}"),
    }
}

/// The record with these addresses permitted, before whatever decides about the rest.
pub fn with(record: &str, addresses: impl Iterator<Item = IpAddr>) -> String {
    let (first, rest) = record.split_once(' ').unwrap_or((record, ""));
    let added: String = addresses.map(|ip| format!(" {}", term(ip))).collect();
    format!("{first}{added} {rest}").trim_end().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read() {
        let spf = Spf::parse("v=spf1 ip4:192.0.2.0/24 -ip6:2001:db8::/32 a mx:mail.Acme.example//64 a:x.example/28 ?include:_spf.example redirect=r.example exp=e.example ~all").unwrap();
        assert_eq!(
            spf.terms,
            [
                ('+', Mechanism::Network("192.0.2.0".parse().unwrap(), 24)),
                ('-', Mechanism::Network("2001:db8::".parse().unwrap(), 32)),
                ('+', Mechanism::Address(None, Widths(32, 128))),
                ('+', Mechanism::MailHosts(Some("mail.acme.example".into()), Widths(32, 64))),
                ('+', Mechanism::Address(Some("x.example".into()), Widths(28, 128))),
                ('?', Mechanism::Include("_spf.example".into())),
                ('~', Mechanism::All),
            ]
        );
        assert_eq!(spf.redirect.as_deref(), Some("r.example"));
        for bad in [
            "v=spf1 ip4:x",
            "v=spf1 ip4:2001:db8::1",
            "v=spf1 ip4:192.0.2.0/33",
            "v=spf1 foo",
            "v=spf1 all:x",
            "v=spf1 include",
            "v=spf1 a/99",
        ] {
            assert!(Spf::parse(bad).is_err(), "{bad}");
        }
        assert!(is_spf("V=SPF1 -all") && is_spf("v=spf1") && !is_spf("v=spf10 -all"));
        assert!(permits_everybody("v=spf1 mx all") && !permits_everybody("v=spf1 mx ~all"));
    }

    #[test]
    fn networks_and_what_to_write() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(
            same_network(ip("192.0.2.9"), ip("192.0.2.0"), 24) && !same_network(ip("192.0.3.9"), ip("192.0.2.0"), 24)
        );
        assert!(
            same_network(ip("192.0.2.9"), ip("10.0.0.0"), 0) && !same_network(ip("192.0.2.9"), ip("192.0.2.8"), 32)
        );
        assert!(
            same_network(ip("2001:db8::1"), ip("2001:db8::"), 32)
                && !same_network(ip("2001:db8::1"), ip("192.0.2.1"), 0)
        );
        assert_eq!(
            with("v=spf1 mx -all", [ip("192.0.2.9"), ip("2001:db8::1")].into_iter()),
            "v=spf1 ip4:192.0.2.9 ip6:2001:db8::1 mx -all"
        );
    }
}
