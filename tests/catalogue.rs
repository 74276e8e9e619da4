//! The two schemas agree: tables, columns, keys, indexes, checks and triggers are the same on SQLite and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use soundings::store::Db;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};

#[path = "common/postgres.rs"]
mod postgres;

/// What both databases say about one table, in the same words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Table {
    /// Type, NOT NULL, default.
    columns: BTreeMap<String, (String, bool, String)>,
    primary_key: Vec<String>,
    unique: BTreeSet<Vec<String>>,
    /// Columns, and whether it is partial.
    indexes: BTreeMap<String, (Vec<String>, bool)>,
    /// Column, table it points to.
    references: BTreeSet<(String, String)>,
    checks: usize,
    triggers: BTreeSet<String>,
}

type Catalogue = BTreeMap<String, Table>;

async fn of_sqlite() -> Catalogue {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("soundings.db").display());
    let _db = Db::open(&url, "off").await.unwrap();
    let mut c = SqliteConnection::connect(&url).await.unwrap();
    let mut catalogue = Catalogue::new();
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    )
    .fetch_all(&mut c)
    .await
    .unwrap();
    for (name, sql) in tables {
        assert!(sql.trim_end().ends_with("STRICT"), "{name} is not STRICT");
        let mut table = Table { checks: sql.matches("CHECK (").count(), ..Table::default() };
        let columns: Vec<(String, String, i64, Option<String>, i64)> = sqlx::query_as(
            "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info($1) ORDER BY pk, cid",
        )
        .bind(&name)
        .fetch_all(&mut c)
        .await
        .unwrap();
        for (column, kind, not_null, default, key) in columns {
            let kind = if kind == "INTEGER" { "bigint".into() } else { kind.to_lowercase() };
            if key > 0 {
                table.primary_key.push(column.clone());
            }
            table.columns.insert(column, (kind, not_null == 1 || key > 0, default.unwrap_or_default()));
        }
        let indexes: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT name, origin, partial FROM pragma_index_list($1)")
                .bind(&name)
                .fetch_all(&mut c)
                .await
                .unwrap();
        for (index, origin, partial) in indexes {
            let columns: Vec<(String,)> =
                sqlx::query_as("SELECT name FROM pragma_index_info($1) WHERE name IS NOT NULL ORDER BY seqno")
                    .bind(&index)
                    .fetch_all(&mut c)
                    .await
                    .unwrap();
            let columns = columns.into_iter().map(|(c,)| c).collect();
            match origin.as_str() {
                "u" => _ = table.unique.insert(columns),
                "c" => _ = table.indexes.insert(index, (columns, partial == 1)),
                _ => {}
            }
        }
        let references: Vec<(String, String)> =
            sqlx::query_as("SELECT \"from\", \"table\" FROM pragma_foreign_key_list($1)")
                .bind(&name)
                .fetch_all(&mut c)
                .await
                .unwrap();
        table.references = references.into_iter().collect();
        let triggers: Vec<(String,)> =
            sqlx::query_as("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1")
                .bind(&name)
                .fetch_all(&mut c)
                .await
                .unwrap();
        table.triggers = triggers.into_iter().map(|(t,)| t).collect();
        catalogue.insert(name, table);
    }
    catalogue
}

const COLUMNS: &str = "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'NO', COALESCE(column_default, '')::text
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'";

/// Table, kind (`p`, `u`, `f`, `c`), columns in order, table pointed to.
const CONSTRAINTS: &str = "SELECT t.relname::text, k.contype::text,
        ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(n, place)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.place),
        COALESCE((SELECT f.relname::text FROM pg_class f WHERE f.oid = k.confrelid), '')
    FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = 'public' AND t.relname NOT LIKE '\\_sqlx%'";

/// Indexes that are no constraint: table, name, columns, partial.
const INDEXES: &str = "SELECT t.relname::text, i.relname::text,
        ARRAY(SELECT a.attname::text FROM unnest(x.indkey::smallint[]) WITH ORDINALITY AS u(n, place)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = u.n ORDER BY u.place),
        x.indpred IS NOT NULL
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = 'public' AND t.relname NOT LIKE '\\_sqlx%'
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u'))";

/// TRUNCATE, which SQLite does not have, has a trigger of its own.
const TRIGGERS: &str = "SELECT t.relname::text, g.tgname::text FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
    WHERE NOT g.tgisinternal AND g.tgname NOT LIKE '%\\_is\\_not\\_truncated'";

async fn of_postgresql(c: &mut PgConnection) -> Catalogue {
    let mut catalogue = Catalogue::new();
    let columns: Vec<(String, String, String, bool, String)> =
        sqlx::query_as(COLUMNS).fetch_all(&mut *c).await.unwrap();
    for (table, column, kind, not_null, default) in columns {
        let default = default.split("::").next().unwrap_or("").to_string();
        catalogue.entry(table).or_default().columns.insert(column, (kind, not_null, default));
    }
    let constraints: Vec<(String, String, Vec<String>, String)> =
        sqlx::query_as(CONSTRAINTS).fetch_all(&mut *c).await.unwrap();
    for (table, kind, columns, other) in constraints {
        let table = catalogue.entry(table).or_default();
        match kind.as_str() {
            "p" => table.primary_key = columns,
            "u" => _ = table.unique.insert(columns),
            "f" => _ = table.references.insert((columns.join(","), other)),
            "c" => table.checks += 1,
            _ => {}
        }
    }
    let indexes: Vec<(String, String, Vec<String>, bool)> = sqlx::query_as(INDEXES).fetch_all(&mut *c).await.unwrap();
    for (table, name, columns, partial) in indexes {
        catalogue.entry(table).or_default().indexes.insert(name, (columns, partial));
    }
    let triggers: Vec<(String, String)> = sqlx::query_as(TRIGGERS).fetch_all(&mut *c).await.unwrap();
    for (table, name) in triggers {
        catalogue.entry(table).or_default().triggers.insert(name);
    }
    catalogue
}

#[tokio::test]
async fn the_two_schemas_agree() {
    let Some(url) = postgres::fresh_database().await else { return };
    let _db = Db::open(&url, "off").await.unwrap();
    let mut c = PgConnection::connect(&url).await.unwrap();
    let (here, there) = (of_sqlite().await, of_postgresql(&mut c).await);
    assert!(here.len() >= 15, "only {} tables", here.len());
    let names = |c: &Catalogue| c.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&here), names(&there));
    for (name, table) in &here {
        assert_eq!(table, &there[name], "table {name}");
    }
    // The comparison sees a difference of each kind.
    for change in [
        "ALTER TABLE contact ALTER COLUMN sent_count DROP NOT NULL",
        "ALTER TABLE contact ALTER COLUMN sent_count SET DEFAULT 1",
        "ALTER TABLE contact ALTER COLUMN line TYPE integer",
        "DROP INDEX message_due",
        "ALTER TABLE message DROP CONSTRAINT message_state_check",
        "ALTER TABLE contact DROP CONSTRAINT contact_round_id_email_key_key",
        "ALTER TABLE answer DROP CONSTRAINT answer_response_id_fkey",
        "DROP TRIGGER journal_keeps ON journal",
    ] {
        let before = of_postgresql(&mut c).await;
        c.execute(AssertSqlSafe(change).into_sql_str()).await.unwrap();
        assert_ne!(before, of_postgresql(&mut c).await, "{change}");
    }
}
