//! What the sign-off board shows: a page of accounts, and what is to be said about them and their directors. Costs the page.

use std::collections::HashMap;

use crate::base::ids::{AccountId, RoundId};
use crate::base::problem::Result;
use crate::rules::signoff::Standing;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, ids};

/// Which accounts the board shows; `$2` is the filter.
macro_rules! shown {
    ($rest:literal) => {
        concat!(
            "FROM account a WHERE a.round_id = $1 AND a.listed > 0 AND CASE $2
                WHEN 'open' THEN a.standing <> 'signed'
                WHEN 'unsigned' THEN a.standing = 'unsigned'
                WHEN 'counter_sign' THEN a.standing = 'counter_sign'
                WHEN 'signed' THEN a.standing = 'signed'
                WHEN 'asked' THEN a.id IN (SELECT q.account_id FROM list_question q WHERE q.round_id = $1 AND q.answer IS NULL)
                WHEN 'to_look_at' THEN EXISTS (SELECT 1 FROM contact c WHERE c.account_id = a.id AND c.removed_at IS NULL
                    AND c.findings <> '[]')
                ELSE 1 = 1 END ",
            $rest
        )
    };
}

/// What is left to sign first, director by director.
pub async fn page(tx: &mut Tx, round: &RoundId, filter: &str, limit: i64, offset: i64) -> Result<Vec<AccountId>> {
    let found: Vec<(AccountId,)> = all!(
        tx,
        concat!(
            "SELECT a.id ",
            shown!(
                "ORDER BY CASE standing WHEN 'signed' THEN 1 ELSE 0 END, a.director_key, a.director_email, a.sort_key, a.id
                    LIMIT $3 OFFSET $4"
            )
        ),
        round,
        filter,
        limit,
        offset
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

pub async fn count(tx: &mut Tx, round: &RoundId, filter: &str) -> Result<i64> {
    let count: Count = one!(tx, concat!("SELECT count(*) AS n ", shown!("")), round, filter)?;
    Ok(count.n)
}

row! {
    pub struct Tally {
        pub id: AccountId,
        pub n: i64,
    }
}

/// How many names of these accounts have something to look at; none where nobody has.
pub async fn to_look_at(tx: &mut Tx, accounts: &[&AccountId]) -> Result<HashMap<AccountId, i64>> {
    let found: Vec<Tally> = all!(
        tx,
        "SELECT c.account_id AS id, count(*) AS n FROM contact c
         WHERE c.account_id IN (SELECT value ->> 'id' FROM json_each($1)) AND c.removed_at IS NULL AND c.findings <> '[]'
         GROUP BY c.account_id ORDER BY c.account_id",
        ids(accounts)?
    )?;
    Ok(found.into_iter().map(|t| (t.id, t.n)).collect())
}

row! {
    pub struct Standings {
        pub director_email: String,
        pub standing: Standing,
        pub n: i64,
    }
}

/// Where all accounts of these directors stand. Costs their accounts, read from an index.
pub async fn standings(tx: &mut Tx, round: &RoundId, directors: &[&str]) -> Result<Vec<Standings>> {
    all!(
        tx,
        "SELECT director_email, standing, count(*) AS n FROM account
         WHERE round_id = $1 AND listed > 0 AND director_email IN (SELECT value ->> 'id' FROM json_each($2))
         GROUP BY director_email, standing ORDER BY director_email, standing",
        round,
        ids(directors)?
    )
}
