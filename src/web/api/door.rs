//! What stands before every operation of the API: the key and what it may, the round of the address and whether there is one for this key,
//! and what the request says of itself. All of it as the table of operations describes it, so that no handler has to ask again.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::base::problem::{Kind, Problem};
use crate::steps::Live;
use crate::steps::context::unknown;
use crate::steps::export::Position;
use crate::store::round::rounds;
use crate::web::kit::forms::query::pairs;
use crate::web::kit::problem::Failure;
use crate::web::kit::problem_document::{LOOK_IT_UP, MEDIA_TYPE};
use crate::web::kit::state::Web;

use super::idempotency;
use super::keys::{self, Program};
use super::operation::{Answers, Needs, Operation, Said};

/// The round of the address, which the key reaches.
#[derive(Clone)]
pub struct InRound(pub Arc<Live>);

impl FromRequestParts<Web> for InRound {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<InRound, Failure> {
        parts.extensions.get::<InRound>().cloned().ok_or_else(Failure::unknown)
    }
}

pub async fn check(
    State((web, operation)): State<(Web, &'static Operation)>,
    named: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let program = match admitted(&web, operation, &named, &mut request).await {
        Ok(program) => program,
        Err(failure) => return failure.into_response(),
    };
    match program {
        Some(program) if operation.body.is_some() => idempotency::once(&web, &program, request, next).await,
        _ => next.run(request).await,
    }
}

async fn admitted(
    web: &Web,
    operation: &Operation,
    named: &RawPathParams,
    request: &mut Request,
) -> Result<Option<Program>, Failure> {
    let program = match operation.needs.scope() {
        None => None,
        Some(scope) => {
            let program = keys::program(web, request.headers()).await?.ok_or_else(keys::missing)?;
            if !program.rights.may(scope) {
                let what = format!("The key {} may not do this.", program.name);
                let next = format!("It needs the scope {scope}: `soundings key add NAME --scope {scope}` makes one.");
                return Err(Failure::forbidden(&what, &next));
            }
            if matches!(operation.needs, Needs::KeyForAll(_)) && !program.rights.reaches_everything() {
                let what = format!("The key {} is limited to rounds, and this is of all.", program.name);
                return Err(Failure::forbidden(&what, "Use a key that is limited to none."));
            }
            Some(program)
        }
    };
    if let Some((_, slug)) = named.iter().find(|(name, _)| *name == "round") {
        let mut tx = web.ctx.db.read().await?;
        let brief = rounds::brief_by_slug(&mut tx, slug).await?;
        let reached = brief.filter(|of| program.as_ref().is_none_or(|p| p.rights.reaches(&of.slug, &of.client)));
        // Read when it is reached: what is wrong with a round tells that there is one.
        let live = web.ctx.live(&mut tx, &reached.ok_or_else(|| unknown(slug))?).await?;
        request.extensions_mut().insert(InRound(live));
    }
    fits(operation, request)?;
    if let Some(program) = &program {
        request.extensions_mut().insert(program.clone());
    }
    Ok(program)
}

/// Whether the request is one of those that are described.
fn fits(operation: &Operation, request: &Request) -> Result<(), Failure> {
    let own = match operation.answers {
        Answers::Json(_) => "application/json",
        Answers::Text(_) => "text/plain",
    };
    if !accepts(request.headers(), own) {
        return Err(Failure::new(
            StatusCode::NOT_ACCEPTABLE,
            Kind::Unusable,
            &format!("This address answers with {own} only."),
            "Send no `Accept`, or one that takes it.",
        ));
    }
    if let Some(body) = operation.body {
        let wanted = body.media_type();
        let said = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let sent = said.split(';').next().unwrap_or("").trim();
        if !sent.eq_ignore_ascii_case(wanted) {
            return Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Kind::Unusable,
                &format!("This address takes {wanted} only."),
                &format!("Send it with `Content-Type: {wanted}`."),
            ));
        }
    }
    said(operation, request.uri()).map_err(|problem| Failure::Problem(StatusCode::BAD_REQUEST, problem))
}

/// What stands behind the question mark is what the table says, as far as the table knows the names. What does something takes no others:
/// a list that was sent with a misspelt `preview` is not meant to be loaded.
fn said(operation: &Operation, uri: &Uri) -> Result<(), Problem> {
    let said = pairs(uri);
    let unknown = said.iter().find(|(name, _)| operation.query.iter().all(|parameter| name != parameter.name));
    if let Some((name, _)) = unknown.filter(|_| operation.body.is_some()) {
        return Err(Problem::unusable(format!("This address takes no {name}."), LOOK_IT_UP));
    }
    for parameter in operation.query {
        for (_, value) in said.iter().filter(|(name, _)| name == parameter.name) {
            let (fits, wanted) = match parameter.kind {
                Said::UpTo(most) => {
                    (value.parse().is_ok_and(|n: i64| (1..=most).contains(&n)), format!("a number from 1 to {most}"))
                }
                Said::Cursor => (Position::decoded(value).is_some(), "`next` of the page before, as it was".into()),
                Said::YesNo => (matches!(value.as_str(), "true" | "false"), "`true` or `false`".into()),
                Said::OneOf(words) => (words.contains(&value.as_str()), format!("one of {}", words.join(", "))),
            };
            if !fits {
                let name = parameter.name;
                return Err(Problem::unusable(format!("{name} is {wanted}."), LOOK_IT_UP));
            }
        }
    }
    Ok(())
}

/// Whether one of the ranges of `Accept` takes this kind, or that of problems. Weights order what is taken; only 0 refuses.
fn accepts(headers: &HeaderMap, own: &str) -> bool {
    let all: Vec<&str> = headers.get_all(header::ACCEPT).iter().map(|v| v.to_str().unwrap_or("")).collect();
    let all = all.join(",");
    let mut ranges = all.split(',').map(str::trim).filter(|range| !range.is_empty()).peekable();
    if ranges.peek().is_none() {
        return true;
    }
    ranges.any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or("").to_ascii_lowercase();
        let refused = parts.any(|p| {
            p.strip_prefix("q=").is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
        });
        let group = own.split('/').next().unwrap_or("");
        let takes = kind == "*/*" || kind == own || kind == MEDIA_TYPE || kind == format!("{group}/*");
        takes && !refused
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn what_is_taken_is_served_and_nothing_else() {
        let takes = |said: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in said {
                headers.append(header::ACCEPT, HeaderValue::from_static(value));
            }
            accepts(&headers, "application/json")
        };
        for good in [
            &[][..],
            &[""],
            &["*/*"],
            &["application/json"],
            &["Application/JSON; charset=utf-8"],
            &["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
            &["text/html", "application/*;q=0.1"],
            &["application/problem+json, application/json"],
        ] {
            assert!(takes(good), "{good:?}");
        }
        for bad in [&["text/html"][..], &["application/json;q=0"], &["application/xml, text/*"], &["*"]] {
            assert!(!takes(bad), "{bad:?}");
        }
    }
}
