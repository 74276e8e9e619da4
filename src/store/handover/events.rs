//! Events: what other programs are told, in the order in which it happened, and what came of it.

use crate::base::clock::Ts;
use crate::base::ids::{EventId, RoundId};
use crate::base::problem::Result;
use crate::rules::handover::HandoffState;
use crate::rules::handover::events::EventKind;
use crate::store::completion::Count;
use crate::store::database::tx::Tx;

row! {
    pub struct Event {
        pub id: EventId,
        pub kind: String,
        pub body: String,
        pub state: HandoffState,
        pub attempt: i64,
        pub created_at: Ts,
        pub began_at: Ts,
        pub next_at: Ts,
        pub lease_until: Option<Ts>,
        /// What the receiver said to the last attempt, or why nobody answered.
        pub answer: Option<String>,
    }
}

impl Event {
    /// When it is tried next; none: not before a person says so.
    pub fn due_at(&self) -> Option<Ts> {
        let at = self.lease_until.map_or(self.next_at, |lease| lease.max(self.next_at));
        (self.state == HandoffState::Pending).then_some(at)
    }

    pub fn is_due(&self, now: Ts) -> bool {
        self.due_at().is_some_and(|at| at <= now)
    }

    /// Whether it was tried and not taken.
    pub fn is_refused(&self) -> bool {
        self.answer.is_some()
    }
}

/// What is to be told.
pub struct NewEvent {
    pub id: EventId,
    pub round: Option<RoundId>,
    pub kind: EventKind,
    pub body: String,
}

/// Behind all others. Writers take turns, so none has the same number.
pub async fn add(tx: &mut Tx, event: &NewEvent, now: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO event (id, n, round_id, kind, body, state, created_at, began_at, next_at)
         VALUES ($1, (SELECT COALESCE(max(n), 0) + 1 FROM event), $2, $3, $4, 'pending', $5, $5, $5)",
        &event.id,
        event.round.as_ref(),
        event.kind.as_str(),
        &event.body,
        now
    )?;
    Ok(())
}

/// The one that is told next: nothing is told before it.
pub async fn first(tx: &mut Tx) -> Result<Option<Event>> {
    maybe!(
        tx,
        "SELECT id, kind, body, state, attempt, created_at, began_at, next_at, lease_until, answer FROM event
         WHERE state IN ('pending', 'stopped') ORDER BY n LIMIT 1"
    )
}

/// Takes it for nobody else to take it before then.
pub async fn take(tx: &mut Tx, id: &EventId, until: Ts) -> Result<()> {
    run!(quiet tx, "UPDATE event SET lease_until = $2, attempt = attempt + 1 WHERE id = $1", id, until)?;
    Ok(())
}

/// Taken and not tried to the end: due again at once.
pub async fn release(tx: &mut Tx, id: &EventId) -> Result<()> {
    run!(
        quiet tx,
        "UPDATE event SET lease_until = NULL, attempt = attempt - 1
         WHERE id = $1 AND state = 'pending' AND lease_until IS NOT NULL AND attempt > 0",
        id
    )?;
    Ok(())
}

/// What became of an attempt. That it was told counts, whatever was decided of it meanwhile.
pub async fn settle(
    tx: &mut Tx,
    id: &EventId,
    state: HandoffState,
    next_at: Ts,
    answer: &str,
    now: Ts,
) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE event SET state = $2, next_at = $3, answer = $4, lease_until = NULL,
            settled_at = CASE WHEN $2 = 'pending' THEN NULL ELSE CAST($5 AS BIGINT) END
         WHERE id = $1 AND (state = 'pending' OR ($2 = 'confirmed' AND state <> 'confirmed'))",
        id,
        state,
        next_at,
        answer,
        now
    )?;
    Ok(changed == 1)
}

/// Begins a new series of attempts with the one that is told next. False where it is not the one that waits.
pub async fn again(tx: &mut Tx, id: &EventId, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE event SET state = 'pending', attempt = 0, began_at = $2, next_at = $2, lease_until = NULL, settled_at = NULL
         WHERE id = $1 AND state IN ('pending', 'stopped')",
        id,
        now
    )?;
    Ok(changed == 1)
}

/// It is told no more. False where it was settled already.
pub async fn leave_out(tx: &mut Tx, id: &EventId, why: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE event SET state = 'failed', answer = $2, settled_at = $3, lease_until = NULL
         WHERE id = $1 AND state IN ('pending', 'stopped')",
        id,
        why,
        now
    )?;
    Ok(changed == 1)
}

/// How many wait to be told.
pub async fn waiting(tx: &mut Tx) -> Result<i64> {
    let waiting: Count = one!(tx, "SELECT count(*) AS n FROM event WHERE state IN ('pending', 'stopped')")?;
    Ok(waiting.n)
}

/// How many were given up or left out, as long as that is kept.
pub async fn given_up(tx: &mut Tx) -> Result<i64> {
    let given_up: Count = one!(tx, "SELECT count(*) AS n FROM event WHERE state = 'failed'")?;
    Ok(given_up.n)
}

row! {
    pub struct Told {
        pub kind: String,
        pub settled_at: Option<Ts>,
    }
}

/// The one that was taken last.
pub async fn last_told(tx: &mut Tx) -> Result<Option<Told>> {
    maybe!(tx, "SELECT kind, settled_at FROM event WHERE state = 'confirmed' ORDER BY settled_at DESC, id DESC LIMIT 1")
}

/// Nobody was to be told of what has waited since before then.
pub async fn give_up_old(tx: &mut Tx, before: Ts, why: &str, now: Ts) -> Result<u64> {
    run!(
        tx,
        "UPDATE event SET state = 'failed', answer = $2, settled_at = $3, lease_until = NULL
         WHERE state IN ('pending', 'stopped') AND created_at < $1",
        before,
        why,
        now
    )
}

/// How many were settled before then.
pub async fn old(tx: &mut Tx, before: Ts) -> Result<i64> {
    let old: Count = one!(
        tx,
        "SELECT (SELECT count(*) FROM event WHERE state = 'confirmed' AND settled_at < $1)
            + (SELECT count(*) FROM event WHERE state = 'failed' AND settled_at < $1) AS n",
        before
    )?;
    Ok(old.n)
}

/// Forgets what was settled before then.
pub async fn forget(tx: &mut Tx, before: Ts) -> Result<u64> {
    let told = run!(tx, "DELETE FROM event WHERE state = 'confirmed' AND settled_at < $1", before)?;
    let given_up = run!(tx, "DELETE FROM event WHERE state = 'failed' AND settled_at < $1", before)?;
    Ok(told + given_up)
}

row! {
    /// A target of which it was told that it is met.
    pub struct TargetMet {
        pub level: String,
        pub target: String,
    }
}

pub async fn targets_met(tx: &mut Tx, round: &RoundId) -> Result<Vec<TargetMet>> {
    all!(tx, "SELECT level, target FROM target_met WHERE round_id = $1 ORDER BY level, target", round)
}

/// False where it was told before.
pub async fn note_target(tx: &mut Tx, round: &RoundId, level: &str, target: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "INSERT INTO target_met (round_id, level, target, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        round,
        level,
        target,
        now
    )?;
    Ok(changed == 1)
}
