//! A write whose turn comes later than a visitor is kept waiting: what he reads, that it is there afterwards, and what
//! he hears when he presses again.

use crate::rules::journal::Actor;
use crate::steps::contacts::opt_out::{Length, OptOut};
use std::time::Duration;

use axum::http::StatusCode;
use tokio::task::JoinHandle;

use crate::steps::context::Purpose;
use crate::store::contacts::Person;
use crate::web::kit::state::Web;
use crate::web::kit::views::phrases::wording::Phrases;
use crate::web::routes::router;
use crate::web::tests::fixture::*;

/// A visitor is kept waiting for a moment only.
async fn impatient() -> House {
    let h = house().await;
    let mut web = Web::new(h.ctx.clone(), 0);
    web.patience = Duration::from_millis(400);
    House { router: router(web), ..h }
}

/// Holds the writer for longer than that.
async fn busy(h: &House) -> JoinHandle<()> {
    let db = h.ctx.db.clone();
    let (tell, began) = tokio::sync::oneshot::channel();
    let held = tokio::spawn(async move {
        let long = db.write(move |_| {
            Box::pin(async move {
                let _ = tell.send(());
                tokio::time::sleep(Duration::from_millis(1_500)).await;
                Ok(())
            })
        });
        long.await.unwrap();
    });
    began.await.unwrap();
    held
}

const SAVED: [(&str, &str); 3] = [
    ("en", "It may have been saved."),
    ("de", "Vielleicht wurde es trotzdem gespeichert."),
    ("fr", "peut-\u{ea}tre enregistr\u{e9}"),
];

fn says(said: &Said, code: &str) {
    assert_eq!(said.status, StatusCode::SERVICE_UNAVAILABLE, "{}", said.body);
    assert!(said.body.contains(&format!("<html lang=\"{code}\"")), "{code}: {}", said.body);
    for (other, words) in SAVED {
        assert_eq!(said.body.contains(words), other == code, "{code}: {}", said.body);
    }
    assert!(!said.body.contains("failed") && !said.body.contains("did not work"), "{}", said.body);
}

async fn who_speaks(h: &House, language: &str) -> Person {
    h.people(FIRST).await.into_iter().find(|person| person.language == language).unwrap()
}

#[tokio::test]
async fn c07_who_opts_out_reads_that_it_may_be_saved_in_the_language_of_the_page_and_it_is() {
    let h = impatient().await;
    for (code, _) in SAVED {
        let person = who_speaks(&h, code).await;
        // The browser speaks another language than the page.
        let path = h.link(Purpose::OptOut, &person.id);
        let page = h.get(&path).await;
        let action = page.body.split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
        let held = busy(&h).await;
        let fields = [("choice", "stop")];
        let said = h.post_with(&action, &[("accept-language", "it")], &fields).await;
        says(&said, code);
        held.await.unwrap();
        // What waited is written when its turn comes, although nobody waits any more.
        h.ctx.db.write(|_| Box::pin(async { Ok(()) })).await.unwrap();
        assert!(h.person(&person.id).await.opted_out_at.is_some(), "{code}");
        let again = h.post(&action, &fields).await;
        let done = again.body.contains(&format!("<html lang=\"{code}\""))
            && again.body.contains(Phrases::of(code).stopped_title);
        assert!(again.status == StatusCode::OK && done, "{}", again.body);
    }
    // Twin: what was never sent is not there.
    let out = h.people(FIRST).await.iter().filter(|person| person.opted_out_at.is_some()).count();
    assert_eq!(out, SAVED.len());
}

#[tokio::test]
async fn c07_what_a_contact_answers_is_there_after_a_time_out_and_a_second_press_goes_on() {
    let h = impatient().await;
    let person = who_speaks(&h, "de").await;
    let path = h.link(Purpose::Assessment, &person.id);
    let page = h.get(&format!("{path}?page=1")).await;
    let action =
        page.body.split("<form method=\"post\" action=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    let held = busy(&h).await;
    let fields = [("page", "1"), ("go", "back"), ("answer.trust_word", "5")];
    says(&h.post(&action, &fields).await, "de");
    held.await.unwrap();
    let again = h.post(&action, &fields).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    assert!(h.get(&format!("{path}?page=1")).await.body.contains("value=\"5\" checked"));
}

#[tokio::test]
async fn c07_a_director_who_signs_late_has_signed_once_and_hears_so() {
    let h = impatient().await;
    let (_, path) = &h.requests(FIRST).await[0];
    let page = h.get(path).await;
    let of = |name: &str| page.hidden("name=\"act\" value=\"sign\"", name);
    let (account, fingerprint) = (of("account"), of("fingerprint"));
    let count = h.account(&(&*account).into()).await.listed.to_string();
    let fields = [("act", "sign"), ("account", &*account), ("fingerprint", &*fingerprint), ("count", &*count)];
    let held = busy(&h).await;
    says(&h.post_with(path, &[("accept-language", "en")], &fields).await, "en");
    held.await.unwrap();
    let again = h.post(path, &fields).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    assert!(h.get(again.header("location")).await.body.contains("Signed: "));
    let mut tx = h.ctx.db.read().await.unwrap();
    assert_eq!(crate::store::signoff::of_account(&mut tx, &(&*account).into()).await.unwrap().len(), 1, "signed once");
}

#[tokio::test]
async fn c07_an_operator_reads_it_in_full_and_what_only_looks_is_not_said_to_be_saved() {
    let h = impatient().await;
    let (cookie, csrf) = h.log_in().await;
    let held = busy(&h).await;
    let path = format!("/rounds/{FIRST}");
    let fields = [("act", "pause"), ("confirm", "yes"), ("csrf", &*csrf)];
    let said = h.post_with(&path, &[("cookie", &cookie)], &fields).await;
    assert_eq!(said.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(said.body.contains("It may have been saved.") && said.body.contains("look before"), "{}", said.body);
    // Twin: a page is read while the writer is busy, and what is quick enough says nothing of the kind.
    let page = h.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert_eq!(page.status, StatusCode::OK);
    held.await.unwrap();
    let again = h.post_with(&path, &[("cookie", &cookie)], &fields).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    let live = h.ctx.live_by_slug(&mut h.ctx.db.read().await.unwrap(), FIRST).await.unwrap();
    assert_eq!(live.state, crate::rules::round::RoundState::Paused);
}

#[tokio::test]
async fn c07_the_writer_writes_what_nobody_waits_for_and_nothing_of_what_fails() {
    let h = house().await;
    let person = h.people(FIRST).await[0].clone();
    let held = busy(&h).await;
    let (ctx, secret) = (h.ctx.clone(), h.ctx.secret(Purpose::OptOut, &person.id));
    let waits = ctx.order(&Actor::Visitor, OptOut { secret, length: Length::NeverAgain, how: "tests" });
    assert!(tokio::time::timeout(Duration::from_millis(200), waits).await.is_err());
    let db = h.ctx.db.clone();
    let fails =
        db.write(|_| Box::pin(async { Err::<(), _>(crate::base::problem::Problem::refused("No.", "Nothing.")) }));
    let (failed, ()) = tokio::join!(fails, async { held.await.unwrap() });
    assert!(failed.is_err());
    assert!(h.person(&person.id).await.opted_out_at.is_some());
}
