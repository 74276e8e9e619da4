//! The outbound journal: an append-only file next to the daemon that knows what may have left, whatever becomes of the database.
//!
//! Before a final dot is written, its record is in the journal (on disk where the database's own commits are), and the database has the mark;
//! both are written at the same time. The groups of marks are counted on both sides. A database that does not know the last group has lost
//! commits: it was restored from a backup, or a replica without them took over. Then [`examine`] settles those messages as the journal says,
//! and nothing is sent until a person has confirmed it (F14, F27). So it is with a daemon that this database does not know: it may stand
//! before a copy.

mod against;
mod examine;
mod folder;
pub mod holds;
pub mod records;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::future::join;
use tracing::error;

use crate::base::clock::{DAY, MINUTE, Ts};
use crate::base::problem::{Kind, Problem, Result};
use crate::rules::sending::delivery::Outcome;
use crate::rules::sending::outbox::MessageState;
use crate::steps::context::Ctx;
use crate::store::sending::claim::{self, Fence, Settlement};
use crate::store::sending::senders;
use crate::store::sending::settle_and_mark::{Done, Group};

use self::folder::Folder;
use self::records::{Answered, Became, Dot, Record};

/// So long a file of the journal is kept: no backup that is restored is older.
const KEPT: i64 = 30 * DAY;

/// What is said to fail where the journal cannot be written.
const WRITING: &str = "writing the outbound journal";

pub struct Outbound {
    /// The name of this sender, for as long as its folder lasts.
    pub instance: String,
    folder: Mutex<Folder>,
    groups: tokio::sync::Mutex<Groups>,
    /// The last write failed: nothing is claimed until one succeeds (F13).
    full: AtomicBool,
}

struct Groups {
    /// The last one that the database has, as far as we know.
    committed: i64,
    /// The last number that was used.
    tried: i64,
    /// A group was begun of which we do not know how it ended.
    unsure: bool,
}

impl Outbound {
    /// Opens the journal in a folder and compares it with the database. `durable`: on disk before a dot is written.
    pub async fn open(ctx: &Ctx, path: &Path, durable: bool) -> Result<Outbound> {
        let fresh = ctx.ids.new_id(ctx.clock.now());
        let (mut folder, instance, keeper) = Folder::open(path, &fresh, durable)?;
        let marked = examine::at_the_start(ctx, path, &instance, &keeper).await?;
        folder.note(&Record::Opened { opened: instance.clone(), at: ctx.clock.now().0 });
        folder.write().map_err(|e| unwritten(&e.to_string()))?;
        Ok(Outbound {
            instance,
            folder: Mutex::new(folder),
            groups: tokio::sync::Mutex::new(Groups { committed: marked, tried: marked, unsure: false }),
            full: AtomicBool::new(false),
        })
    }

    /// Has these dots in the journal while `commit` has their marks in the database. Returns what it did once both are there.
    pub(in crate::steps) async fn with_dots<F>(
        &self,
        ctx: &Ctx,
        mut dots: Vec<Dot>,
        commit: impl FnOnce(Group) -> F,
    ) -> Result<Done>
    where
        F: Future<Output = Result<Done>>,
    {
        if let Some(damage) = ctx.db.damage() {
            return Err(Problem::refused(damage, ""));
        }
        let mut groups = self.groups.lock().await;
        if groups.unsure {
            self.make_sure(ctx, &mut groups).await?;
        }
        let group = Group { instance: self.instance.clone(), from: groups.committed, to: groups.tried + 1 };
        groups.tried = group.to;
        groups.unsure = true;
        dots.iter_mut().for_each(|dot| dot.group = group.to as u64);
        let to = group.to;
        let fences: Vec<(String, i64)> = dots.iter().map(|dot| (dot.dot.clone(), dot.n)).collect();
        let (written, committed) = join(self.write_dots(dots), commit(group)).await;
        let done = committed?;
        if !done.counted {
            return Ok(done);
        }
        (groups.committed, groups.unsure) = (to, false);
        for (id, n) in fences.iter().filter(|(id, _)| !done.marked.contains(id)) {
            self.not_sent(id, *n, ctx.clock.now());
        }
        let may_go = written.and_then(|()| self.write(&Record::Go { go: to as u64 }));
        match may_go {
            Ok(()) => Ok(done),
            Err(problem) => {
                self.full.store(true, Ordering::SeqCst);
                unmark(ctx, fences.into_iter().filter(|(id, _)| done.marked.contains(id)).collect()).await?;
                Err(problem)
            }
        }
    }

    /// Removes what is too old to be asked for.
    pub(in crate::steps) fn forget(&self, now: Ts) {
        let path = self.folder().path().to_owned();
        if let Err(e) = folder::forget_before(&path, now.plus(-KEPT)) {
            error!(cause = %e, "old files of the outbound journal cannot be removed");
        }
    }

