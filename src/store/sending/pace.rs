//! What the pace of a claim is decided on, and what is written down of it: budgets, whoever goes first, and the places of those who wait.
//!
//! The end of a queue is not kept anywhere: it is the last place of a message that still waits for it. Whatever moves or withdraws a
//! message takes it out of the queue by that alone.

use serde::Serialize;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{MessageId, RoundId};
use crate::base::problem::Result;
use crate::rules::message::MessageState;
use crate::rules::sending::reason::MessageReason;
use crate::store::database::tx::{Tx, ids, json};

row! {
    /// A message to a contact in somebody's hands: claimed, or between its dot and the answer.
    pub struct MessageInHand {
        pub id: MessageId,
        pub to_email: EmailAddress,
        pub due_at: Ts,
        pub place: Option<Ts>,
    }
}

pub async fn in_hand(tx: &mut Tx) -> Result<Vec<MessageInHand>> {
    all!(
        tx,
        "SELECT id, to_email, due_at, place FROM message 
         WHERE state IN ('claimed', 'sending') AND lease_until > 0 AND contact_id IS NOT NULL"
    )
}

row! {
    pub struct Domain {
        pub domain: String,
        pub gateway: String,
        pub ask_again_at: Ts,
        pub refused_since: Option<Ts>,
        pub said: String,
    }
}

/// What is known of these domains.
pub async fn domains(tx: &mut Tx, domains: &[&str]) -> Result<Vec<Domain>> {
    all!(
        tx,
        "SELECT domain, gateway, ask_again_at, refused_since, said FROM mail_domain
         WHERE domain IN (SELECT value ->> 'id' FROM json_each($1))",
        ids(domains)?
    )
}

row! {
    pub struct Used {
        pub name: String,
        pub free_at: Option<Ts>,
        pub day: Option<i64>,
        pub today: Option<i64>,
        pub days: Option<i64>,
        /// The last place in its queue.
        pub queue: Option<Ts>,
    }
}

/// What has been used of these budgets; one that is new has nothing.
pub async fn budgets(tx: &mut Tx, names: &[&str]) -> Result<Vec<Used>> {
    all!(
        tx,
        "SELECT n.name AS name, b.free_at, b.day, b.today, b.days,
            (SELECT max(m.due_at) FROM message m WHERE m.state = 'planned' AND m.place = m.due_at AND m.waits_at = n.name) AS queue
         FROM (SELECT value ->> 'id' AS name FROM json_each($1)) AS n LEFT JOIN budget b ON b.name = n.name",
        ids(names)?
    )
}

row! {
    pub struct Canary {
        pub gateway: String,
        pub message_id: MessageId,
        pub since: Ts,
        pub passed_at: Option<Ts>,
        pub state: MessageState,
        pub settled_at: Option<Ts>,
    }
}

/// Who goes first from this round to these gateways, and what became of it.
pub async fn canaries(tx: &mut Tx, round: &RoundId, gateways: &[&str]) -> Result<Vec<Canary>> {
    all!(
        tx,
        "SELECT y.gateway, y.message_id, y.since, y.passed_at, m.state, m.settled_at FROM canary y JOIN message m ON m.id = y.message_id
         WHERE y.round_id = $1 AND y.gateway IN (SELECT value ->> 'id' FROM json_each($2))",
        round,
        ids(gateways)?
    )
}

/// A budget as it is after a claim.
#[derive(Clone, Debug, Serialize)]
pub struct Spent {
    pub name: String,
    /// Milliseconds since 1970.
    pub free_at: i64,
    pub day: i64,
    pub today: i64,
    pub days: i64,
}

pub async fn spend(tx: &mut Tx, spent: &[Spent]) -> Result<()> {
    run!(
        tx,
        "INSERT INTO budget (name, free_at, day, today, days)
         SELECT value ->> 'name', CAST(value ->> 'free_at' AS BIGINT), CAST(value ->> 'day' AS BIGINT), CAST(value ->> 'today' AS BIGINT),
            CAST(value ->> 'days' AS BIGINT) FROM json_each($1) WHERE 1 = 1
         ON CONFLICT (name) DO UPDATE SET free_at = excluded.free_at, day = excluded.day, today = excluded.today, days = excluded.days",
        json(spent)?
    )?;
    Ok(())
}

/// Who goes first to a gateway, and since when it has gone well.
#[derive(Clone, Debug, Serialize)]
pub struct First {
    pub gateway: String,
    pub message: MessageId,
    /// Milliseconds since 1970, as `passed`.
    pub since: i64,
    pub passed: Option<i64>,
}

pub async fn send_first(tx: &mut Tx, round: &RoundId, firsts: &[First]) -> Result<()> {
    run!(
        tx,
        "INSERT INTO canary (round_id, gateway, message_id, since, passed_at)
         SELECT $2, value ->> 'gateway', value ->> 'message', CAST(value ->> 'since' AS BIGINT), CAST(value ->> 'passed' AS BIGINT)
         FROM json_each($1) WHERE 1 = 1
         ON CONFLICT (round_id, gateway) DO UPDATE
            SET message_id = excluded.message_id, since = excluded.since, passed_at = excluded.passed_at",
        json(firsts)?,
        round
    )?;
    Ok(())
}

/// A claimed message that is not to go yet.
#[derive(Clone, Debug, Serialize)]
pub struct PutOff {
    pub id: MessageId,
    pub owner: String,
    pub attempt: i64,
    /// Milliseconds since 1970.
    pub due_at: i64,
    /// The budget in whose queue it waits; none: its time says all.
    pub waits_at: Option<String>,
    pub why: MessageReason,
}

/// Gives claims back untouched, many at once, each with its place in a queue.
pub async fn put_off(tx: &mut Tx, put_off: &[PutOff]) -> Result<u64> {
    run!(
        tx,
        "UPDATE message
         SET state = 'planned', attempt = message.attempt - 1, due_at = off.due_at, place = off.due_at, waits_at = off.waits_at,
            reason = off.why, owner = NULL, lease_until = NULL
         FROM (SELECT value ->> 'id' AS id, value ->> 'owner' AS owner, CAST(value ->> 'attempt' AS BIGINT) AS attempt,
                CAST(value ->> 'due_at' AS BIGINT) AS due_at, value ->> 'waits_at' AS waits_at, value ->> 'why' AS why
            FROM json_each($1)) AS off
         WHERE message.id = off.id AND message.owner = off.owner AND message.attempt = off.attempt AND message.state = 'claimed'",
        json(put_off)?
    )
}
