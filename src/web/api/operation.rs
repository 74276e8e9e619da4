//! What an operation of the API is: where it is found, what it takes and needs, what it answers, and what does it.
//!
//! Router (`routing`), door (`door`) and description (`description`) are all made from values of this type, so none of them can know an
//! operation that another does not.

use axum::routing::MethodRouter;
use serde_json::Value;

use crate::rules::access::Scope;
use crate::web::kit::state::Web;
use crate::web::kit::urls::is_of_the_programs;

pub struct Operation {
    /// By which clients that are made from the description call it.
    pub id: &'static str,
    pub verb: Verb,
    pub path: &'static str,
    pub needs: Needs,
    pub summary: &'static str,
    /// What may stand behind the question mark.
    pub query: &'static [Parameter],
    pub body: Option<Body>,
    pub answers: Answers,
    pub serve: fn() -> MethodRouter<Web>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

impl Verb {
    /// As a description writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Get => "get",
            Verb::Post => "post",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Open to all, or it looks at who asks itself.
    Nothing,
    /// A key that may do this, and that reaches the round of the address where there is one.
    Key(Scope),
    /// A key that may do this, and that is limited to no rounds.
    KeyForAll(Scope),
}

impl Needs {
    pub fn scope(self) -> Option<Scope> {
        match self {
            Needs::Nothing => None,
            Needs::Key(scope) | Needs::KeyForAll(scope) => Some(scope),
        }
    }
}

pub struct Parameter {
    pub name: &'static str,
    pub kind: Said,
    pub meaning: &'static str,
}

/// What a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// How many rows: 1 to this many.
    UpTo(i64),
    /// What a page before has named as the next one.
    Cursor,
    /// `true` or `false`.
    YesNo,
    OneOf(&'static [&'static str]),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// A contact list.
    Csv,
    /// JSON of this schema of the description.
    Json(&'static str),
}

impl Body {
    pub fn media_type(self) -> &'static str {
        match self {
            Body::Csv => "text/csv",
            Body::Json(_) => "application/json",
        }
    }
}

pub enum Answers {
    Json(fn() -> Value),
    /// Plain text; the numbers are further statuses, each with what it says.
    Text(&'static [(u16, &'static str)]),
}

impl Operation {
    /// Whether its address names a part.
    pub fn names(&self, part: &str) -> bool {
        self.path.split('/').any(|piece| piece.strip_prefix('{').and_then(|p| p.strip_suffix('}')) == Some(part))
    }

    /// Of the operations of programs; the others are for whoever watches the program.
    pub fn is_of_the_api(&self) -> bool {
        is_of_the_programs(self.path)
    }

    /// The statuses of problems that it may answer, beside those of our own mistakes.
    pub fn refusals(&self) -> Vec<u16> {
        let mut all = Vec::new();
        if !self.is_of_the_api() {
            return all;
        }
        let is_post = self.verb == Verb::Post;
        let of = [
            (!self.query.is_empty() || is_post || self.names("round"), 400),
            (self.needs.scope().is_some(), 401),
            (self.needs.scope().is_some(), 403),
            (self.names("round"), 404),
            (true, 406),
            (is_post || self.id == "responses", 409),
            (is_post, 410),
            (self.body.is_some(), 413),
            (self.body.is_some(), 415),
            (true, 421),
            // A cursor may be of another list.
            (is_post || self.query.iter().any(|said| said.kind == Said::Cursor), 422),
        ];
        all.extend(of.into_iter().filter(|(may, _)| *may).map(|(_, status)| status));
        all
    }
}
