//! Every SQL text of `src/store` is prepared on both databases, so that a typing error never waits for its story.
//!
//! Texts are found in the source, not listed by hand. Those behind macros of the file (`people!("WHERE ...")`), or of another file that gives
//! its own to the room, are put together as the compiler does; what has two spellings is tried each on its own database.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use soundings::rules::change::Stage;
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
    /// `run`, `all`, ...
    call: String,
    /// News to nobody.
    quiet: bool,
}

/// A source text that is read from left to right.
struct Source<'s> {
    text: &'s str,
    at: usize,
}

impl<'s> Source<'s> {
    fn rest(&self) -> &'s str {
        &self.text[self.at..]
    }

    fn skip(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
    }

    fn takes(&mut self, word: &str) -> bool {
        self.skip();
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// A string literal, as the compiler reads it.
    fn literal(&mut self) -> Option<String> {
        self.takes("\"").then_some(())?;
        let mut text = String::new();
        let mut characters = self.rest().char_indices();
        while let Some((i, c)) = characters.next() {
            match c {
                '"' => {
                    self.at += i + 1;
                    return Some(text);
                }
                '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
                _ => text.push(c),
            }
        }
        None
    }

    /// The name before `!(`, with the opening taken.
    fn call(&mut self) -> Option<&'s str> {
        self.skip();
        let end = self.rest().find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
        let name = &self.rest()[..end];
        self.rest()[end..].starts_with("!(").then_some(())?;
        self.at += end + 2;
        Some(name)
    }

    /// What a string expression says: a literal, `concat!`, or a macro of this file.
    fn text_of(&mut self, macros: &BTreeMap<&str, &str>, given: &str) -> Option<String> {
        if let Some(text) = self.literal() {
            return Some(text);
        }
        if self.takes("$rest") {
            return Some(given.into());
        }
        let name = self.call()?;
        let mut arguments = String::new();
        while !self.takes(")") {
            arguments.push_str(&self.text_of(macros, given)?);
        }
        if name == "concat" {
            return Some(arguments);
        }
        Source { text: macros.get(name)?, at: 0 }.text_of(macros, &arguments)
    }
}

/// The source without its comments; strings are left alone.
fn without_comments(source: &str) -> String {
    let mut out = String::new();
    for line in source.lines() {
        let comment = line.trim_start().starts_with("//");
        out.push_str(if comment { "" } else { line });
        out.push('\n');
    }
    out
}

/// The macros that a source defines: by name, what they put in place of themselves.
fn macros(source: &str) -> BTreeMap<&str, &str> {
    let definitions = source.match_indices("macro_rules! ").filter_map(|(at, word)| {
        let (name, body) = source[at + word.len()..].split_once(" {")?;
        Some((name, body.split_once("=> {")?.1))
    });
    definitions.collect()
}

/// The statements of one file, and the places of calls whose text is not understood. `shared`: macros that other files give to the room.
fn statements(file: &str, source: &str, shared: &BTreeMap<&str, &str>) -> (Vec<Statement>, Vec<String>) {
    let source = without_comments(source);
    let mut macros = macros(&source);
    for (name, body) in shared {
        macros.entry(name).or_insert(body);
    }
    let (mut found, mut lost) = (Vec::new(), Vec::new());
    let calls = ["run!(", "all!(", "one!(", "maybe!(", "readable!(", "searching!("];
    let mut begins: Vec<usize> =
        calls.iter().flat_map(|call| source.match_indices(call).map(|(at, _)| at + call.len())).collect();
    begins.sort_unstable();
    for begin in begins {
        let place = format!("{file}:{}", source[..begin].lines().count());
        let before = source[..begin].trim_end_matches(|c: char| c.is_alphabetic() || "!( \n".contains(c));
        let second = source[begin..].find(',').map_or(begin, |comma| begin + comma);
        match (Source { text: &source, at: second }).text_of(&macros, "") {
            Some(sql) => {
                let (sqlite, postgres) =
                    (!before.ends_with("Tx::Postgres(_) =>"), !before.ends_with("Tx::Sqlite(_) =>"));
                let call: String = source[..begin - 2].rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("").into();
                let quiet = source[begin..second].trim_start().starts_with("quiet ");
                found.push(Statement { place, sql, sqlite, postgres, call, quiet });
            }
            None => lost.push(place),
        }
    }
    (found, lost)
}

