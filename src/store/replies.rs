//! The mails that came back and were read: each once, by its content, with what was made of it; what directors asked on their pages; and
//! how far each mailbox is read. What operators do with them stands in `desk`.

pub mod desk;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, MessageId, ReplyId, RequestId, RoundId};
use crate::base::problem::Result;
use crate::rules::sending::reason::MessageReason;
use crate::store::database::tx::{Tx, ids};

use super::completion::Count;

row! {
    pub struct Reply {
        pub id: ReplyId,
        pub hash: String,
        pub read_at: Ts,
        pub round_id: Option<RoundId>,
        pub contact_id: Option<ContactId>,
        pub message_id: Option<MessageId>,
        /// `rules::replies::verdict::Verdict::as_str`, or `unreadable`.
        pub verdict: String,
        /// `open`, `handled` or `noted`.
        pub state: String,
        pub from_name: String,
        pub from_email: String,
        pub subject: String,
        pub words: String,
        pub why: String,
        /// Addresses with a space between.
        pub write_to: String,
        pub handled_at: Option<Ts>,
        pub handled_by: Option<String>,
        pub note: Option<String>,
        /// Proposed, and decided by a person: the last day away.
        pub away_until: Option<String>,
        /// The same: the contact's new address.
        pub new_email: Option<String>,
        /// Its own Message-ID, without brackets.
        pub own_id: Option<String>,
        /// The operator who has it.
        pub owner: Option<String>,
        /// Nobody is to look at it before.
        pub rests_until: Option<Ts>,
        /// Counts what was done with it on the desk.
        pub version: i64,
        /// The day on which it was written as it says itself, as `2027-02-08`.
        pub written_on: Option<String>,
    }
}

impl Reply {
    /// What the journal tells of it under: the contact's id, or its own.
    pub fn about(&self) -> &str {
        self.contact_id.as_ref().map_or(self.id.as_str(), ContactId::as_str)
    }
}

/// The columns of [`Reply`], then what narrows them down.
macro_rules! replies {
    ($rest:literal) => {
        concat!(
            "SELECT id, hash, read_at, round_id, contact_id, message_id, verdict, state, from_name, from_email, subject, words, why,
                write_to, handled_at, handled_by, note, away_until, new_email, own_id, owner, rests_until, version, written_on FROM reply ",
            $rest
        )
    };
}

pub async fn is_known(tx: &mut Tx, hash: &str) -> Result<bool> {
    let found: Count = one!(tx, "SELECT count(*) AS n FROM reply WHERE hash = $1", hash)?;
    Ok(found.n > 0)
}

pub async fn insert(tx: &mut Tx, r: &Reply) -> Result<()> {
    run!(
        tx,
        "INSERT INTO reply (id, hash, read_at, round_id, contact_id, message_id, verdict, state, from_name, from_email, subject, words, why, write_to,
            away_until, new_email, own_id, written_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        &r.id,
        &r.hash,
        r.read_at,
        r.round_id.as_ref(),
        r.contact_id.as_ref(),
        r.message_id.as_ref(),
        &r.verdict,
        &r.state,
        &r.from_name,
        &r.from_email,
        &r.subject,
        &r.words,
        &r.why,
        &r.write_to,
        r.away_until.as_deref(),
        r.new_email.as_deref(),
        r.own_id.as_deref(),
        r.written_on.as_deref()
    )?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: &ReplyId) -> Result<Option<Reply>> {
    maybe!(tx, replies!("WHERE id = $1"), id)
}

/// All of them, in the order in which they were read.
pub async fn all(tx: &mut Tx) -> Result<Vec<Reply>> {
    all!(tx, replies!("ORDER BY read_at, id"))
}

/// The mails of which somebody is to know: those of the round, then those that belong to no round, each the newest first. `shown`:
/// `rules::replies::desk::Shown` as its word, but for those that are done. Costs the open ones.
pub async fn open_page(
    tx: &mut Tx,
    round: &RoundId,
    (shown, operator): (&str, &str),
    now: Ts,
    limit: i64,
    offset: i64,
) -> Result<Vec<Reply>> {
    all!(
        tx,
        replies!(
            "WHERE (round_id = $1 OR round_id IS NULL) AND state = 'open' AND (CASE $2
                WHEN 'later' THEN rests_until > $4
                WHEN 'mine' THEN owner = $3 AND (rests_until IS NULL OR rests_until <= $4)
                WHEN 'nobody' THEN owner IS NULL AND (rests_until IS NULL OR rests_until <= $4)
                ELSE rests_until IS NULL OR rests_until <= $4 END)
             ORDER BY CASE WHEN round_id IS NULL THEN 1 ELSE 0 END, read_at DESC, id DESC LIMIT $5 OFFSET $6"
        ),
        round,
        shown,
        operator,
        now,
        limit,
        offset
    )
}

