//! What stands between a draft and its start: reasons that directors owe, and questions that somebody has seen.

use std::collections::HashMap;
use std::path::Path;

use crate::intake::folder::{self, RoundFolder};
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::steps::round::{RoundOrder, TellRound, load};
use crate::steps::sending::sender_checks::SenderChecks;
use crate::store::round::rounds;
use crate::web::kit::state::Web;
use crate::web::routes::router;
use crate::web::tests::fixture::*;
use axum::http::{Method, StatusCode};

const DRAFT: &str = "draft-2028";
const OVERVIEW: &str = "/rounds/draft-2028";
const CHECK: &str = "/rounds/draft-2028/check";

struct Desk {
    h: House,
    cookie: String,
    csrf: String,
    /// Who has left out most of his people.
    director: String,
}

fn draft() -> RoundFolder {
    let mut round = folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo")).unwrap();
    round.spec.round = DRAFT.into();
    round
}

impl Desk {
    /// A draft beside a closed round in which nobody answered. `leaves_out`: one director has his first person on the list only.
    async fn open(leaves_out: bool) -> Desk {
        let mut h = house().await;
        let by = Actor::operator("test");
        h.everybody_is_invited().await;
        h.ctx.order(&by, TellRound { slug: FIRST.into(), order: RoundOrder::Close }).await.unwrap();
        let mut round = draft();
        let mut people: HashMap<String, usize> = HashMap::new();
        round.list.accepted.iter().for_each(|c| *people.entry(c.director.email.key()).or_default() += 1);
        let (director, _) = people.into_iter().max_by_key(|(director, n)| (*n, director.clone())).unwrap();
        let mut first = true;
        round.list.accepted.retain(|c| !leaves_out || c.director.email.key() != director || std::mem::take(&mut first));
        load(&h.ctx, round, &by).await.unwrap();
        h.ctx.senders = SenderChecks { before_start: true, reserved_too: true, ..SenderChecks::default() };
        h.router = router(Web::new(h.ctx.clone(), 0));
        let (cookie, csrf) = h.log_in().await;
        Desk { h, cookie, csrf, director }
    }

