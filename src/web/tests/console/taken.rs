//! What lists of the console show is to be had as files, and what became of whoever was invited has a page.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use tower::ServiceExt;

use crate::intake::list;
use crate::web::kit::urls;
use crate::web::tests::fixture::*;

async fn get(h: &House, cookie: &str, path: &str) -> Said {
    h.send(Method::GET, path, &[("cookie", cookie)], "").await
}

#[tokio::test]
async fn what_a_list_shows_is_to_be_had_as_a_file() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let file = |name: &str| urls::export(FIRST, name);
    let people = crate::steps::completion::status(&h.ctx, FIRST).await.unwrap().individual;
    let csv = get(&h, &cookie, &file("contacts.csv")).await;
    assert_eq!((csv.status, csv.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
    assert_eq!(csv.header("content-disposition"), format!("attachment; filename=\"{FIRST}-contacts.csv\""));
    assert!(csv.body.starts_with("\u{feff}account,"), "{}", csv.body);
    assert_eq!(list::read(csv.body.as_bytes(), "contacts.csv").unwrap().accepted.len() as i64, people.listed);
    // Narrowed down as the list is, and the list leads there.
    let one = h.people(FIRST).await.remove(0);
    let account = h.account(&one.account_id).await;
    let filter = format!("?account={}", account.id);
    let narrowed = get(&h, &cookie, &format!("{}{filter}", file("contacts.jsonl"))).await.body;
    assert_eq!(narrowed.lines().count() as i64, account.listed, "{narrowed}");
    assert!(narrowed.lines().all(|line| line.contains(&format!("\"account\":\"{}\"", account.name))), "{narrowed}");
    let page = get(&h, &cookie, &format!("{}{filter}", urls::contacts(FIRST))).await.body;
    assert!(page.contains(&format!("{}{filter}\" download", file("contacts.xlsx"))), "{page}");
    let none = get(&h, &cookie, &format!("{}?stage=completed", file("contacts.jsonl"))).await;
    assert_eq!((none.status, none.body.as_str()), (StatusCode::OK, ""));
    // The others, and what there is not.
    let accounts = get(&h, &cookie, &file("accounts.jsonl")).await.body;
    let unsigned = get(&h, &cookie, &format!("{}?show=unsigned", file("accounts.jsonl"))).await.body;
    assert!(accounts.lines().count() >= unsigned.lines().count() && unsigned.contains("\"sign_off\":\"unsigned\""));
    let page = get(&h, &cookie, &urls::accounts(FIRST)).await.body;
    assert!(page.contains(&file("accounts.csv")), "{page}");
    for name in ["accounts.csv", "messages.csv", "responses.csv"] {
        let said = get(&h, &cookie, &file(name)).await;
        assert!(said.status == StatusCode::OK && said.body.starts_with('\u{feff}'), "{name}: {said:?}");
    }
    for unknown in ["contacts.pdf", "people.csv", "contacts"] {
        assert_eq!(get(&h, &cookie, &file(unknown)).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn a_workbook_is_made_while_it_is_waited_for() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let people = crate::steps::completion::status(&h.ctx, FIRST).await.unwrap().individual;
    let request = Request::builder().uri(urls::export(FIRST, "contacts.xlsx"));
    let request = request.header("host", OURS).header("cookie", &cookie).body(Body::empty()).unwrap();
    let answer = h.router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let book = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let read = list::read(&book, "contacts.xlsx").unwrap();
    assert_eq!(read.accepted.len() as i64, people.listed, "{:?}", read.findings);
}

#[tokio::test]
async fn what_became_of_whoever_was_invited_stands_with_its_formulas() {
    let h = house().await;
    h.everybody_is_invited().await;
    let (cookie, _) = h.log_in().await;
    let invited = crate::steps::completion::status(&h.ctx, FIRST).await.unwrap().individual.invited;
    let page = get(&h, &cookie, &urls::outcomes(FIRST)).await.body;
    assert!(page.contains(&format!("(0 of {invited})")), "{page}");
    for said in ["RR1", "CON1", "I / ((I + P) + (R + NC + O))", "3.19", "was invited, and nothing came back"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let overview = get(&h, &cookie, &urls::round(FIRST)).await.body;
    assert!(overview.contains(&urls::outcomes(FIRST)), "{overview}");
}
