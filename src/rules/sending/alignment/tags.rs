//! Records that are lists of tags: DKIM keys and DMARC policies (RFC 6376 section 3.2, RFC 7489).

use std::collections::BTreeMap;

/// Tag and value; the first of a name counts.
pub fn of(record: &str) -> BTreeMap<&str, &str> {
    let mut tags = BTreeMap::new();
    for (name, value) in record.split(';').filter_map(|tag| tag.split_once('=')) {
        tags.entry(name.trim()).or_insert(value.trim());
    }
    tags
}

/// What a domain asks of those who get mail in its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dmarc {
    policy: String,
    /// For domains below the one that has the record.
    policy_below: Option<String>,
    pub strict_dkim: bool,
    pub strict_spf: bool,
}

impl Dmarc {
    /// `None`: this text is no DMARC record.
    pub fn parse(record: &str) -> Option<Dmarc> {
        let tags = of(record);
        let first = record.split(';').next()?;
        let (name, version) = first.split_once('=')?;
        (name.trim() == "v" && version.trim() == "DMARC1").then(|| Dmarc {
            policy: tags.get("p").map_or(String::new(), |p| p.to_ascii_lowercase()),
            policy_below: tags.get("sp").map(|p| p.to_ascii_lowercase()),
            strict_dkim: tags.get("adkim").is_some_and(|m| m.eq_ignore_ascii_case("s")),
            strict_spf: tags.get("aspf").is_some_and(|m| m.eq_ignore_ascii_case("s")),
        })
    }

    /// What it asks for mail from `domain`, when it was found at `at`.
    pub fn policy(&self, domain: &str, at: &str) -> Option<&str> {
        let own = at.strip_prefix("_dmarc.") == Some(domain);
        let policy = match &self.policy_below {
            Some(below) if !own => below,
            _ => &self.policy,
        };
        ["none", "quarantine", "reject"].into_iter().find(|known| known == policy)
    }
}

/// Whether `domain` is `above` or lies below it.
pub fn covers(above: &str, domain: &str) -> bool {
    domain == above || domain.strip_suffix(above).is_some_and(|rest| rest.ends_with('.'))
}

/// Whether nobody can own this domain: names for examples, tests and the machine itself (RFC 2606, RFC 6761).
pub fn is_reserved(domain: &str) -> bool {
    let top = domain.trim_end_matches('.').rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    ["example", "test", "invalid", "localhost"].contains(&top.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_as_receivers_read_them() {
        let dmarc = Dmarc::parse("v=DMARC1 ; p=Reject; sp=quarantine; adkim=s;").unwrap();
        assert!(dmarc.strict_dkim);
        assert_eq!(dmarc.policy("a.example", "_dmarc.a.example"), Some("reject"));
        assert_eq!(dmarc.policy("x.a.example", "_dmarc.a.example"), Some("quarantine"));
        assert_eq!(Dmarc::parse("v=DMARC1; p=maybe").unwrap().policy("a.example", "_dmarc.a.example"), None);
        for other in ["", "v=DMARC2; p=none", "p=none; v=DMARC1", "v=spf1 -all"] {
            assert_eq!(Dmarc::parse(other), None, "{other}");
        }
        assert_eq!(of("v=DKIM1; k=rsa; p=MIIB IjAN;p=other").get("p"), Some(&"MIIB IjAN"));
        assert!(covers("a.example", "x.a.example") && covers("a.example", "a.example"));
        assert!(!covers("a.example", "ba.example") && !covers("x.a.example", "a.example"));
    }

    #[test]
    fn names_that_nobody_can_own_are_known() {
        assert!(is_reserved("northwind.example") && is_reserved("a.TEST.") && is_reserved("localhost"));
        assert!(!is_reserved("example.com") && !is_reserved("northwind.com"));
    }
}
