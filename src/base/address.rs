//! E-mail addresses that SMTP takes without quoting, in one spelling.
//!
//! Accepted: the dot-atom form of RFC 5321 with a domain of at least two labels, local part up to 64 and domain up to 255 octets. Quoted
//! local parts, comments, address literals, leading hyphens (they read as options to programs that call others), control characters and
//! spaces are refused. Characters that nobody sees are dropped and full-width letters become plain ones. The domain is kept in one
//! spelling, lower case with its own letters (UTS 46), and becomes an A-label when messages are built; the local part keeps its letters but
//! two addresses are the same person when they differ only in case.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::spelling::{lower, plain};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Parses after trimming white space. The error says what is wrong, to be put after "The address ... ".
    pub fn parse(text: &str) -> Result<EmailAddress, &'static str> {
        let text = plain(text);
        let text = text.trim();
        if text.is_empty() {
            return Err("is empty");
        }
        if text.len() > 254 {
            return Err("is longer than 254 characters");
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err("has a space or a line break in it");
        }
        let Some((local, domain)) = text.rsplit_once('@') else { return Err("has no @") };
        if local.is_empty() {
            return Err("has nothing before the @");
        }
        if local.contains('@') {
            return Err("has more than one @");
        }
        if local.len() > 64 {
            return Err("has more than 64 characters before the @");
        }
        if local.starts_with('-') || local.starts_with('.') || local.ends_with('.') || local.contains("..") {
            return Err("has a dot or hyphen where none may stand before the @");
        }
        if !local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)) {
            return Err("has a character before the @ that addresses do not have");
        }
        let domain = one_spelling(domain)?;
        check_domain(&domain)?;
        Ok(EmailAddress(format!("{local}@{domain}")))
    }

    /// An address as it was kept by an earlier version, whose rules took what is refused today.
    pub fn kept(text: String) -> EmailAddress {
        EmailAddress(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The spelling under which two addresses are one mailbox for us: all lower case.
    pub fn key(&self) -> String {
        lower(&self.0)
    }

    /// The same mailbox in the spelling of its key, so that who is spelled twice gets one mail.
    pub fn folded(&self) -> EmailAddress {
        EmailAddress(self.key())
    }

    /// For logs: the first letter and the domain.
    pub fn masked(&self) -> String {
        format!("{}***@{}", self.local().chars().next().unwrap_or('?'), self.domain())
    }
}

/// The key of an address that came from elsewhere; what is no address is only lowered.
pub fn key_of(text: &str) -> String {
    EmailAddress::parse(text).map_or_else(|_| text.trim().to_lowercase(), |address| address.key())
}

/// U-labels, lower case: an A-label and the letters that it stands for are one domain.
fn one_spelling(domain: &str) -> Result<String, &'static str> {
    let lowered = domain.to_ascii_lowercase();
    if domain.is_ascii() && !lowered.split('.').any(|label| label.starts_with("xn--")) {
        return Ok(lowered);
    }
    let Ok(ascii) = idna::domain_to_ascii(domain) else {
        // An A-label that stands for no letters may be registered all the same.
        return if domain.is_ascii() { Ok(lowered) } else { Err("has a domain that cannot exist") };
    };
    let (letters, read) = idna::domain_to_unicode(&ascii);
    Ok(if read.is_ok() { letters } else { ascii })
}

fn check_domain(domain: &str) -> Result<(), &'static str> {
    if domain.is_empty() {
        return Err("has no domain after the @");
    }
    if !domain.contains('.') {
        return Err("has a domain without a dot");
    }
    let label_ok = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || !c.is_ascii())
    };
    if !domain.split('.').all(label_ok) {
        return Err("has a domain that cannot exist");
    }
    let last = domain.rsplit('.').next().unwrap_or("");
    if last.chars().all(|c| c.is_ascii_digit()) || last.chars().count() < 2 {
        return Err("has a domain that cannot exist");
    }
    Ok(())
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = String;

    fn try_from(text: String) -> Result<EmailAddress, String> {
        EmailAddress::parse(&text).map_err(|why| format!("The address {text} {why}."))
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> String {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s08_refuses_what_other_programs_could_misread() {
        for bad in
            ["-oQ@example.com", "a b@example.com", "\"a b\"@example.com", "a@b@example.com", "a\r\nBcc: x@example.com"]
        {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn keeps_the_local_part_and_lowers_the_domain() {
        let address = EmailAddress::parse(" Anna.Smith@Example.COM ").unwrap();
        assert_eq!(address.as_str(), "Anna.Smith@example.com");
        assert_eq!(address.key(), "anna.smith@example.com");
        assert_eq!(address.masked(), "A***@example.com");
    }

    #[test]
    fn one_mailbox_has_one_key() {
        let one = EmailAddress::parse("anna@bücher.example").unwrap();
        assert_eq!(one.as_str(), "anna@bücher.example");
        for text in [
            "anna@xn--bcher-kva.example",
            "Anna@XN--BCHER-KVA.example",
            "anna@BÜCHER.example",
            "anna@bu\u{308}cher.example",
            "anna@ｂücher.example",
            "ａｎｎａ＠bücher.example",
            "anna@bücher。example",
            "\u{feff}an\u{200b}na@bü\u{ad}cher.example\u{202c}",
            "\u{a0}anna@bücher.example\u{2009}",
        ] {
            let address = EmailAddress::parse(text).unwrap();
            assert_eq!(address.key(), one.key(), "{text:?}");
            assert_eq!(address.domain(), "bücher.example", "{text:?}");
        }
        // Letters of a local part in two Unicode forms; kana with marks of their own; Greek that ends in another sigma.
        for (a, b) in [
            ("jörg@x.example", "JO\u{308}RG@x.example"),
            ("a@ｱｲ.example", "a@アイ.example"),
            ("a@ガス.example", "a@カ\u{3099}ス.example"),
            ("νίκος@x.example", "ΝΊΚΟΣ@x.example"),
            ("a@straße.example", "a@xn--strae-oqa.example"),
        ] {
            assert_eq!(EmailAddress::parse(a).unwrap().key(), EmailAddress::parse(b).unwrap().key(), "{a} {b}");
        }
        for (a, b) in [("a@straße.example", "a@strasse.example"), ("anna@bucher.example", "anna@bücher.example")] {
            assert_ne!(EmailAddress::parse(a).unwrap().key(), EmailAddress::parse(b).unwrap().key(), "{a} {b}");
        }
    }

    #[test]
    fn what_was_made_plain_is_checked() {
        for bad in
            ["a＠b＠example.com", "－oQ@example.com", "a\u{3000}b@example.com", "a@ex\u{200b}..com", "a@xn--.example"]
        {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(
            EmailAddress::parse("a@xn--zzzzzzzz.example").map(|a| a.to_string()),
            Ok("a@xn--zzzzzzzz.example".into())
        );
        assert_eq!(key_of("Anna@XN--BCHER-KVA.example"), "anna@bücher.example");
        assert_eq!(key_of(" Nobody "), "nobody");
    }

    #[test]
    fn names_what_is_wrong() {
        assert_eq!(EmailAddress::parse("anna.smith@"), Err("has no domain after the @"));
        assert_eq!(EmailAddress::parse("anna at x.example"), Err("has a space or a line break in it"));
        assert_eq!(EmailAddress::parse("anna@example"), Err("has a domain without a dot"));
        assert_eq!(EmailAddress::parse("n/a"), Err("has no @"));
    }
}
