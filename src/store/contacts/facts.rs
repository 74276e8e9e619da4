//! What becomes known about a person while the round runs: away, gone, begun, answered, opted out, unreachable. Every one that could stop
//! a message raises `version`, and makes the plan look at the person again.

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::contacts::out::HAS_LEFT;
use crate::store::database::columns::Flag;
use crate::store::database::tx::Tx;

/// A fact that says when, or whether, a message may go: the plan looks again, unless nothing can be planned for the person. `$2` is now,
/// `$3` the fact.
macro_rules! plan_anew {
    ($rest:literal) => {
        concat!(
            "UPDATE contact SET ",
            $rest,
            ", look_at = CASE WHEN opted_out_at IS NULL AND removed_at IS NULL THEN $2 ELSE look_at END,
                version = version + 1 WHERE id = $1"
        )
    };
}

/// Opted out, once; false when that was so before. Not dated before the last message that left, whatever the clock says now.
pub async fn opt_out(tx: &mut Tx, id: &ContactId, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE contact SET opted_out_at = (SELECT max(t.moment) FROM (SELECT CAST($2 AS BIGINT) AS moment
            UNION ALL SELECT marked_at AS moment FROM message WHERE contact_id = $1) AS t), look_at = NULL, version = version + 1
         WHERE id = $1 AND opted_out_at IS NULL",
        id,
        now
    )?;
    Ok(changed == 1)
}

pub async fn mark_undeliverable(tx: &mut Tx, id: &ContactId, why: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET undeliverable_at = COALESCE(undeliverable_at, $2), undeliverable_reason = $3, look_at = NULL,
            version = version + 1
         WHERE id = $1",
        id,
        now,
        why
    )?;
    Ok(())
}

/// Asked for messages again: nothing that was said before stops them. False when nothing did.
pub async fn opt_in(tx: &mut Tx, id: &ContactId, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE contact SET opted_out_at = NULL, look_at = CASE WHEN removed_at IS NULL THEN $2 ELSE look_at END, version = version + 1
         WHERE id = $1 AND opted_out_at IS NOT NULL",
        id,
        now
    )?;
    Ok(changed == 1)
}

/// Something that could stop a message has changed about the contact: what was decided before is decided again.
pub async fn decide_again(tx: &mut Tx, id: &ContactId, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET version = version + 1, look_at = CASE WHEN removed_at IS NULL THEN $2 ELSE look_at END WHERE id = $1",
        id,
        now
    )?;
    Ok(())
}

/// What was begun or answered counts no more: it was somebody else's.
pub async fn begin_anew(tx: &mut Tx, id: &ContactId, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET started_at = NULL, completed_at = NULL, left_alone_until = NULL, not_chased_at = NULL, look_at = $2,
            version = version + 1 WHERE id = $1",
        id,
        now
    )?;
    Ok(())
}

/// The address takes mail after all, or another one stands in its place.
pub async fn mark_deliverable(tx: &mut Tx, id: &ContactId, now: Ts) -> Result<()> {
    run!(tx, plan_anew!("undeliverable_at = NULL, undeliverable_reason = NULL"), id, now)?;
    Ok(())
}

/// Away until this instant, or there (none).
pub async fn set_absent(tx: &mut Tx, id: &ContactId, until: Option<Ts>, now: Ts) -> Result<()> {
    run!(tx, plan_anew!("absent_until = $3"), id, now, until)?;
    Ok(())
}

/// No reminder before this instant, or nothing in its way (none): somebody has called, or has taken the call back.
pub async fn leave_alone(tx: &mut Tx, id: &ContactId, until: Option<Ts>, now: Ts) -> Result<()> {
    run!(tx, plan_anew!("left_alone_until = $3"), id, now, until)?;
    Ok(())
}

/// No reminder goes any more, or may again.
pub async fn set_not_chased(tx: &mut Tx, id: &ContactId, not_chased: bool, now: Ts) -> Result<()> {
    let not_chased = Flag(not_chased);
    run!(
        tx,
        plan_anew!("not_chased_at = CASE WHEN $3 = 1 THEN COALESCE(not_chased_at, $2) ELSE NULL END"),
        id,
        now,
        not_chased
    )?;
    Ok(())
}

/// Has left the company, or has not after all. Who has left cannot be reached, and counts so.
pub async fn set_left(tx: &mut Tx, id: &ContactId, left: bool, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET left_at = CASE WHEN $2 = 1 THEN COALESCE(left_at, $3) ELSE NULL END,
            undeliverable_at = CASE WHEN $2 = 1 THEN COALESCE(undeliverable_at, $3) WHEN undeliverable_reason = $4 THEN NULL
                ELSE undeliverable_at END,
            undeliverable_reason = CASE WHEN $2 = 1 THEN COALESCE(undeliverable_reason, $4)
                WHEN undeliverable_reason = $4 THEN NULL ELSE undeliverable_reason END,
            look_at = CASE WHEN $2 = 1 OR opted_out_at IS NOT NULL OR removed_at IS NOT NULL THEN NULL ELSE $3 END, version = version + 1
         WHERE id = $1",
        id,
        Flag(left),
        now,
        HAS_LEFT
    )?;
    Ok(())
}

pub async fn mark_started(tx: &mut Tx, id: &ContactId, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET started_at = $2, look_at = $2, version = version + 1 WHERE id = $1 AND started_at IS NULL",
        id,
        now
    )?;
    Ok(())
}

/// Completed, once; false when that was so before. Not dated before the last message that left, whatever the clock says now.
pub async fn mark_completed(tx: &mut Tx, id: &ContactId, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE contact SET completed_at = (SELECT max(t.moment) FROM (SELECT CAST($2 AS BIGINT) AS moment
            UNION ALL SELECT marked_at AS moment FROM message WHERE contact_id = $1) AS t), started_at = COALESCE(started_at, $2), look_at = $2,
            version = version + 1
         WHERE id = $1 AND completed_at IS NULL",
        id,
        now
    )?;
    Ok(changed == 1)
}

/// A person was added by somebody here, not by a list: no list takes him off, and his first letter introduces us where the others have had
/// theirs.
pub async fn joined(tx: &mut Tx, id: &ContactId, now: Ts) -> Result<()> {
    run!(tx, "UPDATE contact SET joined_at = $2, edited_at = $2 WHERE id = $1", id, now)?;
    Ok(())
}
