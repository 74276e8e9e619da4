//! Refusals as they were heard, and the incidents that runs of the same refusal made of them.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{ContactId, IncidentId, MessageId, RefusalId};
use crate::base::problem::Result;
use crate::rules::message::{Lane, MessageKind, MessageState};
use crate::rules::sending::trouble::Meant;
use crate::store::database::columns::Flag;
use crate::store::database::tx::{Tx, ids};

pub use super::refused::{ClaimedMessage, Refused, another_goes_again, claimed, refused, reopen, take_back, verdicts};

row! {
    pub struct Refusal {
        pub id: RefusalId,
        pub message_id: MessageId,
        pub contact_id: Option<ContactId>,
        pub email_key: String,
        pub domain: String,
        pub gateway: String,
        pub words: String,
        pub meant: Meant,
        pub known: Flag,
        pub dead: Flag,
        pub at: Ts,
        pub left_at: Ts,
        pub incident_id: Option<IncidentId>,
    }
}

pub async fn note(tx: &mut Tx, r: &Refusal) -> Result<()> {
    run!(
        tx,
        "INSERT INTO refusal (id, message_id, contact_id, email_key, domain, gateway, words, meant, known, dead, at, left_at, incident_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &r.id,
        &r.message_id,
        r.contact_id.as_ref(),
        &r.email_key,
        &r.domain,
        &r.gateway,
        &r.words,
        r.meant,
        r.known,
        r.dead,
        r.at,
        r.left_at,
        r.incident_id.as_ref()
    )?;
    Ok(())
}

/// Refusals since then that nobody has judged: of no incident, or of one that holds mail now. The oldest message first.
pub async fn lately(tx: &mut Tx, since: Ts, limit: i64) -> Result<Vec<Refusal>> {
    all!(
        tx,
        "SELECT id, message_id, contact_id, email_key, domain, gateway, words, meant, known, dead, at, left_at, incident_id FROM refusal
         WHERE at >= $1 AND (incident_id IS NULL OR incident_id IN (SELECT id FROM incident WHERE lifted_at IS NULL AND settled_at IS NULL))
         ORDER BY at DESC, id DESC LIMIT $2",
        since,
        limit
    )
}

/// All refusals that are kept and belong to no incident.
pub async fn free(tx: &mut Tx) -> Result<Vec<Refusal>> {
    all!(
        tx,
        "SELECT id, message_id, contact_id, email_key, domain, gateway, words, meant, known, dead, at, left_at, incident_id FROM refusal
         WHERE incident_id IS NULL ORDER BY at, id"
    )
}

/// What belongs to no incident is not asked for again.
pub async fn forget(tx: &mut Tx, before: Ts) -> Result<u64> {
    run!(tx, "DELETE FROM refusal WHERE at < $1 AND incident_id IS NULL", before)
}

row! {
    pub struct Arrival {
        pub to_email: EmailAddress,
        pub settled_at: Ts,
    }
}

/// The latest messages that were taken since then and have not come back.
pub async fn taken(tx: &mut Tx, since: Ts, limit: i64) -> Result<Vec<Arrival>> {
    all!(
        tx,
        "SELECT m.to_email, m.settled_at FROM message m WHERE m.state = 'sent' AND m.settled_at >= $1
            AND m.lane IN (SELECT id FROM round WHERE state <> 'draft')
            AND NOT EXISTS (SELECT 1 FROM refusal f WHERE f.message_id = m.id)
         ORDER BY m.settled_at DESC, m.id DESC LIMIT $2",
        since,
        limit
    )
}

row! {
    pub struct Took {
        pub to_email: EmailAddress,
    }
}

/// What people with this address were sent since then, beside this message, in any round, and was taken.
pub async fn taken_by(tx: &mut Tx, email_key: &str, beside: &MessageId, since: Ts) -> Result<Vec<Took>> {
    all!(
        tx,
        "SELECT m.to_email FROM contact c JOIN message m ON m.contact_id = c.id
         WHERE c.email_key = $1 AND m.id <> $2 AND m.state = 'sent' AND m.settled_at >= $3 ORDER BY m.id DESC LIMIT 50",
        email_key,
        beside,
        since
    )
}

row! {
    pub struct Incident {
        pub id: IncidentId,
        /// A gateway or a domain; empty: all sending.
        pub scope: String,
        pub words: String,
        pub said: String,
        pub at: Ts,
        pub try_at: Ts,
        pub tries: i64,
        pub probe: Option<MessageId>,
        pub lifted_at: Option<Ts>,
        pub lifted_by: Option<String>,
        pub settled_at: Option<Ts>,
        pub settled_by: Option<String>,
        pub outcome: Option<String>,
    }
}

