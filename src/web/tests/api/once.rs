//! What is asked for twice under one key is done once.

use axum::http::{Method, StatusCode};

use crate::base::clock::HOUR;
use crate::web::tests::fixture::*;

use super::*;

const ONE_MORE: &str = "account,first_name,last_name,email,job_title,role,country,account_director,account_director_email\n\
    Initech,Peter,Gibbons,peter.gibbons@initech.example,Engineer,influencer,US,Dora Fields,dora.fields@northwind.example\n";

async fn load(h: &House, key: &str, request: &str, query: &str, list: &str) -> Said {
    let path = format!("/api/v1/rounds/{FIRST}/list{query}");
    let headers = [("authorization", key), CSV, ("idempotency-key", request)];
    h.send(Method::POST, &path, &headers, list).await
}

#[tokio::test]
async fn a_list_that_is_sent_twice_is_loaded_once_and_answered_as_it_was() {
    let h = house().await;
    let key = key(&h).await;
    let people = h.people(FIRST).await.len();
    let preview = read(&load(&h, &key, "preview", "?preview=true", ONE_MORE).await);
    assert_eq!(preview["added"], 1);
    assert_eq!(h.people(FIRST).await.len(), people, "nothing is loaded");
    // What is not known is not left alone: it may be a misspelt `preview`.
    told(&load(&h, &key, "misspelt", "?previews=true", ONE_MORE).await, StatusCode::BAD_REQUEST);
    assert_eq!(h.people(FIRST).await.len(), people, "nothing is loaded");
    let first = load(&h, &key, "\"r-1\"", "", ONE_MORE).await;
    assert_eq!(read(&first)["added"], 1);
    assert_eq!(read(&first)["rows"], 1);
    // Quotes are the draft's way to write it, not part of it.
    for again in ["\"r-1\"", "r-1"] {
        let said = load(&h, &key, again, "", ONE_MORE).await;
        assert_eq!(said.body, first.body);
        read(&said);
    }
    assert_eq!(read(&load(&h, &key, "r-2", "", ONE_MORE).await)["added"], 0);
    // Another list, and another address, under the same key.
    let other = ONE_MORE.replace("Peter", "Michael");
    told(&load(&h, &key, "r-1", "", &other).await, StatusCode::UNPROCESSABLE_ENTITY);
    told(&load(&h, &key, "r-1", "?preview=true", ONE_MORE).await, StatusCode::UNPROCESSABLE_ENTITY);
    // Another program's key is another key.
    let theirs = key_that_may(&h, "theirs", Rights { scopes: vec![Scope::Lists], ..Rights::default() }).await;
    assert_eq!(read(&load(&h, &theirs, "r-1", "", ONE_MORE).await)["added"], 0);
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(24 * HOUR));
    assert_eq!(read(&load(&h, &key, "r-1", "", ONE_MORE).await)["added"], 0, "it is forgotten after a day");
}

#[tokio::test]
async fn what_was_refused_may_be_sent_again_and_what_is_being_done_waits() {
    let h = house().await;
    let key = key(&h).await;
    let orders = format!("/api/v1/rounds/{FIRST}/orders");
    let ask = async |request: &str, order: &str| {
        let headers = [("authorization", key.as_str()), JSON, ("idempotency-key", request)];
        h.send(Method::POST, &orders, &headers, &format!("{{\"order\":\"{order}\"}}")).await
    };
    read(&post(&h, &orders, &key, "{\"order\":\"pause\"}").await);
    told(&ask("a", "start").await, StatusCode::CONFLICT);
    told(&ask("a", "start").await, StatusCode::CONFLICT);
    // Refused, it has left nothing behind.
    assert_eq!(read(&ask("a", "resume").await)["state"], "running");
    read(&ask("b", "pause").await);
    assert_eq!(read(&ask("a", "resume").await)["state"], "running", "as it was answered");
    let live = h.ctx.live_by_slug(&mut h.ctx.db.read().await.unwrap(), FIRST).await.unwrap();
    assert_eq!(live.state.as_str(), "paused", "and not done again");
    // One that was broken off, or is being worked on.
    let begin = crate::steps::installation::requests::BeginRequest {
        key: "tests".into(),
        request: "c".into(),
        fingerprint: crate::base::seal::sha256(format!(
            "POST {orders} application/json {}",
            crate::base::seal::sha256("{\"order\":\"pause\"}")
        )),
    };
    h.ctx.order(&crate::rules::journal::Actor::Program, begin).await.unwrap();
    told(&ask("c", "pause").await, StatusCode::CONFLICT);
    told(&ask("c", "close").await, StatusCode::UNPROCESSABLE_ENTITY);
}
