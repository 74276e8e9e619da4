//! Many contacts at one press: chosen on the list, looked at, done, told and undone; and nothing of another round.

use axum::http::{Method, StatusCode};

use crate::web::kit::forms::query::query;
use crate::web::tests::fixture::*;

struct Desk {
    h: House,
    cookie: String,
    csrf: String,
    list: String,
    bulk: String,
}

async fn desk() -> Desk {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let list = format!("/rounds/{FIRST}/contacts");
    Desk { h, cookie, csrf, bulk: format!("{list}/bulk"), list }
}

impl Desk {
    async fn get(&self, path: &str) -> Said {
        self.h.send(Method::GET, path, &[("cookie", &self.cookie)], "").await
    }

    /// Sends the form of a page that asks whether to do it.
    async fn confirm(&self, page: &Said, more: &[(&str, &str)]) -> Said {
        let form = page.body.split("<form class=\"narrow\"").nth(1).unwrap().split("</form>").next().unwrap();
        let hidden = form.split("type=\"hidden\" name=\"").skip(1).map(|part| {
            let (name, rest) = part.split_once("\" value=\"").unwrap();
            (name, rest.split('"').next().unwrap())
        });
        let fields: Vec<(&str, &str)> = hidden.chain(more.iter().copied()).collect();
        self.h.post_with(&self.bulk, &[("cookie", &self.cookie)], &fields).await
    }
}

