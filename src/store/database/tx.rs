//! One SQL text on two databases.
//!
//! [`Tx`] is a connection of either kind, usually inside a transaction. `run!`, `all!`, `one!` and `maybe!` take a Tx,
//! the SQL as a literal and the values for `$1`, `$2`, ...; both arms are plain sqlx on concrete types, so an error of
//! the compiler or the database points at the query itself. `tests/statements.rs` prepares every literal on both.

use serde::Serialize;
use sqlx::error::DatabaseError;
use sqlx::pool::PoolConnection;
use sqlx::{ColumnIndex, Decode, FromRow, Postgres, Row, Sqlite, Type};

use crate::base::problem::{Kind, Problem, Result};

/// A connection to either database.
pub enum Tx {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// Runs the same expression for both kinds of connection.
macro_rules! on {
    ($tx:expr, $connection:ident, $database:ident => $body:expr) => {
        match &mut *$tx {
            $crate::store::database::tx::Tx::Sqlite($connection) => {
                type $database = sqlx::Sqlite;
                $body
            }
            $crate::store::database::tx::Tx::Postgres($connection) => {
                type $database = sqlx::Postgres;
                $body
            }
        }
        .map_err($crate::store::database::tx::failed)
    };
}

/// Executes a statement; the number of rows it changed.
macro_rules! run {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, c, D => sqlx::query::<D>($sql)$(.bind($value))*.execute(&mut **c).await.map(|done| done.rows_affected()))
    };
}

/// All rows.
macro_rules! all {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, c, D => sqlx::query_as::<D, _>($sql)$(.bind($value))*.fetch_all(&mut **c).await)
    };
}

/// All rows that can be read, and by their ids those that cannot: each stops only itself.
macro_rules! readable {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, c, D => sqlx::query::<D>($sql)$(.bind($value))*.fetch_all(&mut **c).await.map($crate::store::database::tx::read_each))
    };
}

/// Exactly one row; none is an error of ours.
macro_rules! one {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, c, D => sqlx::query_as::<D, _>($sql)$(.bind($value))*.fetch_one(&mut **c).await)
    };
}

/// The row, if there is one.
macro_rules! maybe {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, c, D => sqlx::query_as::<D, _>($sql)$(.bind($value))*.fetch_optional(&mut **c).await)
    };
}

/// A struct that is read from a row of either database, column by column under the names of its fields.
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }

        impl<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> for $name {
            fn from_row(row: &'r sqlx::sqlite::SqliteRow) -> Result<Self, sqlx::Error> {
                use sqlx::Row;
                Ok($name { $($field: row.try_get(stringify!($field))?,)* })
            }
        }

        impl<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> for $name {
            fn from_row(row: &'r sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
                use sqlx::Row;
                Ok($name { $($field: row.try_get(stringify!($field))?,)* })
            }
        }
    };
}

/// What `readable!` found.
#[derive(Debug)]
pub struct Readable<T> {
    pub rows: Vec<T>,
    pub unreadable: Vec<Unreadable>,
}

/// A row in which a value stands that the program does not know.
#[derive(Clone, Debug)]
pub struct Unreadable {
    /// Of whatever stands in rows of this kind.
    pub id: String,
    pub why: String,
}

pub(in crate::store) fn read_each<R, T>(found: Vec<R>) -> Readable<T>
where
    R: Row,
    T: for<'r> FromRow<'r, R>,
    for<'i> &'i str: ColumnIndex<R>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
{
    let mut all = Readable { rows: Vec::with_capacity(found.len()), unreadable: Vec::new() };
    for row in found {
        match T::from_row(&row) {
            Ok(row) => all.rows.push(row),
            Err(why) => {
                let id = row.try_get::<String, _>("id").unwrap_or_else(|_| "without an id".into());
                all.unreadable.push(Unreadable { id, why: why.to_string() });
            }
        }
    }
    all
}

/// Many rows as one value, read by `json_each`: one statement takes them all on both databases.
pub(in crate::store) fn json<T: Serialize>(rows: &[T]) -> Result<String> {
    serde_json::to_string(rows).map_err(|e| Problem::internal("Rows could not be written as JSON.").because(e))
}

