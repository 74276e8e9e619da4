//! The way in: logging in, whose host, how large, the keys of programs.

use axum::http::{Method, StatusCode};

use crate::base::clock::{DAY, HOUR};
use crate::rules::journal::Actor;
use crate::rules::message::Lane;
use crate::steps::installation::operators;
use crate::store::installation::operators::requests;
use crate::store::sending::outbox;
use crate::web::tests::fixture::*;

#[tokio::test]
async fn s20_asking_for_a_link_says_the_same_to_everybody() {
    let h = house().await;
    let known = h.post("/log-in", &[("email", OPERATOR)]).await;
    let unknown = h.post("/log-in", &[("email", "nobody@soundings.example")]).await;
    assert_eq!(known.status, StatusCode::OK);
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.body.replace(OPERATOR, "X"), unknown.body.replace("nobody@soundings.example", "X"));
    let names = |said: &Said| said.headers.keys().map(|k| k.as_str().to_string()).collect::<Vec<_>>();
    assert_eq!(names(&known), names(&unknown));
    let wrong = h.post("/log-in", &[("email", "olga@")]).await;
    assert!(wrong.refused);
    assert!(wrong.body.contains("value=\"olga@\""));
}

#[tokio::test]
async fn s20_nothing_that_depends_on_the_address_is_done_before_the_answer() {
    let h = house().await;
    let noted = || async { requests(&mut h.ctx.db.read().await.unwrap(), 10).await.unwrap().rows.len() };
    let mails = || async {
        let mut tx = h.ctx.db.read().await.unwrap();
        outbox::page(&mut tx, &Lane::System, None, 10, 0).await.unwrap().len()
    };
    for email in [OPERATOR, "nobody@soundings.example"] {
        assert_eq!(h.post("/log-in", &[("email", email)]).await.status, StatusCode::OK);
    }
    assert_eq!((noted().await, mails().await), (2, 0));
    // The twin: the duty of the daemon finds the one who is an operator.
    operators::answer_requests(&h.ctx).await.unwrap();
    assert_eq!((noted().await, mails().await), (0, 1));
    for _ in 0..2 {
        operators::answer_requests(&h.ctx).await.unwrap();
    }
    assert_eq!(mails().await, 1, "a request is answered once");
    // Who asks too often gets no more mails, and the terminal is not silenced by it (C9).
    for _ in 0..20 {
        h.post("/log-in", &[("email", OPERATOR)]).await;
    }
    operators::answer_requests(&h.ctx).await.unwrap();
    assert_eq!(mails().await, 5);
    let path = h.login_link().await;
    assert_eq!(h.post(&path, &[("email", OPERATOR)]).await.status, StatusCode::SEE_OTHER);
    // What nobody has looked at for longer than a link lasts is forgotten.
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(HOUR));
    h.post("/log-in", &[("email", OPERATOR)]).await;
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(HOUR));
    operators::answer_requests(&h.ctx).await.unwrap();
    assert_eq!((noted().await, mails().await), (0, 5));
}

