//! What was given can be taken back: sessions, operators, keys.

use axum::http::{Method, StatusCode};

use crate::base::address::EmailAddress;
use crate::rules::journal::Actor;
use crate::rules::message::{Lane, MessageState};
use crate::steps::installation::operators;
use crate::store::journal;
use crate::store::sending::outbox;
use crate::web::tests::fixture::*;

const PETER: &str = "peter@soundings.example";

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

async fn is_open(h: &House, cookie: &str) -> bool {
    h.send(Method::GET, "/", &[("cookie", cookie)], "").await.status == StatusCode::OK
}

async fn told(h: &House, of: &str) -> Vec<(String, String, String)> {
    let mut tx = h.ctx.db.read().await.unwrap();
    let all = journal::of_subject(&mut tx, of).await.unwrap();
    all.into_iter().map(|e| (e.actor, e.action, e.detail)).collect()
}

#[tokio::test]
async fn s15_who_is_removed_is_out_at_once_with_links_and_mails() {
    let h = house().await;
    h.ctx.order(&Actor::operator("test"), operators::AddOperator { email: address(PETER) }).await.unwrap();
    let link = h.ctx.order(&Actor::CommandLine, operators::IssueLink { email: address(PETER) }).await.unwrap().unwrap();
    let path = link.trim_start_matches(&*h.ctx.base_url).to_string();
    let said = h.post(&path, &[("email", PETER)]).await;
    let peter = said.header("set-cookie").split(';').next().unwrap().to_string();
    let unused =
        h.ctx.order(&Actor::CommandLine, operators::IssueLink { email: address(PETER) }).await.unwrap().unwrap();
    h.post("/log-in", &[("email", PETER)]).await;
    operators::answer_requests(&h.ctx).await.unwrap();
    assert!(is_open(&h, &peter).await);

    let (olga, csrf) = h.log_in().await;
    let with = [("cookie", olga.as_str())];
    let page = h.send(Method::GET, "/operators", &with, "").await;
    assert!(
        page.status == StatusCode::OK && page.body.contains(PETER) && page.body.contains("This browser."),
        "{}",
        page.body
    );
    let fields = [("csrf", csrf.as_str()), ("act", "remove_operator"), ("email", PETER)];
    assert_eq!(h.post_with("/operators", &with, &fields).await.status, StatusCode::SEE_OTHER);

    assert!(!is_open(&h, &peter).await, "his session has ended");
    let unused = unused.trim_start_matches(&*h.ctx.base_url).to_string();
    assert_eq!(h.post(&unused, &[("email", PETER)]).await.status, StatusCode::GONE, "his link has ended");
    let mut tx = h.ctx.db.read().await.unwrap();
    let mails = outbox::page(&mut tx, &Lane::System, None, 10, 0).await.unwrap();
    drop(tx);
    assert!(mails.len() == 1 && mails[0].state == MessageState::Withdrawn, "{mails:?}");
    h.post("/log-in", &[("email", PETER)]).await;
    operators::answer_requests(&h.ctx).await.unwrap();
    let mut tx = h.ctx.db.read().await.unwrap();
    assert_eq!(outbox::page(&mut tx, &Lane::System, None, 10, 0).await.unwrap().len(), 1, "and no more comes");
    drop(tx);
    assert!(is_open(&h, &olga).await, "hers goes on");
    let told = told(&h, PETER).await;
    let removed = ("removed an operator".to_string(), "1 session ended".to_string());
    assert!(told.contains(&(OPERATOR.to_string(), removed.0, removed.1)), "{told:?}");
    assert!(told.iter().any(|(actor, action, _)| actor == PETER && action == "logged in"), "{told:?}");
    // Who comes back begins anew.
    assert!(h.ctx.order(&Actor::operator("test"), operators::AddOperator { email: address(PETER) }).await.unwrap());
    assert!(!is_open(&h, &peter).await);
    assert!(h.ctx.order(&Actor::CommandLine, operators::IssueLink { email: address(PETER) }).await.unwrap().is_some());
}

#[tokio::test]
async fn the_last_operator_is_removed_only_when_somebody_means_it() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let mut fields = vec![("csrf", csrf.as_str()), ("act", "remove_operator"), ("email", OPERATOR)];
    let said = h.post_with("/operators", &with, &fields).await;
    assert!(said.refused);
    assert!(said.body.contains("is the last operator") && said.body.contains("name=\"last\""), "{}", said.body);
    assert!(is_open(&h, &cookie).await);
    fields.push(("last", "yes"));
    assert_eq!(h.post_with("/operators", &with, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(!is_open(&h, &cookie).await);
    let none = h
        .ctx
        .order(&Actor::operator("test"), operators::RemoveOperator { email: address(OPERATOR), even_last: true })
        .await
        .unwrap_err();
    assert!(none.to_string().contains("is not an operator"), "{none}");
}

#[tokio::test]
async fn other_sessions_end_and_this_one_goes_on() {
    let h = house().await;
    let (phone, _) = h.log_in().await;
    let (laptop, csrf) = h.log_in().await;
    let link = h.login_link().await;
    let with = [("cookie", laptop.as_str())];
    let fields = [("csrf", csrf.as_str()), ("act", "end_sessions")];
    // The twin: without the token of the session's own forms nothing ends.
    assert_eq!(h.post_with("/operators", &with, &fields[1..]).await.status, StatusCode::FORBIDDEN);
    assert!(is_open(&h, &phone).await);
    assert_eq!(h.post_with("/operators", &with, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(!is_open(&h, &phone).await && is_open(&h, &laptop).await);
    assert_eq!(h.post(&link, &[("email", OPERATOR)]).await.status, StatusCode::GONE);
    let (again, _) = h.log_in().await;
    assert_eq!(
        h.ctx
            .order(&Actor::CommandLine, operators::EndSessions { email: address(OPERATOR), but: String::new() })
            .await
            .unwrap(),
        2
    );
    assert!(!is_open(&h, &again).await && !is_open(&h, &laptop).await);
}

#[tokio::test]
async fn a_key_is_shown_by_its_last_use_and_taken_back() {
    let h = house().await;
    let secret =
        h.ctx.order(&Actor::operator("test"), operators::AddKey { name: "billing <b>".to_string() }).await.unwrap();
    let bearer = format!("Bearer {secret}");
    let with_key = [("authorization", bearer.as_str())];
    let used = || async { operators::keys(&h.ctx).await.unwrap()[0].used_at };
    assert_eq!(used().await, None);
    assert_eq!(h.send(Method::GET, "/api/v1/rounds", &with_key, "").await.status, StatusCode::OK);
    assert_eq!(used().await, Some(MONDAY));
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let page = h.send(Method::GET, "/operators", &with, "").await.body;
    assert!(page.contains("billing &#60;b&#62;") && page.contains("Mon 25 Jan 2027, 09:00 UTC"), "{page}");
    assert!(!page.contains(&secret) && !page.contains("snd_"));
    let fields = [("csrf", csrf.as_str()), ("act", "remove_key"), ("name", "billing <b>")];
    assert_eq!(h.post_with("/operators", &with, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(h.send(Method::GET, "/api/v1/rounds", &with_key, "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(h.post_with("/operators", &with, &fields).await.status, StatusCode::NOT_FOUND);
    let told = told(&h, "billing <b>").await;
    assert!(told.iter().any(|(actor, action, _)| actor == OPERATOR && action == "removed a key"), "{told:?}");
}
