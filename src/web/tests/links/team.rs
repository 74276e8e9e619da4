//! The page behind the weekly mail: what notes a call, what does not, and who sees whose.

use axum::http::{Method, StatusCode};

use crate::base::address::EmailAddress;
use crate::base::clock::DAY;
use crate::base::ids::TeamLinkId;
use crate::rules::calling::Outcome;
use crate::rules::completion::team::TeamLevel;
use crate::rules::journal::Actor;
use crate::rules::participation::Participation;
use crate::steps::calling::RecordCall;
use crate::steps::completion::digest;
use crate::steps::context::Purpose;
use crate::steps::round::{RoundOrder, TellRound};
use crate::store::calling;
use crate::store::calling::team::{self, TeamLink};
use crate::store::contacts::Person;
use crate::web::kit::views::team_phrases::TeamPhrases;
use crate::web::tests::fixture::*;

use super::directors_page::round_in;

struct Team {
    h: House,
    /// The page of an account manager of the first round, and his address.
    path: String,
    email: String,
}

/// A Monday later everybody is invited, has a telephone, and the weekly mails are planned.
async fn team() -> Team {
    team_of(house().await).await
}

async fn team_of(h: House) -> Team {
    h.everybody_can_be_called().await;
    h.ctx.clock.turn_to(MONDAY.plus(7 * DAY));
    assert!(digest::tick(&h.ctx).await.unwrap() > 2);
    let round = h.round_id(FIRST).await;
    let links = team::of_round(&mut h.ctx.db.read().await.unwrap(), &round).await.unwrap();
    let link = links.into_iter().find(|link| link.level == TeamLevel::Manager).unwrap();
    let path = h.link(Purpose::Team, &link.id);
    Team { path, email: link.email.as_str().into(), h }
}

impl Team {
    async fn people(&self, is_own: bool) -> Vec<Person> {
        let all = self.h.people(FIRST).await;
        all.into_iter().filter(|person| (person.manager_email == self.email) == is_own).collect()
    }

    async fn notes(&self, person: &Person, rest: &[(&str, &str)]) -> Said {
        let own = [("act", "note"), ("contact", person.id.as_str()), ("calls", "0")];
        let fields: Vec<(&str, &str)> = own.iter().chain(rest).copied().collect();
        self.h.post_all(&self.path, &[], &fields).await
    }

    /// Calls to somebody that were not taken back.
    async fn calls_to(&self, person: &Person) -> Vec<calling::Call> {
        calling::of_contacts(&mut self.h.ctx.db.read().await.unwrap(), &[&person.id]).await.unwrap()
    }
}

