//! What a row may be meant to say: proposals for findings that have one, never applied unasked.

use std::collections::BTreeMap;

use crate::base::address::EmailAddress;
use crate::base::spelling;
use crate::rules::contacts::row::capitals::{in_capitals, usual_case};
use crate::rules::contacts::row::cells::breaks_line;
use crate::rules::contacts::row::header_or_address::{is_header_or_address, is_nobody};
use crate::rules::contacts::row::{Field, Row};
use crate::rules::contacts::{Colleague, Finding, ListedContact};

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
    as_repair(changed)
}

/// By the names of the columns. Nothing is proposed that would make the line of a mail somebody's name.
fn as_repair(changed: Vec<(Field, String)>) -> Option<Repair> {
    let wrong = |(field, text): &(Field, String)| match field {
        Field::Email | Field::DirectorEmail | Field::ManagerEmail => false,
        Field::FirstName | Field::LastName | Field::FullName => is_nobody(text),
        _ => is_header_or_address(text),
    };
    if changed.is_empty() || changed.iter().any(wrong) {
        return None;
    }
    Some(changed.into_iter().map(|(field, text)| (field.as_str().to_owned(), text)).collect())
}

/// The repairs of a finding about the list as a whole, by row.
pub fn of_list(finding: &Finding, contacts: &[ListedContact]) -> Vec<(u64, Repair)> {
    if finding.code != "name_in_capitals" || !finding.value.is_empty() {
        return Vec::new();
    }
    let large = contacts.iter().filter(|c| in_capitals(&c.first_name, &c.last_name));
    large.filter_map(|contact| Some((contact.line, usual_names(contact)?))).collect()
}

/// The same in a row that was left out. `director` is the only one whom the rows of its account name.
pub fn of_left_out(finding: &Finding, row: &Row, home: Option<&str>, director: Option<&Colleague>) -> Option<Repair> {
    let field = Field::ALL.into_iter().find(|field| field.as_str() == finding.field)?;
    let text = row.get(field);
    let meant = match (finding.code.as_str(), field) {
        ("address_invalid" | "line_break_in_cell", Field::Email) => address(text, home)?.to_string(),
        ("account_director_missing", Field::DirectorEmail) if text.is_empty() => director?.email.to_string(),
        ("account_director_missing" | "line_break_in_cell", Field::DirectorEmail | Field::ManagerEmail) => {
            address(text, None)?.to_string()
        }
        // A header that begins in a line of its own is told from the lines, and no longer when they are one.
        ("line_break_in_cell", _) if !is_header_or_address(text) => {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        }
        _ => return None,
    };
    if meant == text || meant.is_empty() {
        return None;
    }
    as_repair(vec![(field, meant)])
}

/// Whether a repair says where mail goes, or who signs.
pub fn is_of_address(repair: &Repair) -> bool {
    [Field::Email, Field::DirectorEmail, Field::ManagerEmail].iter().any(|field| repair.contains_key(field.as_str()))
}

/// Both names in their usual case, as far as that changes them.
pub fn usual_names(row: &ListedContact) -> Option<Repair> {
    let both = [(Field::FirstName, &row.first_name), (Field::LastName, &row.last_name)];
    let usual = both.into_iter().map(|(field, name)| (field, name, usual_case(name)));
    as_repair(usual.filter(|(_, name, usual)| *name != usual).map(|(field, _, usual)| (field, usual)).collect())
}

/// The address that a text with a typing error may mean: signs that no address has, a domain that is nearly that of the account.
///
/// Of a text with brackets it is what stands in them. Words and lines are never joined: `Anna Smith (anna@acme.example)` is no Smithanna.
pub fn address(text: &str, home: Option<&str>) -> Option<EmailAddress> {
    let plain = spelling::plain(text.trim()).replace("[at]", "@").replace("(at)", "@").replace("@@", "@");
    let tidy = in_brackets(&plain)?.trim_matches(|c: char| c.is_whitespace() || "<>();,.\"'".contains(c));
    let tidy = tidy.strip_prefix("mailto:").unwrap_or(tidy);
    // An @ that lost its domain is an end too.
    let (local, domain) = tidy.rsplit_once('@').map(|(local, domain)| (local.trim_end(), domain.trim_start()))?;
    if local.contains(char::is_whitespace) || breaks_line(tidy) {
        return None;
    }
    let dotted = domain.chars().filter(|c| !c.is_whitespace()).collect::<String>().replace(',', ".").replace("..", ".");
    let meant = match home {
        Some(home) if nearly(&dotted, home) => home,
        // Only where it gives what is known, a space or a second comma is a slip and not the end of the address.
        Some(home) if dotted.eq_ignore_ascii_case(home) => home,
        _ if domain.contains(char::is_whitespace) => return None,
        _ if domain.contains(',') && dotted.matches('.').count() > 1 => return None,
        _ => &dotted,
    };
    let address = EmailAddress::parse(&format!("{}@{meant}", local.replace("..", "."))).ok()?;
    (address.as_str() != text).then_some(address)
}

