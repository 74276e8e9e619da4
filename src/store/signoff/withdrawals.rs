//! Signatures that were taken back. The signature stays in its chain; those of its level up to it count no more.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, RoundId, WithdrawalId};
use crate::base::problem::Result;
use crate::rules::signoff::SignLevel;
use crate::store::database::tx::Tx;

pub struct Withdrawal {
    pub id: WithdrawalId,
    pub round_id: RoundId,
    pub account_id: AccountId,
    pub level: SignLevel,
    pub at: Ts,
    pub by_whom: String,
}

/// All signatures of the level under the account's lists, up to now.
pub async fn withdraw(tx: &mut Tx, w: &Withdrawal) -> Result<()> {
    run!(
        tx,
        "INSERT INTO signature_withdrawal (id, round_id, account_id, level, after_n, at, by_whom)
         VALUES ($1, $2, $3, $4, (SELECT COALESCE(max(n), 0) FROM signature WHERE account_id = $3 AND level = $4), $5, $6)",
        &w.id,
        &w.round_id,
        &w.account_id,
        w.level,
        w.at,
        &w.by_whom
    )?;
    Ok(())
}

/// Whether this level has taken a signature back at the account.
pub async fn is_taken_back(tx: &mut Tx, account: &AccountId, level: SignLevel) -> Result<bool> {
    let taken: (i64,) = one!(
        tx,
        "SELECT count(*) AS id FROM signature_withdrawal WHERE account_id = $1 AND level = $2",
        account,
        level
    )?;
    Ok(taken.0 > 0)
}

/// Whether a letter to somebody of the account has left, or may have.
pub async fn written_to(tx: &mut Tx, account: &AccountId) -> Result<bool> {
    let left: (i64,) = one!(
        tx,
        "SELECT count(*) AS id FROM contact c WHERE c.account_id = $1 AND (c.last_sent_at IS NOT NULL OR EXISTS
            (SELECT 1 FROM message m WHERE m.contact_id = c.id
                AND (m.state IN ('sending', 'sent', 'in_doubt') OR m.doubted_at IS NOT NULL)))",
        account
    )?;
    Ok(left.0 > 0)
}

row! {
    /// A signature that was taken back: those of its level up to this number count no more.
    pub struct Withdrawn {
        pub account_id: AccountId,
        pub level: SignLevel,
        pub after_n: i64,
        pub at: Ts,
        pub by_whom: String,
    }
}

pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<Withdrawn>> {
    all!(
        tx,
        "SELECT account_id, level, after_n, at, by_whom FROM signature_withdrawal WHERE round_id = $1 ORDER BY at, id",
        round
    )
}
