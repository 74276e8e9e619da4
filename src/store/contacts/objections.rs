//! What an address has said to a client for good: never again, a complaint, a departure. Kept across rounds; a row ends, none is deleted.
//!
//! Clients are named by `round.client_key`, addresses by `EmailAddress::key`. Who reads a contact reads with it what is in force
//! (`contacts::Person`, `plan::Planned`), so that every planning and every claim asks.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::ids::{ContactId, ObjectionId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::objection::ObjectionKind;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, json};

row! {
    pub struct Objection {
        pub id: ObjectionId,
        pub client: String,
        pub email_key: String,
        pub kind: ObjectionKind,
        pub since: Ts,
        pub round_id: Option<RoundId>,
        pub contact_id: Option<ContactId>,
        pub recorded_by: String,
        pub evidence: String,
        pub ended_at: Option<Ts>,
        pub ended_by: Option<String>,
        pub ended_because: Option<String>,
    }
}

/// The columns of [`Objection`], then what narrows them down.
macro_rules! objections {
    ($rest:literal) => {
        concat!(
            "SELECT id, client, email_key, kind, since, round_id, contact_id, recorded_by, evidence, ended_at, ended_by, ended_because
             FROM objection ",
            $rest
        )
    };
}

/// What is in force for these addresses at a client, by address.
pub async fn of_keys(tx: &mut Tx, client: &str, keys: &[String]) -> Result<HashMap<String, Vec<Objection>>> {
    let asked: Vec<_> = keys.iter().map(|key| serde_json::json!({ "key": key })).collect();
    let found: Vec<Objection> = all!(
        tx,
        objections!(
            "WHERE client = $1 AND email_key IN (SELECT value ->> 'key' FROM json_each($2)) AND ended_at IS NULL ORDER BY since, id"
        ),
        client,
        json(&asked)?
    )?;
    let mut by_key: HashMap<String, Vec<Objection>> = HashMap::new();
    for objection in found {
        by_key.entry(objection.email_key.clone()).or_default().push(objection);
    }
    Ok(by_key)
}

/// Everything that was ever said to a client, also what has ended.
pub async fn of_client(tx: &mut Tx, client: &str) -> Result<Vec<Objection>> {
    all!(tx, objections!("WHERE client = $1 ORDER BY since, id"), client)
}

/// Records what is not in force yet; false when it is.
pub async fn insert(tx: &mut Tx, o: &Objection) -> Result<bool> {
    let added = run!(
        tx,
        "INSERT INTO objection (id, client, email_key, kind, since, round_id, contact_id, recorded_by, evidence)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        &o.id,
        &o.client,
        &o.email_key,
        o.kind,
        o.since,
        &o.round_id,
        &o.contact_id,
        &o.recorded_by,
        &o.evidence
    )?;
    Ok(added == 1)
}

/// Ends what is in force: never again and complaints, or with `left` the departure. False when there was nothing.
pub async fn end(
    tx: &mut Tx,
    client: &str,
    email_key: &str,
    left: bool,
    by: &str,
    because: &str,
    now: Ts,
) -> Result<bool> {
    let ended = run!(
        tx,
        "UPDATE objection SET ended_at = CASE WHEN since > $6 THEN since ELSE $6 END, ended_by = $4, ended_because = $5
         WHERE client = $1 AND email_key = $2 AND ended_at IS NULL AND CASE WHEN kind = 'left' THEN 1 ELSE 0 END = $3",
        client,
        email_key,
        crate::store::Flag(left),
        by,
        because,
        now
    )?;
    Ok(ended > 0)
}

/// The contacts with this address in the client's rounds that are not over, also those who were taken off a list.
pub async fn contacts(tx: &mut Tx, client: &str, email_key: &str) -> Result<Vec<ContactId>> {
    let found: Vec<(ContactId,)> = all!(
        tx,
        "SELECT c.id FROM contact c JOIN round r ON r.id = c.round_id
         WHERE c.email_key = $1 AND c.loading IS NULL AND r.client_key = $2 AND r.state <> 'closed' ORDER BY c.id",
        email_key,
        client
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

row! {
    pub struct Moment {
        pub at: Ts,
    }
}

/// From when on something said now holds: not before the last message that left to the address, whatever the clock says.
pub async fn holds_from(tx: &mut Tx, email_key: &str, now: Ts) -> Result<Ts> {
    let last: Moment = one!(
        tx,
        "SELECT max(t.moment) AS at FROM (SELECT CAST($2 AS BIGINT) AS moment
            UNION ALL SELECT m.marked_at AS moment FROM contact c JOIN message m ON m.contact_id = c.id WHERE c.email_key = $1) AS t",
        email_key,
        now
    )?;
    Ok(last.at)
}

row! {
    pub struct Client {
        pub client_key: String,
    }
}

/// Whose round this is, as objections name clients.
pub async fn client_of(tx: &mut Tx, round: &RoundId) -> Result<String> {
    let found: Option<Client> = maybe!(tx, "SELECT client_key FROM round WHERE id = $1", round)?;
    Ok(found.map(|c| c.client_key).unwrap_or_default())
}

/// The clients in whose open rounds this address stands.
pub async fn clients_of(tx: &mut Tx, email_key: &str) -> Result<Vec<String>> {
    let found: Vec<Client> = all!(
        tx,
        "SELECT DISTINCT r.client_key FROM contact c JOIN round r ON r.id = c.round_id
         WHERE c.email_key = $1 AND r.state <> 'closed' ORDER BY r.client_key",
        email_key
    )?;
    Ok(found.into_iter().map(|c| c.client_key).collect())
}

row! {
    pub struct Named {
        pub id: RoundId,
        pub client: String,
        pub client_key: String,
    }
}

/// Every round with its client, as it is written and as it is compared.
pub async fn clients(tx: &mut Tx) -> Result<Vec<Named>> {
    all!(tx, "SELECT id, client, client_key FROM round ORDER BY id")
}

pub async fn name_client(tx: &mut Tx, round: &RoundId, client_key: &str) -> Result<()> {
    run!(tx, "UPDATE round SET client_key = $2 WHERE id = $1", round, client_key)?;
    Ok(())
}

/// Contacts of a round to whom nothing goes because of what was said elsewhere. Reads the client's objections, not the round's people.
pub async fn kept_out(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(DISTINCT c.id) AS n FROM round r JOIN objection o ON o.client = r.client_key
            JOIN contact c ON c.round_id = r.id AND c.email_key = o.email_key
         WHERE r.id = $1 AND o.ended_at IS NULL AND c.removed_at IS NULL AND (o.round_id IS NULL OR o.round_id <> r.id)",
        round
    )?;
    Ok(count.n)
}
