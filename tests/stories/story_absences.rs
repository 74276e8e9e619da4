//! Automatic replies that are no absence change nothing; what a person has to decide waits on the reply desk.

use soundings::rules::journal::Actor;
use soundings::steps::replies::absence::{self, News};
use soundings::store::contacts;
use soundings::store::contacts::search::{self, Search};
use soundings::store::replies::Reply;

use crate::common::reports::away;
use crate::common::{ANN, BEN, CYD, OPERATOR, World, at};

on_both!(
    a_notice_that_is_no_absence_moves_and_ends_nobody,
    a_long_absence_a_departure_to_come_and_a_new_address_wait_for_a_person,
    a_day_long_after_the_close_is_taken_as_until_the_close,
    who_falls_out_of_the_round_by_an_absence_is_counted_and_found,
);

async fn invited(world: &mut World) {
    world.takes_replies();
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
}

/// What was made of automatic replies with these words to the invitation of this contact, in the order of the words.
async fn made_of(world: &World, contact: &str, all: &[&str]) -> Vec<Reply> {
    let mail = world.mail_to(contact, "invitation");
    let mut made = Vec::new();
    for words in all {
        world.comes_back(&[away(&mail, contact, words)]).await;
        made.extend(world.made_of_it().await.into_iter().filter(|r| r.words.trim() == words.trim()));
    }
    made
}

async fn a_notice_that_is_no_absence_moves_and_ends_nobody(mut world: World) {
    invited(&mut world).await;
    let notices = [
        "We have received your message. Our spring offer is valid until 31 May 2027.",
        "Visit us at the trade fair until 19 February, hall 4.",
        "This message is kept until 31 December 2037.",
        "Due to building works the car park is closed until 19 February 2027.",
        "My colleague Bo is on leave until 19 February. I am here for you.",
        "Thank you. The old address of our service desk works until 30 June 2027.",
        "Today was a public holiday. I answer tomorrow.",
        "Unser Angebot gilt bis zum 19. Februar 2027.",
        "Notre offre est valable jusqu'au 19 février 2027.",
    ];
    let made = made_of(&world, ANN, &notices).await;
    assert_eq!(made.len(), notices.len());
    for reply in made {
        assert_eq!((reply.verdict.as_str(), reply.state.as_str()), ("automatic", "noted"), "{}", reply.words);
    }
    let ann = world.person(ANN).await;
    assert_eq!((ann.absent_until, ann.left_at, ann.email.as_str()), (None, None, ANN));
    world.pass_to("2027-02-12T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    world.promises_hold().await;
}

async fn a_long_absence_a_departure_to_come_and_a_new_address_wait_for_a_person(mut world: World) {
    invited(&mut world).await;
    let long = &made_of(&world, ANN, &["I am on parental leave until 1 December 2027."]).await[0];
    assert_eq!((long.verdict.as_str(), long.state.as_str()), ("away_long", "open"));
    assert_eq!(long.away_until.as_deref(), Some("2027-12-01"));
    // The round closes on 5 March: whoever is away until then gets nothing more.
    let to_the_close = &made_of(&world, ANN, &["I am on leave until 5 March 2027."]).await[0];
    assert_eq!((to_the_close.verdict.as_str(), to_the_close.state.as_str()), ("away_long", "open"));
    let leaving = &made_of(&world, BEN, &["Mein letzter Arbeitstag ist der 31. März 2027."]).await[0];
    assert_eq!((leaving.verdict.as_str(), leaving.state.as_str()), ("leaving", "open"));
    let words = "My new address is cyd.moor@newtech.example. I am on leave until 19 February 2027.";
    let moved = &made_of(&world, CYD, &[words]).await[0];
    assert_eq!((moved.verdict.as_str(), moved.state.as_str()), ("away", "open"));
    assert_eq!(moved.new_email.as_deref(), Some("cyd.moor@newtech.example"));
    for contact in [ANN, BEN] {
        let person = world.person(contact).await;
        assert_eq!((person.absent_until, person.left_at), (None, None), "{contact}: nobody has decided yet");
    }
    let cyd = world.person(CYD).await;
    assert!(cyd.absent_until.is_some() && cyd.email.as_str() == CYD, "the absence counts, the address waits");
    world.promises_hold().await;
}

async fn a_day_long_after_the_close_is_taken_as_until_the_close(mut world: World) {
    invited(&mut world).await;
    let ann = world.person(ANN).await;
    for (day, taken) in [("2028-06-30", true), ("2027-12-01", true), ("2099-01-01", true), ("2027-02-01", false)] {
        let news = News::AwayUntil(day.parse().unwrap());
        let heard = world
            .ctx
            .order(
                &Actor::operator(OPERATOR),
                absence::HearNews { contact: ann.id.clone(), news, why: "told by phone".into() },
            )
            .await;
        assert_eq!(heard.is_ok(), taken, "{day}: {heard:?}");
    }
    let until = world.person(ANN).await.absent_until.unwrap();
    assert!(until > at("2027-03-05T12:00:00Z") && until < at("2027-03-07T00:00:00Z"), "until the close: {until:?}");
    let before = world.mails_to(ANN).len();
    world.pass_to("2027-03-08T12:00:00Z").await;
    assert_eq!(world.mails_to(ANN).len(), before);
    world.promises_hold().await;
}

async fn who_falls_out_of_the_round_by_an_absence_is_counted_and_found(mut world: World) {
    invited(&mut world).await;
    let cyd = world.person(CYD).await;
    let last_day = "2027-03-04".parse().unwrap();
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            absence::HearNews { contact: cyd.id.clone(), news: News::AwayUntil(last_day), why: "told by phone".into() },
        )
        .await
        .unwrap();
    let ann = world.person(ANN).await;
    let soon = "2027-02-12".parse().unwrap();
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            absence::HearNews { contact: ann.id.clone(), news: News::AwayUntil(soon), why: "told by phone".into() },
        )
        .await
        .unwrap();
    world.work().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    assert_eq!(contacts::away_until_the_close(&mut tx, &cyd.round_id).await.unwrap(), 1);
    let search = Search { stage: "away_until_the_close".into(), ..Search::default() };
    let found = search::page(&mut tx, &cyd.round_id, &search, 10, 0).await.unwrap();
    assert_eq!(found.iter().map(|p| p.email.as_str()).collect::<Vec<_>>(), [CYD]);
    drop(tx);
    world
        .ctx
        .order(
            &Actor::operator(OPERATOR),
            absence::HearNews { contact: cyd.id.clone(), news: News::Back, why: "is there after all".into() },
        )
        .await
        .unwrap();
    world.work().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    assert_eq!(contacts::away_until_the_close(&mut tx, &cyd.round_id).await.unwrap(), 0);
    drop(tx);
    world.promises_hold().await;
}
