//! Pages that stay open and are told when something of their round has changed: how many there are, and the one task that looks for all of
//! them what has.
//!
//! While nobody has such a page open, nothing is looked at. With many open they are told one after the other and less often, so that what
//! they ask for then stays within what this program can answer.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::base::ids::RoundId;
use crate::rules::change::Latest;
use crate::steps::Ctx;
use crate::store::ChangeListener;

/// How many pages are told, and when.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Pages at once.
    pub most: usize,
    /// Between two looks at what has changed, for all pages together.
    pub looks: Duration,
    /// Between two pages that are told of one change, and for each open page between two changes of which it is told.
    pub apart: Duration,
    /// Between two looks whether a session lasts.
    pub sessions: Duration,
    /// A page that has heard nothing for so long is let go.
    pub quiet: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            most: 400,
            looks: Duration::from_millis(500),
            apart: Duration::from_millis(50),
            sessions: Duration::from_secs(30),
            quiet: Duration::from_mins(10),
        }
    }
}

/// After a look that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

pub struct OpenPages {
    pub pace: Pace,
    inside: Mutex<Inside>,
    /// None before the first look.
    latest: watch::Sender<Option<Latest>>,
}

#[derive(Default)]
struct Inside {
    places: BTreeSet<usize>,
    /// Somebody looks for them.
    is_watched: bool,
}

/// The place of one page; free again when dropped.
pub struct Place {
    number: usize,
    latest: watch::Receiver<Option<Latest>>,
    pages: Arc<OpenPages>,
}

/// What a page is told from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Of the commit that has changed its round last.
    pub number: i64,
    /// Of the one that has changed sessions last.
    pub sessions: i64,
}

impl Default for OpenPages {
    fn default() -> OpenPages {
        OpenPages::new(Pace::default())
    }
}

impl OpenPages {
    pub fn new(pace: Pace) -> OpenPages {
        OpenPages { pace, inside: Mutex::default(), latest: watch::Sender::new(None) }
    }

    /// A place for one more page; none where there are too many.
    pub fn enter(self: &Arc<OpenPages>, ctx: &Ctx) -> Option<Place> {
        let mut inside = self.lock();
        let number = (0..self.pace.most).find(|number| !inside.places.contains(number))?;
        inside.places.insert(number);
        if !std::mem::replace(&mut inside.is_watched, true) {
            // It hears from now on, so nothing is missed before its first look.
            tokio::spawn(watch_for_all(self.clone(), ctx.clone(), ctx.changes()));
        }
        Some(Place { number, latest: self.latest.subscribe(), pages: self.clone() })
    }

    pub fn count(&self) -> usize {
        self.lock().places.len()
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody is here, so that nobody has to look.
    fn is_deserted(&self) -> bool {
        let mut inside = self.lock();
        let deserted = inside.places.is_empty();
        if deserted {
            inside.is_watched = false;
            // Who comes next waits for a look of his own time.
            self.latest.send_replace(None);
        }
        deserted
    }

    /// One statement, which gives as many rows as stages of rounds have changed since the last look.
    async fn look(&self, ctx: &Ctx) -> bool {
        let seen = self.latest.borrow().as_ref().map_or(0, Latest::seq);
        match ctx.db.changed_after(seen).await {
            Ok(rows) => {
                self.latest.send_modify(|latest| {
                    let latest = latest.get_or_insert_default();
                    for row in &rows {
                        latest.hear(row.change().as_ref(), row.seq);
                    }
                });
                true
            }
            Err(problem) => {
                tracing::warn!(cause = ?problem.cause, "open pages are not told what has changed: {problem}");
                false
            }
        }
    }
}

async fn watch_for_all(pages: Arc<OpenPages>, ctx: Ctx, mut news: ChangeListener) {
    loop {
        if pages.look(&ctx).await {
            tokio::select! {
                _ = news.heard() => {}
                () = pages.latest.closed() => {}
            }
            tokio::time::sleep(pages.pace.looks).await;
        } else {
            tokio::time::sleep(AFTER_FAILURE).await;
        }
        if pages.is_deserted() {
            return;
        }
    }
}

impl Place {
    /// As it is known now; waits for the first look.
    pub async fn seen(&mut self, round: &RoundId) -> Seen {
        let known = self.latest.wait_for(Option::is_some).await;
        let seen = known.ok().and_then(|latest| {
            let latest = latest.as_ref()?;
            Some(Seen { number: latest.of(round), sessions: latest.of_sessions() })
        });
        match seen {
            Some(seen) => seen,
            // Whoever looks lives as long as this place does.
            None => std::future::pending().await,
        }
    }

    /// Waits for the next look that has found something.
    pub async fn changed(&mut self) {
        if self.latest.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// After those who came before it.
    pub fn turn(&self) -> Duration {
        self.pages.pace.apart.saturating_mul(self.number as u32)
    }

    /// The more pages there are, the less often each is told.
    pub fn rest(&self) -> Duration {
        self.pages.pace.apart.saturating_mul(self.pages.count() as u32)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.pages.lock().places.remove(&self.number);
    }
}
