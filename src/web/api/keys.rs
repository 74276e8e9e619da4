//! Programs that have shown one of our keys.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use crate::base::problem::Kind;
use crate::rules::access::{Rights, Scope};
use crate::rules::journal::Actor;
use crate::steps::installation::operators;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;

/// A program that has shown one of our keys.
#[derive(Clone)]
pub struct Program {
    /// Of its key.
    pub name: String,
    pub rights: Rights,
}

impl Program {
    /// Who gives its orders.
    pub fn actor(&self) -> Actor {
        Actor::key(&self.name)
    }
}

/// Whose key stands in `Authorization: Bearer KEY`, if there is one and it is ours.
pub async fn program(web: &Web, headers: &HeaderMap) -> Result<Option<Program>, Failure> {
    let said = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or("");
    match said.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") && key.len() <= 200 => {
            let key = operators::key_of(&web.ctx, key.trim()).await?;
            Ok(key.map(|key| Program { rights: key.rights(), name: key.name }))
        }
        _ => Ok(None),
    }
}

/// Whether a key was shown that reads all rounds.
pub async fn reads_everything(web: &Web, headers: &HeaderMap) -> Result<bool, Failure> {
    let program = program(web, headers).await?;
    Ok(program.is_some_and(|p| p.rights.may(Scope::Read) && p.rights.reaches_everything()))
}

pub fn missing() -> Failure {
    Failure::new(
        StatusCode::UNAUTHORIZED,
        Kind::Forbidden,
        "This needs a key.",
        "Send `Authorization: Bearer KEY`; `soundings key add NAME` makes one.",
    )
}

/// Put there by the door.
impl FromRequestParts<Web> for Program {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Program, Failure> {
        parts.extensions.get::<Program>().cloned().ok_or_else(missing)
    }
}
