//! Who is asked to sign a round, in numbers, for its page. Each is a few entries of an index, whatever the size of the round.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::store::completion::Count;
use crate::store::database::tx::Tx;

/// How many people were asked to sign something.
pub async fn asked(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let found: Count = one!(tx, "SELECT count(*) AS n FROM request WHERE round_id = $1 AND asked > 0", round)?;
    Ok(found.n)
}

/// Accounts whose director counter-signs as well, so that both signatures come from one person.
pub async fn signed_by_one(tx: &mut Tx, round: &RoundId, sales_director: &EmailAddress) -> Result<i64> {
    let found: Count = one!(
        tx,
        "SELECT count(*) AS n FROM account
         WHERE round_id = $1 AND director_email = $2 AND listed > 0 AND strategic_since IS NOT NULL",
        round,
        sales_director
    )?;
    Ok(found.n)
}

/// Account directors of strategic accounts that have waited for them since before this instant.
pub async fn late_of_strategic(tx: &mut Tx, round: &RoundId, before: Ts) -> Result<i64> {
    let found: Count = one!(
        tx,
        "SELECT count(*) AS n FROM (SELECT DISTINCT director_email FROM account
            WHERE round_id = $1 AND strategic = 1 AND listed > 0 AND standing = 'unsigned' AND waits_since < $2) AS late",
        round,
        before
    )?;
    Ok(found.n)
}
