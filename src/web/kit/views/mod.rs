//! What a page shows, as plain values, with the template that shows it.
//!
//! The structs here hold text, numbers and states that are ready to be read: nothing from the database, no decisions, no clock.
//! So a page can be filled from anywhere.
//!
//! askama escapes everything that is put into a template; the few types that render themselves say so with `HtmlSafe`.

pub mod frame;
pub mod form;
pub mod accent;
pub mod assets;
pub mod phrases;
mod languages;
pub mod notice;
pub mod problem;

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
