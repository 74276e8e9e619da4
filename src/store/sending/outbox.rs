//! The ledger: one row per round, recipient, kind and number. Claiming and settling stand in `claim.rs`.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{ContactId, MessageId, RequestId, RoundId};
use crate::base::problem::Result;
use crate::rules::message::{Lane, MessageKind, MessageState};
use crate::rules::sending::reason::MessageReason;
use crate::store::database::tx::{Tx, ids};

/// A message to be put into the ledger.
pub struct NewMessage {
    pub id: MessageId,
    /// `rules::sending::outbox::key`
    pub key: String,
    pub lane: Lane,
    pub contact_id: Option<ContactId>,
    /// A contact's, a request's, an approval's or a log-in's id, or an address.
    pub subject_id: String,
    pub kind: MessageKind,
    pub number: i64,
    pub to_name: String,
    pub to: EmailAddress,
    /// The time that its touch names; what leaves much later is late.
    pub planned_for: Ts,
    pub due_at: Ts,
}

/// Plans a message. One that is there under this key stays as it is, unless it was withdrawn: then it is planned anew. False when nothing
/// changed.
pub async fn enqueue(tx: &mut Tx, m: &NewMessage, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "INSERT INTO message (id, key, lane, contact_id, subject_id, kind, number, to_name, to_email, created_at, planned_for, due_at,
            state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'planned')
         ON CONFLICT (key) DO UPDATE SET state = 'planned', planned_for = excluded.planned_for, due_at = excluded.due_at,
            to_name = excluded.to_name, to_email = excluded.to_email, reason = NULL, answer = NULL, first_tried_at = NULL, settled_at = NULL
         WHERE message.state = 'withdrawn'",
        &m.id,
        &m.key,
        &m.lane,
        m.contact_id.as_ref(),
        &m.subject_id,
        m.kind,
        m.number,
        &m.to_name,
        &m.to,
        now,
        m.planned_for,
        m.due_at
    )?;
    Ok(changed == 1)
}

/// Withdraws what has not begun to leave for a contact, with the reason on record.
pub async fn withdraw_of_contact(tx: &mut Tx, contact: &ContactId, reason: &MessageReason, now: Ts) -> Result<u64> {
    run!(
        tx,
        "UPDATE message SET state = 'withdrawn', reason = $2, settled_at = $3, owner = NULL, lease_until = NULL
         WHERE contact_id = $1 AND state IN ('planned', 'claimed', 'held')",
        contact,
        reason.to_string(),
        now
    )
}

/// The address was corrected: what it had refused may be planned anew for the new one.
pub async fn reopen_refused(tx: &mut Tx, contact: &ContactId, reason: &MessageReason, now: Ts) -> Result<u64> {
    run!(
        tx,
        "UPDATE message SET state = 'withdrawn', reason = $2, settled_at = $3 WHERE contact_id = $1 AND state = 'failed'",
        contact,
        reason.to_string(),
        now
    )
}

/// Withdraws what has not begun to leave of a round.
pub async fn withdraw_of_round(tx: &mut Tx, round: &RoundId, reason: &MessageReason, now: Ts) -> Result<u64> {
    run!(
        tx,
        "UPDATE message SET state = 'withdrawn', reason = $2, settled_at = $3, owner = NULL, lease_until = NULL
         WHERE lane = $1 AND state IN ('planned', 'claimed', 'held')",
        round,
        reason.to_string(),
        now
    )
}

/// Withdraws the open mails of a request or a log-in.
pub async fn withdraw_of_subject(
    tx: &mut Tx,
    lane: &Lane,
    subject: &(impl AsRef<str> + Sync + ?Sized),
    reason: &MessageReason,
    now: Ts,
) -> Result<u64> {
    run!(
        tx,
        "UPDATE message SET state = 'withdrawn', reason = $3, settled_at = $4, owner = NULL, lease_until = NULL
         WHERE lane = $1 AND state IN ('planned', 'claimed', 'held') AND contact_id IS NULL AND subject_id = $2",
        lane,
        subject.as_ref(),
        reason.to_string(),
        now
    )
}

row! {
    pub struct Message {
        pub id: MessageId,
        pub lane: Lane,
        pub contact_id: Option<ContactId>,
        pub subject_id: String,
        pub kind: MessageKind,
        pub number: i64,
        pub to_name: String,
        pub to_email: EmailAddress,
        pub created_at: Ts,
        pub planned_for: Ts,
        pub due_at: Ts,
        pub state: MessageState,
        pub attempt: i64,
        pub first_tried_at: Option<Ts>,
        /// When it left, and the version of the round with whose words.
        pub marked_at: Option<Ts>,
        pub round_version: Option<i64>,
        pub settled_at: Option<Ts>,
        pub reason: Option<String>,
        pub answer: Option<String>,
    }
}

