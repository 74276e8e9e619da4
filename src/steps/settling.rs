//! What an outcome does to the ledger and to the person: one transaction per message.

use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::rules::delivery::Outcome;
use crate::rules::outbox::{MessageKind, MessageState};
use crate::store::claim::{self, Claimed, Fence, Settlement};
use crate::store::{Tx, contacts, outbox};

use super::Ctx;
use super::claims::Taken;
use super::context::SOUNDINGS;

/// An outcome that is still to be written down.
pub(super) struct Settling {
    fence: Fence,
    claimed: Claimed,
    outcome: Outcome,
}

impl Settling {
    pub fn new(taken: Taken, outcome: Outcome) -> Settling {
        Settling { fence: taken.fence, claimed: taken.claimed, outcome }
    }

    /// A message that could not be made from its words and names.
    pub fn unmade(taken: &Taken, problem: &Problem) -> Settling {
        let outcome = Outcome::GiveUp { why: format!("The message could not be made. {problem}"), dead_address: false };
        Settling { fence: taken.fence.clone(), claimed: taken.claimed.clone(), outcome }
    }
}

/// Writes an outcome down.
pub(super) async fn settle(ctx: &Ctx, settling: Settling) -> Result<()> {
    let c = ctx.clone();
    ctx.db.write(move |tx| Box::pin(async move { settle_in(&c, tx, settling).await })).await
}

async fn settle_in(ctx: &Ctx, tx: &mut Tx, s: Settling) -> Result<()> {
    let now = ctx.clock.now();
    let (state, due_at, reason, answer) = match &s.outcome {
        Outcome::Delivered { answer } => (MessageState::Sent, None, "", answer.as_str()),
        Outcome::TryLater { at, why } => (MessageState::Planned, Some(*at), "deferred", why.as_str()),
        Outcome::GiveUp { why, .. } => (MessageState::Failed, None, "refused", why.as_str()),
        Outcome::InDoubt { why } => {
            (MessageState::InDoubt, None, "no answer after the end of the message", why.as_str())
        }
    };
    if !claim::settle(tx, &s.fence, Settlement { state, due_at, reason, answer }, now).await? {
        // Somebody else has taken the message over; what he finds out counts.
        return Ok(());
    }
    let Some(contact) = &s.claimed.contact_id else { return Ok(()) };
    match &s.outcome {
        Outcome::Delivered { .. } => note_sent(tx, contact, &s.claimed, now).await,
        Outcome::InDoubt { .. } => note_doubt(ctx, tx, &s.claimed).await,
        Outcome::TryLater { .. } => Ok(()),
        Outcome::GiveUp { why, dead_address: true } => dead_address(ctx, tx, contact, &s.claimed, why).await,
        Outcome::GiveUp { .. } => claim::look_again(tx, contact, now).await,
    }
}

async fn note_sent(tx: &mut Tx, contact: &str, m: &Claimed, now: Ts) -> Result<()> {
    claim::note_sent(tx, contact, &m.id, m.kind == MessageKind::Invitation, now).await
}

/// A message in doubt may have arrived: the person counts as written to.
pub(super) async fn note_doubt(ctx: &Ctx, tx: &mut Tx, m: &Claimed) -> Result<()> {
    let now = ctx.clock.now();
    let round = (m.lane != outbox::SYSTEM).then_some(m.lane.as_str());
    let subject = m.contact_id.as_deref().unwrap_or(&m.id);
    ctx.journal(tx, SOUNDINGS, "is in doubt whether this arrived", round, subject, m.kind.label()).await?;
    if let Some(contact) = &m.contact_id {
        note_sent(tx, contact, m, now).await?;
    }
    claim::note_doubted(tx, &m.id, now).await
}

/// Promise 7: an address bounces, not a person. Nothing more goes to this address until it is corrected.
async fn dead_address(ctx: &Ctx, tx: &mut Tx, contact: &str, m: &Claimed, why: &str) -> Result<()> {
    let now = ctx.clock.now();
    contacts::mark_undeliverable(tx, contact, why, now).await?;
    outbox::withdraw_of_contact(tx, contact, "undeliverable", now).await?;
    ctx.journal(tx, SOUNDINGS, "found the address undeliverable", Some(&m.lane), contact, why).await
}

/// Gives a claim back untouched, to be due again at `later`.
pub(super) async fn give_back(ctx: &Ctx, fence: Fence, later: Ts, why: &str) -> Result<()> {
    let why = why.to_string();
    ctx.db.write(move |tx| Box::pin(async move { claim::release(tx, &fence, later, &why).await.map(|_| ()) })).await
}
