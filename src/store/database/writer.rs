//! One writer that commits whatever has come in since its last commit.
//!
//! Every piece of work runs in a savepoint of its own: what fails takes nothing else with it, and nobody hears "done"
//! before the commit that holds his work is on disk. Many small writes share one commit, so durability costs one
//! `fsync` for all that wait, not one each (docs/decisions/0002).
//!
//! Writers of several daemons take turns, on SQLite by its nature and on PostgreSQL by a lock: the counters are rows that
//! almost every change touches, and batches that touch them in different orders would deadlock. It also makes the instants
//! that a piece of work reads follow the order of commits.

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{debug, error, info};

use crate::base::problem::{Kind, Problem, Result};
use crate::rules::change::Change;

use super::changes;
use super::events::{Events, News};
use super::pools::Pools;
use super::tx::Tx;

/// What a piece of work is: a future on the transaction it was given.
pub type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 't>>;

/// Tells the one who waits how it went, once the commit is through (or has failed).
type Announce = Box<dyn FnOnce(Option<Problem>) + Send>;
/// Runs the work; says what keeps it from being kept, if anything, and how to announce it.
type Job = Box<
    dyn for<'t> FnOnce(&'t mut Tx) -> Pin<Box<dyn Future<Output = (Option<Problem>, Announce)> + Send + 't>> + Send,
>;

/// The advisory lock of PostgreSQL that writers of several daemons take in turn.
const TURN: i64 = 0x0073_6f75_6e64_696e;

/// As many as share a commit at most, so that the first does not wait for an endless queue behind it.
const LARGEST_BATCH: usize = 256;

/// Each waits as long as the database's own time-out, ten seconds.
pub(crate) const MOST_TRIES: u32 = 6;

#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    /// Why the last commit failed; none when it did not.
    trouble: watch::Receiver<Option<String>>,
}

impl Writer {
    pub(crate) fn start(pool: Pools, events: Events) -> Writer {
        let (jobs, inbox) = mpsc::channel(LARGEST_BATCH);
        let (tell, trouble) = watch::channel(None);
        tokio::spawn(write_all(pool, inbox, tell, events));
        Writer { jobs, trouble }
    }

    /// Why the last commit failed, until one succeeds.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.borrow().clone()
    }

    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Work<'t, T> + Send + 'static,
    {
        let (tell, told) = oneshot::channel::<Result<T>>();
        let job: Job = Box::new(move |tx| {
            Box::pin(async move {
                // A mistake in one piece of work is that piece's error, and the writer goes on.
                let done = AssertUnwindSafe(async { work(tx).await }).catch_unwind().await;
                let result = done.unwrap_or_else(|panic| {
                    let problem = Problem::of_panic(panic.as_ref());
                    error!(cause = ?problem.cause, "a piece of work panicked; nothing of it was written");
                    Err(problem)
                });
                let failed = result.as_ref().err().map(again);
                let announce: Announce = Box::new(move |problem| {
                    // Nobody may be waiting any more: a sender that was stopped. The commit stands all the same.
                    let _ = tell.send(problem.map_or(result, Err));
                });
                (failed, announce)
            })
        });
        self.jobs.send(job).await.map_err(|_| stopped())?;
        told.await.map_err(|_| no_turn())?
    }
}

fn stopped() -> Problem {
    Problem::new(
        Kind::Unavailable,
        "The database writer has stopped.",
        "Restart soundings; nothing that was confirmed is lost.",
    )
}

fn no_turn() -> Problem {
    Problem::new(
        Kind::Unavailable,
        "The database was busy for too long, so nothing was written.",
        "Try again in a minute. `doctor` tells more.",
    )
}