impl Message {
    /// What the journal tells of it under: the contact's id, or its own.
    pub fn about(&self) -> &str {
        self.contact_id.as_ref().map_or(self.id.as_str(), ContactId::as_str)
    }
}

/// The columns of [`Message`], then what narrows them down.
macro_rules! messages {
    ($rest:literal) => {
        concat!(
            "SELECT id, lane, contact_id, subject_id, kind, number, to_name, to_email, created_at, planned_for, due_at, state, attempt,
                first_tried_at, marked_at, round_version, settled_at, reason, answer FROM message ",
            $rest
        )
    };
}

pub(crate) use messages;

pub async fn by_id(tx: &mut Tx, id: &MessageId) -> Result<Option<Message>> {
    maybe!(tx, messages!("WHERE id = $1"), id)
}

pub async fn by_key(tx: &mut Tx, key: &str) -> Result<Option<Message>> {
    maybe!(tx, messages!("WHERE key = $1"), key)
}

row! {
    /// A message that has left, may have, or was refused.
    pub struct Left {
        pub id: MessageId,
        pub kind: MessageKind,
        pub to_name: String,
        pub to_email: EmailAddress,
        pub state: MessageState,
        pub marked_at: Ts,
        pub reason: Option<String>,
    }
}

fn has_come_back(reason: Option<&str>) -> bool {
    reason.is_some_and(|text| matches!(MessageReason::read(text), MessageReason::CameBack(_)))
}

impl Message {
    /// Whether a server took it and another one sent it back.
    pub fn bounced(&self) -> bool {
        has_come_back(self.reason.as_deref())
    }

    /// Why it stands where it stands.
    pub fn why(&self) -> Option<MessageReason> {
        self.reason.as_deref().map(MessageReason::read)
    }
}

impl Left {
    /// Whether a server has taken it, whatever became of it after that.
    pub fn was_taken(&self) -> bool {
        self.state == MessageState::Sent || has_come_back(self.reason.as_deref())
    }
}

/// Messages of a round that have left, may have, or were refused after the dot, by id.
pub async fn that_left(tx: &mut Tx, round: &RoundId, after: &MessageId, limit: i64) -> Result<Vec<Left>> {
    all!(
        tx,
        "SELECT id, kind, to_name, to_email, state, marked_at, reason FROM message
         WHERE lane = $1 AND id > $2 AND marked_at IS NOT NULL AND state IN ('sending', 'sent', 'in_doubt', 'failed') ORDER BY id LIMIT $3",
        round,
        after,
        limit
    )
}

/// A page of a lane's messages in one state, or in all when `state` is `None`.
pub async fn page(
    tx: &mut Tx,
    lane: &Lane,
    state: Option<MessageState>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Message>> {
    match state {
        Some(MessageState::Planned) => due_page(tx, lane, Ts(i64::MAX), limit, offset).await,
        Some(state @ (MessageState::Claimed | MessageState::Sending)) => {
            all!(
                tx,
                messages!(
                    "WHERE state IN ('claimed', 'sending') AND lease_until > 0 AND lane = $1 AND state = $2 ORDER BY due_at, id LIMIT $3 OFFSET $4"
                ),
                lane,
                state,
                limit,
                offset
            )
        }
        Some(state) => {
            all!(
                tx,
                messages!(
                    "WHERE lane = $1 AND state = $2 AND state IN ('sent', 'in_doubt', 'held', 'failed', 'withdrawn')
                     ORDER BY due_at DESC, id DESC LIMIT $3 OFFSET $4"
                ),
                lane,
                state,
                limit,
                offset
            )
        }
        None => {
            all!(tx, messages!("WHERE lane = $1 ORDER BY due_at DESC, id DESC LIMIT $2 OFFSET $3"), lane, limit, offset)
        }
    }
}

/// A page of a lane's planned messages whose time has come.
pub async fn due_page(tx: &mut Tx, lane: &Lane, now: Ts, limit: i64, offset: i64) -> Result<Vec<Message>> {
    all!(
        tx,
        messages!("WHERE lane = $1 AND state = 'planned' AND due_at <= $2 ORDER BY due_at, id LIMIT $3 OFFSET $4"),
        lane,
        now,
        limit,
        offset
    )
}

pub async fn of_contact(tx: &mut Tx, contact: &ContactId) -> Result<Vec<Message>> {
    all!(tx, messages!("WHERE contact_id = $1 ORDER BY due_at, id"), contact)
}

/// Of several contacts, each one's in the same order.
pub async fn of_contacts(tx: &mut Tx, of: &[&ContactId]) -> Result<Vec<Message>> {
    all!(tx, messages!("WHERE contact_id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY due_at, id"), ids(of)?)
}

/// Messages of one kind whose fate is not known since `before`.
pub async fn in_doubt_since(
    tx: &mut Tx,
    round: &RoundId,
    kind: MessageKind,
    before: Ts,
    limit: i64,
) -> Result<Vec<Message>> {
    all!(
        tx,
        messages!(
            "WHERE lane = $1 AND state = 'in_doubt' AND kind = $2 AND settled_at <= $3 ORDER BY settled_at, id LIMIT $4"
        ),
        round,
        kind,
        before,
        limit
    )
}

/// Moves one message from any of the states `from` allows; false when it was elsewhere by then.
pub async fn hold(tx: &mut Tx, id: &MessageId, reason: &MessageReason, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE message SET state = 'held', reason = $2, settled_at = $3, owner = NULL, lease_until = NULL
         WHERE id = $1 AND state IN ('planned', 'claimed')",
        id,
        reason.to_string(),
        now
    )?;
    Ok(changed == 1)
}

