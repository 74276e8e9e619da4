//! The loops of the daemon, one for each duty of the table (`steps::duties::list`) or for those that are done in turn. A duty that fails is
//! told in the log and tried again; nothing one loop does can stop another, and a loop that ends before its time is told for as long as it
//! is gone.

use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::task::{Id, JoinSet};
use tracing::info;

use crate::base::clock::MINUTE;
use crate::base::problem::{Problem, Result};
use crate::config::Settings;
use crate::handover::Scoring;
use crate::mail::mailbox::lmtp::{self, Listener};
use crate::rules::change::{Change, Stage};
use crate::steps::audit::chain;
use crate::steps::duties::list::{DUTIES, SENDING, Step, Work};
use crate::steps::sending::delivery::{self, Line};
use crate::steps::sending::gateways;
use crate::steps::sending::outbound::holds;
use crate::steps::{Ctx, handover, replies};
use crate::store::ChangeListener;

/// Without a change: what is due by the clock alone.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Between two looks of one loop, and as long as the look itself took: while much changes, it looks at many changes together.
const LOOK_AT_MOST_EVERY: Duration = Duration::from_millis(200);
/// Until it was read through for the first time.
const LOOK_FOR_SOUNDNESS_EVERY: Duration = Duration::from_millis(50);
/// After a failure, before the next try.
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// That a loop has ended is said again.
const GONE_EVERY: Duration = Duration::from_mins(1);

