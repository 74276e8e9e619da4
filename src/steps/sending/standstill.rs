//! Whether mail leaves: what the senders of this program have met, and what the database says is due.

use crate::base::clock::{HOUR, Ts};
use crate::base::problem::Result;
use crate::rules::sending::standstill::{
    ENOUGH, LOOKED_AT, PutOff, Standstill, StandstillFacts, may_be_silent, stands_still,
};
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::sending::{due, senders, silence};

use super::delivery::REST;
use super::trouble;

/// Whoever is put off is tried again within this.
pub(super) const TRIED_WITHIN: i64 = 5 * HOUR;

/// Nothing leaves, and nothing else says so already: a hold or an incident is an alarm of its own.
pub async fn now(ctx: &Ctx, tx: &mut Tx) -> Result<Option<Standstill>> {
    // Another program sends.
    if ctx.outbound.is_none() {
        return Ok(None);
    }
    let now = ctx.clock.now();
    let known = ctx.failures.sending(now);
    let mut facts =
        StandstillFacts { broken: known.broken, last_left: Some(known.last_left), ..StandstillFacts::default() };
    if is_held(ctx, tx).await? {
        return Ok(stands_still(&facts, now));
    }
    // What was given back for trouble with the server is due again when that has rested.
    let until = if facts.broken.is_some() { now.plus(REST) } else { now };
    facts.oldest_due = oldest_due(tx, until).await?;
    if known.put_off && may_be_silent(facts.last_left, now) {
        facts.put_off = put_off(tx, now).await?;
        facts.last_left = facts.last_left.max(facts.put_off.accepted.first().copied());
    }
    Ok(stands_still(&facts, now))
}

/// The same as far as the database tells it, for `doctor`: another program sends, or none.
pub async fn in_the_ledger(ctx: &Ctx, tx: &mut Tx) -> Result<Option<Standstill>> {
    if is_held(ctx, tx).await? {
        return Ok(None);
    }
    let now = ctx.clock.now();
    let (oldest_due, put_off) = (oldest_due(tx, now).await?, put_off(tx, now).await?);
    let last_left = put_off.accepted.first().copied();
    Ok(stands_still(&StandstillFacts { broken: None, oldest_due, put_off, last_left }, now))
}

/// Another sender of the database may be held, and this one is not.
async fn is_held(ctx: &Ctx, tx: &mut Tx) -> Result<bool> {
    let ours = ctx.outbound.as_ref().map(|outbound| outbound.instance.as_str());
    let holds = senders::holds(tx).await?;
    let is_ours = |name: &str| name.is_empty() || ours.is_none_or(|ours| ours == name);
    Ok(holds.iter().any(|hold| is_ours(&hold.instance)) || !trouble::holding(tx).await?.is_empty())
}

async fn oldest_due(tx: &mut Tx, until: Ts) -> Result<Option<Ts>> {
    let planned = due::next_of_all(tx).await?;
    let taken = silence::oldest_in_hand(tx).await?;
    Ok([planned, taken].into_iter().flatten().filter(|due| *due <= until).min())
}

async fn put_off(tx: &mut Tx, now: Ts) -> Result<PutOff> {
    let accepted = silence::accepted(tx, LOOKED_AT as i64).await?;
    let (last, until) = (accepted.first().copied().unwrap_or(Ts(i64::MIN)), now.plus(TRIED_WITHIN));
    let since = |people: Vec<silence::PutOff>| people.into_iter().map(|person| person.since).collect();
    Ok(PutOff {
        after: since(silence::put_off_after(tx, last, until, ENOUGH as i64).await?),
        before: since(silence::put_off_by(tx, last, until, LOOKED_AT as i64).await?),
        accepted,
    })
}
