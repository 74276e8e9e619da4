//! The style sheet, the scripts and the accent colours: kept by browsers for five minutes and asked for again by their hash.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::base::seal::sha256;

use super::problem::{Answer, Failure};
use super::views::accent::accent_css;
use super::views::assets::{ASSESSMENT_SCRIPT, CONSOLE_SCRIPT, LIVE_SCRIPT, STYLE};

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

pub async fn style(headers: HeaderMap) -> Response {
    asset(&headers, CSS, STYLE)
}

pub async fn console_script(headers: HeaderMap) -> Response {
    asset(&headers, SCRIPT, CONSOLE_SCRIPT)
}

pub async fn live_script(headers: HeaderMap) -> Response {
    asset(&headers, SCRIPT, LIVE_SCRIPT)
}

pub async fn assessment_script(headers: HeaderMap) -> Response {
    asset(&headers, SCRIPT, ASSESSMENT_SCRIPT)
}

/// `/accent/1f4e79.css`
pub async fn accent(Path(file): Path<String>, headers: HeaderMap) -> Answer {
    let css = file.strip_suffix(".css").and_then(accent_css).ok_or_else(Failure::unknown)?;
    Ok(asset(&headers, CSS, &css))
}

fn asset(headers: &HeaderMap, kind: &'static str, text: &str) -> Response {
    let tag = format!("\"{}\"", &sha256(text)[..16]);
    // A proxy that compresses marks the tag as weak.
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(&tag));
    let kept =
        [(header::ETAG, tag), (header::CACHE_CONTROL, "public, max-age=300, stale-while-revalidate=86400".into())];
    if known {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(header::CONTENT_TYPE, kind)], text.to_string()).into_response()
}
