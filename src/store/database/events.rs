//! Changes told to whoever listens in this program: those of its own commits when they are through, those of other programs when they are
//! read. Nothing is told of a transaction that was rolled back.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::broadcast::{Receiver, Sender};

use crate::rules::change::Change;

use super::changes::ChangeRow;

/// Commits that a listener may be behind before he is told to look at everything.
const BEHIND: usize = 256;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Each once, however many commits there were.
    Changed(BTreeSet<Change>),
    /// Too much has happened, or what has is not known: look at everything.
    Everything,
}

impl News {
    pub fn concerns(&self, wanted: impl Fn(&Change) -> bool) -> bool {
        match self {
            News::Changed(changes) => changes.iter().any(wanted),
            News::Everything => true,
        }
    }

    fn and(self, other: &News) -> News {
        match (self, other) {
            (News::Changed(mut all), News::Changed(more)) => {
                all.extend(more.iter().cloned());
                News::Changed(all)
            }
            _ => News::Everything,
        }
    }
}

/// Cheap to clone; all clones speak to the same listeners.
#[derive(Clone)]
pub(crate) struct Events {
    tell: Sender<Arc<News>>,
    heard: Arc<Mutex<Heard>>,
}

/// How far the changes of other programs are known.
#[derive(Default)]
struct Heard {
    seq: i64,
    /// Numbers of our own commits behind it.
    ours: BTreeSet<i64>,
}

impl Events {
    /// What was changed up to `seq` is no news.
    pub(crate) fn after(seq: i64) -> Events {
        Events { tell: Sender::new(BEHIND), heard: Arc::new(Mutex::new(Heard { seq, ours: BTreeSet::new() })) }
    }

    pub(crate) fn listen(&self) -> ChangeListener {
        ChangeListener { news: self.tell.subscribe() }
    }

    /// Nobody may be listening: a command that ends with its work.
    pub(crate) fn tell(&self, news: News) {
        let _ = self.tell.send(Arc::new(news));
    }

    /// Our own commit of this number is through.
    pub(super) fn committed(&self, seq: i64, changes: BTreeSet<Change>) {
        self.with(|heard| heard.ours.insert(seq));
        self.tell(News::Changed(changes));
    }

    pub(crate) fn seq(&self) -> i64 {
        self.with(|heard| heard.seq)
    }

    /// Tells what was read behind [`Events::seq`], but for what we have told ourselves. Returns how much that was. A change of theirs that is
    /// hidden under a later one of ours was there to be seen when ours was told.
    pub(crate) fn read(&self, rows: &[ChangeRow]) -> u64 {
        let Some(last) = rows.iter().map(|row| row.seq).max() else { return 0 };
        let ours = self.with(|heard| {
            heard.seq = heard.seq.max(last);
            let behind = heard.ours.split_off(&(last + 1));
            std::mem::replace(&mut heard.ours, behind)
        });
        let theirs: Vec<&ChangeRow> = rows.iter().filter(|row| !ours.contains(&row.seq)).collect();
        if !theirs.is_empty() {
            let known: Option<BTreeSet<Change>> = theirs.iter().map(|row| row.change()).collect();
            self.tell(known.map_or(News::Everything, News::Changed));
        }
        theirs.len() as u64
    }

    fn with<T>(&self, act: impl FnOnce(&mut Heard) -> T) -> T {
        act(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Hears everything that is told from when it was made.
pub struct ChangeListener {
    news: Receiver<Arc<News>>,
}

impl ChangeListener {
    /// Waits for news and takes together what has come since it was last asked. Dropped while it waits, it loses nothing.
    pub async fn heard(&mut self) -> News {
        let mut all = match self.news.recv().await {
            Ok(news) => (*news).clone(),
            Err(RecvError::Lagged(_)) => News::Everything,
            // The database is closed: nothing will change any more.
            Err(RecvError::Closed) => std::future::pending().await,
        };
        loop {
            match self.news.try_recv() {
                Ok(news) => all = all.and(&news),
                Err(TryRecvError::Lagged(_)) => all = News::Everything,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return all,
            }
        }
    }

    /// Whoever is about to look at everything needs no news from before.
    pub fn forget(&mut self) {
        self.news = self.news.resubscribe();
    }
}
