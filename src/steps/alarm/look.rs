//! One look at all that is wrong: what is new is remembered, what has lasted for too long is told, and so is what is over.
//!
//! What stands in the database is read in the transaction that judges it. Programs judge in turn, so none tells what another one has seen
//! to be over meanwhile.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::alarm::{Ahead, AlarmEvent, AlarmStep, Sight, judge, may_last};
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::alarm::{self as store, Alarm};

use super::facts::{self, Here, Seen};
use super::telling::tell;
use super::{calls, evidence};

/// Looks at everything and calls the webhook. Returns how many alarms were raised or ended.
pub async fn look(ctx: &Ctx) -> Result<u64> {
    let here = facts::here(ctx);
    let told = match is_quiet(ctx, &here).await? {
        true => 0,
        false => ctx.order(&Actor::Program, JudgeTroubles { here }).await?,
    };
    calls::deliver(ctx).await?;
    Ok(told)
}

/// Nothing is wrong and nothing was: no turn among those who write is taken for it.
async fn is_quiet(ctx: &Ctx, here: &Here) -> Result<bool> {
    let mut tx = ctx.db.read().await?;
    Ok(store::open(&mut tx).await?.is_empty() && facts::all(ctx, &mut tx, here, &[]).await?.is_empty())
}

/// Judges what is seen against what is known. How many alarms were raised or ended.
struct JudgeTroubles {
    here: Here,
}

impl Order for JudgeTroubles {
    type Done = u64;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<u64> {
        let here = self.here;
        let now = ctx.clock.now();
        let open = store::open(tx).await?;
        let seen = facts::all(ctx, tx, &here, &open).await?;
        let ahead = if seen.is_empty() { Ahead::default() } else { facts::ahead(ctx, tx).await? };
        let mut told = 0;
        for one in &seen {
            let known = open.iter().find(|alarm| one.is(alarm));
            told += u64::from(is_wrong(ctx, tx, one, known, &ahead, now).await?);
        }
        for alarm in open.iter().filter(|alarm| !seen.iter().any(|one| one.is(alarm))) {
            let sight = evidence::of(ctx, tx, &here, alarm).await?;
            told += u64::from(is_not_wrong(ctx, tx, alarm, sight, now).await?);
        }
        Ok(told)
    }
}

/// True when somebody is told.
async fn is_wrong(ctx: &Ctx, tx: &mut Tx, one: &Seen, known: Option<&Alarm>, ahead: &Ahead, now: Ts) -> Result<bool> {
    let ended_at = store::last_end(tx, one.kind, &one.about, &one.instance).await?;
    let noticed = known.map(Alarm::noticed);
    let may_last = may_last(one.kind, ahead, &ctx.alarms.limits);
    let step = judge(one.kind, noticed.as_ref(), Sight::Wrong(one.since), may_last, ended_at, now);
    let alarm = if let Some(known) = known {
        store::see(tx, &known.id, &one.what, &one.advice, now).await?;
        Alarm { what: one.what.clone(), advice: one.advice.clone(), seen_at: now, ..known.clone() }
    } else {
        let new = new_alarm(ctx, one, now);
        // Another program was first; it is looked at again within a minute.
        if !store::notice(tx, &new).await? {
            return Ok(false);
        }
        new
    };
    if step == AlarmStep::Back {
        store::set_gone(tx, &alarm.id, None).await?;
    }
    if step != AlarmStep::Raise || !store::raise(tx, &alarm.id, now).await? {
        return Ok(false);
    }
    let raised = Alarm { raised_at: Some(now), gone_at: None, ..alarm };
    tell(ctx, tx, &raised, AlarmEvent::Raised, now).await?;
    Ok(true)
}

fn new_alarm(ctx: &Ctx, one: &Seen, now: Ts) -> Alarm {
    Alarm {
        id: ctx.ids.id(now),
        kind: one.kind,
        about: one.about.clone(),
        instance: one.instance.clone(),
        what: one.what.clone(),
        advice: one.advice.clone(),
        since: one.since.min(now),
        seen_at: now,
        gone_at: None,
        raised_at: None,
        ended_at: None,
    }
}

/// True when somebody is told.
async fn is_not_wrong(ctx: &Ctx, tx: &mut Tx, alarm: &Alarm, sight: Sight, now: Ts) -> Result<bool> {
    match judge(alarm.kind, Some(&alarm.noticed()), sight, 0, None, now) {
        AlarmStep::Gone => store::set_gone(tx, &alarm.id, Some(now)).await?,
        AlarmStep::Forget => store::forget(tx, &alarm.id).await?,
        AlarmStep::End => return end(ctx, tx, alarm, now).await,
        _ => {}
    }
    Ok(false)
}

/// Tells that it is over. False where somebody has told it before.
pub(super) async fn end(ctx: &Ctx, tx: &mut Tx, alarm: &Alarm, now: Ts) -> Result<bool> {
    if !store::end(tx, &alarm.id, now).await? {
        return Ok(false);
    }
    let ended = Alarm { ended_at: Some(now), ..alarm.clone() };
    tell(ctx, tx, &ended, AlarmEvent::Ended, now).await?;
    Ok(true)
}
