//! What directors have changed on their pages, each with what stood there before, so that the last change can be taken back.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, NameChangeId, RoundId};
use crate::base::problem::Result;
use crate::store::database::tx::{Tx, ids};

row! {
    /// One press on a director's page.
    pub struct NameChange {
        pub id: NameChangeId,
        pub round_id: RoundId,
        pub account_id: AccountId,
        /// `corrected`, `removed`, `replaced`, `added` or `kept`.
        pub what: String,
        /// His address.
        pub by_whom: String,
        pub at: Ts,
        /// The rows concerned, as JSON: as they were, and as the change has left them.
        pub rows_before: String,
        pub rows_after: String,
        pub taken_back_at: Option<Ts>,
    }
}

/// The columns of [`NameChange`], then what narrows them down.
macro_rules! changes {
    ($rest:literal) => {
        concat!(
            "SELECT id, round_id, account_id, what, by_whom, at, rows_before, rows_after, taken_back_at FROM name_change ",
            $rest
        )
    };
}

pub async fn keep(tx: &mut Tx, c: &NameChange) -> Result<()> {
    run!(
        tx,
        "INSERT INTO name_change (id, round_id, account_id, what, by_whom, at, rows_before, rows_after, n)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT COALESCE(max(o.n), 0) + 1 FROM name_change o WHERE o.account_id = $3))",
        &c.id,
        &c.round_id,
        &c.account_id,
        &c.what,
        &c.by_whom,
        c.at,
        &c.rows_before,
        &c.rows_after
    )?;
    Ok(())
}

/// The last change of each of these accounts, taken back or not.
pub async fn last_of(tx: &mut Tx, accounts: &[&AccountId]) -> Result<Vec<NameChange>> {
    all!(
        tx,
        changes!(
            "WHERE account_id IN (SELECT value ->> 'id' FROM json_each($1))
                AND NOT EXISTS (SELECT 1 FROM name_change o WHERE o.account_id = name_change.account_id AND o.n > name_change.n)
             ORDER BY account_id"
        ),
        ids(accounts)?
    )
}

/// Those of these accounts that were not taken back, account by account and the oldest first.
pub async fn that_hold(tx: &mut Tx, accounts: &[&AccountId]) -> Result<Vec<NameChange>> {
    all!(
        tx,
        changes!(
            "WHERE account_id IN (SELECT value ->> 'id' FROM json_each($1)) AND taken_back_at IS NULL ORDER BY account_id, n"
        ),
        ids(accounts)?
    )
}

pub async fn by_id(tx: &mut Tx, id: &NameChangeId) -> Result<Option<NameChange>> {
    maybe!(tx, changes!("WHERE id = $1"), id)
}

/// False where it had been taken back before.
pub async fn take_back(tx: &mut Tx, id: &NameChangeId, now: Ts) -> Result<bool> {
    let changed =
        run!(tx, "UPDATE name_change SET taken_back_at = $2 WHERE id = $1 AND taken_back_at IS NULL", id, now)?;
    Ok(changed == 1)
}
