//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that a program sends twice, because it does not know whether the
//! first has come through, is done once, and answered as it was.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::base::problem::{Kind, Problem};
use crate::base::seal::sha256;
use crate::rules::journal::Actor;
use crate::steps::installation::requests::{BeginRequest, EndRequest, Reply, Standing};
use crate::web::kit::forms::fields::{LARGEST_BODY, too_large};
use crate::web::kit::forms::files::{LARGEST_FILE, file_too_large};
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;
use crate::web::kit::urls;

use super::keys::Program;

pub use crate::steps::installation::requests::KEPT_HOURS;

pub const HEADER: &str = "Idempotency-Key";
pub const LONGEST: usize = 200;

pub async fn once(web: &Web, program: &Program, request: Request, next: Next) -> Response {
    match key_of(&request) {
        Ok(None) => next.run(request).await,
        Ok(Some(key)) => match done(web, program, key, request, next).await {
            Ok(response) => response,
            Err(failure) => failure.into_response(),
        },
        Err(failure) => failure.into_response(),
    }
}

/// With or without the quotes that the draft writes it in.
fn key_of(request: &Request) -> Result<Option<String>, Failure> {
    let Some(said) = request.headers().get(HEADER) else { return Ok(None) };
    let text = said.to_str().unwrap_or("").trim();
    let key = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    let fits = !key.is_empty() && key.len() <= LONGEST && key.bytes().all(|b| b.is_ascii_graphic());
    if fits {
        return Ok(Some(key.to_string()));
    }
    Err(Failure::new(
        StatusCode::BAD_REQUEST,
        Kind::Unusable,
        &format!("{HEADER} is 1 to {LONGEST} letters, digits and signs."),
        "A UUID that is drawn for the request is one.",
    ))
}

async fn done(web: &Web, program: &Program, request: String, sent: Request, next: Next) -> Result<Response, Failure> {
    let (parts, body) = sent.into_parts();
    let (largest, refused) = match urls::takes_files(parts.uri.path()) {
        true => (LARGEST_FILE, file_too_large as fn() -> Failure),
        false => (LARGEST_BODY, too_large as fn() -> Failure),
    };
    let body = to_bytes(body, largest).await.map_err(|_| refused())?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    // Without the host, which one way of sending names before the path and another does not.
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let fingerprint = sha256(format!("{} {address} {kind} {}", parts.method, sha256(&body)));
    let (web, key) = (web.clone(), program.name.clone());
    let begin = BeginRequest { key, request, fingerprint };
    let sent = Request::from_parts(parts, Body::from(body));
    // To its end, also when nobody waits for the answer any more: whoever sends it again hears what was done.
    let working = tokio::spawn(async move { begun(&web, begin, sent, next).await });
    working.await.map_err(|e| Problem::internal("The request was broken off.").because(e))?
}

async fn begun(web: &Web, begin: BeginRequest, sent: Request, next: Next) -> Result<Response, Failure> {
    let (key, request) = (begin.key.clone(), begin.request.clone());
    match web.ctx.order(&Actor::Program, begin).await? {
        Standing::Begun => {}
        Standing::Answered(reply) => return answered(reply),
        Standing::Running => {
            return Err(Problem::refused(
                "This request is being worked on, or was broken off.",
                "Wait and send it again; if it stays so, look whether it was done, and send it under a new key.",
            )
            .into());
        }
        Standing::Another => {
            return Err(Problem::unusable(
                format!("Something else was asked for under this {HEADER}."),
                "Draw a new key for each request.",
            )
            .into());
        }
    }
    let response = next.run(sent).await;
    let (parts, body) = response.into_parts();
    let kept = parts.status.is_success();
    let body: Bytes = to_bytes(body, usize::MAX)
        .await
        .map_err(|e| Problem::internal("The answer could not be made.").because(e.to_string()))?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let reply = kept.then(|| Reply {
        status: parts.status.as_u16(),
        content_type: kind.into(),
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    web.ctx.order(&Actor::Program, EndRequest { key, request, reply }).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn answered(reply: Reply) -> Result<Response, Failure> {
    let unread = || Problem::internal("What was answered before cannot be read.");
    let status = StatusCode::from_u16(reply.status).map_err(|_| unread())?;
    let kind = HeaderValue::from_str(&reply.content_type).map_err(|_| unread())?;
    let mut response = (status, reply.body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}
