//! The page of an account manager, and what operators see of repairs: what changes something, what does not, and who sees whose.

use axum::http::{Method, StatusCode};

use crate::base::ids::{ContactId, MessageId};
use crate::rules::journal::Actor;
use crate::rules::message::{Lane, MessageKind};
use crate::steps::context::Purpose;
use crate::steps::replies::absence::{HearNews, News};
use crate::steps::round::{RoundOrder, TellRound};
use crate::store::contacts::Person;
use crate::store::repair::{self, tasks};
use crate::store::sending::outbox;
use crate::web::kit::views::repair_phrases::RepairPhrases;
use crate::web::tests::fixture::*;
use crate::web::tests::links::directors_page::round_in;

/// Somebody has left, so that his manager has a link: its path, and the person.
pub async fn left(h: &House, n: usize) -> (String, Person) {
    let person = h.people(FIRST).await[n].clone();
    let said = "<script>alert(1)</script> I have left; write to tim.new@harrowgate.example";
    let news = News::Left { write_to: vec!["tim.new@harrowgate.example".into()] };
    let order = HearNews { contact: person.id.clone(), news, why: said.into() };
    h.ctx.order(&Actor::Program, order).await.unwrap();
    (link(h, &person).await, person)
}

async fn link(h: &House, person: &Person) -> String {
    let mut tx = h.ctx.db.read().await.unwrap();
    let all = repair::of_round(&mut tx, &person.round_id).await.unwrap();
    let of = if person.manager_email.is_empty() { &person.director_email } else { &person.manager_email };
    let request = all.iter().find(|r| r.email.key() == *of).unwrap();
    format!("/repair/{}", h.ctx.secret(Purpose::Repair, &request.id))
}

async fn open_tasks(h: &House, contact: &ContactId) -> usize {
    let mut tx = h.ctx.db.read().await.unwrap();
    tasks::of_contact(&mut tx, contact).await.unwrap().iter().filter(|t| t.closed_at.is_none()).count()
}

#[tokio::test]
async fn s21_following_the_link_and_pressing_every_button_repairs_nothing() {
    let h = house().await;
    let (path, person) = left(&h, 0).await;
    let before = h.facts().await;
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(h.send(method, &path, &[], "").await.status, StatusCode::OK);
    }
    let page = h.get(&path).await.body;
    // S02: what another machine said is text.
    assert!(page.contains("I have left; write to") && !page.contains("<script>alert"), "{page}");
    assert!(page.contains("value=\"tim.new@harrowgate.example\""), "{page}");
    for act in ["replace", "drop", "fine", "correct_address"] {
        // As the forms stand on the page, without anything written.
        let email = if act == "replace" { "tim.new@harrowgate.example" } else { "" };
        let fields =
            [("act", act), ("contact", person.id.as_str()), ("email", email), ("role", "influencer"), ("sure", "yes")];
        let said = h.post(&path, &fields).await;
        assert!(said.refused, "{act}: {}", said.body);
        // Of somebody who has left no address can be corrected, so there is no form to show it at.
        assert!(said.body.contains("This was not done yet") || act == "correct_address", "{act}");
    }
    assert_eq!(
        h.post(&path, &[("act", "nothing"), ("contact", person.id.as_str())]).await.status,
        StatusCode::NOT_FOUND
    );
    // S14: nothing that comes from another site.
    let good = [("act", "drop"), ("contact", person.id.as_str()), ("why", "other"), ("reason", "x")];
    let foreign = [("sec-fetch-site", "cross-site")];
    assert_eq!(h.post_with(&path, &foreign, &good).await.status, StatusCode::FORBIDDEN);
    assert!(h.facts().await == before);
    assert_eq!(h.post(&path, &good).await.status, StatusCode::SEE_OTHER);
    assert_eq!(open_tasks(&h, &person.id).await, 0);
}

