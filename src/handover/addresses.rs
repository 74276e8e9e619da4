//! Which addresses a webhook may reach: none inside our own network, however they are written or resolved.
//!
//! The name is resolved once, every address is looked at, and the connection goes to what was looked at: a name that changes its mind
//! between check and connection gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The resolver for a client that must stay outside.
#[derive(Clone, Copy, Debug)]
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            match found.iter().find(|address| !is_public(address.ip())) {
                Some(inside) => Err(refusal(name.as_str(), inside.ip()).into()),
                None => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}

/// Why a host is not spoken to.
pub fn refusal(host: &str, address: IpAddr) -> String {
    format!(
        "{host} is the address {address}, which is not a public one (allow_private_addresses beside the setting would allow it)"
    )
}

/// Whether this is the address of a machine on the open internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0 // this network
        || a == 127
        || address.is_private()
        || address.is_link_local()
        || (a == 100 && (64..128).contains(&b)) // carriers' own
        || (a == 192 && b == 0 && c == 0) // protocol assignments
        || (a == 192 && b == 88 && c == 99) // 6to4 relays
        || (a == 198 && (b == 18 || b == 19)) // benchmarks
        || address.is_documentation()
        || a >= 224) // multicast, reserved, broadcast
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let octets = address.octets();
    let embedded = |at: usize| {
        let part = |i: usize| octets.get(at + i).copied().unwrap_or(0);
        is_public_v4(Ipv4Addr::new(part(0), part(1), part(2), part(3)))
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff, ..] => embedded(12),                // mapped
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => embedded(12),             // NAT64
        [0x2002, ..] => embedded(2),                                // 6to4
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8, // Teredo, benchmarks, ORCHID; documentation
        [0x3fff, second, ..] => second >= 0x1000,                   // documentation
        [first, ..] => first & 0xe000 == 0x2000,                    // the only block given out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s12_addresses_inside_are_refused_in_every_form() {
        for inside in [
            "127.0.0.1",
            "127.255.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.2.1",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "100::1",
            "3fff::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
    }

    #[test]
    fn s12_twin_addresses_outside_are_not() {
        for outside in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2a00::1",
            "2001:4860::8",
        ] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }
}
