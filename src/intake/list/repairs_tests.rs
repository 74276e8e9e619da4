//! Repairs are edits of rows before the check: whatever the new text does, the check says.

use super::*;
use crate::intake::list::{Choice, read, read_repaired};
use crate::rules::contacts::ListedContact;

const HEADER: &str = "account,first_name,last_name,email,job_title,state,account_director_email";

fn text(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

/// Row, code and field of the finding, and what is written.
type Made<'t> = (u64, &'t str, &'t str, &'t [(&'t str, &'t str)]);

fn repairs(made: &[Made<'_>]) -> Repairs {
    let mut repairs = Repairs::default();
    for (row, code, field, fields) in made {
        let fields = fields.iter().map(|(column, text)| ((*column).to_owned(), (*text).to_owned())).collect();
        repairs.add(*row, (code, field), &fields);
    }
    repairs
}

fn repaired(text: &str, made: &[Made<'_>]) -> CheckedList {
    read_repaired(text.as_bytes(), "list.csv", &Choice::default(), &repairs(made)).unwrap()
}

fn told(list: &CheckedList, row: u64) -> Vec<&str> {
    list.findings.iter().filter(|f| f.line == row).map(|f| f.code.as_str()).collect()
}

fn of(list: &CheckedList, row: u64) -> &ListedContact {
    list.accepted.iter().find(|c| c.line == row).unwrap()
}

#[test]
fn a_repaired_address_is_checked_as_one_that_came_so() {
    let list = text(&[
        "Acme,Anna,Lee,anna@acme.example,,,d@client.example",
        "Acme,Tom,Roe,tom@acme.example,,,d@client.example",
        "Acme,Anna,Kay,anna@acmme.example,,,d@client.example",
        "Acme,Ida,Fox,ida.fox@acne.example,,,d@client.example",
        "Acme,Kai,Noe,kai@acme,,,d@client.example",
    ]);
    let change = |row, address| repaired(&list, &[(row, "foreign_domain", "email", &[("email", address)])]);
    // Twin: as the file came.
    let before = read(list.as_bytes(), "list.csv").unwrap();
    assert_eq!((told(&before, 4), told(&before, 5)), (vec!["foreign_domain"], vec!["foreign_domain"]));
    let twice = change(4, "anna@acme.example");
    assert_eq!(told(&twice, 4), ["repaired", "duplicate_address"]);
    assert_eq!((twice.accepted.len(), twice.refused.len()), (3, 2), "the row is left out and told, not lost");
    for (address, code) in [
        ("info@acme.example", "role_mailbox"),
        ("ida.föx@acme.example", "address_needs_smtputf8"),
        ("ida@gmail.com", "private_mailbox"),
        ("ida@", "address_invalid"),
    ] {
        assert_eq!(told(&change(5, address), 5)[..2], ["repaired", code], "{address}");
    }
    let right = change(5, "ida.fox@acme.example");
    assert_eq!((told(&right, 5), of(&right, 5).email.as_str()), (vec!["repaired"], "ida.fox@acme.example"));
    let back = repaired(&list, &[(6, "address_invalid", "email", &[("email", "kai@acme.example")])]);
    assert_eq!((of(&back, 6).email.as_str(), back.unread.len(), back.refused.len()), ("kai@acme.example", 0, 0));
    assert_eq!(back.accepted.len(), before.accepted.len() + 1);
}

#[test]
fn a_repaired_row_says_what_stood_there() {
    let list = text(&["Acme,SMITH,ANNA,anna.smith@acme.example,,,d@client.example"]);
    let fields = [("first_name", "Anna"), ("last_name", "Smith")];
    let one = repaired(&list, &[(2, "names_swapped", "first_name", &fields)]);
    let finding = of(&one, 2).findings.first().unwrap();
    assert_eq!(
        (finding.code.as_str(), finding.value.as_str(), finding.message.as_str()),
        (
            "repaired",
            "SMITH",
            "Row 2: repaired after the upload: the first name was “SMITH” and is “Anna” now, the last name was “ANNA” and is “Smith” now. \
             Have it corrected where the list comes from, too."
        )
    );
    // The second press counts, and what stood there is what the file says.
    let again = [(2, "a", "x", &[("first_name", "Ann")][..]), (2, "b", "x", &[("first_name", "Anne")][..])];
    let two = repaired(&list, &again);
    assert!(of(&two, 2).findings[0].message.contains("was “SMITH” and is “Anne” now"));
    let same = repaired(&list, &[(2, "a", "x", &[("first_name", "SMITH")])]);
    assert!(!told(&same, 2).contains(&"repaired"), "nothing was changed");
}

#[test]
fn what_is_settled_is_taken_off_by_code_and_field_and_errors_never() {
    let list = text(&[
        "Acme,Anna,Lee,anna@acme.example,#N/A,#N/A,d@client.example",
        "Acme,Tom,KLMNOPQRS,tom@acme,,,d@client.example",
        "Acme,Tom,KLMNOPQRS,tomk@acme.example,,,d@client.example",
    ]);
    let made: [Made<'_>; 3] = [
        (2, "value_is_placeholder", "job_title", &[]),
        (3, "address_invalid", "email", &[]),
        (4, "name_in_capitals", "last_name", &[("last_name", "KLMNOPQRS")]),
    ];
    let list = repaired(&list, &made);
    let fields: Vec<&str> = of(&list, 2).findings.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["state"], "the other cell is as empty as before");
    assert_eq!((told(&list, 3), told(&list, 4)), (vec!["address_invalid"], vec![]));
    assert!(of(&list, 4).findings.is_empty());
}

#[test]
fn half_of_a_whole_name_is_not_lost() {
    let list = "account,full name,email,account_director_email\nAcme,Jean DUPONT,jean@acme.example,d@client.example\n";
    let list = repaired(list, &[(2, "name_in_capitals", "last_name", &[("last_name", "Dupont")])]);
    assert_eq!((of(&list, 2).first_name.as_str(), of(&list, 2).last_name.as_str()), ("Jean", "Dupont"));
}

#[test]
fn ten_times_the_repairs_take_ten_times_the_time() {
    let took = |n: u64| {
        let row = |i: u64| format!("Acme {i},ANNA,LEEWARD,a{i}@acme{i}.example,,,d@client.example");
        let rows: Vec<String> = (0..n).map(row).collect();
        let list = text(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let mut repairs = Repairs::default();
        let fields = [("first_name".to_owned(), "Anna".to_owned()), ("last_name".to_owned(), "Leeward".to_owned())];
        (2..n + 2).for_each(|row| repairs.add(row, ("name_in_capitals", "last_name"), &fields.clone().into()));
        let began = std::time::Instant::now();
        let list = read_repaired(list.as_bytes(), "x", &Choice::default(), &repairs).unwrap();
        assert!(list.accepted.iter().all(|c| c.last_name == "Leeward" && c.findings.len() == 1));
        began.elapsed().as_secs_f64()
    };
    let (small, large) = (took(2_000), took(20_000));
    assert!(large < small * 40.0, "{small} s for 2,000 rows and {large} s for 20,000");
}
