//! What a row may be meant to say: proposals for findings that have one, never applied unasked.

use std::collections::BTreeMap;

use crate::base::address::EmailAddress;
use crate::rules::contacts::account::prevailing;
use crate::rules::contacts::capitals::usual_case;
use crate::rules::contacts::row::Field;
use crate::rules::contacts::{Finding, ListedContact};

/// What is to change, by the name of the column.
pub type Repair = BTreeMap<String, String>;

/// The repair of a finding, where there is one. `domains` are those of the other rows of the account, one for each row.
pub fn repair(finding: &Finding, row: &ListedContact, domains: &[&str]) -> Option<Repair> {
    let changed: Vec<(Field, String)> = match finding.code.as_str() {
        "names_swapped" => {
            let (first, last) = (usual_case(&row.last_name), usual_case(&row.first_name));
            vec![(Field::FirstName, first), (Field::LastName, last)]
        }
        "name_in_capitals" => return usual_names(row),
        "foreign_domain" => {
            let address = address(row.email.as_str(), domains).filter(|address| *address != row.email)?;
            vec![(Field::Email, address.to_string())]
        }
        // What was concluded, in the words that nobody can take for something else.
        "time_zone_ambiguous" | "time_zone_fixed" | "time_zone_unknown" if !row.time_zone.is_empty() => {
            vec![(Field::TimeZone, row.time_zone.clone())]
        }
        _ => return None,
    };
    let changed: Repair = changed.into_iter().map(|(field, text)| (field.as_str().to_owned(), text)).collect();
    (!changed.is_empty()).then_some(changed)
}

/// Both names in their usual case, as far as that changes them.
pub fn usual_names(row: &ListedContact) -> Option<Repair> {
    let both = [(Field::FirstName, &row.first_name), (Field::LastName, &row.last_name)];
    let usual = both.into_iter().map(|(field, name)| (field, name, usual_case(name)));
    let changed: Repair = usual
        .filter(|(_, name, usual)| *name != usual)
        .map(|(field, _, usual)| (field.as_str().to_owned(), usual))
        .collect();
    (!changed.is_empty()).then_some(changed)
}

/// The address that a text with a typing error may mean: signs that no address has, a domain that is nearly that of the account.
pub fn address(text: &str, domains: &[&str]) -> Option<EmailAddress> {
    let tidy: String =
        text.chars().filter(|c| !c.is_whitespace()).collect::<String>().replace(',', ".").replace("..", ".");
    let tidy = tidy.replace("@@", "@").replace(['(', ')', '<', '>', ';'], "").replace("[at]", "@");
    let tidy = tidy.trim_matches('.');
    let (local, domain) = tidy.rsplit_once('@')?;
    let home = prevailing(domains).filter(|home| domains.iter().filter(|d| d == home).count() > 1);
    let meant = match home {
        Some(home) if nearly(domain, home) => home,
        _ => domain,
    };
    let address = EmailAddress::parse(&format!("{local}@{meant}")).ok()?;
    (address.as_str() != text).then_some(address)
}

/// One letter more or less, another one, or two changed about; or the domain without its end.
fn nearly(domain: &str, home: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (domain.to_lowercase().chars().collect(), home.chars().collect());
    if a == b || a.len() < 4 || a.len().abs_diff(b.len()) > 1 {
        let name = home.split('.').next().unwrap_or("");
        return a != b && (domain.is_empty() || domain.eq_ignore_ascii_case(name));
    }
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = |letters: &[char], n: usize| letters.get(same + n..).unwrap_or_default().to_vec();
    let swapped = a.get(same) == b.get(same + 1) && a.get(same + 1) == b.get(same);
    tail(&a, 1) == tail(&b, 1)
        || tail(&a, 0) == tail(&b, 1)
        || tail(&a, 1) == tail(&b, 0)
        || swapped && tail(&a, 2) == tail(&b, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_with_typing_errors_are_proposed_right() {
        let domains = ["acme.example", "acme.example", "other.example"];
        for (text, meant) in [
            ("anna@acme,example", Some("anna@acme.example")),
            ("anna @acme.example", Some("anna@acme.example")),
            ("anna@@acme.example", Some("anna@acme.example")),
            ("anna@acme", Some("anna@acme.example")),
            ("anna@", Some("anna@acme.example")),
            ("anna@acmme.example", Some("anna@acme.example")),
            ("anna@amce.example", Some("anna@acme.example")),
            ("anna@acne.example", Some("anna@acme.example")),
            ("anna[at]acme.example", Some("anna@acme.example")),
            ("anna", None),
            ("anna@initech.example", None),
            ("anna@acme.example", None),
            ("@", None),
        ] {
            assert_eq!(address(text, &domains).map(|a| a.to_string()).as_deref(), meant, "{text}");
        }
        assert_eq!(address("anna@acmme.example", &["acme.example"]), None, "one row is no witness");
    }
}
