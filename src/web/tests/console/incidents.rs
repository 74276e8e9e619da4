//! Incidents in the console: told on every page that matters and to whoever watches, and decided by a person.

use axum::http::{Method, StatusCode};

use crate::rules::journal::Actor;
use crate::store::journal;
use crate::store::sending::trouble as store;
use crate::web::tests::fixture::*;

const ID: &str = "0198a000-0000-7000-8000-000000000001";

pub async fn begins(h: &House, scope: &'static str) {
    let now = h.ctx.clock.now();
    let incident = store::Incident {
        id: ID.into(),
        scope: scope.into(),
        words: "user unknown".into(),
        said: "550 <script>alert(1)</script> user unknown".into(),
        at: now,
        try_at: now.plus(900_000),
        tries: 0,
        probe: None,
        lifted_at: None,
        lifted_by: None,
        settled_at: None,
        settled_by: None,
        outcome: None,
    };
    h.ctx.db.write(move |tx| Box::pin(async move { store::open(tx, &incident).await })).await.unwrap();
}

#[tokio::test]
async fn an_incident_is_told_everywhere_and_decided_by_a_person() {
    for (scope, title) in [("", "All sending is held"), ("globex.example", "Mail to globex.example is held")] {
        let h = house().await;
        let (cookie, csrf) = h.log_in().await;
        let page = async |path: &str| h.send(Method::GET, path, &[("cookie", &cookie)], "").await;
        let pages = ["/".to_string(), format!("/rounds/{FIRST}"), format!("/rounds/{FIRST}/outbox"), "/sending".into()];
        for path in &pages {
            assert!(!page(path).await.body.contains(title), "{path}");
        }
        assert_eq!(page("/readyz").await.status, StatusCode::OK);
        begins(&h, scope).await;
        for path in &pages {
            let body = page(path).await.body;
            assert!(body.contains(title) && !body.contains("<script>alert"), "{path}: {body}");
        }
        let ready = page("/readyz").await;
        assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(ready.body.contains(title), "{}", ready.body);
        let post = async |act: &str, incident: &str, csrf: &str| {
            let fields = [("act", act), ("incident", incident), ("csrf", csrf)];
            h.post_with("/sending", &[("cookie", &cookie)], &fields).await.status
        };
        assert_eq!(post("retry_incident", ID, "invented").await, StatusCode::FORBIDDEN);
        assert_eq!(post("retry_incident", "nonsense", &csrf).await, StatusCode::NOT_FOUND);
        assert_eq!(post("resume", "", &csrf).await, StatusCode::SEE_OTHER);
        assert!(page("/sending").await.body.contains("goes again"), "released, and not decided");
        let ready = page("/readyz").await;
        assert!(ready.status == StatusCode::OK && ready.body.contains("wait for a decision"), "{}", ready.body);
        let act = if scope.is_empty() { "retry_incident" } else { "confirm_incident" };
        assert_eq!(post(act, ID, &csrf).await, StatusCode::SEE_OTHER);
        assert!(page("/sending").await.body.contains("Nothing holds sending"));
        assert_eq!(page("/readyz").await.body, "ready\n");
        let mut tx = h.ctx.db.read().await.unwrap();
        let told = journal::of_subject(&mut tx, ID).await.unwrap();
        assert!(told.iter().any(|entry| entry.actor == OPERATOR), "{told:?}");
    }
}

/// A restored or copied database, a missing journal, a second sender: one kind of hold, told like an incident.
#[tokio::test]
async fn a_hold_is_told_everywhere_until_somebody_confirms() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let page = async |path: &str| h.send(Method::GET, path, &[("cookie", &cookie)], "").await;
    let overview = format!("/rounds/{FIRST}");
    let key = h
        .ctx
        .order(&Actor::operator("test"), crate::steps::installation::operators::AddKey { name: "watcher".to_string() })
        .await
        .unwrap();
    let bearer = format!("Bearer {key}");
    let told = async || {
        let status = crate::steps::completion::status(&h.ctx, FIRST).await.unwrap();
        let metrics = h.send(Method::GET, "/metrics", &[("authorization", &bearer)], "").await.body;
        [
            page("/readyz").await.status == StatusCode::SERVICE_UNAVAILABLE,
            page(&overview).await.body.contains("Sending is held"),
            page("/").await.body.contains("Nothing is sent until"),
            page("/sending").await.body.contains("Sending is held"),
            !status.held_by.is_empty(),
            metrics.contains("\nsoundings_sending_held 1\n"),
        ]
    };
    assert_eq!(told().await, [false; 6]);
    let now = h.ctx.clock.now();
    let hold = crate::store::sending::senders::Hold {
        id: ID.into(),
        instance: String::new(),
        why: "It was restored.".into(),
        messages: "[]".into(),
        at: now,
    };
    h.ctx
        .db
        .write(move |tx| Box::pin(async move { crate::store::sending::senders::hold(tx, &hold).await }))
        .await
        .unwrap();
    assert_eq!(told().await, [true; 6]);
    for path in ["/", &overview] {
        let body = page(path).await.body;
        assert!(!body.contains("Nothing needs doing today") && !body.contains("runs by itself"), "{path}");
        assert!(!body.contains("nothing today"), "{path}");
    }
    let resumed = h.post_with("/sending", &[("cookie", &cookie)], &[("act", "resume"), ("csrf", &csrf)]).await;
    assert_eq!(resumed.status, StatusCode::SEE_OTHER);
    assert_eq!(told().await, [false; 6]);
}

/// No word of an operator lets mail go from a damaged file.
#[tokio::test]
async fn a_damaged_database_is_told_everywhere_and_not_resumed() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let page = async |path: &str| h.send(Method::GET, path, &[("cookie", &cookie)], "").await;
    let met = crate::base::problem::Problem::internal("The database did not take a statement of ours.");
    h.ctx.db.heard(&met);
    assert_eq!(h.ctx.db.damage(), None, "another trouble is no damage");
    h.ctx.db.heard(&crate::base::problem::Problem::internal("The database file is damaged."));
    for _ in 0..2 {
        for path in ["/", &format!("/rounds/{FIRST}"), "/sending", "/readyz"] {
            assert!(page(path).await.body.contains("The database file is damaged"), "{path}");
        }
        h.post_with("/sending", &[("cookie", &cookie)], &[("act", "resume"), ("csrf", &csrf)]).await;
        h.ctx.db.examine().await.unwrap();
    }
}
