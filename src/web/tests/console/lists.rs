//! A list from a file to the round, through its pages; and the door that takes files.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use futures_util::stream;

use crate::base::clock::{DAY, HOUR};
use crate::steps::contacts::uploads;
use crate::store::contacts::uploads as store;
use crate::web::kit::forms::files::LARGEST_FILE;
use crate::web::kit::state::Web;
use crate::web::routes::router;
use crate::web::tests::fixture::*;

const EDGE: &str = "----edge";
const HEADER: &str = "account,first_name,last_name,email,account_director,account_director_email\n";

/// One part of a form.
fn part(name: &str, file: Option<&str>, content: &str) -> String {
    let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
    format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n")
}

fn form(csrf: &str, file: &str, content: &str) -> String {
    format!("{}{}--{EDGE}--\r\n", part("csrf", None, csrf), part("file", Some(file), content))
}

fn rows(n: usize) -> String {
    let row = |i: usize| format!("Globex,Pat{i},Lee{i},pat{i}@globex.example,Dora Dean,dora@client.example\n");
    format!("{HEADER}{}", (0..n).map(row).collect::<String>())
}

fn list() -> String {
    format!("/rounds/{FIRST}/list")
}

/// As a browser sends it.
async fn send(h: &House, cookie: &str, body: Body, more: &[(&str, &str)]) -> Said {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(list())
        .header("cookie", cookie)
        .header("content-type", format!("multipart/form-data; boundary={EDGE}"));
    for (name, value) in [("host", OURS)].iter().chain(more) {
        request = request.header(*name, *value);
    }
    h.ask(request.body(body).unwrap()).await
}

async fn upload(h: &House, cookie: &str, csrf: &str, file: &str, content: &str) -> Said {
    send(h, cookie, Body::from(form(csrf, file, content)), &[]).await
}

async fn parts(h: &House) -> usize {
    let all = h.facts().await;
    all["list_upload"].len() + all["list_upload_part"].len()
}

