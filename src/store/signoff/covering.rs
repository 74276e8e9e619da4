//! Which signatures cover the names of an account.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, RoundId, SignatureId};
use crate::base::problem::Result;
use crate::rules::signoff::SignLevel;
use crate::store::database::tx::{Tx, ids};

row! {
    /// A signature as far as it says what it covers.
    pub struct Covering {
        pub account_id: AccountId,
        pub level: SignLevel,
        /// Its number among all.
        pub n: i64,
        pub at: Ts,
        pub fingerprint: String,
        /// What the account was called; earlier versions did not keep it.
        pub called: Option<String>,
        /// As JSON; none where they were not kept.
        pub list: Option<String>,
    }
}

/// The last signature of each level on these accounts, unless it was taken back. Costs their lists.
pub async fn in_force(tx: &mut Tx, accounts: &[&AccountId]) -> Result<Vec<Covering>> {
    all!(
        tx,
        "SELECT s.account_id, s.level, s.n, s.at, s.fingerprint, l.account AS called, l.names AS list
         FROM signature s LEFT JOIN signed_list l ON l.signature_id = s.id
         WHERE s.account_id IN (SELECT value ->> 'id' FROM json_each($1))
            AND NOT EXISTS (SELECT 1 FROM signature o WHERE o.account_id = s.account_id AND o.level = s.level AND o.n > s.n)
            AND NOT EXISTS (SELECT 1 FROM signature_withdrawal w
                WHERE w.account_id = s.account_id AND w.level = s.level AND w.after_n >= s.n)
         ORDER BY s.account_id, s.level",
        ids(accounts)?
    )
}

/// Every signature of a round, the oldest first, from number `n` of all on: some at a time.
pub async fn of_round(tx: &mut Tx, round: &RoundId, n: i64) -> Result<Vec<Covering>> {
    all!(
        tx,
        "SELECT s.account_id, s.level, s.n, s.at, s.fingerprint, l.account AS called, l.names AS list
         FROM signature s LEFT JOIN signed_list l ON l.signature_id = s.id
         WHERE s.round_id = $1 AND s.n > $2 ORDER BY s.n LIMIT 200",
        round,
        n
    )
}

/// A signature's number among all.
pub async fn number(tx: &mut Tx, signature: &SignatureId) -> Result<i64> {
    let found: Option<(Option<i64>,)> = maybe!(tx, "SELECT n FROM signature WHERE id = $1", signature)?;
    Ok(found.and_then(|(n,)| n).unwrap_or(0))
}
