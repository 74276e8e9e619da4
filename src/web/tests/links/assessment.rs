//! The assessment from the first page to the thanks, with and without a script, once and twice.

use axum::http::StatusCode;

use crate::base::ids::ContactId;
use crate::rules::journal::Actor;
use crate::rules::response::{Item, ItemKind};
use crate::steps::context::Purpose;
use crate::steps::response::open;
use crate::web::tests::fixture::*;

fn good(item: &Item) -> String {
    match item.kind {
        ItemKind::Scale7 | ItemKind::Scale10 => "6".into(),
        ItemKind::Choice => item.options[0].value.clone(),
        ItemKind::Text => "Faster <b>invoices</b>".into(),
    }
}

/// Answers every page; the path of the assessment.
async fn answer(h: &House, contact: &ContactId) -> String {
    let path = h.link(Purpose::Assessment, contact);
    let opened = open(&h.ctx, path.rsplit('/').next().unwrap()).await.unwrap().unwrap();
    for (group, page) in opened.live.questionnaire.groups.iter().zip(1..) {
        let page = page.to_string();
        let answers: Vec<(String, String)> =
            group.items.iter().map(|i| (format!("answer.{}", i.id), good(i))).collect();
        let mut fields: Vec<(&str, &str)> = vec![("page", &page), ("language", "en"), ("go", "next")];
        fields.extend(answers.iter().map(|(k, v)| (k.as_str(), v.as_str())));
        let said = h.post(&path, &fields).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    }
    path
}

#[tokio::test]
async fn f19_sending_twice_completes_once() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    let path = answer(&h, &person.id).await;
    let check = h.get(&path).await;
    assert!(check.body.contains("Check your answers") && check.body.contains("&#60;b&#62;invoices"), "{}", check.body);
    let send = [("page", "check"), ("language", "en"), ("go", "send")];
    let (one, two) = tokio::join!(h.post(&path, &send), h.post(&path, &send));
    for said in [one, two] {
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    }
    let status = crate::steps::completion::status(&h.ctx, FIRST).await.unwrap();
    assert_eq!((status.individual.completed, status.handoff.completed), (1, 1));
    assert!(h.get(&format!("{path}?done=send")).await.body.contains("Your answers are sent"));
    let again = h.get(&path).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(again.body.contains("You have already answered"));
}

#[tokio::test]
async fn what_is_missing_is_said_beside_the_question_and_the_rest_is_kept() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    let path = h.link(Purpose::Assessment, &person.id);
    let said = h.post(&path, &[("page", "1"), ("go", "next"), ("answer.trust_word", "5")]).await;
    assert!(said.refused);
    assert!(said.body.contains("answer.trust_open-error") && !said.body.contains("answer.trust_word-error"));
    let page = h.get(&format!("{path}?page=1")).await;
    assert!(page.body.contains("id=\"answer.trust_word.5\" name=\"answer.trust_word\" value=\"5\" checked"));
    let sent = h.post(&path, &[("page", "check"), ("go", "send")]).await;
    assert!(sent.refused);
    assert!(h.person(&person.id).await.completed_at.is_none());
}

#[tokio::test]
async fn a_text_that_is_too_long_is_kept_until_it_is_shortened() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    let path = answer(&h, &person.id).await;
    let opened = open(&h.ctx, path.rsplit('/').next().unwrap()).await.unwrap().unwrap();
    let groups = &opened.live.questionnaire.groups;
    let text = |g: &crate::rules::response::Group| g.items.iter().find(|i| i.kind == ItemKind::Text).cloned();
    let (page, item) = groups.iter().zip(1..).filter_map(|(g, page)| Some((page, text(g)?))).last().unwrap();
    let (page, field) = (page.to_string(), format!("answer.{}", item.id));
    let long = "word ".repeat(1_560);
    // With a script and without one, in that order and again.
    let auto = h.post_with(&path, &[("x-autosave", "1")], &[("page", &page), (&field, &long)]).await;
    assert_eq!(auto.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        auto.body.contains("3,799 characters too many") || auto.body.contains("3799 characters too many"),
        "{}",
        auto.body
    );
    assert!(h.post(&path, &[("page", &page), ("go", "next"), (&field, &long)]).await.refused);
    for at in [path.clone(), format!("{path}?page={page}")] {
        let again = h.get(&at).await.body;
        assert!(!again.contains("Send my answers") && again.contains("characters too many"), "{at}: {again}");
        assert!(again.contains(long.trim()), "{at}: the text is kept");
    }
    let check = h.get(&format!("{path}?page=check")).await.body;
    assert!(check.contains("characters too many") && check.contains(long.trim()), "{check}");
    let send = [("page", "check"), ("language", "en"), ("go", "send")];
    assert!(h.post(&path, &send).await.refused, "what is too long is not sent");
    assert!(h.person(&person.id).await.completed_at.is_none());
    let short = h.post(&path, &[("page", &page), ("go", "next"), (&field, "word")]).await;
    assert_eq!(short.status, StatusCode::SEE_OTHER, "{}", short.body);
    assert_eq!(h.post(&path, &send).await.status, StatusCode::SEE_OTHER);
    assert!(h.person(&person.id).await.completed_at.is_some());
}

#[tokio::test]
async fn saving_as_one_goes_says_204_only_for_what_is_saved() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    let path = h.link(Purpose::Assessment, &person.id);
    let auto = [("x-autosave", "1")];
    let said = h.post_with(&path, &auto, &[("page", "1"), ("answer.trust_word", "7")]).await;
    assert_eq!(said.status, StatusCode::NO_CONTENT);
    assert!(h.person(&person.id).await.started_at.is_some());
    let said = h.post_with(&path, &auto, &[("page", "1"), ("answer.trust_word", "70")]).await;
    assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors: serde_json::Value = serde_json::from_str(&said.body).unwrap();
    assert!(errors["errors"]["trust_word"].is_string());
    let german = h.get(&format!("{path}?page=1&language=de")).await;
    assert!(german.body.contains("<html lang=\"de\"") && german.body.contains("Vertrauen"));
}

#[tokio::test]
async fn a_closed_round_takes_nothing_more() {
    let h = house().await;
    let person = &h.people(FIRST).await[0];
    let director = h.requests(FIRST).await[0].1.clone();
    h.ctx
        .order(
            &Actor::operator("test"),
            crate::steps::round::TellRound { slug: FIRST.into(), order: crate::steps::round::RoundOrder::Close },
        )
        .await
        .unwrap();
    let path = h.link(Purpose::Assessment, &person.id);
    assert_eq!(h.get(&path).await.status, StatusCode::GONE);
    assert_eq!(h.get(&director).await.status, StatusCode::GONE);
    assert_eq!(h.post(&director, &[("act", "sign")]).await.status, StatusCode::GONE);
    let said = h.post_with(&path, &[("x-autosave", "1")], &[("page", "1"), ("answer.trust_word", "7")]).await;
    assert_eq!(said.status, StatusCode::CONFLICT);
}
