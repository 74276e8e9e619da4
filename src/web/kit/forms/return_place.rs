//! Where one stands after an act: at the row that it was about; where that has gone, at the next one; at last at the head of the list.
//!
//! A form names its places in its address, in this order. The answer leads to the first of them that the page has now: the page is looked
//! at as its reader is about to see it, so no fragment leads nowhere and no handler has to know what is on a list.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::web::kit::views::form::PLACES;

use super::query::{escape, pairs, without};

/// Larger than any page of rows.
const LARGEST: usize = 4 * 1024 * 1024;
/// At the top of every page.
const TOP: &str = "main";

/// Whether a form says where it stood.
pub fn is_named(uri: &Uri) -> bool {
    pairs(uri).iter().any(|(name, _)| name == PLACES)
}

/// Has the redirect of a form lead to where its reader stood. Stands outside the router: the page of the form is
/// another route than the form.
pub async fn lead(request: Request, pages: Next) -> Response {
    if request.method() != Method::POST || !is_named(request.uri()) {
        return pages.run(request).await;
    }
    let (form, headers) = (request.uri().clone(), request.headers().clone());
    let mut response = pages.clone().run(request).await;
    let form = &form;
    let named: Vec<String> = pairs(form).into_iter().filter(|(name, _)| name == PLACES).map(|(_, all)| all).collect();
    let there = response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("").to_string();
    if response.status() != StatusCode::SEE_OTHER || named.is_empty() || !there.starts_with('/') {
        return response;
    }
    let (there, chosen) = there.split_once('#').unwrap_or((&there, ""));
    let (path, said) = there.split_once('?').unwrap_or((there, ""));
    // The same list is shown in the same part.
    let again: Vec<&str> = said.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, _)| name).collect();
    let others = without(form, &[&again[..], &[PLACES, "done", "kept"]].concat());
    let there = if path == form.path() { format!("{path}?{others}{said}") } else { there.to_string() };
    let page = look(pages, &there, headers).await.unwrap_or_default();
    let on_page = |place: &&str| !place.is_empty() && page.contains(&format!("id=\"{place}\""));
    let places = [chosen].into_iter().chain(named.iter().flat_map(|all| all.split(',')));
    let place = places.chain([TOP]).find(on_page).unwrap_or(TOP);
    if let Ok(value) = HeaderValue::from_str(&format!("{}#{}", there.trim_end_matches('&'), escape(place))) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

async fn look(pages: Next, there: &str, headers: HeaderMap) -> Option<String> {
    let mut request = Request::builder().method(Method::GET).uri(there).body(Body::empty()).ok()?;
    *request.headers_mut() = headers;
    for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::ACCEPT_ENCODING] {
        request.headers_mut().remove(name);
    }
    // Nobody has opened it yet.
    request.headers_mut().insert("x-refresh", HeaderValue::from_static("1"));
    let page = pages.run(request).await;
    if page.status() != StatusCode::OK {
        return None;
    }
    let bytes = to_bytes(page.into_body(), LARGEST).await.ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
