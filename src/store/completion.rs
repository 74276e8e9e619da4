//! The counters of a round, and the full count that they are checked against.

use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::Role;
use crate::rules::message::Lane;
use crate::store::database::tx::Tx;

row! {
    pub struct RoleTally {
        pub role: Role,
        pub listed: i64,
        pub invited: i64,
        pub reachable: i64,
        pub started: i64,
        pub completed: i64,
        pub opted_out: i64,
        pub undeliverable: i64,
    }
}

row! {
    pub struct AccountTally {
        pub listed: i64,
        pub signed: i64,
        pub signed_names: i64,
        pub invited: i64,
        pub completed: i64,
    }
}

row! {
    pub struct StateTally {
        pub state: String,
        pub rows: i64,
    }
}

pub async fn by_role(tx: &mut Tx, round: &RoundId) -> Result<Vec<RoleTally>> {
    all!(
        tx,
        "SELECT role, listed, invited, reachable, started, completed, opted_out, undeliverable FROM tally
         WHERE round_id = $1 ORDER BY role",
        round
    )
}

pub async fn accounts(tx: &mut Tx, round: &RoundId) -> Result<AccountTally> {
    one!(tx, "SELECT listed, signed, signed_names, invited, completed FROM account_tally WHERE round_id = $1", round)
}

row! {
    /// So many accounts of which as many people were invited and as many have answered; accounts of which nobody was are not among them.
    #[derive(PartialEq)]
    pub struct AccountShape {
        /// Whose they are; empty: of the whole round.
        pub director_email: String,
        pub invited: i64,
        pub completed: i64,
        pub accounts: i64,
    }
}

/// Of the whole round. Costs the sizes of its accounts, not the accounts.
pub async fn shapes(tx: &mut Tx, round: &RoundId) -> Result<Vec<AccountShape>> {
    all!(
        tx,
        "SELECT director_email, invited, completed, accounts FROM account_shape
         WHERE round_id = $1 AND director_email = '' AND accounts <> 0 ORDER BY invited, completed",
        round
    )
}

/// Of each of its directors. Costs the directors, and the sizes of the accounts of each.
pub async fn shapes_by_director(tx: &mut Tx, round: &RoundId) -> Result<Vec<AccountShape>> {
    all!(
        tx,
        "SELECT director_email, invited, completed, accounts FROM account_shape
         WHERE round_id = $1 AND director_email <> '' AND accounts <> 0 ORDER BY director_email, invited, completed",
        round
    )
}

pub async fn messages(tx: &mut Tx, lane: &Lane) -> Result<Vec<StateTally>> {
    all!(tx, "SELECT state, messages AS rows FROM message_tally WHERE lane = $1 ORDER BY state", lane)
}

pub async fn handoffs(tx: &mut Tx, round: &RoundId) -> Result<Vec<StateTally>> {
    all!(tx, "SELECT state, responses AS rows FROM handoff_tally WHERE round_id = $1 ORDER BY state", round)
}

row! {
    pub struct Count {
        pub n: i64,
    }
}

row! {
    /// One contact as the counters see it.
    pub struct Counted {
        pub id: ContactId,
        pub role: Role,
        pub account_id: AccountId,
        pub signed: i64,
        pub removed: i64,
        pub invited: i64,
        pub started: i64,
        pub completed: i64,
        pub opted_out: i64,
        pub undeliverable: i64,
    }
}

/// Every contact of a round, for the full count. Costs the whole round; for `doctor` and the nightly check only.
pub async fn every_contact(tx: &mut Tx, round: &RoundId) -> Result<Vec<Counted>> {
    all!(
        tx,
        "SELECT c.id, c.role, c.account_id,
            CAST(CASE WHEN c.standing = 'signed' THEN 1 ELSE 0 END AS BIGINT) AS signed,
            CAST(CASE WHEN c.removed_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS removed,
            CAST(CASE WHEN c.invited_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS invited,
            CAST(CASE WHEN c.started_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS started,
            CAST(CASE WHEN c.completed_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS completed,
            CAST(CASE WHEN c.opted_out_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS opted_out,
            CAST(CASE WHEN c.undeliverable_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS undeliverable
         FROM contact c WHERE c.round_id = $1 ORDER BY c.id",
        round
    )
}

/// Messages by state, counted one by one; what is on its way counts as planned.
pub async fn count_messages(tx: &mut Tx, round: &RoundId) -> Result<Vec<StateTally>> {
    all!(
        tx,
        "SELECT counted AS state, count(*) AS rows FROM (
            SELECT CASE WHEN state IN ('claimed', 'sending') THEN 'planned' ELSE state END AS counted FROM message WHERE lane = $1) AS each_one
         GROUP BY counted ORDER BY counted",
        round
    )
}

/// Hand-overs by state, counted one by one.
pub async fn count_handoffs(tx: &mut Tx, round: &RoundId) -> Result<Vec<StateTally>> {
    all!(tx, "SELECT state, count(*) AS rows FROM handoff WHERE round_id = $1 GROUP BY state ORDER BY state", round)
}

/// As [`shapes_by_director`], counted one by one.
pub async fn count_shapes(tx: &mut Tx, round: &RoundId) -> Result<Vec<AccountShape>> {
    all!(
        tx,
        "SELECT director_email, invited, completed, count(*) AS accounts FROM account WHERE round_id = $1 AND (invited > 0 OR completed > 0)
         GROUP BY director_email, invited, completed ORDER BY director_email, invited, completed",
        round
    )
}