#[tokio::test]
async fn those_who_are_ticked_are_taken_off_with_a_reason_and_put_back() {
    let d = desk().await;
    let people = d.h.people(FIRST).await;
    let list = d.get(&d.list).await.body;
    assert_eq!(list.matches("name=\"who\"").count(), people.len().min(50), "everybody can be chosen: {list}");
    assert!(list.contains(&format!("action=\"{}\"", d.bulk)) && list.contains("who match, on every page"));
    let before = d.h.facts().await;
    let (one, two) = (&people[0], &people[1]);
    let asked = query(&[("act", "remove"), ("who", one.id.as_str()), ("who", two.id.as_str())]);
    let page = d.get(&format!("{}{asked}", d.bulk)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("<h1>Take 2 people off the list?</h1>") && page.body.contains(">Why<"), "{}", page.body);
    assert_eq!(d.h.facts().await, before, "looking changes nothing");
    let refused = d.confirm(&page, &[("reason", "")]).await;
    assert!(refused.refused && refused.body.contains("Say it in a few words."), "{}", refused.body);
    assert_eq!(d.h.facts().await, before, "nor does a press without its reason");
    let done = d.confirm(&page, &[("reason", "Asked by the client.")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let at = done.header("location").to_string();
    let told = d.get(&at).await.body;
    assert!(told.contains("2 of 2 taken off the list.") && told.contains("Asked by the client."), "{told}");
    assert!(d.h.person(&one.id).await.removed_at.is_some());
    // The second tap of two is told what the first has done.
    assert_eq!(d.confirm(&page, &[("reason", "Asked by the client.")]).await.header("location"), at);
    let undo = [("csrf", d.csrf.as_str()), ("act", "undo")];
    let undone = d.h.post_with(&at, &[("cookie", &d.cookie)], &undo).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    assert!(
        d.get(undone.header("location").split('#').next().unwrap()).await.body.contains("2 of 2 put back on the list.")
    );
    assert!(d.h.person(&one.id).await.removed_at.is_none());
    let told = d.get(&at).await.body;
    assert!(told.contains("Undone by") && !told.contains("value=\"undo\""), "{told}");
}

#[tokio::test]
async fn all_who_match_are_exactly_those_who_were_shown() {
    let d = desk().await;
    let people = d.h.people(FIRST).await;
    let name = people[0].last_name.clone();
    let page = d.get(&format!("{}{}", d.bulk, query(&[("act", "opt_out"), ("all", "yes"), ("q", &name)]))).await;
    assert!(page.body.contains("out of this round?"), "{}", page.body);
    // One of them is taken off in between.
    let asked = query(&[("act", "remove"), ("who", people[0].id.as_str())]);
    let remove = d.get(&format!("{}{asked}", d.bulk)).await;
    assert_eq!(d.confirm(&remove, &[("reason", "gone")]).await.status, StatusCode::SEE_OTHER);
    let stage = query(&[("act", "opt_out"), ("all", "yes"), ("stage", "listed")]);
    let of_all = d.get(&format!("{}{stage}", d.bulk)).await;
    assert!(of_all.body.contains(&format!("Leave {} people out of this round?", people.len() - 1)), "{}", of_all.body);
    let remove = d.get(&format!("{}{}", d.bulk, query(&[("act", "remove"), ("who", people[1].id.as_str())]))).await;
    assert_eq!(d.confirm(&remove, &[("reason", "gone")]).await.status, StatusCode::SEE_OTHER);
    let before = d.h.facts().await;
    let refused = d.confirm(&of_all, &[("reason", "by mail")]).await;
    assert!(refused.refused && refused.body.contains("Others match by now."), "{}", refused.body);
    assert_eq!(d.h.facts().await, before);
    let again = d.confirm(&refused, &[("reason", "by mail")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    let told = d.get(again.header("location")).await.body;
    let n = people.len() - 2;
    assert!(told.contains(&format!("{n} of {n} left out of this round.")), "{told}");
}

#[tokio::test]
async fn s11_s16_nobody_of_another_round_and_no_word_of_somebodys_own() {
    let d = desk().await;
    let foreign = d.h.people(SECOND).await.remove(0);
    let path = |fields: &[(&str, &str)]| format!("{}{}", d.bulk, query(fields));
    let page = d.get(&path(&[("act", "remove"), ("who", foreign.id.as_str())])).await;
    assert!(
        page.body.contains("nobody to whom it could be done") && page.body.contains("1 is not known in this round")
    );
    assert!(!page.body.contains(&foreign.last_name), "{}", page.body);
    assert_eq!(d.get(&path(&[("act", "drop_tables")])).await.status, StatusCode::NOT_FOUND);
    let nothing = d.get(&d.bulk).await.body;
    assert!(
        nothing.contains("<h1>Nobody is chosen</h1>") && nothing.contains(&format!("href=\"{}\"", d.list)),
        "{nothing}"
    );
    let nobody = d.get(&path(&[("act", "pause"), ("who", "x' OR 1=1 --")])).await;
    assert!(nobody.body.contains("<h1>Nobody is chosen</h1>"), "{}", nobody.body);
    let own = d.h.people(FIRST).await.remove(0);
    let page = d.get(&path(&[("act", "remove"), ("who", own.id.as_str())])).await;
    let done = d.confirm(&page, &[("reason", "gone")]).await.header("location").to_string();
    assert_eq!(d.get(&done.replace(FIRST, SECOND)).await.status, StatusCode::NOT_FOUND);
    let undo = [("csrf", d.csrf.as_str()), ("act", "undo")];
    let elsewhere = d.h.post_with(&done.replace(FIRST, SECOND), &[("cookie", &d.cookie)], &undo).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    assert!(d.h.person(&own.id).await.removed_at.is_some());
}

#[tokio::test]
async fn the_order_and_the_filters_stay_in_the_address() {
    let d = desk().await;
    let page = d.get(&format!("{}?stage=listed&sort=account", d.list)).await.body;
    assert!(page.contains("aria-sort=\"ascending\"") && page.contains("<option value=\"account\" selected>"), "{page}");
    assert!(
        page.contains(&format!("href=\"{}?stage=listed&#38;sort=role\"", d.list))
            || page.contains("stage=listed&amp;sort=role"),
        "{page}"
    );
    assert!(page.contains("<input type=\"hidden\" name=\"sort\" value=\"account\">"), "{page}");
    let accounts: Vec<&str> =
        page.split("/accounts/").skip(2).filter_map(|part| part.split(['>', '<']).nth(1)).collect();
    assert!(!accounts.is_empty());
    let nonsense = d.get(&format!("{}?sort=%3Cscript%3E", d.list)).await;
    assert_eq!(nonsense.status, StatusCode::OK);
}