/// Starts all loops. They end, in good order, after [`Ctx::stop`]. `door`: where mails that come back are handed over.
pub fn start(ctx: &Ctx, settings: &Settings, scoring: Scoring, mut door: Option<Listener>) -> Loops {
    let mut loops = Loops::new(ctx);
    let mut in_turn: Vec<(&'static str, Step)> = Vec::new();
    for duty in &DUTIES {
        let (name, ctx) = (duty.name, ctx.clone());
        match duty.work {
            Work::InTurn(step, _) => in_turn.push((name, step)),
            Work::AtChanges(step, _) => loops.spawn(name, at_changes(ctx, vec![(name, step)])),
            Work::Every(rest, step) => loops.spawn(name, by_time(ctx, name, rest, step)),
            Work::Send(_) => {
                for (number, line) in delivery::lines(&settings.smtp).into_iter().enumerate() {
                    loops.spawn(name, sender(ctx.clone(), line, number + 1));
                }
            }
            Work::HandOver(_) => loops.spawn(name, handing_over(ctx, name, scoring.clone())),
            Work::FindGateways(rest) if settings.pace.enabled && settings.pace.resolve => {
                loops.spawn(name, by_time(ctx, name, rest, |ctx| Box::pin(gateways::find(ctx))));
            }
            Work::FindGateways(_) => {}
            Work::Watch(rest) => loops.spawn(name, watching(ctx, name, rest)),
            Work::Remember(rest) => loops.spawn(name, remembering(ctx, name, rest, settings.seen_path())),
            Work::Examine(rest) => loops.spawn(name, examining(ctx, name, rest)),
            Work::ReadMailbox if settings.replies.imap_host.is_some() => {
                loops.spawn(name, replies::read_on(ctx, name, settings.replies.clone()));
            }
            Work::ReadMailbox => {}
            Work::TakeMails => {
                if let (Some(door), Some(address)) = (door.take(), ctx.replies.clone()) {
                    let taking =
                        async move { lmtp::serve(door, address, replies::keep(&ctx, name), ctx.told_to_stop()).await };
                    loops.spawn(name, taking);
                }
            }
        }
    }
    loops.spawn("what is done in turn", at_changes(ctx.clone(), in_turn));
    loops
}

/// The loops that run, by what they do.
pub struct Loops {
    ctx: Ctx,
    running: JoinSet<()>,
    names: HashMap<Id, &'static str>,
}

impl Loops {
    fn new(ctx: &Ctx) -> Loops {
        Loops { ctx: ctx.clone(), running: JoinSet::new(), names: HashMap::new() }
    }

    fn spawn(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let ctx = self.ctx.clone();
        let watched = async move {
            let ended = AssertUnwindSafe(work).catch_unwind().await;
            let why = ended.err().map(|panic| Problem::of_panic(panic.as_ref()));
            // Only a stop ends a loop. Without it the program is not whole, and whoever watches it is told so until it is started again.
            while !ctx.is_stopping() {
                let gone = Problem::internal("This duty has ended and is not done any more. Restart soundings.");
                let gone = match &why {
                    Some(why) => gone.because(why.to_string()),
                    None => gone,
                };
                ctx.guarded(name, async { Err(gone) }).await;
                let _ = tokio::time::timeout(GONE_EVERY, ctx.told_to_stop()).await;
            }
        };
        let id = self.running.spawn(watched).id();
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

/// Whether it went well is all that a loop asks.
async fn only<T>(work: impl Future<Output = Result<T>>) -> Result<()> {
    work.await.map(|_| ())
}

/// Each of these in turn; one that fails keeps none of the others.
async fn at_changes(ctx: Ctx, steps: Vec<(&'static str, Step)>) {
    every(ctx, |ctx| {
        let steps = steps.clone();
        async move {
            let mut well = true;
            for (name, step) in steps {
                well &= ctx.guarded(name, only(step(&ctx))).await;
            }
            well
        }
    })
    .await;
}

async fn handing_over(ctx: Ctx, name: &'static str, scoring: Scoring) {
    every(ctx, |ctx| {
        let scoring = scoring.clone();
        async move { ctx.guarded(name, only(handover::deliver(&ctx, &scoring))).await }
    })
    .await;
}

/// After every change and every few seconds; `work` says whether all went well.
async fn every<F: Future<Output = bool>>(ctx: Ctx, work: impl Fn(Ctx) -> F) {
    let mut changes = ctx.changes();
    while !ctx.is_stopping() {
        changes.forget();
        let began = Instant::now();
        if work(ctx.clone()).await {
            let worked = began.elapsed();
            until_a_change(&ctx, &mut changes, is_news, began, LOOK_AT_MOST_EVERY.max(worked * 2)).await;
        } else {
            pause(&ctx, AFTER_FAILURE).await;
        }
    }
}

/// Sending alone makes nothing due that cannot wait for the next look, and it writes many times a second: whoever is not a sender leaves its
/// commits alone.
fn is_news(change: &Change) -> bool {
    change.stage != Stage::Sending
}

/// Until something of interest has changed or its time has come; and until so long after it began.
async fn until_a_change(
    ctx: &Ctx,
    changes: &mut ChangeListener,
    of_interest: fn(&Change) -> bool,
    began: Instant,
    at_least: Duration,
) {
    let heard = async { while !changes.heard().await.concerns(of_interest) {} };
    let _ = tokio::time::timeout(LOOK_EVERY, heard).await;
    let left = at_least.saturating_sub(began.elapsed());
    if !left.is_zero() {
        pause(ctx, left).await;
    }
}

/// After a failure no change ends the pause: what has failed may have changed something itself, and would be tried without end.
async fn pause(ctx: &Ctx, time: Duration) {
    let _ = tokio::time::timeout(time, ctx.told_to_stop()).await;
}

async fn by_time(ctx: Ctx, name: &'static str, rest: Duration, step: Step) {
    while !ctx.is_stopping() {
        let well = ctx.guarded(name, only(step(&ctx))).await;
        let rest = if well { rest } else { rest.max(AFTER_FAILURE) };
        let _ = tokio::time::timeout(rest, ctx.told_to_stop()).await;
    }
}

/// Tells the other senders of this database that this one is alive.
async fn watching(ctx: Ctx, name: &'static str, rest: Duration) {
    let mut seen = holds::Watch::default();
    while !ctx.is_stopping() {
        ctx.guarded(name, only(holds::look_after(&ctx, &mut seen))).await;
        let _ = tokio::time::timeout(rest, ctx.told_to_stop()).await;
    }
}

async fn remembering(ctx: Ctx, name: &'static str, rest: Duration, seen_file: PathBuf) {
    while !ctx.is_stopping() {
        ctx.guarded(name, only(chain::remember(&ctx, &seen_file))).await;
        let _ = tokio::time::timeout(rest, ctx.told_to_stop()).await;
    }
}

/// A large file is read through less often, so that it costs half a percent at most.
async fn examining(ctx: Ctx, name: &'static str, rest: Duration) {
    while !ctx.is_stopping() {
        let began = Instant::now();
        tokio::select! {
            _ = ctx.guarded(name, ctx.db.examine()) => {}
            () = ctx.told_to_stop() => return,
        }
        let rest = if ctx.db.is_examined() { rest.max(began.elapsed() * 200) } else { AFTER_FAILURE };
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
    let name = format!("{SENDING}, line {number}");
    let mut changes = ctx.changes();
    while !ctx.is_stopping() {
        changes.forget();
        let began = Instant::now();
        let mut report = None;
        let well = ctx.guarded(&name, async { line.drain(&ctx).await.map(|done| report = Some(done)) }).await;
        if !well {
            // Half a conversation is not gone on with.
            line.hang_up();
        }
        match report {
            Some(report) if report.trouble.is_some() => pause(&ctx, Duration::from_millis(MINUTE as u64)).await,
            Some(report) => {
                if report.settled > 0 {
                    info!("{}", report.tally);
                }
                until_a_change(&ctx, &mut changes, |_| true, began, LOOK_AT_MOST_EVERY).await;
            }
            None => pause(&ctx, AFTER_FAILURE).await,
        }
    }
    line.close().await;
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::net::TcpListener;

    use crate::base::address::EmailAddress;
    use crate::base::clock::{Clock, Ts};
    use crate::base::ids::Ids;
    use crate::base::seal::SecretKey;
    use crate::config::SmtpSettings;
    use crate::rules::journal::Actor;
    use crate::steps::duties::failures::Failing;
    use crate::steps::installation::operators::{self, AddOperator, AskForLink};
    use crate::store::Db;

    use super::*;

    async fn installation() -> (Ctx, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("t.db").display()), "off").await.unwrap();
        let ids = Ids::seeded(1);
        let key = SecretKey::draw(&ids);
        (Ctx::new(db, Clock::hand(Ts(0)), ids, key, "http://127.0.0.1"), folder)
    }

    async fn add_operator(ctx: &Ctx, n: usize) -> EmailAddress {
        let email = EmailAddress::parse(&format!("operator-{n}@client.example")).unwrap();
        ctx.order(&Actor::CommandLine, AddOperator { email: email.clone() }).await.unwrap();
        email
    }

    /// A duty that writes and fails hears its own commit; it rests all the same. One that works looks again.
    #[tokio::test]
    async fn what_fails_is_not_tried_again_because_it_has_written() {
        let (ctx, _folder) = installation().await;
        for (works, tries) in [(false, 1..2), (true, 2..9)] {
            let begun = AtomicUsize::new(0);
            let looping = every(ctx.clone(), |ctx| {
                let n = begun.fetch_add(1, Ordering::SeqCst) + if works { 1_000 } else { 0 };
                async move {
                    add_operator(&ctx, n).await;
                    works
                }
            });
            let _ = tokio::time::timeout(Duration::from_millis(1_500), looping).await;
            assert!(tries.contains(&begun.load(Ordering::SeqCst)), "{begun:?} when it works: {works}");
        }
    }

    /// More is due than one line claims at once, and the server hangs up: the line rests its minute.
    #[tokio::test]
    async fn a_line_in_trouble_rests_although_it_gives_messages_back() {
        let (ctx, _folder) = installation().await;
        for n in 0..40 {
            let email = add_operator(&ctx, n).await;
            ctx.order(&Actor::Visitor, AskForLink { email }).await.unwrap();
        }
        while operators::answer_requests(&ctx).await.unwrap() > 0 {}
        ctx.db.examine().await.unwrap();
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let smtp =
            SmtpSettings { port: server.local_addr().unwrap().port(), connections: 1, ..SmtpSettings::default() };
        let line = delivery::lines(&smtp).remove(0);
        let sending = tokio::spawn(sender(ctx.clone(), line, 1));
        drop(tokio::time::timeout(Duration::from_secs(20), server.accept()).await.unwrap().unwrap());
        let again = tokio::time::timeout(Duration::from_millis(1_500), server.accept()).await;
        assert!(again.is_err(), "it comes again at once");
        ctx.stop();
        tokio::time::timeout(Duration::from_secs(10), sending).await.unwrap().unwrap();
    }

    /// A loop that panics or ends by itself is a failing duty for as long as the program runs; one that ends at a stop is none.
    #[tokio::test]
    async fn a_loop_that_has_ended_is_told() {
        let (ctx, _folder) = installation().await;
        let mut loops = Loops::new(&ctx);
        loops.spawn("ends", async {});
        loops.spawn("panics", async { unreachable!("a loop that panics") });
        let waits = ctx.clone();
        loops.spawn("waits", async move { waits.told_to_stop().await });
        let failing = || ctx.failures.now(ctx.clock.now()).into_iter().filter(Failing::is_duty).map(|f| f.name);
        while failing().count() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(failing().collect::<Vec<_>>(), ["ends", "panics"]);
        ctx.stop();
        assert!(loops.end(Duration::from_secs(5)).await.is_empty());
    }
}
