//! What stands behind the question mark of an address: made of names and values, and read again.

use axum::extract::Query;
use axum::http::Uri;

/// A query string of these, escaped; empty values are left out.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let said: Vec<String> =
        pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{}={}", escape(k), escape(v))).collect();
    if said.is_empty() { String::new() } else { format!("?{}", said.join("&")) }
}

/// An address with one thing said behind it.
pub fn with(path: String, name: &str, value: &str) -> String {
    format!("{path}{}", query(&[(name, value)]))
}

/// Percent-encoded, so that it stays one word of an address.
pub fn escape(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

/// A mail that the reader's own program writes (RFC 6068): to whom, with a subject and words to begin with.
pub fn mail_to(email: &str, subject: &str, words: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let words = words.replace("\r\n", "\n").replace('\n', "\r\n");
    format!("mailto:{}@{}?subject={}&body={}", escape(local), escape(domain), escape(subject), escape(&words))
}

/// What stands there; unreadable: nothing.
pub fn pairs(uri: &Uri) -> Vec<(String, String)> {
    Query::<Vec<(String, String)>>::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

/// What the address says beside, such as filters and the page of a list; with `&` behind each.
pub fn without(uri: &Uri, names: &[&str]) -> String {
    let others = pairs(uri).into_iter().filter(|(name, _)| !names.contains(&name.as_str()));
    others.map(|(name, value)| format!("{}={}&", escape(&name), escape(&value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s13_nothing_typed_leaves_its_place_in_an_address() {
        assert_eq!(query(&[("q", "a&b=c#d"), ("page", ""), ("x", "é//evil")]), "?q=a%26b%3Dc%23d&x=%C3%A9%2F%2Fevil");
        assert_eq!(query(&[("q", "")]), "");
    }

    #[test]
    fn a_mail_to_somebody_has_one_address_whatever_its_words_say() {
        assert_eq!(
            mail_to("ann+x@globex.example", "A word & more", "Dear Ann,\n\n100 %?&bcc=x@y.example"),
            "mailto:ann%2Bx@globex.example?subject=A%20word%20%26%20more&body=Dear%20Ann%2C%0D%0A%0D%0A100%20%25%3F%26bcc%3Dx%40y.example"
        );
    }
}
