//! What lists of the console show is to be had as files, the round as a report, and what became of whoever was invited has a page. Whoever
//! takes something away is on record, and an address by itself takes nothing.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use tower::ServiceExt;

use crate::intake::list;
use crate::rules::journal::{Action, Actor};
use crate::store::journal;
use crate::web::kit::urls;
use crate::web::tests::fixture::*;

async fn get(h: &House, cookie: &str, path: &str) -> Said {
    h.send(Method::GET, path, &[("cookie", cookie)], "").await
}

/// By the button that takes it away.
async fn press(h: &House, (cookie, csrf): (&str, &str), path: &str) -> Said {
    h.post_with(path, &[("cookie", cookie)], &[("csrf", csrf)]).await
}

/// What the journal says was taken away, in the order of the words.
async fn on_record(h: &House) -> Vec<(String, String)> {
    let id = h.round_id(FIRST).await;
    let mut tx = h.ctx.db.read().await.unwrap();
    let all = journal::of_round(&mut tx, &id, 100).await.unwrap();
    let taken = all.into_iter().filter(|entry| entry.action == Action::Exported.as_str());
    let mut taken: Vec<(String, String)> = taken.map(|entry| (entry.actor, entry.detail)).collect();
    taken.sort();
    taken
}

#[tokio::test]
async fn what_a_list_shows_is_to_be_had_as_a_file() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let by = (cookie.as_str(), csrf.as_str());
    let file = |name: &str| urls::export(FIRST, name);
    let people = crate::steps::completion::status(&h.ctx, FIRST).await.unwrap().individual;
    let csv = press(&h, by, &file("contacts.csv")).await;
    assert_eq!((csv.status, csv.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
    assert_eq!(csv.header("content-disposition"), format!("attachment; filename=\"{FIRST}-contacts.csv\""));
    assert!(csv.body.starts_with("\u{feff}account,"), "{}", csv.body);
    assert_eq!(list::read(csv.body.as_bytes(), "contacts.csv").unwrap().accepted.len() as i64, people.listed);
    // Narrowed down as the list is, and the list leads there.
    let one = h.people(FIRST).await.remove(0);
    let account = h.account(&one.account_id).await;
    let filter = format!("?account={}", account.id);
    let narrowed = press(&h, by, &format!("{}{filter}", file("contacts.jsonl"))).await.body;
    assert_eq!(narrowed.lines().count() as i64, account.listed, "{narrowed}");
    assert!(narrowed.lines().all(|line| line.contains(&format!("\"account\":\"{}\"", account.name))), "{narrowed}");
    let page = get(&h, &cookie, &format!("{}{filter}", urls::contacts(FIRST))).await.body;
    assert!(page.contains(&format!("formaction=\"{}{filter}\"", file("contacts.xlsx"))), "{page}");
    let none = press(&h, by, &format!("{}?stage=completed", file("contacts.jsonl"))).await;
    assert_eq!((none.status, none.body.as_str()), (StatusCode::OK, ""));
    // The others, and what there is not.
    let accounts = press(&h, by, &file("accounts.jsonl")).await.body;
    let unsigned = press(&h, by, &format!("{}?show=unsigned", file("accounts.jsonl"))).await.body;
    assert!(accounts.lines().count() >= unsigned.lines().count() && unsigned.contains("\"sign_off\":\"unsigned\""));
    let page = get(&h, &cookie, &urls::accounts(FIRST)).await.body;
    assert!(page.contains(&file("accounts.csv")), "{page}");
    for name in ["accounts.csv", "messages.csv", "responses.csv"] {
        let said = press(&h, by, &file(name)).await;
        assert!(said.status == StatusCode::OK && said.body.starts_with('\u{feff}'), "{name}: {said:?}");
    }
    for unknown in ["contacts.pdf", "people.csv", "contacts"] {
        assert_eq!(press(&h, by, &file(unknown)).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn a_workbook_is_made_while_it_is_waited_for() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let people = crate::steps::completion::status(&h.ctx, FIRST).await.unwrap().individual;
    let request = Request::builder().method(Method::POST).uri(urls::export(FIRST, "contacts.xlsx"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = request.header("host", OURS).header("cookie", &cookie);
    let request = request.body(Body::from(format!("csrf={csrf}"))).unwrap();
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

#[tokio::test]
async fn whoever_takes_something_away_is_on_record_and_an_address_by_itself_leads_to_the_list() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let by = (cookie.as_str(), csrf.as_str());
    for (file, list) in [
        ("contacts.csv?stage=completed", format!("{}?stage=completed", urls::contacts(FIRST))),
        ("accounts.xlsx", urls::accounts(FIRST)),
        ("messages.jsonl?state=sent", format!("{}?state=sent", urls::outbox(FIRST))),
        ("responses.csv", urls::hand_over(FIRST)),
    ] {
        let said = get(&h, &cookie, &urls::export(FIRST, file)).await;
        assert_eq!((said.status, said.header("location")), (StatusCode::SEE_OTHER, list.as_str()), "{file}");
    }
    get(&h, &cookie, &urls::report(FIRST)).await;
    assert!(on_record(&h).await.is_empty());
    let forged = h.post_with(&urls::report(FIRST), &[("cookie", &cookie)], &[("csrf", "x")]).await;
    assert!(forged.status != StatusCode::OK && on_record(&h).await.is_empty(), "{forged:?}");

    press(&h, by, &urls::export(FIRST, "contacts.csv")).await;
    press(&h, by, &urls::export(FIRST, "contacts.csv?q=somebody")).await;
    let report = press(&h, by, &urls::report(FIRST)).await;
    assert_eq!(report.header("content-disposition"), format!("attachment; filename=\"{FIRST}-report.html\""));
    let who = Actor::operator(OPERATOR).to_string();
    let taken =
        ["contacts.csv", "contacts.csv, a part of it", "the report"].map(|what| (who.clone(), what.to_string()));
    assert_eq!(on_record(&h).await, taken);
}

#[tokio::test]
async fn the_report_is_a_page_and_a_file_that_say_the_same() {
    let h = house().await;
    h.everybody_is_invited().await;
    let (cookie, csrf) = h.log_in().await;
    let page = get(&h, &cookie, &urls::report(FIRST)).await.body;
    let file = press(&h, (cookie.as_str(), csrf.as_str()), &urls::report(FIRST)).await.body;
    let report = |html: &str| html.split("<article").nth(1).unwrap().split("</article>").next().unwrap().to_string();
    assert_eq!(report(&page), report(&file));
    assert!(report(&page).contains("What became of everybody who was invited"), "{page}");
    // Nothing in it leads anywhere, and the file asks nobody for anything.
    for outside in ["<a ", "<form", "href", "src="] {
        assert!(!report(&page).contains(outside), "{outside}: {page}");
    }
    assert!(
        !file.contains("<link rel=\"stylesheet\"") && !file.contains("url(") && !file.contains("<script"),
        "{file}"
    );
    let style = get(&h, &cookie, &urls::report_style(FIRST)).await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(page.contains(&urls::report_style(FIRST)) && file.contains(&style.body), "{}", style.body);
    assert!(style.body.contains("@top-left { content: \""), "{}", style.body);
    let overview = get(&h, &cookie, &urls::round(FIRST)).await.body;
    assert!(overview.contains(&urls::report(FIRST)), "{overview}");
}
