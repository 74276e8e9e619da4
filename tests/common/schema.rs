//! JSON held against the schemas of an `OpenAPI` description, as far as ours say anything; and values made from them.

use serde_json::{Map, Value, json};

/// Why a value is not of a schema; none where it is. A word of a schema that this does not know fails, so that nothing is passed over.
pub fn misfit(schema: &Value, value: &Value, document: &Value) -> Option<String> {
    let words = schema.as_object().unwrap();
    if let Some(Value::String(reference)) = words.get("$ref") {
        return misfit(target(reference, document), value, document);
    }
    let no = |why: &str| Some(format!("{value} {why}: {schema}"));
    for (word, says) in words {
        let wrong = match word.as_str() {
            "type" => !kinds(says).iter().any(|kind| is(value, kind)),
            "enum" => !says.as_array().unwrap().contains(value),
            "const" => says != value,
            "required" => {
                let has = |name: &Value| value.get(name.as_str().unwrap()).is_some();
                value.is_object() && !says.as_array().unwrap().iter().all(has)
            }
            "minimum" => value.as_f64().is_some_and(|n| n < says.as_f64().unwrap()),
            "maximum" => value.as_f64().is_some_and(|n| n > says.as_f64().unwrap()),
            "minLength" => value.as_str().is_some_and(|s| (s.chars().count() as u64) < says.as_u64().unwrap()),
            "maxLength" => value.as_str().is_some_and(|s| (s.chars().count() as u64) > says.as_u64().unwrap()),
            "format" => value.as_str().is_some_and(|s| !is_formatted(s, says.as_str().unwrap())),
            "items" => {
                let found = value.as_array().into_iter().flatten().find_map(|item| misfit(says, item, document));
                if found.is_some() {
                    return found;
                }
                false
            }
            "properties" => {
                let told = says.as_object().unwrap().iter();
                let mut found = told.filter_map(|(name, schema)| misfit(schema, value.get(name)?, document));
                if let Some(found) = found.next() {
                    return Some(found);
                }
                false
            }
            "additionalProperties" => match further(words, value).into_iter().next() {
                None => false,
                Some(_) if says == &json!(false) => true,
                Some(_) => {
                    let found = further(words, value).into_iter().find_map(|member| misfit(says, member, document));
                    if found.is_some() {
                        return found;
                    }
                    false
                }
            },
            "description" => false,
            other => return no(&format!("is of a schema with the word {other}, which nobody knows")),
        };
        if wrong {
            return no(&format!("is not as {word} says"));
        }
    }
    None
}

/// The members of an object that its schema does not name.
fn further<'v>(words: &Map<String, Value>, value: &'v Value) -> Vec<&'v Value> {
    let named = |name: &str| words.get("properties").and_then(|all| all.get(name)).is_some();
    value.as_object().into_iter().flatten().filter(|(name, _)| !named(name)).map(|(_, member)| member).collect()
}

fn target<'d>(reference: &str, document: &'d Value) -> &'d Value {
    document.pointer(reference.strip_prefix('#').unwrap()).ok_or_else(|| format!("{reference} leads nowhere")).unwrap()
}

fn kinds(says: &Value) -> Vec<&str> {
    match says {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn is_formatted(text: &str, format: &str) -> bool {
    match format {
        "date" => text.parse::<chrono::NaiveDate>().is_ok(),
        "date-time" => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        _ => false,
    }
}

/// Values of a schema: for an object its required members alone, all of them, and each word of its enumerations.
pub fn made(schema: &Value, document: &Value) -> Vec<Value> {
    if let Some(Value::String(reference)) = schema.get("$ref") {
        return made(target(reference, document), document);
    }
    if let Some(Value::Array(words)) = schema.get("enum") {
        return words.clone();
    }
    let kind = schema.get("type").map(kinds).unwrap_or_default();
    match kind.first().copied().unwrap_or("") {
        "integer" => vec![schema.get("minimum").cloned().unwrap_or(json!(0))],
        "boolean" => vec![json!(true), json!(false)],
        "object" => objects(schema, document),
        "array" => vec![json!([])],
        _ if schema.get("format") == Some(&json!("date")) => vec![json!("2027-02-19")],
        _ if schema.get("format") == Some(&json!("date-time")) => vec![json!("2027-02-19T09:00:00Z")],
        _ => vec![json!("as it was heard")],
    }
}

fn objects(schema: &Value, document: &Value) -> Vec<Value> {
    let members = schema["properties"].as_object().unwrap();
    let required: Vec<&str> = schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let first = |name: &str| made(&members[name], document).remove(0);
    let least: Map<String, Value> = required.iter().map(|name| ((*name).to_string(), first(name))).collect();
    let mut all = vec![Value::Object(least.clone())];
    for name in members.keys() {
        for value in made(&members[name], document) {
            let mut with = least.clone();
            with.insert(name.clone(), value);
            all.push(Value::Object(with));
        }
    }
    all
}
