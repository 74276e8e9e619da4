//! Addresses in reports and in prose: found, freed of what surrounds them, in lower case.

pub use crate::rules::sending::refusal::addresses::{FoundAddress, fits, found_in};

/// One address out of whatever a report writes for it: `<a@b>`, `rfc822;a@b`, `@relay:a@b`, `"a b"@c`, or a command line around it.
pub fn tidy(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['<', '>', '"', '\'', ' ']);
    let text = text.strip_prefix('@').and_then(|t| t.split_once(':')).map_or(text, |(_, rest)| rest);
    if fits(text) {
        return Some(text.to_lowercase());
    }
    found_in(text).into_iter().next().map(|f| f.address)
}

/// An address of a report's field: `type; address`, with what RFC 3461 and RFC 6533 write in other letters undone.
pub fn of_field(value: &str) -> Option<String> {
    let (kind, address) = value.split_once(';').unwrap_or(("rfc822", value));
    // Some write the type twice.
    let address = address.trim().strip_prefix("rfc822;").unwrap_or(address).trim();
    let plain = match kind.trim().to_ascii_lowercase().as_str() {
        "utf-8" => without_utf8_escapes(address),
        "x400" | "x.400" => return None,
        _ => without_xtext(address),
    };
    tidy(&plain)
}

/// `+2B` and `+3D`, which no sender could avoid in xtext. Other pairs are more often part of a tagged address than of xtext.
fn without_xtext(address: &str) -> String {
    address.replace("+2B", "+").replace("+3D", "=")
}

/// `\x{8C6A}` of RFC 6533.
fn without_utf8_escapes(address: &str) -> String {
    let mut plain = String::new();
    let mut rest = address;
    while let Some((before, after)) = rest.split_once("\\x{") {
        plain.push_str(before);
        let Some((hex, tail)) = after.split_once('}') else { break };
        plain.extend(u32::from_str_radix(hex, 16).ok().and_then(char::from_u32));
        rest = tail;
    }
    plain.push_str(rest);
    plain
}
