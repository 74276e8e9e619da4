//! The outbound journal of this run: what is written into its file, and in which groups. What it has to do with the database: `groups`.

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::error;

use crate::base::clock::{DAY, Ts};
use crate::base::ids::MessageId;
use crate::base::problem::{Kind, Problem, Result};
use crate::rules::sending::delivery::Outcome;
use crate::store::sending::claim::Fence;

use super::folder::{self, Folder};
use super::records::{Answered, Became, Dot, Record};

/// So long a file of the journal is kept: no backup that is restored is older.
const KEPT: i64 = 30 * DAY;

pub struct Outbound {
    /// The name of this sender, for as long as its folder lasts.
    pub instance: String,
    folder: Mutex<Folder>,
    pub(super) groups: tokio::sync::Mutex<Groups>,
    /// The last write failed: nothing is claimed until one succeeds (F13).
    pub(super) full: AtomicBool,
}

/// Groups of marks, as they were counted here and in the database.
pub(super) struct Groups {
    /// The last one that the database has, as far as we know.
    pub committed: i64,
    /// The last number that was used.
    pub tried: i64,
    /// A group was begun of which we do not know how it ended.
    pub unsure: bool,
}

impl Outbound {
    /// The journal in this folder; `marked` is the last group that the database has.
    pub(super) fn begin(instance: String, folder: Folder, marked: i64) -> Outbound {
        Outbound {
            instance,
            folder: Mutex::new(folder),
            groups: tokio::sync::Mutex::new(Groups { committed: marked, tried: marked, unsure: false }),
            full: AtomicBool::new(false),
        }
    }

    /// Removes what is too old to be asked for.
    pub(crate) fn forget(&self, now: Ts) {
        let path = self.folder().path().to_owned();
        if let Err(e) = folder::forget_before(&path, now.plus(-KEPT)) {
            error!(cause = %e, "old files of the outbound journal cannot be removed");
        }
    }

    /// What became of a message; written with the next group, or by [`Outbound::flush`].
    pub(crate) fn answered(&self, fence: &Fence, outcome: &Outcome, at: i64) {
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
    pub(super) fn not_sent(&self, id: &MessageId, n: i64, at: Ts) {
        self.folder().note(&Record::Answered(Answered {
            answered: id.clone(),
            n,
            became: Became::NotSent,
            said: String::new(),
            at: at.0,
        }));
    }

    /// The run has ended in good order: what is in the journal the database has too.
    pub fn close(&self, now: Ts) {
        if let Err(problem) = self.write(&Record::Closed { closed: self.instance.clone(), at: now.0 }) {
            error!(cause = ?problem.cause, "the next start compares the whole journal: {problem}");
        }
    }

    pub(super) async fn write_dots(&self, dots: Vec<Dot>) -> Result<()> {
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

    pub(super) fn write(&self, record: &Record) -> Result<()> {
        let mut folder = self.folder();
        folder.note(record);
        folder.write().map_err(|e| unwritten(&e.to_string()))
    }

    pub(super) fn folder(&self) -> MutexGuard<'_, Folder> {
        self.folder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn unwritten(cause: &str) -> Problem {
    Problem::new(
        Kind::Unavailable,
        "The outbound journal cannot be written, so no message may leave.",
        "Make room on its disk, or name a folder that can be written in outbound_journal; sending goes on by itself.",
    )
    .because(cause.to_string())
}
