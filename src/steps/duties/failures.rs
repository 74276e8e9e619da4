//! What goes wrong in the daemon's own work: each failure stops only itself, is told in the log by its name, and is shown until it is over. The log
//! hears of it when it begins, while it lasts once an hour, and when it is over: a disk stays full for a while.
//!
//! A duty that fails or panics is tried again; a round or a row that cannot be read is left out, and the others go on.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use tracing::{debug, error, info};

use crate::base::clock::{HOUR, Ts};
use crate::base::problem::{Kind, Problem, Result};
use crate::rules::sending::delivery::Failure;
use crate::rules::sending::standstill::Broken;
use crate::steps::context::Ctx;
use crate::store::{Readable, Unreadable};

/// A row that could not be read is looked at again so late, and is shown a little longer.
pub const ROW_REST: i64 = HOUR;
const SHOWN: i64 = 2 * HOUR;
/// The log hears again of what lasts.
const SAID_AGAIN: i64 = HOUR;
/// More are counted and not named.
const MOST: usize = 200;

#[derive(Clone, Debug)]
pub struct Failing {
    /// "planning", "round acme-2027: asking for signatures", "contact 0192...".
    pub name: String,
    /// The sentence of the failure.
    pub what: String,
    pub since: Ts,
    pub last: Ts,
    /// A duty of the program, not one round or row of it.
    pub is_duty: bool,
    /// When the log last heard of it.
    logged: Ts,
}

/// Shared by everything that runs in this program.
#[derive(Clone, Debug, Default)]
pub struct Failures(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    by_name: BTreeMap<String, Failing>,
    /// Since the program was started.
    failures: u64,
    /// Between us and the mail server, until a message is answered again.
    sending: Option<Broken>,
    last_left: Option<Ts>,
    /// The server has put a message off since it last accepted one.
    put_off: bool,
}

/// What the senders of this program have met.
pub struct Sending {
    /// What keeps mail from leaving.
    pub broken: Option<Broken>,
    /// When a message was last accepted, or this was first asked.
    pub last_left: Ts,
    pub put_off: bool,
}

impl Failures {
    fn known<T>(&self, with: impl FnOnce(&mut Known) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is wrong now, by name.
    pub fn now(&self, now: Ts) -> Vec<Failing> {
        self.known(|known| {
            known.by_name.retain(|_, trouble| now.since(trouble.last) <= SHOWN);
            known.by_name.values().cloned().collect()
        })
    }

    /// When this failed last, as far as it still is said.
    pub fn last(&self, name: &str) -> Option<Ts> {
        self.known(|known| known.by_name.get(name).map(|trouble| trouble.last))
    }

    pub fn sending(&self, now: Ts) -> Sending {
        self.known(|known| Sending {
            broken: known.sending.clone(),
            last_left: *known.last_left.get_or_insert(now),
            put_off: known.put_off,
        })
    }

    /// The server did not even look at a message.
    pub(in crate::steps) fn sending_fails(&self, failure: &Failure, now: Ts) {
        self.known(|known| {
            let since = known.sending.as_ref().map_or(now, |broken| broken.since);
            known.sending = Some(Broken::new(failure, since));
        });
    }

    /// The server has accepted a message.
    pub(in crate::steps) fn sending_works(&self, now: Ts) {
        self.known(|known| (known.sending, known.last_left, known.put_off) = (None, Some(now), false));
    }

    /// The server has answered to a message, and not accepted it.
    pub(in crate::steps) fn sending_is_answered(&self) {
        self.known(|known| (known.sending, known.put_off) = (None, true));
    }

    /// How often anything has failed since the start.
    pub fn count(&self) -> u64 {
        self.known(|known| known.failures)
    }
}

impl Ctx {
    /// Runs one duty. An error or a panic of it is told, counted and shown, and stops nothing else. False when it failed.
    pub async fn guarded(&self, name: &str, work: impl Future<Output = Result<()>>) -> bool {
        match unharmed(work).await {
            Ok(()) => {
                self.works_again(name);
                true
            }
            Err(problem) => {
                self.failed(name, &problem, true);
                false
            }
        }
    }

    /// Something that nobody needs to wait for: it is told once, however often it fails, and again when it works.
    pub(in crate::steps) fn unhurried(&self, name: &str, done: Result<()>) {
        let known = self.failures.known(|known| known.by_name.contains_key(name));
        match done {
            Ok(()) => self.works_again(name),
            Err(problem) if !known => self.failed(name, &problem, false),
            Err(_) => {}
        }
    }

    /// One round or row of a duty: trouble of the database stops the duty, everything else only this one, by its name.
    pub(in crate::steps) fn alone<T>(&self, name: &str, done: Result<T>) -> Result<Option<T>> {
        match done {
            Ok(done) => {
                self.works_again(name);
                Ok(Some(done))
            }
            Err(problem) if problem.kind == Kind::Unavailable => Err(problem),
            Err(problem) => {
                self.failed(name, &problem, false);
                Ok(None)
            }
        }
    }

    /// The rows that can be read. Those that cannot are named.
    pub(in crate::steps) fn readable<T>(&self, what: &str, read: Readable<T>) -> (Vec<T>, Vec<String>) {
        let mut ids = Vec::with_capacity(read.unreadable.len());
        for Unreadable { id, why } in read.unreadable {
            self.failed(
                &format!("{what} {id}"),
                &Problem::internal(format!("The row of this {what} cannot be read: {why}.")),
                false,
            );
            ids.push(id);
        }
        (read.rows, ids)
    }

    pub(in crate::steps) fn works_again(&self, name: &str) {
        if self.failures.known(|known| known.by_name.remove(name)).is_some() {
            info!("{name} works again");
        }
    }

    pub(in crate::steps) fn failed(&self, name: &str, problem: &Problem, is_duty: bool) {
        self.db.heard(problem);
        let (now, what) = (self.clock.now(), problem.to_string());
        let is_news = self.failures.known(|known| {
            known.failures += 1;
            if known.by_name.len() >= MOST && !known.by_name.contains_key(name) {
                return true;
            }
            let new = Failing { name: name.into(), what: String::new(), since: now, last: now, is_duty, logged: now };
            let trouble = known.by_name.entry(name.into()).or_insert(new);
            let is_news = trouble.what != what || now.since(trouble.logged) >= SAID_AGAIN;
            (trouble.last, trouble.what) = (now, what);
            if is_news {
                trouble.logged = now;
            }
            is_news
        });
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
#[path = "failures_tests.rs"]
mod tests;
