//! The loops of the daemon: a timer and a signal per step. A step that fails is told in the log and tried again; nothing
//! one loop does can stop another.

use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::task::{Id, JoinSet};
use tracing::info;

use crate::base::clock::MINUTE;
use crate::base::problem::Result;
use crate::config::Settings;
use crate::handover::Scoring;
use crate::mail::mailbox::lmtp::{self, Listener};
use crate::steps::audit::chain;
use crate::steps::completion::digest;
use crate::steps::installation::{operators, refused_forms};
use crate::steps::sending::delivery::{self, Line};
use crate::steps::sending::outbound::holds;
use crate::steps::sending::{gateways, held, outbox};
use crate::steps::{Ctx, handover, plan, repair, replies, round, signoff};

/// Without a signal from within, for what other programs write into the database.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A sender that is alive says so.
const BEAT_EVERY: Duration = Duration::from_secs(15);
/// A mail with a link is waited for.
const ANSWER_LOG_INS_EVERY: Duration = Duration::from_secs(1);
/// A damaged page may be one that is seldom read.
const EXAMINE_EVERY: Duration = Duration::from_mins(1);
/// Until it was read through for the first time.
const LOOK_FOR_SOUNDNESS_EVERY: Duration = Duration::from_millis(50);
/// After a failure, before the next try.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Starts all loops. They end, in good order, after [`Ctx::stop`]. `door`: where mails that come back are handed over.
pub fn start(ctx: &Ctx, settings: &Settings, scoring: Scoring, door: Option<Listener>) -> Loops {
    let mut loops = Loops::default();
    loops.spawn("planning", every(ctx.clone(), |ctx| async move { planning(&ctx).await }));
    let hand_over = ctx.clone();
    loops.spawn(
        "handing over",
        every(hand_over, move |ctx| {
            let scoring = scoring.clone();
            async move { ctx.guarded("handing over", only(handover::deliver(&ctx, &scoring))).await }
        }),
    );
    loops.spawn(
        "looking after leases",
        every(ctx.clone(), |ctx| async move {
            ctx.guarded("looking after leases", only(delivery::recover(&ctx, false))).await
        }),
    );
    loops.spawn("looking after other senders", watch(ctx.clone(), settings.seen_path()));
    loops.spawn("reading the database through", examining(ctx.clone()));
    loops.spawn("answering log-ins", answering_log_ins(ctx.clone()));
    if settings.pace.enabled && settings.pace.resolve {
        loops.spawn("finding gateways", finding_gateways(ctx.clone()));
    }
    for (number, line) in delivery::lines(&settings.smtp).into_iter().enumerate() {
        loops.spawn(SENDING, sender(ctx.clone(), line, number + 1));
    }
    if settings.replies.imap_host.is_some() {
        loops.spawn("reading the mailbox", replies::read_on(ctx.clone(), settings.replies.clone()));
    }
    if let (Some(door), Some(address)) = (door, ctx.replies.clone()) {
        let ctx = ctx.clone();
        loops.spawn("taking mails that come back", async move {
            lmtp::serve(door, address, replies::keep(&ctx), ctx.told_to_stop()).await;
        });
    }
    loops
}

/// What a loop that sends is called.
pub const SENDING: &str = "sending";

/// The loops that run, by what they do.
#[derive(Default)]
pub struct Loops {
    running: JoinSet<()>,
    names: HashMap<Id, &'static str>,
}

impl Loops {
    fn spawn(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let id = self.running.spawn(work).id();
        self.names.insert(id, name);
    }

    /// Waits until all have ended, for so long. What has not is broken off and named.
    pub async fn end(mut self, within: Duration) -> BTreeSet<&'static str> {
        let all = async {
            while let Some(ended) = self.running.join_next_with_id().await {
                let id = ended.map_or_else(|e| e.id(), |(id, ())| id);
                self.names.remove(&id);
            }
        };
        let _ = tokio::time::timeout(within, all).await;
        self.names.into_values().collect()
    }
}

/// Tells the other senders of this database that this one is alive, and remembers how far the journal goes.
async fn watch(ctx: Ctx, seen_file: PathBuf) {
    let mut seen = holds::Watch::default();
    while !ctx.is_stopping() {
        ctx.guarded("looking after other senders", only(holds::look_after(&ctx, &mut seen))).await;
        ctx.guarded("remembering the end of the journal", only(chain::remember(&ctx, &seen_file))).await;
        let mut changes = ctx.changes();
        let stopped = async { while !ctx.is_stopping() && changes.changed().await.is_ok() {} };
        let _ = tokio::time::timeout(BEAT_EVERY, stopped).await;
    }
}

/// By its own time and for all who asked together: what it does for an operator shows in nobody's answer (S20).
async fn answering_log_ins(ctx: Ctx) {
    while !ctx.is_stopping() {
        let well = ctx.guarded("answering log-ins", only(operators::answer_requests(&ctx))).await;
        let wait = if well { ANSWER_LOG_INS_EVERY } else { AFTER_FAILURE };
        let _ = tokio::time::timeout(wait, ctx.told_to_stop()).await;
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
        ctx.guarded("forgetting pages", only(refused_forms::forget(ctx))).await,
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

/// Reads the database file through from time to time; a large one less often, so that it costs half a percent at most.
async fn examining(ctx: Ctx) {
    while !ctx.is_stopping() {
        let began = Instant::now();
        tokio::select! {
            _ = ctx.guarded(held::EXAMINING, ctx.db.examine()) => {}
            () = ctx.told_to_stop() => return,
        }
        let rest = if ctx.db.is_examined() { EXAMINE_EVERY.max(began.elapsed() * 200) } else { AFTER_FAILURE };
        let _ = tokio::time::timeout(rest, ctx.told_to_stop()).await;
    }
}

/// Nothing leaves before the database file has been read through once: who has had what is not believed of a damaged one.
async fn examined(ctx: &Ctx) {
    while !ctx.is_stopping() && !ctx.db.is_examined() {
        let _ = tokio::time::timeout(LOOK_FOR_SOUNDNESS_EVERY, ctx.told_to_stop()).await;
    }
}

async fn sender(ctx: Ctx, mut line: Line, number: usize) {
    examined(&ctx).await;
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
                    info!("{}", report.tally);
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