/// The columns of [`Incident`], then what narrows them down.
macro_rules! incidents {
    ($rest:literal) => {
        concat!(
            "SELECT id, scope, words, said, at, try_at, tries, probe, lifted_at, lifted_by, settled_at, settled_by, outcome FROM incident ",
            $rest
        )
    };
}

/// Those that hold mail now.
pub async fn held(tx: &mut Tx) -> Result<Vec<Incident>> {
    all!(tx, incidents!("WHERE lifted_at IS NULL ORDER BY at, id"))
}

/// Those of which nobody has said yet whose trouble it was.
pub async fn unsettled(tx: &mut Tx) -> Result<Vec<Incident>> {
    all!(tx, incidents!("WHERE settled_at IS NULL ORDER BY at, id"))
}

/// Those under which something that is heard now may still fall: nobody has decided, or somebody has said since then that it was our
/// trouble.
pub async fn within_reach(tx: &mut Tx, since: Ts) -> Result<Vec<Incident>> {
    all!(tx, incidents!("WHERE settled_at IS NULL OR (outcome = 'ours' AND settled_at >= $1) ORDER BY at, id"), since)
}

pub async fn by_id(tx: &mut Tx, id: &IncidentId) -> Result<Option<Incident>> {
    maybe!(tx, incidents!("WHERE id = $1"), id)
}

/// Those since then of which somebody has said that the refusals were right.
pub async fn confirmed(tx: &mut Tx, since: Ts) -> Result<Vec<Incident>> {
    all!(tx, incidents!("WHERE outcome = 'theirs' AND settled_at >= $1 ORDER BY at, id"), since)
}

/// Opens an incident, and says which one holds mail there now: there is one for a place at a time, whoever was first.
pub async fn open(tx: &mut Tx, i: &Incident) -> Result<IncidentId> {
    run!(
        tx,
        "INSERT INTO incident (id, scope, words, said, at, try_at, tries) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (scope) WHERE lifted_at IS NULL AND settled_at IS NULL DO NOTHING",
        &i.id,
        &i.scope,
        &i.words,
        &i.said,
        i.at,
        i.try_at,
        i.tries
    )?;
    let open: (IncidentId,) =
        one!(tx, "SELECT id FROM incident WHERE scope = $1 AND lifted_at IS NULL AND settled_at IS NULL", &i.scope)?;
    Ok(open.0)
}

/// These refusals belong to an incident, whatever they belonged to before.
pub async fn attach(tx: &mut Tx, refusals: &[&RefusalId], incident: &IncidentId) -> Result<u64> {
    run!(
        tx,
        "UPDATE refusal SET incident_id = $2 WHERE id IN (SELECT value ->> 'id' FROM json_each($1))",
        ids(refusals)?,
        incident
    )
}

/// A wider incident takes this one over.
pub async fn join(tx: &mut Tx, id: &IncidentId, into: &IncidentId, now: Ts) -> Result<()> {
    run!(tx, "UPDATE refusal SET incident_id = $2 WHERE incident_id = $1", id, into)?;
    run!(
        tx,
        "UPDATE incident SET lifted_at = COALESCE(lifted_at, $2), settled_at = $2, outcome = 'joined' WHERE id = $1",
        id,
        now
    )?;
    Ok(())
}

/// When the next message is tried; `probe`: the one that is tried now.
pub async fn tries(tx: &mut Tx, id: &IncidentId, try_at: Ts, tries: i64, probe: Option<&MessageId>) -> Result<()> {
    run!(tx, "UPDATE incident SET try_at = $2, tries = $3, probe = $4 WHERE id = $1", id, try_at, tries, probe)?;
    Ok(())
}

/// The same trouble again, before anybody has judged it.
pub async fn hold_again(tx: &mut Tx, id: &IncidentId, try_at: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE incident SET lifted_at = NULL, lifted_by = NULL, probe = NULL, tries = 0, try_at = $2 WHERE id = $1",
        id,
        try_at
    )?;
    Ok(())
}

/// Mail goes again; false when it did before.
pub async fn lift(tx: &mut Tx, id: &IncidentId, by: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE incident SET lifted_at = $3, lifted_by = $2, probe = NULL WHERE id = $1 AND lifted_at IS NULL",
        id,
        by,
        now
    )?;
    Ok(changed == 1)
}

