//! The day on which a round is to open: one that is over is refused, one on which nobody works is taken when it is meant; and days say their
//! year where they are of another.

use axum::http::StatusCode;

use crate::web::tests::fixture::*;

use super::making::{Desk, error};

#[tokio::test]
async fn a_round_opens_on_a_working_day_to_come_unless_another_is_meant() {
    let d = Desk::open().await;
    let before = d.house.facts().await;
    for (opens, told) in [
        ("2027-01-24", "Sun 24 Jan 2027 is over. Write a day to come."),
        ("2028-02-12", "Sat 12 Feb 2028 is no working day: a Saturday. The next one is Mon 14 Feb 2028, 2028-02-14."),
        (
            "2028-12-25",
            "Mon 25 Dec 2028 is no working day: Christmas Day. The next one is Wed 27 Dec 2028, 2028-12-27.",
        ),
    ] {
        let said = d.make(&[("opens", opens)]).await;
        assert!(error(&said.body, "template-opens").starts_with(told), "{opens}: {}", said.body);
        assert_eq!(said.body.contains("name=\"any_day\""), !told.contains("over"), "{opens}: {}", said.body);
    }
    // A day that is over is none, whatever is ticked.
    assert!(d.make(&[("opens", "2027-01-24"), ("any_day", "yes")]).await.refused);
    assert!(d.house.facts().await == before);
    assert_eq!(d.make(&[("opens", "2028-02-12"), ("any_day", "yes")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(d.make(&[("opens", "2028-02-14"), ("round", "b-2028")]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_schedule_refuses_the_same_days_and_asks_nothing_of_one_that_stays() {
    let d = Desk::open().await;
    assert_eq!(d.make(&[("opens", "2028-02-12"), ("any_day", "yes")]).await.status, StatusCode::SEE_OTHER);
    let path = "/rounds/acme-2028/plan/change";
    let before = d.house.facts().await;
    let said = d.save(path, "confirm", &[("opens", "2027-01-20")]).await;
    assert!(error(&said.body, "plan-opens").contains("is over"), "{}", said.body);
    let said = d.save(path, "confirm", &[("opens", "2028-02-13")]).await;
    assert!(error(&said.body, "plan-opens").contains("a Sunday"), "{}", said.body);
    assert!(said.body.contains("name=\"any_day\""), "{}", said.body);
    assert!(d.house.facts().await == before);
    // Twins: what is not changed is not asked about, and what is meant is taken.
    assert_eq!(d.save(path, "confirm", &[("minimum_gap_days", "3")]).await.status, StatusCode::SEE_OTHER);
    let said = d.save(path, "confirm", &[("opens", "2028-02-13"), ("any_day", "yes")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
}

#[tokio::test]
async fn days_of_another_year_say_which() {
    let d = Desk::open().await;
    let list = d.get("/").await.body;
    assert!(list.contains("Mon 8 Feb to "), "{list}");
    assert_eq!(d.make(&[]).await.status, StatusCode::SEE_OTHER);
    let list = d.get("/").await.body;
    assert!(list.contains("Mon 8 Feb 2027 to ") && list.contains("Mon 7 Feb 2028 to Fri 3 Mar 2028"), "{list}");
    assert!(d.get("/rounds/acme-2028").await.body.contains("Opens Mon 7 Feb 2028"));
    assert!(d.get(&format!("/rounds/{FIRST}")).await.body.contains("Opens Mon 8 Feb, "));
}
