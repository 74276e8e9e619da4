//! What a program sends: JSON of a schema of the description. What is no JSON, and what is not of the schema, is said in a sentence.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use crate::base::problem::{Kind, Problem};
use crate::rules::text::typed::one_line;
use crate::web::kit::forms::fields::too_large;
use crate::web::kit::problem::Failure;
use crate::web::kit::problem_document::LOOK_IT_UP;

/// As long as what is typed into a form of the console.
const LONGEST: usize = 2_000;

pub type Sent = Result<Bytes, BytesRejection>;

pub fn bytes(sent: Sent) -> Result<Bytes, Failure> {
    sent.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => unreadable("The request broke off."),
    })
}

pub fn json<T: DeserializeOwned>(sent: Sent) -> Result<T, Failure> {
    let value: serde_json::Value = serde_json::from_slice(&bytes(sent)?)
        .map_err(|e| unreadable(&format!("What was sent is no JSON: {}.", e.to_string().trim_end_matches('.'))))?;
    // What is read by the names of its members is no list.
    if !value.is_object() {
        return Err(Problem::unusable("What was sent is no JSON object.", LOOK_IT_UP).into());
    }
    serde_json::from_value(value).map_err(|e| {
        let what = format!("What was sent is not what this address takes: {}.", e.to_string().trim_end_matches('.'));
        Problem::unusable(what, LOOK_IT_UP).into()
    })
}

/// A text on one line that says something and is not too long.
pub fn said(name: &str, text: &str, may_be_empty: bool) -> Result<String, Failure> {
    let text = one_line(text);
    if text.is_empty() && !may_be_empty {
        return Err(Problem::unusable(format!("{name} says nothing."), "Say it in a few words.").into());
    }
    if text.chars().count() > LONGEST {
        return Err(Problem::unusable(format!("{name} is longer than {LONGEST} characters."), "Shorten it.").into());
    }
    Ok(text)
}

fn unreadable(what: &str) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, Kind::Unusable, what, LOOK_IT_UP)
}
