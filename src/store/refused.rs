//! Messages that an incident takes back from senders, and those of its refusals that can be planned anew.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::store::Tx;
use crate::store::contacts::Id;
use crate::store::tx::ids;

row! {
    /// A message that somebody has claimed and not begun to send.
    pub struct InHand {
        pub id: String,
        pub lane: String,
        pub to_email: EmailAddress,
    }
}

pub async fn claimed(tx: &mut Tx) -> Result<Vec<InHand>> {
    all!(
        tx,
        "SELECT id, lane, to_email FROM message WHERE state IN ('claimed', 'sending') AND state = 'claimed' AND lane <> 'system' ORDER BY id"
    )
}

/// Takes claims back from whoever has them: their marks are refused from now on.
pub async fn take_back(tx: &mut Tx, messages: &[&str], why: &str) -> Result<u64> {
    run!(
        tx,
        "UPDATE message SET state = 'planned', reason = $2, owner = NULL, lease_until = NULL
         WHERE id IN (SELECT value ->> 'id' FROM json_each($1)) AND state = 'claimed'",
        ids(messages)?,
        why
    )
}

/// A message that was refused, and never may have arrived, can be planned anew under its key.
pub async fn reopen(tx: &mut Tx, message: &str, reason: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE message SET state = 'withdrawn', reason = $2, settled_at = $3 WHERE id = $1 AND state = 'failed' AND doubted_at IS NULL",
        message,
        reason,
        now
    )?;
    Ok(changed == 1)
}

/// Whether the message left once, this refusal is a report about that, and nothing shows that it arrived all the same: no notice, no answer, no
/// visit since.
pub async fn is_refused_by_report(tx: &mut Tx, refusal: &str) -> Result<bool> {
    let found: Option<Id> = maybe!(
        tx,
        "SELECT m.id FROM refusal f JOIN message m ON m.id = f.message_id
         WHERE f.id = $1 AND f.left_at < f.at AND m.marked_at = f.left_at AND m.state = 'sent' AND m.doubted_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM reply r WHERE r.message_id = m.id AND r.verdict NOT IN ('dead', 'bounced', 'unmatched', 'unreadable'))
            AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = m.contact_id
                AND (c.started_at >= m.marked_at OR c.completed_at >= m.marked_at OR c.opted_out_at >= m.marked_at))",
        refusal
    )?;
    Ok(found.is_some())
}
