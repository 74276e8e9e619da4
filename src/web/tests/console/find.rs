//! People and accounts for the palette: by the beginnings of their names, for whoever is logged in.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::web::tests::fixture::*;

async fn found(h: &House, cookie: &str, q: &str) -> Value {
    let path = format!("/rounds/{FIRST}/find?q={q}");
    let said = h.send(Method::GET, &path, &[("cookie", cookie), ("x-refresh", "1")], "").await;
    assert_eq!((said.status, said.header("content-type")), (StatusCode::OK, "application/json"), "{}", said.body);
    serde_json::from_str(&said.body).unwrap()
}

#[tokio::test]
async fn who_is_sought_is_found_by_the_beginning_of_a_name_with_the_account_beside() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let sought = h.people(FIRST).await.into_iter().find(|person| person.last_name == "Nolan").unwrap();
    let before = h.everything();
    for q in ["nolan", "padraig+nol", "NOLA"] {
        let all = found(&h, &cookie, q).await;
        let person = &all["people"][0];
        assert_eq!(person["text"], "Pádraig Nolan", "{q}");
        assert_eq!(person["kind"], sought.account, "{q}");
        assert_eq!(person["href"], format!("/rounds/{FIRST}/contacts/{}", sought.id));
        let account = &all["accounts"][0];
        assert_eq!(account["href"], format!("/rounds/{FIRST}/accounts/{}", sought.account_id));
        assert_eq!(account["text"], sought.account);
    }
    // By the account: as many of its people as are seen at a glance, and the account once.
    let all = found(&h, &cookie, "liffey").await;
    let of = |what: &str| all[what].as_array().unwrap().len();
    assert!((2..=6).contains(&of("people")) && of("accounts") == 1, "{all}");
    // Without a word nobody is, and nobody is called that.
    for q in ["", "%20", "nobody-like-that"] {
        assert_eq!(found(&h, &cookie, q).await, serde_json::json!({ "people": [], "accounts": [] }), "{q}");
    }
    assert!(h.everything() == before, "looking changes nothing");
}

#[tokio::test]
async fn nobody_is_found_for_who_is_not_logged_in_or_in_a_round_that_is_not_there() {
    let h = house().await;
    let said = h.get(&format!("/rounds/{FIRST}/find?q=nolan")).await;
    assert_eq!((said.status, said.header("location")), (StatusCode::SEE_OTHER, "/log-in"));
    let (cookie, _) = h.log_in().await;
    let said = h.send(Method::GET, "/rounds/nothing/find?q=nolan", &[("cookie", &cookie)], "").await;
    assert_eq!(said.status, StatusCode::NOT_FOUND);
}
