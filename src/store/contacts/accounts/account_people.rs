//! The people of accounts, summed up by role, and the facts that accounts keep of them against a full count.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::Role;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, ids};

use super::accounts_page::bit;

row! {
    /// People of an account who have one role.
    pub struct OfRole {
        pub account_id: AccountId,
        pub role: Role,
        pub reachable: i64,
        pub completed: i64,
        pub last_sent_at: Option<Ts>,
    }
}

/// What is known of the people of these accounts, by account and role; whoever was never listed is in none. Costs their people.
pub async fn by_role(tx: &mut Tx, accounts: &[&AccountId]) -> Result<HashMap<AccountId, Vec<OfRole>>> {
    let found: Vec<OfRole> = all!(
        tx,
        "SELECT c.account_id, c.role,
            CAST(sum(CASE WHEN c.completed_at IS NOT NULL
                OR (c.invited_at IS NOT NULL AND c.removed_at IS NULL AND c.undeliverable_at IS NULL) THEN 1 ELSE 0 END) AS BIGINT) AS reachable,
            CAST(sum(CASE WHEN c.completed_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS completed, max(c.last_sent_at) AS last_sent_at
         FROM contact c WHERE c.account_id IN (SELECT value ->> 'id' FROM json_each($1)) AND c.loading IS NULL
            AND (c.removed_at IS NULL OR c.completed_at IS NOT NULL OR c.last_sent_at IS NOT NULL)
         GROUP BY c.account_id, c.role ORDER BY c.account_id, c.role",
        ids(accounts)?
    )?;
    let mut all: HashMap<AccountId, Vec<OfRole>> = HashMap::new();
    for row in found {
        all.entry(row.account_id.clone()).or_default().push(row);
    }
    Ok(all)
}

row! {
    /// What an account itself keeps of its people.
    pub struct Kept {
        pub id: AccountId,
        pub roles_answered: i64,
        /// To within a quarter of an hour.
        pub last_sent_at: Option<Ts>,
    }
}

impl Kept {
    /// Roles of which somebody has completed.
    pub fn answered(&self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| self.roles_answered & bit(*role) != 0).collect()
    }
}

/// Costs these accounts, never their people.
pub async fn kept(tx: &mut Tx, accounts: &[&AccountId]) -> Result<HashMap<AccountId, Kept>> {
    let found: Vec<Kept> = all!(
        tx,
        "SELECT id, roles_answered, last_sent_at FROM account WHERE id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY id",
        ids(accounts)?
    )?;
    Ok(found.into_iter().map(|kept| (kept.id.clone(), kept)).collect())
}

/// Accounts whose last message, answered roles or names to look at are kept otherwise than they are, of those with people; a message within
/// the same quarter of an hour is no difference. Costs the round; for `doctor` and tests.
pub async fn astray(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM (
            SELECT c.account_id, max(c.last_sent_at) AS last_sent_at,
                CAST(COALESCE(sum(DISTINCT CASE WHEN c.completed_at IS NULL THEN 0 WHEN c.role = 'key_decision_maker' THEN 1
                    WHEN c.role = 'influencer' THEN 2 WHEN c.role = 'operational_contact' THEN 4 ELSE 8 END), 0) AS BIGINT) AS roles,
                CAST(sum(CASE WHEN c.removed_at IS NULL AND c.findings <> '[]' THEN 1 ELSE 0 END) AS BIGINT) AS to_look_at
            FROM contact c WHERE c.round_id = $1 GROUP BY c.account_id) AS counted
         JOIN account a ON a.id = counted.account_id
         WHERE a.roles_answered <> counted.roles OR a.to_look_at <> counted.to_look_at
            OR (a.last_sent_at IS NULL) <> (counted.last_sent_at IS NULL)
            OR counted.last_sent_at - a.last_sent_at >= 900000 OR a.last_sent_at > counted.last_sent_at",
        round
    )?;
    Ok(count.n)
}