/// Ids as [`json`] rows: `IN (SELECT value ->> 'id' FROM json_each($1))`.
pub(in crate::store) fn ids<Id: Serialize>(ids: &[Id]) -> Result<String> {
    #[derive(Serialize)]
    struct Row<'a, Id> {
        id: &'a Id,
    }
    json(&ids.iter().map(|id| Row { id }).collect::<Vec<_>>())
}

/// What the database could not do, told to a person; the cause goes to the log.
pub(in crate::store) fn failed(error: sqlx::Error) -> Problem {
    match &error {
        sqlx::Error::Database(e) if e.is_unique_violation() => {
            Problem::refused("That is there already.", "Reload the page to see it.").because(error)
        }
        sqlx::Error::Database(e) if is_full(e.as_ref()) => Problem::new(
            Kind::Unavailable,
            "The disk of the database is full.",
            "Make room on it; nothing is lost meanwhile, and everything goes on by itself.",
        )
        .because(error),
        sqlx::Error::Database(e) if is_damaged(e.as_ref()) => damaged().because(error),
        sqlx::Error::Database(e) if !passes(e.as_ref()) => {
            Problem::internal("The database did not take a statement of ours.").because(error)
        }
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::RowNotFound => {
            Problem::internal("The database did not take a statement of ours.").because(error)
        }
        _ => Problem::new(
            Kind::Unavailable,
            "The database does not answer.",
            "Try again in a minute; `doctor` tells more.",
        )
        .because(error),
    }
}

const DAMAGED: &str = "The database file is damaged.";

/// What is said of a damaged file, wherever it is met.
pub(in crate::store) fn damaged() -> Problem {
    Problem::new(
        Kind::Internal,
        DAMAGED,
        "Nothing is sent from it. Stop soundings, keep the file, and restore the last backup; docs/OPERATING.md says how.",
    )
}

pub(in crate::store) fn tells_damage(problem: &Problem) -> bool {
    problem.what == DAMAGED
}

/// `SQLITE_CORRUPT` and `SQLITE_NOTADB`, with what extends them. Codes of PostgreSQL are longer; it looks after its own files.
fn is_damaged(error: &dyn DatabaseError) -> bool {
    let Some(code) = error.code().filter(|code| code.len() < 5) else { return false };
    code.parse::<u32>().is_ok_and(|number| matches!(number & 0xff, 11 | 26))
}

/// `SQLITE_FULL`; class 53 of PostgreSQL: insufficient resources.
fn is_full(error: &dyn DatabaseError) -> bool {
    error.code().is_some_and(|code| code == "13" || code == "53100")
}

/// Whether what the database says is about its own state and not about the statement: the same may be taken in a minute. SQLite: busy,
/// locked, out of memory, a failing or unreadable disk, the extended codes of these among them. PostgreSQL: connections, resources, being
/// stopped, its disk.
fn passes(error: &dyn DatabaseError) -> bool {
    let Some(code) = error.code() else { return false };
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 7 | 10 | 14),
        _ => ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class)),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::fmt;

    use sqlx::error::ErrorKind;

    use super::*;

    #[derive(Debug)]
    struct Said(&'static str);

    impl fmt::Display for Said {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Said {}

    impl DatabaseError for Said {
        fn message(&self) -> &str {
            self.0
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    #[test]
    fn f13_f14_trouble_of_the_database_is_told_from_faults_of_ours() {
        // 778: SQLITE_IOERR_WRITE, 517: SQLITE_BUSY_SNAPSHOT; 57P01: stopped by its operator, 40001: a conflict that passes.
        for code in ["5", "10", "13", "517", "778", "57P01", "57P03", "53100", "53300", "40001", "08006"] {
            assert_eq!(failed(sqlx::Error::Database(Box::new(Said(code)))).kind, Kind::Unavailable, "{code}");
        }
        for code in ["1", "19", "2067", "42601", "23502", "22003"] {
            assert_eq!(failed(sqlx::Error::Database(Box::new(Said(code)))).kind, Kind::Internal, "{code}");
        }
        for (code, damaged) in
            [("11", true), ("26", true), ("267", true), ("523", true), ("10", false), ("22P02", false)]
        {
            assert_eq!(tells_damage(&failed(sqlx::Error::Database(Box::new(Said(code))))), damaged, "{code}");
        }
        let full = failed(sqlx::Error::Database(Box::new(Said("13"))));
        assert!(full.to_string().contains("full"), "{full}");
    }
}
