//! Rounds as JSON.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};

use crate::rules::completion::told::told;
use crate::rules::participation::Participation;
use crate::steps::completion;
use crate::steps::plan::forecast;
use crate::store::round::rounds;
use crate::web::api::door::InRound;
use crate::web::api::keys::Program;
use crate::web::api::schemas::{named, object};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;

pub fn schema() -> Value {
    object(&[("rounds", json!({ "type": "array", "items": named("Round") }))])
}

pub async fn list(State(web): State<Web>, program: Program) -> Answer {
    let mut tx = web.ctx.db.read().await?;
    let all = rounds::list(&mut tx).await?;
    let all: Vec<_> = all
        .iter()
        .filter(|r| program.rights.reaches(&r.slug, &r.client))
        .map(|r| {
            json!({ "round": r.slug, "client": r.client, "state": r.state, "created_at": r.created_at, "closes_at": r.closes_at })
        })
        .collect();
    Ok(Json(json!({ "rounds": all })).into_response())
}

pub async fn status(State(web): State<Web>, InRound(live): InRound) -> Answer {
    let mut tx = web.ctx.db.read().await?;
    let status = completion::status_of(&web.ctx, &mut tx, &live).await?;
    // What is told to programs is told to whoever asks them.
    Ok(match live.spec.participation {
        Participation::Names => Json(status).into_response(),
        rule => Json(told(&status, rule)).into_response(),
    })
}

pub fn plan_schema() -> Value {
    object(&[
        ("round", json!({ "type": "string" })),
        ("messages", json!({ "type": "array", "items": named("Message") })),
        ("summary", named("PlanSummary")),
    ])
}

pub async fn plan(State(web): State<Web>, InRound(live): InRound) -> Answer {
    let pieces = forecast::plan_of(&web.ctx, &live.slug).await?.json(&live.slug);
    let body = Body::from_stream(stream::iter(pieces));
    Ok(as_json(body))
}

fn as_json(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
