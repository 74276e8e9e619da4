//! Letters within a page. A letter has styles in its elements, which no page of ours may have: so it is a document of its own with a policy
//! of its own, in a frame, and the page around it keeps the policy of all pages but for the frame.
//!
//! S03: nothing in it runs, sends a form, loads anything or leads anywhere.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::base::sentence::capitalised;
use crate::steps::letters::approved::LetterToApprove;

use super::names;
use super::views::assets::CONTENT_SECURITY_POLICY;
use super::views::letters::{LettersPage, ShownLetter, in_the_light};
use super::views::page::respond;

/// Styles stand inside a letter; nothing else is allowed in it.
const OF_A_LETTER: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'none'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'self'; sandbox";
/// Of a document of ours that holds letters in frames without an address: they take its policy over, and are kept in by `sandbox`.
const OF_LETTERS: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'none'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'self'";

/// A page with a frame in it.
pub fn with_frame(status: StatusCode, page: &impl Template) -> Response {
    let mut response = respond(status, page);
    let policy = format!("{CONTENT_SECURITY_POLICY}; frame-src 'self'");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A letter by itself, for a frame.
pub fn letter(html: String) -> Response {
    in_a_frame(Html(html).into_response(), OF_A_LETTER)
}

/// Letters beside each other, for a frame.
pub fn letters(status: StatusCode, page: &LettersPage) -> Response {
    in_a_frame(respond(status, page), OF_LETTERS)
}

/// All letters to contacts, as the client approves them, for a frame.
pub fn all_letters(all: Vec<LetterToApprove>) -> Response {
    let all = all.into_iter().map(to_approve).collect();
    letters(StatusCode::OK, &LettersPage { title: "The letters".into(), said: None, letters: all })
}

fn to_approve(l: LetterToApprove) -> ShownLetter {
    let kind = if l.introduction { format!("{} to a successor", l.kind.label()) } else { l.kind.numbered(l.number) };
    ShownLetter {
        title: format!("{} in {}", capitalised(&kind), names::language(&l.language)),
        facts: vec![("From", l.from), ("Subject", l.letter.subject)],
        wrong: Vec::new(),
        better: Vec::new(),
        advised: false,
        views: in_the_light(&l.letter.html),
        text: Some(l.letter.text),
        language: l.language,
    }
}

fn in_a_frame(mut response: Response, policy: &'static str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}
