//! Addresses as they stand on the wire: the domain as an A-label, the local part untouched.
//!
//! M11: an international domain is always spelled in ASCII, so that only the local part can need SMTPUTF8.

use crate::base::address::EmailAddress;

/// The ASCII spelling of a domain; `None` where no such domain can exist.
pub fn a_label(domain: &str) -> Option<String> {
    if domain.is_ascii() {
        return Some(domain.to_ascii_lowercase());
    }
    idna::domain_to_ascii(domain).ok().filter(|label| !label.is_empty())
}

/// The whole address with its domain in ASCII.
pub fn on_the_wire(address: &EmailAddress) -> Option<String> {
    Some(format!("{}@{}", address.local(), a_label(address.domain())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m11_international_domains_become_a_labels() {
        assert_eq!(a_label("bücher.example").as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!(a_label("Plain.example").as_deref(), Some("plain.example"));
        let address = EmailAddress::parse("anna@bücher.example").unwrap();
        assert_eq!(on_the_wire(&address).as_deref(), Some("anna@xn--bcher-kva.example"));
    }
}
