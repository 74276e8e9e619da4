//! What operators did with mails on the reply desk: rows are only added, one after the other for each mail.

use crate::base::clock::Ts;
use crate::base::ids::{DeskActId, MessageId, ReplyId, RoundId};
use crate::base::problem::Result;
use crate::rules::message::Lane;
use crate::rules::replies::desk::DeskWork;
use crate::rules::sending::reason::MessageReason;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, ids};
use crate::store::sending::outbox::{Message, messages};

row! {
    pub struct DeskAct {
        pub id: DeskActId,
        pub reply_id: ReplyId,
        /// Of the mail after it.
        pub version: i64,
        pub what: DeskWork,
        pub by_whom: String,
        pub at: Ts,
        /// To whom it was written or given; empty: to nobody.
        pub to_name: String,
        pub to_email: String,
        /// In whose name it was written.
        pub from_name: String,
        pub from_email: String,
        pub words: String,
        /// On which it comes back, as `2027-02-15`.
        pub day: Option<String>,
    }
}

impl DeskAct {
    /// "answered it", "gave it to ben@client.example".
    pub fn said(&self) -> String {
        let to = if self.to_name.is_empty() { &self.to_email } else { &self.to_name };
        self.what.said(to, self.day.as_deref().and_then(|day| day.parse().ok()))
    }
}

/// The columns of [`DeskAct`], then what narrows them down.
macro_rules! acts {
    ($rest:literal) => {
        concat!(
            "SELECT id, reply_id, version, what, by_whom, at, to_name, to_email, from_name, from_email, words, day FROM desk_act ",
            $rest
        )
    };
}

pub async fn add(tx: &mut Tx, act: &DeskAct) -> Result<()> {
    run!(
        tx,
        "INSERT INTO desk_act (id, reply_id, version, what, by_whom, at, to_name, to_email, from_name, from_email, words, day)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &act.id,
        &act.reply_id,
        act.version,
        act.what,
        &act.by_whom,
        act.at,
        &act.to_name,
        &act.to_email,
        &act.from_name,
        &act.from_email,
        &act.words,
        act.day.as_deref()
    )?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: &DeskActId) -> Result<Option<DeskAct>> {
    maybe!(tx, acts!("WHERE id = $1"), id)
}

pub async fn by_ids(tx: &mut Tx, acts: &[&DeskActId]) -> Result<Vec<DeskAct>> {
    all!(tx, acts!("WHERE id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY id"), ids(acts)?)
}

/// What was done last with a mail.
pub async fn last(tx: &mut Tx, reply: &ReplyId) -> Result<Option<DeskAct>> {
    maybe!(tx, acts!("WHERE reply_id = $1 ORDER BY version DESC LIMIT 1"), reply)
}

/// What was done with these mails, of each in its order.
pub async fn of_replies(tx: &mut Tx, replies: &[&ReplyId]) -> Result<Vec<DeskAct>> {
    all!(
        tx,
        acts!("WHERE reply_id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY reply_id, version"),
        ids(replies)?
    )
}

/// What was mailed by these acts; `subject_id` is the act.
pub async fn mailed(tx: &mut Tx, acts: &[&DeskActId]) -> Result<Vec<Message>> {
    all!(
        tx,
        messages!(
            "WHERE lane = $1 AND contact_id IS NULL AND subject_id IN (SELECT value ->> 'id' FROM json_each($2)) ORDER BY id"
        ),
        &Lane::System,
        ids(acts)?
    )
}

/// Of which messages these mails speak.
pub async fn spoken_of(tx: &mut Tx, all: &[&MessageId]) -> Result<Vec<Message>> {
    all!(tx, messages!("WHERE id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY id"), ids(all)?)
}

/// What was written before about a mail and was refused stays where it is for good: it is written anew.
pub async fn give_up(tx: &mut Tx, reply: &ReplyId, what: DeskWork, reason: &MessageReason, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE message SET state = 'withdrawn', reason = $4, settled_at = $5
         WHERE lane = $1 AND contact_id IS NULL AND state = 'failed'
            AND subject_id IN (SELECT id FROM desk_act WHERE reply_id = $2 AND what = $3)",
        &Lane::System,
        reply,
        what,
        reason.to_string(),
        now
    )?;
    Ok(())
}

/// What was written about a mail has not arrived: it waits again, now, for whoever has it or has written that. False where it is none that
/// waits or is seen to.
pub async fn reopen(tx: &mut Tx, reply: &ReplyId, written_by: &str) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE reply SET state = 'open', version = version + 1, owner = COALESCE(owner, $2), rests_until = NULL,
            handled_at = NULL, handled_by = NULL, note = NULL WHERE id = $1 AND state IN ('open', 'handled')",
        reply,
        written_by
    )?;
    Ok(changed == 1)
}

/// False when something was done with the mail since it had this version, or it is seen to.
pub async fn begin(tx: &mut Tx, reply: &ReplyId, version: i64) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE reply SET version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'",
        reply,
        version
    )?;
    Ok(changed == 1)
}

/// `to`: an operator; none: nobody.
pub async fn give(tx: &mut Tx, reply: &ReplyId, to: Option<&str>) -> Result<()> {
    run!(tx, "UPDATE reply SET owner = $2 WHERE id = $1", reply, to)?;
    Ok(())
}

/// None: it is to be looked at now.
pub async fn rest(tx: &mut Tx, reply: &ReplyId, until: Option<Ts>) -> Result<()> {
    run!(tx, "UPDATE reply SET rests_until = $2 WHERE id = $1", reply, until)?;
    Ok(())
}

row! {
    /// How many open mails of a round, or of none, there are under each filter.
    pub struct DeskCounts {
        pub waiting: i64,
        pub mine: i64,
        pub nobodys: i64,
        pub later: i64,
    }
}

/// Costs the open mails.
pub async fn counts(tx: &mut Tx, round: &RoundId, operator: &str, now: Ts) -> Result<DeskCounts> {
    one!(
        tx,
        "SELECT CAST(COALESCE(sum(o.here), 0) AS BIGINT) AS waiting,
            CAST(COALESCE(sum(CASE WHEN o.owner = $2 THEN o.here ELSE 0 END), 0) AS BIGINT) AS mine,
            CAST(COALESCE(sum(CASE WHEN o.owner IS NULL THEN o.here ELSE 0 END), 0) AS BIGINT) AS nobodys,
            CAST(COALESCE(sum(1 - o.here), 0) AS BIGINT) AS later
         FROM (SELECT owner, CASE WHEN rests_until > $3 THEN 0 ELSE 1 END AS here FROM reply
            WHERE (round_id = $1 OR round_id IS NULL) AND state = 'open') AS o",
        round,
        operator,
        now
    )
}

/// How many mails of a round, or of none, are seen to; counts to `most` and no further.
pub async fn done(tx: &mut Tx, round: &RoundId, most: i64) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM (SELECT 1 AS one FROM reply
            WHERE (round_id = $1 OR round_id IS NULL) AND state = 'handled' LIMIT $2) AS counted",
        round,
        most
    )?;
    Ok(count.n)
}
