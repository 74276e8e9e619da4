//! Rows that a list would be written of, read back as whoever loads it reads them: which come back as they are, and why the others do not.
//!
//! Without it a row that is refused there would be on nobody's list, and nobody would have been told.

use std::collections::HashMap;

use crate::base::problem::Result;
use crate::intake::files::CONTACTS;
use crate::intake::folder::export;
use crate::intake::list::{self, CheckedList};
use crate::rules::contacts::{Finding, ListedContact, Severity};

/// The first row below the header.
const FIRST: u64 = 2;

/// Why each of the rows does not come back, in their order; none where it does.
pub(super) fn refusals(rows: &[ListedContact]) -> Result<Vec<Option<String>>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Ok(beside(rows, &list::read(&export::list(rows)?, CONTACTS)?))
}

fn beside(rows: &[ListedContact], read: &CheckedList) -> Vec<Option<String>> {
    let by_line: HashMap<u64, &ListedContact> = read.accepted.iter().map(|row| (row.line, row)).collect();
    let by_key: HashMap<String, &ListedContact> = read.accepted.iter().map(|row| (row.email.key(), row)).collect();
    let mut errors: HashMap<u64, &Finding> = HashMap::new();
    for finding in read.findings.iter().filter(|finding| finding.severity == Severity::Error) {
        errors.entry(finding.line).or_insert(finding);
    }
    let why = |(line, row): (u64, &ListedContact)| {
        let (key, error) = (row.email.key(), errors.get(&line));
        match by_line.get(&line) {
            Some(came) if came.email.key() == key => None,
            Some(came) => Some(format!("the address {} would be read as {}.", row.email, came.email)),
            None => match (by_key.get(&key), error) {
                // Its own sentence names a row of a list that nobody has before him.
                (Some(other), Some(error)) if error.code == "duplicate_address" => Some(format!(
                    "the address {} stands in the row of {} {} at {} already.",
                    row.email, other.first_name, other.last_name, other.account
                )),
                (_, Some(error)) => Some(sentence(error)),
                (_, None) => Some(String::new()),
            },
        }
    };
    (FIRST..).zip(rows).map(why).collect()
}

/// Without the number of the row.
fn sentence(finding: &Finding) -> String {
    let numbered = format!("Row {}: ", finding.line);
    finding.message.strip_prefix(&numbered).unwrap_or(&finding.message).to_owned()
}

#[cfg(test)]
mod tests {
    use crate::base::address::EmailAddress;

    use super::*;

    fn rows(people: &[(&str, &str, &str)]) -> Vec<ListedContact> {
        let mut text = String::from("account,first_name,last_name,email,account_director,account_director_email\n");
        for at in 0..people.len() {
            text.push_str(&format!("Umbra,Ann,Lee,ann{at}@umbra.example,Dora Fields,dora@northwind.example\n"));
        }
        let mut rows = list::read(text.as_bytes(), CONTACTS).unwrap().accepted;
        assert_eq!(rows.len(), people.len());
        for (row, (first, last, email)) in rows.iter_mut().zip(people) {
            (row.first_name, row.last_name) = ((*first).into(), (*last).into());
            row.email = EmailAddress::parse(email).unwrap();
        }
        rows
    }

    #[test]
    fn a_row_that_a_list_would_not_take_is_told_with_the_sentence_of_its_finding() {
        let rows = rows(&[
            ("Ann", "Berg", "ann@umbra.example"),
            ("Unknown", "Unknown", "ben@umbra.example"),
            ("Cyd\nMarie", "Stone", "cyd@umbra.example"),
            ("Eva", "Koch", "ann@umbra.example"),
            ("Fay", "Hall", "fay@umbra.example"),
        ]);
        let why = refusals(&rows).unwrap();
        let told: Vec<bool> = why.iter().map(Option::is_some).collect();
        assert_eq!((told[0], told[1], told[3], told[4]), (false, true, true, false), "{why:?}");
        let unknown = why[1].as_deref().unwrap();
        assert!(!unknown.is_empty() && !unknown.starts_with("Row "), "{unknown}");
        let twice = "the address ann@umbra.example stands in the row of Ann Berg at Umbra already.";
        assert_eq!(why[3].as_deref(), Some(twice));
        assert_eq!(refusals(&[]).unwrap(), []);
    }

    #[test]
    fn an_address_that_is_read_as_another_is_told() {
        let rows = rows(&[("Ann", "Berg", "ann@umbra.example"), ("Ben", "Koch", "ben@umbra.example")]);
        let mut read = list::read(&export::list(&rows).unwrap(), CONTACTS).unwrap();
        assert_eq!(beside(&rows, &read), [None, None]);
        read.accepted[1].email = EmailAddress::parse("eva@umbra.example").unwrap();
        let told = "the address ben@umbra.example would be read as eva@umbra.example.";
        assert_eq!(beside(&rows, &read), [None, Some(told.to_owned())]);
        // A row of which nothing is said is told as well.
        read.accepted.pop();
        assert_eq!(beside(&rows, &read), [None, Some(String::new())]);
    }
}