/// Plans a held, failed or withdrawn message anew.
pub async fn plan_again(
    tx: &mut Tx,
    id: &MessageId,
    from: MessageState,
    due_at: Ts,
    reason: &MessageReason,
) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE message SET state = 'planned', due_at = $3, reason = $4, first_tried_at = NULL, settled_at = NULL WHERE id = $1 AND state = $2",
        id,
        from,
        due_at,
        reason.to_string()
    )?;
    Ok(changed == 1)
}

/// An operator, or a policy, has decided what became of a message in doubt.
pub async fn settle_doubt(
    tx: &mut Tx,
    id: &MessageId,
    to: MessageState,
    reason: &MessageReason,
    now: Ts,
) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE message SET state = $2, reason = $3, settled_at = $4 WHERE id = $1 AND state = 'in_doubt'",
        id,
        to,
        reason.to_string(),
        now
    )?;
    Ok(changed == 1)
}

row! {
    /// A lane that has something due, with its round unless it is the system's.
    pub struct DueLane {
        pub lane: Lane,
        pub slug: Option<String>,
        pub version: Option<i64>,
    }
}

/// The lanes of which something may leave now: mail of the system, then the running rounds. None while this sender is held.
pub async fn due_lanes(tx: &mut Tx, sender: &str, now: Ts) -> Result<Vec<DueLane>> {
    all!(
        tx,
        "SELECT l.lane AS lane, l.slug AS slug, l.version AS version
         FROM (SELECT 'system' AS lane, CAST(NULL AS TEXT) AS slug, CAST(NULL AS BIGINT) AS version, 0 AS place
            UNION ALL SELECT id AS lane, slug, version, 1 AS place FROM round WHERE state = 'running') AS l
         WHERE EXISTS (SELECT 1 FROM message m WHERE m.lane = l.lane AND m.state = 'planned' AND m.due_at <= $1)
            AND NOT EXISTS (SELECT 1 FROM hold WHERE lifted_at IS NULL AND instance IN ('', $2))
         ORDER BY l.place, l.lane",
        now,
        sender
    )
}

row! {
    pub struct NextDue {
        pub due_at: Option<Ts>,
    }
}

/// When the next planned message of a lane is due.
pub async fn next_due(tx: &mut Tx, lane: &Lane) -> Result<Option<Ts>> {
    let next: NextDue =
        one!(tx, "SELECT min(due_at) AS due_at FROM message WHERE lane = $1 AND state = 'planned'", lane)?;
    Ok(next.due_at)
}

/// When the next message may leave: of the system, or of any round that runs. What was due before a round ran could not leave before.
pub async fn next_of_all(tx: &mut Tx) -> Result<Option<Ts>> {
    let next: NextDue = one!(
        tx,
        "SELECT min(due_at) AS due_at FROM (SELECT min(due_at) AS due_at FROM message WHERE lane = 'system' AND state = 'planned'
            UNION ALL SELECT CASE WHEN t.due_at < t.running_since THEN t.running_since ELSE t.due_at END AS due_at
                FROM (SELECT (SELECT min(m.due_at) FROM message m WHERE m.lane = r.id AND m.state = 'planned') AS due_at,
                        COALESCE(r.running_since, 0) AS running_since
                    FROM round r WHERE r.state = 'running') AS t) AS each_lane"
    )?;
    Ok(next.due_at)
}

/// When each mail to somebody who is no contact has left, or may have, about a request: by number.
pub async fn left_about(tx: &mut Tx, round: &RoundId, subject: &RequestId) -> Result<Vec<(i64, Ts)>> {
    all!(
        tx,
        "SELECT number, marked_at FROM message WHERE lane = $1 AND subject_id = $2 AND contact_id IS NULL
            AND state IN ('sending', 'sent', 'in_doubt') AND marked_at IS NOT NULL ORDER BY number, id",
        round,
        subject
    )
}
