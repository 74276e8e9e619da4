//! The API for other programs: what the console shows, as JSON, for whoever holds a key. It only reads.

pub(super) mod health;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;

use crate::base::problem::Kind;
use crate::steps::completion;
use crate::steps::installation::operators;
use crate::steps::plan::forecast;
use crate::store::round::rounds;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;

/// A program that has shown one of our keys.
pub struct Program;

/// The key of `Authorization: Bearer KEY`, if there is one and it is ours.
pub async fn has_key(web: &Web, headers: &HeaderMap) -> Result<bool, Failure> {
    let said = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or("");
    match said.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") && key.len() <= 200 => {
            Ok(operators::key_name(&web.ctx, key.trim()).await?.is_some())
        }
        _ => Ok(false),
    }
}

impl FromRequestParts<Web> for Program {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Program, Failure> {
        if has_key(web, &parts.headers).await? {
            return Ok(Program);
        }
        Err(Failure::new(
            StatusCode::UNAUTHORIZED,
            Kind::Forbidden,
            "This needs a key.",
            "Send `Authorization: Bearer KEY`; `soundings key add NAME` makes one.",
        ))
    }
}

pub async fn rounds(State(web): State<Web>, _: Program) -> Answer {
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
    Ok(Json(completion::status(&web.ctx, &slug).await?).into_response())
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
