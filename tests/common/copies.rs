//! A copy of a PostgreSQL database, as an operator restores one beside the one that runs.

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};

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
