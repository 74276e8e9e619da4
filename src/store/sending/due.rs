//! What of the ledger is due, and when the next of it is.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::message::Lane;
use crate::store::completion::Count;
use crate::store::database::tx::Tx;

/// What is due is counted to so many and no further: more of it is said to be more.
pub const COUNTED: i64 = 100_000;

/// Planned messages of a lane whose time has come; one more than [`COUNTED`] where there are more.
pub async fn count(tx: &mut Tx, lane: &Lane, now: Ts) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM (SELECT 1 AS one FROM message
            WHERE lane = $1 AND state = 'planned' AND due_at <= $2 LIMIT $3) AS counted",
        lane,
        now,
        COUNTED + 1
    )?;
    Ok(count.n)
}

row! {
    /// A lane that has something due, with its round unless it is the system's.
    pub struct DueLane {
        pub lane: Lane,
        pub slug: Option<String>,
        pub version: Option<i64>,
    }
}

/// The lanes of which something may leave now: mail of the system, then the running rounds. None while this sender is held.
pub async fn lanes(tx: &mut Tx, sender: &str, now: Ts) -> Result<Vec<DueLane>> {
    all!(
        tx,
        "SELECT l.lane AS lane, l.slug AS slug, l.version AS version
         FROM (SELECT 'system' AS lane, CAST(NULL AS TEXT) AS slug, CAST(NULL AS BIGINT) AS version, 0 AS place
            UNION ALL SELECT id AS lane, slug, version, 1 AS place FROM round WHERE state = 'running') AS l
         WHERE EXISTS (SELECT 1 FROM message m WHERE m.lane = l.lane AND m.state = 'planned' AND m.due_at <= $1)
            AND NOT EXISTS (SELECT 1 FROM hold WHERE lifted_at IS NULL AND instance IN ('', $2))
         ORDER BY l.place, l.lane",
        now,
        sender
    )
}

row! {
    pub struct NextDue {
        pub due_at: Option<Ts>,
    }
}

/// When the next planned message of a lane is due.
pub async fn next(tx: &mut Tx, lane: &Lane) -> Result<Option<Ts>> {
    let next: NextDue =
        one!(tx, "SELECT min(due_at) AS due_at FROM message WHERE lane = $1 AND state = 'planned'", lane)?;
    Ok(next.due_at)
}

/// When the next message may leave: of the system, or of any round that runs. What was due before a round ran could not leave before.
pub async fn next_of_all(tx: &mut Tx) -> Result<Option<Ts>> {
    let next: NextDue = one!(
        tx,
        "SELECT min(due_at) AS due_at FROM (SELECT min(due_at) AS due_at FROM message WHERE lane = 'system' AND state = 'planned'
            UNION ALL SELECT CASE WHEN t.due_at < t.running_since THEN t.running_since ELSE t.due_at END AS due_at
                FROM (SELECT (SELECT min(m.due_at) FROM message m WHERE m.lane = r.id AND m.state = 'planned') AS due_at,
                        COALESCE(r.running_since, 0) AS running_since
                    FROM round r WHERE r.state = 'running') AS t) AS each_lane"
    )?;
    Ok(next.due_at)
}