/// Every source file in a folder and the folders in it.
fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, files) } else { files.push(path) }
    }
}

fn all_statements() -> Vec<Statement> {
    let store = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut files = Vec::new();
    files_below(&store, &mut files);
    // The writer's own: BEGIN, COMMIT, savepoints and the lock are tried by every other test. The macros are defined in tx.rs.
    files.retain(|file| !file.ends_with("writer.rs") && !file.ends_with("tx.rs"));
    files.sort();
    let sources: Vec<String> = files.iter().map(|file| without_comments(&fs::read_to_string(file).unwrap())).collect();
    let given = |source: &str, name: &str| source.contains(&format!("pub(crate) use {name};"));
    let shared = sources.iter().flat_map(|source| macros(source).into_iter().filter(|(name, _)| given(source, name)));
    let shared: BTreeMap<&str, &str> = shared.collect();
    let mut all = Vec::new();
    for (file, source) in files.iter().zip(&sources) {
        let name = file.strip_prefix(&store).unwrap().display().to_string();
        let (found, lost) = statements(&name, source, &shared);
        assert_eq!(lost, Vec::<String>::new(), "the text of these statements is not understood by this test");
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
fn exactly_two_statements_have_two_spellings() {
    // Backups and checks of a whole database, in `database/db.rs`, are each database's own.
    let all: Vec<Statement> = all_statements().into_iter().filter(|s| !s.place.starts_with("database/db.rs")).collect();
    let only = |sqlite: bool| all.iter().filter(|s| s.sqlite == sqlite && s.postgres != sqlite).count();
    // The claim, and the settling and marking of what waits.
    assert_eq!((only(true), only(false)), (2, 2));
}

fn writes(sql: &str) -> bool {
    ["INSERT INTO ", "UPDATE ", "DELETE FROM "].iter().any(|verb| {
        let at_a_clause = |at: usize| at == 0 || !sql[..at].trim_end().ends_with(|c: char| c.is_alphabetic());
        sql.match_indices(verb).any(|(at, _)| at_a_clause(at))
    })
}

/// What a statement of `store` changes is told (decision 0039) because its macro marks it, under the stage of its folder. What is news to
/// nobody stands here by name: whoever adds a line has thought about who looks at it.
#[test]
fn every_change_is_told_but_these() {
    const QUIET: [(&str, &str, usize); 28] = [
        // A note of use.
        ("installation/operators.rs", "UPDATE session SET seen_at", 1),
        ("installation/programs.rs", "UPDATE api_key SET used_at", 1),
        // Kept for the program that has asked, under its own key.
        ("installation/programs.rs", "INSERT INTO api_request", 1),
        ("installation/programs.rs", "UPDATE api_request", 1),
        ("installation/programs.rs", "DELETE FROM api_request", 3),
        // Answered by its own time, for operators and for nobody alike.
        ("installation/operators.rs", "INSERT INTO login_request", 1),
        ("installation/operators.rs", "DELETE FROM login_request", 1),
        // Kept for the one who has its address.
        ("installation/refused_forms.rs", "INSERT INTO kept_page", 1),
        ("installation/refused_forms.rs", "DELETE FROM kept_page", 1),
        // A file that waits for a word changes nobody.
        ("contacts/uploads.rs", "INSERT INTO list_upload", 2),
        ("contacts/uploads.rs", "UPDATE list_upload", 3),
        ("contacts/uploads.rs", "DELETE FROM list_upload", 5),
        ("contacts/uploads.rs", "INSERT INTO column_choice", 1),
        ("contacts/uploads.rs", "DELETE FROM column_choice", 1),
        // The journal's entry itself is told.
        ("journal/chain.rs", "UPDATE chain", 1),
        ("journal/chain.rs", "INSERT INTO chain", 1),
        ("journal/round_chain.rs", "UPDATE round_chain", 1),
        ("journal/round_chain.rs", "INSERT INTO round_chain", 1),
        // Leases and signs of life.
        ("handover.rs", "UPDATE handoff SET lease_until", 2),
        ("handover/events.rs", "UPDATE event SET lease_until", 2),
        ("sending/claim.rs", "UPDATE message SET state = 'claimed'", 1),
        ("sending/claim.rs", "WITH due AS MATERIALIZED", 1),
        ("sending/senders.rs", "INSERT INTO sender", 1),
        ("sending/senders.rs", "UPDATE sender SET beats", 1),
        ("sending/suspects.rs", "UPDATE message SET suspect", 2),
        // That an alarm is still so, and a lease.
        ("alarm.rs", "UPDATE alarm SET what", 1),
        ("alarm.rs", "UPDATE alarm_call SET lease_until", 1),
        // The mails themselves are told.
        ("replies.rs", "INSERT INTO mailbox", 1),
    ];
    let all = all_statements();
    let is_quiet = |s: &&Statement| s.quiet;
    let of = |file: &str, begins: &str| {
        let named = |s: &&Statement| s.place.starts_with(&format!("{file}:")) && s.sql.starts_with(begins);
        all.iter().filter(is_quiet).filter(named).count()
    };
    for (file, begins, times) in QUIET {
        assert_eq!(of(file, begins), times, "{file}: {begins}");
    }
    let named: usize = QUIET.iter().map(|(_, _, times)| times).sum();
    assert_eq!(all.iter().filter(is_quiet).count(), named, "{:?}", all.iter().filter(is_quiet).collect::<Vec<_>>());
    let told: Vec<&Statement> = all.iter().filter(|s| writes(&s.sql) && !s.quiet).collect();
    assert!(told.len() > 120, "only {} statements write", told.len());
    for s in told {
        // Those of the database itself bring it up to date before anybody listens, or are what is told.
        let stage = s.place.split(['/', '.']).next().unwrap_or_default();
        assert!(stage == "database" || Stage::parse(stage).is_some(), "{}: no stage", s.place);
        // The macros that give rows know by this that rows were written (`store/database/marks.rs`).
        let gives_rows = !s.sql.starts_with("SELECT") && s.sql.contains(" RETURNING ");
        assert!(s.call == "run" || gives_rows, "{}: {}", s.place, s.sql);
    }
}

/// Nothing is written past the macros.
#[test]
fn sqlx_is_called_by_the_macros_alone() {
    let mut files = Vec::new();
    files_below(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let calls = |file: &PathBuf| fs::read_to_string(file).is_ok_and(|text| text.contains("sqlx::query"));
    let mut past: Vec<_> = files.iter().filter(|file| calls(file)).filter_map(|file| file.file_name()).collect();
    past.sort();
    // `whole.rs` reads all tables for tests.
    assert_eq!(past, ["tx.rs", "whole.rs"]);
}

/// The search itself: it finds what there is and says what it does not understand.
#[test]
fn texts_are_found_where_they_stand() {
    let source = r#"macro_rules! people { ($rest:literal) => { concat!("SELECT a FROM b ", $rest) } }
        macro_rules! some { () => { "WHERE y = \"z\"" } }
        // all!(tx, "SELECT nothing")
        all!(quiet tx, people!("WHERE x = 'y'"), x);
        Tx::Sqlite(_) => all!(tx, concat!(people!(""), some!(), " LIMIT 1"), x); run!(tx, "DELETE FROM b")"#;
    let shared = BTreeMap::from([("theirs", "\"WHERE z = 1\" } }")]);
    let (found, lost) = statements("x.rs", source, &shared);
    let texts: Vec<&str> = found.iter().map(|s| s.sql.as_str()).collect();
    assert_eq!(texts, ["SELECT a FROM b WHERE x = 'y'", "SELECT a FROM b WHERE y = \"z\" LIMIT 1", "DELETE FROM b"]);
    assert_eq!(found.iter().map(|s| s.postgres).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(
        found.iter().map(|s| (s.call.as_str(), s.quiet)).collect::<Vec<_>>(),
        [("all", true), ("all", false), ("run", false)]
    );
    assert!(
        writes("DELETE FROM b")
            && writes("WITH a AS (UPDATE b SET c = 1) SELECT 1")
            && !writes("SELECT 1 FOR UPDATE SKIP LOCKED")
    );
    assert!(lost.is_empty());
    assert_eq!(statements("x.rs", "all!(tx, theirs!())", &shared).0[0].sql, "WHERE z = 1");
    assert_eq!(statements("x.rs", "all!(tx, someone!(\"WHERE x = 1\"))", &shared).1, ["x.rs:1"]);
}
