//! Messages that an incident takes back from senders, and those of its refusals that can be planned anew.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{ContactId, MessageId, RefusalId};
use crate::base::problem::Result;
use crate::rules::message::{Lane, MessageState};
use crate::rules::sending::reason::MessageReason;
use crate::store::database::tx::{Tx, ids};

row! {
    /// A message that somebody has claimed and not begun to send.
    pub struct ClaimedMessage {
        pub id: MessageId,
        pub lane: Lane,
        pub to_email: EmailAddress,
    }
}

/// What may be taken back. The first condition is that of the index.
pub async fn claimed(tx: &mut Tx) -> Result<Vec<ClaimedMessage>> {
    all!(
        tx,
        "SELECT id, lane, to_email FROM message WHERE state IN ('claimed', 'sending') AND state = 'claimed' AND lane <> 'system' ORDER BY id"
    )
}

/// Takes claims back from whoever has them: their marks are refused from now on.
pub async fn take_back(tx: &mut Tx, messages: &[&MessageId], why: &MessageReason) -> Result<u64> {
    run!(
        tx,
        "UPDATE message SET state = 'planned', reason = $2, owner = NULL, lease_until = NULL
         WHERE id IN (SELECT value ->> 'id' FROM json_each($1)) AND state = 'claimed'",
        ids(messages)?,
        why.to_string()
    )
}

/// A message that was refused, and never may have arrived, can be planned anew under its key.
pub async fn reopen(tx: &mut Tx, message: &MessageId, reason: &MessageReason, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE message SET state = 'withdrawn', reason = $2, settled_at = $3 WHERE id = $1 AND state = 'failed' AND doubted_at IS NULL",
        message,
        reason.to_string(),
        now
    )?;
    Ok(changed == 1)
}

row! {
    /// What is known of a message that was refused, and of its contact since.
    pub struct Refused {
        pub state: MessageState,
        pub doubted_at: Option<Ts>,
        /// Its last dot; and, by the refusal, when it left and when the refusal was heard.
        pub marked_at: Option<Ts>,
        pub left_at: Ts,
        pub heard_at: Ts,
        pub started_at: Option<Ts>,
        pub completed_at: Option<Ts>,
        pub opted_out_at: Option<Ts>,
    }
}

pub async fn refused(tx: &mut Tx, refusal: &RefusalId) -> Result<Option<Refused>> {
    maybe!(
        tx,
        "SELECT m.state, m.doubted_at, m.marked_at, f.left_at, f.at AS heard_at, c.started_at, c.completed_at, c.opted_out_at
         FROM refusal f JOIN message m ON m.id = f.message_id LEFT JOIN contact c ON c.id = m.contact_id WHERE f.id = $1",
        refusal
    )
}

row! {
    pub struct Came {
        pub verdict: String,
    }
}

/// What has come back about a message, as verdicts.
pub async fn verdicts(tx: &mut Tx, message: &MessageId) -> Result<Vec<String>> {
    let came: Vec<Came> = all!(tx, "SELECT verdict FROM reply WHERE message_id = $1 ORDER BY read_at, id", message)?;
    Ok(came.into_iter().map(|came| came.verdict).collect())
}

/// Whether another message of the contact that was refused is on its way again.
pub async fn another_goes_again(tx: &mut Tx, contact: &ContactId, message: &MessageId) -> Result<bool> {
    let found: Option<(MessageId,)> = maybe!(
        tx,
        "SELECT m.id FROM refusal f JOIN message m ON m.id = f.message_id
         WHERE f.contact_id = $1 AND m.id <> $2 AND m.state IN ('planned', 'claimed', 'sending') ORDER BY m.id LIMIT 1",
        contact,
        message
    )?;
    Ok(found.is_some())
}
