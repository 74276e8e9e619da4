//! A page on its way out: rendered, with its status.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// Any page as an answer. A template that fails is our own mistake and says so without showing half a page.
pub fn respond(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(why) => {
            tracing::error!(%why, "a page could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be shown. The details are in the log.")
                .into_response()
        }
    }
}
