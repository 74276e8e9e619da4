//! The accounts that a list names, and what it says about each: the first row that says something speaks for its account.

use std::collections::{HashMap, HashSet};

use crate::rules::contacts::together::account::key;
use crate::rules::contacts::{Colleague, ListedContact};

use crate::steps::contacts::accounts::aliases::Aliases;

/// One account as the list has it.
pub(in crate::contacts) struct ListedAccount<'r> {
    pub key: String,
    pub name: &'r str,
    /// The list has the account under this name, and not only under one that somebody has called the same.
    pub by_its_name: bool,
    pub director: &'r Colleague,
    pub manager: Option<&'r Colleague>,
    pub strategic: Option<bool>,
    pub revenue: Option<i64>,
}

/// The accounts of the list in its order, and for each row which of them.
pub(in crate::contacts) fn said<'r>(
    rows: &'r [ListedContact],
    aliases: &Aliases,
    has_people: &HashSet<String>,
) -> (Vec<ListedAccount<'r>>, Vec<usize>) {
    let own: HashSet<String> =
        if aliases.is_empty() { HashSet::new() } else { rows.iter().map(|row| key(&row.account)).collect() };
    let mut all: Vec<ListedAccount<'_>> = Vec::new();
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut spelled: HashMap<&str, usize> = HashMap::new();
    let mut of_row = Vec::with_capacity(rows.len());
    let meant =
        |spelled: &str| aliases.kept(spelled, |key| has_people.contains(key), |key| own.contains(key)).to_owned();
    for row in rows {
        let by_spelling = spelled.get(row.account.as_str()).copied();
        let place = by_spelling.unwrap_or_else(|| *at.entry(meant(&key(&row.account))).or_insert(all.len()));
        spelled.insert(&row.account, place);
        if let Some(said) = all.get_mut(place) {
            if !said.by_its_name && key(&row.account) == said.key {
                (said.name, said.by_its_name) = (&row.account, true);
            }
            said.manager = said.manager.or(row.manager.as_ref());
            said.strategic = said.strategic.or(row.strategic);
            said.revenue = said.revenue.or(row.annual_revenue);
        } else {
            let spelled = key(&row.account);
            let key = meant(&spelled);
            all.push(ListedAccount {
                by_its_name: key == spelled,
                key,
                name: &row.account,
                director: &row.director,
                manager: row.manager.as_ref(),
                strategic: row.strategic,
                revenue: row.annual_revenue,
            });
        }
        of_row.push(place);
    }
    (all, of_row)
}
