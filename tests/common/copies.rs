//! Copies of databases: of a PostgreSQL database, as an operator restores one beside the one that runs, and of an empty database with the schema
//! of now. Most of a short test would go into the migrations; so they run once in each test process, and every test starts from a copy.

use std::path::Path;

use soundings::store::Db;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};
use tokio::sync::OnceCell;

use super::postgres;
use super::world::Place;

/// The URL of a new database with the schema of now and nothing in it; on SQLite a file in `folder`. `None` where there is no PostgreSQL.
pub async fn migrated(place: Place, folder: &Path) -> Option<String> {
    match place {
        Place::Sqlite => {
            let file = folder.join("soundings.db");
            std::fs::write(&file, migrated_file().await).unwrap();
            Some(format!("sqlite:{}", file.display()))
        }
        Place::Postgres => {
            static MIGRATED: OnceCell<Option<String>> = OnceCell::const_new();
            let made = MIGRATED.get_or_init(async || {
                let url = postgres::fresh_database().await?;
                Db::open(&url, "off").await.unwrap().close().await;
                Some(url)
            });
            let url = made.await.as_deref()?;
            postgres::database_like(url.rsplit_once('/').unwrap().1).await
        }
    }
}

async fn migrated_file() -> &'static [u8] {
    static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
    let made = MIGRATED.get_or_init(async || {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("soundings.db").display()), "off").await.unwrap();
        let copy = folder.path().join("copy.db");
        db.backup(&copy.display().to_string(), 0).await.unwrap();
        db.close().await;
        std::fs::read(copy).unwrap()
    });
    made.await
}

/// A copy of a database as it is now. Whoever is connected to it is sent away, and comes again.
pub async fn copy(url: &str) -> String {
    let (base, name) = url.rsplit_once('/').unwrap();
    let copy = format!("{name}_copy");
    let mut admin = PgConnection::connect(&format!("{base}/postgres")).await.unwrap();
    let away = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    let sql = format!("CREATE DATABASE {copy} TEMPLATE {name}");
    for sql in [away, sql] {
        admin.execute(AssertSqlSafe(sql).into_sql_str()).await.unwrap();
    }
    admin.close().await.unwrap();
    format!("{base}/{copy}")
}
