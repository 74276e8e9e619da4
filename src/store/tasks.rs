//! What a person has to do about a contact: so far, to find a successor for somebody who has left.

use crate::base::clock::Ts;
use crate::base::problem::Result;

use super::Tx;

row! {
    pub struct Task {
        pub id: String,
        pub round_id: String,
        pub contact_id: String,
        pub kind: String,
        pub why: String,
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
            "SELECT id, round_id, contact_id, kind, why, opened_at, opened_by, closed_at, closed_by, outcome FROM task ",
            $rest
        )
    };
}

/// Somebody who has left is to be replaced.
pub const REPLACE: &str = "replace";

/// Opens a task; false when one of this kind is open for the contact.
pub async fn open(tx: &mut Tx, t: &Task) -> Result<bool> {
    let changed = run!(
        tx,
        "INSERT INTO task (id, round_id, contact_id, kind, why, opened_at, opened_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT DO NOTHING",
        &t.id,
        &t.round_id,
        &t.contact_id,
        &t.kind,
        &t.why,
        t.opened_at,
        &t.opened_by
    )?;
    Ok(changed == 1)
}

/// Closes the open task of a contact; false when there is none.
pub async fn close(tx: &mut Tx, contact: &str, kind: &str, by: &str, outcome: &str, now: Ts) -> Result<bool> {
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

/// The open tasks of a round, the oldest first.
pub async fn open_in_round(tx: &mut Tx, round: &str) -> Result<Vec<Task>> {
    all!(tx, tasks!("WHERE round_id = $1 AND closed_at IS NULL ORDER BY opened_at, id"), round)
}

pub async fn of_contact(tx: &mut Tx, contact: &str) -> Result<Vec<Task>> {
    all!(tx, tasks!("WHERE contact_id = $1 ORDER BY opened_at, id"), contact)
}
