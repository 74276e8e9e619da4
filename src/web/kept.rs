//! A form that was refused is shown again by a redirect, on every page: the page that the handler made is kept, and the browser is sent to
//! it (303), so that Back and Reload repeat nothing.
//!
//! The kept page is shown only where the page itself would be: who is logged out, or whose link is over, sees that instead.

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use crate::steps::kept;

use super::Web;

/// The word of the address under which a page is kept.
const WORD: &str = "kept";
/// Larger than any page that answers a form; what is larger answers it at once.
const LARGEST: u64 = 1024 * 1024;

/// Where on the page its reader stood: the id of a row or a form. Put into an answer by its handler.
#[derive(Clone)]
pub struct Place(pub String);

/// The same answer, at this place of the page.
pub fn at(place: impl Into<String>, mut response: Response) -> Response {
    response.extensions_mut().insert(Place(place.into()));
    response
}

pub async fn keep(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let response = next.run(request).await;
    if method == Method::POST && is_refused_form(&response) {
        return put_aside(&web, &uri, response).await;
    }
    match secret(&uri).filter(|_| method == Method::GET && response.status() == StatusCode::OK) {
        Some(secret) => bring(&web, &uri, &secret, response).await,
        None => response,
    }
}

/// A page for a person, about something that was not done.
fn is_refused_form(response: &Response) -> bool {
    let status = response.status();
    let page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let small = response.body().size_hint().upper().is_some_and(|size| size <= LARGEST);
    page && small && matches!(status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY)
}

async fn put_aside(web: &Web, uri: &Uri, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let page = match to_bytes(body, LARGEST as usize).await {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(why) => {
            tracing::error!(%why, "a page could not be read again");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let secret = match kept::keep(&web.ctx, uri.path(), page.clone()).await {
        Ok(secret) => secret,
        // Shown at once, as good as nothing kept.
        Err(problem) => {
            tracing::warn!(%problem, "a page could not be kept; it answers the form itself");
            return Response::from_parts(parts, Body::from(page));
        }
    };
    let place = parts.extensions.get::<Place>().map_or_else(String::new, |Place(id)| format!("#{id}"));
    let mut there = Redirect::to(&format!("{}?{}{WORD}={secret}{place}", uri.path(), words(uri))).into_response();
    for (name, value) in &parts.headers {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            there.headers_mut().append(name.clone(), value.clone());
        }
    }
    there
}

fn pairs(uri: &Uri) -> Vec<(String, String)> {
    Query::<Vec<(String, String)>>::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

fn secret(uri: &Uri) -> Option<String> {
    pairs(uri).into_iter().find(|(name, _)| name == WORD).map(|(_, value)| value)
}

/// What the address says beside, for the page that stands there when nothing is kept any more.
fn words(uri: &Uri) -> String {
    let others = pairs(uri).into_iter().filter(|(name, _)| name != WORD && name != "done");
    others.map(|(name, value)| format!("{}={}&", super::fields::escape(&name), super::fields::escape(&value))).collect()
}

async fn bring(web: &Web, uri: &Uri, secret: &str, mut response: Response) -> Response {
    match kept::kept(&web.ctx, uri.path(), secret).await {
        Ok(Some(page)) => {
            response.headers_mut().remove(header::CONTENT_LENGTH);
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            *response.body_mut() = Body::from(page);
            response
        }
        // Its hour is over: the page as it is now.
        Ok(None) => response,
        Err(problem) => {
            tracing::warn!(%problem, "a kept page could not be read");
            response
        }
    }
}
