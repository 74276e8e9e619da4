//! Filters that are kept under a name: above their list, for their operator alone, and never with words that the list does not know.

use axum::http::{Method, StatusCode};

use crate::rules::journal::Actor;
use crate::steps::installation::saved_views::{SaveView, SavedList};
use crate::web::kit::forms::query::query;
use crate::web::tests::console::replies::wrote_back;
use crate::web::tests::fixture::*;

struct Views {
    h: House,
    cookie: String,
    csrf: String,
}

async fn views() -> Views {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    Views { h, cookie, csrf }
}

impl Views {
    async fn get(&self, path: &str) -> String {
        let at = format!("/rounds/{FIRST}{path}");
        let said = self.h.send(Method::GET, &at, &[("cookie", &self.cookie)], "").await;
        assert_eq!(said.status, StatusCode::OK, "{}", said.body);
        said.body
    }

    async fn press(&self, act: &str, rest: &[(&str, &str)]) -> Said {
        let all: Vec<_> = [("act", act), ("csrf", self.csrf.as_str())].iter().chain(rest).copied().collect();
        self.h.post_with(&format!("/rounds/{FIRST}/views"), &[("cookie", &self.cookie)], &all).await
    }
}

#[tokio::test]
async fn each_list_keeps_its_filter_and_shows_it_above_itself() {
    let v = views().await;
    let lists = [
        ("contacts", "/contacts", "?stage=unsigned&role=influencer"),
        ("accounts", "/accounts", "?show=strategic&sort=revenue"),
        ("outbox", "/outbox", "?q=a&state=planned"),
        ("calls", "/calls", "?silent=yes"),
    ];
    for (list, path, query) in lists {
        assert!(!v.get(path).await.contains("Keep this view"), "{list}: all is no view");
        let page = v.get(&format!("{path}{query}")).await;
        assert!(page.contains("Keep this view") && page.contains("name=\"list\""), "{page}");
        let filter: Vec<(&str, &str)> = query[1..].split('&').map(|pair| pair.split_once('=').unwrap()).collect();
        let mut fields = vec![("list", list), ("name", "mine <b>"), ("evil", "https://x.example")];
        fields.extend(&filter);
        let said = v.press("save_view", &fields).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        let there = said.header("location").split('#').next().unwrap().to_string();
        assert_eq!(there, format!("/rounds/{FIRST}{path}{query}&done=save_view"));
        let page = v.get(path).await;
        let href = format!("/rounds/{FIRST}{path}{query}").replace('&', "&#38;");
        assert!(page.contains(&format!("href=\"{href}\"")) && page.contains("mine &#60;b&#62;</a>"), "{page}");
        assert!(v.get(&format!("{path}{query}")).await.contains("aria-current=\"true\">mine"), "{list}");
    }
    let all = v.get("/views").await;
    assert_eq!(all.matches("value=\"remove_view\"").count(), 4, "{all}");
    assert!(!all.contains("evil"), "{all}");
}

#[tokio::test]
async fn a_view_is_its_operators_alone_and_is_removed_by_him() {
    let v = views().await;
    let save = |name: &str| SaveView {
        round: FIRST.into(),
        list: SavedList::Contacts,
        name: name.into(),
        query: "?stage=signed".into(),
    };
    v.h.ctx.order(&Actor::operator("ben@soundings.example"), save("of ben")).await.unwrap();
    v.h.ctx.order(&Actor::operator(OPERATOR), save("of olga")).await.unwrap();
    v.h.ctx.order(&Actor::operator(OPERATOR), save("of olga")).await.unwrap();
    let page = v.get("/views").await;
    assert!(page.contains("of olga") && !page.contains("of ben"), "{page}");
    assert_eq!(page.matches("value=\"remove_view\"").count(), 1, "one of a name");
    let view = page.split("name=\"view\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    for _ in 0..2 {
        let said = v.press("remove_view", &[("view", &view)]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    }
    assert!(v.get("/views").await.contains("You keep none yet."));
}

#[tokio::test]
async fn a_view_without_a_name_is_called_by_its_filter_and_one_without_a_filter_is_refused() {
    let v = views().await;
    let fields = [("list", "contacts"), ("stage", "not_answered"), ("role", "influencer"), ("name", " ")];
    assert_eq!(v.press("save_view", &fields).await.status, StatusCode::SEE_OTHER);
    assert!(v.get("/contacts").await.contains(">not answered, influencer</a>"));
    let refused = v.press("save_view", &[("list", "contacts"), ("stage", "nonsense"), ("name", "mine")]).await;
    assert!(refused.refused && refused.body.contains("This list shows everything."), "{}", refused.body);
    let long = "x".repeat(201);
    let refused = v.press("save_view", &[("list", "contacts"), ("stage", "signed"), ("name", &long)]).await;
    assert!(refused.refused && refused.body.contains(&format!("value=\"{long}\"")), "{}", refused.body);
    assert_eq!(v.press("save_view", &[("list", "secrets"), ("name", "x")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(v.get("/views").await.matches("value=\"remove_view\"").count(), 1);
    // Each sign of this takes twelve in an address, and all of them are kept.
    let words = "\u{20000}".repeat(100);
    let kept = v.press("save_view", &[("list", "outbox"), ("q", &words), ("name", "far")]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let query = format!("?q={}", "x".repeat(5_000));
    let order = SaveView { round: FIRST.into(), list: SavedList::Outbox, name: "longer".into(), query };
    let long = v.h.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap_err();
    assert!(long.what.contains("takes 5003 signs"), "{long}");
}

#[tokio::test]
async fn the_outbox_is_searched_by_names_accounts_and_addresses() {
    let mut h = house().await;
    let person = wrote_back(&mut h, FIRST, "Subject: Re: Your view", "Hello.").await;
    let other = h.people(FIRST).await.into_iter().find(|p| p.account_id != person.account_id).unwrap();
    let (cookie, csrf) = h.log_in().await;
    let v = Views { h, cookie, csrf };
    let own = format!("/rounds/{FIRST}/contacts/{}", person.id);
    for q in [person.last_name.to_uppercase(), person.email.as_str().to_string(), person.account.clone()] {
        let found = v.get(&format!("/outbox{}", query(&[("q", &q)]))).await;
        assert!(found.contains(&format!("href=\"{own}\" data-row")), "{q} in {found}");
        let sent = v.get(&format!("/outbox{}", query(&[("q", &q), ("state", "sent")]))).await;
        assert!(sent.contains("No message matches."), "{q}: it is planned");
    }
    for q in ["zzzzzz", other.email.as_str()] {
        let nothing = v.get(&format!("/outbox{}", query(&[("q", q)]))).await;
        assert!(nothing.contains("No message matches."), "{q} in {nothing}");
    }
}
