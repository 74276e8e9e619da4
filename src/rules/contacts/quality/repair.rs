//! What a row may be meant to say: proposals for findings that have one, never applied unasked.

use std::collections::BTreeMap;

use crate::base::address::EmailAddress;
use crate::rules::contacts::row::capitals::usual_case;
use crate::rules::contacts::row::{Field, Row};
use crate::rules::contacts::{Finding, ListedContact};

/// What is to change, by the name of the column.
pub type Repair = BTreeMap<String, String>;

/// The repair of a finding, where there is one. `home` is the domain of the account.
pub fn repair(finding: &Finding, row: &ListedContact, home: Option<&str>) -> Option<Repair> {
    let changed: Vec<(Field, String)> = match finding.code.as_str() {
        "names_swapped" => {
            let (first, last) = (usual_case(&row.last_name), usual_case(&row.first_name));
            vec![(Field::FirstName, first), (Field::LastName, last)]
        }
        "name_in_capitals" => return usual_names(row),
        "foreign_domain" => {
            let address = address(row.email.as_str(), home).filter(|address| *address != row.email)?;
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

/// The same in a row that was left out.
pub fn of_left_out(finding: &Finding, row: &Row, home: Option<&str>) -> Option<Repair> {
    let field = Field::ALL.into_iter().find(|field| field.as_str() == finding.field)?;
    let text = row.get(field);
    let meant = match (finding.code.as_str(), field) {
        ("address_invalid" | "line_break_in_cell", Field::Email) => address(text, home)?.to_string(),
        ("account_director_missing" | "line_break_in_cell", Field::DirectorEmail | Field::ManagerEmail) => {
            address(text, None)?.to_string()
        }
        ("line_break_in_cell", _) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => return None,
    };
    (meant != text && !meant.is_empty()).then(|| Repair::from([(field.as_str().to_owned(), meant)]))
}

/// Whether a repair says where mail goes, or who signs.
pub fn is_of_address(repair: &Repair) -> bool {
    [Field::Email, Field::DirectorEmail, Field::ManagerEmail].iter().any(|field| repair.contains_key(field.as_str()))
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
pub fn address(text: &str, home: Option<&str>) -> Option<EmailAddress> {
    let tidy: String =
        text.chars().filter(|c| !c.is_whitespace()).collect::<String>().replace(',', ".").replace("..", ".");
    let tidy = tidy.replace("@@", "@").replace(['(', ')', '<', '>', ';'], "").replace("[at]", "@");
    let tidy = tidy.trim_matches('.');
    let (local, domain) = tidy.rsplit_once('@')?;
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
        let home = Some("acme.example");
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
            assert_eq!(address(text, home).map(|a| a.to_string()).as_deref(), meant, "{text}");
        }
        assert_eq!(address("anna@acmme.example", None), None, "nobody knows the domain");
    }

    #[test]
    fn rows_that_were_left_out_have_proposals_of_their_own() {
        let told = |code: &str, field: Field, text: &str| {
            let mut row = Row::new(2);
            row.set(field, text);
            let finding = row.finding(code, crate::rules::contacts::Severity::Error, field, "");
            of_left_out(&finding, &row, Some("acme.example")).and_then(|mut repair| repair.remove(field.as_str()))
        };
        for (code, field, text, meant) in [
            ("address_invalid", Field::Email, "kai@acme", Some("kai@acme.example")),
            ("address_invalid", Field::Email, "kai", None),
            ("line_break_in_cell", Field::Email, "kai@acme.example\n", Some("kai@acme.example")),
            ("line_break_in_cell", Field::Account, "Acme\r\n  Ltd", Some("Acme Ltd")),
            ("account_director_missing", Field::DirectorEmail, "dora@client,example", Some("dora@client.example")),
            ("account_director_missing", Field::DirectorEmail, "dora@acme", None),
            ("account_director_missing", Field::DirectorEmail, "", None),
            ("duplicate_address", Field::Email, "kai@acme.example", None),
        ] {
            assert_eq!(told(code, field, text).as_deref(), meant, "{code} {text:?}");
        }
    }
}
