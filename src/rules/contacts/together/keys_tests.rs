//! Keys of persons are kept; numbers of accounts, telephones and what a spreadsheet program has shortened are not.

use super::*;
use crate::rules::contacts::check::{CheckedList, Checker};
use crate::rules::contacts::row::Row;

fn list(rows: &[(&str, &str)]) -> CheckedList {
    let mut checker = Checker::new(vec![Field::Role, Field::Country], 1);
    for (at, (account, key)) in rows.iter().enumerate() {
        let mut row = Row::new(at as u64 + 2);
        row.set(Field::Account, *account);
        row.set(Field::LastName, format!("Lee{}", "abcdefghijklmnopqrstuvwxyz".get(at..=at).unwrap_or("")));
        row.set(Field::Email, format!("p{at}@{}.example", account.to_lowercase()));
        row.set(Field::DirectorEmail, "d@client.example");
        row.set(Field::Role, "influencer");
        row.set(Field::Country, "DE");
        row.set(Field::ContactKey, *key);
        checker.push(row);
    }
    checker.finish()
}

fn keys(list: &CheckedList) -> Vec<&str> {
    list.accepted.iter().map(|c| c.key.as_str()).collect()
}

fn about_keys(list: &CheckedList) -> usize {
    list.findings.iter().filter(|f| f.field == "contact_key").count()
}

fn told<'l>(list: &'l CheckedList, code: &str) -> Vec<(u64, &'l str)> {
    list.findings.iter().filter(|f| f.code == code).map(|f| (f.line, f.message.as_str())).collect()
}

#[test]
fn a_key_that_stands_twice_means_neither_and_keeps_nobody_out() {
    let list = list(&[("Acme", "K1"), ("Acme", "K2"), ("Acme", "K1"), ("Bolt", "K4"), ("Bolt", ""), ("Bolt", "")]);
    assert_eq!((list.accepted.len(), list.errors(), list.unread.len()), (6, 0, 0), "{:?}", list.findings);
    assert_eq!(keys(&list), ["", "K2", "", "K4", "", ""]);
    let told = told(&list, "key_twice");
    assert_eq!((told.len(), told[0].0, told[1].0), (2, 2, 4));
    assert!(told[0].1.starts_with("Row 2: the key K1 stands in row 4 too") && told[1].1.contains("in row 2 too"));
    let beside = &list.accepted[0].findings;
    assert!(beside.iter().any(|f| f.code == "key_twice"), "the director sees it beside the name");
}

#[test]
fn a_column_that_is_no_key_of_persons_is_told_once() {
    let accounts = [("Acme", "7"), ("Acme", "7"), ("Bolt", "8"), ("Bolt", "8"), ("Core", "9")];
    let switchboard =
        [("Acme", "020 7946 0000"), ("Acme", "020 7946 0000"), ("Acme", "020 7946 0000"), ("Bolt", "+49 30 901820")];
    let mobiles = [("Acme", "+44 7700 900001"), ("Acme", "(0)7700 900002"), ("Bolt", "212-555-0101")];
    let kinds = [("Acme", "A"), ("Acme", "B"), ("Bolt", "A"), ("Bolt", "B"), ("Core", "A"), ("Core", "C")];
    for (rows, why) in [
        (&accounts[..], "an account's own number"),
        (&switchboard, "telephone numbers"),
        (&mobiles, "telephone numbers"),
        (&kinds, "several people each"),
    ] {
        let list = list(rows);
        let told = told(&list, "keys_are_none");
        assert!(told.len() == 1 && told[0].0 == 1 && told[0].1.contains(why), "{why}: {:?}", list.findings);
        assert!(list.accepted.len() == rows.len() && keys(&list).iter().all(|key| key.is_empty()));
        assert_eq!(about_keys(&list), 1, "{why}");
    }
    // Twins: keys of persons, however they are written.
    for rows in [
        [("Acme", "12-3456"), ("Acme", "12-3457"), ("Bolt", "12-3458")],
        [("Acme", "0000123456"), ("Acme", "0000123457"), ("Bolt", "4930901820")],
        [("Acme", "003Qx00000A1bCd"), ("Acme", "003Qx00000A1bCe"), ("Bolt", "12E45")],
    ] {
        let list = list(&rows);
        assert_eq!(keys(&list), rows.map(|(_, key)| key), "{:?}", list.findings);
        assert_eq!(about_keys(&list), 0);
    }
}

#[test]
fn a_key_that_a_spreadsheet_program_has_shortened_is_none_and_says_how_to_export_it() {
    let list = list(&[("Acme", "1.23457E+11"), ("Acme", "1,23457E+11"), ("Bolt", "1E+17"), ("Bolt", "123457000001")]);
    assert_eq!(keys(&list), ["", "", "", "123457000001"]);
    let told = told(&list, "key_in_short");
    assert_eq!((told.len(), about_keys(&list), told[0].0), (1, 1, 2), "{:?}", list.findings);
    assert!(told[0].1.contains("and so were 2 more") && told[0].1.contains("the format Text"), "{}", told[0].1);
    for key in ["12E45", "E+11", "1.E+11", "1.2E", "1.2.3E+4", "ABE+11", "1E11"] {
        assert!(!is_shortened(key), "{key}");
    }
}

#[test]
fn what_says_nothing_is_no_key() {
    let list =
        list(&[("Acme", "0"), ("Acme", "000"), ("Bolt", "#N/A"), ("Bolt", "NULL"), ("Bolt", "-"), ("Core", "10")]);
    assert_eq!(keys(&list), ["", "", "", "", "", "10"]);
    assert_eq!(told(&list, "value_is_placeholder").len(), 5);
}