#[tokio::test]
async fn a_page_that_is_left_open_lets_the_session_end() {
    let h = house().await;
    let page = format!("/rounds/{FIRST}");
    let polls: [&[(&str, &str)]; 3] = [
        &[("x-refresh", "1")],
        &[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")],
        &[("x-refresh", "1"), ("sec-fetch-mode", "navigate")],
    ];
    for poll in polls {
        let (cookie, _) = h.log_in().await;
        let mut open = 0;
        for _ in 0..20 {
            h.ctx.clock.turn_to(h.ctx.clock.now().plus(HOUR));
            let headers: Vec<_> = poll.iter().copied().chain([("cookie", cookie.as_str())]).collect();
            open += i32::from(h.send(Method::GET, &page, &headers, "").await.status == StatusCode::OK);
        }
        assert_eq!(open, 7, "{poll:?}");
    }
    // The twin: somebody who opens pages stays.
    for visit in [&[("sec-fetch-mode", "navigate")][..], &[]] {
        let (cookie, _) = h.log_in().await;
        for _ in 0..20 {
            h.ctx.clock.turn_to(h.ctx.clock.now().plus(HOUR));
            let headers: Vec<_> = visit.iter().copied().chain([("cookie", cookie.as_str())]).collect();
            assert_eq!(h.send(Method::GET, &page, &headers, "").await.status, StatusCode::OK, "{visit:?}");
        }
    }
}

#[tokio::test]
async fn s21_a_link_logs_in_once_and_not_whoever_only_presses_the_button() {
    let h = house().await;
    let path = h.login_link().await;
    // A scanner: follows the link and presses what there is to press.
    assert_eq!(h.get(&path).await.status, StatusCode::OK);
    let pressed = h.post(&path, &[]).await;
    assert!(pressed.refused);
    assert!(pressed.header("set-cookie").is_empty());
    let other = h.post(&path, &[("email", "nobody@soundings.example")]).await;
    assert!(other.refused);
    // The person, in the browser that asked.
    let asked = h.post("/log-in", &[("email", OPERATOR)]).await;
    let cookie = asked.header("set-cookie").split(';').next().unwrap().to_string();
    let page = h.send(Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert!(page.body.contains("Your link is good"), "{}", page.body);
    let said = h.post_with(&path, &[("cookie", &cookie)], &[]).await;
    assert_eq!((said.status, said.header("location")), (StatusCode::SEE_OTHER, "/"));
    let set = said.header("set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"), "{set}");
    for _ in 0..2 {
        assert_eq!(h.post_with(&path, &[("cookie", &cookie)], &[("email", OPERATOR)]).await.status, StatusCode::GONE);
    }
    let late = h.login_link().await;
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(HOUR));
    assert_eq!(h.post(&late, &[("email", OPERATOR)]).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn s15_a_session_is_new_at_every_login_and_ends() {
    let h = house().await;
    let (old, _) = h.log_in().await;
    let path = h.login_link().await;
    let said = h.post_with(&path, &[("cookie", &old)], &[("email", OPERATOR)]).await;
    let new = said.header("set-cookie").split(';').next().unwrap().to_string();
    assert_ne!(old, new);
    assert_eq!(h.send(Method::GET, "/", &[("cookie", &old)], "").await.status, StatusCode::SEE_OTHER);
    let console = h.send(Method::GET, "/", &[("cookie", &new)], "").await;
    assert_eq!(console.status, StatusCode::OK);
    let csrf = console.hidden("log-out", "csrf");
    let out = h.post_with("/log-out", &[("cookie", &new)], &[("csrf", &csrf)]).await;
    assert_eq!(out.header("location"), "/log-in");
    assert_eq!(h.send(Method::GET, "/", &[("cookie", &new)], "").await.status, StatusCode::SEE_OTHER);
    let (idle, _) = h.log_in().await;
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(DAY));
    assert_eq!(h.send(Method::GET, "/", &[("cookie", &idle)], "").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn s15_over_https_the_cookie_is_host_only() {
    let h = house_at("https://soundings.example").await;
    let path = h.login_link().await;
    let said = h.post_with(&path, &[("host", "soundings.example")], &[("email", OPERATOR)]).await;
    let set = said.header("set-cookie");
    assert!(set.starts_with("__Host-soundings=") && set.contains("; Secure") && !set.contains("Domain"), "{set}");
}

#[tokio::test]
async fn s22_other_hosts_are_not_ours() {
    let h = house().await;
    for headers in [
        vec![("host", "evil.example")],
        vec![("host", "evil.example:8080")],
        vec![("host", OURS), ("x-forwarded-host", "evil.example")],
        vec![("host", OURS), ("x-forwarded-host", "127.0.0.1:8080, evil.example")],
    ] {
        let said = h.send(Method::GET, "/log-in", &headers, "").await;
        assert_eq!(said.status, StatusCode::MISDIRECTED_REQUEST, "{headers:?}");
        let said = h.post_with("/log-in", &headers, &[("email", OPERATOR)]).await;
        assert_eq!(said.status, StatusCode::MISDIRECTED_REQUEST, "{headers:?}");
    }
    let absolute = h.send(Method::GET, "http://evil.example/log-in", &[], "").await;
    assert_eq!(absolute.status, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(h.send(Method::GET, "/log-in", &[("host", "localhost:8080")], "").await.status, StatusCode::OK);
    assert_eq!(h.send(Method::GET, "/healthz", &[("host", "10.0.0.7")], "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn too_much_is_refused_with_a_page() {
    let h = house().await;
    let large = "x".repeat(300 * 1024);
    for path in ["/log-in", "/opt-out/x", "/assessment/x", "/sign-off/x"] {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        let said = h.send(Method::POST, path, &kind, &format!("email={large}")).await;
        assert_eq!(said.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert!(said.body.contains("This is too large"), "{path}");
    }
    assert_eq!(h.send(Method::PUT, "/log-in", &[], "").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn programs_need_a_key_and_get_the_contract() {
    let h = house().await;
    let key = h.ctx.order(&Actor::operator("test"), operators::AddKey { name: "tests".to_string() }).await.unwrap();
    let bearer = format!("Bearer {key}");
    let with = [("authorization", bearer.as_str())];
    for path in ["/api/v1/rounds", "/api/v1/rounds/northwind-2027/status", "/api/v1/rounds/northwind-2027/plan"] {
        for wrong in [vec![], vec![("authorization", "Bearer snd_wrong")], vec![("authorization", "Basic x")]] {
            let said = h.send(Method::GET, path, &wrong, "").await;
            assert_eq!(said.status, StatusCode::UNAUTHORIZED, "{path}");
            let problem: serde_json::Value = serde_json::from_str(&said.body).unwrap();
            assert_eq!(problem["kind"], "forbidden");
        }
        let said = h.send(Method::GET, path, &with, "").await;
        assert_eq!(said.status, StatusCode::OK, "{path}");
        let _: serde_json::Value = serde_json::from_str(&said.body).unwrap();
    }
    let said = h.send(Method::GET, "/api/v1/rounds/northwind-2027/plan", &with, "").await;
    let plan: serde_json::Value = serde_json::from_str(&said.body).unwrap();
    assert!(plan["messages"].as_array().unwrap().len() > 100);
    let said = h.send(Method::GET, "/api/v1/rounds/nothing/status", &with, "").await;
    assert_eq!(said.status, StatusCode::NOT_FOUND);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&said.body).unwrap()["kind"], "not_found");
    assert_eq!(h.get("/metrics").await.status, StatusCode::UNAUTHORIZED);
    let figures = h.send(Method::GET, "/metrics", &with, "").await.body;
    assert!(figures.contains("soundings_messages_due{round=\"northwind-2027\"}"), "{figures}");
    let described: serde_json::Value = serde_json::from_str(&h.get("/api/openapi.json").await.body).unwrap();
    assert_eq!(described["openapi"], "3.1.0");
}