#[tokio::test]
async fn a_successor_is_named_and_the_page_says_what_happens_next() {
    let h = house().await;
    let (path, person) = left(&h, 0).await;
    let mut fields = [
        ("act", "replace"),
        ("contact", person.id.as_str()),
        ("first_name", "Tim"),
        ("last_name", "<b>New</b>"),
        ("email", "tim.new@gmail.com"),
        ("job_title", "Buyer"),
        ("role", "operational_contact"),
        ("sure", ""),
    ];
    let asked = h.post(&path, &fields).await;
    assert!(asked.refused);
    assert!(
        asked.body.contains("looks like a private mailbox") && asked.body.contains("name=\"sure\""),
        "{}",
        asked.body
    );
    assert!(
        asked.body.contains("value=\"Tim\"") && !asked.body.contains("<b>New</b>"),
        "what was typed stays, as text"
    );
    fields[7].1 = "yes";
    let said = h.post(&path, &fields).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let after = h.get(said.header("location")).await.body;
    assert!(after.contains("gets a short introduction and some days later the invitation after"), "{after}");
    assert!(after.contains("All done. Thank you"), "{after}");
    // The form is sent once more, by a second tab.
    let late = h.post(&path, &fields).await;
    assert_eq!(
        (late.status, late.header("location").split('#').next()),
        (StatusCode::SEE_OTHER, said.header("location").split('#').next())
    );
    let people = h.people(FIRST).await;
    let successor = people.iter().find(|p| p.replaces.as_ref() == Some(&person.id)).unwrap();
    assert_eq!((successor.line, successor.language.clone()), (person.line, person.language.clone()));
    // Both pages of the console know of each other.
    let (cookie, _) = h.log_in().await;
    let console = async |id: &ContactId| {
        let path = format!("/rounds/{FIRST}/contacts/{id}");
        h.send(Method::GET, &path, &[("cookie", &cookie)], "").await.body
    };
    assert!(
        console(&person.id).await.contains(successor.id.as_str())
            && console(&successor.id).await.contains(person.id.as_str())
    );
}

#[tokio::test]
async fn s11_a_manager_reaches_his_own_contacts_only_and_s18_a_near_miss_nothing() {
    let h = house().await;
    let (path, person) = left(&h, 0).await;
    let people = h.people(FIRST).await;
    let other = people.iter().position(|p| p.manager_email != person.manager_email).unwrap();
    let (_, foreign) = left(&h, other).await;
    let before = h.everything();
    let drop = |contact: &ContactId| {
        [("act", "drop"), ("contact", contact.as_str()), ("why", "other"), ("reason", "x")]
            .map(|(k, v)| (k, v.to_string()))
    };
    for contact in [&foreign.id, &people[other + 1].id, &ContactId::from("nothing")] {
        let fields = drop(contact);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        assert_eq!(h.post(&path, &fields).await.status, StatusCode::NOT_FOUND, "{contact}");
    }
    let (door, secret) = path.rsplit_once('/').unwrap();
    let flipped = if secret.ends_with('A') { "B" } else { "A" };
    let near = h.get(&format!("{door}/{}{flipped}", &secret[..secret.len() - 1])).await;
    let far = h.get(&format!("{door}/nothing-like-it")).await;
    assert_eq!((near.status, &near.body), (StatusCode::NOT_FOUND, &far.body));
    let unknown = h.get(&format!("{door}/{}", h.ctx.key.link("repair", "nobody"))).await;
    // S19: no other link opens this page, and this one opens no other.
    let request = &h.requests(FIRST).await[0].0;
    for wrong in [
        h.ctx.secret(Purpose::SignOff, &request.id),
        h.ctx.secret(Purpose::Assessment, &person.id),
        h.ctx.secret(Purpose::OptOut, &person.id),
        h.ctx.secret(Purpose::Repair, &person.id),
    ] {
        let said = h.get(&format!("/repair/{wrong}")).await;
        assert_eq!((said.status, &said.body), (StatusCode::NOT_FOUND, &unknown.body));
        assert_eq!(h.post(&format!("/repair/{wrong}"), &[("act", "drop")]).await.status, StatusCode::NOT_FOUND);
    }
    for other in ["sign-off", "assessment", "opt-out", "plan"] {
        assert_eq!(h.get(&format!("/{other}/{secret}")).await.status, StatusCode::NOT_FOUND, "{other}");
    }
    assert!(h.everything() == before);
}

#[tokio::test]
async fn operators_see_what_waits_for_whom_and_can_do_the_same() {
    let h = house().await;
    let (_, person) = left(&h, 0).await;
    let (cookie, csrf) = h.log_in().await;
    let get =
        async |path: &str| h.send(Method::GET, &format!("/rounds/{FIRST}{path}"), &[("cookie", &cookie)], "").await;
    let manager = if person.manager_name.is_empty() { &person.director_email } else { &person.manager_name };
    let list = get("/repairs").await.body;
    assert!(
        list.contains(&person.full_name()) && list.contains(manager.as_str()) && list.contains("not asked yet"),
        "{list}"
    );
    assert!(get("").await.body.contains("1 contact cannot be reached"));
    let at = format!("/rounds/{FIRST}/contacts/{}", person.id);
    let post = async |fields: &[(&str, &str)]| {
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        h.post_with(&at, &[("cookie", &cookie)], &fields).await
    };
    let mut fields = [
        ("act", "replace"),
        ("first_name", "Tim"),
        ("last_name", "New"),
        ("email", "info@harrowgate.example"),
        ("sure", ""),
    ];
    let asked = post(&fields).await;
    assert!(asked.refused);
    assert!(asked.body.contains("several people read"), "{}", asked.body);
    fields[4].1 = "yes";
    assert_eq!(post(&fields).await.status, StatusCode::SEE_OTHER);
    assert!(get("/repairs").await.body.contains("Everybody can be reached"));
}

