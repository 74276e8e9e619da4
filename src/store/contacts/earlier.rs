//! What other rounds of the same client know of people and accounts, and why a director left out people of the round before.

use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::folding::person_key;
use crate::base::ids::{ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::journal::Action;
use crate::rules::message::MessageKind;
use crate::rules::round::RoundState;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, ids, json};

row! {
    /// Somebody who was written to in another round of the client.
    pub struct Asked {
        pub email_key: String,
        pub slug: String,
        pub state: RoundState,
        pub invited_at: Option<Ts>,
        pub started_at: Option<Ts>,
        pub completed_at: Option<Ts>,
        pub undeliverable_at: Option<Ts>,
        pub left_at: Option<Ts>,
        pub last_sent_at: Option<Ts>,
    }
}

/// Whether the client of this round has another one.
pub async fn has_other_rounds(tx: &mut Tx, round: &RoundId) -> Result<bool> {
    let others: Count = one!(
        tx,
        "SELECT count(*) AS n FROM round r JOIN round me ON me.client_key = r.client_key AND me.id <> r.id WHERE me.id = $1",
        round
    )?;
    Ok(others.n > 0)
}

/// Under these addresses, in the other rounds of the client, the latest round first.
pub async fn of_keys(tx: &mut Tx, round: &RoundId, keys: &[String]) -> Result<Vec<Asked>> {
    #[derive(Serialize)]
    struct Row<'a> {
        key: &'a str,
    }
    let keys: Vec<Row> = keys.iter().map(|key| Row { key }).collect();
    all!(
        tx,
        "SELECT c.email_key, r.slug, r.state, c.invited_at, c.started_at, c.completed_at, c.undeliverable_at, c.left_at, c.last_sent_at
         FROM contact c JOIN round r ON r.id = c.round_id JOIN round me ON me.client_key = r.client_key AND me.id <> r.id
         WHERE me.id = $1 AND c.loading IS NULL AND c.last_sent_at IS NOT NULL
            AND c.email_key IN (SELECT value ->> 'key' FROM json_each($2))
         ORDER BY c.email_key, COALESCE(r.started_at, r.created_at) DESC, c.id",
        round,
        json(&keys)?
    )
}

row! {
    pub struct RoundBefore {
        pub id: RoundId,
        /// More than 0: the journal says that this round was made from it.
        pub made_from: i64,
    }
}

/// Of the rounds of the client that are closed and were started before this one: that from which it was made, else the last.
pub async fn round_before(tx: &mut Tx, round: &RoundId) -> Result<Option<RoundBefore>> {
    maybe!(
        tx,
        "SELECT r.id AS id, (SELECT count(*) FROM journal j
                WHERE j.round_id = me.id AND j.action = $2 AND j.detail = 'from round ' || r.slug) AS made_from
         FROM round r JOIN round me ON me.client_key = r.client_key AND me.id <> r.id
         WHERE me.id = $1 AND r.state = 'closed' AND r.started_at IS NOT NULL
            AND (me.started_at IS NULL OR r.started_at < me.started_at)
         ORDER BY made_from DESC, r.started_at DESC, r.id DESC LIMIT 1",
        round,
        Action::MadeRound.as_str()
    )
}

/// The last of them, whichever this one was made from. Costs the rounds of the client; [`round_before`] reads the journal of this one.
pub async fn last_closed(tx: &mut Tx, round: &RoundId) -> Result<Option<RoundId>> {
    let found: Option<(RoundId,)> = maybe!(
        tx,
        "SELECT r.id AS id FROM round r JOIN round me ON me.client_key = r.client_key AND me.id <> r.id
         WHERE me.id = $1 AND r.state = 'closed' AND r.started_at IS NOT NULL
            AND (me.started_at IS NULL OR r.started_at < me.started_at)
         ORDER BY r.started_at DESC, r.id DESC LIMIT 1",
        round
    )?;
    Ok(found.map(|(id,)| id))
}

row! {
    /// Somebody of a round as he can be named also where the rest of his row cannot be read.
    pub struct Named {
        pub id: ContactId,
        pub account: String,
        pub first_name: String,
        pub last_name: String,
        pub email: String,
    }
}

/// Everybody who is or was on the list of a round, by name.
pub async fn named(tx: &mut Tx, round: &RoundId) -> Result<Vec<Named>> {
    all!(
        tx,
        "SELECT c.id AS id, a.name AS account, c.first_name AS first_name, c.last_name AS last_name, c.email AS email
         FROM contact c JOIN account a ON a.id = c.account_id
         WHERE c.round_id = $1 AND c.loading IS NULL ORDER BY c.line, c.id",
        round
    )
}

/// Whether anybody is on the list of a round; what a load that did not end has left there is nobody.
pub async fn has_anybody(tx: &mut Tx, round: &RoundId) -> Result<bool> {
    let found: Count = one!(
        tx,
        "SELECT count(*) AS n FROM contact WHERE round_id = $1 AND loading IS NULL AND removed_at IS NULL",
        round
    )?;
    Ok(found.n > 0)
}

