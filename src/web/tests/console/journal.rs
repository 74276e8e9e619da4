//! The journal in the browser: by person, by round and by day, part by part; and what of a contact stays on his own page.

use axum::http::{Method, StatusCode};

use crate::base::clock::DAY;
use crate::rules::journal::{Action, Actor};
use crate::steps::replies::absence::{HearNews, News};
use crate::web::tests::fixture::*;

const ANOTHER: &str = "ben@soundings.example";

async fn get(h: &House, cookie: &str, path: &str) -> String {
    let said = h.send(Method::GET, path, &[("cookie", cookie)], "").await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    said.body
}

fn rows(page: &str) -> usize {
    page.matches("<th scope=\"row\"").count()
}

/// So many lines of one person about a round, one after another.
async fn writes(h: &House, who: &str, slug: &str, lines: usize) {
    let (ctx, round, who) = (h.ctx.clone(), h.round_id(slug).await, Actor::operator(who));
    let written = h.ctx.db.write(move |tx| {
        Box::pin(async move {
            for n in 0..lines {
                let detail = format!("line {n:03}");
                ctx.journal(tx, &who, Action::ChangedPlan, Some(&round), &round, &detail).await?;
            }
            Ok(())
        })
    });
    written.await.unwrap();
}

#[tokio::test]
async fn a_person_a_round_and_a_day_narrow_it_down_and_stand_in_the_address() {
    let h = house().await;
    writes(&h, OPERATOR, FIRST, 3).await;
    writes(&h, ANOTHER, FIRST, 2).await;
    writes(&h, ANOTHER, SECOND, 4).await;
    h.ctx.clock.turn_to(h.ctx.clock.now().plus(2 * DAY));
    let (cookie, _) = h.log_in().await;
    writes(&h, ANOTHER, FIRST, 5).await;
    let count = async |words: &str| rows(&get(&h, &cookie, &format!("/journal{words}")).await);
    let who = format!("who={}", ANOTHER.replace('@', "%40"));
    assert_eq!(count(&format!("?{who}")).await, 11);
    assert_eq!(count(&format!("?{who}&round={FIRST}")).await, 7);
    assert_eq!(count(&format!("?{who}&round={FIRST}&day=2027-01-27")).await, 5);
    assert_eq!(count(&format!("?{who}&day=2027-01-25")).await, 6);
    assert_eq!(count(&format!("?{who}&day=2027-01-26")).await, 0);
    assert_eq!(count("?who=nobody%40x.example").await, 0);
    // What is no round and no day narrows nothing.
    assert_eq!(count(&format!("?{who}&round=nothing&day=soon")).await, 11);
    let page = get(&h, &cookie, &format!("/journal?{who}&round={FIRST}")).await;
    assert!(page.contains(&format!("<option value=\"{FIRST}\" selected>")) && page.contains("line 004"), "{page}");
    let round = get(&h, &cookie, &format!("/rounds/{FIRST}")).await;
    assert!(round.contains(&format!("href=\"/journal?round={FIRST}\"")), "every page leads there");
}

#[tokio::test]
async fn it_comes_in_parts_that_have_every_line_once() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    writes(&h, ANOTHER, FIRST, 120).await;
    for words in [format!("?who={ANOTHER}"), format!("?who={ANOTHER}&round={FIRST}")] {
        let (mut at, mut seen, mut parts) = (format!("/journal{words}").replace('@', "%40"), Vec::new(), 0);
        loop {
            let page = get(&h, &cookie, &at).await;
            seen.extend(page.split("<span class=\"muted\">line ").skip(1).map(|rest| rest[..3].to_string()));
            parts += 1;
            let Some(next) = page.split("\" rel=\"next\"").next().filter(|_| page.contains("rel=\"next\"")) else {
                break;
            };
            at = next.rsplit("href=\"").next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
            assert!(parts < 5, "{at}");
        }
        // Lines of one moment have no order.
        seen.sort();
        let wanted: Vec<String> = (0..120).map(|n| format!("{n:03}")).collect();
        assert_eq!((parts, seen.len()), (3, 120));
        assert_eq!(seen, wanted);
    }
}

#[tokio::test]
async fn what_is_said_of_a_contact_stays_on_his_page() {
    let h = house().await;
    let (cookie, _) = h.log_in().await;
    let person = h.people(FIRST).await.remove(0);
    let news = News::AwayUntil("2027-02-10".parse().unwrap());
    let heard = HearNews { contact: person.id.clone(), news, why: "is in hospital".into() };
    h.ctx.order(&Actor::operator(OPERATOR), heard).await.unwrap();
    let page = get(&h, &cookie, &format!("/journal?who={}", OPERATOR.replace('@', "%40"))).await;
    let own = format!("/rounds/{FIRST}/contacts/{}", person.id);
    assert!(
        page.contains("Is away") && page.contains(&format!("href=\"{own}\"")) && page.contains("says more"),
        "{page}"
    );
    assert!(!page.contains("hospital"), "{page}");
    assert!(get(&h, &cookie, &own).await.contains("is in hospital"));
}
