//! The sign-off board: words, orders and filters; who is late and who signs for whom; the page of directors and the summary for a sponsor.

use axum::http::{Method, StatusCode};

use crate::base::address::EmailAddress;
use crate::base::clock::DAY;
use crate::rules::journal::Actor;
use crate::rules::message::Lane;
use crate::rules::signoff::SignLevel;
use crate::rules::signoff::delegation::Why;
use crate::steps::round::{RoundOrder, TellRound};
use crate::store::sending::outbox;
use crate::store::signoff::delegations::{self, Delegation};
use crate::web::tests::fixture::*;

struct Desk {
    h: House,
    cookie: String,
    csrf: String,
}

async fn desk() -> Desk {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    Desk { h, cookie, csrf }
}

impl Desk {
    async fn get(&self, path: &str) -> Said {
        let path = format!("/rounds/{FIRST}/sign-off{path}");
        self.h.send(Method::GET, &path, &[("cookie", &self.cookie)], "").await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Said {
        let mut all = fields.to_vec();
        all.push(("csrf", &self.csrf));
        self.h.post_with(&format!("/rounds/{FIRST}/sign-off{path}"), &[("cookie", &self.cookie)], &all).await
    }

    async fn body(&self, path: &str) -> String {
        let said = self.get(path).await;
        assert_eq!(said.status, StatusCode::OK, "{path}");
        said.body
    }

    /// By then the session has ended.
    async fn later(&mut self, days: i64) {
        self.h.ctx.clock.turn_to(self.h.ctx.clock.now().plus(days * DAY));
        (self.cookie, self.csrf) = self.h.log_in().await;
    }
}

/// Names of accounts in the order in which they stand.
fn accounts(body: &str) -> Vec<String> {
    let rows = body.split("<tr id=\"account-").skip(1);
    rows.filter_map(|row| Some(row.split("data-row>").nth(1)?.split('<').next()?.to_string())).collect()
}

#[tokio::test]
async fn words_find_accounts_and_directors_and_every_order_has_them_all() {
    let d = desk().await;
    let all = accounts(&d.body("").await);
    assert!(all.len() > 10, "{all:?}");
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    for sort in ["account", "names", "late", "revenue", "%3Cscript%3E"] {
        let body = d.body(&format!("?sort={sort}")).await;
        assert_eq!(sorted(accounts(&body)), sorted(all.clone()), "{sort}");
        assert_eq!(body.contains("Revenue a year"), sort != "%3Cscript%3E", "{sort}");
    }
    let by_name = accounts(&d.body("?sort=account").await);
    assert_eq!(by_name.first().map(String::as_str), Some("Aciéries du Nord"));
    // By the account, its director, his address; without accents and case.
    assert_eq!(accounts(&d.body("?q=acieries").await), ["Aciéries du Nord"]);
    let rachel = accounts(&d.body("?q=RACHEL%20os").await);
    assert!(rachel.contains(&"Harrowgate Pharma".to_string()) && rachel.len() < all.len(), "{rachel:?}");
    assert_eq!(accounts(&d.body("?q=rachel.osei%40northwind.example").await), rachel);
    assert_eq!(accounts(&d.body("?q=rachel%20harrowgate").await), ["Harrowgate Pharma"]);
    // In every order what is found stands as it does among all.
    for sort in ["", "account", "names", "late", "revenue"] {
        let found = accounts(&d.body(&format!("?q=rachel&sort={sort}")).await);
        let mut among = accounts(&d.body(&format!("?sort={sort}")).await);
        among.retain(|name| rachel.contains(name));
        assert_eq!(found, among, "{sort}");
    }
    // Another order leaves nobody out; words and filters do.
    for page in ["?sort=names", "/directors?sort=names"] {
        assert!(!d.body(page).await.contains("Show all"), "{page}");
    }
    for page in ["?q=rachel", "?show=open&sort=names", "/directors?show=open", "/directors?q=rachel&sort=late"] {
        assert!(d.body(page).await.contains("Show all"), "{page}");
    }
    let none = d.body("?q=nobody&show=open&sort=names").await;
    assert!(accounts(&none).is_empty() && none.contains("No account matches."), "{none}");
    assert!(none.contains("value=\"nobody\"") && none.contains("<option value=\"names\" selected>"), "{none}");
    // What is typed is text.
    let hostile = d.body("?q=%22%3E%3Cscript%3Ealert(1)").await;
    assert!(!hostile.contains("<script>alert"), "{hostile}");
    // The forms of a part lead back to it.
    let body = d.body("?show=open&sort=account&q=rachel").await;
    assert!(body.contains("sign-off?show=open&#38;sort=account&#38;q=rachel"), "{body}");
}

fn is_late(card: &str) -> bool {
    card.split("</div>").next().is_some_and(|head| head.contains("late by ") || head.contains("late as of today"))
}

#[tokio::test]
async fn who_is_late_is_told_with_what_is_lost_and_asked_again_at_one_press() {
    let mut d = desk().await;
    let early = d.body("").await;
    assert!(!early.contains("late by") && !early.contains("Ask all who are late again"), "{early}");
    assert!(d.body("?show=late").await.contains("No account is late."));
    // Asked, reminded on Thursday, and looked at on Monday.
    crate::steps::signoff::ask(&d.h.ctx).await.unwrap();
    d.later(3).await;
    crate::steps::signoff::ask(&d.h.ctx).await.unwrap();
    d.later(4).await;
    let body = d.body("").await;
    assert!(
        body.contains("account directors are late, with ") && body.contains("Ask all who are late again"),
        "{body}"
    );
    assert!(body.contains("Without the missing signatures, ") && body.contains("Without this director, "), "{body}");
    assert!(body.contains(" Answers from ") && body.contains(" are then out of reach."), "{body}");
    assert!(!accounts(&d.body("?show=late").await).is_empty());
    // Whoever is late stands first while anybody is, unless another order is asked for.
    assert!(body.contains("<option value=\"late_first\" selected>"), "{body}");
    let cards: Vec<bool> =
        body.split("<section class=\"card\" aria-labelledby=\"director-").skip(1).map(is_late).collect();
    assert!(cards[0] && cards.is_sorted_by(|a, b| a >= b), "{cards:?}");
    let by_name = d.body("?sort=director").await;
    assert!(by_name.contains("<option value=\"director\" selected>"), "{by_name}");
    let directors = d.body("/directors?show=late&sort=late").await;
    assert!(directors.contains("late by ") && directors.contains("working day"), "{directors}");
    // What is lost without each is said in words, also where it is nothing.
    let all = d.body("/directors").await;
    let without: Vec<&str> = all.split("<tr id=\"").skip(1).filter_map(|row| row.rsplit("</td><td>").nth(1)).collect();
    let said = |text: &&str| text.starts_with("out of reach: ") || *text == "every target can be reached";
    assert!(without.len() > 3 && without.iter().all(said), "{without:?}");
    assert!(d.body("/directors?q=nobody").await.contains("Nobody matches."));
    assert!(d.body("/directors?q=rachel").await.contains("Rachel Osei"));
    assert!(d.body("/directors?show=done").await.contains("Nobody matches."));
    let asked = d.post("/directors", &[("act", "ask_late")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    // Without the token of the session nothing is asked.
    let path = format!("/rounds/{FIRST}/sign-off");
    let forged = d.h.post_with(&path, &[("cookie", &d.cookie)], &[("act", "ask_late"), ("csrf", "x")]).await;
    assert_ne!(forged.status, StatusCode::SEE_OTHER);
    d.h.ctx.order(&Actor::operator("test"), TellRound { slug: FIRST.into(), order: RoundOrder::Close }).await.unwrap();
    let closed = d.body("").await;
    assert!(
        !closed.contains("late by") && !closed.contains("Ask all who") && !closed.contains("Tell a sponsor"),
        "{closed}"
    );
}

#[tokio::test]
async fn a_director_s_row_says_who_signs_for_him() {
    let d = desk().await;
    let (h, id) = (&d.h, d.h.round_id(FIRST).await);
    let (request, _) = h.requests(FIRST).await.remove(0);
    let given = Delegation {
        id: h.ctx.ids.id(h.ctx.clock.now()),
        round_id: id,
        level: SignLevel::Director,
        of_email: request.email.clone(),
        account_id: None,
        to_name: "Cara <Lee>".into(),
        to_email: EmailAddress::parse("cara.lee@northwind.example").unwrap(),
        why: Why::Colleague,
        by_whom: "himself".into(),
        came_from: String::new(),
        at: h.ctx.clock.now(),
        ended_at: None,
        ended_by: None,
    };
    h.ctx
        .db
        .write(move |tx| {
            let given = given.clone();
            Box::pin(async move { delegations::add(tx, &given).await })
        })
        .await
        .unwrap();
    for page in ["", "/directors"] {
        let body = d.body(page).await;
        assert_eq!(body.matches(", Cara &#60;Lee&#62; may sign for this director.").count(), 1, "{page}: {body}");
    }
}

#[tokio::test]
async fn a_summary_is_shown_refused_and_sent() {
    let d = desk().await;
    let shown = d.body("/summary").await;
    assert!(shown.contains("This is the mail as it would leave now.") && shown.contains("signed off"), "{shown}");
    let contact = d.h.people(FIRST).await[0].email.to_string();
    for (name, email, said) in [
        ("", "sam@client.example", "id=\"send-name-error\"><span class=\"vh\">Error: </span>Write the name of whoever"),
        ("Sam Hill", "sam@", "id=\"send-email-error\"><span class=\"vh\">Error: </span>The address sam@ has no domain"),
        ("Sam Hill", "", "id=\"send-email-error\"><span class=\"vh\">Error: </span>Write the address."),
        ("Sam Hill", &contact, "is a contact of this round, and no contact reads who has signed."),
    ] {
        let refused = d.post("/summary", &[("act", "send"), ("name", name), ("email", email)]).await;
        assert!(refused.refused && refused.body.contains(said), "{said}: {}", refused.body);
        assert!(refused.body.contains(&format!("value=\"{email}\"")), "{}", refused.body);
        assert!(refused.body.contains(&format!("name=\"name\" value=\"{name}\"")), "{}", refused.body);
    }
    let sent = d.post("/summary", &[("act", "send"), ("name", "Sam Hill"), ("email", "sam@client.example")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let mails = {
        let mut tx = d.h.ctx.db.read().await.unwrap();
        outbox::page(&mut tx, &Lane::System, None, 50, 0).await.unwrap()
    };
    assert_eq!(mails.iter().filter(|m| m.to_email.as_str() == "sam@client.example").count(), 1);
    // Who had the last one stands in the form.
    let again = d.body("/summary").await;
    assert!(again.contains("value=\"Sam Hill\"") && again.contains("Last sent on "), "{again}");
    assert!(again.contains("Dear Sam Hill,"), "{again}");
    d.h.ctx.order(&Actor::operator("test"), TellRound { slug: FIRST.into(), order: RoundOrder::Close }).await.unwrap();
    let closed = d.body("/summary").await;
    assert!(closed.contains("The round is closed") && !closed.contains("value=\"send\""), "{closed}");
}