row! {
    /// An address that somebody had before.
    pub struct FormerAddress {
        pub contact_id: ContactId,
        pub email: String,
    }
}

/// The addresses that these people had before, each person's together and the first one first.
pub async fn former_addresses(tx: &mut Tx, contacts: &[&ContactId]) -> Result<Vec<FormerAddress>> {
    all!(
        tx,
        "SELECT contact_id, email FROM former_link WHERE contact_id IN (SELECT value ->> 'id' FROM json_each($1))
         ORDER BY contact_id, replaced_at, id",
        ids(contacts)?
    )
}

row! {
    /// Somebody who was invited in a round and could be asked again.
    pub struct Former {
        pub id: ContactId,
        pub email_key: String,
        pub list_key: String,
        pub client_key: String,
        pub first_name: String,
        pub last_name: String,
        pub account: String,
        pub director_name: String,
        pub director_email: String,
        pub completed_at: Option<Ts>,
        /// JSON: the answer to the item that was asked for.
        pub answer: Option<String>,
    }
}

/// Everybody who was invited and on the list to the end: neither gone nor unreachable, and without an objection. `item`: of the
/// questionnaire.
pub async fn invited(tx: &mut Tx, round: &RoundId, item: &str) -> Result<Vec<Former>> {
    all!(
        tx,
        "SELECT c.id, c.email_key, c.list_key, c.client_key, c.first_name, c.last_name, a.name AS account, a.director_name, a.director_email,
            c.completed_at, (SELECT w.value FROM response s JOIN answer w ON w.response_id = s.id
                WHERE s.contact_id = c.id AND s.set_aside_at IS NULL AND w.item = $2) AS answer
         FROM contact c JOIN account a ON a.id = c.account_id JOIN round r ON r.id = c.round_id
         WHERE c.round_id = $1 AND c.loading IS NULL AND c.invited_at IS NOT NULL AND c.removed_at IS NULL AND c.left_at IS NULL
            AND c.undeliverable_at IS NULL AND c.opted_out_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM objection o WHERE o.client = r.client_key AND o.email_key = c.email_key AND o.ended_at IS NULL)
         ORDER BY c.id",
        round,
        item
    )
}

row! {
    pub struct DroppedReason {
        pub director_key: String,
        pub reason: String,
        pub given_by: String,
        pub given_at: Ts,
    }
}

pub async fn reasons(tx: &mut Tx, round: &RoundId) -> Result<Vec<DroppedReason>> {
    all!(
        tx,
        "SELECT director_key, reason, given_by, given_at FROM dropped_reason WHERE round_id = $1 ORDER BY director_key",
        round
    )
}

/// Takes the place of the reason that was given before.
pub async fn give_reason(tx: &mut Tx, round: &RoundId, given: &DroppedReason) -> Result<()> {
    run!(
        tx,
        "INSERT INTO dropped_reason (round_id, director_key, reason, given_by, given_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (round_id, director_key) DO UPDATE SET reason = excluded.reason, given_by = excluded.given_by,
            given_at = excluded.given_at",
        round,
        &given.director_key,
        &given.reason,
        &given.given_by,
        given.given_at
    )?;
    Ok(())
}

row! {
    /// A message that had left to somebody before his answer came.
    pub struct Took {
        pub contact_id: ContactId,
        pub kind: MessageKind,
        pub number: i64,
    }
}

/// The invitations and reminders that had left to these people before they answered, each person's together and the latest last.
pub async fn took(tx: &mut Tx, contacts: &[&ContactId]) -> Result<Vec<Took>> {
    all!(
        tx,
        "SELECT m.contact_id, m.kind, m.number FROM message m JOIN contact c ON c.id = m.contact_id
         WHERE m.contact_id IN (SELECT value ->> 'id' FROM json_each($1)) AND m.kind IN ('invitation', 'reminder')
            AND m.state IN ('sending', 'sent', 'in_doubt') AND c.completed_at IS NOT NULL AND m.marked_at <= c.completed_at
         ORDER BY m.contact_id, m.marked_at, m.number, m.id",
        ids(contacts)?
    )
}

row! {
    pub struct Bounced {
        pub contact_id: ContactId,
    }
}

/// Those of these people an address of whom was found dead while their round ran.
pub async fn bounced(tx: &mut Tx, contacts: &[&ContactId]) -> Result<Vec<Bounced>> {
    all!(
        tx,
        "SELECT DISTINCT contact_id FROM task
         WHERE kind = 'correct' AND contact_id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY contact_id",
        ids(contacts)?
    )
}

/// Who of a round has one of these names, as lists sort them: first name, last name.
pub async fn of_names(tx: &mut Tx, round: &RoundId, names: &[(&str, &str)]) -> Result<Vec<ContactId>> {
    let keys: Vec<_> =
        names.iter().map(|(first, last)| serde_json::json!({ "key": person_key(first, last) })).collect();
    let found: Vec<(ContactId,)> = all!(
        tx,
        "SELECT id FROM contact WHERE round_id = $1 AND loading IS NULL AND sort_key IN (SELECT value ->> 'key' FROM json_each($2))
         ORDER BY id",
        round,
        json(&keys)?
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
