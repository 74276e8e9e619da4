//! A newer program meets the database of an older one in which a wave is half sent: it brings the schema up to date and goes on.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqlSafeStr, SqliteConnection};

use super::f01_kills::kill_at;
use super::report;
use super::sink::{Act, Sink, Stage};
use super::site::{Place, Site};

const SOON: Duration = Duration::from_mins(1);
/// The schema of the first whole round.
const OLD: usize = 4;

fn old_schema() -> Migrator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let each = files.iter().take(OLD).enumerate().map(|(n, path)| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let sql = AssertSqlSafe(fs::read_to_string(path).unwrap()).into_sql_str();
        Migration::new(n as i64 + 1, name.into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(each.collect())
}

async fn names(c: &mut SqliteConnection, sql: String) -> Vec<String> {
    let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql).into_sql_str()).fetch_all(c).await.unwrap();
    rows.into_iter().map(|(name,)| name).collect()
}

async fn execute(c: &mut SqliteConnection, sql: String) {
    sqlx::query(AssertSqlSafe(sql).into_sql_str()).execute(c).await.unwrap();
}

/// The same rows in a database of the old schema: whatever the old one has columns for.
async fn as_it_was(new: &Path, old: &Path) {
    let options = SqliteConnectOptions::new().filename(old).create_if_missing(true).foreign_keys(false);
    let mut c = options.connect().await.unwrap();
    old_schema().run(&mut c).await.unwrap();
    execute(&mut c, format!("ATTACH '{}' AS new", new.display())).await;
    // What triggers count is counted already.
    let triggers = names(&mut c, "SELECT sql FROM main.sqlite_master WHERE type = 'trigger'".into()).await;
    for name in names(&mut c, "SELECT name FROM main.sqlite_master WHERE type = 'trigger'".into()).await {
        execute(&mut c, format!("DROP TRIGGER main.{name}")).await;
    }
    let tables = "SELECT name FROM main.sqlite_master WHERE type = 'table'
        AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'";
    for table in names(&mut c, tables.into()).await {
        let columns = names(&mut c, format!("SELECT name FROM pragma_table_info('{table}', 'main')")).await.join(", ");
        let copy = format!("INSERT OR REPLACE INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}");
        execute(&mut c, copy).await;
    }
    for sql in triggers {
        execute(&mut c, sql).await;
    }
    c.close().await.unwrap();
}

pub fn f28_an_upgrade_in_the_middle_of_a_wave_doubles_nothing(connections: usize) {
    let Some(site) = Site::new(Place::Sqlite, 80, connections) else { return };
    let sink = Sink::start();
    let aim = kill_at(&sink, Stage::Dot, 30);
    let daemon = site.spawn(&[], sink.port());
    aim.at(daemon.killer());
    daemon.wait(SOON);
    sink.wait_until_quiet();
    let doubted = site.ledger_of_the_dead().iter().filter(|row| row.state == "sending").count();
    report::add("F28 upgrade in a wave", site.place.name(), connections, &[doubted]);
    let (now, old) = (site.data.join("soundings.db"), site.data.join("old.db"));
    site.wait(as_it_was(&now, &old));
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(site.data.join(format!("soundings.db{end}")));
    }
    fs::rename(&old, &now).unwrap();
    // The old program kept no journal.
    fs::remove_dir_all(site.data.join("soundings.outbound")).unwrap();
    sink.behave(|_| Act::Usual);
    thread::sleep(Duration::from_millis(50));
    let daemon = site.start(&sink);
    site.wait_until_done(SOON);
    daemon.stop();
    assert_eq!(site.judged("F28 upgrade in a wave", &sink).in_doubt.len(), doubted);
}
