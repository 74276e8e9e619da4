//! What is refused at the door of every operation, told by a problem document that the description names.

use axum::http::{Method, StatusCode};

use crate::rules::access::{Reach, Rights, Scope};
use crate::web::tests::fixture::*;

use super::*;

#[tokio::test]
async fn each_operation_wants_a_key_that_may_do_it_and_that_reaches_the_round() {
    let h = house().await;
    let contact = h.people(FIRST).await[0].id.to_string();
    let all = Rights { scopes: Scope::ALL.to_vec(), ..Rights::default() };
    let elsewhere = Rights { reach: Reach::Rounds(vec![SECOND.into()]), ..all.clone() };
    let (all, elsewhere) = (key_that_may(&h, "all", all).await, key_that_may(&h, "elsewhere", elsewhere).await);
    let mut of_scopes = Vec::new();
    for scope in Scope::ALL {
        let others = Scope::ALL.into_iter().filter(|other| *other != scope).collect();
        let rights = Rights { scopes: others, reach: Reach::Everything };
        of_scopes.push((scope.as_str(), key_that_may(&h, &format!("not {scope}"), rights).await));
    }
    for operation in described(&h, FIRST, &contact).await {
        let path = &operation.path;
        for wrong in ["", "Bearer snd_wrong", "Basic x"] {
            let said = sent(&h, &operation, wrong, "{}").await;
            assert_eq!(told(&said, StatusCode::UNAUTHORIZED)["kind"], "forbidden", "{path}");
            assert_eq!(said.header("www-authenticate"), "Bearer");
        }
        let scope = operation.told["x-scope"].as_str().unwrap();
        let other = &of_scopes.iter().find(|(of, _)| *of == scope).unwrap().1;
        let said = sent(&h, &operation, other, "{}").await;
        assert!(told(&said, StatusCode::FORBIDDEN)["next"].as_str().unwrap().contains(scope), "{path}");
        let said = sent(&h, &operation, &elsewhere, "{}").await;
        match path.contains(FIRST) {
            // It is told as a round that never was.
            true => {
                let never = Described { path: path.replace(FIRST, "never"), ..clone(&operation) };
                let never = told(&sent(&h, &never, &all, "{}").await, StatusCode::NOT_FOUND);
                let other = told(&said, StatusCode::NOT_FOUND).to_string();
                assert_eq!(other, never.to_string().replace("never", FIRST), "{path}");
            }
            false if path.ends_with("/alarms") => {
                told(&said, StatusCode::FORBIDDEN);
            }
            false => assert_eq!(read(&said)["rounds"].as_array().unwrap().len(), 1, "{path}"),
        }
        for status in [401, 403].into_iter().chain(path.contains(FIRST).then_some(404)) {
            assert!(operation.answers(StatusCode::from_u16(status).unwrap()), "{path}: {status}");
        }
    }
}

fn clone(of: &Described) -> Described {
    Described { verb: of.verb.clone(), path: of.path.clone(), told: of.told.clone() }
}

#[tokio::test]
async fn what_is_not_described_is_refused_in_a_document() {
    let h = house().await;
    let contact = h.people(FIRST).await[0].id.to_string();
    let key = key(&h).await;
    for operation in described(&h, FIRST, &contact).await {
        let (path, key) = (operation.path.as_str(), ("authorization", key.as_str()));
        let said = h.send(Method::DELETE, path, &[key], "").await;
        told(&said, StatusCode::METHOD_NOT_ALLOWED);
        assert!(said.header("allow").contains(operation.verb.as_str()), "{path}: {:?}", said.headers);
        let kind = operation.takes().unwrap_or("application/json").to_string();
        let kind = ("content-type", kind.as_str());
        let said = h.send(operation.verb.clone(), path, &[key, kind, ("accept", "text/html")], "{}").await;
        told(&said, StatusCode::NOT_ACCEPTABLE);
        assert!(operation.answers(StatusCode::NOT_ACCEPTABLE));
        for parameter in operation.told["parameters"].as_array().unwrap() {
            if parameter["in"] == "query" {
                let wrong = format!("{path}?{}=%21", parameter["name"].as_str().unwrap());
                let said = h.send(operation.verb.clone(), &wrong, &[key, kind], "{}").await;
                told(&said, StatusCode::BAD_REQUEST);
                assert!(operation.answers(StatusCode::BAD_REQUEST));
            }
        }
        if !operation.is_post() {
            continue;
        }
        let said = h.send(Method::POST, path, &[key, ("content-type", "text/plain")], "{}").await;
        told(&said, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let large = "x".repeat(300 * 1024);
        if operation.takes() == Some("application/json") {
            told(&h.send(Method::POST, path, &[key, kind], "{").await, StatusCode::BAD_REQUEST);
            told(&h.send(Method::POST, path, &[key, kind], "[]").await, StatusCode::UNPROCESSABLE_ENTITY);
            told(&h.send(Method::POST, path, &[key, kind], "{\"x\":1}").await, StatusCode::UNPROCESSABLE_ENTITY);
            told(&h.send(Method::POST, path, &[key, kind], &large).await, StatusCode::PAYLOAD_TOO_LARGE);
            let once = [key, kind, ("idempotency-key", "large")];
            told(&h.send(Method::POST, path, &once, &large).await, StatusCode::PAYLOAD_TOO_LARGE);
        } else {
            told(&h.send(Method::POST, path, &[key, kind], "").await, StatusCode::UNPROCESSABLE_ENTITY);
        }
        for wrong in ["", "\"\"", "a b", &"x".repeat(201)] {
            let said = h.send(Method::POST, path, &[key, kind, ("idempotency-key", wrong)], "{}").await;
            told(&said, StatusCode::BAD_REQUEST);
        }
        for status in [400, 413, 415, 422] {
            assert!(operation.answers(StatusCode::from_u16(status).unwrap()), "{path}: {status}");
        }
    }
    for nothing in ["/api/v1/nothing", "/api/v2/rounds", "/api/"] {
        told(&get(&h, nothing, &key).await, StatusCode::NOT_FOUND);
    }
    told(&get(&h, "/api/v1/rounds/%FF/status", &key).await, StatusCode::BAD_REQUEST);
    told(
        &h.send(Method::GET, "/api/v1/rounds", &[("host", "evil.example")], "").await,
        StatusCode::MISDIRECTED_REQUEST,
    );
    let from_a_page = [("authorization", key.as_str()), JSON, ("origin", "https://evil.example")];
    let orders = format!("/api/v1/rounds/{FIRST}/orders");
    told(&h.send(Method::POST, &orders, &from_a_page, "{\"order\":\"pause\"}").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_contact_of_another_round_is_unknown() {
    let h = house().await;
    let key = key(&h).await;
    let other = h.people(SECOND).await[0].id.to_string();
    for (mark, body) in
        [("opt-out", "{\"how\":\"x\"}"), ("left", "{\"how\":\"x\"}"), ("calls", "{\"outcome\":\"called\"}")]
    {
        for id in [other.as_str(), "x", "0191f3c4-7e2a-7abc-8def-000000000000"] {
            let path = format!("/api/v1/rounds/{FIRST}/contacts/{id}/{mark}");
            told(&post(&h, &path, &key, body).await, StatusCode::NOT_FOUND);
        }
    }
    let person = &h.people(SECOND).await[0];
    assert!(person.opted_out_at.is_none() && person.left_at.is_none());
}
