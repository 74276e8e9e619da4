//! What a person decides about an incident, beyond the plain cases: reports without a dead address, other rounds, many at once.

use soundings::rules::journal::Actor;
use soundings::steps::round::{self, RoundOrder};
use soundings::steps::sending::trouble;
use soundings::store;

use crate::common::reports::answer;
use crate::common::{MAX, OPERATOR, World};
use crate::story_trouble::{UNKNOWN, alarms, due, got, people_at, refuse, reports_about, undeliverable};

on_both!(
    what_reports_refused_for_good_is_tried_again_but_nothing_that_arrived,
    who_repairs_for_another_round_is_asked_after_a_confirmation,
    one_incident_at_a_time_for_a_place,
    what_was_refused_goes_before_what_is_due_by_now,
);

async fn what_reports_refused_for_good_is_tried_again_but_nothing_that_arrived(mut world: World) {
    const SAID: &str = "550 5.7.1 Our relay refused this message by policy";
    world.takes_replies();
    due(&mut world, None, people_at(&[("globex.example", 25)])).await;
    world.pass_to("2027-02-01T09:32:00Z").await;
    let mails = world.mailbox.all();
    world.sleep_until("2027-02-01T09:36:00Z");
    let his = mails.iter().find(|mail| mail.recipient() == "pat0003@globex.example").unwrap();
    world.comes_back(&[answer(his, "pat0003@globex.example", "Thank you, I look forward to it.")]).await;
    world.comes_back(&reports_about(&mails, 0..24, "5.7.1", SAID)).await;
    let alarm = alarms(&world).await.pop().unwrap();
    assert_eq!((alarm.figures.addresses, alarm.figures.dead, alarm.people.len()), (24, 0, 20), "{:?}", alarm.figures);
    let again = world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
        .await
        .unwrap();
    assert_eq!(again, 23, "all but the one who has answered");
    // A report that comes later means the same.
    world.sleep_until("2027-02-01T10:30:00Z");
    world.comes_back(&reports_about(&mails, 24..25, "5.7.1", SAID)).await;
    world.mailbox.clear();
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert_eq!((undeliverable(&world).await, got(&world, "warm_up")), (0, 24));
    assert!(world.mails_to("pat0003@globex.example").is_empty(), "he has it");
    world.promises_hold().await;
}

async fn who_repairs_for_another_round_is_asked_after_a_confirmation(mut world: World) {
    const OTHER: &str = "another-2027";
    let people = || people_at(&[("bought.example", 8), ("umbra.example", 10)]);
    let mut other = people();
    other.spec.round = OTHER.into();
    world.load(other).await;
    world
        .ctx
        .order(&Actor::operator(OPERATOR), round::TellRound { slug: OTHER.into(), order: RoundOrder::Start })
        .await
        .unwrap();
    due(&mut world, None, people()).await;
    world.mailbox.set_faults(vec![refuse("@bought.example", UNKNOWN)]);
    world.pass_to("2027-02-03T12:00:00Z").await;
    let alarm = alarms(&world).await.pop().unwrap();
    let asked = |world: &World| {
        let of_other = |m: &soundings::rehearsal::mailbox::Received| {
            m.kind == "repair" && m.header("X-Soundings-Round") == Some(OTHER)
        };
        world.mails_to(MAX).into_iter().filter(of_other).count()
    };
    assert_eq!(asked(&world), 0);
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::ConfirmRefusals { incident: alarm.id().as_str().to_string() })
        .await
        .unwrap();
    world.pass_to("2027-02-05T12:00:00Z").await;
    assert!(asked(&world) > 0, "{:?}", world.kinds_to(MAX));
    world.promises_hold().await;
}

async fn one_incident_at_a_time_for_a_place(mut world: World) {
    due(&mut world, None, people_at(&[("globex.example", 30), ("umbra.example", 30)])).await;
    world.mailbox.set_faults(vec![refuse("@globex.example", UNKNOWN)]);
    world.pass_to("2027-02-01T09:40:00Z").await;
    let first = alarms(&world).await.pop().unwrap();
    // Another process has looked before that, and opens one of its own.
    let mut second = first.incident.clone();
    second.id = format!("{}-2", first.id()).into();
    let id = first.id().clone();
    let opened = world
        .ctx
        .db
        .write(move |tx| Box::pin(async move { store::sending::trouble::open(tx, &second).await }))
        .await
        .unwrap();
    assert_eq!((opened, alarms(&world).await.len()), (id, 1));
    // Elsewhere, and after the first is over, another may begin.
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: first.id().as_str().to_string() })
        .await
        .unwrap();
    let mut third = first.incident.clone();
    third.id = format!("{}-3", first.id()).into();
    let id = third.id.clone();
    let opened = world
        .ctx
        .db
        .write(move |tx| Box::pin(async move { store::sending::trouble::open(tx, &third).await }))
        .await
        .unwrap();
    assert_eq!(opened, id);
}

async fn what_was_refused_goes_before_what_is_due_by_now(mut world: World) {
    due(&mut world, None, people_at(&[("globex.example", 30), ("umbra.example", 30)])).await;
    world.mailbox.set_faults(vec![refuse("@globex.example", UNKNOWN)]);
    world.pass_to("2027-02-01T09:40:00Z").await;
    let alarm = alarms(&world).await.pop().unwrap();
    let refused: Vec<String> = alarm.people.iter().map(|p| p.email.clone()).collect();
    // Decided when the invitation is due as well.
    world.pass_to("2027-02-09T12:00:00Z").await;
    world.mailbox.set_faults(Vec::new());
    world.mailbox.clear();
    world
        .ctx
        .order(&Actor::operator(OPERATOR), trouble::RetryRefused { incident: alarm.id().as_str().to_string() })
        .await
        .unwrap();
    world.pass_to("2027-02-19T12:00:00Z").await;
    for address in refused {
        let kinds = world.kinds_to(&address);
        assert_eq!(kinds.first().map(String::as_str), Some("warm_up"), "{address}: {kinds:?}");
        assert_eq!(kinds.iter().filter(|kind| *kind == "warm_up").count(), 1, "{address}: {kinds:?}");
    }
    world.promises_hold().await;
}
