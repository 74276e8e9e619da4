//! The loops of the daemon: a timer and a signal per step. A step that fails is told in the log and tried again; nothing
//! one loop does can stop another.

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinSet;
use tracing::{error, info};

use crate::base::clock::MINUTE;
use crate::base::problem::Result;
use crate::config::Settings;
use crate::mail::mailbox::lmtp::{self, Listener};
use crate::scoring::Scoring;
use crate::steps::delivery::{self, Line};
use crate::steps::outbound::holds;
use crate::steps::{Ctx, digest, gateways, handoff, outbox, plan, repair, replies, round, signoff};

/// Without a signal from within, for what other programs write into the database.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A sender that is alive says so.
const BEAT_EVERY: Duration = Duration::from_secs(15);
/// After a failure, before the next try.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Starts all loops. They end, in good order, after [`Ctx::stop`]. `door`: where mails that come back are handed over.
pub fn start(ctx: &Ctx, settings: &Settings, scoring: Scoring, door: Option<Listener>) -> JoinSet<()> {
    let mut loops = JoinSet::new();
    loops.spawn(every(ctx.clone(), "planning", move |ctx| async move { planning(&ctx).await }));
    let hand_over = ctx.clone();
    loops.spawn(every(hand_over, "handing over", move |ctx| {
        let scoring = scoring.clone();
        async move { handoff::deliver(&ctx, &scoring).await.map(|_| ()) }
    }));
    loops.spawn(every(ctx.clone(), "looking after leases", |ctx| async move {
        delivery::recover(&ctx, false).await.map(|_| ())
    }));
    loops.spawn(watch(ctx.clone()));
    if settings.pace.enabled && settings.pace.resolve {
        loops.spawn(finding_gateways(ctx.clone()));
    }
    for line in delivery::lines(&settings.smtp) {
        loops.spawn(sender(ctx.clone(), line));
    }
    if settings.replies.imap_host.is_some() {
        loops.spawn(replies::read_on(ctx.clone(), settings.replies.clone()));
    }
    if let (Some(door), Some(address)) = (door, ctx.replies.clone()) {
        let ctx = ctx.clone();
        loops.spawn(async move { lmtp::serve(door, address, replies::keep(&ctx), ctx.told_to_stop()).await });
    }
    loops
}

/// Tells the other senders of this database that this one is alive.
async fn watch(ctx: Ctx) {
    let mut seen = holds::Watch::default();
    while !ctx.is_stopping() {
        if let Err(problem) = holds::look_after(&ctx, &mut seen).await {
            error!(cause = ?problem.cause, "looking after other senders failed: {problem}");
        }
        let mut changes = ctx.changes();
        let stopped = async { while !ctx.is_stopping() && changes.changed().await.is_ok() {} };
        let _ = tokio::time::timeout(BEAT_EVERY, stopped).await;
    }
}

async fn planning(ctx: &Ctx) -> Result<()> {
    round::close_due(ctx).await?;
    signoff::ask(ctx).await?;
    repair::ask(ctx).await?;
    outbox::resolve_doubts(ctx).await?;
    plan::tick(ctx).await?;
    digest::tick(ctx).await?;
    Ok(())
}

async fn every<F, W>(ctx: Ctx, name: &str, work: W)
where
    W: Fn(Ctx) -> F,
    F: Future<Output = Result<()>>,
{
    let mut changes = ctx.changes();
    while !ctx.is_stopping() {
        changes.mark_unchanged();
        let wait = match work(ctx.clone()).await {
            Ok(()) => LOOK_EVERY,
            Err(problem) => {
                error!(cause = ?problem.cause, "{name} failed: {problem}");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            _ = changes.changed() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// By the minute only: whoever is due tomorrow need not be looked after at every change.
async fn finding_gateways(ctx: Ctx) {
    let mut changes = ctx.changes();
    while !ctx.is_stopping() {
        if let Err(problem) = gateways::find(&ctx).await {
            error!(cause = ?problem.cause, "finding gateways failed: {problem}");
        }
        let minute = tokio::time::sleep(Duration::from_millis(MINUTE as u64));
        tokio::pin!(minute);
        while !ctx.is_stopping() {
            tokio::select! {
                _ = changes.changed() => {}
                () = &mut minute => break,
            }
        }
    }
}

async fn sender(ctx: Ctx, mut line: Line) {
    let mut changes = ctx.changes();
    while !ctx.is_stopping() {
        changes.mark_unchanged();
        let wait = match line.drain(&ctx).await {
            Ok(report) if report.trouble.is_some() => Duration::from_millis(MINUTE as u64),
            Ok(report) => {
                if report.settled > 0 {
                    info!(messages = report.settled, "sent what was due");
                    // What has gone makes the next message of each person plannable.
                    ctx.wake();
                }
                LOOK_EVERY
            }
            Err(problem) => {
                error!(cause = ?problem.cause, "sending failed: {problem}");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            _ = changes.changed() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    line.close().await;
}
