//! What was decided of names that nobody has signed, and what was signed in the round before.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, DecisionId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::signoff::SignLevel;
use crate::store::database::tx::{Tx, ids, json};

row! {
    pub struct Decision {
        pub id: DecisionId,
        pub round_id: RoundId,
        pub account_id: AccountId,
        /// `left_out`, `taken_in` or `last_year`.
        pub what: String,
        pub reason: String,
        /// Ids, as JSON.
        pub names: String,
        pub by_whom: String,
        pub at: Ts,
    }
}

impl Decision {
    /// Whose names are concerned.
    pub fn names(&self) -> Result<Vec<ContactId>> {
        serde_json::from_str(&self.names)
            .map_err(|e| Problem::internal("The names of a decision cannot be read.").because(e))
    }
}

pub struct NewDecision<'a> {
    pub id: DecisionId,
    pub round: &'a RoundId,
    pub account: &'a AccountId,
    pub what: &'static str,
    pub reason: &'a str,
    pub names: &'a [ContactId],
    pub by: &'a str,
    pub at: Ts,
}

pub async fn add(tx: &mut Tx, d: &NewDecision<'_>) -> Result<()> {
    run!(
        tx,
        "INSERT INTO account_decision (id, round_id, account_id, what, reason, names, by_whom, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &d.id,
        d.round,
        d.account,
        d.what,
        d.reason,
        json(d.names)?,
        d.by,
        d.at
    )?;
    Ok(())
}

/// All of an account, the oldest first.
pub async fn of_account(tx: &mut Tx, account: &AccountId) -> Result<Vec<Decision>> {
    all!(
        tx,
        "SELECT id, round_id, account_id, what, reason, names, by_whom, at FROM account_decision WHERE account_id = $1 ORDER BY at, id",
        account
    )
}

row! {
    /// What somebody signed last at one level, on his page or elsewhere: not what only stood there from a round before it.
    pub struct SignedThen {
        pub account_id: AccountId,
        pub level: SignLevel,
        pub n: i64,
        pub at: Ts,
        pub signed_by: String,
        /// As JSON.
        pub list: String,
    }
}

/// The last signature of each level on these accounts that was not taken back, where its list was kept.
pub async fn signed_then(tx: &mut Tx, accounts: &[&AccountId]) -> Result<Vec<SignedThen>> {
    all!(
        tx,
        "SELECT s.account_id, s.level, s.n, s.at, s.signed_by, l.names AS list
         FROM signature s JOIN signed_list l ON l.signature_id = s.id
         WHERE s.account_id IN (SELECT value ->> 'id' FROM json_each($1)) AND s.carried IS NULL
            AND NOT EXISTS (SELECT 1 FROM signature o WHERE o.account_id = s.account_id AND o.level = s.level AND o.n > s.n)
            AND NOT EXISTS (SELECT 1 FROM signature_withdrawal w
                WHERE w.account_id = s.account_id AND w.level = s.level AND w.after_n >= s.n)
         ORDER BY s.account_id, s.level",
        ids(accounts)?
    )
}
