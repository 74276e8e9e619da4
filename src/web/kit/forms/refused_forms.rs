//! A form that was refused is shown again by a redirect, on every page: the page that the handler made is kept, and the browser is sent to
//! it (303), so that Back and Reload repeat nothing.
//!
//! The kept page is shown only where the page itself would be: who is logged out, or whose link is over, sees that instead.

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use crate::steps::installation::refused_forms;
use crate::web::kit::problem::Sentence;
use crate::web::kit::state::Web;
use crate::web::kit::views::form::PLACES;

use super::query::{pairs, without};

/// The word of the address under which a page is kept.
const WORD: &str = "kept";
/// Larger than any page that answers a form; what is larger answers it at once.
const LARGEST: u64 = 1024 * 1024;

/// Where on the page its reader stood: the id of a row or a form. Put into an answer by its handler.
#[derive(Clone)]
pub struct Place(pub String);

/// Before a kept sentence; a page begins otherwise.
const SENTENCE: &str = "sentence:";

/// The same answer, at this place of the page.
pub fn at(place: impl Into<String>, mut response: Response) -> Response {
    response.extensions_mut().insert(Place(place.into()));
    response
}

pub async fn keep(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    if method == Method::POST {
        let mut response = next.run(request).await;
        return match response.extensions_mut().remove::<Sentence>() {
            Some(Sentence(sentence)) => put_aside(&web, &uri, response, Some(sentence)).await,
            None if is_refused_form(&response) => put_aside(&web, &uri, response, None).await,
            None => response,
        };
    }
    let secret = secret(&uri).filter(|_| method == Method::GET);
    let Some(secret) = secret else { return next.run(request).await };
    let kept = refused_forms::kept(&web.ctx, uri.path(), &secret).await.unwrap_or_else(|problem| {
        tracing::warn!(%problem, "a kept page could not be read");
        None
    });
    match kept {
        Some(text) => match text.strip_prefix(SENTENCE) {
            Some(sentence) => {
                request.extensions_mut().insert(Sentence(sentence.into()));
                next.run(request).await
            }
            None => bring(text, next.run(request).await),
        },
        // Its hour is over: the page as it is now.
        None => next.run(request).await,
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

/// `sentence`: why it was refused, where the form has no page of its own for that.
async fn put_aside(web: &Web, uri: &Uri, response: Response, sentence: Option<String>) -> Response {
    let (parts, body) = response.into_parts();
    let page = match to_bytes(body, LARGEST as usize).await {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(why) => {
            tracing::error!(%why, "a page could not be read again");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let text = sentence.map_or_else(|| page.clone(), |sentence| format!("{SENTENCE}{sentence}"));
    let secret = match refused_forms::keep(&web.ctx, uri.path(), text).await {
        Ok(secret) => secret,
        // Shown at once, as good as nothing kept.
        Err(problem) => {
            tracing::warn!(%problem, "a page could not be kept; it answers the form itself");
            return Response::from_parts(parts, Body::from(page));
        }
    };
    let place = parts.extensions.get::<Place>().map_or_else(String::new, |Place(id)| format!("#{id}"));
    let words = without(uri, &[WORD, "done", PLACES]);
    let mut there = Redirect::to(&format!("{}?{words}{WORD}={secret}{place}", uri.path())).into_response();
    for (name, value) in &parts.headers {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            there.headers_mut().append(name.clone(), value.clone());
        }
    }
    there
}

fn secret(uri: &Uri) -> Option<String> {
    pairs(uri).into_iter().find(|(name, _)| name == WORD).map(|(_, value)| value)
}

/// Where the page itself would be shown.
fn bring(page: String, mut response: Response) -> Response {
    if response.status() == StatusCode::OK {
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        *response.body_mut() = Body::from(page);
    }
    response
}
