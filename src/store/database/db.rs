//! The database of an installation: SQLite in one file, or PostgreSQL.
//!
//! Reading goes through a pool of read-only connections. Writing goes through one writer (`writer.rs`) that commits
//! whatever has come in since its last commit. SQLite runs with a write-ahead log and `synchronous=FULL` unless the settings say otherwise.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::DateTime;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{ConnectOptions, Connection};

use crate::base::clock::Ts;
use crate::base::problem::{Kind, Problem, Result};

use super::changes::{self, ChangeRow};
use super::events::{ChangeListener, Events, News};
use super::marks::MarkedConnection;
use super::pools::{Pools, open_postgres, open_sqlite, unusable};
use super::tx::{Tx, damaged, failed, tells_damage};
use super::writer::{MOST_TRIES, Work, Writer};

/// Cheap to clone.
#[derive(Clone)]
pub struct Db {
    readers: Pools,
    writing: Pools,
    writer: Writer,
    events: Events,
    soundness: Arc<Soundness>,
}

/// What is known of the file itself. Damage that was once found stays: nothing is sent before a start on a sound file.
#[derive(Default)]
struct Soundness {
    damage: Mutex<Option<String>>,
    /// It was read through once.
    examined: AtomicBool,
}

impl Db {
    /// Opens the database at `url` (`sqlite:FILE` or `postgres://...`), creates what is missing and brings the schema up to date.
    /// `synchronous` is `full`, `normal` or `off` and concerns SQLite only.
    pub async fn open(url: &str, synchronous: &str) -> Result<Db> {
        let (readers, writing) = if let Some(file) = url.strip_prefix("sqlite:") {
            open_sqlite(file.trim_start_matches("//"), synchronous).await?
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            open_postgres(url).await?
        } else {
            return Err(unusable(url));
        };
        let mut tx = writing.acquire().await?;
        super::migrate::migrate(&mut tx).await?;
        let events = Events::after(changes::last(&mut tx).await?);
        drop(tx);
        let writer = Writer::start(writing.clone(), events.clone());
        Ok(Db { readers, writer, events, writing, soundness: Arc::default() })
    }

    /// A connection for reading only, outside any transaction.
    pub async fn read(&self) -> Result<Tx> {
        self.readers.acquire().await
    }

    /// Runs `work` in a transaction and returns when it is committed. On an error nothing of it remains.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Work<'t, T> + Send + 'static,
    {
        let done = self.writer.write(work).await;
        if let Err(problem) = &done {
            self.heard(problem);
        }
        done
    }

    /// Hears of every change from now on: of this program's commits when they are through, of others' with [`Db::hear_others`].
    pub fn changes(&self) -> ChangeListener {
        self.events.listen()
    }

    /// Tells all who listen to look at everything, where no commit says what has changed.
    pub fn tell_everything(&self) {
        self.events.tell(News::Everything);
    }

    /// Tells what other programs have changed since the last time. Returns how many changes that were.
    pub async fn hear_others(&self) -> Result<u64> {
        let rows = changes::after(&mut self.read().await?, self.events.seq()).await?;
        Ok(self.events.read(&rows))
    }

    /// What was changed after the commit of this number, by this program or another: one row for each stage of each round.
    pub async fn changed_after(&self, seq: i64) -> Result<Vec<ChangeRow>> {
        changes::after(&mut self.read().await?, seq).await
    }

