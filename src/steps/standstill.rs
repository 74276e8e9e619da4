//! Whether mail leaves: what the senders of this program have met, and what the database says is due.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::standstill::{Facts, Standstill, stands_still};
use crate::store::{Tx, outbox, senders};

use super::{Ctx, trouble};

/// Nothing leaves, and nothing else says so already: a hold or an incident is an alarm of its own.
pub async fn now(ctx: &Ctx, tx: &mut Tx) -> Result<Option<Standstill>> {
    // Another program sends.
    if ctx.outbound.is_none() {
        return Ok(None);
    }
    let now = ctx.clock.now();
    let (broken, last_left) = ctx.failures.sending(now);
    let oldest_due = if is_held(tx).await? { None } else { oldest_due(tx, now).await? };
    Ok(stands_still(&Facts { broken, oldest_due, last_left: Some(last_left) }, now))
}

async fn is_held(tx: &mut Tx) -> Result<bool> {
    Ok(!senders::holds(tx).await?.is_empty() || trouble::alarms(tx).await?.iter().any(|alarm| alarm.holds()))
}

async fn oldest_due(tx: &mut Tx, now: Ts) -> Result<Option<Ts>> {
    Ok(outbox::next_of_all(tx).await?.filter(|due| *due <= now))
}
