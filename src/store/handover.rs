//! What was handed to the scoring module, what is still to be, and what it said.

pub mod events;

use crate::base::clock::Ts;
use crate::base::ids::{HandoffId, ResponseId, RoundId};
use crate::base::problem::Result;
use crate::rules::handover::HandoffState;
use crate::store::database::tx::Tx;

use super::completion::Count;

row! {
    pub struct Handoff {
        pub id: HandoffId,
        pub round_id: RoundId,
        pub response_id: ResponseId,
        pub sequence: i64,
        pub body: String,
        pub state: HandoffState,
        pub attempt: i64,
        pub created_at: Ts,
        pub next_at: Ts,
        pub settled_at: Option<Ts>,
        pub answer: Option<String>,
    }
}

/// The columns of [`Handoff`], then what narrows them down.
macro_rules! handoffs {
    ($rest:literal) => {
        concat!(
            "SELECT id, round_id, response_id, sequence, body, state, attempt, created_at, next_at, settled_at, answer FROM handoff ",
            $rest
        )
    };
}

/// The next sequence number of a round. Called in the transaction that uses it; a second one at the same time fails on the unique key and
/// is tried again.
pub async fn next_sequence(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let last: Count = one!(tx, "SELECT COALESCE(max(sequence), 0) AS n FROM handoff WHERE round_id = $1", round)?;
    Ok(last.n + 1)
}

pub async fn insert(tx: &mut Tx, h: &Handoff) -> Result<()> {
    run!(
        tx,
        "INSERT INTO handoff (id, round_id, response_id, sequence, body, state, created_at, next_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &h.id,
        &h.round_id,
        &h.response_id,
        h.sequence,
        &h.body,
        h.state,
        h.created_at,
        h.next_at
    )?;
    Ok(())
}

/// Pending ones whose time has come, leased so that a second daemon leaves them alone. Handing over twice is allowed; losing is not.
pub async fn claim(tx: &mut Tx, now: Ts, lease_until: Ts, limit: i64) -> Result<Vec<Handoff>> {
    let due: Vec<Handoff> = all!(
        tx,
        handoffs!(
            "WHERE state = 'pending' AND next_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)
             ORDER BY next_at, sequence, id LIMIT $2"
        ),
        now,
        limit
    )?;
    for h in &due {
        run!(quiet tx, "UPDATE handoff SET lease_until = $2, attempt = attempt + 1 WHERE id = $1", &h.id, lease_until)?;
    }
    Ok(due)
}

/// False where it was settled already.
pub async fn settle(
    tx: &mut Tx,
    id: &HandoffId,
    state: HandoffState,
    next_at: Ts,
    answer: &str,
    now: Ts,
) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE handoff SET state = $2, next_at = $3, answer = $4,
            settled_at = CASE WHEN $2 = 'pending' THEN NULL ELSE CAST($5 AS BIGINT) END,
            refused_at = CASE WHEN $2 = 'pending' THEN CAST($5 AS BIGINT) END, lease_until = NULL
         WHERE id = $1 AND (state = 'pending' OR ($2 = 'confirmed' AND state <> 'confirmed'))",
        id,
        state,
        next_at,
        answer,
        now
    )?;
    Ok(changed == 1)
}

/// Is not handed over any more, unless it was confirmed: its answers were set aside. True where it was still to be handed over.
pub async fn stop(tx: &mut Tx, response: &ResponseId, why: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE handoff SET state = 'stopped', answer = $2, settled_at = $3 WHERE response_id = $1 AND state <> 'confirmed'",
        response,
        why,
        now
    )?;
    Ok(changed == 1)
}

/// Hands over again: one that failed or stopped, or a confirmed one that the other side has lost.
pub async fn replay(tx: &mut Tx, id: &HandoffId, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE handoff SET state = 'pending', next_at = $2, attempt = 0, lease_until = NULL, settled_at = NULL, refused_at = NULL
         WHERE id = $1",
        id,
        now
    )?;
    Ok(changed == 1)
}

