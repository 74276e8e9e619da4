//! The plan tick: for everybody whose time to be looked at has come, the next message is put into the ledger.
//!
//! Only a contact's next message exists as a row; what follows is decided when that one has gone. The cost grows with the people to
//! look at, not with the people there are.

use std::collections::HashMap;

use tracing::{Instrument, info_span};

use crate::base::ids::{ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::journal::Actor;
use crate::rules::plan::{Facts, Next, Reason, next_message, superseded};
use crate::rules::round::RoundState;
use crate::rules::sending::outbox::key;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::duties::failures::{ROW_REST, Reach};
use crate::store::Tx;
use crate::store::plan::{self, Look, NewTouch, Superseded};
use crate::store::round::rounds::{self, Brief};

use super::facts::{elsewhere, facts_of_planned, touched};

/// As many people as are decided in one transaction.
const AT_ONCE: i64 = 1_000;

/// Plans what is due to be planned in every running round. A round that cannot be planned stops no other: the log says why. Returns
/// how many messages were added.
pub async fn tick(ctx: &Ctx) -> Result<u64> {
    let running = {
        let mut tx = ctx.db.read().await?;
        rounds::in_state(&mut tx, RoundState::Running).await?
    };
    let mut added = 0;
    for round in &running {
        let planned = tick_round(ctx, round).instrument(info_span!("round", id = round.id.as_str())).await;
        added += ctx.alone(Reach::Round, &format!("round {}: planning", round.slug), planned)?.unwrap_or(0);
    }
    Ok(added)
}

async fn tick_round(ctx: &Ctx, round: &Brief) -> Result<u64> {
    // A round in which nobody is due costs no transaction.
    let idle = {
        let mut tx = ctx.db.read().await?;
        let due = plan::to_look_at(&mut tx, &round.id, ctx.clock.now(), 1).await?;
        due.rows.is_empty() && due.unreadable.is_empty()
    };
    let mut added = 0;
    if idle {
        return Ok(added);
    }
    loop {
        let (looked_at, planned) = ctx.order(&Actor::Program, PlanDue { round: round.id.clone() }).await?;
        added += planned;
        if looked_at < AT_ONCE as usize {
            return Ok(added);
        }
    }
}

/// Plans for the next of the people of a round who are due; how many were looked at, and how many messages were added. Costs a fixed
/// number of statements, however many contacts are due.
struct PlanDue {
    round: RoundId,
}

impl Order for PlanDue {
    type Done = (usize, u64);
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<(usize, u64)> {
        let now = ctx.clock.now();
        // As it is in this transaction: whoever has changed the round meanwhile has asked for everybody to be looked at by the new plan.
        let live = ctx.live_by_id(tx, &self.round).await?;
        if live.state != RoundState::Running {
            return Ok((0, 0));
        }
        let (due, unreadable) = ctx.readable("contact", plan::to_look_at(tx, &live.id, now, AT_ONCE).await?);
        let unreadable: Vec<ContactId> = unreadable.into_iter().map(Into::into).collect();
        let count = due.len() + unreadable.len();
        if count == 0 {
            return Ok((0, 0));
        }
        tx.in_round(&live.id);
        // Who cannot be read waits for somebody to repair the row, and keeps nobody else.
        let rest = Some(now.plus(ROW_REST).0);
        let waits: Vec<Look> =
            unreadable.iter().map(|id| Look { id, next: rest, why: Some(Reason::Unreadable.as_str()) }).collect();
        plan::looked_at(tx, &waits).await?;
        let ids: Vec<&ContactId> = due.iter().map(|c| &c.id).collect();
        let ledger = plan::touched(tx, &ids).await?;
        let mut histories: HashMap<&ContactId, &[plan::Touched]> = HashMap::with_capacity(due.len());
        for rows in ledger.chunk_by(|a, b| a.contact_id == b.contact_id) {
            histories.extend(rows.first().map(|row| (&row.contact_id, rows)));
        }
        let mut elsewhere = elsewhere(tx, &live.sequence, due.iter().map(|c| (&c.id, c.sent_count)), now).await?;
        let lane = live.lane();
        let (mut looks, mut touches, mut gone) = (Vec::with_capacity(due.len()), Vec::new(), Vec::new());
        for contact in &due {
            let history = touched(histories.get(&contact.id).copied().unwrap_or_default());
            let facts = Facts { elsewhere_at: elsewhere.remove(&contact.id), ..facts_of_planned(contact) };
            let next = next_message(&live.sequence, &facts, &history, now);
            gone.extend(superseded(&history, &next, now).map(|(row, why)| Superseded {
                key: key(&lane, &contact.id, row.kind, row.number),
                why: why.as_str(),
            }));
            let (next, why) = match next {
                Next::Send { kind, number, planned_for, due_at } => {
                    touches.push(NewTouch {
                        id: ctx.ids.id(now),
                        key: key(&lane, &contact.id, kind, number),
                        contact: &contact.id,
                        kind,
                        number,
                        to_name: contact.full_name(),
                        to: contact.email.as_str(),
                        planned_for: planned_for.0,
                        due_at: due_at.0,
                    });
                    (None, None)
                }
                Next::LookAgain { at, why } => (Some(at.0), Some(why.as_str())),
                Next::Nothing { why } => (None, Some(why.as_str())),
            };
            looks.push(Look { id: &contact.id, next, why });
        }
        if !gone.is_empty() {
            plan::withdraw(tx, &gone, now).await?;
        }
        let added = if touches.is_empty() { 0 } else { plan::enqueue(tx, &live.id, &touches, now).await? };
        plan::looked_at(tx, &looks).await?;
        Ok((count, added))
    }
}
