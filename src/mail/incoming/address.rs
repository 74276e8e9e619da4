//! Addresses in reports and in prose: found, freed of what surrounds them, in lower case.

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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// In lower case.
    pub address: String,
    pub start: usize,
    pub end: usize,
}

/// All addresses of a text with their places. Linear in the text.
pub fn found_in(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices('@') {
        if at < from {
            continue;
        }
        let before = &text[from..at];
        let mut start =
            at - before.chars().rev().take_while(|c| in_local(*c)).take(64).map(char::len_utf8).sum::<usize>();
        let after = &text[at + 1..];
        let mut end = at + 1 + after.chars().take_while(|c| in_domain(*c)).take(255).map(char::len_utf8).sum::<usize>();
        end -= text[at + 1..end].len() - text[at + 1..end].trim_end_matches(['.', '-']).len();
        // A word that ends in a quote or a dot before the address is not of it.
        start += text[start..at].len() - text[start..at].trim_start_matches(['.', '\'', '/', '|', '=', '*']).len();
        let address = &text[start..end];
        if fits(address) {
            from = end;
            found.push(Found { address: address.to_lowercase(), start, end });
        }
    }
    found
}

fn in_local(c: char) -> bool {
    c.is_alphanumeric()
        || ".!#$%&'*+-/=?^_`{|}~".contains(c)
        || (!c.is_ascii() && !c.is_whitespace() && !is_cjk_bracket(c))
}

fn in_domain(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '.'
}

/// Quotes and brackets outside ASCII that are written right beside an address.
fn is_cjk_bracket(c: char) -> bool {
    "「」『』（）【】〈〉《》“”‘’„«»、。：，；".contains(c)
}

fn fits(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    !local.is_empty()
        && local.len() <= 128
        && !local.contains('@')
        && !address.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\".contains(c))
        && !domain.is_empty()
        && domain.len() <= 255
        && domain.chars().all(in_domain)
        && !domain.starts_with(['.', '-'])
        && !domain.ends_with(['.', '-'])
}