/// What stands in brackets where the only @ is there; all of a text without brackets. None where words stand beside an address.
fn in_brackets(text: &str) -> Option<&str> {
    let pair = |open: char, close: char| {
        let (before, rest) = text.split_once(open)?;
        let (inner, after) = rest.split_once(close)?;
        Some((before, inner, after))
    };
    match pair('<', '>').or_else(|| pair('(', ')')) {
        None => Some(text),
        Some(("", inner, "")) => Some(inner),
        Some((before, inner, after)) => {
            (inner.contains('@') && !before.contains('@') && !after.contains('@')).then_some(inner)
        }
    }
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
            ("anna@acme. example", Some("anna@acme.example")),
            ("anna@ acme , example", Some("anna@acme.example")),
            ("anna [at] acme.example", Some("anna@acme.example")),
            ("<anna@acme,example>", Some("anna@acme.example")),
            ("anna@acme.example;", Some("anna@acme.example")),
            ("mailto:anna@acme,example", Some("anna@acme.example")),
            ("anna＠acme.example.", Some("anna@acme.example")),
            ("anna..smith@acme.example", Some("anna.smith@acme.example")),
            // What stands in brackets, and nobody made of words.
            ("Anna Smith (anna@acme.example)", Some("anna@acme.example")),
            ("Anna Smith <anna@acme,example>", Some("anna@acme.example")),
            ("(work) anna@acme.example", None),
            ("anna@acme.example (work)", None),
            ("anna@acme.example (eva@acme.example)", None),
            ("anna@acme.example <anna@acme,example>", None),
            ("To\nall@acme.example", None),
            ("anna@\nacme.example", None),
            ("anna@acme.example\nBcc", None),
            ("Anna anna@acme.example", None),
            ("Dr. anna@acme.example", None),
            ("Smith, anna@acme.example", None),
            ("bob,anna@acme.example", None),
            ("bob; anna@acme.example", None),
            ("anna@acme.example bob", None),
            ("anna@acme.example, Berlin", None),
            ("anna@acme.example. Berlin", None),
            ("anna@acme.example,bob", None),
            ("anna@acme.example;bob@acme.example", None),
            ("anna@acme, Berlin", None),
            ("To: anna@acme.example", None),
            ("a(b)c@acme.example", None),
        ] {
            assert_eq!(address(text, home).map(|a| a.to_string()).as_deref(), meant, "{text}");
        }
        assert_eq!(address("anna@acmme.example", None), None, "nobody knows the domain");
        for text in ["dora@client. example", "dora@client , example", "dora@client, Berlin"] {
            assert_eq!(address(text, None), None, "{text}: nobody knows where the address ends");
        }
        assert_eq!(address("dora @client,example", None).unwrap().as_str(), "dora@client.example");
    }

    #[test]
    fn rows_that_were_left_out_have_proposals_of_their_own() {
        let told = |code: &str, field: Field, text: &str| {
            let mut row = Row::new(2);
            row.set(field, text);
            let finding = row.finding(code, crate::rules::contacts::Severity::Error, field, "");
            of_left_out(&finding, &row, Some("acme.example"), None).and_then(|mut repair| repair.remove(field.as_str()))
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

    #[test]
    fn no_line_of_a_mail_is_proposed_as_a_name() {
        let lines = [
            "Anna\r\nBcc: everyone@evil.example",
            "Anna\nX: y",
            "Anna\u{2028}To: everyone",
            "Anna\n<a@b.c>",
            "Anna\u{85}a＠b.c",
            "Ｂｃｃ：all\nAnna",
        ];
        let fields =
            Field::ALL.into_iter().filter(|f| !matches!(f, Field::Email | Field::DirectorEmail | Field::ManagerEmail));
        for field in fields {
            for text in lines {
                let mut row = Row::new(2);
                row.set(field, text);
                let finding = row.finding("line_break_in_cell", crate::rules::contacts::Severity::Error, field, "");
                assert_eq!(of_left_out(&finding, &row, None, None), None, "{field:?} {text:?}");
            }
        }
        let proposed = |first: &str, last: &str| {
            let mut row = Row::new(2);
            for (field, text) in [
                (Field::Account, "Acme"),
                (Field::LastName, "Lee"),
                (Field::Email, "a@acme.example"),
                (Field::DirectorEmail, "d@client.example"),
            ] {
                row.set(field, text);
            }
            let mut contact = crate::rules::contacts::row::judge::judge(row.clone(), &[]).contact.unwrap();
            (contact.first_name, contact.last_name) = (first.to_owned(), last.to_owned());
            let swapped = row.finding("names_swapped", crate::rules::contacts::Severity::Warning, Field::FirstName, "");
            (usual_names(&contact), repair(&swapped, &contact, None))
        };
        for (first, last) in [("BCC: EVERYONE@X", "SMITH"), ("ANNA", "SUBJECT: FREE"), ("ANNA@ACME", "SMITH")] {
            assert_eq!(proposed(first, last), (None, None), "{first} {last}");
        }
        assert!(proposed("ANNA", "SMITH").0.is_some() && proposed("ANNA", "SMITH").1.is_some());
    }
}
