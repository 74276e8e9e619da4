//! One look at all that is wrong: what is new is remembered, what has lasted for too long is told, and so is what is over.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::alarm::{ABANDONED, Ahead, AlarmEvent, AlarmStep, judge, may_last};
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::alarm::{self as store, Alarm};

use super::calls;
use super::facts::{self, Seen, instance};
use super::telling::tell;

/// Looks at everything and calls the webhook. Returns how many alarms were raised or ended.
pub async fn look(ctx: &Ctx) -> Result<u64> {
    let (open, seen, ahead) = {
        let mut tx = ctx.db.read().await?;
        let open = store::open(&mut tx).await?;
        let seen = facts::all(ctx, &mut tx, &open).await?;
        let ahead = if seen.is_empty() { Ahead::default() } else { facts::ahead(ctx, &mut tx).await? };
        (open, seen, ahead)
    };
    let told = match open.is_empty() && seen.is_empty() {
        true => 0,
        false => ctx.order(&Actor::Program, JudgeTroubles { seen, ahead }).await?,
    };
    calls::deliver(ctx).await?;
    Ok(told)
}

/// Judges what was seen against what is known. How many alarms were raised or ended.
struct JudgeTroubles {
    seen: Vec<Seen>,
    ahead: Ahead,
}

impl Order for JudgeTroubles {
    type Done = u64;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<u64> {
        let JudgeTroubles { seen, ahead } = self;
        let now = ctx.clock.now();
        let open = store::open(tx).await?;
        let mut told = 0;
        for one in &seen {
            let known = open.iter().find(|alarm| one.is(alarm));
            told += u64::from(is_wrong(ctx, tx, one, known, &ahead, now).await?);
        }
        for alarm in open.iter().filter(|alarm| !seen.iter().any(|one| one.is(alarm))) {
            told += u64::from(is_right(ctx, tx, alarm, now).await?);
        }
        Ok(told)
    }
}

/// True when somebody is told.
async fn is_wrong(ctx: &Ctx, tx: &mut Tx, one: &Seen, known: Option<&Alarm>, ahead: &Ahead, now: Ts) -> Result<bool> {
    let ended_at = store::last_end(tx, one.kind, &one.about, &one.instance).await?;
    let noticed = known.map(Alarm::noticed);
    let may_last = may_last(one.kind, ahead, &ctx.alarms.limits);
    let step = judge(one.kind, noticed.as_ref(), Some(one.since), may_last, ended_at, now);
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

/// True when somebody is told. What only another program can see is left to it, for as long as it runs.
async fn is_right(ctx: &Ctx, tx: &mut Tx, alarm: &Alarm, now: Ts) -> Result<bool> {
    let is_of_another = !alarm.instance.is_empty() && alarm.instance != instance(ctx);
    let step = match (is_of_another, alarm.raised_at.is_some()) {
        (true, _) if now.since(alarm.seen_at) < ABANDONED => AlarmStep::Nothing,
        (true, true) => AlarmStep::End,
        (true, false) => AlarmStep::Forget,
        (false, _) => judge(alarm.kind, Some(&alarm.noticed()), None, 0, None, now),
    };
    match step {
        AlarmStep::Gone => store::set_gone(tx, &alarm.id, Some(now)).await?,
        AlarmStep::Forget => store::forget(tx, &alarm.id).await?,
        _ => {}
    }
    if step != AlarmStep::End || !store::end(tx, &alarm.id, now).await? {
        return Ok(false);
    }
    let ended = Alarm { ended_at: Some(now), ..alarm.clone() };
    tell(ctx, tx, &ended, AlarmEvent::Ended, now).await?;
    Ok(true)
}
