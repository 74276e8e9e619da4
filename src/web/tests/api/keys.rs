//! What a key may, and of which rounds: said when it is made, shown to operators, held at every request.

use axum::http::StatusCode;

use crate::base::clock::MINUTE;
use crate::rules::access::{Reach, Rights, Scope};
use crate::rules::journal::Actor;
use crate::steps::installation::operators::{self, AddKey, AddKeyThatMay};
use crate::web::tests::fixture::*;

use super::*;

#[tokio::test]
async fn a_key_of_which_nothing_is_said_reads_everything_as_before() {
    let h = house().await;
    let secret = h.ctx.order(&Actor::operator("test"), AddKey { name: "old".into() }).await.unwrap();
    let key = format!("Bearer {secret}");
    assert_eq!(read(&get(&h, "/api/v1/rounds", &key).await)["rounds"].as_array().unwrap().len(), 2);
    read(&get(&h, &format!("/api/v1/rounds/{SECOND}/status"), &key).await);
    read(&get(&h, "/api/v1/alarms", &key).await);
    assert_eq!(get(&h, "/metrics", &key).await.status, StatusCode::OK);
    let pause = post(&h, &format!("/api/v1/rounds/{FIRST}/orders"), &key, "{\"order\":\"pause\"}").await;
    told(&pause, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_key_of_a_round_or_a_client_sees_no_other() {
    let h = house().await;
    let of_round = Rights { reach: Reach::Rounds(vec![FIRST.into()]), ..Rights::default() };
    let key = key_that_may(&h, "of a round", of_round).await;
    let listed = read(&get(&h, "/api/v1/rounds", &key).await);
    assert_eq!(listed["rounds"].as_array().unwrap().len(), 1);
    assert_eq!(listed["rounds"][0]["round"], FIRST);
    let client = listed["rounds"][0]["client"].as_str().unwrap().to_uppercase();
    assert_eq!(get(&h, "/metrics", &key).await.status, StatusCode::UNAUTHORIZED);
    // Both rounds are of one client.
    let of_client = Rights { reach: Reach::Client(client), ..Rights::default() };
    let key = key_that_may(&h, "of a client", of_client).await;
    assert_eq!(read(&get(&h, "/api/v1/rounds", &key).await)["rounds"].as_array().unwrap().len(), 2);
    let (cookie, _) = h.log_in().await;
    let page = h.send(Method::GET, "/operators", &[("cookie", cookie.as_str())], "").await.body;
    assert!(page.contains(&format!("<td>read</td><td>{FIRST}</td>")), "{page}");
}

#[tokio::test]
async fn a_key_for_nothing_or_for_nobody_is_not_made() {
    let h = house().await;
    let make = async |rights: Rights| {
        h.ctx.order(&Actor::operator("test"), AddKeyThatMay { name: "a".into(), rights }).await.map(|_| ())
    };
    assert!(make(Rights { scopes: Vec::new(), ..Rights::default() }).await.is_err());
    assert!(make(Rights { reach: Reach::Rounds(vec!["never".into()]), ..Rights::default() }).await.is_err());
    assert!(make(Rights { reach: Reach::Client("Nobody".into()), ..Rights::default() }).await.is_err());
    // Of a variable that is not set: a limit that says nothing is not none.
    for nothing in [Reach::Rounds(vec![String::new()]), Reach::Rounds(vec![" ".into()]), Reach::Client(String::new())] {
        assert!(make(Rights { reach: nothing, ..Rights::default() }).await.is_err());
    }
    assert!(operators::keys(&h.ctx).await.unwrap().is_empty());
    // The twin.
    assert!(make(Rights { reach: Reach::Rounds(vec![FIRST.into()]), scopes: vec![Scope::Marks] }).await.is_ok());
}

#[tokio::test]
async fn the_journal_names_the_key() {
    let h = house().await;
    let key = key(&h).await;
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(MINUTE));
    let orders = format!("/api/v1/rounds/{FIRST}/orders");
    assert_eq!(read(&post(&h, &orders, &key, "{\"order\":\"pause\"}").await)["state"], "paused");
    // Told twice: it is where the first has brought it.
    assert_eq!(read(&post(&h, &orders, &key, "{\"order\":\"pause\"}").await)["state"], "paused");
    told(&post(&h, &orders, &key, "{\"order\":\"start\"}").await, StatusCode::CONFLICT);
    let journal = read(&get(&h, &format!("/api/v1/rounds/{FIRST}/journal?limit=1"), &key).await);
    assert_eq!(journal["items"][0]["by"], "key tests");
    assert_eq!(journal["items"][0]["did"], "paused the round");
    assert_eq!(read(&post(&h, &orders, &key, "{\"order\":\"resume\"}").await)["state"], "running");
    let person = &h.people(FIRST).await[0];
    let mark = |word: &str| format!("/api/v1/rounds/{FIRST}/contacts/{}/{word}", person.id);
    read(&post(&h, &mark("opt-out"), &key, "{\"how\":\"by telephone\",\"length\":\"this_round\"}").await);
    let other = &h.people(FIRST).await[1];
    let left = format!("/api/v1/rounds/{FIRST}/contacts/{}/left", other.id);
    read(&post(&h, &left, &key, "{\"how\":\"the switchboard said so\"}").await);
    let now = h.people(FIRST).await;
    assert!(now.iter().any(|p| p.id == person.id && p.opted_out_at.is_some()));
    assert!(now.iter().any(|p| p.id == other.id && p.left_at.is_some()));
}
