//! When it is looked at whether somebody else is to be asked besides whoever a request is to.

use crate::base::clock::Ts;
use crate::base::ids::{RequestId, RoundId};
use crate::base::problem::Result;
use crate::store::database::tx::{Readable, Tx};

use super::Request;

/// The running rounds in which something is to be looked at by now.
pub async fn rounds_due(tx: &mut Tx, now: Ts) -> Result<Vec<RoundId>> {
    let rounds: Vec<(RoundId,)> = all!(
        tx,
        "SELECT r.id AS id FROM round r WHERE r.state = 'running'
            AND EXISTS (SELECT 1 FROM request q WHERE q.round_id = r.id AND q.look_at <= $1) ORDER BY r.id",
        now
    )?;
    Ok(rounds.into_iter().map(|(id,)| id).collect())
}

pub async fn due(tx: &mut Tx, round: &RoundId, now: Ts, limit: i64) -> Result<Readable<Request>> {
    readable!(
        tx,
        "SELECT id, round_id, level, name, email, created_at, asked, asked_at, next_ask_at, opened_at, stands_in FROM request
         WHERE round_id = $1 AND look_at <= $2 ORDER BY look_at, id LIMIT $3",
        round,
        now,
        limit
    )
}

pub async fn set(tx: &mut Tx, id: &RequestId, at: Option<Ts>) -> Result<()> {
    run!(tx, "UPDATE request SET look_at = $2 WHERE id = $1", id, at)?;
    Ok(())
}

/// At `at` at the latest.
pub async fn plan(tx: &mut Tx, id: &RequestId, at: Ts) -> Result<()> {
    run!(tx, "UPDATE request SET look_at = $2 WHERE id = $1 AND (look_at IS NULL OR look_at > $2)", id, at)?;
    Ok(())
}

/// Whatever is asked of this address, and of those for whom somebody at it signs or has signed, in rounds that are not over. Costs the
/// requests there are.
pub async fn plan_at(tx: &mut Tx, email_key: &str, at: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE request SET look_at = $2 WHERE (look_at IS NULL OR look_at > $2)
            AND round_id IN (SELECT r.id FROM round r WHERE r.state IN ('running', 'paused'))
            AND (lower(email) = $1 OR EXISTS (SELECT 1 FROM delegation d WHERE d.round_id = request.round_id AND d.level = request.level
                AND d.of_email = request.email AND lower(d.to_email) = $1))",
        email_key,
        at
    )?;
    Ok(())
}

/// All of a round that were ever asked: its settings are others now.
pub async fn plan_all(tx: &mut Tx, round: &RoundId, at: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE request SET look_at = $2 WHERE round_id = $1 AND asked > 0 AND (look_at IS NULL OR look_at > $2)",
        round,
        at
    )?;
    Ok(())
}
