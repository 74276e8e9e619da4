//! Messages of people who were found by words, as the outbox shows them: of contacts, and of those who are none (directors, managers).
//! Costs the messages of those people.

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::message::Lane;
use crate::store::database::tx::{Tx, ids};

use super::outbox::{Message, messages};

/// Whose messages.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    pub contacts: &'a [ContactId],
    pub lane: &'a Lane,
    /// Addresses of those who are no contacts, to which mails of the lane go.
    pub colleagues: &'a [String],
}

/// The latest first. `state`: one of the ledger's, `due`, or empty for all.
pub async fn page(tx: &mut Tx, of: Of<'_>, (state, now): (&str, Ts), limit: i64, offset: i64) -> Result<Vec<Message>> {
    all!(
        tx,
        messages!(
            "WHERE id IN (SELECT id FROM message WHERE contact_id IN (SELECT value ->> 'id' FROM json_each($1))
                    UNION ALL SELECT id FROM message WHERE lane = $2 AND contact_id IS NULL
                        AND to_email IN (SELECT value ->> 'id' FROM json_each($3)))
                AND (CASE $4 WHEN '' THEN 1 = 1 WHEN 'due' THEN state = 'planned' AND due_at <= $5 ELSE state = $4 END)
             ORDER BY due_at DESC, id DESC LIMIT $6 OFFSET $7"
        ),
        ids(of.contacts)?,
        of.lane,
        ids(of.colleagues)?,
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

pub async fn counts(tx: &mut Tx, of: Of<'_>, now: Ts) -> Result<Vec<OfState>> {
    all!(
        tx,
        "SELECT state, count(*) AS messages,
            CAST(sum(CASE WHEN state = 'planned' AND due_at <= $4 THEN 1 ELSE 0 END) AS BIGINT) AS due
         FROM message WHERE id IN (SELECT id FROM message WHERE contact_id IN (SELECT value ->> 'id' FROM json_each($1))
                UNION ALL SELECT id FROM message WHERE lane = $2 AND contact_id IS NULL
                    AND to_email IN (SELECT value ->> 'id' FROM json_each($3)))
         GROUP BY state ORDER BY state",
        ids(of.contacts)?,
        of.lane,
        ids(of.colleagues)?,
        now
    )
}

/// To whom mails of a lane go who are no contacts: addresses with the names of their latest mails, the first of them. Costs those: from
/// each the index leads to the next, past all of his mails.
pub async fn colleagues(tx: &mut Tx, lane: &Lane, limit: i64) -> Result<Vec<(String, String)>> {
    all!(
        tx,
        "WITH RECURSIVE c (email, n) AS (
            SELECT (SELECT m.to_email FROM message m WHERE m.lane = $1 AND m.contact_id IS NULL AND m.to_email > ''
                ORDER BY m.to_email LIMIT 1), 1
            UNION ALL SELECT (SELECT m.to_email FROM message m WHERE m.lane = $1 AND m.contact_id IS NULL AND m.to_email > c.email
                ORDER BY m.to_email LIMIT 1), c.n + 1 FROM c WHERE c.email IS NOT NULL AND c.n < $2)
         SELECT c.email, (SELECT m.to_name FROM message m WHERE m.lane = $1 AND m.contact_id IS NULL AND m.to_email = c.email
            ORDER BY m.due_at DESC, m.id DESC LIMIT 1) AS name FROM c WHERE c.email IS NOT NULL ORDER BY c.email",
        lane,
        limit
    )
}
