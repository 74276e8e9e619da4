//! The pages in which lists come: which one a program asks for, and how one is answered.

use serde_json::{Value, json};

use crate::steps::export::Position;
use crate::web::kit::forms::fields::Fields;

/// As many rows as a page has where nothing is said.
const USUAL: i64 = 100;

/// Where the page begins, and how many rows it has at most. That both can be read, the door has seen.
pub fn asked(words: &Fields) -> (Option<Position>, i64) {
    (Position::decoded(words.get("cursor")), words.get("limit").parse().unwrap_or(USUAL))
}

pub fn page(items: Vec<Value>, next: Option<&Position>) -> Value {
    json!({ "items": items, "next": next.map(Position::encoded) })
}