/// Those that are seen to, the latest first; as above. Costs what stands on the page and before it.
pub async fn done_page(tx: &mut Tx, round: &RoundId, limit: i64, offset: i64) -> Result<Vec<Reply>> {
    all!(
        tx,
        replies!(
            "WHERE id IN (SELECT id FROM (SELECT id FROM reply WHERE round_id = $1 AND state = 'handled'
                    ORDER BY handled_at DESC, id DESC LIMIT $4) AS of_round
                UNION ALL SELECT id FROM (SELECT id FROM reply WHERE round_id IS NULL AND state = 'handled'
                    ORDER BY handled_at DESC, id DESC LIMIT $4) AS of_none)
             ORDER BY handled_at DESC, id DESC LIMIT $2 OFFSET $3"
        ),
        round,
        limit,
        offset,
        limit + offset
    )
}

pub async fn of_contact(tx: &mut Tx, contact: &ContactId) -> Result<Vec<Reply>> {
    all!(tx, replies!("WHERE contact_id = $1 ORDER BY read_at, id"), contact)
}

/// What came back about any of these, contact by contact.
pub async fn of_contacts(tx: &mut Tx, contacts: &[&ContactId]) -> Result<Vec<Reply>> {
    all!(
        tx,
        replies!("WHERE contact_id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY contact_id, read_at, id"),
        ids(contacts)?
    )
}

row! {
    pub struct WaitingReply {
        /// None: what belongs to no round.
        pub round_id: Option<RoundId>,
        pub n: i64,
    }
}

/// How many wait to be looked at now, by round. Costs the open ones.
pub async fn waiting(tx: &mut Tx, now: Ts) -> Result<Vec<WaitingReply>> {
    all!(
        tx,
        "SELECT round_id, count(*) AS n FROM reply
         WHERE state = 'open' AND (rests_until IS NULL OR rests_until <= $1) GROUP BY round_id",
        now
    )
}

/// The same of one round, with what belongs to none.
pub async fn open_in_round(tx: &mut Tx, round: &RoundId, now: Ts) -> Result<i64> {
    let found: Count = one!(
        tx,
        "SELECT count(*) AS n FROM reply
         WHERE (round_id = $1 OR round_id IS NULL) AND state = 'open' AND (rests_until IS NULL OR rests_until <= $2)",
        round,
        now
    )?;
    Ok(found.n)
}

/// People on the list to whom a warm-up was sent, whose address is dead, and who are not invited yet. Costs the messages that failed.
pub async fn to_repair_before_invitation(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let found: Count = one!(
        tx,
        "SELECT count(*) AS n FROM message m JOIN contact c ON c.id = m.contact_id
         WHERE m.lane = $1 AND m.state = 'failed' AND m.kind = 'warm_up' AND c.undeliverable_at IS NOT NULL AND c.left_at IS NULL
            AND c.invited_at IS NULL AND c.removed_at IS NULL AND c.opted_out_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM contact s WHERE s.replaces = c.id AND s.removed_at IS NULL)",
        round
    )?;
    Ok(found.n)
}

/// Complaints of a round that wait to be read, as counted among all that wait.
pub async fn open_complaints(tx: &mut Tx, round: &RoundId, now: Ts) -> Result<i64> {
    let found: Count = one!(
        tx,
        "SELECT count(*) AS n FROM reply WHERE round_id = $1 AND state = 'open' AND verdict = 'complaint'
            AND (rests_until IS NULL OR rests_until <= $2)",
        round,
        now
    )?;
    Ok(found.n)
}

/// The newest of them that waits to be read.
pub async fn open_complaint(tx: &mut Tx, round: &RoundId, now: Ts) -> Result<Option<ReplyId>> {
    let newest: Option<(ReplyId,)> = maybe!(
        tx,
        "SELECT id FROM reply WHERE round_id = $1 AND state = 'open' AND verdict = 'complaint'
            AND (rests_until IS NULL OR rests_until <= $2) ORDER BY read_at DESC, id DESC LIMIT 1",
        round,
        now
    )?;
    Ok(newest.map(|(id,)| id))
}

/// Somebody has seen to it; false when something was done with it since it had this version, or it is seen to already.
pub async fn handle(tx: &mut Tx, id: &ReplyId, version: i64, by: &str, note: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE reply SET state = 'handled', version = version + 1, handled_at = $3, handled_by = $4, note = $5
         WHERE id = $1 AND version = $2 AND state = 'open'",
        id,
        version,
        now,
        by,
        note
    )?;
    Ok(changed == 1)
}

/// One of its two proposals is decided; the mail waits on for the other.
pub async fn absence_decided(tx: &mut Tx, id: &ReplyId) -> Result<()> {
    run!(tx, "UPDATE reply SET away_until = NULL WHERE id = $1 AND state = 'open'", id)?;
    Ok(())
}

