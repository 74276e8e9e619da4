//! Values that a settings file or an environment writes as text: nothing, and addresses with spaces between.

use std::net::{IpAddr, SocketAddr};

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// An empty text is how a file or an environment says "not set".
pub fn none_if_empty<'de, D: Deserializer<'de>, T: From<String>>(d: D) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(d)?;
    Ok((!text.is_empty()).then(|| T::from(text)))
}

/// Addresses with spaces between them, each with or without a port.
pub fn name_servers<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<SocketAddr>, D::Error> {
    let one = |text: &str| {
        let usual = |ip| SocketAddr::new(ip, 53);
        let address = text.parse().or_else(|_| text.parse().map(usual));
        address.map_err(|_| D::Error::custom(format!("{text} is not an address such as 9.9.9.9 or [2620:fe::fe]:53")))
    };
    String::deserialize(d)?.split_whitespace().map(one).collect()
}

/// Addresses with spaces between them.
pub fn addresses<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<IpAddr>, D::Error> {
    let one = |text: &str| text.parse().map_err(|_| D::Error::custom(format!("{text} is not an address")));
    String::deserialize(d)?.split_whitespace().map(one).collect()
}
