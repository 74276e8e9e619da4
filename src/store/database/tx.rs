//! One SQL text on two databases.
//!
//! [`Tx`] is a connection of either kind, usually inside a transaction. `run!`, `all!`, `one!` and `maybe!` take a Tx,
//! the SQL as a literal and the values for `$1`, `$2`, ...; both arms are plain sqlx on concrete types, so an error of
//! the compiler or the database points at the query itself. `tests/statements.rs` prepares every literal on both.

use std::collections::BTreeSet;

use serde::Serialize;
use sqlx::error::DatabaseError;
use sqlx::{Postgres, Sqlite};

use crate::base::ids::RoundId;
use crate::base::problem::{Kind, Problem, Result};
use crate::rules::message::Lane;

use super::marks::{MarkedConnection, Marks, stage_of};
use super::rows::{AnyRow, FromRow};

/// A connection to either database.
pub enum Tx {
    Sqlite(MarkedConnection<Sqlite>),
    Postgres(MarkedConnection<Postgres>),
}

impl Tx {
    /// From here on this transaction writes about this round alone. Whoever listens to other rounds is not told.
    pub fn in_round(&mut self, round: &RoundId) {
        self.marks().within(vec![round.clone()]);
    }

    /// The same of several lanes; mail of the system may be about any round.
    pub fn in_lanes(&mut self, lanes: &BTreeSet<Lane>) {
        let rounds: Option<Vec<RoundId>> = lanes.iter().map(|lane| lane.round().cloned()).collect();
        self.marks().within(rounds.unwrap_or_default());
    }

    /// From here on it may write about any round, as it does when it begins.
    pub fn in_any_round(&mut self) {
        self.marks().within(Vec::new());
    }

    pub(super) fn marks(&mut self) -> &mut Marks {
        match self {
            Tx::Sqlite(c) => &mut c.marks,
            Tx::Postgres(c) => &mut c.marks,
        }
    }

    /// For the macros: a statement of this module has changed something.
    pub(crate) fn wrote(&mut self, module: &str) {
        if let Some(stage) = stage_of(module) {
            self.marks().mark(stage);
        }
    }
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

/// A statement of one database with its values.
macro_rules! bound {
    ($database:ident, $sql:expr $(, $value:expr)*) => {
        sqlx::query::<$database>($sql)$(.bind($crate::store::database::columns::Bind::kept($value)))*
    };
}

/// Marks a change where the statement has made one.
macro_rules! if_written {
    ($tx:expr, $wrote:expr, $done:ident) => {{
        if $wrote {
            $tx.wrote(module_path!());
        }
        $done
    }};
}

/// Executes a statement; the number of rows it changed. `quiet` is what is news to nobody: a lease, a sign of life, a note of use.
macro_rules! run {
    (quiet $tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, c, D => bound!(D, $sql $(, $value)*).execute(&mut **c).await.map(|done| done.rows_affected()))
    };
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {{
        let done = run!(quiet $tx, $sql $(, $value)*);
        if_written!($tx, done.as_ref().is_ok_and(|rows| *rows > 0), done)
    }};
}

/// All rows.
macro_rules! all {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {{
        let done = on!($tx, c, D => bound!(D, $sql $(, $value)*).fetch_all(&mut **c).await.and_then($crate::store::database::rows::each));
        if_written!($tx, $crate::store::database::marks::writes($sql) && done.as_ref().is_ok_and(|rows| !rows.is_empty()), done)
    }};
}

/// All rows that can be read, and by their ids those that cannot: each stops only itself.
macro_rules! readable {
    (quiet $tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, c, D => bound!(D, $sql $(, $value)*).fetch_all(&mut **c).await.map($crate::store::database::tx::read_each))
    };
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {{
        let done = readable!(quiet $tx, $sql $(, $value)*);
        let any = done.as_ref().is_ok_and(|read| !read.rows.is_empty() || !read.unreadable.is_empty());
        if_written!($tx, any && $crate::store::database::marks::writes($sql), done)
    }};
}

/// Exactly one row; none is an error of ours.
macro_rules! one {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {{
        let done = on!($tx, c, D => bound!(D, $sql $(, $value)*).fetch_one(&mut **c).await.and_then($crate::store::database::rows::single));
        if_written!($tx, done.is_ok() && $crate::store::database::marks::writes($sql), done)
    }};
}

/// The row, if there is one.
macro_rules! maybe {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {{
        let done = on!($tx, c, D => bound!(D, $sql $(, $value)*).fetch_optional(&mut **c).await.and_then($crate::store::database::rows::optional));
        if_written!($tx, done.as_ref().is_ok_and(|row| row.is_some()) && $crate::store::database::marks::writes($sql), done)
    }};
}

/// A struct that is read from a row of either database, column by column under the names of its fields; a field behind `..` is read from
/// several columns.
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident {
        $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)*
        $(.. $(#[$of_meta:meta])* pub $of:ident: $several:ty,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)* $($(#[$of_meta])* pub $of: $several,)? }

        impl $crate::store::database::rows::FromRow for $name {
            fn from_row(row: &impl $crate::store::database::rows::AnyRow) -> sqlx::Result<Self> {
                Ok($name {
                    $($field: row.named(stringify!($field))?,)*
                    $($of: <$several as $crate::store::database::rows::FromRow>::from_row(row)?,)?
                })
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

pub(crate) fn read_each<T: FromRow>(found: Vec<impl AnyRow>) -> Readable<T> {
    let mut all = Readable { rows: Vec::with_capacity(found.len()), unreadable: Vec::new() };
    for row in found {
        match T::from_row(&row) {
            Ok(row) => all.rows.push(row),
            Err(why) => {
                let id = row.named("id").unwrap_or_else(|_| "without an id".into());
                all.unreadable.push(Unreadable { id, why: why.to_string() });
            }
        }
    }
    all
}

/// Many rows as one value, read by `json_each`: one statement takes them all on both databases.
pub(crate) fn json<T: Serialize>(rows: &[T]) -> Result<String> {
    serde_json::to_string(rows).map_err(|e| Problem::internal("Rows could not be written as JSON.").because(e))
}

/// Ids as [`json`] rows: `IN (SELECT value ->> 'id' FROM json_each($1))`.
pub(crate) fn ids<Id: Serialize>(ids: &[Id]) -> Result<String> {
    #[derive(Serialize)]
    struct Row<'a, Id> {
        id: &'a Id,
    }
    json(&ids.iter().map(|id| Row { id }).collect::<Vec<_>>())
}

/// What the database could not do, told to a person; the cause goes to the log.
pub(crate) fn failed(error: sqlx::Error) -> Problem {
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
            "Try again in a minute. `doctor` tells more.",
        )
        .because(error),
    }
}

const DAMAGED: &str = "The database file is damaged.";

/// What is said of a damaged file, wherever it is met.
pub(crate) fn damaged() -> Problem {
    Problem::new(
        Kind::Internal,
        DAMAGED,
        "Nothing is sent from it. Stop soundings, keep the file, and restore the last backup; docs/OPERATING.md says how.",
    )
}

pub(crate) fn tells_damage(problem: &Problem) -> bool {
    problem.what == DAMAGED
}

/// `SQLITE_CORRUPT` and `SQLITE_NOTADB`, with what extends them. Codes of PostgreSQL are longer; it looks after its own files.
fn is_damaged(error: &dyn DatabaseError) -> bool {
    let Some(code) = error.code().filter(|code| code.len() < 5) else { return false };
    code.parse::<u32>().is_ok_and(|number| matches!(number & 0xff, 11 | 26))
}

/// `SQLITE_FULL`; 53100 of PostgreSQL: disk full.
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
