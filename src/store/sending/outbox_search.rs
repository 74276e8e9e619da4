//! Messages of people who were found by words, as the outbox shows them. Costs the messages of those people.

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
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

row! {
    /// Messages of one state, and how many of them are due.
    pub struct OfState {
        pub state: String,
        pub messages: i64,
        pub due: i64,
    }
}

pub async fn counts(tx: &mut Tx, people: &[&ContactId], now: Ts) -> Result<Vec<OfState>> {
    all!(
        tx,
        "SELECT state, count(*) AS messages,
            CAST(sum(CASE WHEN state = 'planned' AND due_at <= $2 THEN 1 ELSE 0 END) AS BIGINT) AS due
         FROM message WHERE contact_id IN (SELECT value ->> 'id' FROM json_each($1)) GROUP BY state ORDER BY state",
        ids(people)?,
        now
    )
}
