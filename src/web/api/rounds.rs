//! Rounds as JSON.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;

use crate::rules::completion::told::told;
use crate::rules::participation::Participation;
use crate::steps::completion;
use crate::steps::plan::forecast;
use crate::store::round::rounds;
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;

use super::keys::Program;

pub async fn list(State(web): State<Web>, _: Program) -> Answer {
    let mut tx = web.ctx.db.read().await?;
    let all = rounds::list(&mut tx).await?;
    let all: Vec<_> = all
        .iter()
        .map(|r| {
            json!({ "round": r.slug, "client": r.client, "state": r.state, "created_at": r.created_at, "closes_at": r.closes_at })
        })
        .collect();
    Ok(Json(json!({ "rounds": all })).into_response())
}

pub async fn status(State(web): State<Web>, _: Program, Path(slug): Path<String>) -> Answer {
    let mut tx = web.ctx.db.read().await?;
    let live = web.ctx.live_by_slug(&mut tx, &slug).await?;
    let status = completion::status_of(&web.ctx, &mut tx, &live).await?;
    // What is told to programs is told to whoever asks them.
    Ok(match live.spec.participation {
        Participation::Names => Json(status).into_response(),
        rule => Json(told(&status, rule)).into_response(),
    })
}

pub async fn plan(State(web): State<Web>, _: Program, Path(slug): Path<String>) -> Answer {
    let pieces = forecast::plan_of(&web.ctx, &slug).await?.json(&slug);
    let body = Body::from_stream(stream::iter(pieces));
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// Describes itself to everybody: it holds nothing of any round.
pub async fn description() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("openapi.json")).into_response()
}
