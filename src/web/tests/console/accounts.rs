//! The accounts of a round and the page of one: figures, people, story; nothing of another round, and nothing of what was answered.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};

use crate::rules::journal::Actor;
use crate::rules::response::read_answer;
use crate::steps::context::Purpose;
use crate::steps::response::SaveAnswers;
use crate::web::kit::urls;
use crate::web::tests::fixture::*;

#[tokio::test]
async fn a_click_on_an_account_leads_to_its_own_page() {
    let h = house().await;
    h.everybody_is_invited().await;
    let (cookie, _) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let get = async |path: &str| h.send(Method::GET, path, &with, "").await;
    let person = h.people(FIRST).await.remove(0);
    let own = urls::account(FIRST, &person.account_id);
    for from in
        [format!("/rounds/{FIRST}/contacts"), urls::contact(FIRST, &person.id), format!("/rounds/{FIRST}/accounts")]
    {
        assert!(get(&from).await.body.contains(&format!("href=\"{own}\"")), "{from}");
    }
    let board = get(&format!("/rounds/{FIRST}/sign-off")).await.body;
    assert!(board.contains(&format!("href=\"/rounds/{FIRST}/accounts/")), "{board}");
    let before = h.facts().await;
    let page = get(&own).await;
    assert_eq!(page.status, StatusCode::OK);
    for said in ["Figures", "People", "What happened", "Completion", "Account director", "Signed off", "silent"] {
        assert!(page.body.contains(said), "{said} is not in {}", page.body);
    }
    assert!(
        page.body.contains(&urls::contact(FIRST, &person.id))
            && page.body.contains(&urls::account_sign_off(FIRST, &person.account_id))
    );
    assert_eq!(h.facts().await, before, "looking changes nothing");
}

#[tokio::test]
async fn accounts_are_narrowed_down_and_put_in_order_by_the_address() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let get = async |path: &str| h.send(Method::GET, &format!("/rounds/{FIRST}/accounts{path}"), &with, "").await.body;
    let rows = |body: &str| body.matches("data-row").count();
    let all = get("").await;
    assert!(
        rows(&all) > 1 && all.contains("</h1>") && all.contains("<th scope=\"col\" aria-sort=\"ascending\">"),
        "{all}"
    );
    let strategic = get("?show=strategic&sort=revenue").await;
    assert!(rows(&strategic) < rows(&all), "{strategic}");
    assert!(
        strategic.contains("<option value=\"strategic\" selected>")
            && strategic.contains("<option value=\"revenue\" selected>")
            && strategic.contains(" aria-sort=\"descending\"><a")
    );
    assert!(get("?show=silent").await.contains("No account matches."), "nobody is invited yet");
    let account = h.account(&h.people(FIRST).await[0].account_id).await;
    let word = account.name.split_whitespace().next().unwrap().to_lowercase();
    assert!(get(&format!("?q={word}")).await.contains(&account.name.replace('&', "&#38;")));
    let own = get(&format!("?director={}", account.director_email.as_str().replace('@', "%40"))).await;
    assert!(rows(&own) >= 1 && own.contains("<option value=\"\">any</option>"), "{own}");
    let nonsense = get("?show=%3Cscript%3E&sort=x&page=zzz").await;
    assert_eq!(rows(&nonsense), rows(&all), "what is no filter narrows nothing");
    let hostile = get("?director=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(hostile.contains("No account matches.") && !hostile.contains("<script>alert"), "{hostile}");
}

#[tokio::test]
async fn s11_an_account_of_another_round_is_unknown() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let foreign = h.people(SECOND).await.remove(0).account_id;
    for (round, status) in [(FIRST, StatusCode::NOT_FOUND), (SECOND, StatusCode::OK)] {
        let said = h.send(Method::GET, &urls::account(round, &foreign), &[("cookie", &cookie)], "").await;
        assert_eq!(said.status, status, "{round}");
    }
    for path in ["accounts", "accounts/x", "contacts/bulk", "contacts/bulk/x"] {
        assert_eq!(h.get(&format!("/rounds/{FIRST}/{path}")).await.header("location"), "/log-in", "{path}");
    }
}

#[tokio::test]
async fn a_story_says_that_somebody_answers_and_never_what() {
    const SAID: &str = "Canary words of an answer";
    let h = house().await;
    h.everybody_is_invited().await;
    let person = h.people(FIRST).await.remove(0);
    let live = {
        let mut tx = h.ctx.db.read().await.unwrap();
        h.ctx.live_by_slug(&mut tx, FIRST).await.unwrap()
    };
    let texts = live.questionnaire.items().filter(|item| read_answer(item, SAID).is_ok_and(|value| value.is_some()));
    let fields: BTreeMap<String, String> = texts.map(|item| (item.id.clone(), SAID.to_string())).collect();
    assert!(!fields.is_empty(), "the demo asks for words");
    let answers = fields.len();
    let secret = h.ctx.secret(Purpose::Assessment, &person.link_id());
    h.ctx.order(&Actor::Visitor, SaveAnswers { secret, fields, language: "en".into() }).await.unwrap();
    let (cookie, _) = h.log_in().await;
    for path in [urls::contact(FIRST, &person.id), urls::account(FIRST, &person.account_id)] {
        let page = h.send(Method::GET, &path, &[("cookie", &cookie)], "").await.body;
        assert!(page.contains("First answer") && !page.contains(SAID), "{path}: {page}");
    }
    if answers > 1 {
        let page = h.send(Method::GET, &urls::contact(FIRST, &person.id), &[("cookie", &cookie)], "").await.body;
        assert!(page.contains(&format!("{answers} answers so far, not sent off yet")), "{page}");
    }
}
