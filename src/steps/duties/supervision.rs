//! Running the daemon's own work so that each failure stops only itself and is told in the log by its name. The log hears of it when it
//! begins, while it lasts once an hour, and when it is over: a disk stays full for a while.
//!
//! A duty that fails or panics is tried again; a round or a row that cannot be read is left out, and the others go on.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tracing::{Instrument, debug, error, info, info_span};

use crate::base::problem::{Kind, Problem, Result};
use crate::steps::context::Ctx;
use crate::steps::duties::failures::Reach;
use crate::store::{Readable, Unreadable};

impl Ctx {
    /// Runs one duty. An error or a panic of it is told, counted and shown, and stops nothing else. False when it failed.
    pub async fn guarded(&self, name: &str, work: impl Future<Output = Result<()>>) -> bool {
        let guarded = async {
            match unharmed(work).await {
                Ok(()) => {
                    self.works_again(name, Reach::Duty);
                    true
                }
                Err(problem) => {
                    self.failed(name, &problem, Reach::Duty);
                    false
                }
            }
        };
        guarded.instrument(info_span!("duty", name)).await
    }

    /// Something that nobody needs to wait for: it is told once, however often it fails, and again when it works.
    pub(crate) fn unhurried(&self, name: &str, done: Result<()>) {
        let known = self.failures.is_known(name);
        match done {
            Ok(()) => self.works_again(name, Reach::Piece),
            Err(problem) if !known => self.failed(name, &problem, Reach::Piece),
            Err(_) => {}
        }
    }

    /// One round or row of a duty: trouble of the database stops the duty, everything else only this one, by its name.
    pub(crate) fn alone<T>(&self, reach: Reach, name: &str, done: Result<T>) -> Result<Option<T>> {
        match done {
            Ok(done) => {
                self.works_again(name, reach);
                Ok(Some(done))
            }
            Err(problem) if problem.kind == Kind::Unavailable => Err(problem),
            Err(problem) => {
                self.failed(name, &problem, reach);
                Ok(None)
            }
        }
    }

    /// The rows that can be read. Those that cannot are named.
    pub(crate) fn readable<T>(&self, what: &str, read: Readable<T>) -> (Vec<T>, Vec<String>) {
        let mut ids = Vec::with_capacity(read.unreadable.len());
        for Unreadable { id, why } in read.unreadable {
            self.failed(
                &format!("{what} {id}"),
                &Problem::internal(format!("The row of this {what} cannot be read: {why}.")),
                Reach::Piece,
            );
            ids.push(id);
        }
        (read.rows, ids)
    }

    pub(crate) fn works_again(&self, name: &str, reach: Reach) {
        if self.failures.ended(name, reach) {
            info!("{name} works again");
        }
    }

    pub(crate) fn failed(&self, name: &str, problem: &Problem, reach: Reach) {
        self.db.heard(problem);
        let (now, what) = (self.clock.now(), problem.to_string());
        let is_news = self.failures.note(name, what, reach, now);
        if is_news {
            error!(cause = ?problem.cause, "{name} failed: {problem}");
        } else {
            debug!(cause = ?problem.cause, "{name} failed again: {problem}");
        }
    }
}

/// Runs it; a panic becomes a problem.
async fn unharmed(work: impl Future<Output = Result<()>>) -> Result<()> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|panic| Err(Problem::of_panic(panic.as_ref())))
}

#[cfg(test)]
#[path = "supervision_tests.rs"]
mod tests;
