//! What programs ask, and what people are told when something fails on our side.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use axum::response::IntoResponse;

use crate::base::clock::{Clock, MINUTE};
use crate::base::ids::Ids;
use crate::base::problem::{Kind, Problem};
use crate::base::seal::SecretKey;
use crate::rules::journal::Actor;
use crate::steps::Ctx;
use crate::steps::context::Purpose;
use crate::steps::installation::operators;
use crate::store::Db;
use crate::web::kit::door::damaged_links::language;
use crate::web::kit::problem::{Failure, told};
use crate::web::kit::state::Web;
use crate::web::routes::router;
use crate::web::tests::fixture::*;

/// GET /metrics of a peer with these headers.
async fn metrics(h: &House, peer: &str, headers: &[(&str, &str)]) -> StatusCode {
    let mut request = Request::builder().uri("/metrics");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    h.ask(request).await.status
}

#[tokio::test]
async fn c09_figures_are_for_this_machine_by_its_own_name_and_for_keys_by_any() {
    const HERE: &str = "127.0.0.1:4711";
    let mut h = house_at("https://soundings.example").await;
    for host in ["127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "here.localhost"] {
        assert_eq!(metrics(&h, HERE, &[("host", host)]).await, StatusCode::OK, "{host}");
        assert_eq!(metrics(&h, "[::1]:4711", &[("host", host)]).await, StatusCode::OK, "{host}");
        // Twin: from elsewhere no name helps.
        assert_eq!(metrics(&h, "192.0.2.7:4711", &[("host", host)]).await, StatusCode::UNAUTHORIZED, "{host}");
        for said in ["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-proto"] {
            let headers = [("host", host), (said, "127.0.0.1")];
            assert_eq!(metrics(&h, HERE, &headers).await, StatusCode::UNAUTHORIZED, "{said}");
        }
    }
    // A page in a browser on this machine, and a proxy that says nothing of itself, ask by these.
    for host in ["soundings.example", "evil.example", "evil.example:8080", "127.0.0.1.evil.example"] {
        assert_eq!(metrics(&h, HERE, &[("host", host)]).await, StatusCode::UNAUTHORIZED, "{host}");
    }
    let key = format!(
        "Bearer {}",
        h.ctx.order(&Actor::operator("test"), operators::AddKey { name: "tests".to_string() }).await.unwrap()
    );
    for host in ["soundings.example", "10.0.0.7:8080", "metrics.internal", "127.0.0.1"] {
        let headers = [("host", host), ("authorization", key.as_str())];
        assert_eq!(metrics(&h, "192.0.2.7:4711", &headers).await, StatusCode::OK, "{host}");
    }
    h.router = router(Web::new(h.ctx.clone(), 1));
    assert_eq!(metrics(&h, HERE, &[("host", "127.0.0.1")]).await, StatusCode::UNAUTHORIZED);
    let by_proxy = [("host", "127.0.0.1"), ("x-forwarded-for", "127.0.0.1")];
    assert_eq!(metrics(&h, HERE, &by_proxy).await, StatusCode::UNAUTHORIZED);
    let with_key = [("host", "x"), ("x-forwarded-for", "192.0.2.7"), ("authorization", key.as_str())];
    assert_eq!(metrics(&h, HERE, &with_key).await, StatusCode::OK);
}

