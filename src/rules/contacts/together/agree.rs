//! The rows of one account agree on its director and its strategic mark, and every row that said something else is named.

use std::collections::BTreeMap;

use super::account::prevailing;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::row::Field;
use crate::rules::contacts::row::row_check::note;

/// Makes the rows of one name agree, in the spelling of the first.
pub(in crate::contacts) fn agree(contacts: &mut [ListedContact], members: &[usize]) {
    let spelling = members.first().map(|at| contacts[*at].account.clone()).unwrap_or_default();
    for at in members {
        contacts[*at].account.clone_from(&spelling);
    }
    let directors: Vec<String> = members.iter().map(|at| contacts[*at].director.email.key()).collect();
    if let Some(director) = prevailing(&directors) {
        share(contacts, members, director);
    }
}

/// Makes rows of several names agree that somebody has called one account. Most rows decide; of as many, the director whom the round
/// has, else the one under the name that is kept, else the first by address: the order of the rows says nothing.
pub fn agree_across(contacts: &mut [ListedContact], members: &[usize], known: Option<&str>, kept: &[usize]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for at in members {
        *counts.entry(contacts[*at].director.email.key()).or_default() += 1;
    }
    let of_kept: Vec<String> = kept.iter().map(|at| contacts[*at].director.email.key()).collect();
    let rank = |director: &String, count: usize| {
        (count, known == Some(director.as_str()), of_kept.contains(director), std::cmp::Reverse(director.clone()))
    };
    let first = counts.iter().max_by_key(|(director, count)| rank(director, **count));
    if let Some(director) = first.map(|(director, _)| director.clone()) {
        share(contacts, members, &director);
    }
}

/// Gives the rows this director, and the mark where one of them has it.
fn share(contacts: &mut [ListedContact], members: &[usize], director: &str) {
    let director =
        members.iter().map(|at| &contacts[*at].director).find(|colleague| colleague.email.key() == director).cloned();
    let strategic = members.iter().filter_map(|at| contacts[*at].strategic).max();
    for at in members {
        let contact = &mut contacts[*at];
        if let Some(director) = &director {
            if contact.director.email.key() != director.email.key() {
                let message = format!(
                    "{} has two account directors: {} here, {} elsewhere. {} will be asked to sign; correct the list if that is wrong.",
                    contact.account, contact.director.name, director.name, director.name
                );
                note(contact, "director_differs", Field::DirectorEmail, contact.director.email.to_string(), &message);
            }
            contact.director = director.clone();
        }
        if strategic == Some(true) && contact.strategic == Some(false) {
            let message = format!(
                "{} is strategic in other rows and is not here. It is taken as strategic; correct the list if that is wrong.",
                contact.account
            );
            note(contact, "strategic_differs", Field::Strategic, "no".into(), &message);
        }
        contact.strategic = strategic;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::check::Checker;
    use crate::rules::contacts::row::Row;

    /// Rows of accounts with their directors, in this order.
    fn list(rows: &[(&str, &str)]) -> Vec<ListedContact> {
        let mut checker = Checker::new(Vec::new(), 1);
        for (n, (account, director)) in rows.iter().enumerate() {
            let mut row = Row::new(n as u64 + 2);
            for (field, text) in [
                (Field::Account, (*account).to_owned()),
                (Field::FirstName, "Ann".into()),
                (Field::LastName, format!("Lee{n}")),
                (Field::Email, format!("ann{n}@acme.example")),
                (Field::DirectorEmail, format!("{director}@client.example")),
            ] {
                row.set(field, text);
            }
            checker.push(row);
        }
        checker.finish().accepted
    }

    /// Whom the rows of both names have as their director, and how many were told that they had another.
    fn across(rows: &[(&str, &str)], known: Option<&str>) -> (String, usize) {
        let mut list = list(rows);
        let members: Vec<usize> = (0..list.len()).collect();
        let kept: Vec<usize> = members.iter().copied().filter(|at| list[*at].account == "Acme GmbH").collect();
        agree_across(&mut list, &members, known, &kept);
        let directors: Vec<String> = list.iter().map(|c| c.director.email.local().to_owned()).collect();
        assert!(directors.iter().all(|d| *d == directors[0]), "{directors:?}");
        let told = list.iter().filter(|c| c.findings.iter().any(|f| f.code == "director_differs")).count();
        (directors[0].clone(), told)
    }

    #[test]
    fn the_order_of_the_rows_decides_nothing_about_accounts_that_are_one() {
        let rows = [("Acme AG", "x"), ("Acme GmbH", "y"), ("Acme GmbH", "y"), ("Acme AG", "x"), ("Acme SE", "x")];
        for turn in 0..rows.len() {
            let mut turned = rows;
            turned.rotate_left(turn);
            assert_eq!(across(&turned, None), ("x".to_owned(), 2), "most rows say x: {turned:?}");
            turned.reverse();
            assert_eq!(across(&turned, Some("y@client.example")), ("x".to_owned(), 2), "{turned:?}");
        }
        for rows in [[("Acme AG", "x"), ("Acme GmbH", "y")], [("Acme GmbH", "y"), ("Acme AG", "x")]] {
            assert_eq!(across(&rows, None).0, "y", "the name that is kept");
            assert_eq!(across(&rows, Some("x@client.example")).0, "x", "whom the round has");
        }
        for rows in [[("Acme AG", "z"), ("Acme SE", "w")], [("Acme SE", "w"), ("Acme AG", "z")]] {
            assert_eq!(across(&rows, None).0, "w");
        }
    }
}
