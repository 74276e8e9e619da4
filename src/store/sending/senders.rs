//! Who sends from this database, how far each has come, and what keeps all of them from sending.
//!
//! Every sender counts the groups of messages that it marks, here and in its outbound journal. The count moves in the transaction of the
//! marks, from the number that the sender knows and from no other: a database that has lost its last commits does not know that number.

use crate::base::clock::Ts;
use crate::base::ids::HoldId;
use crate::base::problem::Result;
use crate::rules::message::MessageState;
use crate::rules::sending::reason::MessageReason;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, ids};

row! {
    pub struct Sender {
        pub instance: String,
        /// The last group of marks that was committed here.
        pub marked: i64,
        /// Grows as long as it runs.
        pub beats: i64,
        pub started_at: Ts,
    }
}

pub async fn all(tx: &mut Tx) -> Result<Vec<Sender>> {
    all!(tx, "SELECT instance, marked, beats, started_at FROM sender ORDER BY started_at, instance")
}

pub async fn by_instance(tx: &mut Tx, instance: &str) -> Result<Option<Sender>> {
    maybe!(tx, "SELECT instance, marked, beats, started_at FROM sender WHERE instance = $1", instance)
}

/// A sender is here from now on, and has marked so many groups.
pub async fn register(tx: &mut Tx, instance: &str, marked: i64, now: Ts) -> Result<()> {
    run!(
        quiet tx,
        "INSERT INTO sender (instance, marked, beats, started_at) VALUES ($1, $2, 0, $3)
         ON CONFLICT (instance) DO UPDATE SET marked = excluded.marked, started_at = excluded.started_at, beats = sender.beats + 1",
        instance,
        marked,
        now
    )?;
    Ok(())
}

pub async fn beat(tx: &mut Tx, instance: &str) -> Result<()> {
    run!(quiet tx, "UPDATE sender SET beats = beats + 1 WHERE instance = $1", instance)?;
    Ok(())
}

row! {
    /// What keeps one sender, or all of them, from sending until a person has confirmed it.
    pub struct Hold {
        pub id: HoldId,
        /// Empty: all senders of this database.
        pub instance: String,
        pub why: String,
        /// JSON: the messages that it is about.
        pub messages: String,
        pub at: Ts,
    }
}

pub async fn hold(tx: &mut Tx, hold: &Hold) -> Result<()> {
    run!(
        tx,
        "INSERT INTO hold (id, instance, why, messages, at) VALUES ($1, $2, $3, $4, $5)",
        &hold.id,
        &hold.instance,
        &hold.why,
        &hold.messages,
        hold.at
    )?;
    Ok(())
}

/// Says which messages a hold is about.
pub async fn name_messages(tx: &mut Tx, hold: &HoldId, messages: &str) -> Result<()> {
    run!(tx, "UPDATE hold SET messages = $2 WHERE id = $1", hold, messages)?;
    Ok(())
}

/// What holds sending now, the oldest first.
pub async fn holds(tx: &mut Tx) -> Result<Vec<Hold>> {
    all!(tx, "SELECT id, instance, why, messages, at FROM hold WHERE lifted_at IS NULL ORDER BY at, id")
}

/// Whether this sender may not send.
pub async fn is_held(tx: &mut Tx, instance: &str) -> Result<bool> {
    let holds: Count =
        one!(tx, "SELECT count(*) AS n FROM hold WHERE lifted_at IS NULL AND instance IN ('', $1)", instance)?;
    Ok(holds.n > 0)
}

/// Lifts what holds sending; false when somebody did before.
pub async fn lift(tx: &mut Tx, id: &HoldId, by: &str, now: Ts) -> Result<bool> {
    let changed =
        run!(tx, "UPDATE hold SET lifted_at = $3, lifted_by = $2 WHERE id = $1 AND lifted_at IS NULL", id, by, now)?;
    Ok(changed == 1)
}

row! {
    /// How far the ledger knows a message.
    pub struct Attempted {
        pub key: String,
        pub attempt: i64,
        pub state: MessageState,
    }
}

impl Attempted {
    /// Whether the row knows that this attempt has been marked. A claim alone is no mark, and one that is given back lowers the count.
    pub fn knows(&self, attempt: i64) -> bool {
        self.attempt > attempt || (self.attempt == attempt && self.state != MessageState::Claimed)
    }
}

/// The rows of these messages that there are.
pub async fn attempted(tx: &mut Tx, keys: &[&str]) -> Result<Vec<Attempted>> {
    all!(
        tx,
        "SELECT key, attempt, state FROM message WHERE key IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY key",
        ids(keys)?
    )
}

/// Tells the ledger what only the outbound journal knew. False when the ledger knows that the message has left, or may have.
pub async fn settle_as_journalled(
    tx: &mut Tx,
    key: &str,
    attempt: i64,
    state: MessageState,
    said: &str,
    at: Ts,
) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE message SET state = $2, answer = $3, reason = $6, marked_at = $4, settled_at = $4,
            signed_as = (SELECT c.signed_as FROM contact c WHERE c.id = message.contact_id),
            first_tried_at = COALESCE(first_tried_at, $4), attempt = CASE WHEN attempt < $5 THEN $5 ELSE attempt END,
            doubted_at = CASE WHEN $2 = 'in_doubt' THEN COALESCE(doubted_at, $4) ELSE doubted_at END, owner = NULL, lease_until = NULL
         WHERE key = $1 AND state NOT IN ('sending', 'sent', 'in_doubt')",
        key,
        state,
        said,
        at,
        attempt,
        MessageReason::AsJournalled.to_string()
    )?;
    Ok(changed == 1)
}