#[tokio::test]
async fn a02_an_international_host_is_ours_in_both_forms() {
    let h = house_at("https://xn--bcher-kva.example").await;
    for host in ["xn--bcher-kva.example", "b\u{fc}cher.example", "B\u{dc}CHER.example:443"] {
        assert_eq!(h.send(Method::GET, "/log-in", &[("host", host)], "").await.status, StatusCode::OK, "{host}");
        let origin = format!("https://{host}");
        let headers = [("host", host), ("origin", origin.as_str())];
        assert_eq!(h.post_with("/log-in", &headers, &[("email", OPERATOR)]).await.status, StatusCode::OK, "{host}");
    }
    for host in ["bucher.example", "xn--bcher-kvb.example", "b\u{f6}cher.example"] {
        let said = h.send(Method::GET, "/log-in", &[("host", host)], "").await;
        assert_eq!(said.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
}

#[tokio::test]
async fn m04_one_click_whatever_the_label_and_in_pieces() {
    let h = house().await;
    let people = h.people(FIRST).await;
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let ways = [
        (None, "List-Unsubscribe=One-Click"),
        (Some("text/plain"), "List-Unsubscribe=One-Click\r\n"),
        (Some("application/octet-stream"), "\r\nList-Unsubscribe=One-Click\r\n\r\n"),
        (Some("multipart/form-data"), multipart),
        (Some("application/x-www-form-urlencoded; charset=UTF-8"), "List-Unsubscribe=One-Click"),
    ];
    for (person, (kind, body)) in people.iter().zip(ways) {
        let path = h.link(Purpose::OptOut, &person.id);
        let pieces: Vec<Result<String, std::convert::Infallible>> =
            body.as_bytes().chunks(7).map(|piece| Ok(String::from_utf8(piece.to_vec()).unwrap())).collect();
        let mut request = Request::builder().method(Method::POST).uri(&path).header("host", OURS);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let said = h.ask(request.body(Body::from_stream(futures_util::stream::iter(pieces))).unwrap()).await;
        assert_eq!(said.status, StatusCode::OK, "{kind:?}: {}", said.body);
        assert!(h.person(&person.id).await.opted_out_at.is_some(), "{kind:?}");
    }
    // Twin: another field does nothing, whatever its label.
    let other = &people[10];
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let headers = [("content-type", kind)];
        let said = h.send(Method::POST, &h.link(Purpose::OptOut, &other.id), &headers, "List-Unsubscribe=No").await;
        assert_ne!(said.status, StatusCode::OK, "{kind}");
    }
    assert!(h.person(&other.id).await.opted_out_at.is_none());
}

#[tokio::test]
async fn c09_a_visitor_reads_nothing_of_our_disk_and_in_the_language_of_the_page() {
    let h = house().await;
    let web = Web::new(h.ctx.clone(), 0);
    let read = async |path: &str, asked: &str| {
        let full = Problem::new(Kind::Unavailable, "The disk of the database is full.", "Make room on it.");
        let uri: axum::http::Uri = path.parse().unwrap();
        let headers = [("accept-language", asked)].map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap()));
        let language = language(&uri, &headers.into_iter().collect()).code;
        let answer = told(&web, uri.path(), language, None, Failure::from(full).into_response());
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    };
    for path in ["/assessment/x", "/opt-out/x", "/sign-off/x", "/repair/x", "/team/x", "/plan/x"] {
        for (asked, wanted) in [
            ("de-AT,de;q=0.9,en;q=0.8", "in ein paar Minuten"),
            ("nl, fr;q=0.5", "dans quelques minutes"),
            ("nl", "in a few minutes"),
            ("", "in a few minutes"),
        ] {
            let page = read(path, asked).await;
            assert!(page.contains(wanted) && !page.contains("disk"), "{path} {asked}: {page}");
        }
        assert!(read(&format!("{path}?page=2&language=fr"), "de").await.contains("quelques minutes"));
    }
    // Twin: an operator reads what it is.
    assert!(read("/rounds/x", "de").await.contains("disk of the database is full"));
}

#[tokio::test]
async fn c09_a_damaged_page_of_the_database_turns_readiness_until_a_start_on_a_sound_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.db");
    let url = format!("sqlite:{}", file.display());
    Db::open(&url, "off").await.unwrap().close().await;
    let sound = std::fs::read(&file).unwrap();
    let db = Db::open(&url, "off").await.unwrap();
    let ids = Ids::seeded(7);
    let key = SecretKey::draw(&ids);
    let ctx = Ctx::new(db, Clock::hand(MONDAY), ids, key, "http://127.0.0.1:8080");
    let h = House { router: router(Web::new(ctx.clone(), 0)), ctx, folder };
    h.ctx.db.examine().await.unwrap();
    assert_eq!(h.get("/readyz").await.status, StatusCode::OK);
    let mut damaged = sound.clone();
    let page = 4096 * (sound.len() / 4096 / 2);
    damaged[page..page + 4096].fill(0x5a);
    std::fs::write(&file, &damaged).unwrap();
    assert!(h.ctx.db.examine().await.is_err());
    let said = h.get("/readyz").await;
    assert_eq!(said.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(said.body.contains("damaged") && said.header("content-type").starts_with("text/plain"), "{said:?}");
    assert!(!said.body.contains('<'), "{}", said.body);
    // What was read of it meanwhile is not to be believed, whatever lies there now.
    std::fs::write(&file, &sound).unwrap();
    h.ctx.db.examine().await.unwrap();
    assert_eq!(h.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let begun_again = Db::open(&url, "off").await.unwrap();
    begun_again.examine().await.unwrap();
    assert!(begun_again.is_examined() && begun_again.damage().is_none());
}

#[tokio::test]
async fn a_duty_that_fails_for_long_turns_readiness_until_it_works() {
    let h = house().await;
    let attempt = async |after: i64, works: bool| {
        h.ctx.clock.turn_to(MONDAY.plus(after * MINUTE));
        let done = if works { Ok(()) } else { Err(Problem::internal("The mailbox refuses us.")) };
        h.ctx.guarded("reading the mailbox", async { done }).await;
        h.get("/readyz").await
    };
    for after in [0, 14] {
        let said = attempt(after, false).await;
        assert_eq!(said.status, StatusCode::OK);
        assert!(said.body.contains("failing: reading the mailbox, since"), "{}", said.body);
    }
    let said = attempt(15, false).await;
    assert_eq!(said.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        said.body.contains("Reading the mailbox has failed since") && !said.body.contains("refuses"),
        "{}",
        said.body
    );
    assert_eq!(attempt(16, true).await.body, "ready\n");
    assert_eq!(attempt(40, false).await.status, StatusCode::OK, "it begins anew");
}
