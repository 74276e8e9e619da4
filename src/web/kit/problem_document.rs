//! What went wrong, told to a program: a problem document (RFC 9457).
//!
//! `detail` is the sentence that people read, `next` what can be done about it. `kind`, `what` and `next` stand as they stood before there were such documents: programs
//! rely on them.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::base::problem::{Kind, Problem};

pub const MEDIA_TYPE: &str = "application/problem+json";

/// `reference`: under which the log has the cause; may be empty.
pub fn of(status: StatusCode, problem: &Problem, reference: &str) -> Response {
    let mut document = json!({
        // No more is known than the status says; what it is about is the kind's to say.
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("Problem"),
        "status": status.as_u16(),
        "detail": problem.what,
        "kind": problem.kind,
        "what": problem.what,
        "next": problem.next,
    });
    if let Some(members) = document.as_object_mut().filter(|_| !reference.is_empty()) {
        members.insert("reference".into(), reference.into());
    }
    let mut response = (status, document.to_string()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response
}

/// An answer that tells of an error and not what it is, made before one of our handlers was reached.
pub fn is_missing(response: &Response) -> bool {
    let status = response.status();
    let told =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == MEDIA_TYPE.as_bytes());
    (status.is_client_error() || status.is_server_error()) && !told
}

/// For such an answer.
pub fn of_status(status: StatusCode) -> Response {
    let (kind, what) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => (Kind::TooLarge, "What was sent is too large."),
        status if status.is_server_error() => (Kind::Internal, "The request could not be answered."),
        _ => (Kind::Unusable, "The request cannot be read."),
    };
    let next = if kind == Kind::Internal { "The details are in the log; please report them." } else { LOOK_IT_UP };
    of(status, &Problem::new(kind, what, next), "")
}

/// What whoever asks in a way that the API does not know can do.
pub const LOOK_IT_UP: &str = "The description of the API (openapi.json) says what each address takes and answers.";

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use serde_json::Value;

    use super::*;

    async fn read(response: Response) -> Value {
        assert_eq!(response.headers()[header::CONTENT_TYPE], MEDIA_TYPE);
        serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_document_says_what_it_is_and_what_comes_next() {
        let problem = Problem::refused("Round a is closed.", "Choose another.");
        let told = read(of(StatusCode::CONFLICT, &problem, "")).await;
        assert_eq!(told["type"], "about:blank");
        assert_eq!((&told["title"], &told["status"]), (&Value::from("Conflict"), &Value::from(409)));
        assert_eq!((&told["detail"], &told["what"]), (&Value::from("Round a is closed."), &told["detail"]));
        assert_eq!((&told["kind"], &told["next"]), (&Value::from("refused"), &Value::from("Choose another.")));
        assert!(told.get("reference").is_none());
        assert_eq!(read(of(StatusCode::CONFLICT, &problem, "r1")).await["reference"], "r1");
    }

    #[tokio::test]
    async fn an_error_that_nobody_has_told_is_told() {
        let bare = (StatusCode::BAD_REQUEST, "Invalid URL").into_response();
        assert!(is_missing(&bare) && !is_missing(&of_status(StatusCode::BAD_REQUEST)));
        assert!(!is_missing(&StatusCode::OK.into_response()));
        assert_eq!(read(of_status(StatusCode::PAYLOAD_TOO_LARGE)).await["kind"], "too_large");
        assert_eq!(read(of_status(StatusCode::BAD_GATEWAY)).await["kind"], "internal");
    }
}
