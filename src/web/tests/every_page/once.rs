//! Done once, told twice; and a refusal that Back and Reload can do nothing with.

use axum::http::{Method, StatusCode};

use crate::rules::journal::Actor;
use crate::rules::signoff::Standing;
use crate::steps::context::Purpose;
use crate::web::tests::fixture::*;
use crate::web::tests::links::director::first_name;

fn there(said: &Said) -> &str {
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    said.header("location")
}

fn form<'f>(fields: &'f [(&'f str, String)]) -> Vec<(&'f str, &'f str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[tokio::test]
async fn a_second_tap_on_a_directors_page_hears_what_the_first_one_did() {
    let h = house().await;
    let (_, path) = &h.requests(FIRST).await[0];
    let page = h.get(path).await;
    let (account, contact) = (page.hidden("name=\"act\" value=\"sign\"", "account"), first_name(&page));
    let act = |act: &str, rest: &[(&'static str, &str)]| {
        let mut all = vec![("act", act.to_string()), ("account", account.clone()), ("contact", contact.clone())];
        all.extend(rest.iter().map(|(name, value)| (*name, value.to_string())));
        all
    };
    for fields in [act("remove", &[("reason", "duplicate")]), act("restore", &[("confirm", "yes")])] {
        let first = h.post(path, &form(&fields)).await;
        let journal = entries(&h).await;
        let second = h.post(path, &form(&fields)).await;
        assert_eq!(there(&first), there(&second), "{fields:?}");
        assert_eq!(entries(&h).await, journal, "nothing is done twice: {fields:?}");
        // One stands at a row that is on the page.
        let place = there(&first).split_once('#').unwrap().1.to_string();
        assert!(h.get(there(&first)).await.body.contains(&format!("id=\"{place}\"")), "{place}");
    }
    let page = h.get(path).await;
    let fingerprint = page.hidden("name=\"act\" value=\"sign\"", "fingerprint");
    let account = page.hidden("name=\"act\" value=\"sign\"", "account");
    let count = h.account(&(&*account).into()).await.listed.to_string();
    let sign = [("act", "sign"), ("account", &*account), ("fingerprint", &*fingerprint), ("count", &*count)];
    let (first, second) = (h.post(path, &sign).await, h.post(path, &sign).await);
    assert_eq!(there(&first), there(&second));
    assert!(h.get(there(&second)).await.body.contains("Signed: "));
    assert_ne!(h.account(&(&*account).into()).await.standing, Standing::Unsigned);
    let signed = h.ctx.db.read().await.unwrap();
    let mut tx = signed;
    assert_eq!(crate::store::signoff::of_account(&mut tx, &(&*account).into()).await.unwrap().len(), 1, "signed once");
    // Something else than what was asked for is still refused.
    let other = [("act", "sign"), ("account", &*account), ("fingerprint", &*fingerprint), ("count", "99")];
    drop(tx);
    assert!(h.post(path, &other).await.refused);
}

async fn entries(h: &House) -> usize {
    let id = h.round_id(FIRST).await;
    let mut tx = h.ctx.db.read().await.unwrap();
    crate::store::journal::of_round(&mut tx, &id, 1_000).await.unwrap().len()
}

#[tokio::test]
async fn a_second_tap_on_an_order_hears_what_the_first_one_did() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let path = format!("/rounds/{FIRST}");
    for act in ["start", "pause", "pause", "resume", "close"] {
        let fields = [("act", act), ("confirm", "yes"), ("csrf", &*csrf)];
        let first = h.post_with(&path, &[("cookie", &cookie)], &fields).await;
        let second = h.post_with(&path, &[("cookie", &cookie)], &fields).await;
        assert_eq!(there(&first), there(&second), "{act}");
    }
    let late = h.post_with(&path, &[("cookie", &cookie)], &[("act", "resume"), ("csrf", &*csrf)]).await;
    assert!(
        late.refused && late.body.contains("<p class=\"banner wrong\" role=\"alert\""),
        "a closed round stays closed: {}",
        late.body
    );
}

#[tokio::test]
async fn a_refusal_is_kept_for_its_visitor_and_for_nobody_else() {
    let h = house().await;
    let all = h.requests(FIRST).await;
    let (path, other) = (&all[0].1, &all[1].1);
    let page = h.get(path).await;
    let account = page.hidden("name=\"act\" value=\"sign\"", "account");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let body = format!("act=sign&account={account}&count=47~11");
    let said = h.send(Method::POST, path, &[form], &body).await;
    let kept = there(&said).to_string();
    assert!(!kept.contains("47~11") && kept.ends_with(&format!("#sign-{account}")), "{kept}");
    assert_eq!(said.header("cache-control"), "no-store");
    for _ in 0..2 {
        let again = h.get(&kept).await;
        assert_eq!(again.status, StatusCode::OK);
        assert!(
            again.body.contains("value=\"47~11\"") && again.body.contains(&format!("id=\"count-{account}-error\""))
        );
    }
    // At another address the same word opens nothing, and a wrong word opens nothing here.
    let word = kept.split_once('?').unwrap().1.split('#').next().unwrap();
    let wrong = format!("{path}?kept={}", "0".repeat(64));
    for elsewhere in [format!("{other}?{word}"), wrong, format!("{path}?kept=")] {
        let said = h.get(&elsewhere).await;
        assert_eq!(said.status, StatusCode::OK, "{elsewhere}");
        assert!(!said.body.contains("47~11"), "{elsewhere}");
    }
    // The database has neither the typed text nor the link of the form in clear.
    let secret = path.rsplit('/').next().unwrap();
    for bytes in h.everything() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("47~11") && !text.contains(secret), "the kept page can be read in the database");
    }
    // Once the round is closed it says so, whatever was kept.
    h.ctx
        .order(
            &Actor::operator("test"),
            crate::steps::round::TellRound { slug: FIRST.into(), order: crate::steps::round::RoundOrder::Close },
        )
        .await
        .unwrap();
    assert_eq!(h.get(&kept).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn the_page_of_an_unknown_link_speaks_the_browsers_language() {
    let h = house().await;
    for path in ["/assessment/cut-in-two", "/sign-off/cut-in-two", "/repair/cut-in-two", "/team/cut-in-two"] {
        let said = h.send(Method::GET, path, &[("accept-language", "de-CH,en;q=0.5")], "").await;
        assert_eq!(said.status, StatusCode::NOT_FOUND);
        assert!(
            said.body.contains("<html lang=\"de\"") && said.body.contains("href=\"?language=fr\""),
            "{}",
            said.body
        );
        let chosen = h.send(Method::GET, &format!("{path}?language=fr"), &[("accept-language", "de")], "").await;
        assert!(chosen.body.contains("<html lang=\"fr\""));
    }
}

#[tokio::test]
async fn sending_twice_is_thanked_twice() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    let path = h.link(Purpose::Assessment, &person.id);
    let opened = crate::steps::response::open(&h.ctx, path.rsplit('/').next().unwrap()).await.unwrap().unwrap();
    for (group, page) in opened.questionnaire.groups.iter().zip(1..) {
        let answers: Vec<(String, String)> = group
            .items
            .iter()
            .map(|item| (format!("answer.{}", item.id), item.options.first().map_or("5".into(), |o| o.value.clone())))
            .collect();
        let number = page.to_string();
        let mut fields = vec![("page", number.as_str()), ("go", "next")];
        fields.extend(answers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        assert_eq!(h.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
    }
    let send = [("page", "check"), ("go", "send")];
    let (first, second) = (h.post(&path, &send).await, h.post(&path, &send).await);
    assert_eq!(there(&first), there(&second));
    assert!(h.get(there(&second)).await.body.contains("Thank you"));
}

#[tokio::test]
async fn change_leads_to_a_field_that_there_is() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    let path = h.link(Purpose::Assessment, &person.id);
    let check = h.get(&format!("{path}?page=check")).await.body;
    let links: Vec<String> =
        check.split("href=\"").skip(1).map(|l| l.split('"').next().unwrap().replace("&amp;", "&")).collect();
    let changes: Vec<&String> = links.iter().filter(|l| l.contains("from=check")).collect();
    assert!(changes.len() > 5);
    for link in changes {
        let (page, field) = link.split_once('#').unwrap();
        assert!(h.get(page).await.body.contains(&format!("id=\"{field}\"")), "{link}");
    }
}

#[tokio::test]
async fn whoever_reads_a_page_without_a_chrome_can_change_its_language() {
    let h = house().await;
    let people = h.people(FIRST).await;
    let opt_out = h.link(Purpose::OptOut, &people[0].id);
    let (gone, chosen) = (h.link(Purpose::Assessment, &people[1].id), h.link(Purpose::OptOut, &people[1].id));
    assert_eq!(h.post(&chosen, &[("choice", "stop")]).await.status, StatusCode::OK);
    let closed = h.link(Purpose::Assessment, &people[2].id);
    let mut pages =
        vec![opt_out, gone, chosen, "/opt-out".into(), "/nothing".into(), "/assessment/cut".into(), "/en/x".into()];
    for round in [false, true] {
        if round {
            h.ctx
                .order(
                    &Actor::operator("test"),
                    crate::steps::round::TellRound {
                        slug: FIRST.into(),
                        order: crate::steps::round::RoundOrder::Close,
                    },
                )
                .await
                .unwrap();
            pages.push(closed.clone());
        }
        for path in &pages {
            for language in ["de", "fr", "en"] {
                let said = h.send(Method::GET, &format!("{path}?language={language}"), &[], "").await.body;
                assert!(said.contains(&format!("<html lang=\"{language}\"")), "{path} {language}: {said}");
                let menu = said.find("<ul class=\"languages\">").unwrap_or(usize::MAX);
                assert!(menu < said.find("<h1").unwrap(), "{path}: the menu stands on top");
                for other in crate::web::kit::views::phrases::choice::ALL {
                    let link = format!("hreflang=\"{}\"", other.code);
                    assert_eq!(said.contains(&link), other.code != language, "{path}: {} in {language}", other.code);
                    assert!(said.contains(other.language), "{path}");
                }
            }
        }
    }
    // The twin: an operator's page is none of these.
    let (cookie, _) = h.log_in().await;
    let console = h.send(Method::GET, "/rounds/nothing", &[("cookie", &cookie)], "").await;
    assert!(console.status == StatusCode::NOT_FOUND && !console.body.contains("class=\"languages\""));
}
