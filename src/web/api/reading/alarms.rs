//! What is wrong, as the banner of the console has it.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::json;

use crate::store::alarm;
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;

pub async fn list(State(web): State<Web>) -> Answer {
    let raised = alarm::raised(&mut web.ctx.db.read().await?).await?;
    let items: Vec<_> = raised
        .iter()
        .map(|a| {
            json!({
                "id": a.id, "kind": a.kind.as_str(), "about": a.about, "what": a.what, "advice": a.advice,
                "since": a.since, "raised_at": a.raised_at,
            })
        })
        .collect();
    Ok(Json(json!({ "items": items })).into_response())
}
