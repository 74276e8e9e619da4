//! Who stands in a list and could not be read: kept beside the round, and shown to the director whose names they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::counted::counted;
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::contacts::check::{CheckedList, Unread};
use crate::rules::contacts::row::cells::quoted;
use crate::rules::contacts::together::account::key;
use crate::steps::contacts::Allowed;
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::left_out::{self, LeftOut, NamedByList};
use crate::store::signoff::Request;

/// As many are kept one by one; of the others it is kept how many each director, or each account without one, has.
const KEPT: usize = 1_000;

/// The rows of a list that could not be read, and which of those that were left out before they take the place of.
#[derive(Clone)]
pub(crate) struct LeftOutRows {
    unread: Vec<Unread>,
    /// Where the list is one of several: whom it names. Nothing else of the lists before is its concern.
    named: Option<Arc<NamedByList>>,
}

impl LeftOutRows {
    pub fn of(list: &CheckedList, allowed: Allowed) -> LeftOutRows {
        let named = allowed.keeping_others.then(|| Arc::new(named(list)));
        LeftOutRows { unread: list.unread.clone(), named }
    }
}

fn named(list: &CheckedList) -> NamedByList {
    let (rows, unread) = (&list.accepted, &list.unread);
    let people = rows.iter().flat_map(|row| [format!("{} {}", row.first_name, row.last_name), row.email.to_string()]);
    let people = people.map(|who| quoted(who.trim()));
    NamedByList {
        accounts: rows.iter().map(|row| key(&row.account)).chain(unread.iter().map(|row| key(&row.account))).collect(),
        directors: rows
            .iter()
            .map(|r| r.director.email.key())
            .chain(unread.iter().map(|r| r.director.clone()))
            .collect(),
        people: people.chain(unread.iter().map(|row| row.who.clone())).collect(),
    }
}

/// Keeps the rows of a list that could not be read. Those of the lists before go, or as many of them as concern whom this one names.
pub(crate) async fn keep(tx: &mut Tx, round: &RoundId, rows: &LeftOutRows) -> Result<()> {
    let row = |u: &Unread| LeftOut {
        line: u.line as i64,
        who: u.who.clone(),
        account: u.account.clone(),
        account_key: key(&u.account),
        director_key: u.director.clone(),
        why: u.why.clone(),
    };
    match &rows.named {
        Some(named) => left_out::forget_named(tx, round, named).await?,
        None => left_out::forget(tx, round).await?,
    }
    let unread = &rows.unread;
    let mut rows: Vec<LeftOut> = unread.iter().take(KEPT).map(row).collect();
    rows.extend(counted_only(unread.get(KEPT..).unwrap_or_default().iter().map(row)));
    left_out::add(tx, round, &rows).await
}

/// One line for all rows of a director, or of an account without one.
fn counted_only(rest: impl Iterator<Item = LeftOut>) -> Vec<LeftOut> {
    let mut groups: BTreeMap<(String, String), (LeftOut, usize)> = BTreeMap::new();
    for left_out in rest {
        let whose = match left_out.director_key.as_str() {
            "" => (String::new(), left_out.account_key.clone()),
            director => (director.to_owned(), String::new()),
        };
        groups.entry(whose).or_insert((left_out, 0)).1 += 1;
    }
    let line = |(first, rows): (LeftOut, usize)| LeftOut {
        who: counted(rows, "more row", "more rows"),
        account: if first.director_key.is_empty() { first.account } else { String::new() },
        account_key: if first.director_key.is_empty() { first.account_key } else { String::new() },
        why: "left out as well, and not named here one by one".into(),
        ..first
    };
    groups.into_values().take(KEPT).map(line).collect()
}

/// Of a director's own accounts, one a line: "Anna Smith at Globex: the e-mail address cannot be used (anna@)".
pub(crate) async fn of_director(tx: &mut Tx, request: &Request, own: &[Account]) -> Result<Vec<String>> {
    #[derive(serde::Serialize)]
    struct Id {
        id: String,
    }
    let keys: Vec<Id> = own.iter().map(|a| Id { id: key(&a.name) }).collect();
    let keys = serde_json::to_string(&keys)
        .map_err(|e| crate::base::problem::Problem::internal("Accounts could not be written as JSON.").because(e))?;
    let found = left_out::of_director(tx, &request.round_id, &request.email.key(), &keys).await?;
    let line = |l: LeftOut| {
        let at = if l.account.is_empty() { String::new() } else { format!(" at {}", l.account) };
        format!("{}{at}: {}", l.who, l.why)
    };
    Ok(found.into_iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_beyond_those_that_are_named_are_counted_for_each_director() {
        let row = |line: i64, director: &str, account: &str| LeftOut {
            line,
            who: format!("Ann {line}"),
            account: account.into(),
            account_key: key(account),
            director_key: director.into(),
            why: "the e-mail address is empty".into(),
        };
        let rest =
            [row(5, "d@x.example", "Globex"), row(6, "", "Umbra"), row(7, "d@x.example", "Acme"), row(8, "", "UMBRA")];
        let told: Vec<(i64, String, String)> =
            counted_only(rest.into_iter()).into_iter().map(|l| (l.line, l.who, l.account)).collect();
        assert_eq!(told, [(6, "2 more rows".into(), "Umbra".into()), (5, "2 more rows".into(), String::new())]);
        assert!(counted_only([].into_iter()).is_empty());
    }
}
