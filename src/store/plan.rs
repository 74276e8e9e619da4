//! What the plan works from: who must be looked at, and what has gone to them so far.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::outbox::{MessageKind, MessageState};

use super::Tx;
use super::contacts::Id;

/// Contacts whose time to be looked at has come, the longest waiting first.
pub async fn to_look_at(tx: &mut Tx, round: &str, now: Ts, limit: i64) -> Result<Vec<String>> {
    let ids: Vec<Id> = all!(
        tx,
        "SELECT id FROM contact WHERE round_id = $1 AND look_at <= $2 ORDER BY look_at, id LIMIT $3",
        round,
        now,
        limit
    )?;
    Ok(ids.into_iter().map(|c| c.id).collect())
}

/// Sets when to look again (none: only when a fact changes) and what is waited for.
pub async fn looked_at(tx: &mut Tx, contact: &str, next: Option<Ts>, waiting_for: Option<&str>) -> Result<()> {
    run!(tx, "UPDATE contact SET look_at = $2, waiting_for = $3 WHERE id = $1", contact, next, waiting_for)?;
    Ok(())
}

/// Every contact of an account is decided again: its sign-off changed.
pub async fn look_at_account(tx: &mut Tx, account: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET look_at = $2, version = version + 1 WHERE account_id = $1 AND removed_at IS NULL",
        account,
        now
    )?;
    Ok(())
}

/// Every contact of a round is decided again: its schedule changed.
pub async fn look_at_round(tx: &mut Tx, round: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET look_at = $2 WHERE round_id = $1 AND removed_at IS NULL AND opted_out_at IS NULL",
        round,
        now
    )?;
    Ok(())
}

/// Nobody is looked at any more, and why nothing is planned is on record for everybody on the list.
pub async fn close_round(tx: &mut Tx, round: &str, closed: &str, completed: &str) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET look_at = NULL, waiting_for = CASE WHEN completed_at IS NULL THEN $2 ELSE $3 END
         WHERE round_id = $1 AND removed_at IS NULL",
        round,
        closed,
        completed
    )?;
    Ok(())
}

row! {
    pub struct Touched {
        pub contact_id: String,
        pub kind: MessageKind,
        pub number: i64,
        pub state: MessageState,
        pub due_at: Ts,
        pub settled_at: Option<Ts>,
        pub planned_for: Ts,
        pub first_tried_at: Option<Ts>,
        pub doubted_at: Option<Ts>,
        pub reason: Option<String>,
    }
}

/// Everything in the ledger for a contact.
pub async fn touched(tx: &mut Tx, contact: &str) -> Result<Vec<Touched>> {
    all!(
        tx,
        "SELECT contact_id, kind, number, state, due_at, settled_at, planned_for, first_tried_at, doubted_at, reason FROM message WHERE contact_id = $1 ORDER BY due_at, id",
        contact
    )
}

/// Everything in the ledger for the contacts of a round.
pub async fn touched_in_round(tx: &mut Tx, round: &str) -> Result<Vec<Touched>> {
    all!(
        tx,
        "SELECT contact_id, kind, number, state, due_at, settled_at, planned_for, first_tried_at, doubted_at, reason FROM message
         WHERE lane = $1 AND contact_id IS NOT NULL ORDER BY contact_id, due_at, id",
        round
    )
}
