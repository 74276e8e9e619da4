//! Where the answers of a round are missing: silent accounts, people who have begun, and what each role of an account has answered.
//! "Who may be asked" is said once, for these and for the list of contacts.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::Role;
use crate::store::calling::open;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, ids};

/// Whose answer is still to be had, today or another day: invited, not answered, there, and nothing speaks against asking.
macro_rules! askable {
    () => {
        "c.invited_at IS NOT NULL AND c.completed_at IS NULL AND c.removed_at IS NULL AND c.opted_out_at IS NULL
            AND c.undeliverable_at IS NULL AND c.left_at IS NULL AND c.not_chased_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM objection o JOIN round r ON r.client_key = o.client
                WHERE r.id = c.round_id AND o.email_key = c.email_key AND o.ended_at IS NULL)"
    };
}
pub(crate) use askable;

/// The same of whoever has begun and not finished.
macro_rules! has_begun {
    () => {
        concat!("c.started_at IS NOT NULL AND ", askable!())
    };
}
pub(crate) use has_begun;

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
    /// The people of an account whose answers are still to be had.
    pub struct Askable {
        pub account_id: AccountId,
        pub people: i64,
        /// Of them: who has begun, and who may be asked now: neither away nor asked to be left alone.
        pub begun: i64,
        pub now: i64,
    }
}

row! {
    /// The people of one role at one account.
    pub struct OfRole {
        pub account_id: AccountId,
        pub role: Role,
        pub listed: i64,
        /// Of them: who was invited.
        pub invited: i64,
        pub reachable: i64,
        pub completed: i64,
    }
}

/// Who has begun and may be asked now, the last who began first. Costs those who are told, from the index `contact_not_finished`, and those
/// beside them who may not be asked.
pub async fn begun(tx: &mut Tx, round: &RoundId, now: Ts, most: i64) -> Result<Vec<Begun>> {
    all!(
        tx,
        concat!(
            "SELECT c.id, c.first_name, c.last_name, c.role, c.account_id, a.name AS account, a.completed AS account_answers
             FROM contact c JOIN account a ON a.id = c.account_id WHERE c.round_id = $1 AND ",
            has_begun!(),
            " AND ",
            open!(),
            " ORDER BY c.started_at DESC, c.id LIMIT $3"
        ),
        round,
        now,
        most
    )
}

/// How many have begun and not finished and may be asked, today or another day; counts to `most` and no further.
pub async fn how_many_have_begun(tx: &mut Tx, round: &RoundId, most: i64) -> Result<i64> {
    let count: Count = one!(
        tx,
        concat!(
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM contact c WHERE c.round_id = $1 AND ",
            has_begun!(),
            " LIMIT $2) AS counted"
        ),
        round,
        most
    )?;
    Ok(count.n)
}

/// Of each of these accounts, whose answers are still to be had; one of which nobody's is, is not among them. Costs their people.
pub async fn askable_at(tx: &mut Tx, accounts: &[&AccountId], now: Ts) -> Result<Vec<Askable>> {
    all!(
        tx,
        concat!(
            "SELECT c.account_id, count(*) AS people,
                CAST(sum(CASE WHEN c.started_at IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS begun, CAST(sum(CASE WHEN ",
            open!(),
            " THEN 1 ELSE 0 END) AS BIGINT) AS now
             FROM contact c WHERE c.account_id IN (SELECT value ->> 'id' FROM json_each($1)) AND ",
            askable!(),
            " GROUP BY c.account_id ORDER BY c.account_id"
        ),
        ids(accounts)?,
        now
    )
}

/// Costs everybody who is or was at these accounts.
pub async fn by_role(tx: &mut Tx, accounts: &[&AccountId]) -> Result<Vec<OfRole>> {
    all!(
        tx,
        "SELECT account_id, role, CAST(sum(CASE WHEN removed_at IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS listed,
            CAST(sum(CASE WHEN removed_at IS NULL AND invited_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS invited,
            CAST(sum(CASE WHEN completed_at IS NOT NULL
                OR (invited_at IS NOT NULL AND removed_at IS NULL AND undeliverable_at IS NULL) THEN 1 ELSE 0 END) AS BIGINT) AS reachable,
            CAST(sum(CASE WHEN completed_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS completed
         FROM contact WHERE account_id IN (SELECT value ->> 'id' FROM json_each($1)) AND loading IS NULL
         GROUP BY account_id, role ORDER BY account_id, role",
        ids(accounts)?
    )
}
