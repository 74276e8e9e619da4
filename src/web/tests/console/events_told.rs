//! Events on the page of sending: what was told, what waits and why, and what an operator does about it.

use axum::http::{Method, StatusCode};

use crate::rules::handover::HandoffState;
use crate::rules::handover::events::EventKind;
use crate::store::handover::events::{self as store, NewEvent};
use crate::web::tests::fixture::*;

const FIRST_EVENT: &str = "0198a000-0000-7000-8000-000000000071";
const SECOND_EVENT: &str = "0198a000-0000-7000-8000-000000000072";

/// Two events wait; the webhook has refused the first one.
pub async fn not_taken(h: &House) {
    let now = h.ctx.clock.now();
    let written = h.ctx.db.write(move |tx| {
        Box::pin(async move {
            for (id, kind) in [(FIRST_EVENT, EventKind::RoundPaused), (SECOND_EVENT, EventKind::RoundResumed)] {
                store::add(tx, &NewEvent { id: id.into(), round: None, kind, body: "{}".into() }, now).await?;
            }
            store::take(tx, &FIRST_EVENT.into(), now).await?;
            let said = "The webhook of events answered 503: <b>later</b>";
            store::settle(tx, &FIRST_EVENT.into(), HandoffState::Pending, now.plus(300_000), said, now).await
        })
    });
    assert!(written.await.unwrap());
}

#[tokio::test]
async fn what_waits_is_told_again_or_left_out() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let page = async || h.send(Method::GET, "/sending", &[("cookie", &cookie)], "").await.body;
    assert!(!page().await.contains("id=\"events\""), "nobody is told");
    not_taken(&h).await;
    let before = page().await;
    assert!(before.contains("round.paused of ") && before.contains("not taken after 1 try"), "{before}");
    assert!(before.contains("answered 503") && !before.contains("<b>later"), "{before}");
    assert!(before.contains("Waiting: 2 events"), "{before}");
    let press = async |act: &str, id: &str| {
        h.post_with("/sending", &[("cookie", &cookie)], &[("act", act), ("event", id), ("csrf", csrf.as_str())]).await
    };
    let of_another = press("tell_events", SECOND_EVENT).await;
    assert!(of_another.refused && of_another.body.contains("waits no more"), "{}", of_another.body);
    assert_eq!(press("tell_events", FIRST_EVENT).await.status, StatusCode::SEE_OTHER);
    assert_eq!(press("leave_event_out", FIRST_EVENT).await.status, StatusCode::SEE_OTHER);
    let after = page().await;
    assert!(after.contains("round.resumed of ") && after.contains("Waiting: 1 event."), "{after}");
    assert!(after.contains("left out in the last thirty days: 1 event."), "{after}");
    assert!(!after.contains("Tell it again now"), "what was not refused is told by itself: {after}");
    assert_ne!(press("tell_events", "x").await.status, StatusCode::SEE_OTHER);
    let journal = h.send(Method::GET, "/journal", &[("cookie", &cookie)], "").await.body;
    assert!(journal.contains("Had events told again") && journal.contains("Left an event out"), "{journal}");
}
