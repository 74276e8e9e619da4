//! Next year's round in the console: shown before it is made, made once, and told where it is there already; and what directors read in it.

use axum::http::StatusCode;

use crate::base::clock::DAY;
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::steps::contacts::{self, Allowed};
use crate::steps::round::making::{self, MakeRound, Pattern};
use crate::steps::round::{RoundOrder, TellRound};
use crate::steps::signoff::names::editing::{Edit, EditName};
use crate::store::contacts as people;
use crate::web::tests::fixture::*;

use super::making::Desk;

const NEXT: &str = "northwind-2028";

fn path() -> String {
    format!("/rounds/{FIRST}/next")
}

async fn press(d: &Desk, seen: &str) -> Said {
    d.post(&path(), &[("act", "make"), ("seen", seen)]).await
}

#[tokio::test]
async fn what_follows_a_round_is_shown_and_made_as_it_was_shown() {
    let d = Desk::open().await;
    let by = Actor::operator("test");
    d.house.everybody_is_invited().await;
    let gone = d.house.people(FIRST).await[1].clone();
    let edit = Edit::Remove { reason: "<b>wrong person</b>".into() };
    let secret = d.house.requests(FIRST).await;
    let mut removed = false;
    for (_, link) in &secret {
        let secret = link.rsplit('/').next().unwrap().to_string();
        let order = EditName { secret, contact: gone.id.clone(), edit: edit.clone() };
        removed |= d.house.ctx.order(&Actor::Visitor, order).await.is_ok();
    }
    assert!(removed);
    let overview = d.get(&format!("/rounds/{FIRST}")).await.body;
    assert!(
        overview.contains(&format!("<a class=\"quiet\" href=\"{}\">Make next year’s round</a>", path())),
        "{overview}"
    );

    let page = d.get(&path()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for told in [
        "Next year’s round: northwind-2028".to_string(),
        "Opens Mon 7 Feb 2028".into(),
        "1 person is not asked again".into(),
        "taken off the list: &#60;b&#62;wrong person&#60;/b&#62;".into(),
        gone.email.to_string(),
        "<th scope=\"row\">silent</th>".into(),
        "Make northwind-2028 now".into(),
    ] {
        assert!(page.body.contains(&told), "{told}: {}", page.body);
    }
    let seen = page.hidden("value=\"make\"", "seen");
    let before = d.house.facts().await;
    for wrong in ["", "x"] {
        let said = press(&d, wrong).await;
        assert!(said.refused && said.body.contains("has changed since you looked"), "{}", said.body);
    }
    assert_eq!(d.post(&path(), &[("act", "unmake")]).await.status, StatusCode::NOT_FOUND);
    assert!(d.house.facts().await == before, "a press that was refused has written something");

    let said = press(&d, &seen).await;
    assert_eq!(said.header("location"), "/rounds/northwind-2028?done=make_next", "{}", said.body);
    let listed = d.house.people(NEXT).await;
    assert!(listed.len() > 20 && listed.iter().all(|p| p.email != gone.email));
    assert_eq!(d.round(NEXT).await.unwrap().state, RoundState::Draft);
    assert!(d.get(said.header("location")).await.body.contains("The round is made with its people"));
    // The second press leads to what the first has made; the page leads there, too.
    let before = d.house.facts().await;
    assert_eq!(press(&d, &seen).await.header("location"), "/rounds/northwind-2028?done=made");
    let page = d.get(&path()).await.body;
    assert!(page.contains("There is a round northwind-2028 already. <a href=\"/rounds/northwind-2028\">"), "{page}");
    assert!(!page.contains("name=\"seen\""), "{page}");
    assert!(d.house.facts().await == before);
    // Of a draft nothing is known.
    let said = d.get("/rounds/northwind-2028/next").await;
    assert_eq!(said.status, StatusCode::CONFLICT);
    assert!(said.body.contains("has not started"), "{}", said.body);
    assert!(!d.get("/rounds/northwind-2028").await.body.contains("Make next year"));

    // Where its directors sign, what came of each stands at the name, in a language that is named.
    let h = &d.house;
    let none = h.get(&h.requests(FIRST).await[0].1).await.body;
    assert!(!none.contains("last year"), "there was no round before the first");
    // The round before is one that was started earlier.
    h.ctx.clock.turn_to(MONDAY.plus(DAY));
    for (slug, order) in [(FIRST, RoundOrder::Close), (NEXT, RoundOrder::Start)] {
        h.ctx.order(&by, TellRound { slug: slug.into(), order }).await.unwrap();
    }
    let director = h.get(&h.requests(NEXT).await[0].1).await.body;
    assert!(director.contains("<p class=\"muted\" lang=\"en\">Silent last year.</p>"), "{director}");
}

#[tokio::test]
async fn a_press_goes_on_where_the_first_one_stopped() {
    let d = Desk::open().await;
    let page = d.get(&path()).await;
    let seen = page.hidden("value=\"make\"", "seen");
    press(&d, &seen).await;
    let round = d.round(NEXT).await.unwrap();
    let everybody = people::ids_of_round(&mut d.house.ctx.db.read().await.unwrap(), &round.id).await.unwrap().len();
    let nobody = Allowed { removing_everybody: true, ..Allowed::default() };
    let emptied = contacts::load_list(&d.house.ctx, NEXT, Vec::new(), nobody, &Actor::operator("test")).await;
    emptied.unwrap();
    assert_eq!(press(&d, &seen).await.header("location"), "/rounds/northwind-2028?done=make_next");
    let again = people::ids_of_round(&mut d.house.ctx.db.read().await.unwrap(), &round.id).await.unwrap().len();
    assert_eq!((again, everybody > 20), (everybody, true));
}

/// The draft alone, as somebody left it whose press was stopped after it.
async fn half_made(d: &Desk, from: &str) {
    let content = making::draft(&d.house.ctx, Pattern::Earlier(FIRST.into()), "").await.unwrap();
    let order = MakeRound { content, from: from.into() };
    d.house.ctx.order(&Actor::operator("somebody.else@northwind.example"), order).await.unwrap();
}

#[tokio::test]
async fn a_draft_whose_people_never_came_gets_them_from_a_fresh_page_whoever_looks() {
    let d = Desk::open().await;
    half_made(&d, &format!("round {FIRST}")).await;
    let page = d.get(&path()).await;
    for told in ["There is a round northwind-2028 already, and nobody is in it yet.", "Put its people in"] {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    let said = press(&d, &page.hidden("value=\"make\"", "seen")).await;
    assert_eq!(said.header("location"), "/rounds/northwind-2028?done=make_next", "{}", said.body);
    assert!(d.house.people(NEXT).await.len() > 20);
    let page = d.get(&path()).await.body;
    assert!(page.contains("There is a round northwind-2028 already. <a") && !page.contains("name=\"seen\""), "{page}");
}

#[tokio::test]
async fn an_empty_draft_that_was_made_of_something_else_is_left_alone() {
    let d = Desk::open().await;
    let seen = d.get(&path()).await.hidden("value=\"make\"", "seen");
    half_made(&d, "the template").await;
    let page = d.get(&path()).await.body;
    assert!(page.contains("There is a round northwind-2028 already. <a") && !page.contains("name=\"seen\""), "{page}");
    let said = press(&d, &seen).await;
    assert!(said.refused && said.body.contains("There is a round northwind-2028 already."), "{}", said.body);
    assert!(d.house.people(NEXT).await.is_empty());
}
