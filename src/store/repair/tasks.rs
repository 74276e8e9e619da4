//! What a person has to do about a contact: find a successor for somebody who has left, or the right address for a dead one.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{ContactId, RoundId, TaskId};
use crate::base::problem::Result;
use crate::rules::repair::TaskKind;
use crate::store::database::tx::Tx;

row! {
    pub struct Task {
        pub id: TaskId,
        pub round_id: RoundId,
        pub contact_id: ContactId,
        pub kind: TaskKind,
        pub why: String,
        /// Addresses that a reply asked to write to instead, one a line.
        pub proposed: String,
        pub opened_at: Ts,
        pub opened_by: String,
        pub closed_at: Option<Ts>,
        pub closed_by: Option<String>,
        pub outcome: Option<String>,
    }
}

/// The columns of [`Task`], then what narrows them down.
macro_rules! tasks {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.round_id, t.contact_id, t.kind, t.why, t.proposed, t.opened_at, t.opened_by, t.closed_at, t.closed_by, t.outcome
             FROM task t ",
            $rest
        )
    };
}

/// Opens a task; false when one of this kind is open for the contact.
pub async fn open(tx: &mut Tx, t: &Task) -> Result<bool> {
    let changed = run!(
        tx,
        "INSERT INTO task (id, round_id, contact_id, kind, why, proposed, opened_at, opened_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        &t.id,
        &t.round_id,
        &t.contact_id,
        t.kind,
        &t.why,
        &t.proposed,
        t.opened_at,
        &t.opened_by
    )?;
    Ok(changed == 1)
}

/// Closes the open task of this kind of a contact; false when there is none.
pub async fn close(tx: &mut Tx, contact: &ContactId, kind: TaskKind, by: &str, outcome: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE task SET closed_at = $5, closed_by = $3, outcome = $4 WHERE contact_id = $1 AND kind = $2 AND closed_at IS NULL",
        contact,
        kind,
        by,
        outcome,
        now
    )?;
    Ok(changed == 1)
}

/// A page of the open tasks of a round, the oldest first; not those of contacts in whose place somebody stands by now.
pub async fn open_in_round(tx: &mut Tx, round: &RoundId, limit: i64, offset: i64) -> Result<Vec<Task>> {
    all!(
        tx,
        tasks!(
            "JOIN contact c ON c.id = t.contact_id WHERE t.round_id = $1 AND t.closed_at IS NULL AND c.removed_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM contact s WHERE s.replaces = c.id AND s.removed_at IS NULL)
             ORDER BY t.opened_at, t.id LIMIT $2 OFFSET $3"
        ),
        round,
        limit,
        offset
    )
}

/// The same behind this one.
pub async fn open_behind(
    tx: &mut Tx,
    round: &RoundId,
    (opened_at, id): (Ts, &TaskId),
    limit: i64,
) -> Result<Vec<Task>> {
    all!(
        tx,
        tasks!(
            "JOIN contact c ON c.id = t.contact_id WHERE t.round_id = $1 AND t.closed_at IS NULL AND c.removed_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM contact s WHERE s.replaces = c.id AND s.removed_at IS NULL)
                AND (t.opened_at, t.id) > ($2, $3)
             ORDER BY t.opened_at, t.id LIMIT $4"
        ),
        round,
        opened_at,
        id,
        limit
    )
}

row! {
    pub struct WaitingTask {
        pub tasks: i64,
        pub oldest: Option<Ts>,
    }
}

/// How many tasks of a round are open, and since when the oldest is.
pub async fn waiting(tx: &mut Tx, round: &RoundId) -> Result<WaitingTask> {
    one!(
        tx,
        "SELECT count(*) AS tasks, min(t.opened_at) AS oldest FROM task t JOIN contact c ON c.id = t.contact_id
         WHERE t.round_id = $1 AND t.closed_at IS NULL AND c.removed_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM contact s WHERE s.replaces = c.id AND s.removed_at IS NULL)",
        round
    )
}

pub async fn of_contact(tx: &mut Tx, contact: &ContactId) -> Result<Vec<Task>> {
    all!(tx, tasks!("WHERE t.contact_id = $1 ORDER BY t.opened_at, t.id"), contact)
}

/// All tasks of the accounts that this person looks after, open or closed, the oldest first: as account manager, or as account director
/// where the list names no manager.
pub async fn of_person(tx: &mut Tx, round: &RoundId, email: &EmailAddress) -> Result<Vec<Task>> {
    all!(
        tx,
        tasks!(
            "JOIN contact c ON c.id = t.contact_id JOIN account a ON a.id = c.account_id
             WHERE t.round_id = $1 AND COALESCE(NULLIF(a.manager_email, ''), a.director_email) = $2 ORDER BY t.opened_at, t.id"
        ),
        round,
        email
    )
}
