//! Alarms in the console: on every page while they are raised, in the list of the page of sending, and never beside "all is well".

use axum::http::{Method, StatusCode};

use crate::base::clock::MINUTE;
use crate::base::ids::AlarmId;
use crate::base::problem::Problem;
use crate::rules::alarm::{AlarmEvent, AlarmKind, CallState};
use crate::store::alarm::{self as store, Alarm, NewCall};
use crate::web::tests::fixture::*;

const ID: &str = "0198a000-0000-7000-8000-000000000002";

async fn raised(h: &House, what: &str) {
    let now = h.ctx.clock.now();
    let alarm = Alarm {
        id: ID.into(),
        kind: AlarmKind::Handover,
        about: String::new(),
        instance: String::new(),
        what: what.into(),
        advice: "Ask whoever runs it.".into(),
        since: now.plus(-90 * MINUTE),
        seen_at: now,
        gone_at: None,
        raised_at: None,
        ended_at: None,
    };
    let written = h.ctx.db.write(move |tx| {
        Box::pin(async move {
            store::notice(tx, &alarm).await?;
            store::raise(tx, &alarm.id, now).await
        })
    });
    assert!(written.await.unwrap());
}

#[tokio::test]
async fn an_alarm_is_said_on_every_page_until_it_is_over() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let page = async |path: &str| h.send(Method::GET, path, &[("cookie", &cookie)], "").await.body;
    let of_round = ["", "/contacts", "/accounts", "/sign-off", "/outbox", "/replies", "/hand-over"];
    let of_round = of_round.map(|rest| format!("/rounds/{FIRST}{rest}"));
    let pages: Vec<String> = of_round.into_iter().chain(["/".into(), "/sending".into(), "/operators".into()]).collect();
    for path in &pages {
        assert!(!page(path).await.contains("/sending#"), "{path}");
    }
    raised(&h, "It said: 500 <script>alert(1)</script>.").await;
    for path in &pages {
        let body = page(path).await;
        // Where it is mended, and what is tried by itself.
        assert!(
            body.contains(&format!("href=\"/sending#alarm-{ID}\"")) && body.contains("It said: 500"),
            "{path}: {body}"
        );
        assert!(body.contains("tried again, at growing intervals"), "{path}: {body}");
        assert!(body.contains("Since Mon 25 Jan 2027, 07:30 UTC") && !body.contains("<script>alert"), "{path}: {body}");
        assert!(!body.contains("Nothing needs doing today") && !body.contains("runs by itself"), "{path}: {body}");
        assert!(!body.contains("Messages leave when they are due"), "{path}: {body}");
    }
    let sending = page("/sending").await;
    assert!(sending.contains("Answers do not reach the scoring module") && sending.contains("Ask whoever runs it."));
    let now = h.ctx.clock.now();
    let over = h.ctx.db.write(move |tx| Box::pin(async move { store::end(tx, &AlarmId::from(ID), now).await }));
    assert!(over.await.unwrap());
    for path in &pages {
        assert!(!page(path).await.contains("href=\"/sending#alarm-"), "{path}");
    }
    let sending = page("/sending").await;
    assert!(sending.contains("id=\"alarms\"") && sending.contains("over") && !sending.contains("Ask whoever runs it."));
}

#[tokio::test]
async fn all_is_not_well_while_a_duty_fails() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let page = async |path: &str| h.send(Method::GET, path, &[("cookie", &cookie)], "").await.body;
    h.ctx.guarded("weekly lists", async { Err(Problem::internal("A <b>mistake</b>.")) }).await;
    for path in ["/".to_string(), format!("/rounds/{FIRST}")] {
        let body = page(&path).await;
        assert!(body.contains("Weekly lists: A") && !body.contains("<b>mistake"), "{path}: {body}");
        assert!(!body.contains("Nothing needs doing today") && !body.contains("runs by itself"), "{path}: {body}");
    }
    h.ctx.guarded("weekly lists", async { Ok(()) }).await;
    assert!(!page("/").await.contains("Weekly lists: A"));
}

/// Nothing shows any more whether it is so: the page says that, and takes a person's word.
#[tokio::test]
async fn an_alarm_that_is_not_judged_any_more_is_ended_by_an_operators_word() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let page = async |path: &str| h.send(Method::GET, path, &[("cookie", &cookie)], "").await.body;
    let end = async |id: &str| {
        let fields = [("act", "end_alarm"), ("alarm", id), ("csrf", csrf.as_str())];
        h.post_with("/sending", &[("cookie", &cookie)], &fields).await
    };
    raised(&h, "It said: 500.").await;
    assert!(!page("/sending").await.contains("not judged now"));
    let early = end(ID).await;
    assert!(early.refused && early.body.contains("still judged by what is seen"), "{}", early.body);
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(20 * MINUTE));
    let sending = page("/sending").await;
    assert!(sending.contains("not judged now") && sending.contains("Say that it is over"), "{sending}");
    assert!(page("/").await.contains("Nothing shows now whether it still is so."));
    assert_ne!(end("x").await.status, StatusCode::SEE_OTHER);
    for _ in 0..2 {
        assert_eq!(end(ID).await.status, StatusCode::SEE_OTHER);
    }
    assert!(!page("/").await.contains("href=\"/sending#alarm-"));
    assert!(page("/journal").await.contains("Said that an alarm is over"));
}

#[tokio::test]
async fn what_came_of_the_calls_of_the_webhook_stands_beside_the_alarm() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let page = async || h.send(Method::GET, "/sending", &[("cookie", &cookie)], "").await.body;
    raised(&h, "It said: 500.").await;
    assert!(!page().await.contains(">Webhook</th>"), "no webhook was told");
    let now = h.ctx.clock.now();
    let call = NewCall { id: h.ctx.ids.id(now), alarm: ID.into(), event: AlarmEvent::Raised, body: "{}".into() };
    let id = call.id.clone();
    h.ctx.db.write(move |tx| Box::pin(async move { store::add_call(tx, &call, now).await })).await.unwrap();
    assert!(page().await.contains("raised: not called yet"));
    let why = "The webhook answered 500: <b>no</b>";
    let failed = h
        .ctx
        .db
        .write(move |tx| Box::pin(async move { store::settle_call(tx, &id, CallState::Failed, now, why, now).await }));
    failed.await.unwrap();
    let said = page().await;
    assert!(said.contains("raised: given up Mon 25 Jan 2027, 09:00 UTC. The webhook answered 500:"), "{said}");
    assert!(!said.contains("<b>no</b>"), "{said}");
}
