//! The button that starts a round, where sender domains are looked at before (M10).

use std::path::Path;

use axum::http::StatusCode;

use super::fixture::*;
use crate::intake::folder;
use crate::rules::round::RoundState;
use crate::steps::round::load;
use crate::steps::trust::SenderChecks;
use crate::store::{journal, rounds};
use crate::web::{Web, router};

const DRAFT: &str = "draft-2027";

#[tokio::test]
async fn m10_a_round_that_receivers_could_not_believe_needs_a_reason_to_start() {
    let mut h = house().await;
    let mut round = folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo")).unwrap();
    round.spec.round = DRAFT.into();
    load(&h.ctx, round, "test").await.unwrap();
    h.ctx.senders = SenderChecks { before_start: true, reserved_too: true, ..SenderChecks::default() };
    h.router = router(Web::new(h.ctx.clone(), 0));
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let path = format!("/rounds/{DRAFT}");
    let page = h.send(axum::http::Method::GET, &path, &with, "").await;
    assert!(page.body.contains("name=\"anyway\""), "{}", page.body);
    let state = async || rounds::by_slug(&mut h.ctx.db.read().await.unwrap(), DRAFT).await.unwrap().unwrap().state;
    for reason in ["", " "] {
        let said = h.post_with(&path, &with, &[("act", "start"), ("csrf", &csrf), ("anyway", reason)]).await;
        assert!(said.refused, "{}", said.body);
        assert!(said.body.contains("northwind.example"), "{}", said.body);
        assert_eq!(state().await, RoundState::Draft);
    }
    let said =
        h.post_with(&path, &with, &[("act", "start"), ("csrf", &csrf), ("anyway", "<b>our relay signs</b>")]).await;
    assert_eq!((said.status, state().await), (StatusCode::SEE_OTHER, RoundState::Running));
    let mut tx = h.ctx.db.read().await.unwrap();
    let id = rounds::by_slug(&mut tx, DRAFT).await.unwrap().unwrap().id;
    let entries = journal::of_subject(&mut tx, &id).await.unwrap();
    assert!(entries.iter().any(|e| e.actor == OPERATOR && e.detail.contains("our relay signs")), "{entries:?}");
}