#[tokio::test]
async fn s14_a_file_needs_the_token_of_its_session_before_it() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let (_, other) = h.log_in().await;
    let file = part("file", Some("list.csv"), &rows(2));
    let before = h.everything();
    let wrong = [
        form("", "list.csv", &rows(2)),
        form(&other, "list.csv", &rows(2)),
        format!("{file}{}--{EDGE}--\r\n", part("csrf", None, &csrf)),
        format!("{file}--{EDGE}--\r\n"),
        form(&"x".repeat(5_000), "list.csv", &rows(2)),
    ];
    for body in wrong {
        let said = send(&h, &cookie, Body::from(body.clone()), &[]).await;
        assert_eq!(said.status, StatusCode::FORBIDDEN, "{body}");
    }
    let good = form(&csrf, "list.csv", &rows(2));
    for foreign in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        assert_eq!(send(&h, &cookie, Body::from(good.clone()), &[foreign]).await.status, StatusCode::FORBIDDEN);
    }
    for nobody in ["", "soundings=invented"] {
        assert_eq!(send(&h, nobody, Body::from(good.clone()), &[]).await.status, StatusCode::FORBIDDEN);
    }
    let plain = h.post_with(&list(), &[("cookie", &cookie)], &[("csrf", &csrf), ("file", "x")]).await;
    assert_eq!(plain.status, StatusCode::FORBIDDEN);
    assert!(h.everything() == before, "something of a foreign file was kept");
    // Twin: the page's own form.
    assert_eq!(send(&h, &cookie, Body::from(good), &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn s30_f23_a_file_that_is_too_large_or_too_slow_is_ended_and_leaves_nothing() {
    let mut h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let declared = (LARGEST_FILE + 1).to_string();
    let said = send(&h, &cookie, Body::empty(), &[("content-length", &declared)]).await;
    assert_eq!(said.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(said.body.contains("lists of up to 50 MB are taken"), "{}", said.body);
    // Without a length it is counted as it comes.
    let head = format!("{}{}", part("csrf", None, &csrf), part("file", Some("l.csv"), "").trim_end_matches("\r\n"));
    let head = format!("{head}\r\n\r\n");
    let megabyte = "x".repeat(1024 * 1024);
    let pieces = std::iter::once(head.clone()).chain(std::iter::repeat_n(megabyte, 60)).map(Ok::<_, Infallible>);
    let said = send(&h, &cookie, Body::from_stream(stream::iter(pieces)), &[]).await;
    assert_eq!(said.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(parts(&h).await, 0);
    // A byte now and then.
    let mut web = Web::new(h.ctx.clone(), 0);
    web.patience = Duration::from_millis(300);
    h.router = router(web);
    let slow = stream::unfold(0, move |n| {
        let piece = if n == 0 { head.clone() } else { "x".into() };
        async move {
            tokio::time::sleep(Duration::from_millis(if n == 0 { 0 } else { 100 })).await;
            Some((Ok::<_, Infallible>(piece), n + 1))
        }
    });
    let said = send(&h, &cookie, Body::from_stream(slow), &[]).await;
    assert_eq!(said.status, StatusCode::REQUEST_TIMEOUT, "{}", said.body);
    assert_eq!(parts(&h).await, 0);
    // Who sends nothing at all.
    let nothing = stream::pending::<Result<String, Infallible>>();
    assert_eq!(send(&h, &cookie, Body::from_stream(nothing), &[]).await.status, StatusCode::REQUEST_TIMEOUT);
    // One that breaks off.
    let half = format!("{}{}", part("csrf", None, &csrf), part("file", Some("l.csv"), &rows(3)));
    let said = send(&h, &cookie, Body::from(half.trim_end().to_string()), &[]).await;
    assert!(said.header("location").contains("kept="), "{} {}", said.status, said.body);
    assert_eq!(parts(&h).await, 0);
}

#[tokio::test]
async fn s09_a_list_is_of_its_round_is_replaced_by_the_next_and_forgotten_after_a_day() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let page = async |path: &str| h.send(Method::GET, path, &with, "").await;
    let hostile = "../../etc/<b>list</b>.csv";
    let first = upload(&h, &cookie, &csrf, hostile, &rows(3)).await.header("location").to_string();
    let shown = page(&list()).await.body;
    assert!(shown.contains("list&#60;/b&#62;.csv") || shown.contains("b&#62;.csv"), "{shown}");
    assert!(!shown.contains("<b>list") && !shown.contains("etc/"), "{shown}");
    assert_eq!(page(&first.replace(FIRST, SECOND)).await.status, StatusCode::GONE);
    assert_eq!(h.get(&first).await.header("location"), "/log-in");
    // Larger than one part, and as it came.
    let large = rows(9_000);
    let second = upload(&h, &cookie, &csrf, "large.csv", &large).await.header("location").to_string();
    let round = h.round_id(FIRST).await;
    let all = store::of_round(&mut h.ctx.db.read().await.unwrap(), &round).await.unwrap();
    assert_eq!((all.len(), all[0].size), (1, large.len() as i64));
    assert!(uploads::bytes(&h.ctx, &all[0]).await.unwrap() == large.as_bytes());
    assert_eq!((page(&first).await.status, page(&second).await.status), (StatusCode::GONE, StatusCode::OK));
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(DAY - HOUR));
    assert_eq!(uploads::forget(&h.ctx).await.unwrap(), 0);
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(2 * HOUR));
    assert_eq!((uploads::forget(&h.ctx).await.unwrap(), parts(&h).await), (1, 0));
    assert_eq!(page(&second).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn what_is_no_list_is_told_on_the_page_of_the_file_and_leaves_nothing() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    for (file, content) in [("empty.csv", ""), ("", "")] {
        let said = upload(&h, &cookie, &csrf, file, content).await;
        let there = said.header("location").to_string();
        assert!(there.contains("kept="), "{file}: {} {}", said.status, said.body);
        let page = h.send(Method::GET, &there, &[("cookie", &cookie)], "").await;
        assert!(
            page.body.contains("The list was not taken") && page.body.contains("id=\"file-error\""),
            "{}",
            page.body
        );
        assert_eq!(parts(&h).await, 0, "{file}");
    }
}
