//! The client's approval of a plan: a link that shows, a number that has to be typed, and the operator's page about it.

use axum::http::StatusCode;

use crate::store::plan::approvals;
use crate::web::tests::fixture::*;

#[tokio::test]
async fn s21_a_plan_is_approved_by_its_number_and_by_nothing_else() {
    let house = house().await;
    let (cookie, csrf) = house.log_in().await;
    let desk = format!("/rounds/{FIRST}/plan/approval");
    let with = [("cookie", cookie.as_str())];
    let ask = [("act", "ask"), ("name", "Carla Client"), ("email", "carla@client.example"), ("csrf", csrf.as_str())];
    // Without a session, without the token, and with an address that is none.
    assert_ne!(house.post_with(&desk, &[], &ask).await.status, StatusCode::SEE_OTHER);
    assert_ne!(house.post_with(&desk, &with, &ask[..3]).await.status, StatusCode::SEE_OTHER);
    let wrong = [("act", "ask"), ("name", "Carla Client"), ("email", "carla"), ("csrf", csrf.as_str())];
    let said = house.post_with(&desk, &with, &wrong).await;
    assert!(said.refused && said.body.contains("Carla Client"), "what was typed is kept");
    assert!(
        said.body.contains("id=\"ask-email-error\"") && !said.body.contains("id=\"ask-name-error\""),
        "{}",
        said.body
    );
    let record = [("act", "record"), ("name", ""), ("email", "carla@client.example"), ("evidence", "")];
    let said = house.post_with(&desk, &with, &[&record[..], &[("csrf", csrf.as_str())]].concat()).await;
    for field in ["name", "evidence"] {
        assert!(said.refused && said.body.contains(&format!("id=\"record-{field}-error\"")), "{}", said.body);
    }
    assert!(!said.body.contains("id=\"record-email-error\"") && said.body.contains("value=\"carla@client.example\""));
    assert_eq!(house.post_with(&desk, &with, &ask).await.status, StatusCode::SEE_OTHER);
    let asked = {
        let mut tx = house.ctx.db.read().await.unwrap();
        let live = house.ctx.live_by_slug(&mut tx, FIRST).await.unwrap();
        approvals::latest(&mut tx, &live.id).await.unwrap().unwrap()
    };
    let link = format!("/plan/{}", house.ctx.secret(crate::steps::context::Purpose::Plan, asked.id.as_str()));
    let before = house.everything();
    let said = house.send(axum::http::Method::GET, &link, &[], "").await;
    assert_eq!(said.status, StatusCode::OK);
    assert!(said.body.contains("please approve"), "{}", said.body);
    // The letters that are approved with it stand in a frame, for whoever has the link and for nobody else.
    let letters = format!("{link}/letters");
    assert!(
        said.body.contains(&format!("src=\"{letters}\""))
            && said.header("content-security-policy").contains("frame-src")
    );
    let shown = house.send(axum::http::Method::GET, &letters, &[], "").await;
    assert_eq!((shown.status, shown.header("x-frame-options")), (StatusCode::OK, "SAMEORIGIN"));
    assert!(shown.body.contains("Invitation in English") && shown.body.contains("<iframe sandbox"), "{}", shown.body);
    let other = house.send(axum::http::Method::GET, "/plan/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/letters", &[], "").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    assert_eq!(house.everything(), before, "a GET changes nothing");
    let other = house.send(axum::http::Method::GET, "/plan/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &[], "").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    for typed in ["", "1", "<script>"] {
        let said = house.post_with(&link, &[], &[("count", typed)]).await;
        assert!(said.refused, "{typed}");
        assert!(!said.body.contains("<script>"));
    }
    let count = asked.messages.to_string();
    let said = house.post_with(&link, &[], &[("count", &count)]).await;
    assert_eq!(said.status, StatusCode::OK);
    assert!(said.body.contains("The plan is approved"));
    let said = house.send(axum::http::Method::GET, &desk, &with, "").await;
    assert!(said.body.contains("Carla Client approved") && said.body.contains("Nothing has changed"), "{}", said.body);
    assert!(said.body.contains("Every letter reads as it was approved"), "{}", said.body);
}
