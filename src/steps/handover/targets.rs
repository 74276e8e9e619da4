//! Targets that are met, each told once: when the numbers of its round that may be told say so, and for the last time when the round
//! closes.

use crate::base::ids::RoundId;
use crate::base::problem::{Kind, Result};
use crate::rules::completion::is_met_of_all_signed;
use crate::rules::completion::told::Whole;
use crate::rules::handover::events::{EventData, EventKind};
use crate::rules::journal::Actor;
use crate::rules::round::{RoundState, Target};
use crate::steps::completion::status_of;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::store::Tx;
use crate::store::handover::events as store;
use crate::store::round::rounds;

/// Notes the targets that the open rounds have met since the last look. A round whose targets are all told costs one read.
pub(super) async fn look(ctx: &Ctx) -> Result<()> {
    if !ctx.tells(EventKind::TargetMet) {
        return Ok(());
    }
    for round in reached(ctx).await? {
        ctx.order(&Actor::Program, NoteTargets { round }).await?;
    }
    Ok(())
}

/// The rounds that have met a target of which it was not told.
async fn reached(ctx: &Ctx) -> Result<Vec<RoundId>> {
    let mut tx = ctx.db.read().await?;
    let mut open = rounds::in_state(&mut tx, RoundState::Running).await?;
    open.extend(rounds::in_state(&mut tx, RoundState::Paused).await?);
    let mut reached = Vec::new();
    for brief in open {
        match new_ones(ctx, &mut tx, &brief.id).await {
            Ok(met) if met.is_empty() => {}
            Ok(_) => reached.push(brief.id),
            Err(problem) if problem.kind == Kind::Unavailable => return Err(problem),
            // A round that cannot be read is a trouble of its own.
            Err(_) => {}
        }
    }
    Ok(reached)
}

struct NoteTargets {
    round: RoundId,
}

impl Order for NoteTargets {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        note(ctx, tx, &self.round).await
    }
}

/// Tells of the targets that a round has met and of which it was not told.
pub(crate) async fn note(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<()> {
    if !ctx.tells(EventKind::TargetMet) {
        return Ok(());
    }
    let live = ctx.live_by_id(tx, round).await?;
    for target in not_told(ctx, tx, &live).await? {
        if store::note_target(tx, round, target.level.as_str(), &share(target), ctx.clock.now()).await? {
            let data = EventData::Target { round: &live.slug, level: target.level, target: target.target };
            ctx.event(tx, EventKind::TargetMet, Some(round), &data).await?;
        }
    }
    Ok(())
}

async fn new_ones(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<Vec<Target>> {
    let live = ctx.live_by_id(tx, round).await?;
    not_told(ctx, tx, &live).await
}

/// As pages tell it: where a number may not be told, neither is it that it is high enough. Until the close those who are still to be
/// invited count as well.
async fn not_told(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Vec<Target>> {
    let known = store::targets_met(tx, &live.id).await?;
    let is_known = |target: Target| {
        known.iter().any(|known| known.level == target.level.as_str() && known.target == share(target))
    };
    if live.spec.targets.iter().all(|target| is_known(*target)) {
        return Ok(Vec::new());
    }
    let status = status_of(ctx, tx, live).await?;
    let told = Whole::of(&status, live.spec.participation);
    let met = status.targets.iter().filter(|target| target.met && told.level(target.level));
    let met = met.map(|target| Target { level: target.level, target: target.target });
    let is_closed = live.state == RoundState::Closed;
    let met = met.filter(|t| is_closed || is_met_of_all_signed(*t, &status.individual, &status.accounts));
    Ok(met.filter(|target| !is_known(*target)).collect())
}

fn share(target: Target) -> String {
    target.target.to_string()
}
