//! Promises that hold for every page: reading changes nothing, one link opens one door, unknown is unknown.

use axum::http::{Method, StatusCode};

use crate::steps::context::Purpose;
use crate::web::tests::fixture::*;

#[tokio::test]
async fn s21_reading_changes_nothing() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let person = &h.people(FIRST).await[0];
    let mut pages = vec![
        "/",
        "/log-in",
        "/operators",
        "/journal",
        "/journal?who=x%40y.example&round=northwind-2027&day=2027-01-25&before=5.x",
        "/rounds/new",
        "/rounds/new/folder",
        "/healthz",
        "/readyz",
        "/style.css",
        "/console.js",
        "/live.js",
        "/assessment.js",
        "/accent/1f4e79.css",
        "/api/openapi.json",
        "/nothing",
    ]
    .into_iter()
    .map(String::from)
    .collect::<Vec<_>>();
    for path in [
        "",
        "/contacts",
        "/contacts?q=a&stage=listed&role=influencer&page=2",
        "/sign-off",
        "/plan",
        "/outbox",
        "/outbox?state=due",
        "/outbox?q=a&state=planned",
        "/replies",
        "/replies?show=later&page=2",
        "/views",
        "/hand-over",
        "/repairs",
        "/calls",
        "/calls?silent=yes&manager=x%40y.example&page=2",
        "/find?q=a",
        "/list",
        "/settings",
        "/questions",
        "/check",
        "/next",
    ] {
        pages.push(format!("/rounds/{FIRST}{path}"));
    }
    pages.push(format!("/rounds/{FIRST}/contacts/{}", person.id));
    pages.push(h.requests(FIRST).await[0].1.clone());
    pages.push(h.link(Purpose::Assessment, &person.id));
    pages.push(format!("{}?page=2", h.link(Purpose::Assessment, &person.id)));
    pages.push(format!("{}?page=check", h.link(Purpose::Assessment, &person.id)));
    pages.push(h.link(Purpose::OptOut, &person.id));
    pages.push(h.login_link().await);
    let before = h.everything();
    for path in &pages {
        for method in [Method::GET, Method::HEAD] {
            let said = h.send(method, path, &[("cookie", &cookie)], "").await;
            let expected = if path == "/nothing" { StatusCode::NOT_FOUND } else { StatusCode::OK };
            assert_eq!(said.status, expected, "{path}: {}", said.body);
            assert!(said.header("set-cookie").is_empty(), "{path} gives a cookie");
        }
    }
    assert!(h.everything() == before, "a GET has written to the database");
}

#[tokio::test]
async fn every_answer_carries_the_headers_and_nothing_from_elsewhere() {
    let h = house_at("https://soundings.example").await;
    for path in ["/log-in", "/nothing", "/api/v1/rounds", "/style.css", "/sign-off/x"] {
        let said = h.send(Method::GET, path, &[("host", "soundings.example")], "").await;
        assert!(said.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(said.header(name), value, "{path}");
        }
        let kept = said.header("cache-control");
        assert_eq!(kept == "no-store", path != "/style.css", "{path}: {kept}");
        assert!(!said.body.to_lowercase().contains("sur\u{76}ey"), "{path}");
    }
    let first = h.send(Method::GET, "/style.css", &[("host", "soundings.example")], "").await;
    let tag = first.header("etag").to_string();
    let again = [("host", "soundings.example"), ("if-none-match", tag.as_str())];
    assert_eq!(h.send(Method::GET, "/style.css", &again, "").await.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn s19_a_link_opens_its_own_door_only() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    let request = &h.requests(FIRST).await[0].0;
    let login = h.login_link().await.rsplit('/').next().unwrap().to_string();
    let secrets = [
        h.ctx.secret(Purpose::SignOff, &request.id),
        h.ctx.secret(Purpose::Assessment, &person.id),
        h.ctx.secret(Purpose::OptOut, &person.id),
        login,
    ];
    let before = h.everything();
    for (door, page) in ["sign-off", "assessment", "opt-out", "login"].iter().enumerate() {
        for (kind, secret) in secrets.iter().enumerate() {
            let said = h.get(&format!("/{page}/{secret}")).await;
            let closed = if *page == "login" { StatusCode::GONE } else { StatusCode::NOT_FOUND };
            let expected = if door == kind { StatusCode::OK } else { closed };
            assert_eq!(said.status, expected, "secret {kind} at {page}");
            if door != kind {
                let one_click = [("List-Unsubscribe", "One-Click"), ("act", "sign"), ("email", OPERATOR)];
                let said = h.post(&format!("/{page}/{secret}"), &one_click).await;
                assert_eq!(said.status, closed, "POST of secret {kind} at {page}");
            }
        }
    }
    assert!(h.everything() == before);
}

#[tokio::test]
async fn s18_a_near_miss_is_as_unknown_as_anything() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    for purpose in [Purpose::SignOff, Purpose::Assessment, Purpose::OptOut] {
        let good = match purpose {
            Purpose::SignOff => h.link(purpose, &h.requests(FIRST).await[0].0.id),
            _ => h.link(purpose, &person.id),
        };
        let (path, secret) = good.rsplit_once('/').unwrap();
        let flipped = if secret.ends_with('A') { "B" } else { "A" };
        let near = h.get(&format!("{path}/{}{flipped}", &secret[..secret.len() - 1])).await;
        let far = h.get(&format!("{path}/nothing-like-it")).await;
        assert_eq!(near.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!((near.status, &near.body), (far.status, &far.body), "{path}");
    }
}

#[tokio::test]
async fn m04_one_click_in_both_encodings_without_cookie_or_redirect_as_often_as_it_likes() {
    let h = house().await;
    let people = h.people(FIRST).await;
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let encodings = [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=b", multipart),
    ];
    for (person, (kind, body)) in people.iter().zip(encodings) {
        let path = h.link(Purpose::OptOut, &person.id);
        for _ in 0..3 {
            let headers = [("content-type", kind), ("sec-fetch-site", "cross-site")];
            let said = h.send(Method::POST, &path, &headers, body).await;
            assert_eq!(said.status, StatusCode::OK, "{kind}");
            assert!(said.header("set-cookie").is_empty() && said.header("location").is_empty());
        }
        assert!(h.person(&person.id).await.opted_out_at.is_some(), "{kind}");
    }
}

#[tokio::test]
async fn the_opt_out_page_needs_a_choice() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    let path = h.link(Purpose::OptOut, &person.id);
    assert!(h.post(&path, &[("language", "en")]).await.refused);
    assert_eq!(h.post(&path, &[("choice", "keep")]).await.status, StatusCode::OK);
    let foreign = [("sec-fetch-site", "cross-site")];
    assert_eq!(h.post_with(&path, &foreign, &[("choice", "stop")]).await.status, StatusCode::FORBIDDEN);
    assert!(h.person(&person.id).await.opted_out_at.is_none());
    assert_eq!(h.post(&path, &[("choice", "stop")]).await.status, StatusCode::OK);
    assert!(h.person(&person.id).await.opted_out_at.is_some());
    assert_eq!(h.get(&h.link(Purpose::Assessment, &person.id)).await.status, StatusCode::GONE);
}
