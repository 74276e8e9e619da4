//! The rows of a list that were left out for an error, as far as a person or an account can be made out in them.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::store::database::tx::{Tx, json};

row! {
    #[derive(Serialize)]
    pub struct LeftOut {
        pub line: i64,
        pub who: String,
        pub account: String,
        pub account_key: String,
        pub director_key: String,
        pub why: String,
    }
}

/// Whom a list names, by keys: of rows that were left out before those go that belong to one of its accounts, those without an account that
/// belong to one of its directors, and those with neither that read like one of its people.
pub struct NamedByList {
    pub accounts: BTreeSet<String>,
    pub directors: BTreeSet<String>,
    pub people: BTreeSet<String>,
}

/// Forgets all of the lists before.
pub async fn forget(tx: &mut Tx, round: &RoundId) -> Result<()> {
    run!(tx, "DELETE FROM left_out WHERE round_id = $1", round)?;
    Ok(())
}

/// Forgets those of the lists before that concern whom this list names.
pub async fn forget_named(tx: &mut Tx, round: &RoundId, named: &NamedByList) -> Result<()> {
    run!(
        tx,
        "DELETE FROM left_out WHERE round_id = $1 AND (account_key IN (SELECT value ->> 0 FROM json_each($2))
            OR account_key = '' AND director_key IN (SELECT value ->> 0 FROM json_each($3))
            OR account_key = '' AND director_key = '' AND who IN (SELECT value ->> 0 FROM json_each($4)))",
        round,
        texts(&named.accounts)?,
        texts(&named.directors)?,
        texts(&named.people)?
    )?;
    Ok(())
}

/// Each in an array of its own: both databases take such arrays apart by the same words.
fn texts(all: &BTreeSet<String>) -> Result<String> {
    json(&all.iter().filter(|text| !text.is_empty()).map(|text| [text]).collect::<Vec<_>>())
}

pub async fn add(tx: &mut Tx, round: &RoundId, rows: &[LeftOut]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = json(rows)?;
    run!(
        tx,
        "INSERT INTO left_out (round_id, line, who, account, account_key, director_key, why)
         SELECT $1, CAST(value ->> 'line' AS BIGINT), value ->> 'who', value ->> 'account', value ->> 'account_key', value ->> 'director_key', value ->> 'why'
         FROM json_each($2)",
        round,
        &rows
    )?;
    Ok(())
}

/// All of the round's last list, or of its several lists.
pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<LeftOut>> {
    all!(
        tx,
        "SELECT line, who, account, account_key, director_key, why FROM left_out WHERE round_id = $1 ORDER BY line, who",
        round
    )
}

/// How many lines [`of_round`] has.
pub async fn count(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let count: crate::store::completion::Count =
        one!(tx, "SELECT count(*) AS n FROM left_out WHERE round_id = $1", round)?;
    Ok(count.n)
}

/// Those in which the director is named, or one of these accounts and no director.
pub async fn of_director(tx: &mut Tx, round: &RoundId, director_key: &str, account_keys: &str) -> Result<Vec<LeftOut>> {
    all!(
        tx,
        "SELECT line, who, account, account_key, director_key, why FROM left_out
         WHERE round_id = $1 AND (director_key = $2
            OR director_key = '' AND account_key IN (SELECT value ->> 'id' FROM json_each($3)))
         ORDER BY line, who",
        round,
        director_key,
        account_keys
    )
}