/// Somebody has said whose trouble it was; false when somebody had before.
pub async fn settle(tx: &mut Tx, id: &IncidentId, by: &str, outcome: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE incident SET settled_at = $4, settled_by = $2, outcome = $3 WHERE id = $1 AND settled_at IS NULL",
        id,
        by,
        outcome,
        now
    )?;
    Ok(changed == 1)
}

row! {
    /// A message that is tried to find out whether an incident is over, and what became of it.
    pub struct Probe {
        pub incident_id: IncidentId,
        pub state: MessageState,
        pub settled_at: Option<Ts>,
        /// Refusals of the incident that were reports by mail.
        pub came_back: i64,
    }
}

/// The probes that are out or have come to an end.
pub async fn probes(tx: &mut Tx) -> Result<Vec<Probe>> {
    all!(
        tx,
        "SELECT i.id AS incident_id, m.state, m.settled_at,
            (SELECT count(*) FROM refusal f WHERE f.incident_id = i.id AND f.left_at < f.at) AS came_back
         FROM incident i JOIN message m ON m.id = i.probe WHERE i.lifted_at IS NULL ORDER BY i.at, i.id"
    )
}

row! {
    /// A refusal of an incident, with what became of the message since.
    pub struct ConcernedMessage {
        pub id: RefusalId,
        pub message_id: MessageId,
        pub contact_id: Option<ContactId>,
        pub email_key: String,
        pub dead: Flag,
        pub at: Ts,
        pub domain: String,
        pub gateway: String,
        pub to_name: String,
        pub to_email: EmailAddress,
        pub kind: MessageKind,
        pub lane: Lane,
        pub state: MessageState,
        pub doubted_at: Option<Ts>,
    }
}

/// The columns of [`ConcernedMessage`], then what narrows them down.
macro_rules! concerned {
    ($rest:literal) => {
        concat!(
            "SELECT f.id, f.message_id, f.contact_id, f.email_key, f.dead, f.at, f.domain, f.gateway, m.to_name, m.to_email, m.kind, m.lane, m.state,
                m.doubted_at FROM refusal f JOIN message m ON m.id = f.message_id ",
            $rest
        )
    };
}

pub async fn of_incident(tx: &mut Tx, id: &IncidentId) -> Result<Vec<ConcernedMessage>> {
    all!(tx, concerned!("WHERE f.incident_id = $1 ORDER BY f.at, f.id"), id)
}

/// The first of them.
pub async fn first_of_incident(tx: &mut Tx, id: &IncidentId, limit: i64) -> Result<Vec<ConcernedMessage>> {
    all!(tx, concerned!("WHERE f.incident_id = $1 ORDER BY f.at, f.id LIMIT $2"), id, limit)
}

pub async fn by_refusal(tx: &mut Tx, refusal: &RefusalId) -> Result<Option<ConcernedMessage>> {
    maybe!(tx, concerned!("WHERE f.id = $1"), refusal)
}

row! {
    pub struct IncidentFigures {
        pub messages: i64,
        pub addresses: i64,
        pub contacts: i64,
        pub dead: i64,
    }
}

/// How much an incident is about.
pub async fn figures(tx: &mut Tx, id: &IncidentId) -> Result<IncidentFigures> {
    one!(
        tx,
        "SELECT count(*) AS messages, count(DISTINCT email_key) AS addresses, count(DISTINCT contact_id) AS contacts,
            count(DISTINCT CASE WHEN dead = 1 THEN email_key END) AS dead FROM refusal WHERE incident_id = $1",
        id
    )
}

/// Of these contacts, those about whom something was concluded in an incident that nobody has judged yet.
pub async fn provisional(tx: &mut Tx, contacts: &[&ContactId]) -> Result<Vec<ContactId>> {
    let found: Vec<(ContactId,)> = all!(
        tx,
        "SELECT DISTINCT c.id FROM contact c JOIN refusal f ON f.email_key = c.email_key AND f.incident_id IS NOT NULL
            JOIN incident i ON i.id = f.incident_id AND i.settled_at IS NULL
         WHERE f.dead = 1 AND c.id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY c.id",
        ids(contacts)?
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The contacts whose messages were refused in an incident.
pub async fn contacts(tx: &mut Tx, incident: &IncidentId) -> Result<Vec<ContactId>> {
    let found: Vec<(ContactId,)> = all!(
        tx,
        "SELECT DISTINCT contact_id AS id FROM refusal WHERE incident_id = $1 AND contact_id IS NOT NULL ORDER BY contact_id",
        incident
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