pub async fn address_decided(tx: &mut Tx, id: &ReplyId) -> Result<()> {
    run!(tx, "UPDATE reply SET new_email = NULL WHERE id = $1 AND state = 'open'", id)?;
    Ok(())
}

row! {
    /// What a question of a director is about; what he wrote is the reply.
    pub struct DirectorQuestion {
        pub reply_id: ReplyId,
        pub request_id: RequestId,
        pub account_id: AccountId,
        /// As it is called now; empty where it is gone.
        pub account: String,
        pub words: String,
    }
}

macro_rules! questions {
    ($rest:literal) => {
        concat!(
            "SELECT q.reply_id, q.request_id, q.account_id, COALESCE(a.name, '') AS account, r.words
             FROM director_question q JOIN reply r ON r.id = q.reply_id LEFT JOIN account a ON a.id = q.account_id ",
            $rest
        )
    };
}

/// A reply is the question of a director about this account.
pub async fn is_question(tx: &mut Tx, reply: &ReplyId, request: &RequestId, account: &AccountId) -> Result<()> {
    run!(
        tx,
        "INSERT INTO director_question (reply_id, request_id, account_id) VALUES ($1, $2, $3)",
        reply,
        request,
        account
    )?;
    Ok(())
}

/// What nobody has answered yet of what was asked by one link, the oldest first.
pub async fn open_questions(tx: &mut Tx, request: &RequestId) -> Result<Vec<DirectorQuestion>> {
    all!(tx, questions!("WHERE q.request_id = $1 AND r.state = 'open' ORDER BY r.read_at, r.id"), request)
}

/// The question that a reply is, if it is one.
pub async fn question(tx: &mut Tx, reply: &ReplyId) -> Result<Option<DirectorQuestion>> {
    maybe!(tx, questions!("WHERE q.reply_id = $1"), reply)
}

/// Those among these replies that are questions.
pub async fn questions_of(tx: &mut Tx, replies: &[&ReplyId]) -> Result<Vec<DirectorQuestion>> {
    all!(
        tx,
        questions!("WHERE q.reply_id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY q.reply_id"),
        ids(replies)?
    )
}

row! {
    pub struct MailboxCursor {
        pub uid_validity: i64,
        pub last_uid: i64,
        pub read_at: Ts,
    }
}

/// How far a mailbox is read.
pub async fn cursor(tx: &mut Tx, mailbox: &str) -> Result<Option<MailboxCursor>> {
    maybe!(tx, "SELECT uid_validity, last_uid, read_at FROM mailbox WHERE name = $1", mailbox)
}

/// Read up to here. Goes back only with another validity: the server counts anew then.
pub async fn move_cursor(tx: &mut Tx, mailbox: &str, uid_validity: i64, last_uid: i64, now: Ts) -> Result<()> {
    run!(
        quiet tx,
        "INSERT INTO mailbox (name, uid_validity, last_uid, read_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET read_at = excluded.read_at, uid_validity = excluded.uid_validity,
            last_uid = CASE WHEN mailbox.uid_validity = excluded.uid_validity AND mailbox.last_uid > excluded.last_uid
                THEN mailbox.last_uid ELSE excluded.last_uid END",
        mailbox,
        uid_validity,
        last_uid,
        now
    )?;
    Ok(())
}

/// What came back shows that a message has left, however doubtful that was: no repeat goes. True when there was a doubt.
pub async fn settle_as_left(tx: &mut Tx, message: &MessageId, reason: &MessageReason, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE message SET state = 'sent', reason = $2, settled_at = $3, owner = NULL, lease_until = NULL
         WHERE id = $1 AND (state = 'in_doubt' OR (state IN ('planned', 'claimed', 'held') AND doubted_at IS NOT NULL))",
        message,
        reason.to_string(),
        now
    )?;
    Ok(changed == 1)
}

/// A message that was taken has come back: it failed after all. What the server had answered stays on record.
pub async fn came_back(tx: &mut Tx, message: &MessageId, reason: &MessageReason, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE message SET state = 'failed', reason = $2, settled_at = $3 WHERE id = $1 AND state IN ('sent', 'in_doubt')",
        message,
        reason.to_string(),
        now
    )?;
    // It did not reach anybody, so it does not count.
    run!(
        tx,
        "UPDATE contact SET version = version + 1, sent_count = (SELECT count(*) FROM message
            WHERE message.contact_id = contact.id AND (message.state IN ('sending', 'sent', 'in_doubt') OR message.doubted_at IS NOT NULL))
         WHERE id = (SELECT contact_id FROM message WHERE id = $1)",
        message
    )?;
    Ok(changed == 1)
}
