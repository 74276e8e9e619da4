//! The button that starts a round, where sender domains are looked at before (M10).

use std::path::Path;

use axum::http::StatusCode;

use crate::intake::folder;
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::steps::round::load;
use crate::steps::sending::sender_checks::SenderChecks;
use crate::store::journal;
use crate::store::round::rounds;
use crate::web::kit::state::Web;
use crate::web::routes::router;
use crate::web::tests::fixture::*;

const DRAFT: &str = "draft-2027";

#[tokio::test]
async fn m10_a_round_that_receivers_could_not_believe_needs_a_reason_to_start() {
    let mut h = house().await;
    let mut round = folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo")).unwrap();
    round.spec.round = DRAFT.into();
    load(&h.ctx, round, &Actor::operator("test")).await.unwrap();
    h.ctx.senders = SenderChecks { before_start: true, reserved_too: true, ..SenderChecks::default() };
    h.router = router(Web::new(h.ctx.clone(), 0));
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let path = format!("/rounds/{DRAFT}");
    let page = h.send(axum::http::Method::GET, &path, &with, "").await;
    assert!(page.body.contains("name=\"anyway\""), "{}", page.body);
    let seen = page.hidden("id=\"start\"", "questions");
    let start = [("act", "start"), ("csrf", csrf.as_str()), ("as_it_is", "yes"), ("questions", seen.as_str())];
    let state = async || rounds::by_slug(&mut h.ctx.db.read().await.unwrap(), DRAFT).await.unwrap().unwrap().state;
    for reason in ["", " "] {
        let said = h.post_with(&path, &with, &[&start[..], &[("anyway", reason)]].concat()).await;
        assert!(said.refused, "{}", said.body);
        assert!(said.body.contains("northwind.example"), "{}", said.body);
        assert_eq!(state().await, RoundState::Draft);
    }
    let said = h.post_with(&path, &with, &[&start[..], &[("anyway", "<b>our relay signs</b>")]].concat()).await;
    assert_eq!((said.status, state().await), (StatusCode::SEE_OTHER, RoundState::Running));
    let mut tx = h.ctx.db.read().await.unwrap();
    let id = rounds::by_slug(&mut tx, DRAFT).await.unwrap().unwrap().id;
    let entries = journal::of_subject(&mut tx, id.as_str()).await.unwrap();
    assert!(entries.iter().any(|e| e.actor == OPERATOR && e.detail.contains("our relay signs")), "{entries:?}");
}

/// The words of a page, without its tags.
fn text_of(html: &str) -> String {
    let main = html.split_once("<main").map_or(html, |(_, main)| main);
    let text: String =
        main.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn one_of_a_thing_is_said_as_one() {
    let h = house().await;
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
    let mut folder = crate::intake::folder::read(&demo).unwrap();
    folder.spec.round = "one-2027".into();
    folder.list.accepted.truncate(1);
    crate::steps::round::load(&h.ctx, folder, &Actor::operator("test")).await.unwrap();
    let (cookie, _) = h.log_in().await;
    let many = [
        "names",
        "accounts",
        "contacts",
        "people",
        "messages",
        "rows",
        "answers",
        "responses",
        "replies",
        "days",
        "rounds",
        "pages",
        "are",
        "have",
        "were",
        "wait",
    ];
    let mut said = String::new();
    for started in [false, true] {
        if started {
            h.ctx
                .order(
                    &Actor::operator("test"),
                    crate::steps::round::TellRound {
                        slug: "one-2027".into(),
                        order: crate::steps::round::RoundOrder::Start,
                    },
                )
                .await
                .unwrap();
            crate::steps::signoff::ask(&h.ctx).await.unwrap();
        }
        let mut pages: Vec<String> = [
            "",
            "/contacts",
            "/contacts?stage=listed",
            "/sign-off",
            "/plan",
            "/plan/approval",
            "/plan/words",
            "/outbox",
            "/hand-over",
            "/repairs",
            "/calls",
            "/replies",
        ]
        .map(|path| format!("/rounds/one-2027{path}"))
        .into();
        pages.extend(h.requests("one-2027").await.into_iter().map(|(_, path)| path));
        let person = h.people("one-2027").await[0].clone();
        pages.push(format!("/rounds/one-2027/contacts/{}", person.id));
        for path in pages {
            let page = h.send(axum::http::Method::GET, &path, &[("cookie", &cookie)], "").await;
            let text = text_of(&page.body);
            let words: Vec<&str> = text.split([' ', '\u{a0}', '.', ',', ':', ';']).collect();
            for pair in words.windows(2) {
                assert!(
                    pair[0] != "1" || !many.contains(&pair[1]),
                    "{path} says \u{201c}1 {}\u{201d}: {text}",
                    pair[1]
                );
            }
            said.push_str(&text);
        }
    }
    // The twin: it is said at all.
    for one in ["1 contact", "1 name", "1 account"] {
        assert!(said.contains(one), "{one}");
    }
}
