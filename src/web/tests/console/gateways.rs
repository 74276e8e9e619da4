//! Gateways in the console: what is held is told on every page that matters, and a person holds and releases.

use axum::http::{Method, StatusCode};

use crate::rules::sending::pace::{Heard, Trouble};
use crate::steps::sending::pace::{alarms, heard};
use crate::store::journal;
use crate::web::tests::fixture::*;

const GLOBEX: &str = "globex.example";

pub async fn says(h: &House, gateway: &'static str, words: &'static str) {
    let ctx = h.ctx.clone();
    let said = Heard { trouble: Trouble::Blocked, said: words, for_good: true, tried_for: 0 };
    let work = h.ctx.db.write(move |tx| Box::pin(async move { heard(&ctx, tx, gateway, said).await }));
    work.await.unwrap();
}

async fn held(h: &House) -> Vec<String> {
    let mut tx = h.ctx.db.read().await.unwrap();
    alarms(&mut tx, h.ctx.clock.now()).await.unwrap().into_iter().map(|alarm| alarm.gateway).collect()
}

#[tokio::test]
async fn s02_what_a_gateway_said_is_shown_as_text_where_somebody_looks() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let page = async |path: &str| h.send(Method::GET, path, &[("cookie", &cookie)], "").await.body;
    assert!(!page(&format!("/rounds/{FIRST}/outbox")).await.contains("is held"));
    says(&h, GLOBEX, "554 <script>alert(1)</script> blocklist").await;
    let outbox = page(&format!("/rounds/{FIRST}/outbox")).await;
    assert!(outbox.contains("Mail to globex.example is held") && outbox.contains("Tried again by itself"));
    assert!(outbox.contains("alert(1)") && !outbox.contains("<script>alert"), "{outbox}");
    let overview = page(&format!("/rounds/{FIRST}")).await;
    assert!(overview.contains("Mail to globex.example is held"), "{overview}");
}

#[tokio::test]
async fn an_operator_holds_and_releases_and_the_journal_knows_who() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let path = format!("/rounds/{FIRST}/outbox");
    let post = async |act: &str, gateway: &str, csrf: &str| {
        let fields = [("act", act), ("gateway", gateway), ("csrf", csrf)];
        h.post_with(&path, &[("cookie", &cookie)], &fields).await.status
    };
    says(&h, GLOBEX, "554 5.7.1 on a blocklist").await;
    assert_eq!(post("release_gateway", GLOBEX, "invented").await, StatusCode::FORBIDDEN);
    assert_eq!(held(&h).await, [GLOBEX]);
    assert_eq!(post("release_gateway", GLOBEX, &csrf).await, StatusCode::SEE_OTHER);
    assert_eq!(held(&h).await, Vec::<String>::new());
    assert_eq!(post("hold_gateway", "umbra.example", &csrf).await, StatusCode::SEE_OTHER);
    assert_eq!(held(&h).await, ["umbra.example"]);
    for nothing in ["", "nodot", "a b.example", "<b>.example"] {
        assert_eq!(post("hold_gateway", nothing, &csrf).await, StatusCode::NOT_FOUND, "{nothing}");
    }
    let mut tx = h.ctx.db.read().await.unwrap();
    let told = journal::of_subject(&mut tx, "umbra.example").await.unwrap();
    assert_eq!((told[0].actor.as_str(), told[0].action.as_str()), (OPERATOR, "held the mail to"));
}
