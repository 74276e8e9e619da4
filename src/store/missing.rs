//! Where the answers of a round are missing: silent accounts, people who have begun, and what each role of an account has answered.

use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::Role;
use crate::store::database::tx::{Tx, ids};

row! {
    /// Somebody who has begun and not finished.
    pub struct Begun {
        pub id: ContactId,
        pub first_name: String,
        pub last_name: String,
        pub role: Role,
        pub account_id: AccountId,
        pub account: String,
        /// How many of the account have answered.
        pub account_answers: i64,
    }
}

row! {
    /// The people of one role at one account.
    pub struct OfRole {
        pub account_id: AccountId,
        pub role: Role,
        pub listed: i64,
        pub reachable: i64,
        pub completed: i64,
    }
}

/// Who may still be written to, whoever has begun last first. Costs those who are told, from the index `contact_not_finished`, and those
/// beside them who may not be written to any more.
pub async fn begun(tx: &mut Tx, round: &RoundId, most: i64) -> Result<Vec<Begun>> {
    all!(
        tx,
        "SELECT c.id, c.first_name, c.last_name, c.role, c.account_id, a.name AS account, a.completed AS account_answers
         FROM contact c JOIN account a ON a.id = c.account_id
         WHERE c.round_id = $1 AND c.started_at IS NOT NULL AND c.completed_at IS NULL AND c.removed_at IS NULL
            AND c.opted_out_at IS NULL AND c.undeliverable_at IS NULL
         ORDER BY c.started_at DESC, c.id LIMIT $2",
        round,
        most
    )
}

/// Costs everybody who is or was at these accounts.
pub async fn by_role(tx: &mut Tx, accounts: &[&AccountId]) -> Result<Vec<OfRole>> {
    all!(
        tx,
        "SELECT account_id, role, CAST(sum(CASE WHEN removed_at IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS listed,
            CAST(sum(CASE WHEN completed_at IS NOT NULL
                OR (invited_at IS NOT NULL AND removed_at IS NULL AND undeliverable_at IS NULL) THEN 1 ELSE 0 END) AS BIGINT) AS reachable,
            CAST(sum(CASE WHEN completed_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS completed
         FROM contact WHERE account_id IN (SELECT value ->> 'id' FROM json_each($1)) AND loading IS NULL
         GROUP BY account_id, role ORDER BY account_id, role",
        ids(accounts)?
    )
}