async fn write_all(pool: Pools, mut inbox: mpsc::Receiver<Job>, tell: watch::Sender<Option<String>>, events: Events) {
    while let Some(first) = inbox.recv().await {
        let mut batch = vec![first];
        while batch.len() < LARGEST_BATCH
            && let Ok(job) = inbox.try_recv()
        {
            batch.push(job);
        }
        let mut announces = Vec::with_capacity(batch.len());
        let outcome = match pool.acquire().await {
            Ok(mut tx) => match begin(&mut tx).await {
                Ok(()) => commit(&mut tx, batch, &mut announces).await,
                Err(problem) => Err(problem),
            },
            // Jobs that are dropped unannounced tell those who wait that their turn did not come.
            Err(problem) => Err(problem),
        };
        let failure = match outcome {
            // Whoever hears "done" finds that it has been told.
            Ok(Some((seq, changes))) => {
                events.committed(seq, changes);
                None
            }
            Ok(None) => None,
            Err(problem) => {
                if problem.may_be_saved {
                    events.tell(News::Everything);
                }
                Some(problem)
            }
        };
        let now = failure.as_ref().map(ToString::to_string);
        let before = tell.send_replace(now.clone());
        match &failure {
            // A disk that is full stays so for a while: the log hears of it once.
            Some(problem) if before == now => debug!(cause = ?problem.cause, "a commit failed again: {problem}"),
            Some(problem) => error!(cause = ?problem.cause, "a commit failed: {problem}"),
            None if before.is_some() => info!("what is written is kept again"),
            None => {}
        }
        for announce in announces {
            announce(failure.as_ref().map(again));
        }
    }
}

/// The same, for one more listener; the cause is in the log.
fn again(problem: &Problem) -> Problem {
    Problem {
        may_be_saved: problem.may_be_saved,
        ..Problem::new(problem.kind, problem.what.clone(), problem.next.clone())
    }
}

/// Waits for our turn. SQLite gives no turns: a writer beside one that never pauses can miss its chance for the whole of its time-out, so
/// it asks again.
async fn begin(tx: &mut Tx) -> Result<()> {
    let mut tries = 0;
    loop {
        let begun = match tx {
            // IMMEDIATE: a transaction that reads first and writes later would otherwise fail when a second process wrote between.
            Tx::Sqlite(_) => run!(tx, "BEGIN IMMEDIATE"),
            Tx::Postgres(_) => run!(tx, "BEGIN"),
        };
        tries += 1;
        match begun {
            Ok(_) => break,
            Err(_) if tries < MOST_TRIES => {}
            Err(problem) => return Err(problem),
        }
    }
    if let Tx::Postgres(_) = tx {
        run!(tx, "SELECT pg_advisory_xact_lock($1)", TURN)?;
    }
    Ok(())
}

/// What a commit has changed, under its number; none when it has changed nothing that anybody listens to.
type Committed = Option<(i64, BTreeSet<Change>)>;

async fn commit(tx: &mut Tx, batch: Vec<Job>, announces: &mut Vec<Announce>) -> Result<Committed> {
    let outcome = run_all(tx, batch, announces).await;
    if outcome.is_err()
        && let Err(problem) = run!(tx, "ROLLBACK")
    {
        // A database in trouble may have undone everything by itself: what it said first is the reason.
        debug!(cause = ?problem.cause, "nothing was left to undo");
    }
    outcome
}

async fn run_all(tx: &mut Tx, batch: Vec<Job>, announces: &mut Vec<Announce>) -> Result<Committed> {
    let alone = batch.len() == 1;
    let mut all = BTreeSet::new();
    for job in batch {
        if !alone {
            run!(tx, "SAVEPOINT work")?;
        }
        let (failed, announce) = job(tx).await;
        let changes = tx.marks().take();
        announces.push(announce);
        match (failed, alone) {
            (None, true) => all = changes,
            (None, false) => {
                run!(tx, "RELEASE SAVEPOINT work")?;
                all.extend(changes);
            }
            // The database itself is in trouble: nothing of the batch can be trusted to be there.
            (Some(problem), _) if problem.kind == Kind::Unavailable => return Err(problem),
            (Some(_), true) => return run!(tx, "ROLLBACK").map(|_| None),
            (Some(_), false) => {
                run!(tx, "ROLLBACK TO SAVEPOINT work")?;
                run!(tx, "RELEASE SAVEPOINT work")?;
            }
        }
    }
    // Once for all that commit together: what is marked costs a send no statement of its own.
    let committed = if all.is_empty() { None } else { Some((changes::write(tx, &all).await?, all)) };
    run!(tx, "COMMIT").map(|_| committed).map_err(|problem| may_be_saved(tx, problem))
}

/// A server that stops answering while it commits may have committed. SQLite says what it did.
fn may_be_saved(tx: &Tx, problem: Problem) -> Problem {
    match tx {
        Tx::Postgres(_) if problem.kind == Kind::Unavailable => Problem {
            what: "The database stopped answering while it saved this. It may have been saved.".into(),
            next: "Look again before you repeat it. `doctor` tells more.".into(),
            may_be_saved: true,
            ..problem
        },
        _ => problem,
    }
}
