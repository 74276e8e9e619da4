//! Messages of people who were found by words, as the outbox shows them. Costs the messages of those people.

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, ids};

use super::outbox::{Message, messages};

/// The latest first. `state`: one of the ledger's, `due`, or empty for all.
pub async fn page(
    tx: &mut Tx,
    people: &[&ContactId],
    (state, now): (&str, Ts),
    limit: i64,
    offset: i64,
) -> Result<Vec<Message>> {
    all!(
        tx,
        messages!(
            "WHERE contact_id IN (SELECT value ->> 'id' FROM json_each($1)) AND (CASE $2 WHEN '' THEN 1 = 1
                WHEN 'due' THEN state = 'planned' AND due_at <= $3 ELSE state = $2 END)
             ORDER BY due_at DESC, id DESC LIMIT $4 OFFSET $5"
        ),
        ids(people)?,
        state,
        now,
        limit,
        offset
    )
}

pub async fn count(tx: &mut Tx, people: &[&ContactId], (state, now): (&str, Ts)) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM message WHERE contact_id IN (SELECT value ->> 'id' FROM json_each($1))
            AND (CASE $2 WHEN '' THEN 1 = 1 WHEN 'due' THEN state = 'planned' AND due_at <= $3 ELSE state = $2 END)",
        ids(people)?,
        state,
        now
    )?;
    Ok(count.n)
}
