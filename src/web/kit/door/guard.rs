//! Around every page: whose host was asked for, where a form comes from, how large and how slow a request may be, and the headers
//! that every answer carries. Nothing behind this has to think of it again.

use std::any::Any;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::base::problem::{Kind, Problem};
use crate::steps::contacts::upload::SLOWEST;
use crate::web::kit::forms::fields::{LARGEST_BODY, LARGEST_SETTINGS, settings_too_large, too_large};
use crate::web::kit::forms::files::{LARGEST_FILE, file_too_large};
use crate::web::kit::forms::return_place;
use crate::web::kit::problem::{Failure, told};
use crate::web::kit::problem_document::LOOK_IT_UP;
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::assets::CONTENT_SECURITY_POLICY;

use super::damaged_links;

const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// The largest file at the slowest rate: who sends less is ended long before, by the page that takes the file.
const LONGER_FOR_FILES: Duration = Duration::from_secs(LARGEST_FILE as u64 / SLOWEST);

/// The outermost: tells what went wrong and dresses the answer.
pub async fn dress(State(web): State<Web>, request: Request, next: Next) -> Response {
    let posted = request.method() == Method::POST;
    let form = posted.then(|| return_place::is_named(request.uri()));
    let path = request.uri().path().to_string();
    let reader = damaged_links::language(request.uri(), request.headers());
    let response = told(&web, &path, reader.code, form, next.run(request).await);
    let mut response = damaged_links::told(&path, reader, response);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        // A page that frames a letter, and the letter in its frame, say so themselves.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if web.origin.https {
        let a_year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, a_year);
    }
    response
}

/// Refuses what is not for us (S22), what another site sends (S14), what is too large and what takes too long.
pub async fn check(State(web): State<Web>, request: Request, next: Next) -> Response {
    if let Some(failure) = refusal(&web, &request) {
        return failure.into_response();
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let uploads = changes && urls::takes_files(request.uri().path());
    let patience = if uploads { web.patience + LONGER_FOR_FILES } else { web.patience };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::from(took_too_long(changes)).into_response(),
    }
}

/// What was sent may wait for its turn to be written, and is written when it comes: whoever waited is not told that it failed.
fn took_too_long(changes: bool) -> Problem {
    if changes {
        let what = "This took longer than we wait for. It may have been saved.";
        return Problem::new(Kind::Unavailable, what, "Open the page again and look before you send it once more.")
            .unless_saved();
    }
    Problem::new(Kind::Unavailable, "This took too long, so it was ended.", "Try again in a minute.")
}

fn refusal(web: &Web, request: &Request) -> Option<Failure> {
    // Load balancers ask by address, and these two answers hold nothing; figures are asked for by any name and look at it themselves.
    let probe = urls::is_probe(request.uri().path());
    if !probe && !host_is_ours(web, request.uri(), request.headers()) {
        return Some(Failure::new(
            StatusCode::MISDIRECTED_REQUEST,
            Kind::Unusable,
            "This address is not one of ours.",
            "Open the link in the mail once more.",
        ));
    }
    let read_only = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // The one-click opt-out comes from anywhere; its page checks the rest itself.
    let one_click = urls::is_of_opting_out(request.uri().path());
    if !read_only && !one_click && is_foreign(web, request.headers()) {
        return Some(foreign());
    }
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    let takes_files = urls::takes_files(request.uri().path());
    let (most, too_large) = if takes_files {
        (LARGEST_FILE, file_too_large as fn() -> Failure)
    } else if urls::takes_settings(request.uri().path()) {
        (LARGEST_SETTINGS, settings_too_large as fn() -> Failure)
    } else {
        (LARGEST_BODY, too_large as fn() -> Failure)
    };
    declared.is_some_and(|length| length > most).then(too_large)
}

pub fn foreign() -> Failure {
    Failure::forbidden("This form was sent from another site than ours.", "Open our own page and use the form there.")
}

fn host_is_ours(web: &Web, uri: &Uri, headers: &HeaderMap) -> bool {
    let mut stated: Vec<&str> = Vec::new();
    stated.extend(uri.authority().map(|a| a.as_str()));
    for name in ["host", "x-forwarded-host"] {
        for value in headers.get_all(name) {
            // A name in UTF-8 is one too.
            let Ok(value) = std::str::from_utf8(value.as_bytes()) else { return false };
            stated.extend(value.split(','));
        }
    }
    !stated.is_empty() && stated.into_iter().all(|host| web.origin.is_ours(host))
}

/// Whether a browser says that another site made it send this.
pub fn is_foreign(web: &Web, headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).map_or("", |v| std::str::from_utf8(v.as_bytes()).unwrap_or("?"));
    let origin = said("origin");
    // Our pages send no referrer, so their own forms come with the origin `null`.
    let other =
        !matches!(origin, "" | "null") && !origin.split_once("://").is_some_and(|(_, host)| web.origin.is_ours(host));
    matches!(said("sec-fetch-site"), "cross-site" | "same-site") || other
}

/// A mistake of ours in a handler: one page fails, the program goes on.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Failure::from(Problem::internal("The page could not be made.").because("a panic; see the log")).into_response()
}

pub async fn no_page(uri: Uri) -> Failure {
    if urls::is_of_the_api(uri.path()) {
        return Problem::not_found("There is nothing at this address.", LOOK_IT_UP).into();
    }
    Failure::unknown()
}

pub async fn no_method(uri: Uri) -> Failure {
    let (what, next) = match urls::is_of_the_api(uri.path()) {
        true => ("This address does not take requests of this kind.", LOOK_IT_UP),
        false => ("This page does not take requests of this kind.", "Open it in a browser."),
    };
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, Kind::Unusable, what, next)
}
