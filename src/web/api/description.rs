//! The description of the API (`OpenAPI` 3.1), made from the table of operations from which the router is made too.

use axum::response::IntoResponse;
use axum::{Extension, Json};
use serde_json::{Map, Value, json};

use crate::base::problem::Result;
use crate::web::kit::problem::Answer;
use crate::web::kit::problem_document::MEDIA_TYPE;

use super::idempotency::{HEADER, KEPT_HOURS, LONGEST};
use super::operation::{Answers, Body, Operation, Parameter, Said};
use super::schemas;

const WHAT: &str = "What the console shows and does of the rounds of an installation, for other programs. Make a key with \
    `soundings key add NAME` and send it as `Authorization: Bearer KEY`; `--scope` says what it may, `--round` or `--client` of which rounds. \
    Lists come in pages: `next` of one is the `cursor` of the next. Whatever is refused is told by a problem document (RFC 9457).";

/// Describes itself to everybody: it holds nothing of any round.
pub async fn serve(Extension(all): Extension<&'static [Operation]>) -> Answer {
    Ok(Json(document(all)?).into_response())
}

pub fn document(operations: &[Operation]) -> Result<Value> {
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations {
        let of_path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(verbs) = of_path.as_object_mut() {
            verbs.insert(operation.verb.as_str().into(), described(operation));
        }
    }
    Ok(json!({
        "openapi": "3.1.0",
        "info": { "title": "soundings", "version": "1", "description": WHAT },
        "servers": [{ "url": "/" }],
        "security": [{ "key": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } },
            "responses": { "Problem": {
                "description": "What went wrong",
                "content": { MEDIA_TYPE: { "schema": schemas::named("Problem") } },
            } },
            "schemas": schemas::all()?,
        },
    }))
}

fn described(operation: &Operation) -> Value {
    let mut told = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters(operation),
        "responses": responses(operation),
    });
    if let Some(members) = told.as_object_mut() {
        match operation.needs.scope() {
            Some(scope) => members.insert("x-scope".into(), scope.as_str().into()),
            None => members.insert("security".into(), json!([])),
        };
        if let Some(body) = operation.body {
            members.insert("requestBody".into(), request_body(body));
        }
    }
    told
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let mut all = Vec::new();
    let of_path = [("round", "The name of the round"), ("contact", "The contact's id, as lists name it")];
    for (name, meaning) in of_path.into_iter().filter(|(name, _)| operation.names(name)) {
        let schema = json!({ "type": "string", "minLength": 1 });
        all.push(json!({ "name": name, "in": "path", "required": true, "description": meaning, "schema": schema }));
    }
    all.extend(operation.query.iter().map(parameter));
    if operation.body.is_some() {
        all.push(json!({
            "name": HEADER, "in": "header", "required": false,
            "description": format!(
                "A name of the sender's own for this request. Sent again within {KEPT_HOURS} hours it is done once, and answered as it was."
            ),
            "schema": { "type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$" },
        }));
    }
    all
}

fn parameter(parameter: &Parameter) -> Value {
    let schema = match parameter.kind {
        Said::UpTo(most) => json!({ "type": "integer", "minimum": 1, "maximum": most }),
        Said::Cursor => json!({ "type": "string" }),
        Said::YesNo => json!({ "type": "boolean" }),
        Said::OneOf(words) => json!({ "enum": words }),
    };
    json!({
        "name": parameter.name, "in": "query", "required": false, "description": parameter.meaning, "schema": schema,
    })
}

fn request_body(body: Body) -> Value {
    let schema = match body {
        Body::Csv => {
            json!({ "type": "string", "description": "The list as a file of CSV; its first row names the columns" })
        }
        Body::Json(name) => schemas::named(name),
    };
    json!({ "required": true, "content": { body.media_type(): { "schema": schema } } })
}

fn responses(operation: &Operation) -> Value {
    let mut all: Map<String, Value> = Map::new();
    match operation.answers {
        Answers::Json(schema) => {
            let content = json!({ "application/json": { "schema": schema() } });
            all.insert("200".into(), json!({ "description": "Done", "content": content }));
        }
        Answers::Text(others) => {
            let content = json!({ "text/plain": { "schema": { "type": "string" } } });
            all.insert("200".into(), json!({ "description": "As asked", "content": content.clone() }));
            for (status, meaning) in others {
                // A page of its own says why to whoever opens it in a browser.
                all.insert(status.to_string(), json!({ "description": meaning }));
            }
        }
    }
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    for status in operation.refusals() {
        all.insert(status.to_string(), problem.clone());
    }
    if operation.is_of_the_api() {
        for ours in ["500", "503"] {
            all.insert(ours.into(), problem.clone());
        }
    }
    Value::Object(all)
}
