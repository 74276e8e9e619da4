//! The page of one account's sign-off: who may sign, and what is decided where nobody does; nothing of another account.

use axum::http::{Method, StatusCode};

use crate::rules::signoff::Standing;
use crate::store::contacts::accounts;
use crate::web::kit::urls;
use crate::web::tests::fixture::*;

/// The first account of the house that nobody has signed.
pub async fn unsigned(h: &House) -> String {
    let account = all(h).await.into_iter().find(|a| a.standing == Standing::Unsigned && a.listed > 0).unwrap();
    urls::account_sign_off(FIRST, &account.id)
}

async fn all(h: &House) -> Vec<accounts::Account> {
    let round = h.round_id(FIRST).await;
    accounts::of_round(&mut h.ctx.db.read().await.unwrap(), &round).await.unwrap()
}

#[tokio::test]
async fn an_account_is_left_out_and_taken_in_again_with_a_reason() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let path = unsigned(&h).await;
    let with = [("cookie", cookie.as_str())];
    let get = async || h.send(Method::GET, &path, &with, "").await;
    let (before, page) = (h.facts().await, get().await);
    assert_eq!(page.status, StatusCode::OK);
    for said in ["Who may sign", "Account director", "Leave out", "What was signed", "Away until"] {
        assert!(page.body.contains(said), "{said} is not in {}", page.body);
    }
    assert!(!page.body.contains("Take in again") && !page.body.contains("Let last year"), "nothing was left out yet");
    assert_eq!(h.facts().await, before, "looking changes nothing");
    let post = async |fields: &[(&str, &str)]| {
        let all: Vec<(&str, &str)> = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        h.post_with(&path, &with, &all).await
    };
    let refused = post(&[("act", "leave_out"), ("reason", "")]).await;
    assert!(refused.refused && refused.body.contains("Say it in a few words."));
    let done = post(&[("act", "leave_out"), ("reason", "Nobody answers.")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    // Somebody else had the page open: his form is gone, what he wrote is not.
    let late = post(&[("act", "leave_out"), ("reason", "They <never> answer.")]).await;
    assert!(late.refused && late.body.contains("has no name that waits for a signature"), "{}", late.body);
    assert!(late.body.contains("You had written: \u{201c}They &#60;never&#62; answer.\u{201d}"), "{}", late.body);
    let page = get().await.body;
    assert!(
        page.contains("left out by") && page.contains("Nobody answers.") && page.contains("Take in again"),
        "{page}"
    );
    assert!(!page.contains("value=\"leave_out\""), "{page}");
    assert!(page.contains("back on the list and wait"), "{page}");
    assert_eq!(post(&[("act", "take_in"), ("reason", "Somebody does.")]).await.status, StatusCode::SEE_OTHER);
    // What can be seen by nobody is no reason; the form stays open with what is wrong.
    let empty = post(&[("act", "leave_out"), ("reason", "\u{7}")]).await;
    assert!(empty.refused && empty.body.contains("id=\"leave_out-reason-error\""), "{}", empty.body);
    let away = [("until", "2037-02-15"), ("reason", "Her mail of Monday")];
    let request = page.split("name=\"request\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let away = post(&[&[("act", "away"), ("request", request)][..], &away[..]].concat()).await;
    assert!(away.refused && away.body.contains("cannot be away until") && away.body.contains("Her mail of Monday"));
    let page = get().await.body;
    assert!(page.contains("taken in again by") && page.contains("value=\"leave_out\""), "{page}");
    assert_eq!(post(&[("act", "sign")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn s11_a_request_or_an_account_of_elsewhere_is_unknown() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let path = unsigned(&h).await;
    let with = [("cookie", cookie.as_str())];
    let own = h.send(Method::GET, &path, &with, "").await.body;
    // Somebody who signs, and not this account.
    let (other, _) = h.requests(FIRST).await.into_iter().find(|(r, _)| !own.contains(r.email.as_str())).unwrap();
    for act in ["ask_again", "away", "is_back"] {
        let fields = [
            ("csrf", csrf.as_str()),
            ("act", act),
            ("request", other.id.as_str()),
            ("until", "2027-02-15"),
            ("reason", "A test"),
        ];
        assert_eq!(h.post_with(&path, &with, &fields).await.status, StatusCode::NOT_FOUND, "{act}");
    }
    let account = path.rsplit('/').next().unwrap();
    for elsewhere in [format!("/rounds/{FIRST}/sign-off/none"), format!("/rounds/{SECOND}/sign-off/{account}")] {
        let said = h.send(Method::GET, &elsewhere, &with, "").await;
        assert_eq!(said.status, StatusCode::NOT_FOUND, "{elsewhere}");
    }
    // Without a session nobody reads it.
    assert_ne!(h.send(Method::GET, &path, &[], "").await.status, StatusCode::OK);
}
