//! What was done to many contacts at one press, what became of each, and what is asked about them beforehand. Costs those contacts.

use crate::base::clock::Ts;
use crate::base::ids::{BulkId, ContactId, MessageId, RoundId};
use crate::base::problem::Result;
use crate::rules::message::{MessageKind, MessageState};
use crate::store::database::tx::{Tx, ids, json};

row! {
    /// One press.
    pub struct Bulk {
        pub id: BulkId,
        pub round_id: RoundId,
        /// `rules::contacts::bulk::Act`
        pub act: String,
        pub reason: String,
        pub chosen: i64,
        pub by_whom: String,
        pub at: Ts,
        pub undoes: Option<BulkId>,
    }
}

/// The columns of [`Bulk`], then what narrows them down.
macro_rules! bulks {
    ($rest:literal) => {
        concat!("SELECT id, round_id, act, reason, chosen, by_whom, at, undoes FROM bulk ", $rest)
    };
}

/// False where it is there already: the second tap of two, or the next piece of the same; or something else has undone the same.
pub async fn begin(tx: &mut Tx, b: &Bulk) -> Result<bool> {
    let added = run!(
        tx,
        "INSERT INTO bulk (id, round_id, act, reason, chosen, by_whom, at, undoes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT DO NOTHING",
        &b.id,
        &b.round_id,
        &b.act,
        &b.reason,
        b.chosen,
        &b.by_whom,
        b.at,
        b.undoes.as_ref()
    )?;
    Ok(added == 1)
}

pub async fn by_id(tx: &mut Tx, id: &BulkId) -> Result<Option<Bulk>> {
    maybe!(tx, bulks!("WHERE id = $1"), id)
}

/// What has taken this one back.
pub async fn undone_by(tx: &mut Tx, id: &BulkId) -> Result<Option<Bulk>> {
    maybe!(tx, bulks!("WHERE undoes = $1"), id)
}

/// What became of one contact.
pub struct Became {
    pub contact: ContactId,
    /// None where it was done.
    pub why: Option<&'static str>,
    /// The message to which it was done.
    pub message: Option<MessageId>,
}

/// Notes what became of each, and since when what was done stands: since the message is held, or the name is off the list.
pub async fn note(tx: &mut Tx, id: &BulkId, each: &[Became]) -> Result<()> {
    let rows: Vec<_> =
        each.iter().map(|b| serde_json::json!({ "id": b.contact, "why": b.why, "message": b.message })).collect();
    run!(
        tx,
        "INSERT INTO bulk_contact (bulk_id, contact_id, why, message_id, set_at)
         SELECT $1, t.value ->> 'id', t.value ->> 'why', t.value ->> 'message', CASE
                WHEN t.value ->> 'why' IS NOT NULL THEN NULL
                WHEN t.value ->> 'message' IS NOT NULL THEN (SELECT m.settled_at FROM message m WHERE m.id = t.value ->> 'message')
                ELSE (SELECT c.removed_at FROM contact c WHERE c.id = t.value ->> 'id') END
         FROM json_each($2) t WHERE 1 = 1 ON CONFLICT DO NOTHING",
        id,
        json(&rows)?
    )?;
    Ok(())
}

row! {
    /// What a press has set of a contact.
    pub struct SetBy {
        pub contact_id: ContactId,
        pub message_id: Option<MessageId>,
        pub set_at: Option<Ts>,
    }
}

/// What a press has set of those of these contacts to whom it was done.
pub async fn set_by(tx: &mut Tx, id: &BulkId, contacts: &[ContactId]) -> Result<Vec<SetBy>> {
    all!(
        tx,
        "SELECT contact_id, message_id, set_at FROM bulk_contact WHERE bulk_id = $1 AND why IS NULL
            AND contact_id IN (SELECT value ->> 'id' FROM json_each($2)) ORDER BY contact_id",
        id,
        ids(contacts)?
    )
}

/// Those of these contacts with whom it is through.
pub async fn noted(tx: &mut Tx, id: &BulkId, contacts: &[ContactId]) -> Result<Vec<ContactId>> {
    let found: Vec<(ContactId,)> = all!(
        tx,
        "SELECT contact_id FROM bulk_contact WHERE bulk_id = $1
            AND contact_id IN (SELECT value ->> 'id' FROM json_each($2)) ORDER BY contact_id",
        id,
        ids(contacts)?
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// To whom it was done, by their ids.
pub async fn done_to(tx: &mut Tx, id: &BulkId) -> Result<Vec<ContactId>> {
    let found: Vec<(ContactId,)> =
        all!(tx, "SELECT contact_id FROM bulk_contact WHERE bulk_id = $1 AND why IS NULL ORDER BY contact_id", id)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// How many have become what; an empty word where it was done.
pub async fn outcomes(tx: &mut Tx, id: &BulkId) -> Result<Vec<(String, i64)>> {
    all!(
        tx,
        "SELECT COALESCE(why, '') AS why, count(*) AS n FROM bulk_contact WHERE bulk_id = $1
         GROUP BY COALESCE(why, '') ORDER BY COALESCE(why, '')",
        id
    )
}

/// Who was left as he was, and why; the first of them.
pub async fn left(tx: &mut Tx, id: &BulkId, limit: i64) -> Result<Vec<(ContactId, String)>> {
    all!(
        tx,
        "SELECT contact_id, why FROM bulk_contact WHERE bulk_id = $1 AND why IS NOT NULL ORDER BY why, contact_id LIMIT $2",
        id,
        limit
    )
}

row! {
    /// A message to a contact, as far as it is asked what can be done to it.
    pub struct Ahead {
        pub id: MessageId,
        pub contact_id: ContactId,
        pub kind: MessageKind,
        pub state: MessageState,
        pub settled_at: Option<Ts>,
    }
}

/// The messages to these contacts that were not withdrawn, contact by contact and in the order of their times.
pub async fn messages(tx: &mut Tx, contacts: &[&ContactId]) -> Result<Vec<Ahead>> {
    all!(
        tx,
        "SELECT id, contact_id, kind, state, settled_at FROM message
         WHERE contact_id IN (SELECT value ->> 'id' FROM json_each($1)) AND state <> 'withdrawn' ORDER BY contact_id, due_at, id",
        ids(contacts)?
    )
}