pub async fn page(tx: &mut Tx, round: &RoundId, limit: i64, offset: i64) -> Result<Vec<Handoff>> {
    all!(tx, handoffs!("WHERE round_id = $1 ORDER BY sequence LIMIT $2 OFFSET $3"), round, limit, offset)
}

/// Taken and not tried to the end: due again at once.
pub async fn release(tx: &mut Tx, id: &HandoffId) -> Result<()> {
    run!(
        quiet tx,
        "UPDATE handoff SET lease_until = NULL, attempt = attempt - 1
         WHERE id = $1 AND state = 'pending' AND lease_until IS NOT NULL AND attempt > 0",
        id
    )?;
    Ok(())
}

/// Those of a round in one state, in the order of their numbers, after this one.
pub async fn in_state_after(
    tx: &mut Tx,
    round: &RoundId,
    state: HandoffState,
    after: i64,
    limit: i64,
) -> Result<Vec<Handoff>> {
    all!(
        tx,
        handoffs!("WHERE round_id = $1 AND state = $2 AND sequence > $3 ORDER BY sequence LIMIT $4"),
        round,
        state,
        after,
        limit
    )
}

/// A page of a round's hand-overs in one state, or in all when `state` is empty; the newest first.
pub async fn latest(tx: &mut Tx, round: &RoundId, state: &str, limit: i64, offset: i64) -> Result<Vec<Handoff>> {
    all!(
        tx,
        handoffs!("WHERE round_id = $1 AND ($2 = '' OR state = $2) ORDER BY sequence DESC LIMIT $3 OFFSET $4"),
        round,
        state,
        limit,
        offset
    )
}

pub async fn by_id(tx: &mut Tx, id: &HandoffId) -> Result<Option<Handoff>> {
    maybe!(tx, handoffs!("WHERE id = $1"), id)
}

row! {
    /// A response that the scoring module has not taken.
    pub struct NotTaken {
        pub round_id: RoundId,
        pub answer: Option<String>,
        /// When it was tried last.
        pub refused_at: Ts,
    }
}

/// Of those that are tried again the one that was tried last. It says nothing where another one was taken since ([`last_taken`]).
pub async fn not_taken(tx: &mut Tx) -> Result<Option<NotTaken>> {
    maybe!(
        tx,
        "SELECT round_id, answer, refused_at FROM handoff
         WHERE state = 'pending' AND refused_at IS NOT NULL ORDER BY refused_at DESC, id DESC LIMIT 1"
    )
}

row! {
    pub struct Taken {
        pub settled_at: Option<Ts>,
    }
}

/// When the scoring module last took a response.
pub async fn last_taken(tx: &mut Tx) -> Result<Option<Ts>> {
    let last: Option<Taken> = maybe!(
        tx,
        "SELECT settled_at FROM handoff WHERE state = 'confirmed' ORDER BY settled_at DESC, id DESC LIMIT 1"
    )?;
    Ok(last.and_then(|taken| taken.settled_at))
}

/// The last that is tried no more, and was not before `since`. One whose answers were set aside is not to be handed over.
pub async fn given_up(tx: &mut Tx, since: Ts) -> Result<Option<NotTaken>> {
    maybe!(
        tx,
        "SELECT h.round_id AS round_id, h.answer AS answer, h.settled_at AS refused_at FROM handoff h JOIN response r ON r.id = h.response_id
         WHERE h.state IN ('failed', 'stopped') AND h.settled_at >= $1 AND r.set_aside_at IS NULL
         ORDER BY h.settled_at DESC, h.id DESC LIMIT 1",
        since
    )
}

row! {
    pub struct NextHandoff {
        pub next_at: Option<Ts>,
    }
}

pub async fn next_due(tx: &mut Tx) -> Result<Option<Ts>> {
    let next: NextHandoff = one!(tx, "SELECT min(next_at) AS next_at FROM handoff WHERE state = 'pending'")?;
    Ok(next.next_at)
}
