//! Schemas of the description. Those of tables are made of the columns that every file of the table has (`rules::export`); the others stand
//! in `schemas.json`, and a test holds answers against them.

use serde_json::{Map, Value, json};

use crate::base::problem::{Problem, Result};
use crate::rules::export::responses::Layout;
use crate::rules::export::value::columns;
use crate::rules::export::{Column, Table, Type, accounts, contacts, messages};

/// A schema of `schemas.json`.
pub fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// An object that has all of these members.
pub fn object(members: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Value> =
        members.iter().map(|(name, schema)| ((*name).to_string(), schema.clone())).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

/// A page of rows, and where the next begins.
pub fn page_of(item: Value) -> Value {
    object(&[
        ("items", json!({ "type": "array", "items": item })),
        (
            "next",
            json!({ "type": ["string", "null"], "description": "The cursor of the next page; null on the last one" }),
        ),
    ])
}

/// A page of the rows of a table.
pub fn rows_of(table: Table) -> Value {
    let columns = match table {
        Table::Contacts => contacts::columns(&contacts::fields(true), &[]),
        Table::Accounts => columns(accounts::COLUMNS),
        Table::Messages => columns(messages::COLUMNS),
        Table::Responses => Layout::of_people().columns(),
    };
    let members: Vec<(&str, Value)> = columns.iter().map(|c| (c.name.as_str(), of_column(c))).collect();
    let mut row = object(&members);
    // Of a list there may be columns that are none of ours.
    if let Some(members) = row.as_object_mut().filter(|_| table == Table::Contacts) {
        members.insert("additionalProperties".into(), json!({ "type": ["string", "null"] }));
    }
    page_of(row)
}

fn of_column(column: &Column) -> Value {
    let meaning = &column.meaning;
    match column.kind {
        Type::Text => json!({ "type": ["string", "null"], "description": meaning }),
        Type::Whole => json!({ "type": ["integer", "null"], "description": meaning }),
        Type::Share => json!({ "type": ["number", "null"], "minimum": 0, "maximum": 1, "description": meaning }),
        Type::YesNo => json!({ "type": ["boolean", "null"], "description": meaning }),
        Type::Instant => json!({ "type": ["string", "null"], "format": "date-time", "description": meaning }),
    }
}

/// All that have a name.
pub fn all() -> Result<Value> {
    serde_json::from_str(include_str!("schemas.json"))
        .map_err(|e| Problem::internal("The schemas of the API cannot be read.").because(e))
}
