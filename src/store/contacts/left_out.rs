//! The rows of a list that were left out for an error, as far as a person or an account can be made out in them.

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

/// Takes the place of those of the list before.
pub async fn replace(tx: &mut Tx, round: &RoundId, rows: &[LeftOut]) -> Result<()> {
    run!(tx, "DELETE FROM left_out WHERE round_id = $1", round)?;
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

/// All of the round's last list.
pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<LeftOut>> {
    all!(
        tx,
        "SELECT line, who, account, account_key, director_key, why FROM left_out WHERE round_id = $1 ORDER BY line",
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
         ORDER BY line",
        round,
        director_key,
        account_keys
    )
}
