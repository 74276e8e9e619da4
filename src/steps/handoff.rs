//! Handing completed responses to the scoring module, until it has confirmed them.

use crate::base::clock::MINUTE;
use crate::base::problem::{Problem, Result};
use crate::rules::handoff::{Answer, Attempt, Counted, HandoffState, Verdict, retry};
use crate::scoring::{Delivered, Scoring};
use crate::store::Tx;
use crate::store::handoff::{self, Handoff};
use crate::store::response;

use super::Ctx;
use super::context::SOUNDINGS;

/// As many as are taken at once; they are handed over one after the other, so that order is kept while all goes well.
const AT_ONCE: i64 = 50;

/// Hands over everything that is due. Returns how many were confirmed.
pub async fn deliver(ctx: &Ctx, scoring: &Scoring) -> Result<u64> {
    let mut confirmed = 0;
    loop {
        let now = ctx.clock.now();
        let lease = now.plus(10 * MINUTE);
        let due =
            ctx.db.write(move |tx| Box::pin(async move { handoff::claim(tx, now, lease, AT_ONCE).await })).await?;
        if due.is_empty() {
            return Ok(confirmed);
        }
        for h in due {
            let said = scoring.deliver(&h.id, ctx.clock.now(), &h.body).await;
            confirmed += u64::from(settle(ctx, h, said).await?);
        }
    }
}

async fn settle(ctx: &Ctx, h: Handoff, said: Delivered) -> Result<bool> {
    let now = ctx.clock.now();
    // A file has no status to give; its confirmation is the word of the disk.
    let status = if said.confirmed { Some(said.status.unwrap_or(200)) } else { said.status };
    let answer = Answer { status, retry_after: said.retry_after, text: &said.text };
    let attempt = Attempt { number: h.attempt as u32 + 1, first: h.created_at, now };
    let (state, next_at, text) = match retry(&answer, &attempt, h.sequence as u64) {
        Verdict::Confirmed => (HandoffState::Confirmed, now, said.text.clone()),
        Verdict::Again { at, why } => (HandoffState::Pending, at, why),
        Verdict::Stop { why } => (HandoffState::Stopped, now, why),
        Verdict::Failed { why } => (HandoffState::Failed, now, why),
    };
    let c = ctx.clone();
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let settled = handoff::settle(tx, &h.id, state, next_at, &text, now).await?;
                if settled && state == HandoffState::Confirmed {
                    arrived_too_late(&c, tx, &h).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(state == HandoffState::Confirmed)
}

/// The answers were set aside while they were on their way: whoever was told that they go no further is told that they have arrived.
async fn arrived_too_late(ctx: &Ctx, tx: &mut Tx, h: &Handoff) -> Result<()> {
    let Some(response) = response::by_id(tx, &h.response_id).await?.filter(|r| r.set_aside_at.is_some()) else {
        return Ok(());
    };
    let detail = format!(
        "response {} was on its way when its answers were set aside, and the scoring module has them now: tell it that they are not this contact\u{2019}s.",
        h.sequence
    );
    ctx.journal(
        tx,
        SOUNDINGS,
        "handed over answers that were set aside",
        Some(&h.round_id),
        &response.contact_id,
        &detail,
    )
    .await
}

/// Hands one response over again, whatever became of it before.
pub async fn replay(ctx: &Ctx, operator: &str, id: &str) -> Result<()> {
    let (c, operator, id) = (ctx.clone(), operator.to_string(), id.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let unknown = || Problem::not_found("There is no such hand-over.", "Go back to the hand-over log.");
                let h = handoff::by_id(tx, &id).await?.ok_or_else(unknown)?;
                if response::by_id(tx, &h.response_id).await?.is_some_and(|r| r.set_aside_at.is_some()) {
                    return Err(Problem::refused(
                        "These answers were set aside: the address they were given under was not this contact\u{2019}s.",
                        "They are not handed over any more.",
                    ));
                }
                handoff::replay(tx, &id, c.clock.now()).await?;
                c.journal(
                    tx,
                    &operator,
                    "handed over again",
                    Some(&h.round_id),
                    &h.id,
                    &format!("response {}", h.sequence),
                )
                .await
            })
        })
        .await?;
    ctx.wake();
    Ok(())
}

/// What was confirmed here of the round of this name, in the form in which both sides are compared: by response.
pub async fn confirmed(ctx: &Ctx, slug: &str) -> Result<Vec<Counted>> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let all = handoff::page(&mut tx, &live.id, i64::MAX, 0).await?;
    Ok(all.into_iter().filter(|h| h.state == HandoffState::Confirmed).map(|h| (h.sequence, h.response_id)).collect())
}
