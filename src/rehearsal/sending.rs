//! How sending goes in one tick, by the fault mode that is set.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::join;
use tokio::sync::Notify;

use crate::base::problem::Result;
use crate::rehearsal::mailbox::OnStage;
use crate::rehearsal::mailbox::faults::ServerStage;
use crate::steps::sending::delivery;

use super::fault_modes::FaultMode;
use super::world::World;

pub(super) async fn drain(world: &mut World) -> Result<()> {
    match world.fault_mode {
        FaultMode::None => delivery::drain(&world.ctx, &mut world.lines).await.map(|_| ()),
        FaultMode::Crash { stage, nth, noticed } => drain_and_crash(world, stage, nth, noticed).await,
        FaultMode::ClockLeap { stage, nth, by } => drain_with_a_clock_leap(world, stage, nth, by).await,
        FaultMode::TwoSenders => drain_by_two(world).await,
        FaultMode::PeopleAct => drain_while_people_act(world).await,
    }
}

async fn drain_and_crash(world: &mut World, stage: ServerStage, nth: u64, noticed: bool) -> Result<()> {
    let death = Arc::new(Notify::new());
    let hook = death.clone();
    world.mailbox.on_stage(Some(at_nth(stage, nth, move || hook.notify_one())));
    // Looked at first whenever anything moves, so that the answer of that stage is never read.
    let died = tokio::select! {
        biased;
        () = death.notified() => true,
        drained = delivery::drain(&world.ctx, &mut world.lines) => {
            drained?;
            false
        }
    };
    world.mailbox.on_stage(None);
    if died {
        world.fault_mode = FaultMode::None;
        world.restart();
        // What the dead had handed to the database is committed before anybody looks.
        world.ctx.db.write(|_| Box::pin(async { Ok(()) })).await?;
        if noticed {
            delivery::recover(&world.ctx, true).await?;
        }
    }
    Ok(())
}

async fn drain_with_a_clock_leap(world: &mut World, stage: ServerStage, nth: u64, by: i64) -> Result<()> {
    let clock = world.ctx.clock.clone();
    world.mailbox.on_stage(Some(at_nth(stage, nth, move || clock.turn_to(clock.now().plus(by)))));
    let drained = delivery::drain(&world.ctx, &mut world.lines).await;
    world.mailbox.on_stage(None);
    drained.map(|_| ())
}

async fn drain_by_two(world: &mut World) -> Result<()> {
    let (one, other) = (world.ctx.restarted(), world.ctx.restarted());
    let mut more = world.more_lines();
    let (first, second) = join(delivery::drain(&one, &mut world.lines), delivery::drain(&other, &mut more)).await;
    for line in &mut more {
        line.close().await;
    }
    first?;
    second?;
    Ok(())
}

async fn drain_while_people_act(world: &mut World) -> Result<()> {
    let ctx = world.ctx.clone();
    let (drained, acted) =
        join(delivery::drain(&ctx, &mut world.lines), world.people.act(&ctx, &mut world.findings)).await;
    drained?;
    acted?;
    Ok(())
}

fn at_nth(stage: ServerStage, nth: u64, act: impl Fn() + Send + Sync + 'static) -> OnStage {
    let seen = AtomicU64::new(0);
    Arc::new(move |at| {
        if at == stage && seen.fetch_add(1, Ordering::SeqCst) + 1 == nth {
            act();
        }
    })
}