#[tokio::test]
async fn s21_following_the_weekly_link_and_pressing_every_button_notes_no_call() {
    let t = team().await;
    let ann = t.people(true).await.remove(0);
    let before = t.h.facts().await;
    for method in [Method::GET, Method::HEAD] {
        for words in ["", "?show=people", "?page=2"] {
            assert_eq!(t.h.send(method.clone(), &format!("{}{words}", t.path), &[], "").await.status, StatusCode::OK);
        }
    }
    // As the form stands on the page: nothing is chosen.
    let said = t.notes(&ann, &[("outcome", ""), ("day", ""), ("note", "")]).await;
    assert!(said.refused && said.body.contains("Choose what became of the call."), "{}", said.body);
    let said = t.notes(&ann, &[("outcome", "on_leave"), ("day", "soon"), ("note", "in Spain")]).await;
    assert!(said.refused && said.body.contains("value=\"soon\"") && said.body.contains("value=\"in Spain\""));
    // S14: nothing that comes from another site.
    let good = [("act", "note"), ("contact", ann.id.as_str()), ("calls", "0"), ("outcome", "called")];
    let foreign = [("sec-fetch-site", "cross-site")];
    assert_eq!(t.h.post_with(&t.path, &foreign, &good).await.status, StatusCode::FORBIDDEN);
    assert!(t.h.facts().await == before, "nothing was noted");
    assert_eq!(t.notes(&ann, &[("outcome", "called"), ("note", "soon")]).await.status, StatusCode::SEE_OTHER);
    let call = t.calls_to(&ann).await.remove(0);
    assert_eq!((call.made_by.as_str(), call.note.as_str()), (t.email.as_str(), "soon"));
    let page = t.h.get(&t.path).await.body;
    assert!(page.contains("Called lately") && page.contains("Spoken to, or a message was left"), "{page}");
    // Taken back by a tick and a press.
    let take = [("act", "take_back_call"), ("call", call.id.as_str())];
    assert!(t.h.post(&t.path, &take).await.refused);
    assert_eq!(t.calls_to(&ann).await.len(), 1);
    let said = t.h.post(&t.path, &[&take[..], &[("confirm", "yes")]].concat()).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    assert!(t.calls_to(&ann).await.is_empty());
    // An operator was faster: nothing is noted, and what was written is not lost though the form is gone.
    let order =
        RecordCall { contact: ann.id.clone(), outcome: Outcome::Called, day: None, note: String::new(), known: 0 };
    t.h.ctx.order(&Actor::operator("test"), order).await.unwrap();
    let said = t.notes(&ann, &[("outcome", "called"), ("note", "back on Friday")]).await;
    assert!(said.refused && said.body.contains(" has called "), "{}", said.body);
    assert!(said.body.contains("You had written: <bdi>back on Friday</bdi>"), "{}", said.body);
    assert_eq!(t.calls_to(&ann).await.len(), 1);
    // So where a form is wrong that is not there any more; and of nobody else's contact the name is said.
    let said = t.notes(&ann, &[("outcome", ""), ("note", "back on Friday")]).await;
    let moved = format!("{}: Choose what became of the call. The name stands elsewhere by now", ann.full_name());
    assert!(said.refused && said.body.contains(&moved) && said.body.contains("back on Friday"), "{}", said.body);
    let strange = t.people(false).await.remove(0);
    let said = t.notes(&strange, &[("outcome", "")]).await;
    assert!(said.refused && !said.body.contains(&strange.full_name()), "{}", said.body);
}

#[tokio::test]
async fn the_page_is_in_the_language_of_the_round() {
    let h = house().await;
    round_in(&h, "de", 3).await;
    let slug = "page-de-3";
    let email = h.people(slug).await.remove(0).manager_email;
    let link = TeamLink {
        id: TeamLinkId::from("german"),
        round_id: h.round_id(slug).await,
        level: TeamLevel::Manager,
        name: "Max Mann".into(),
        email: EmailAddress::parse(&email).unwrap(),
        created_at: MONDAY,
    };
    let hash = h.ctx.secret_hash(Purpose::Team, &link.id);
    let path = h.link(Purpose::Team, &link.id);
    let added = h.ctx.db.write(move |tx| Box::pin(async move { team::add(tx, &link, &hash).await }));
    added.await.unwrap();
    let page = h.get(&path).await.body;
    let (de, en) = (TeamPhrases::of("de"), TeamPhrases::of("en"));
    assert!(page.contains("<html lang=\"de\">"), "{page}");
    for (own, english) in [
        (de.nobody_to_call, en.nobody_to_call),
        (de.nobody_invited, en.nobody_invited),
        (de.rests, en.rests),
        (de.foot, en.foot),
    ] {
        assert!(page.contains(own) && !page.contains(english), "{own}: {page}");
    }
    h.ctx.order(&Actor::operator("test"), TellRound { slug: slug.into(), order: RoundOrder::Close }).await.unwrap();
    let closed = h.get(&path).await;
    assert!(closed.status == StatusCode::GONE && closed.body.contains(de.closed_lead), "{}", closed.body);
}

