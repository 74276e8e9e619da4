//! Connections to the database: opened with all that each kind of database is told, and kept in two pools, for reading and for writing.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

use crate::base::problem::{Kind, Problem, Result};

use super::marks::MarkedConnection;
use super::tx::{Tx, failed};

#[derive(Clone)]
pub(crate) enum Pools {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pools {
    pub(crate) async fn close(&self) {
        match self {
            Pools::Sqlite(pool) => pool.close().await,
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    pub(crate) async fn acquire(&self) -> Result<Tx> {
        match self {
            Pools::Sqlite(pool) => pool.acquire().await.map(|c| Tx::Sqlite(MarkedConnection::new(c))),
            Pools::Postgres(pool) => pool.acquire().await.map(|c| Tx::Postgres(MarkedConnection::new(c))),
        }
        .map_err(failed)
    }
}

/// How many queries each connection keeps prepared; more than there are in the program.
const STATEMENTS: usize = 400;

/// Rows that SQLite's thread hands over before it waits for somebody to take them.
const ROWS_UNDERWAY: usize = 256;

pub(crate) async fn open_sqlite(file: &str, synchronous: &str) -> Result<(Pools, Pools)> {
    if file.is_empty() {
        return Err(unusable("sqlite:"));
    }
    // Each connection would have a database of its own.
    if file == ":memory:" {
        return Err(Problem::unusable("database.url names a database in memory.", "Name a file: sqlite:FILE."));
    }
    if let Some(folder) = Path::new(file).parent()
        && !folder.as_os_str().is_empty()
        && !folder.is_dir()
    {
        return Err(Problem::unusable(
            format!("The folder {} for the database does not exist.", folder.display()),
            "Create it, or name another file in database.url.",
        ));
    }
    let synchronous = SqliteSynchronous::from_str(synchronous).map_err(|_| {
        Problem::unusable(format!("database.synchronous is `{synchronous}`."), "Write full, normal or off.")
    })?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .busy_timeout(Duration::from_secs(10))
        .foreign_keys(true)
        .statement_cache_capacity(STATEMENTS)
        .row_buffer_size(ROWS_UNDERWAY)
        // Copying the log back costs the same for a page that changed once or a hundred times: 32 MiB of it are worth waiting for.
        .pragma("wal_autocheckpoint", "8192")
        .pragma("cache_size", "-16384")
        .pragma("temp_store", "memory");
    let cannot = |e: sqlx::Error| {
        Problem::unusable(
            format!("The database file {file} cannot be opened."),
            "Check that it is a SQLite file and that you may write to it.",
        )
        .because(e)
    };
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone())
        .await
        .map_err(cannot)?;
    let readers = SqlitePoolOptions::new().max_connections(4).connect_lazy_with(options.read_only(true));
    Ok((Pools::Sqlite(readers), Pools::Sqlite(writer)))
}

pub(crate) async fn open_postgres(url: &str) -> Result<(Pools, Pools)> {
    // The default of 4 is that of turning disks: for a page of a search it reads all accounts rather than the few by their index.
    let options = PgConnectOptions::from_str(url)
        .map_err(|e| unusable(url).because(e))?
        .statement_cache_capacity(STATEMENTS)
        .options([("random_page_cost", "1.1")]);
    // A daemon whose machine was cut off must not keep its turn to write for ever.
    let writer = options.clone().options([("idle_in_transaction_session_timeout", "60000")]);
    let cannot = |e: sqlx::Error| {
        Problem::new(
            Kind::Unavailable,
            "The PostgreSQL server of database.url cannot be reached or refuses the login.",
            "Check host, name and password in database.url, and that the server runs.",
        )
        .because(e)
    };
    let writer = PgPoolOptions::new().max_connections(1).connect_with(writer).await.map_err(cannot)?;
    let readers = PgPoolOptions::new()
        .max_connections(6)
        .connect_lazy_with(options.options([("default_transaction_read_only", "on")]));
    Ok((Pools::Postgres(readers), Pools::Postgres(writer)))
}

/// The URL may hold a password, so only its scheme is repeated.
pub(crate) fn unusable(url: &str) -> Problem {
    let scheme = url.split(':').next().unwrap_or("");
    Problem::unusable(
        format!("database.url begins with `{scheme}:`, which is no database that can be used."),
        "Write sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_in_memory_is_refused_and_a_file_is_opened() {
        let refused = open_sqlite(":memory:", "off").await.err().map(|problem| problem.to_string());
        assert_eq!(refused.as_deref(), Some("database.url names a database in memory. Name a file: sqlite:FILE."));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("soundings.db");
        assert!(open_sqlite(&file.display().to_string(), "off").await.is_ok());
    }
}
