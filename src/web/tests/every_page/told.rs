//! What the pages say is so: the day of the close, shares of the same people, what was typed kept or refused, links in capitals.

use axum::http::{Method, StatusCode};

use crate::base::clock::DAY;
use crate::rules::journal::Actor;
use crate::steps::context::Purpose;
use crate::steps::round::{RoundOrder, TellRound};
use crate::steps::signoff::names::editing::{Edit, EditContact};
use crate::web::tests::fixture::*;
use crate::web::tests::links::director::first_name;

async fn console(h: &House, path: &str) -> String {
    let (cookie, _) = h.log_in().await;
    h.send(Method::GET, &format!("/rounds/{FIRST}{path}"), &[("cookie", &cookie)], "").await.body
}

#[tokio::test]
async fn a_round_closed_by_hand_was_open_until_that_day() {
    // Mon 15 Feb 2027, three weeks before the planned close.
    for (days, until, console_says) in [
        (21, ["Mon 15 Feb", "15. Feb.", "15 févr."], "It was open from Mon 8 Feb to Mon 15 Feb."),
        (10, ["Thu 4 Feb", "4. Feb.", "4 févr."], "Closed on Thu 4 Feb, before it opened."),
    ] {
        let h = house().await;
        h.ctx.clock.turn_to(MONDAY.plus(days * DAY));
        h.ctx
            .order(&Actor::operator("test"), TellRound { slug: FIRST.into(), order: RoundOrder::Close })
            .await
            .unwrap();
        let path = h.link(Purpose::Assessment, &h.people(FIRST).await[0].id);
        for (language, day) in ["en", "de", "fr"].into_iter().zip(until) {
            let said = h.get(&format!("{path}?language={language}")).await;
            assert_eq!(said.status, StatusCode::GONE);
            assert!(said.body.contains(day) && !said.body.contains("5 Mar"), "{day} in {}", said.body);
        }
        let page = console(&h, "").await;
        assert!(page.contains(console_says), "{page}");
        let (cookie, _) = h.log_in().await;
        let rounds = h.send(Method::GET, "/", &[("cookie", &cookie)], "").await.body;
        assert!(rounds.contains("Fri 5 Mar"), "the other round goes on: {rounds}");
    }
}

#[tokio::test]
async fn whoever_is_taken_off_reads_nothing_about_a_close_that_was_not() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    h.ctx
        .order(
            &Actor::operator(OPERATOR),
            EditContact { contact: person.id.clone(), edit: Edit::Remove { reason: "left".into() } },
        )
        .await
        .unwrap();
    let said = h.get(&h.link(Purpose::Assessment, &person.id)).await;
    assert_eq!(said.status, StatusCode::GONE);
    assert!(
        said.body.contains("This invitation no longer holds") && !said.body.contains("It was open"),
        "{}",
        said.body
    );
}

#[tokio::test]
async fn those_taken_off_are_counted_apart() {
    let h = house().await;
    let people = h.people(FIRST).await;
    let all = people.len();
    assert!(console(&h, "/contacts").await.contains(&format!(">{all} contacts listed</h1>")));
    for person in &people[..2] {
        h.ctx
            .order(
                &Actor::operator(OPERATOR),
                EditContact { contact: person.id.clone(), edit: Edit::Remove { reason: "left".into() } },
            )
            .await
            .unwrap();
    }
    let page = console(&h, "/contacts").await;
    assert!(page.contains(&format!("{} contacts listed, 2 taken off the list", all - 2)), "{page}");
    assert!(console(&h, "/contacts?stage=removed").await.contains("2 contacts match"));
}

