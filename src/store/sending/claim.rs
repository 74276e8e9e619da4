//! Claiming by lease, settling by fence: the part of the ledger that decides who owns a message.
//!
//! A claim is committed before anything is written to a server; the mark before the final dot and the settlement name
//! id, owner and attempt, so a sender that lost its lease can change nothing. The mark asks again whether the facts on
//! which the claim was decided still stand: any completion, opt-out, bounce, pause or withdrawal committed before it stops the message.
//! The claim is spelled twice: PostgreSQL needs `FOR UPDATE SKIP LOCKED`. Marks, and what nearly all messages come to, are in
//! `settle_and_mark.rs`.

use std::collections::HashSet;

use serde::Serialize;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{ContactId, MessageId};
use crate::base::problem::Result;
use crate::rules::message::{Lane, MessageKind, MessageState};
use crate::rules::sending::reason::MessageReason;
use crate::store::database::tx::{Readable, Tx, ids, json};

/// An update of the ledger that gives out the rows it has changed, as [`Claimed`].
macro_rules! claimed {
    ($rest:literal) => {
        concat!(
            $rest,
            " RETURNING message.id AS id, key, lane, contact_id, subject_id, kind, number, to_name, to_email, due_at, attempt,
                first_tried_at, doubted_at, suspect"
        )
    };
}
pub(crate) use claimed;

row! {
    pub struct Claimed {
        pub id: MessageId,
        pub key: String,
        pub lane: Lane,
        pub contact_id: Option<ContactId>,
        pub subject_id: String,
        pub kind: MessageKind,
        pub number: i64,
        pub to_name: String,
        pub to_email: EmailAddress,
        pub due_at: Ts,
        pub attempt: i64,
        pub first_tried_at: Option<Ts>,
        /// Set when an earlier copy may have arrived: this is a repeat out of doubt.
        pub doubted_at: Option<Ts>,
        /// Not 0: an earlier claim of it ended with its program (see `suspects.rs`).
        pub suspect: i64,
    }
}

impl Claimed {
    /// What the journal tells of it under: the contact's id, or its own.
    pub fn about(&self) -> &str {
        self.contact_id.as_ref().map_or(self.id.as_str(), ContactId::as_str)
    }
}

/// Takes up to `limit` due messages of a lane until `lease_until`.
pub async fn claim(
    tx: &mut Tx,
    lane: &Lane,
    now: Ts,
    owner: &str,
    lease_until: Ts,
    limit: i64,
) -> Result<Readable<Claimed>> {
    let mut claimed: Readable<Claimed> = match tx {
        Tx::Sqlite(_) => readable!(
            quiet tx,
            claimed!(
                "UPDATE message SET state = 'claimed', attempt = attempt + 1, owner = $3, lease_until = $4
                 WHERE id IN (SELECT id FROM message WHERE lane = $1 AND state = 'planned' AND due_at <= $2 ORDER BY due_at, id LIMIT $5)"
            ),
            lane,
            now,
            owner,
            lease_until,
            limit
        )?,
        // MATERIALIZED: PostgreSQL may otherwise run the limited choice again for every row it updates.
        Tx::Postgres(_) => readable!(
            quiet tx,
            claimed!(
                "WITH due AS MATERIALIZED (SELECT id FROM message WHERE lane = $1 AND state = 'planned' AND due_at <= $2
                    ORDER BY due_at, id LIMIT $5 FOR UPDATE SKIP LOCKED)
                 UPDATE message SET state = 'claimed', attempt = attempt + 1, owner = $3, lease_until = $4
                 FROM due WHERE message.id = due.id"
            ),
            lane,
            now,
            owner,
            lease_until,
            limit
        )?,
    };
    claimed.rows.sort_by(|a, b| (a.due_at, &a.id).cmp(&(b.due_at, &b.id)));
    Ok(claimed)
}