    /// What became of a message; written with the next group, or by [`Outbound::flush`].
    pub(in crate::steps) fn answered(&self, fence: &Fence, outcome: &Outcome, at: i64) {
        let said = match outcome {
            Outcome::Delivered { answer } => answer,
            Outcome::TryLater { why, .. } | Outcome::GiveUp { why, .. } | Outcome::InDoubt { why } => why,
        };
        let became = Became::of(outcome);
        let said = said.chars().take(200).collect();
        self.folder().note(&Record::Answered(Answered {
            answered: fence.id.clone(),
            n: fence.attempt,
            became,
            said,
            at,
        }));
    }

    /// The ledger did not take the mark, so the dot in this group is not written.
    fn not_sent(&self, id: &str, n: i64, at: Ts) {
        self.folder().note(&Record::Answered(Answered {
            answered: id.into(),
            n,
            became: Became::NotSent,
            said: String::new(),
            at: at.0,
        }));
    }

    /// Writes what was only noted so far.
    pub(in crate::steps) fn flush(&self, ctx: &Ctx) {
        // The answers are known to the database; here they only make a later comparison more precise.
        match self.folder().write() {
            Ok(()) if !self.full.load(Ordering::SeqCst) => ctx.works_again(WRITING),
            Ok(()) => {}
            Err(e) => ctx.failed(WRITING, &unwritten(&e.to_string()), false),
        }
    }

    /// The run has ended in good order: what is in the journal the database has too.
    pub fn close(&self, now: Ts) {
        if let Err(problem) = self.write(&Record::Closed { closed: self.instance.clone(), at: now.0 }) {
            error!(cause = ?problem.cause, "the next start compares the whole journal: {problem}");
        }
    }

    /// Whether the journal can be written; after a failure it is tried again each time somebody asks.
    pub(in crate::steps) fn can_be_written(&self, ctx: &Ctx) -> bool {
        if !self.full.load(Ordering::SeqCst) {
            return true;
        }
        match self.write(&Record::Opened { opened: self.instance.clone(), at: ctx.clock.now().0 }) {
            Ok(()) => {
                self.full.store(false, Ordering::SeqCst);
                ctx.works_again(WRITING);
                true
            }
            Err(problem) => {
                ctx.failed(WRITING, &problem, false);
                false
            }
        }
    }

    async fn make_sure(&self, ctx: &Ctx, groups: &mut Groups) -> Result<()> {
        let instance = self.instance.clone();
        // In the writer, behind whatever was begun before.
        let (known, held) = ctx
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let known = senders::by_instance(tx, &instance).await?.map_or(0, |s| s.marked);
                    Ok((known, senders::is_held(tx, &instance).await?))
                })
            })
            .await?;
        if (groups.committed..=groups.tried).contains(&known) {
            groups.committed = known;
            groups.unsure = false;
        } else {
            self.flush(ctx);
            let path = self.folder().path().to_owned();
            let tried = groups.tried;
            groups.committed = examine::behind(ctx, &path, &self.instance, known, tried).await?;
            groups.unsure = false;
            return Err(held_back());
        }
        if held { Err(held_back()) } else { Ok(()) }
    }

    async fn write_dots(&self, dots: Vec<Dot>) -> Result<()> {
        let on_disk = {
            let mut folder = self.folder();
            dots.into_iter().for_each(|dot| folder.note(&Record::Dot(dot)));
            folder.write().map_err(|e| unwritten(&e.to_string()))?;
            if folder.durable { Some(folder.handle().map_err(|e| unwritten(&e.to_string()))?) } else { None }
        };
        match on_disk {
            None => Ok(()),
            Some(file) => match tokio::task::spawn_blocking(move || file.sync_data()).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(e)) => Err(unwritten(&e.to_string())),
                Err(e) => Err(unwritten(&e.to_string())),
            },
        }
    }

    fn write(&self, record: &Record) -> Result<()> {
        let mut folder = self.folder();
        folder.note(record);
        folder.write().map_err(|e| unwritten(&e.to_string()))
    }

    fn folder(&self) -> MutexGuard<'_, Folder> {
        self.folder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Messages that were marked but whose dots were not written, because the journal could not be: they go when it can.
async fn unmark(ctx: &Ctx, fences: Vec<(String, i64)>) -> Result<()> {
    let later = ctx.clock.now().plus(MINUTE);
    let c = ctx.clone();
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let back = fences.into_iter().map(|(id, attempt)| Settlement {
                    fence: super::delivery::fence(&c, &id, attempt),
                    state: MessageState::Planned,
                    due_at: Some(later.0),
                    reason: "deferred".into(),
                    answer: "The outbound journal could not be written.".into(),
                });
                claim::settle(tx, &back.collect::<Vec<_>>(), c.clock.now()).await.map(|_| ())
            })
        })
        .await
}

fn unwritten(cause: &str) -> Problem {
    Problem::new(
        Kind::Unavailable,
        "The outbound journal cannot be written, so no message may leave.",
        "Make room on its disk, or name a folder that can be written in outbound_journal; sending goes on by itself.",
    )
    .because(cause.to_string())
}

fn held_back() -> Problem {
    Problem::refused(
        "Sending is held until somebody has confirmed what this database does not know.",
        "The console's page /sending and the command `sending show` say what it is; `sending resume` goes on.",
    )
}
