//! One SQL text on two databases.
//!
//! [`Tx`] is a connection of either kind, usually inside a transaction. `run!`, `all!`, `one!` and `maybe!` take a Tx,
//! the SQL as a literal and the values for `$1`, `$2`, ...; both arms are plain sqlx on concrete types, so an error of
//! the compiler or the database points at the query itself. `tests/statements.rs` prepares every literal on both.

use serde::Serialize;
use sqlx::pool::PoolConnection;
use sqlx::{Postgres, Sqlite};

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
            $crate::store::tx::Tx::Sqlite($connection) => {
                type $database = sqlx::Sqlite;
                $body
            }
            $crate::store::tx::Tx::Postgres($connection) => {
                type $database = sqlx::Postgres;
                $body
            }
        }
        .map_err($crate::store::tx::failed)
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

/// Many rows as one value, read by `json_each`: one statement takes them all on both databases.
pub(super) fn json<T: Serialize>(rows: &[T]) -> Result<String> {
    serde_json::to_string(rows).map_err(|e| Problem::internal("Rows could not be written as JSON.").because(e))
}

/// Ids as [`json`] rows: `IN (SELECT value ->> 'id' FROM json_each($1))`.
pub(super) fn ids(ids: &[&str]) -> Result<String> {
    #[derive(Serialize)]
    struct Row<'a> {
        id: &'a str,
    }
    json(&ids.iter().map(|id| Row { id }).collect::<Vec<_>>())
}

/// What the database could not do, told to a person; the cause goes to the log.
pub(super) fn failed(error: sqlx::Error) -> Problem {
    match &error {
        sqlx::Error::Database(e) if e.is_unique_violation() => {
            Problem::refused("That is there already.", "Reload the page to see it.").because(error)
        }
        sqlx::Error::Database(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_)
        | sqlx::Error::RowNotFound => {
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
