//! The first page of the console: each round with its stage, its year and what it needs.

use axum::http::Method;

use crate::rules::journal::Actor;
use crate::steps::round::{RoundOrder, TellRound};
use crate::web::tests::fixture::*;

#[tokio::test]
async fn the_first_page_says_of_each_round_its_stage_its_year_and_what_it_needs() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let page = async || h.send(Method::GET, "/", &[("cookie", &cookie)], "").await.body;
    let told = page().await;
    for said in [
        "account directors sign, opens in 14 days",
        "<td>2027</td>",
        ">New round</a>",
        ">14 accounts are not signed off: 61 people cannot be written to</a> <span class=\"muted\">and 1 more",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let at = |body: &str, slug: &str| body.find(&format!("href=\"/rounds/{slug}\"")).unwrap();
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(1));
    for order in [RoundOrder::Pause, RoundOrder::Close] {
        let tell = TellRound { slug: SECOND.to_string(), order };
        h.ctx.order(&Actor::operator("test"), tell).await.unwrap();
        let told = page().await;
        assert!(!told.contains("The round runs by itself"), "{told}");
    }
    // What is over needs nothing and stands last.
    let closed = page().await;
    assert!(at(&closed, FIRST) < at(&closed, SECOND), "{closed}");
    assert!(closed.contains("<span class=\"muted\">nothing</span>"), "{closed}");
}