#[tokio::test]
async fn everybody_stands_with_a_reason_a_telephone_and_words_to_send() {
    let t = team().await;
    let page = t.h.get(&t.path).await.body;
    assert!(page.contains(" to call</h1>") && page.contains("Nobody of "), "{page}");
    assert!(page.contains("Mobile <a href=\"tel:+442079460018\">"), "{page}");
    let first = page.split("href=\"mailto:").nth(1).unwrap().split('"').next().unwrap();
    assert!(first.contains("?subject=") && first.contains("body="), "{first}");
    let people = t.h.get(&format!("{}?show=people", t.path)).await.body;
    assert!(people.contains("Who has not answered</h1>"), "{people}");
    for (html, whole) in [(&page, false), (&people, true)] {
        assert!(!html.to_lowercase().contains("sur\u{76}ey"));
        // Words to send have no link to answer with, and nobody of another's accounts stands here.
        for person in t.people(true).await {
            assert!(!html.contains(&t.h.ctx.secret(Purpose::Assessment, &person.id)));
            assert!(!whole || html.contains(&format!("id=\"person-{}\"", person.id)), "{}", person.full_name());
        }
        assert!(t.people(false).await.iter().all(|person| !html.contains(person.id.as_str())));
    }
}

#[tokio::test]
async fn a_weekly_link_opens_its_own_page_and_nobody_elses() {
    let t = team().await;
    let strange = t.people(false).await.remove(0);
    let said = t.notes(&strange, &[("outcome", "called")]).await;
    assert_eq!(said.status, StatusCode::NOT_FOUND, "{}", said.body);
    assert!(t.calls_to(&strange).await.is_empty());
    let elsewhere = t.h.people(SECOND).await.remove(0);
    assert_eq!(t.notes(&elsewhere, &[("outcome", "called")]).await.status, StatusCode::NOT_FOUND);
    let secret = t.path.rsplit('/').next().unwrap();
    for door in ["sign-off", "repair", "assessment", "opt-out", "plan"] {
        assert_eq!(t.h.get(&format!("/{door}/{secret}")).await.status, StatusCode::NOT_FOUND, "{door}");
    }
    let own = t.people(true).await.remove(0);
    for wrong in [t.h.ctx.secret(Purpose::Assessment, &own.id), t.h.ctx.secret(Purpose::Repair, &own.id)] {
        assert_eq!(t.h.get(&format!("/team/{wrong}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn where_no_names_are_told_no_call_is_noted_by_the_link() {
    let t = team_of(house_that_tells(Participation::Counts).await).await;
    let ann = t.people(true).await.remove(0);
    let page = t.h.get(&t.path).await.body;
    assert!(page.contains("Nobody is told who has answered") && !page.contains("What became of the call"), "{page}");
    assert_eq!(t.notes(&ann, &[("outcome", "called")]).await.status, StatusCode::NOT_FOUND);
    assert!(t.calls_to(&ann).await.is_empty());
}

#[tokio::test]
async fn whoever_has_no_part_any_more_is_told_in_a_sentence() {
    let t = team().await;
    let link = TeamLink {
        id: TeamLinkId::from("former"),
        round_id: t.h.round_id(FIRST).await,
        level: TeamLevel::Manager,
        name: "Former Manager".into(),
        email: EmailAddress::parse("former@northwind.example").unwrap(),
        created_at: MONDAY,
    };
    let hash = t.h.ctx.secret_hash(Purpose::Team, &link.id);
    let path = t.h.link(Purpose::Team, &link.id);
    let added = t.h.ctx.db.write(move |tx| Box::pin(async move { team::add(tx, &link, &hash).await }));
    added.await.unwrap();
    let said = t.h.get(&path).await;
    assert_eq!(said.status, StatusCode::GONE);
    assert!(said.body.contains("You have no part in ") && said.body.contains(" any more"), "{}", said.body);
    let order = TellRound { slug: FIRST.into(), order: RoundOrder::Close };
    t.h.ctx.order(&Actor::operator("test"), order).await.unwrap();
    let closed = t.h.get(&t.path).await;
    assert_eq!(closed.status, StatusCode::GONE);
    assert!(closed.body.contains("Nobody needs to be called any more."), "{}", closed.body);
}
