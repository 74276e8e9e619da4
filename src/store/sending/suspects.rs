//! Messages whose making may have ended the program: all that were claimed and not yet on their way when it stopped (F21).
//!
//! The claim itself is the first mark, one for a whole batch (`suspect` is 1 when it is lost). Such a message is made alone the next time,
//! under a mark of its own that counts up, and whoever finds that mark with its program gone knows which message it was.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::sending::reason::MessageReason;
use crate::store::database::tx::Tx;

use super::claim::{Claimed, Fence, claimed};

/// This message, and no other, is being made now.
pub async fn alone(tx: &mut Tx, fence: &Fence) -> Result<()> {
    run!(
        quiet tx,
        "UPDATE message SET suspect = suspect + 1 WHERE id = $1 AND owner = $2 AND attempt = $3 AND state = 'claimed'",
        &fence.id,
        &fence.owner,
        fence.attempt
    )?;
    Ok(())
}

/// It was made, or refused; the program is still here.
pub async fn cleared(tx: &mut Tx, fence: &Fence) -> Result<()> {
    run!(
        quiet tx,
        "UPDATE message SET suspect = 0 WHERE id = $1 AND owner = $2 AND attempt = $3 AND state = 'claimed'",
        &fence.id,
        &fence.owner,
        fence.attempt
    )?;
    Ok(())
}

/// Ends the messages during whose making, alone, a program has `ended` so often; `all_but` as for `claim::reclaim`.
/// `ours`: who is alive to ask has not ended, whatever became of his mark.
pub async fn end(
    tx: &mut Tx,
    now: Ts,
    why: &str,
    ended: i64,
    ours: &str,
    all_but: Option<&str>,
) -> Result<Vec<Claimed>> {
    all!(
        tx,
        claimed!(
            "UPDATE message SET state = 'failed', reason = $6, answer = $3, settled_at = $1, suspect = 0, owner = NULL,
                lease_until = NULL
             WHERE state IN ('claimed', 'sending') AND lease_until > 0 AND state = 'claimed' AND suspect > $4 AND owner <> $5
                AND (lease_until <= $1 OR ($2 <> '' AND owner <> $2))"
        ),
        now,
        all_but.unwrap_or(""),
        why,
        ended,
        ours,
        MessageReason::Refused.to_string()
    )
}
