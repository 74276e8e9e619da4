//! The tables of a round in pages: the rows and the columns of the files that can be taken away (`steps::export`), told as far as those.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::{Map, Value as JsonValue, json};

use crate::rules::export::{Column, Table, Value};
use crate::steps::export;
use crate::web::api::door::InRound;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;

use super::cursor;

pub async fn contacts(State(web): State<Web>, round: InRound, Words(words): Words) -> Answer {
    page(&web, &round, &words, Table::Contacts).await
}

pub async fn accounts(State(web): State<Web>, round: InRound, Words(words): Words) -> Answer {
    page(&web, &round, &words, Table::Accounts).await
}

pub async fn messages(State(web): State<Web>, round: InRound, Words(words): Words) -> Answer {
    page(&web, &round, &words, Table::Messages).await
}

pub async fn responses(State(web): State<Web>, round: InRound, Words(words): Words) -> Answer {
    page(&web, &round, &words, Table::Responses).await
}

async fn page(web: &Web, InRound(live): &InRound, words: &Fields, table: Table) -> Answer {
    let (after, most) = cursor::asked(words);
    let page = export::page(&web.ctx, live, (table, words.get("state")), after, most).await?;
    let items = page.rows.iter().map(|row| object(&page.columns, row)).collect();
    Ok(Json(cursor::page(items, page.next.as_ref())).into_response())
}

fn object(columns: &[Column], row: &[Value]) -> JsonValue {
    columns.iter().zip(row).map(|(column, value)| (column.name.clone(), told(value))).collect::<Map<_, _>>().into()
}

/// As JSON lines of a file say it.
fn told(value: &Value) -> JsonValue {
    match value {
        Value::Nothing => JsonValue::Null,
        Value::Text(text) => json!(text),
        Value::Whole(n) => json!(n),
        Value::Share(share) => json!(share),
        Value::YesNo(yes) => json!(yes),
        Value::Instant(at) => json!(at.to_string()),
    }
}