/// Claimed messages that cannot be read wait, each alone, until somebody has mended them.
pub async fn unreadable(tx: &mut Tx, messages: &[&MessageId], owner: &str, again: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE message SET state = 'planned', reason = $4, due_at = $3,
            attempt = attempt - 1, owner = NULL, lease_until = NULL
         WHERE id IN (SELECT value ->> 'id' FROM json_each($1)) AND state = 'claimed' AND owner = $2",
        ids(messages)?,
        owner,
        again,
        MessageReason::Unreadable.to_string()
    )?;
    Ok(())
}

/// Of the contacts of these claims, those to whom another message is in somebody's hands: claimed or between its dot and the answer.
pub async fn in_other_hands(tx: &mut Tx, claimed: &[Claimed]) -> Result<HashSet<ContactId>> {
    let rows: Vec<serde_json::Value> =
        claimed.iter().map(|m| serde_json::json!({ "id": m.id, "contact": m.contact_id })).collect();
    let busy: Vec<(ContactId,)> = all!(
        tx,
        "SELECT DISTINCT contact_id AS id FROM message WHERE state IN ('claimed', 'sending')
            AND contact_id IN (SELECT value ->> 'contact' FROM json_each($1))
            AND id NOT IN (SELECT value ->> 'id' FROM json_each($1))",
        json(&rows)?
    )?;
    Ok(busy.into_iter().map(|(id,)| id).collect())
}

/// Which claim a later write belongs to.
#[derive(Clone, Debug, Serialize)]
pub struct Fence {
    pub id: MessageId,
    pub owner: String,
    pub attempt: i64,
}

/// What the claim was decided on.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct DecidedOn {
    pub contact_version: i64,
    pub round_version: i64,
}

/// A message whose final dot is about to be written.
#[derive(Clone, Debug, Serialize)]
pub struct Mark {
    #[serde(flatten)]
    pub fence: Fence,
    #[serde(flatten)]
    pub on: DecidedOn,
}

/// What becomes of a claimed message.
#[derive(Clone, Debug, Serialize)]
pub struct Settlement {
    #[serde(flatten)]
    pub fence: Fence,
    pub state: MessageState,
    /// When it is due again, for `Planned`: milliseconds since 1970.
    pub due_at: Option<i64>,
    pub reason: MessageReason,
    pub answer: String,
}

/// Settles claims. A claim that was given up as in doubt meanwhile is settled all the same when it is the same attempt: its own
/// sender knows better. Returns the ids of those that were settled; the other claims belong to somebody else by now.
pub async fn settle(tx: &mut Tx, settlements: &[Settlement], now: Ts) -> Result<HashSet<MessageId>> {
    let settled: Vec<(MessageId,)> = all!(
        tx,
        "UPDATE message SET state = done.state, due_at = COALESCE(done.due_at, message.due_at), reason = done.reason, answer = done.answer,
            first_tried_at = COALESCE(first_tried_at, $2),
            settled_at = CASE WHEN done.state = 'planned' THEN settled_at ELSE $2 END,
            doubted_at = CASE WHEN done.state = 'in_doubt' THEN COALESCE(doubted_at, $2) ELSE doubted_at END,
            owner = NULL, lease_until = NULL
         FROM (SELECT value ->> 'id' AS id, value ->> 'owner' AS owner, CAST(value ->> 'attempt' AS BIGINT) AS attempt,
                value ->> 'state' AS state, CAST(value ->> 'due_at' AS BIGINT) AS due_at, value ->> 'reason' AS reason,
                value ->> 'answer' AS answer
            FROM json_each($1)) AS done
         WHERE message.id = done.id AND message.attempt = done.attempt
            AND ((message.owner = done.owner AND message.state IN ('claimed', 'sending')) OR message.state = 'in_doubt')
         RETURNING message.id AS id",
        json(settlements)?,
        now
    )?;
    Ok(settled.into_iter().map(|(id,)| id).collect())
}

/// Gives a claim back untouched; the attempt does not count.
pub async fn release(tx: &mut Tx, fence: &Fence, due_at: Ts, reason: &MessageReason) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE message SET state = 'planned', attempt = attempt - 1, due_at = $4, reason = $5, owner = NULL, lease_until = NULL
         WHERE id = $1 AND owner = $2 AND attempt = $3 AND state = 'claimed'",
        &fence.id,
        &fence.owner,
        fence.attempt,
        due_at,
        reason.to_string()
    )?;
    Ok(changed == 1)
}