#[tokio::test]
async fn s03_a_letter_is_shown_in_a_frame_that_can_do_nothing() {
    let h = house().await;
    let person = h.people(FIRST).await[0].clone();
    let id: MessageId = h.ctx.ids.id(MONDAY);
    let message = outbox::NewMessage {
        id: id.clone(),
        key: format!("{}/{}/invitation/1", person.round_id, person.id),
        lane: Lane::from(&person.round_id),
        contact_id: Some(person.id.clone()),
        subject_id: person.id.to_string(),
        kind: MessageKind::Invitation,
        number: 1,
        to_name: person.full_name(),
        to: person.email.clone(),
        planned_for: MONDAY,
        due_at: MONDAY,
    };
    h.ctx.db.write(move |tx| Box::pin(async move { outbox::enqueue(tx, &message, MONDAY).await })).await.unwrap();
    let (cookie, _) = h.log_in().await;
    let path = format!("/rounds/{FIRST}/messages/{id}");
    let page = h.send(Method::GET, &path, &[("cookie", &cookie)], "").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("<iframe class=\"letter\" sandbox title"), "{}", page.body);
    assert!(page.body.contains("It has not left yet") && page.body.contains("Laura Whitcombe"), "{}", page.body);
    assert!(page.header("content-security-policy").ends_with("frame-src 'self'"));
    let letter = h.send(Method::GET, &format!("{path}/letter"), &[("cookie", &cookie)], "").await;
    let policy = letter.header("content-security-policy");
    assert!(policy.contains("script-src 'none'") && policy.ends_with("sandbox"), "{policy}");
    assert_eq!((letter.header("x-frame-options"), letter.header("x-content-type-options")), ("SAMEORIGIN", "nosniff"));
    // Whoever looks at it cannot answer in the contact's name.
    let own = h.ctx.secret(Purpose::Assessment, &person.id);
    let out = h.ctx.secret(Purpose::OptOut, &person.id);
    for body in [&page.body, &letter.body] {
        assert!(!body.contains(&own) && !body.contains(&out));
    }
    assert!(letter.body.contains("/assessment/personal-link"), "{}", letter.body);
    // Not without a log-in, not under another round, and other pages are framed by nobody.
    assert_eq!(h.get(&format!("{path}/letter")).await.status, StatusCode::SEE_OTHER);
    let other = path.replace(FIRST, SECOND);
    assert_eq!(h.send(Method::GET, &other, &[("cookie", &cookie)], "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(h.get("/log-in").await.header("x-frame-options"), "DENY");
}

#[tokio::test]
async fn the_page_is_in_the_language_of_the_round() {
    let h = house().await;
    for language in ["de", "fr"] {
        round_in(&h, language, 3).await;
        let slug = format!("page-{language}-3");
        let person = h.people(&slug).await[0].clone();
        let news = News::Left { write_to: Vec::new() };
        let order = HearNews { contact: person.id.clone(), news, why: "I have left".into() };
        h.ctx.order(&Actor::Program, order).await.unwrap();
        let path = link(&h, &person).await;
        let (own, en) = (RepairPhrases::of(language), RepairPhrases::of("en"));
        let page = h.get(&path).await.body;
        assert!(page.contains(&format!("<html lang=\"{language}\">")), "{page}");
        for (own, english) in
            [(own.reply_left, en.reply_left), (own.replace, en.replace), (own.drop, en.drop), (own.foot, en.foot)]
        {
            assert!(page.contains(&plain(own)) && !page.contains(&plain(english)), "{own}: {page}");
        }
        // What is wrong with a form, and what was done, is said in it, too.
        let empty = [("act", "drop"), ("contact", person.id.as_str()), ("why", ""), ("reason", "")];
        let said = h.post(&path, &empty).await;
        assert!(
            said.refused && said.body.contains(own.needs_reason) && said.body.contains(own.not_done),
            "{}",
            said.body
        );
        let fields = [("act", "drop"), ("contact", person.id.as_str()), ("why", "not_to_ask"), ("reason", "x")];
        let said = h.post(&path, &fields).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        let after = h.get(said.header("location")).await.body;
        assert!(after.contains(own.nobody_asked) && after.contains(&plain(own.not_to_ask)), "{after}");
        h.ctx.order(&Actor::operator("test"), TellRound { slug, order: RoundOrder::Close }).await.unwrap();
        let closed = h.get(&path).await;
        assert!(closed.status == StatusCode::GONE && closed.body.contains(&plain(own.closed_lead)), "{}", closed.body);
    }
}

/// As it stands in a page.
fn plain(text: &str) -> String {
    text.replace('\'', "&#39;")
}
