//! Incidents in the console: told on every page that matters and to whoever watches, and decided by a person.

use axum::http::{Method, StatusCode};

use super::fixture::*;
use crate::store::{journal, trouble as store};

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