    /// Ends in good order. SQLite then brings its log into the file, so that the file alone is the database; whoever copies or moves it
    /// without the log loses nothing.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writing.close().await;
    }

    /// Why nothing can be written at the moment, as the last commit found, or what [`Db::examine`] found; none when all is well.
    pub fn trouble(&self) -> Option<String> {
        self.damage().or_else(|| self.writer.trouble())
    }

    /// What was found wrong with the file itself; nothing is sent from then on.
    pub fn damage(&self) -> Option<String> {
        self.soundness.damage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the file was read through since the start, whatever was found.
    pub fn is_examined(&self) -> bool {
        self.soundness.examined.load(Ordering::SeqCst)
    }

    /// Remembers what a statement met where it met damage.
    pub fn heard(&self, problem: &Problem) {
        if tells_damage(problem) {
            let says = format!("{} {}", problem.what, problem.next);
            self.soundness.damage.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(says);
        }
    }

    /// Looks through the file of a SQLite database for damage, page by page, while everything goes on. A server looks after its own files.
    pub async fn examine(&self) -> Result<()> {
        let Pools::Sqlite(readers) = &self.readers else {
            self.soundness.examined.store(true, Ordering::SeqCst);
            return Ok(());
        };
        // A connection of its own has nothing in memory that hides what is on the disk.
        let options = readers.connect_options().as_ref().clone().pragma("cache_size", "-2048");
        let one = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options);
        let found: Result<(String,)> = async {
            match &mut one.acquire().await.map(|c| Tx::Sqlite(MarkedConnection::new(c))).map_err(failed)? {
                tx @ Tx::Sqlite(_) => one!(tx, "PRAGMA quick_check(1)"),
                Tx::Postgres(_) => Ok(("ok".into(),)),
            }
        }
        .await;
        one.close().await;
        let damage = match found {
            Ok((said,)) if said == "ok" => None,
            Ok((said,)) => Some(said),
            // Busy or out of memory says nothing about the file.
            Err(problem) if problem.kind == Kind::Unavailable => return Err(problem),
            Err(problem) => Some(problem.cause.map_or(problem.what, |cause| cause.to_string())),
        };
        let found = damage.map(|said| damaged().because(said));
        if let Some(problem) = &found {
            self.heard(problem);
        }
        self.soundness.examined.store(true, Ordering::SeqCst);
        found.map_or(Ok(()), Err)
    }

    /// Writes a copy of the database, as of now, while everything goes on. The copy has a mark of its own (see [`Db::mark_file`]).
    pub async fn backup(&self, file: &str, mark: u32) -> Result<()> {
        match &mut self.read().await? {
            tx @ Tx::Sqlite(_) => run!(tx, "VACUUM INTO $1", file).map(|_| ()),
            Tx::Postgres(_) => Err(Problem::refused(
                "This copies SQLite databases only.",
                "Use pg_dump for PostgreSQL; docs/OPERATING.md shows how.",
            )),
        }?;
        let copy = SqliteConnectOptions::new().filename(file).pragma("application_id", mark.to_string());
        copy.connect().await.map_err(failed)?.close().await.map_err(failed)
    }

    /// Writes a number into the head of a SQLite file (`application_id`) and brings the whole log into the file. False where somebody who
    /// reads keeps a part of the log from it.
    pub async fn mark_file(&self, mark: u32) -> Result<bool> {
        let Pools::Sqlite(writing) = &self.writing else { return Ok(true) };
        let options = writing.connect_options().as_ref().clone().pragma("application_id", mark.to_string());
        let one = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options);
        let done: Result<(i64, i64, i64)> = async {
            let mut tried = 1;
            // SQLite gives nobody a turn: a list that is being loaded may have been first again and again.
            let connection = loop {
                match one.acquire().await.map_err(failed) {
                    Err(problem) if problem.kind == Kind::Unavailable && tried < MOST_TRIES => tried += 1,
                    done => break done?,
                }
            };
            match &mut Tx::Sqlite(MarkedConnection::new(connection)) {
                tx @ Tx::Sqlite(_) => one!(tx, "PRAGMA wal_checkpoint(TRUNCATE)"),
                Tx::Postgres(_) => Ok((0, 0, 0)),
            }
        }
        .await;
        one.close().await;
        done.map(|(busy, ..)| busy == 0)
    }

    /// What the database finds wrong with itself; `None` when it is sound or, on PostgreSQL, answers.
    pub async fn integrity(&self) -> Result<Option<String>> {
        let mut tx = self.read().await?;
        let said: (String,) = match &mut tx {
            tx @ Tx::Sqlite(_) => one!(tx, "PRAGMA integrity_check")?,
            tx @ Tx::Postgres(_) => one!(tx, "SELECT 'ok'")?,
        };
        Ok((said.0 != "ok").then_some(said.0))
    }

    /// The time by the clock of the server; `None` where there is no server.
    pub async fn clock(&self) -> Result<Option<Ts>> {
        let mut tx = self.read().await?;
        let said: (String,) = match &mut tx {
            Tx::Sqlite(_) => return Ok(None),
            tx @ Tx::Postgres(_) => one!(tx, "SELECT CAST(CURRENT_TIMESTAMP AS TEXT)")?,
        };
        let at = DateTime::parse_from_str(&said.0, "%Y-%m-%d %H:%M:%S%.f%#z");
        let at = at.map_err(|e| Problem::internal("The database told the time in a form of its own.").because(e))?;
        Ok(Some(Ts::from(at.to_utc())))
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.readers, Pools::Sqlite(_))
    }

    /// "SQLite" or "PostgreSQL", for people.
    pub fn kind(&self) -> &'static str {
        if self.is_sqlite() { "SQLite" } else { "PostgreSQL" }
    }
}
