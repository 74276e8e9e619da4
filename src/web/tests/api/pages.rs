//! Lists in pages: every row once and in order, whatever the size of a page, and with the columns of the files.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::Value;

use crate::rules::export::Table;
use crate::rules::participation::Participation;
use crate::steps::export::{Of, Source};
use crate::web::tests::fixture::*;

use super::*;

async fn all(h: &House, key: &str, list: &str, limit: usize) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let at = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
        let page = read(&get(h, &format!("/api/v1/rounds/{FIRST}/{list}?limit={limit}{at}"), key).await);
        let found = page["items"].as_array().unwrap();
        assert!(found.len() <= limit);
        items.extend(found.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = next.to_string(),
            None => return items,
        }
    }
}

#[tokio::test]
async fn pages_of_every_size_hold_each_row_once() {
    let h = house().await;
    let key = key(&h).await;
    for (list, table) in [("contacts", Table::Contacts), ("accounts", Table::Accounts), ("messages", Table::Messages)] {
        let live = h.ctx.live_by_slug(&mut h.ctx.db.read().await.unwrap(), FIRST).await.unwrap();
        let mut source = Source::open(&h.ctx, &live, Of::all(table)).await.unwrap();
        let columns: BTreeSet<String> = source.columns().iter().map(|c| c.name.clone()).collect();
        let mut rows = 0;
        while let Some(piece) = source.piece().await.unwrap() {
            rows += piece.len();
        }
        let whole = all(&h, &key, list, 500).await;
        assert_eq!(whole.len(), rows, "{list}");
        for limit in [1, 7, rows.max(1)] {
            assert_eq!(all(&h, &key, list, limit.min(500)).await, whole, "{list} by {limit}");
        }
        let names: BTreeSet<String> = whole.iter().flat_map(|row| row.as_object().unwrap().keys().cloned()).collect();
        assert!(columns.is_subset(&names) || rows == 0, "{list}: {columns:?} {names:?}");
    }
    let journal = all(&h, &key, "journal", 1).await;
    assert!(journal.len() > 1 && journal == all(&h, &key, "journal", 500).await, "{journal:?}");
    assert!(all(&h, &key, "responses", 3).await.is_empty() && all(&h, &key, "repairs", 3).await.is_empty());
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused_or_reads_that_list() {
    let h = house().await;
    let key = key(&h).await;
    let page = read(&get(&h, &format!("/api/v1/rounds/{FIRST}/contacts?limit=1"), &key).await);
    let cursor = page["next"].as_str().unwrap();
    for list in ["messages", "repairs", "journal", "responses"] {
        let said = get(&h, &format!("/api/v1/rounds/{FIRST}/{list}?cursor={cursor}"), &key).await;
        told(&said, StatusCode::UNPROCESSABLE_ENTITY);
    }
    read(&get(&h, &format!("/api/v1/rounds/{FIRST}/accounts?cursor={cursor}"), &key).await);
}

#[tokio::test]
async fn of_a_round_that_tells_numbers_nobody_who_answered_is_named() {
    let h = house_that_tells(Participation::Counts).await;
    let key = key(&h).await;
    told(&get(&h, &format!("/api/v1/rounds/{FIRST}/responses"), &key).await, StatusCode::CONFLICT);
    for contact in all(&h, &key, "contacts", 100).await {
        assert!(contact["soundings_started_at"].is_null() && contact["soundings_messages"].is_null());
    }
}
