//! A morning on which much is wrong: the overview says it in the order of what waiting costs, each thing leads to where it is settled, and
//! every order on the round says what happens next.

use axum::http::{Method, StatusCode};

use crate::base::clock::DAY;
use crate::base::problem::Problem;
use crate::store::contacts::accounts::Account;
use crate::store::round::rounds::{self, Round};
use crate::web::tests::fixture::*;

use super::gateways::says;
use super::replies::wrote_back;

const GLOBEX: &str = "globex.example";

async fn page(h: &House, cookie: &str, path: &str) -> String {
    h.send(Method::GET, path, &[("cookie", cookie)], "").await.body
}

#[tokio::test]
async fn what_is_to_be_done_stands_in_the_order_of_what_waiting_costs_and_leads_to_its_place() {
    let mut h = house().await;
    wrote_back(&mut h, FIRST, "Subject: Re: Your view", "Not now, please.").await;
    crate::steps::signoff::ask(&h.ctx).await.unwrap();
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(8 * DAY));
    crate::steps::signoff::ask(&h.ctx).await.unwrap();
    says(&h, GLOBEX, "554 5.7.1 on a blocklist").await;
    let failing = format!("round {FIRST}: planning");
    h.ctx.guarded(&failing, async { Err(Problem::internal("A mistake.")) }).await;
    let (cookie, _) = h.log_in().await;
    let body = page(&h, &cookie, &format!("/rounds/{FIRST}")).await;
    let today = body.split("id=\"today\"").nth(1).unwrap().split("</section>").next().unwrap();
    let title = "round \u{201c}";
    let order = [
        "Mail to globex.example is held",
        title,
        "of strategic accounts are late",
        "1 reply waits to be read",
        "not signed off",
    ];
    let places: Vec<Option<usize>> = order.iter().map(|what| today.to_lowercase().find(&what.to_lowercase())).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {today}");
    // The failing duty is named by the title of its round, not by the name in addresses.
    assert!(!today.contains(&format!("ound {FIRST}:")), "{today}");
    for (costs, place) in [
        ("nobody there gets a letter until then", "/sending#gateway-globex.example".to_string()),
        ("what it does is left undone", "/sending#failing".into()),
        ("somebody waits for an answer", format!("/rounds/{FIRST}/replies")),
        ("", format!("/rounds/{FIRST}/sign-off#ask-late")),
    ] {
        assert!(today.contains(costs) && today.contains(&format!("href=\"{place}\"")), "{place}: {today}");
    }
    // Each of these places is there.
    let sending = page(&h, &cookie, "/sending").await;
    for there in ["id=\"gateway-globex.example\"", "id=\"failing\"", "id=\"server\"", "id=\"holds\""] {
        assert!(sending.contains(there), "{there}: {sending}");
    }
    assert!(sending.contains("a block list, a policy") && !sending.contains(&format!("ound {FIRST}:")), "{sending}");
    let board = page(&h, &cookie, &format!("/rounds/{FIRST}/sign-off")).await;
    assert!(board.contains("id=\"ask-late\""), "{board}");
    // Who signs is told with the board on which that is followed.
    let signing = body.split("id=\"signing\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(signing.contains(" late.") && signing.contains("late directors first"), "{signing}");
    assert!(signing.contains("were asked so far") && signing.contains("is asked again by itself on "), "{signing}");
}

#[tokio::test]
async fn a_gateway_is_released_where_the_alarm_leads() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    says(&h, GLOBEX, "554 5.7.1 on a blocklist").await;
    let fields = [("act", "release_gateway"), ("gateway", GLOBEX), ("csrf", csrf.as_str())];
    let said = h.post_with("/sending", &[("cookie", &cookie)], &fields).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let after = page(&h, &cookie, said.header("location")).await;
    assert!(!after.contains("Mail to globex.example is held") && after.contains("one message first"), "{after}");
    let strange = [("act", "release_gateway"), ("gateway", "nodot"), ("csrf", csrf.as_str())];
    assert_eq!(h.post_with("/sending", &[("cookie", &cookie)], &strange).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn after_each_order_the_page_says_what_happens_next() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let path = format!("/rounds/{FIRST}");
    let order = async |act: &str| {
        let fields = [("act", act), ("csrf", csrf.as_str())];
        let said = h.post_with(&path, &[("cookie", &cookie)], &fields).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{act}: {}", said.body);
        page(&h, &cookie, said.header("location")).await
    };
    // The directors of the round are to be asked at once.
    let paused = order("pause").await;
    assert!(paused.contains("Nothing is sent until you resume. Mail that is due waits for that."), "{paused}");
    let resumed = order("resume").await;
    assert!(resumed.contains("The round goes on. The next mail leaves within a minute."), "{resumed}");
    // An address that somebody has made up says nothing.
    let made_up = page(&h, &cookie, &format!("{path}?done=invented")).await;
    assert!(!made_up.contains("The next mail"), "{made_up}");
}

/// The first account of the round that needs both signatures.
async fn strategic(h: &House) -> Account {
    for person in h.people(FIRST).await {
        let account = h.account(&person.account_id).await;
        if account.strategic.0 {
            return account;
        }
    }
    unreachable!("the demo has strategic accounts")
}

/// The account's director is the sales director of the round.
async fn counter_signs(h: &House, account: &Account) {
    let round = rounds::by_slug(&mut h.ctx.db.read().await.unwrap(), FIRST).await.unwrap().unwrap();
    let mut spec: serde_json::Value = serde_json::from_str(&round.spec).unwrap();
    spec["signoff"]["sales_director"] = account.director_name.clone().into();
    spec["signoff"]["sales_director_email"] = account.director_email.as_str().into();
    let (changed, now) = (Round { spec: spec.to_string(), ..round }, h.ctx.clock.now());
    let written =
        h.ctx.db.write(move |tx| Box::pin(async move { rounds::replace_content(tx, &changed, now, OPERATOR).await }));
    written.await.unwrap();
}

#[tokio::test]
async fn where_one_person_gives_both_signatures_the_board_and_the_overview_say_so() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let both = "both signatures would come from one person";
    for path in [format!("/rounds/{FIRST}"), format!("/rounds/{FIRST}/sign-off")] {
        assert!(!page(&h, &cookie, &path).await.contains(both), "{path}");
    }
    let account = strategic(&h).await;
    counter_signs(&h, &account).await;
    for path in [format!("/rounds/{FIRST}"), format!("/rounds/{FIRST}/sign-off")] {
        assert!(page(&h, &cookie, &path).await.contains(both), "{path}");
    }
    let board = page(&h, &cookie, &format!("/rounds/{FIRST}/sign-off")).await;
    assert!(board.contains("One person gives both signatures."), "{board}");
}
