//! The loops of the daemon: a timer and a signal per step. A step that fails is told in the log and tried again; nothing
//! one loop does can stop another.

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinSet;
use tracing::info;

use crate::base::clock::MINUTE;
use crate::base::problem::Result;
use crate::config::Settings;
use crate::mail::mailbox::lmtp::{self, Listener};
use crate::scoring::Scoring;
use crate::steps::delivery::{self, Line};
use crate::steps::outbound::holds;
use crate::steps::{Ctx, digest, gateways, handoff, kept, outbox, plan, repair, replies, round, signoff};

/// Without a signal from within, for what other programs write into the database.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A sender that is alive says so.
const BEAT_EVERY: Duration = Duration::from_secs(15);
/// After a failure, before the next try.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Starts all loops. They end, in good order, after [`Ctx::stop`]. `door`: where mails that come back are handed over.
pub fn start(ctx: &Ctx, settings: &Settings, scoring: Scoring, door: Option<Listener>) -> JoinSet<()> {
    let mut loops = JoinSet::new();
    loops.spawn(every(ctx.clone(), |ctx| async move { planning(&ctx).await }));
    let hand_over = ctx.clone();
    loops.spawn(every(hand_over, move |ctx| {
        let scoring = scoring.clone();
        async move { ctx.guarded("handing over", only(handoff::deliver(&ctx, &scoring))).await }
    }));
    loops.spawn(every(ctx.clone(), |ctx| async move {
        ctx.guarded("looking after leases", only(delivery::recover(&ctx, false))).await
    }));
    loops.spawn(watch(ctx.clone()));
    if settings.pace.enabled && settings.pace.resolve {
        loops.spawn(finding_gateways(ctx.clone()));
    }
    for (number, line) in delivery::lines(&settings.smtp).into_iter().enumerate() {
        loops.spawn(sender(ctx.clone(), line, number + 1));
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
        ctx.guarded("looking after other senders", only(holds::look_after(&ctx, &mut seen))).await;
        let mut changes = ctx.changes();
        let stopped = async { while !ctx.is_stopping() && changes.changed().await.is_ok() {} };
        let _ = tokio::time::timeout(BEAT_EVERY, stopped).await;
    }
}

/// One after the other, since each makes work for the next; one that fails keeps none of the others.
async fn planning(ctx: &Ctx) -> bool {
    let done = [
        ctx.guarded("closing rounds", only(round::close_due(ctx))).await,
        ctx.guarded("asking for signatures", only(signoff::ask(ctx))).await,
        ctx.guarded("asking for repairs", only(repair::ask(ctx))).await,
        ctx.guarded("settling doubts", only(outbox::resolve_doubts(ctx))).await,
        ctx.guarded("planning", only(plan::tick(ctx))).await,
        ctx.guarded("forgetting pages", only(kept::forget(ctx))).await,
        ctx.guarded("weekly lists", only(digest::tick(ctx))).await,
    ];
    !done.contains(&false)
}

/// Whether it went well is all that a loop asks.
async fn only<T>(work: impl Future<Output = Result<T>>) -> Result<()> {
    work.await.map(|_| ())
}

/// `work` says whether all went well.
async fn every<F, W>(ctx: Ctx, work: W)
where
    W: Fn(Ctx) -> F,
    F: Future<Output = bool>,
{
    let mut changes = ctx.changes();
    while !ctx.is_stopping() {
        changes.mark_unchanged();
        let wait = if work(ctx.clone()).await { LOOK_EVERY } else { AFTER_FAILURE };
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
        ctx.guarded("finding gateways", only(gateways::find(&ctx))).await;
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

async fn sender(ctx: Ctx, mut line: Line, number: usize) {
    let name = format!("sending, line {number}");
    let mut changes = ctx.changes();
    while !ctx.is_stopping() {
        changes.mark_unchanged();
        let mut report = None;
        let well = ctx.guarded(&name, async { line.drain(&ctx).await.map(|done| report = Some(done)) }).await;
        let wait = match report {
            Some(report) if report.trouble.is_some() => Duration::from_millis(MINUTE as u64),
            Some(report) => {
                if report.settled > 0 {
                    info!(messages = report.settled, "sent what was due");
                    // What has gone makes the next message of each person plannable.
                    ctx.wake();
                }
                LOOK_EVERY
            }
            None => AFTER_FAILURE,
        };
        if !well {
            // Half a conversation is not gone on with.
            line.hang_up();
        }
        tokio::select! {
            _ = changes.changed() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    line.close().await;
}