/// A contact who has, or may have, got a message.
#[derive(Clone, Debug, Serialize)]
pub struct Reached {
    pub contact: ContactId,
    /// 1 when it was the invitation.
    pub invited: i64,
}

/// The messages are counted, and the last one is the latest by any clock, so that neither a repeat nor a clock that was set back
/// makes it wrong. What was in doubt once counts whatever became of its repeat: the first copy may have arrived.
pub async fn note_sent(tx: &mut Tx, reached: &[Reached], now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET look_at = $2,
            last_sent_at = (SELECT max(t.moment) FROM (SELECT CAST($2 AS BIGINT) AS moment
                UNION ALL SELECT marked_at AS moment FROM message WHERE message.contact_id = contact.id) AS t),
            sent_count = (SELECT count(*) FROM message
                WHERE message.contact_id = contact.id
                    AND (message.state IN ('sending', 'sent', 'in_doubt') OR message.doubted_at IS NOT NULL)),
            invited_at = CASE WHEN got.invited = 1 THEN COALESCE(invited_at, $2) ELSE invited_at END
         FROM (SELECT value ->> 'contact' AS contact, CAST(value ->> 'invited' AS BIGINT) AS invited FROM json_each($1)) AS got
         WHERE contact.id = got.contact",
        json(reached)?,
        now
    )?;
    Ok(())
}

/// The plan must look at a contact again.
pub async fn look_again(tx: &mut Tx, contact: &ContactId, now: Ts) -> Result<()> {
    run!(tx, "UPDATE contact SET look_at = $2 WHERE id = $1", contact, now)?;
    Ok(())
}

/// Claims whose lease ran out before anything could have been delivered are planned again, and each is made alone next time. With `all_but`
/// every claim of other owners counts as run out: nobody else can be alive.
pub async fn reclaim(tx: &mut Tx, now: Ts, all_but: Option<&str>) -> Result<u64> {
    run!(
        tx,
        "UPDATE message SET state = 'planned', reason = $3,
            suspect = CASE WHEN suspect > 1 THEN suspect ELSE 1 END, owner = NULL, lease_until = NULL
         WHERE state IN ('claimed', 'sending') AND lease_until > 0 AND state = 'claimed'
            AND (lease_until <= $1 OR ($2 <> '' AND owner <> $2))",
        now,
        all_but.unwrap_or(""),
        MessageReason::SenderStoppedBefore.to_string()
    )
}

/// Messages that were between the final dot and the answer when their sender stopped. They are in doubt from now on.
pub async fn doubt(tx: &mut Tx, now: Ts, all_but: Option<&str>) -> Result<Vec<Claimed>> {
    all!(
        tx,
        claimed!(
            "UPDATE message SET state = 'in_doubt', reason = $3,
                settled_at = $1, doubted_at = COALESCE(doubted_at, $1), owner = NULL, lease_until = NULL
             WHERE state IN ('claimed', 'sending') AND lease_until > 0 AND state = 'sending'
                AND (lease_until <= $1 OR ($2 <> '' AND owner <> $2))"
        ),
        now,
        all_but.unwrap_or(""),
        MessageReason::SenderStoppedAtEnd.to_string()
    )
}

row! {
    pub struct Others {
        pub last_sent_at: Option<Ts>,
        pub sent: i64,
    }
}

/// What a contact got beside this message: for a repeat out of doubt, which must not be in its own way.
pub async fn sent_beside(tx: &mut Tx, contact: &ContactId, message: &MessageId) -> Result<Others> {
    one!(
        tx,
        "SELECT max(CASE WHEN marked_at > COALESCE(settled_at, 0) THEN marked_at ELSE settled_at END) AS last_sent_at,
            count(*) AS sent FROM message
         WHERE contact_id = $1 AND id <> $2 AND (state IN ('sending', 'sent', 'in_doubt') OR doubted_at IS NOT NULL)",
        contact,
        message
    )
}
