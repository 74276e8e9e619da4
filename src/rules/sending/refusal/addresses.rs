//! Addresses in prose: where they stand, so that a reader can take them or leave them out.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundAddress {
    /// In lower case.
    pub address: String,
    pub start: usize,
    pub end: usize,
}

/// All addresses of a text with their places. Linear in the text.
pub fn found_in(text: &str) -> Vec<FoundAddress> {
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
            found.push(FoundAddress { address: address.to_lowercase(), start, end });
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

pub fn fits(address: &str) -> bool {
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
