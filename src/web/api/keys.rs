//! Programs that have shown one of our keys.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use crate::base::problem::Kind;
use crate::steps::installation::operators;
use crate::web::kit::problem::Failure;
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
