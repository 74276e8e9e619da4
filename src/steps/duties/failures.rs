//! What goes wrong in the daemon's own work, by name: since when, how often, and whether the log has heard of it. It is shown until it is
//! over.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::clock::{HOUR, MINUTE, Ts};
use crate::rules::sending::delivery::Failure;
use crate::rules::sending::standstill::Broken;

/// A row that could not be read is looked at again so late, and is shown a little longer.
pub const ROW_REST: i64 = HOUR;
const SHOWN: i64 = 2 * HOUR;
/// The log hears again of what lasts.
const SAID_AGAIN: i64 = HOUR;
/// A duty that has failed again and again for so long will not work again by itself: the program counts as not ready. One failure that nobody
/// has tried again says nothing.
const LASTS: i64 = 15 * MINUTE;
/// More are counted and not named.
const MOST: usize = 200;

/// How much of the program's work a failure stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// A whole duty.
    Duty,
    /// A duty for one round, or for the mail of the system: the others go on.
    Round,
    /// One row, or something that nobody waits for.
    Piece,
}

#[derive(Clone, Debug)]
pub struct Failing {
    /// "planning", "round acme-2027: asking for signatures", "contact 0192...".
    pub name: String,
    /// The sentence of the failure.
    pub what: String,
    pub since: Ts,
    pub last: Ts,
    pub reach: Reach,
    /// When the log last heard of it.
    logged: Ts,
}

/// Shared by everything that runs in this program.
#[derive(Clone, Debug, Default)]
pub struct Failures(Arc<Mutex<Record>>);

#[derive(Debug, Default)]
struct Record {
    by_name: BTreeMap<String, Failing>,
    /// What has worked since the start and has not failed since: of duties and rounds, whose names are few.
    worked: BTreeSet<String>,
    /// Since the program was started.
    failures: u64,
    /// Between us and the mail server, until a message is answered again.
    sending: Option<Broken>,
    last_left: Option<Ts>,
    /// When it last accepted one.
    accepted_at: Option<Ts>,
    /// The server has put a message off since it last accepted one.
    put_off: bool,
}

/// What the senders of this program have met.
pub struct Sending {
    /// What keeps mail from leaving.
    pub broken: Option<Broken>,
    /// When a message was last accepted, or this was first asked, or sending was let go on.
    pub last_left: Ts,
    /// When a message was last accepted, since this program was started.
    pub accepted_at: Option<Ts>,
    pub put_off: bool,
}

impl Failing {
    pub fn is_duty(&self) -> bool {
        self.reach == Reach::Duty
    }

    /// Whether it has failed again and again for so long that it will not work again by itself.
    pub fn lasts(&self) -> bool {
        self.last.since(self.since) >= LASTS
    }
}

impl Failures {
    fn known<T>(&self, with: impl FnOnce(&mut Record) -> T) -> T {
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
            accepted_at: known.accepted_at,
            put_off: known.put_off,
        })
    }

    /// The server did not even look at a message.
    pub(crate) fn sending_fails(&self, failure: &Failure, now: Ts) {
        self.known(|known| {
            let since = known.sending.as_ref().map_or(now, |broken| broken.since);
            known.sending = Some(Broken::new(failure, since));
        });
    }

    /// The server has accepted a message.
    pub(crate) fn sending_works(&self, now: Ts) {
        self.known(|known| {
            (known.sending, known.put_off) = (None, false);
            (known.last_left, known.accepted_at) = (Some(now), Some(now));
        });
    }

    /// What held all mail is lifted: nothing could leave before.
    pub(crate) fn sending_goes_on(&self, now: Ts) {
        self.known(|known| known.last_left = Some(now));
    }

    /// The server has answered to a message, and not accepted it.
    pub(crate) fn sending_is_answered(&self) {
        self.known(|known| (known.sending, known.put_off) = (None, true));
    }

    pub(super) fn is_known(&self, name: &str) -> bool {
        self.known(|known| known.by_name.contains_key(name))
    }

    /// Whether it has worked since the start, and has not failed since.
    pub fn has_worked(&self, name: &str) -> bool {
        self.known(|known| known.worked.contains(name))
    }

    /// It works. True when it had failed before.
    pub(super) fn ended(&self, name: &str, reach: Reach) -> bool {
        self.known(|known| {
            if reach != Reach::Piece && !known.worked.contains(name) {
                known.worked.insert(name.into());
            }
            known.by_name.remove(name).is_some()
        })
    }

    /// It has failed. True when the log is to hear of it.
    pub(super) fn note(&self, name: &str, what: String, reach: Reach, now: Ts) -> bool {
        self.known(|known| {
            known.failures += 1;
            known.worked.remove(name);
            if reach == Reach::Piece && known.by_name.len() >= MOST && !known.by_name.contains_key(name) {
                return true;
            }
            let new = Failing { name: name.into(), what: String::new(), since: now, last: now, reach, logged: now };
            let trouble = known.by_name.entry(name.into()).or_insert(new);
            let is_news = trouble.what != what || now.since(trouble.logged) >= SAID_AGAIN;
            (trouble.last, trouble.what) = (now, what);
            if is_news {
                trouble.logged = now;
            }
            is_news
        })
    }

    /// How often anything has failed since the start.
    pub fn count(&self) -> u64 {
        self.known(|known| known.failures)
    }
}
