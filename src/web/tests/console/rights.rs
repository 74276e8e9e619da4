//! The console: who may do what, to which round, from which page; and that what others wrote stays text.

use axum::http::{Method, StatusCode};

use crate::rules::message::{Lane, MessageState};
use crate::store::journal;
use crate::store::sending::outbox;
use crate::web::tests::fixture::*;

async fn page(h: &House, cookie: &str, path: &str) -> Said {
    h.send(Method::GET, path, &[("cookie", cookie)], "").await
}

#[tokio::test]
async fn nobody_sees_the_console_without_a_session() {
    let h = house().await;
    let plan = ["/plan", "/plan.csv", "/plan.json", "/plan/pause", "/plan/change", "/plan/words"];
    let words = ["/plan/words/letters", "/plan/words/versions"];
    let lists = [
        "/list",
        "/list/x",
        "/list/x/findings",
        "/list/x/corrections.xlsx",
        "/list/x/difference",
        "/settings",
        "/questions",
        "/check",
        "/next",
    ];
    let all = [
        "",
        "/events",
        "/find",
        "/contacts",
        "/sign-off",
        "/outbox",
        "/hand-over",
        "/contacts/x",
        "/replies",
        "/views",
        "/outcomes",
        "/report",
        "/report.css",
        "/export/contacts.csv",
        "/export/responses.xlsx",
    ];
    for path in all.into_iter().chain(plan).chain(words).chain(lists) {
        let at = format!("/rounds/{FIRST}{path}");
        let said = h.get(&at).await;
        assert_eq!((said.status, said.header("location")), (StatusCode::SEE_OTHER, "/log-in"), "{at}");
        let invented = h.send(Method::GET, &at, &[("cookie", "soundings=invented")], "").await;
        assert_eq!(invented.status, StatusCode::SEE_OTHER, "{at}");
    }
    for path in ["/", "/operators", "/journal", "/sending", "/rounds/new", "/rounds/new/folder"] {
        assert_eq!(h.get(path).await.header("location"), "/log-in", "{path}");
    }
    assert_eq!(h.post(&format!("/rounds/{FIRST}"), &[("act", "pause")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn s14_every_form_needs_the_token_of_its_session() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let (other_cookie, other) = h.log_in().await;
    assert_ne!(csrf, other);
    let contact = h.people(FIRST).await[0].id.clone();
    let forms = [
        (format!("/rounds/{FIRST}"), "pause"),
        (format!("/rounds/{FIRST}/contacts/{contact}"), "restore"),
        (format!("/rounds/{FIRST}/contacts/bulk"), "remove"),
        (format!("/rounds/{FIRST}/contacts/bulk/{contact}"), "undo"),
        (format!("/rounds/{FIRST}/sign-off"), "record"),
        (format!("/rounds/{FIRST}/plan"), "lift"),
        (format!("/rounds/{FIRST}/plan/pause"), "confirm"),
        (format!("/rounds/{FIRST}/plan/change"), "confirm"),
        (format!("/rounds/{FIRST}/plan/words"), "confirm"),
        (format!("/rounds/{FIRST}/plan/words/letters"), "test"),
        (format!("/rounds/{FIRST}/settings"), "look"),
        (format!("/rounds/{FIRST}/questions"), "confirm"),
        (format!("/rounds/{FIRST}/check"), "reason"),
        (format!("/rounds/{FIRST}/next"), "make"),
        (format!("/rounds/{FIRST}/list/x"), "discard"),
        (format!("/rounds/{FIRST}/list/x"), "forget"),
        (format!("/rounds/{FIRST}/list/x/findings"), "repair"),
        (format!("/rounds/{FIRST}/list/x/difference"), "load"),
        ("/rounds/new".to_string(), "template"),
        (format!("/rounds/{FIRST}/outbox"), "hold"),
        (format!("/rounds/{FIRST}/hand-over"), "retry_failed"),
        (format!("/rounds/{FIRST}/replies"), "answer"),
        (format!("/rounds/{FIRST}/views"), "save_view"),
        (format!("/rounds/{FIRST}/export/contacts.csv"), ""),
        (format!("/rounds/{FIRST}/report"), ""),
        ("/operators".to_string(), "end_sessions"),
        ("/operators".to_string(), "remove_key"),
        ("/log-out".to_string(), ""),
    ];
    let before = h.everything();
    for (path, act) in &forms {
        let with = [("cookie", cookie.as_str())];
        for fields in [vec![("act", *act)], vec![("act", *act), ("csrf", "")], vec![("act", *act), ("csrf", &other)]] {
            assert_eq!(h.post_with(path, &with, &fields).await.status, StatusCode::FORBIDDEN, "{path} {fields:?}");
        }
        let good = [("act", *act), ("csrf", csrf.as_str())];
        for site in ["cross-site", "same-site"] {
            let foreign = [("cookie", cookie.as_str()), ("sec-fetch-site", site)];
            assert_eq!(h.post_with(path, &foreign, &good).await.status, StatusCode::FORBIDDEN, "{path} {site}");
        }
        let foreign = [("cookie", cookie.as_str()), ("origin", "https://evil.example")];
        assert_eq!(h.post_with(path, &foreign, &good).await.status, StatusCode::FORBIDDEN, "{path}");
        let plain = [("cookie", cookie.as_str()), ("content-type", "text/plain")];
        let body = format!("act={act}&csrf={csrf}");
        assert_eq!(h.send(Method::POST, path, &plain, &body).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(h.everything() == before);
    let own = [("cookie", cookie.as_str()), ("origin", "null"), ("sec-fetch-site", "same-origin")];
    let said = h.post_with(&forms[0].0, &own, &[("act", "pause"), ("csrf", &csrf)]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert!(page(&h, &other_cookie, said.header("location")).await.body.contains("The round is paused."));
}

#[tokio::test]
async fn s11_a_round_shows_and_changes_its_own_things_only() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let foreign = h.people(SECOND).await[0].clone();
    let account = h.account(&foreign.account_id).await;
    crate::steps::signoff::ask(&h.ctx).await.unwrap();
    let (message, request) = {
        let lane = h.round_id(SECOND).await;
        let mut tx = h.ctx.db.read().await.unwrap();
        let planned = outbox::page(&mut tx, &Lane::Round(lane), Some(MessageState::Planned), 1, 0).await.unwrap();
        (planned[0].id.clone(), h.requests(SECOND).await[0].0.id.clone())
    };
    let nothing = page(&h, &cookie, &format!("/rounds/{FIRST}/contacts/nothing")).await;
    let said = page(&h, &cookie, &format!("/rounds/{FIRST}/contacts/{}", foreign.id)).await;
    assert_eq!((said.status, &said.body), (StatusCode::NOT_FOUND, &nothing.body));
    let unknown_round = page(&h, &cookie, "/rounds/nothing/contacts").await;
    assert_eq!((unknown_round.status, &unknown_round.body), (StatusCode::NOT_FOUND, &nothing.body));
    let list = page(&h, &cookie, &format!("/rounds/{FIRST}/contacts?account={}", foreign.account_id)).await;
    assert!(list.body.contains("Nobody matches") && !list.body.contains(&format!("/{}\"", foreign.id)));
    let before = h.everything();
    let tries: [(&str, Vec<(&str, &str)>); 5] = [
        ("/outbox", vec![("act", "hold"), ("message", message.as_str())]),
        ("/outbox", vec![("act", "hold"), ("message", "nothing")]),
        ("/sign-off", vec![("act", "ask_again"), ("request", request.as_str())]),
        (
            "/sign-off",
            vec![
                ("act", "record"),
                ("account", account.id.as_str()),
                ("fingerprint", &account.fingerprint),
                ("who", "X"),
                ("when", "2027-01-20"),
                ("evidence", "Y"),
                ("confirm", "yes"),
            ],
        ),
        ("/hand-over", vec![("act", "replay"), ("response", "nothing")]),
    ];
    for (path, mut fields) in tries {
        fields.push(("csrf", &csrf));
        let said = h.post_with(&format!("/rounds/{FIRST}{path}"), &[("cookie", &cookie)], &fields).await;
        assert_eq!((said.status, &said.body), (StatusCode::NOT_FOUND, &nothing.body), "{path}");
    }
    let at = format!("/rounds/{FIRST}/contacts/{}", foreign.id);
    let fields = [("act", "remove"), ("reason", "x"), ("csrf", csrf.as_str())];
    assert_eq!(h.post_with(&at, &[("cookie", &cookie)], &fields).await.status, StatusCode::NOT_FOUND);
    assert!(h.everything() == before);
}

#[tokio::test]
async fn s01_what_a_list_says_stays_text_on_every_page() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let hostile = h.people(FIRST).await.into_iter().find(|p| p.job_title.contains("<script")).unwrap();
    let director = h.requests(FIRST).await.into_iter().map(|(_, path)| path);
    let console = ["", "/contacts?q=%3Cscript%3Ealert(1)", "/contacts", "/sign-off", "/plan", "/outbox", "/hand-over"];
    let plan = ["/plan/pause", "/plan/change", "/plan/words", "/plan/words?language=en&name=reminder"];
    let mut pages: Vec<String> = console.iter().chain(&plan).map(|p| format!("/rounds/{FIRST}{p}")).collect();
    pages.push(format!("/rounds/{FIRST}/contacts/{}", hostile.id));
    pages.extend(director);
    let mut seen = 0;
    for path in pages {
        let said = page(&h, &cookie, &path).await;
        assert_eq!(said.status, StatusCode::OK, "{path}");
        assert!(!said.body.contains("<script>alert"), "{path}");
        assert!(!said.body.to_lowercase().contains("sur\u{76}ey"), "{path}");
        seen += usize::from(said.body.contains("&#60;script&#62;alert(1)"));
    }
    assert!(seen >= 3, "the hostile title was shown {seen} times");
}

#[tokio::test]
async fn an_operator_corrects_holds_and_records_and_it_is_told() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let p = h.people(FIRST).await[0].clone();
    let at = format!("/rounds/{FIRST}/contacts/{}", p.id);
    let correct = |email: &'static str| {
        let (at, csrf, p, h) = (&at, &csrf, &p, &h);
        async move {
            let fields = [
                ("act", "correct"),
                ("csrf", csrf.as_str()),
                ("first_name", &p.first_name),
                ("last_name", &p.last_name),
                ("email", email),
                ("role", "influencer"),
                ("reason", "new domain"),
            ];
            h.post_with(at, &with, &fields).await
        }
    };
    let said = correct("anna@").await;
    assert!(said.refused);
    assert!(said.body.contains("value=\"anna@\"") && said.body.contains("correct-email-error"));
    assert_eq!(correct("anna@new.example").await.status, StatusCode::SEE_OTHER);
    assert_eq!(h.person(&p.id).await.email.as_str(), "anna@new.example");
    let account = h.account(&p.account_id).await;
    let mut record = vec![
        ("act", "record"),
        ("csrf", csrf.as_str()),
        ("account", account.id.as_str()),
        ("fingerprint", &account.fingerprint),
        ("who", "Rachel Osei"),
        ("when", "2027-01-20"),
        ("evidence", ""),
    ];
    let board = format!("/rounds/{FIRST}/sign-off");
    let said = h.post_with(&board, &with, &record).await;
    assert!(said.refused);
    assert!(said.body.contains("value=\"Rachel Osei\""));
    record[6].1 = "mail of 20 January";
    record.push(("confirm", "yes"));
    assert_eq!(h.post_with(&board, &with, &record).await.status, StatusCode::SEE_OTHER);
    let story = page(&h, &cookie, &at).await.body;
    assert!(story.contains("Corrected") && story.contains(OPERATOR) && story.contains("Sign-off recorded"), "{story}");
    let id = h.round_id(FIRST).await;
    let mut tx = h.ctx.db.read().await.unwrap();
    assert!(journal::of_round(&mut tx, &id, 5).await.unwrap().iter().any(|e| e.actor == OPERATOR));
}
