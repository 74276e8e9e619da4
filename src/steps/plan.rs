//! The plan tick: for everybody whose time to be looked at has come, the next message is put into the ledger.
//!
//! Only a contact's next message exists as a row; what follows is decided when that one has gone. The cost grows with the people to
//! look at, not with the people there are.

use std::sync::Arc;

use crate::base::problem::Result;
use crate::rules::outbox::key;
use crate::rules::plan::{Facts, Next, Touched, next_message, superseded};
use crate::rules::round::RoundState;
use crate::rules::signoff::Standing;
use crate::store::contacts::{self, Person};
use crate::store::outbox::{self, NewMessage};
use crate::store::{Tx, limits, plan, rounds};

use super::{Ctx, Live};

/// As many people as are decided in one transaction.
const AT_ONCE: i64 = 200;

/// What the rules ask about a person.
pub(super) fn facts(person: &Person) -> Facts {
    Facts {
        time_zone: person.time_zone.clone(),
        country: person.country.clone(),
        region: person.region.clone(),
        signed: person.standing == Standing::Signed,
        signed_at: person.signed_at,
        account: person.account_id.clone(),
        director: person.director_email.clone(),
        language: person.language.clone(),
        role: person.role,
        account_answered: person.account_answers > 0,
        left: person.left_at.is_some(),
        removed: person.removed_at.is_some(),
        started_at: person.started_at,
        completed_at: person.completed_at,
        opted_out_at: person.opted_out_at,
        undeliverable: person.undeliverable_at.is_some(),
        absent_until: person.absent_until,
        last_sent_at: person.last_sent_at,
        sent_count: person.sent_count.max(0) as u32,
        elsewhere_at: None,
        account_today: 0,
    }
}

pub(super) fn touched(rows: Vec<plan::Touched>) -> Vec<Touched> {
    rows.into_iter()
        .map(|t| Touched {
            kind: t.kind,
            number: t.number as u32,
            state: t.state,
            at: t.settled_at.unwrap_or(t.due_at),
            tried: t.first_tried_at.is_some() || t.doubted_at.is_some(),
            planned_for: t.planned_for,
        })
        .collect()
}

/// Plans what is due to be planned in every running round. Returns how many messages were added.
pub async fn tick(ctx: &Ctx) -> Result<u64> {
    let running = {
        let mut tx = ctx.db.read().await?;
        rounds::in_state(&mut tx, RoundState::Running).await?
    };
    let mut added = 0;
    for round in running {
        let live = {
            let mut tx = ctx.db.read().await?;
            ctx.live(&mut tx, &round).await?
        };
        loop {
            let (c, l) = (ctx.clone(), live.clone());
            let (looked_at, planned) =
                ctx.db.write(move |tx| Box::pin(async move { tick_in(&c, tx, &l).await })).await?;
            added += planned;
            if looked_at < AT_ONCE as usize {
                break;
            }
        }
    }
    if added > 0 {
        ctx.wake();
    }
    Ok(added)
}

async fn tick_in(ctx: &Ctx, tx: &mut Tx, live: &Arc<Live>) -> Result<(usize, u64)> {
    let now = ctx.clock.now();
    let due = plan::to_look_at(tx, &live.id, now, AT_ONCE).await?;
    let mut added = 0;
    for id in &due {
        let Some(person) = contacts::person(tx, id).await? else { continue };
        let history = touched(plan::touched(tx, id).await?);
        let mut facts = facts(&person);
        if live.sequence.between_rounds() > 0 && facts.sent_count == 0 {
            facts.elsewhere_at = limits::elsewhere(tx, &[id], now).await?.remove(id);
        }
        let next = next_message(&live.sequence, &facts, &history, now);
        if let Some((row, why)) = superseded(&history, &next, now) {
            outbox::withdraw_planned(tx, &key(&live.id, id, row.kind, row.number), why.as_str(), now).await?;
        }
        match next {
            Next::Send { kind, number, planned_for, due_at } => {
                let message = NewMessage {
                    id: ctx.ids.new_id(now),
                    key: key(&live.id, id, kind, number),
                    lane: live.id.clone(),
                    contact_id: Some(id.clone()),
                    subject_id: id.clone(),
                    kind,
                    number: i64::from(number),
                    to_name: person.full_name(),
                    to: person.email.clone(),
                    planned_for,
                    due_at,
                };
                added += u64::from(outbox::enqueue(tx, &message, now).await?);
                plan::looked_at(tx, id, None, None).await?;
            }
            Next::LookAgain { at, why } => plan::looked_at(tx, id, Some(at), Some(why.as_str())).await?,
            Next::Nothing { why } => plan::looked_at(tx, id, None, Some(why.as_str())).await?,
        }
    }
    Ok((due.len(), added))
}
