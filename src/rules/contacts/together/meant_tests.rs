//! Rows beside the people of a round: who is meant, who is asked about, and who has had the address.

use super::*;
use crate::rules::contacts::check::Checker;
use crate::rules::contacts::row::{Field, Row};
use crate::rules::contacts::together::identity::may_be_meant;

struct Person {
    id: ContactId,
    name: [&'static str; 2],
    key: &'static str,
    email: &'static str,
    list: &'static str,
    removed: bool,
}

fn person(id: &str, name: [&'static str; 2], key: &'static str, email: &'static str) -> Person {
    Person { id: ContactId::from(id), name, key, email, list: email, removed: false }
}

fn row(name: [&str; 2], key: &str, email: &str) -> ListedContact {
    let columns = [Field::Account, Field::FirstName, Field::LastName, Field::Email, Field::DirectorEmail];
    let mut listed = Row::new(2);
    for (field, text) in columns.into_iter().zip(["Acme", name[0], name[1], email, "d@client.example"]) {
        listed.set(field, text);
    }
    let mut checker = Checker::new(columns.to_vec(), 1);
    checker.push(listed);
    ListedContact { key: key.into(), ..checker.finish().accepted.remove(0) }
}

/// What becomes of each row: "is ann", "asks ann", "asks ann or ben", "was ann" or "new".
fn told(there: &[Person], rows: &[ListedContact], had_it: &[(&str, &[&str])], not_he: &[(&str, &str)]) -> Vec<String> {
    let everybody: Vec<Somebody<'_>> = there
        .iter()
        .map(|p| Somebody {
            holder: Holder { id: &p.id, first_name: p.name[0], last_name: p.name[1], key: p.key },
            email_key: p.email,
            list_key: p.list,
            removed: p.removed,
        })
        .collect();
    let keys: Vec<String> = rows.iter().map(|row| row.email.key()).collect();
    let former = had_it
        .iter()
        .map(|(email, ids)| ((*email).to_owned(), ids.iter().map(|id| ContactId::from(*id)).collect()))
        .collect();
    let not_he = not_he.iter().map(|(id, email)| (ContactId::from(*id), (*email).to_owned())).collect();
    let found = meant(&everybody, rows, &keys, &SaidOfAddresses { former, not_he });
    let of = |key: &String| {
        let conflict = found.conflicts.get(key).map(|conflict| match &conflict.holder {
            Some(holder) => format!("asks {} or {holder}", conflict.ask),
            None => format!("asks {}", conflict.ask),
        });
        let all = [
            found.known.get(key).map(|id| format!("is {id}")),
            conflict,
            found.former.get(key).map(|id| format!("was {id}")),
        ];
        let all: Vec<String> = all.into_iter().flatten().collect();
        assert!(all.len() < 2, "{key}: {all:?}");
        all.into_iter().next().unwrap_or_else(|| "new".into())
    };
    keys.iter().map(of).collect()
}

const ANN: [&str; 2] = ["Ann", "Lee"];
const BEN: [&str; 2] = ["Ben", "Ito"];

#[test]
fn a_row_means_who_has_its_key_then_who_has_its_address() {
    let there = [person("ann", ANN, "k1", "ann@a.example"), person("ben", BEN, "", "ben@a.example")];
    let one = |row: ListedContact, not_he: &[(&str, &str)]| told(&there, &[row], &[], not_he).remove(0);
    assert_eq!(one(row(ANN, "k1", "ann@new.example"), &[]), "is ann");
    assert_eq!(one(row(BEN, "", "ben@a.example"), &[]), "is ben");
    assert_eq!(one(row(ANN, "", "zoe@a.example"), &[]), "new");
    // A name that has changed together with the address, and a key and an address of two people, are asked about.
    assert_eq!(one(row(["Zoe", "Fox"], "k1", "zoe@a.example"), &[]), "asks ann");
    assert_eq!(one(row(ANN, "k1", "ben@a.example"), &[]), "asks ben or ann");
    // Once that was answered it is not asked again.
    assert_eq!(one(row(["Zoe", "Fox"], "k1", "zoe@a.example"), &[("ann", "zoe@a.example")]), "new");
    assert_eq!(one(row(ANN, "k1", "ben@a.example"), &[("ben", "ben@a.example")]), "is ann");
}

#[test]
fn of_two_with_one_key_the_one_on_the_list_is_meant() {
    let off = Person { removed: true, ..person("a-first", ANN, "k1", "old@a.example") };
    let there = [off, person("b-second", ANN, "k1", "ann@a.example")];
    assert_eq!(told(&there, &[row(ANN, "k1", "new@a.example")], &[], &[]), ["is b-second"]);
}

#[test]
fn an_address_that_somebody_has_left_is_his_only_where_the_row_agrees() {
    let moved = || Person { list: "old@a.example", ..person("ann", ANN, "", "new@a.example") };
    let had_it: &[(&str, &[&str])] = &[("old@a.example", &["ann"])];
    assert_eq!(told(&[moved()], &[row(ANN, "", "old@a.example")], &[], &[]), ["is ann"]);
    assert_eq!(told(&[moved()], &[row(BEN, "", "old@a.example")], &[], &[]), ["asks ann"]);
    assert_eq!(told(&[moved()], &[row(BEN, "", "old@a.example")], &[], &[("ann", "old@a.example")]), ["new"]);
    let there = [person("ann", ANN, "k1", "new@a.example")];
    assert_eq!(told(&there, &[row(ANN, "", "old@a.example")], had_it, &[]), ["was ann"]);
    assert_eq!(told(&there, &[row(BEN, "", "old@a.example")], had_it, &[]), ["asks ann"]);
    assert_eq!(told(&there, &[row(BEN, "k1", "old@a.example")], had_it, &[]), ["was ann"]);
}

#[test]
fn one_person_is_meant_by_one_row() {
    let there = [person("ann", ANN, "k1", "ann@a.example")];
    let rows = [row(ANN, "k1", "new@a.example"), row(ANN, "", "ann@a.example")];
    assert_eq!(told(&there, &rows, &[], &[]), ["is ann", "asks ann"]);
    assert_eq!(told(&there, &rows, &[("ann@a.example", &["ann"])], &[]), ["is ann", "was ann"]);
}

#[test]
fn a_holder_of_the_name_may_be_meant_whatever_was_said() {
    let ann = person("ann", ANN, "k1", "ann@a.example");
    let holder = Holder { id: &ann.id, first_name: ann.name[0], last_name: ann.name[1], key: ann.key };
    for (name, not_he, expected) in
        [(ANN, true, true), (["LEE", "Ánn"], true, true), (ANN, false, true), (BEN, false, true), (BEN, true, false)]
    {
        assert_eq!(may_be_meant(&row(name, "k1", "new@a.example"), holder, not_he), expected, "{name:?} {not_he}");
    }
}