#[tokio::test]
async fn what_is_too_long_is_refused_beside_its_field_and_never_cut() {
    let h = house().await;
    let (_, path) = &h.requests(FIRST).await[0];
    let page = h.get(path).await;
    assert!(page.body.contains("maxlength=\"200\""));
    let (account, contact) = (page.hidden("name=\"act\" value=\"sign\"", "account"), first_name(&page));
    let person = h.person(&contact.as_str().into()).await;
    for (field, length) in [("job_title", 1_100), ("first_name", 201), ("last_name", 300)] {
        let typed = "ü".repeat(length);
        let mut fields = vec![
            ("act", "correct"),
            ("account", account.as_str()),
            ("contact", &contact),
            ("first_name", "Kim"),
            ("last_name", "Lee"),
            ("email", person.email.as_str()),
            ("job_title", "Buyer"),
            ("role", "influencer"),
            ("confirm", "yes"),
        ];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, &typed));
        let said = h.post(path, &fields).await;
        assert!(said.refused, "{field}");
        let sentence = format!("This has {length} characters, and at most 200 are kept.");
        assert!(said.body.contains(&sentence) && said.body.contains(&typed), "{field}: what was typed is kept");
        let now = h.person(&contact.as_str().into()).await;
        assert_eq!((&now.job_title, &now.last_name), (&person.job_title, &person.last_name), "{field}");
        // The twin: as long as may be is saved whole.
    }
    let longest = "ö".repeat(200);
    let fields = [
        ("act", "correct"),
        ("account", &account),
        ("contact", &contact),
        ("first_name", "Kim"),
        ("last_name", "Lee"),
        ("email", person.email.as_str()),
        ("job_title", &longest),
        ("role", "influencer"),
        ("confirm", "yes"),
    ];
    assert_eq!(h.post(path, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(h.person(&contact.as_str().into()).await.job_title, longest);
}

#[tokio::test]
async fn operators_too_are_told_what_is_too_long() {
    let h = house().await;
    let (cookie, csrf) = h.log_in().await;
    let person = &h.people(FIRST).await[0];
    let path = format!("/rounds/{FIRST}/contacts/{}", person.id);
    let long = "x".repeat(201);
    for act in ["remove", "left", "opt_out", "fine"] {
        let fields = [("csrf", csrf.as_str()), ("act", act), ("reason", &long)];
        let said = h.post_with(&path, &[("cookie", &cookie)], &fields).await;
        assert!(
            said.refused || said.status == StatusCode::UNPROCESSABLE_ENTITY || said.status == StatusCode::OK,
            "{act}: {}",
            said.status
        );
        assert!(h.person(&person.id).await.removed_at.is_none(), "{act}");
    }
    let pause = [("csrf", csrf.as_str()), ("act", "look"), ("scope", "round:"), ("why", &long)];
    let said = h.post_with(&format!("/rounds/{FIRST}/plan/pause"), &[("cookie", &cookie)], &pause).await;
    assert!(said.body.contains("This has 201 characters"), "{}", said.body);
}

#[tokio::test]
async fn a_link_in_capital_letters_opens_the_same_page() {
    let h = house().await;
    let (_, path) = &h.requests(FIRST).await[0];
    let secret = path.rsplit('/').next().unwrap();
    let capitals = path.replace(secret, &secret.to_ascii_uppercase());
    assert_ne!(&capitals, path);
    assert_eq!(h.get(&capitals).await.status, StatusCode::OK);
    let person = &h.people(FIRST).await[0];
    for purpose in [Purpose::Assessment, Purpose::OptOut] {
        let link = h.link(purpose, &person.id);
        let secret = link.rsplit('/').next().unwrap();
        let capitals = link.replace(secret, &secret.to_ascii_uppercase());
        assert_eq!(h.get(&capitals).await.status, h.get(&link).await.status, "{capitals}");
        // The twin: one sign that is wrong is unknown in capitals too.
        let wrong = if capitals.ends_with('A') { 'B' } else { 'A' };
        let wrong = format!("{}{wrong}", &capitals[..capitals.len() - 1]);
        assert_eq!(h.get(&wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn what_went_wrong_is_said_to_contacts_in_their_own_language_and_its_title_too() {
    let h = house().await;
    let person = h.people(FIRST).await.remove(0);
    let (assessment, opt_out) = (h.link(Purpose::Assessment, &person.id), h.link(Purpose::OptOut, &person.id));
    for (language, title) in [("de", "Das hat nicht funktioniert"), ("fr", "Cela n’a pas fonctionné")] {
        let foreign = [("accept-language", language), ("sec-fetch-site", "cross-site")];
        for said in [
            h.send(Method::POST, &assessment, &foreign, "").await,
            h.send(Method::PUT, &assessment, &foreign[..1], "").await,
            h.send(Method::PUT, &opt_out, &foreign[..1], "").await,
        ] {
            assert!(said.status.is_client_error(), "{}", said.status);
            assert!(said.body.contains(&format!("<title>{title}")), "{}", said.body);
            assert!(said.body.contains(&format!("lang=\"{language}\"")), "{}", said.body);
            assert!(!said.body.contains("This ") && !said.body.contains("Open "), "{}", said.body);
        }
    }
}
