//! Who may sign for somebody else: for one account of his or for all, since when, by whose word, and until when.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{AccountId, DelegationId, RoundId};
use crate::base::problem::Result;
use crate::rules::signoff::SignLevel;
use crate::rules::signoff::delegation::{StandIn, Why};
use crate::store::database::tx::{Tx, ids};

/// The columns of [`Delegation`], then what narrows them down.
macro_rules! delegations {
    ($rest:literal) => {
        concat!(
            "SELECT id, round_id, level, of_email, account_id, to_name, to_email, why, by_whom, came_from, at, ended_at, ended_by
             FROM delegation ",
            $rest
        )
    };
}

row! {
    pub struct Delegation {
        pub id: DelegationId,
        pub round_id: RoundId,
        pub level: SignLevel,
        /// Whose accounts.
        pub of_email: EmailAddress,
        /// None: all accounts of his.
        pub account_id: Option<AccountId>,
        pub to_name: String,
        pub to_email: EmailAddress,
        pub why: Why,
        /// Who said so: "Ann Lee <ann@provider.example>", or the round's rule.
        pub by_whom: String,
        /// Network address and browser, where it was said on a page.
        pub came_from: String,
        pub at: Ts,
        pub ended_at: Option<Ts>,
        pub ended_by: Option<String>,
    }
}

impl Delegation {
    pub fn stand_in(&self) -> StandIn<'_> {
        StandIn { account: self.account_id.as_ref(), to: &self.to_email, why: self.why }
    }
}

pub async fn add(tx: &mut Tx, d: &Delegation) -> Result<()> {
    run!(
        tx,
        "INSERT INTO delegation (id, round_id, level, of_email, account_id, to_name, to_email, why, by_whom, came_from, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &d.id,
        &d.round_id,
        d.level,
        &d.of_email,
        d.account_id.as_ref(),
        &d.to_name,
        &d.to_email,
        d.why,
        &d.by_whom,
        &d.came_from,
        d.at
    )?;
    Ok(())
}

pub async fn end(tx: &mut Tx, id: &DelegationId, by: &str, now: Ts) -> Result<()> {
    run!(tx, "UPDATE delegation SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL", id, now, by)?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: &DelegationId) -> Result<Option<Delegation>> {
    maybe!(tx, delegations!("WHERE id = $1"), id)
}

/// Those of these people's accounts that have not ended, the oldest first.
pub async fn given(tx: &mut Tx, round: &RoundId, level: SignLevel, of: &[&str]) -> Result<Vec<Delegation>> {
    all!(
        tx,
        delegations!(
            "WHERE round_id = $1 AND level = $2 AND of_email IN (SELECT value ->> 'id' FROM json_each($3)) AND ended_at IS NULL
             ORDER BY at, id"
        ),
        round,
        level,
        ids(of)?
    )
}

/// Those that let this person sign for others and have not ended, the oldest first.
pub async fn taken(tx: &mut Tx, round: &RoundId, level: SignLevel, to: &EmailAddress) -> Result<Vec<Delegation>> {
    all!(
        tx,
        delegations!(
            "WHERE round_id = $1 AND level = $2 AND to_email = $3 AND ended_at IS NULL
                AND (level = 'director' OR EXISTS (SELECT 1 FROM request q WHERE q.round_id = $1 AND q.level = $2
                    AND q.email = delegation.of_email AND q.stands_in = 0))
             ORDER BY at, id"
        ),
        round,
        level,
        to
    )
}

/// Every one that a round has had, the oldest first.
pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<Delegation>> {
    all!(tx, delegations!("WHERE round_id = $1 ORDER BY at, id"), round)
}

/// Account directors and account managers of a round, each address once.
pub async fn colleagues(tx: &mut Tx, round: &RoundId) -> Result<Vec<EmailAddress>> {
    let all: Vec<(String,)> = all!(
        tx,
        "SELECT director_email AS id FROM account WHERE round_id = $1
         UNION SELECT manager_email AS id FROM account WHERE round_id = $1 AND manager_email <> '' ORDER BY id",
        round
    )?;
    Ok(all.into_iter().filter_map(|(email,)| EmailAddress::parse(&email).ok()).collect())
}

/// Those that let this person sign for others as a colleague, ended or not, the oldest first.
pub async fn ever_taken(tx: &mut Tx, round: &RoundId, level: SignLevel, to: &EmailAddress) -> Result<Vec<Delegation>> {
    all!(tx, delegations!("WHERE round_id = $1 AND level = $2 AND to_email = $3 ORDER BY at, id"), round, level, to)
}

/// Those of this person's that were made at this instant.
pub async fn made_at(
    tx: &mut Tx,
    round: &RoundId,
    level: SignLevel,
    of: &EmailAddress,
    at: Ts,
) -> Result<Vec<Delegation>> {
    all!(
        tx,
        delegations!(
            "WHERE round_id = $1 AND level = $2 AND of_email = $3 AND at = $4 AND why = 'colleague' ORDER BY id"
        ),
        round,
        level,
        of,
        at
    )
}

/// Those of rounds that run by which somebody at this address signs for others. Costs the delegations there are.
pub async fn taken_at(tx: &mut Tx, key: &str) -> Result<Vec<Delegation>> {
    all!(
        tx,
        delegations!(
            "WHERE lower(to_email) = $1 AND ended_at IS NULL
                AND round_id IN (SELECT r.id FROM round r WHERE r.state IN ('running', 'paused')) ORDER BY at, id"
        ),
        key
    )
}