    async fn get(&self, path: &str) -> Said {
        self.h.send(Method::GET, path, &[("cookie", &self.cookie)], "").await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Said {
        let all: Vec<_> = [("csrf", self.csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.h.post_with(path, &[("cookie", &self.cookie)], &all).await
    }

    /// Which questions the page of the round asks about.
    async fn questions(&self) -> String {
        self.get(OVERVIEW).await.hidden("id=\"start\"", "questions")
    }

    async fn start(&self, questions: &str) -> Said {
        let fields =
            [("act", "start"), ("as_it_is", "yes"), ("questions", questions), ("anyway", "the relay & we sign")];
        self.post(OVERVIEW, &fields).await
    }

    async fn state(&self) -> RoundState {
        rounds::by_slug(&mut self.h.ctx.db.read().await.unwrap(), DRAFT).await.unwrap().unwrap().state
    }

    async fn give(&self, reason: &str) -> Said {
        self.post(CHECK, &[("act", "reason"), ("director", &self.director), ("reason", reason)]).await
    }
}

/// How many points the head of *What is open* counts.
fn number(check: &str) -> usize {
    let head = check.split("<h1>").nth(1).unwrap().split(' ').next().unwrap();
    head.parse().unwrap()
}

#[tokio::test]
async fn a_start_that_waits_for_a_reason_says_where_it_is_given_and_keeps_what_was_typed() {
    let d = Desk::open(true).await;
    assert!(d.get(OVERVIEW).await.body.contains("1 account director has left out people of the last round"));
    let said = d.start(&d.questions().await).await;
    assert!(said.refused && said.body.contains("left out"), "{:?} {}", said.status, said.body);
    assert!(said.body.contains("Say why under “What is open”"), "{}", said.body);
    assert!(!said.body.contains("list reason") && !said.body.contains(&format!("{DRAFT} {}", d.director)));
    assert!(said.body.contains("value=\"the relay &#38; we sign\""), "what was typed stays: {}", said.body);
    assert_eq!(d.state().await, RoundState::Draft);
    // It is said, and the round starts.
    let page = d.get(CHECK).await.body;
    assert!(page.contains("Left out by their account directors") && page.contains("Save the reason"), "{page}");
    // Both pages count the same.
    let owed = number(&page);
    assert!(d.get(OVERVIEW).await.body.contains(&format!("What is open ({owed})")), "{owed}");
    let said = d.give("The plant in Leeds was closed.").await;
    assert_eq!(said.header("location"), format!("{CHECK}?done=reason"), "{}", said.body);
    let page = d.get(said.header("location")).await.body;
    assert!(page.contains("The reason is kept.") && !page.contains("Left out by their account directors"), "{page}");
    let told = format!("Reason ({OPERATOR}, Mon 25 Jan 2027): The plant in Leeds was closed.");
    assert!(page.contains("Reasons given") && page.contains(&told) && number(&page) == owed - 1, "{page}");
    assert!(!d.get(OVERVIEW).await.body.contains("left out people of the last round"));
    assert_eq!(d.start(&d.questions().await).await.status, StatusCode::SEE_OTHER);
    assert_eq!(d.state().await, RoundState::Running);
}

#[tokio::test]
async fn a_reason_that_is_not_taken_is_said_at_its_field_with_what_was_typed() {
    let d = Desk::open(true).await;
    let before = d.h.facts().await["dropped_reason"].clone();
    let long = format!("Leeds & York {}", "x".repeat(5_000));
    for (reason, why) in [("", "The reason is empty"), ("   ", "The reason is empty"), (&long, "The reason")] {
        let said = d.give(reason).await;
        assert!(said.refused && said.body.contains("id=\"reason-0-reason-error\""), "{:?} {}", said.status, said.body);
        assert!(said.body.contains(why), "{}", said.body);
        assert_eq!(said.body.contains("value=\"Leeds &#38; York "), reason == long, "what was typed stays");
    }
    // Somebody who owes none is told above the page.
    let said = d.post(CHECK, &[("act", "reason"), ("director", "nobody@x.example"), ("reason", "why")]).await;
    assert!(said.refused && said.body.contains("nobody@x.example"), "{:?} {}", said.status, said.body);
    assert_eq!(d.post(CHECK, &[("act", "other")]).await.status, StatusCode::NOT_FOUND);
    let with = [("cookie", d.cookie.as_str())];
    let forged = [("csrf", "x"), ("act", "reason"), ("director", d.director.as_str()), ("reason", "why")];
    assert_eq!(d.h.post_with(CHECK, &with, &forged).await.status, StatusCode::FORBIDDEN);
    assert!(d.h.facts().await["dropped_reason"] == before);
    // Twin: a reason that is one, markup and all, and once more in other words.
    assert_eq!(d.give("<b>closed</b>").await.status, StatusCode::SEE_OTHER);
    assert_eq!(d.give("The plant was closed.").await.status, StatusCode::SEE_OTHER);
    let kept = d.h.facts().await["dropped_reason"].clone();
    assert!(kept.len() == 1 && kept[0].contains("The plant was closed."), "{kept:?}");
}

#[tokio::test]
async fn a_round_with_the_same_people_owes_no_reason_and_its_questions_are_those_that_were_seen() {
    let d = Desk::open(false).await;
    assert!(!d.get(CHECK).await.body.contains("Left out by their account directors"));
    let seen = d.questions().await;
    // A colleague loads a list with a language of which there are no letters.
    let mut round = draft();
    round.list.accepted[0].language = "pl".into();
    load(&d.h.ctx, round, &Actor::operator("test")).await.unwrap();
    let now = d.questions().await;
    assert_ne!(seen, now);
    let (overview, check) = (d.get(OVERVIEW).await.body, d.get(CHECK).await.body);
    let open = number(&check);
    assert!(overview.contains(&format!("What is open ({open})")), "{open}: {overview}");
    assert!(overview.contains(&format!("Start with {open} open points as they are")), "{open}: {overview}");
    assert!(overview.contains("people without letters or questions in their language"), "{overview}");
    assert!(check.contains("Write letters in Polish, or correct the list.") && !check.contains("mail/pl"), "{check}");
    for stale in [seen.as_str(), "invented", ""] {
        let said = d.start(stale).await;
        assert!(said.refused && said.body.contains("id=\"start-as_it_is-error\""), "{:?} {}", said.status, said.body);
        assert!(said.body.contains("value=\"the relay &#38; we sign\""), "{}", said.body);
        assert_eq!(said.hidden("id=\"start\"", "questions"), now);
        let tick = said.body.split("name=\"as_it_is\"").nth(1).unwrap().split('>').next().unwrap();
        assert!(!tick.contains("checked"), "the tick was for other questions: {tick}");
        assert_eq!(d.state().await, RoundState::Draft);
    }
    // What is refused for another reason keeps the tick.
    let fields = [("act", "start"), ("as_it_is", "yes"), ("questions", now.as_str()), ("anyway", "")];
    let said = d.post(OVERVIEW, &fields).await;
    let tick = said.body.split("name=\"as_it_is\"").nth(1).unwrap().split('>').next().unwrap();
    assert!(said.refused && tick.contains("checked"), "{tick} {}", said.body);
    assert_eq!(d.start(&now).await.status, StatusCode::SEE_OTHER);
    assert_eq!(d.state().await, RoundState::Running);
}
