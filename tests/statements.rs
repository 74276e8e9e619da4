//! Every SQL text of `src/store` is prepared on both databases, so that a typing error never waits for its story.
//!
//! Texts are found in the source, not listed by hand. Those behind a local macro (`people!("WHERE ...")`) are put together
//! as the macro does; the two spellings of the claim are tried each on its own database.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use soundings::store::Db;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};

#[path = "common/postgres.rs"]
mod postgres;

/// Fewer than these, and the search itself is broken.
const AT_LEAST: usize = 80;

#[derive(Debug)]
struct Statement {
    place: String,
    sql: String,
    sqlite: bool,
    postgres: bool,
}

/// A string literal of a source text, with what stands before it.
struct Literal<'s> {
    before: &'s str,
    line: usize,
    text: String,
}

/// The string literals of a source text. Comments are passed over, as are characters and lifetimes.
fn literals(source: &str) -> Vec<Literal<'_>> {
    let mut found = Vec::new();
    let (bytes, mut i) = (source.as_bytes(), 0);
    while i < bytes.len() {
        match bytes[i] {
            b'/' if bytes.get(i + 1) == Some(&b'/') => {
                i += source[i..].find('\n').unwrap_or(source.len() - i);
            }
            b'\'' if bytes.get(i + 2) == Some(&b'\'') => i += 3,
            b'"' => {
                let (start, mut text) = (i, Vec::new());
                i += 1;
                while bytes[i] != b'"' {
                    if bytes[i] == b'\\' {
                        i += 1;
                    }
                    text.push(bytes[i]);
                    i += 1;
                }
                i += 1;
                let line = source[..start].lines().count();
                found.push(Literal {
                    before: source[..start].trim_end(),
                    line,
                    text: String::from_utf8(text).unwrap(),
                });
            }
            _ => i += 1,
        }
    }
    found
}

/// The name of the macro whose call or definition this literal stands in first: `all!(`, or `people!(`.
fn called(before: &str) -> Option<&str> {
    let name = before.strip_suffix("!(")?;
    let begins = name.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    Some(&name[begins..])
}

fn is_sql(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or("");
    ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&first)
}

/// The statements of one file, and the literals that look like SQL and could not be placed.
fn statements(file: &str, source: &str) -> (Vec<Statement>, Vec<String>) {
    let (mut found, mut lost) = (Vec::new(), Vec::new());
    let mut heads: BTreeMap<String, String> = BTreeMap::new();
    for literal in literals(source) {
        let place = format!("{file}:{}", literal.line);
        let macro_name = called(literal.before).unwrap_or("");
        if macro_name == "concat" && is_sql(&literal.text) {
            let definition = literal.before.rsplit("macro_rules!").next().unwrap_or("");
            let name = definition.split_whitespace().next().unwrap_or("").to_string();
            heads.insert(name, literal.text);
            continue;
        }
        let sql = match heads.get(macro_name) {
            Some(head) => format!("{head}{}", literal.text),
            None if is_sql(&literal.text) => literal.text,
            None if literal.text.trim_start().starts_with("WHERE") => {
                lost.push(place);
                continue;
            }
            None => continue,
        };
        let near = &literal.before[literal.before.len().saturating_sub(60)..];
        let (sqlite, postgres) = (!near.contains("Tx::Postgres(_) =>"), !near.contains("Tx::Sqlite(_) =>"));
        found.push(Statement { place, sql, sqlite, postgres });
    }
    (found, lost)
}

fn all_statements() -> Vec<Statement> {
    let store = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut files: Vec<PathBuf> = fs::read_dir(store).unwrap().map(|entry| entry.unwrap().path()).collect();
    // The writer's own: BEGIN, COMMIT, savepoints and the lock are tried by every other test.
    files.retain(|file| !file.ends_with("writer.rs"));
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let (found, lost) = statements(&name, &fs::read_to_string(&file).unwrap());
        assert_eq!(lost, Vec::<String>::new(), "these texts belong to no statement that this test understands");
        all.extend(found);
    }
    all
}

async fn refused_by<C: Connection>(connection: &mut C, sql: &str) -> Option<String>
where
    for<'c> &'c mut C: Executor<'c>,
{
    let sql = AssertSqlSafe(sql.to_string()).into_sql_str();
    (&mut *connection).prepare(sql).await.err().map(|e| e.to_string())
}

#[tokio::test]
async fn every_statement_is_understood_by_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("soundings.db").display());
    let _db = Db::open(&url, "off").await.unwrap();
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let all = all_statements();
    assert!(all.len() >= AT_LEAST, "only {} statements were found", all.len());
    for s in all.iter().filter(|s| s.sqlite) {
        assert_eq!(refused_by(&mut connection, &s.sql).await, None, "{}: {}", s.place, s.sql);
    }
    assert!(refused_by(&mut connection, "SELECT id FROM contact WHERE emial = $1").await.is_some());
}

#[tokio::test]
async fn every_statement_is_understood_by_postgresql() {
    let Some(url) = postgres::fresh_database().await else { return };
    let _db = Db::open(&url, "off").await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let mut refused = Vec::new();
    for s in all_statements().iter().filter(|s| s.postgres) {
        let why = refused_by(&mut connection, &s.sql).await;
        refused.extend(why.map(|why| format!("{}: {why}: {}", s.place, s.sql)));
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(refused_by(&mut connection, "SELECT id FROM contact WHERE emial = $1").await.is_some());
}

#[test]
fn exactly_one_statement_has_two_spellings() {
    let all = all_statements();
    let only = |sqlite: bool| all.iter().filter(|s| s.sqlite == sqlite && s.postgres != sqlite).count();
    assert_eq!((only(true), only(false)), (1, 1));
}

/// The search itself: it finds what there is and says what it cannot place.
#[test]
fn texts_are_found_where_they_stand() {
    let source = "macro_rules! people {\n($rest:literal) => { concat!(\"SELECT a FROM b \", $rest) } }\n\
        // all!(tx, \"SELECT nothing\")\n let c = '\"'; all!(tx, people!(\"WHERE x = 'y'\"), x); run!(tx, \"DELETE FROM b\")";
    let (found, lost) = statements("x.rs", source);
    let texts: Vec<&str> = found.iter().map(|s| s.sql.as_str()).collect();
    assert_eq!(texts, ["SELECT a FROM b WHERE x = 'y'", "DELETE FROM b"]);
    assert!(lost.is_empty());
    assert_eq!(statements("x.rs", "all!(tx, someone!(\"WHERE x = 1\"))").1, ["x.rs:1"]);
}
