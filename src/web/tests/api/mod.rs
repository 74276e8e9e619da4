//! The API as programs meet it: who is let in, what is refused and how that is told, pages of lists, and what is done once.

mod keys;
mod once;
mod pages;
mod refused;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::rules::access::{Rights, Scope};
use crate::rules::journal::Actor;
use crate::steps::installation::operators::AddKeyThatMay;
use crate::web::tests::fixture::*;

pub const JSON: (&str, &str) = ("content-type", "application/json");
pub const CSV: (&str, &str) = ("content-type", "text/csv");

/// `Bearer`, of a key that may this.
pub async fn key_that_may(h: &House, name: &str, rights: Rights) -> String {
    let add = AddKeyThatMay { name: name.to_string(), rights };
    format!("Bearer {}", h.ctx.order(&Actor::operator("test"), add).await.unwrap())
}

/// Of a key that may everything.
pub async fn key(h: &House) -> String {
    key_that_may(h, "tests", Rights { scopes: Scope::ALL.to_vec(), ..Rights::default() }).await
}

/// An operation of the description.
pub struct Described {
    pub verb: Method,
    pub path: String,
    pub told: Value,
}

impl Described {
    pub fn is_post(&self) -> bool {
        self.verb == Method::POST
    }

    /// The kind of what it takes.
    pub fn takes(&self) -> Option<&str> {
        let content = self.told["requestBody"]["content"].as_object()?;
        content.keys().next().map(String::as_str)
    }

    pub fn answers(&self, status: StatusCode) -> bool {
        self.told["responses"].get(status.as_str()).is_some()
    }
}

/// Those of programs, at addresses of this round and contact.
pub async fn described(h: &House, round: &str, contact: &str) -> Vec<Described> {
    let document: Value = serde_json::from_str(&h.get("/api/openapi.json").await.body).unwrap();
    let mut all = Vec::new();
    for (path, verbs) in document["paths"].as_object().unwrap() {
        for (verb, told) in verbs.as_object().unwrap() {
            if path.starts_with("/api/v1/") {
                let path = path.replace("{round}", round).replace("{contact}", contact);
                let verb = Method::from_bytes(verb.to_uppercase().as_bytes()).unwrap();
                all.push(Described { verb, path, told: told.clone() });
            }
        }
    }
    assert!(all.len() >= 14, "{}", all.len());
    all
}

/// Sends what it describes as far as the headers go, with this key and body.
pub async fn sent(h: &House, operation: &Described, key: &str, body: &str) -> Said {
    let kind = operation.takes().unwrap_or("application/json").to_string();
    let headers = [("authorization", key), ("content-type", kind.as_str())];
    let headers: Vec<(&str, &str)> = headers.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    h.send(operation.verb.clone(), &operation.path, &headers, body).await
}

/// A problem document of this status that says something.
pub fn told(said: &Said, status: StatusCode) -> Value {
    assert_eq!(said.status, status, "{}", said.body);
    assert_eq!(said.header("content-type"), "application/problem+json", "{}", said.body);
    let told: Value = serde_json::from_str(&said.body).unwrap();
    assert_eq!(told["status"], status.as_u16());
    assert_eq!(told["title"], status.canonical_reason().unwrap());
    assert!(told["detail"].as_str().unwrap().ends_with('.') && told["detail"] == told["what"], "{told}");
    told
}

pub fn read(said: &Said) -> Value {
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    assert_eq!(said.header("content-type"), "application/json");
    serde_json::from_str(&said.body).unwrap()
}

pub async fn post(h: &House, path: &str, key: &str, body: &str) -> Said {
    h.send(Method::POST, path, &[("authorization", key), JSON], body).await
}

pub async fn get(h: &House, path: &str, key: &str) -> Said {
    h.send(Method::GET, path, &[("authorization", key)], "").await
}
