//! For tests: everything that a database holds, row by row, so that "nothing was changed" means just that.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::base::ids::ContactId;
use crate::store::Tx;

/// The rows of every table but these, as text, in no order of their own. SQLite only.
pub(super) async fn rows(tx: &mut Tx, but: &[&str]) -> BTreeMap<String, Vec<String>> {
    assert!(matches!(tx, Tx::Sqlite(_)), "a test of pages runs on SQLite");
    let Tx::Sqlite(connection) = tx else { return BTreeMap::new() };
    let connection: &mut SqliteConnection = connection;
    let tables: Vec<(String,)> = sqlx::query_as("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    let mut all = BTreeMap::new();
    for (table,) in tables.into_iter().filter(|(name,)| !but.contains(&name.as_str())) {
        let columns: Vec<(String,)> = sqlx::query_as("SELECT name FROM pragma_table_info($1) ORDER BY cid")
            .bind(&table)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        let told: Vec<String> = columns.iter().map(|(name,)| format!("'{name}=' || quote(\"{name}\")")).collect();
        let sql = format!("SELECT {} AS told FROM \"{table}\" ORDER BY told", told.join(" || ' ' || "));
        let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut *connection).await.unwrap();
        all.insert(table, rows.into_iter().map(|(row,)| row).collect());
    }
    all
}

/// Everybody of every round was invited and has not answered, all names are signed, and the list has a telephone.
pub(super) async fn everybody_can_be_called(tx: &mut Tx) {
    everybody_is_invited(tx).await;
    let Tx::Sqlite(connection) = tx else { return };
    let connection: &mut SqliteConnection = connection;
    let signed =
        "UPDATE contact SET standing = 'signed', signed_at = 1, more = '{\"Mobile\": \"+44 (0)20 7946 0018\"}'";
    sqlx::query(signed).execute(connection).await.unwrap();
}

/// No time is left for him before the close: he is away until then.
pub(super) async fn is_away_until_the_close(tx: &mut Tx, contact: &ContactId) {
    let Tx::Sqlite(connection) = tx else { return };
    let connection: &mut SqliteConnection = connection;
    let away = "UPDATE contact SET waiting_for = 'absent' WHERE id = $1";
    sqlx::query(away).bind(contact.as_str()).execute(connection).await.unwrap();
}

/// Everybody of every round was invited and has not answered.
pub(super) async fn everybody_is_invited(tx: &mut Tx) {
    assert!(matches!(tx, Tx::Sqlite(_)), "a test of pages runs on SQLite");
    let Tx::Sqlite(connection) = tx else { return };
    let connection: &mut SqliteConnection = connection;
    sqlx::query("UPDATE contact SET invited_at = 1, last_sent_at = 1").execute(connection).await.unwrap();
}
