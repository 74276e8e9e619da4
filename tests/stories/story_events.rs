//! What happens is told to a webhook: in order, signed, the same bytes until it is taken, through crashes; of answers nothing where a round
//! tells numbers.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use soundings::base::clock::{DAY, MINUTE, SECOND, Ts};
use soundings::config::ScoringSettings;
use soundings::handover::signature::Secrets;
use soundings::handover::webhook::Webhook;
use soundings::rules::alarm::{AlarmKind, AlarmLimits};
use soundings::rules::handover::HandoffState;
use soundings::rules::journal::Actor;
use soundings::rules::participation::Participation;
use soundings::steps::alarm;
use soundings::steps::alarm::setup::AlarmSetup;
use soundings::steps::context::event_setup::EventSetup;
use soundings::steps::handover::event_acts::{LeaveEventOut, TellAgain};
use soundings::steps::handover::telling::{forget, tell};
use soundings::steps::round::RoundOrder;
use soundings::store;
use soundings::store::handover::events::{self, Event};
use tokio::net::TcpListener;

use crate::common::receiver::{Call, Receiver, SECRET};
use crate::common::{ANN, BEN, CYD, DORA, OPERATOR, ROUND, UMA, World, crowd};

on_both!(
    what_happens_is_told_in_order_and_names_nobody,
    an_event_that_is_not_taken_goes_again_and_keeps_the_others_waiting,
    a_crash_loses_no_event_and_changes_no_id,
    a_receiver_that_wants_no_more_is_told_again_by_an_operators_word_only,
    who_wants_no_more_is_not_asked_again_when_what_he_refused_is_given_up,
    while_a_secret_is_replaced_both_sign,
    where_numbers_are_told_no_answer_is_an_event,
    events_that_are_not_taken_are_an_alarm,
    what_was_told_long_ago_is_forgotten,
);

const OTHER_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

fn said(call: &Call) -> Value {
    serde_json::from_str(&call.body).unwrap()
}

fn kinds(receiver: &Receiver) -> Vec<String> {
    receiver.calls().iter().map(|call| said(call)["type"].as_str().unwrap().to_string()).collect()
}

async fn first(world: &World) -> Option<Event> {
    events::first(&mut world.ctx.db.read().await.unwrap()).await.unwrap()
}

/// The usual round runs, and what has happened up to now was told to nobody.
async fn running(world: &mut World, receiver: &Receiver) {
    world.started().await;
    world.ctx.events = receiver.of_events(SECRET);
}

fn later(world: &World, ms: i64) {
    world.ctx.clock.turn_to(world.now().plus(ms));
}

async fn what_happens_is_told_in_order_and_names_nobody(mut world: World) {
    let receiver = Receiver::start(&[]).await;
    world.ctx.events = receiver.of_events(SECRET);
    world.signed().await;
    world.order(RoundOrder::Pause).await;
    world.order(RoundOrder::Resume).await;
    world.pass_to("2027-02-09T18:00:00Z").await;
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    world.opts_out(&world.mail_to(BEN, "invitation")).await;
    for contact in [CYD, UMA] {
        world.answers(&world.mail_to(contact, "invitation")).await.unwrap();
    }
    // The target of half the people is told before the close, also where nobody looked meanwhile.
    world.order(RoundOrder::Close).await;
    world.work().await;
    let told = kinds(&receiver);
    let mut left = told.iter();
    for expected in [
        "list.loaded",
        "round.opened",
        "account.signed",
        "round.paused",
        "round.resumed",
        "response.completed",
        "contact.opted_out",
        "response.completed",
        "response.completed",
        "round.target_met",
        "round.closed",
    ] {
        assert!(left.any(|kind| kind == expected), "{expected} in {told:?}");
    }
    assert_eq!(
        told.iter().filter(|kind| *kind == "account.signed").count(),
        4,
        "one of three is signed twice: {told:?}"
    );
    let calls = receiver.calls();
    for call in &calls {
        assert!(call.is_signed(), "{call:?}");
        assert!(!call.body.contains('@') && !call.body.contains("Ann"), "{}", call.body);
        assert_eq!(calls.iter().filter(|other| other.id == call.id).count(), 1, "{call:?}");
    }
    let ann = world.person(ANN).await;
    let answered = calls.iter().map(said).find(|event| event["type"] == "response.completed").unwrap();
    assert_eq!(answered["data"]["contact"], ann.id.as_str());
    assert_eq!(answered["data"]["sequence"], 1);
    assert_eq!(answered["data"]["round"], ROUND);
    let targets = calls.iter().map(said).filter(|event| event["type"] == "round.target_met").count() as u64;
    later(&world, MINUTE);
    world.work().await;
    let again = kinds(&receiver).iter().filter(|kind| *kind == "round.target_met").count() as u64;
    assert_eq!(targets, again, "each once");
    assert!(first(&world).await.is_none());
    world.promises_hold().await;
}

async fn an_event_that_is_not_taken_goes_again_and_keeps_the_others_waiting(mut world: World) {
    let receiver = Receiver::start(&[500, 302]).await;
    running(&mut world, &receiver).await;
    world.order(RoundOrder::Pause).await;
    world.order(RoundOrder::Resume).await;
    assert_eq!(tell(&world.ctx).await.unwrap(), 0);
    assert_eq!(tell(&world.ctx).await.unwrap(), 0, "not before its time");
    later(&world, 6 * SECOND);
    assert_eq!(tell(&world.ctx).await.unwrap(), 0);
    assert_eq!(kinds(&receiver), ["round.paused", "round.paused"]);
    let why = first(&world).await.unwrap().answer.unwrap();
    assert!(why.contains("302") && why.contains("events.url must be where it leads"), "{why}");
    later(&world, 6 * MINUTE);
    assert_eq!(tell(&world.ctx).await.unwrap(), 2);
    assert_eq!(kinds(&receiver), ["round.paused", "round.paused", "round.paused", "round.resumed"]);
    let calls = receiver.calls();
    assert!(calls[..3].iter().all(|call| call.is_signed() && call.id == calls[0].id && call.body == calls[0].body));
    assert_ne!(calls[3].id, calls[0].id);
    assert!(calls[2].timestamp > calls[0].timestamp, "each attempt has its own time");
}

async fn a_crash_loses_no_event_and_changes_no_id(mut world: World) {
    let receiver = Receiver::start(&[]).await;
    running(&mut world, &receiver).await;
    // Committed, and the program is gone before anybody was told.
    world.order(RoundOrder::Pause).await;
    let kept = first(&world).await.unwrap();
    world.restart().await;
    // It is gone again while the receiver thinks.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", silent.local_addr().unwrap());
    let settings =
        ScoringSettings { secret: SECRET.into(), allow_private_addresses: true, ..ScoringSettings::default() };
    let webhook = Webhook::of_events(&url, &settings).unwrap();
    let works = world.ctx.events.clone();
    world.ctx.events = Arc::new(EventSetup { kinds: works.kinds.clone(), webhook: Some(webhook) });
    assert!(tokio::time::timeout(Duration::from_millis(700), tell(&world.ctx)).await.is_err());
    world.restart().await;
    world.ctx.events = works;
    assert_eq!(tell(&world.ctx).await.unwrap(), 0, "another program may be telling it");
    later(&world, 4 * MINUTE);
    assert_eq!(tell(&world.ctx).await.unwrap(), 1);
    // It is gone for the third time, after the receiver has taken an event and before that is noted: told once more, under the same id.
    world.order(RoundOrder::Resume).await;
    let taken = first(&world).await.unwrap();
    let webhook = world.ctx.events.webhook.clone().unwrap();
    assert!(webhook.deliver(&taken.id, world.now(), &taken.body).await.confirmed);
    world.restart().await;
    assert_eq!(tell(&world.ctx).await.unwrap(), 1);
    let calls = receiver.calls();
    let ids: Vec<&str> = calls.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(ids, [kept.id.as_str(), taken.id.as_str(), taken.id.as_str()]);
    assert!(calls[0].body == kept.body && calls[1].body == calls[2].body);
}

async fn a_receiver_that_wants_no_more_is_told_again_by_an_operators_word_only(mut world: World) {
    let receiver = Receiver::start(&[410]).await;
    running(&mut world, &receiver).await;
    world.order(RoundOrder::Pause).await;
    assert_eq!(tell(&world.ctx).await.unwrap(), 0);
    world.order(RoundOrder::Resume).await;
    later(&world, DAY);
    assert_eq!(tell(&world.ctx).await.unwrap(), 0);
    assert_eq!(receiver.calls().len(), 1, "nobody is asked again who said that he is gone");
    let stopped = first(&world).await.unwrap();
    assert_eq!(stopped.state, HandoffState::Stopped);
    let by = Actor::operator(OPERATOR);
    assert!(world.ctx.order(&by, TellAgain { event: "0198a000-0000-7000-8000-000000000001".into() }).await.is_err());
    assert!(world.ctx.order(&Actor::Program, TellAgain { event: stopped.id.clone() }).await.is_err());
    world.ctx.order(&by, TellAgain { event: stopped.id.clone() }).await.unwrap();
    assert_eq!(tell(&world.ctx).await.unwrap(), 2);
    assert_eq!(kinds(&receiver), ["round.paused", "round.paused", "round.resumed"]);
    // What no receiver will ever take is left out, and the journal says by whom.
    world.order(RoundOrder::Pause).await;
    world.order(RoundOrder::Resume).await;
    let waits = first(&world).await.unwrap();
    world.ctx.order(&by, LeaveEventOut { event: waits.id.clone() }).await.unwrap();
    assert!(world.ctx.order(&by, LeaveEventOut { event: waits.id.clone() }).await.is_err(), "it waits no more");
    assert_eq!(tell(&world.ctx).await.unwrap(), 1);
    assert_eq!(kinds(&receiver).len(), 4);
    let mut tx = world.ctx.db.read().await.unwrap();
    let entries = store::journal::of_subject(&mut tx, &waits.id).await.unwrap();
    assert!(entries.len() == 1 && entries[0].actor == OPERATOR, "{entries:?}");
}

async fn who_wants_no_more_is_not_asked_again_when_what_he_refused_is_given_up(mut world: World) {
    let receiver = Receiver::start(&[410]).await;
    running(&mut world, &receiver).await;
    world.order(RoundOrder::Pause).await;
    assert_eq!(tell(&world.ctx).await.unwrap(), 0);
    later(&world, 20 * DAY);
    world.order(RoundOrder::Resume).await;
    later(&world, 11 * DAY);
    assert_eq!(forget(&world.ctx).await.unwrap(), 1);
    assert_eq!(tell(&world.ctx).await.unwrap(), 0);
    assert_eq!(kinds(&receiver), ["round.paused"]);
    let waits = first(&world).await.unwrap();
    assert_eq!((waits.kind.as_str(), waits.state), ("round.resumed", HandoffState::Stopped));
    world.ctx.order(&Actor::operator(OPERATOR), TellAgain { event: waits.id }).await.unwrap();
    assert_eq!(tell(&world.ctx).await.unwrap(), 1);
}

async fn while_a_secret_is_replaced_both_sign(mut world: World) {
    let receiver = Receiver::start(&[]).await;
    running(&mut world, &receiver).await;
    world.ctx.events = receiver.of_events(&format!("{SECRET} {OTHER_SECRET}"));
    world.order(RoundOrder::Pause).await;
    assert_eq!(tell(&world.ctx).await.unwrap(), 1);
    let call = receiver.calls().pop().unwrap();
    assert_eq!(call.signature.split(' ').count(), 2);
    let now = Ts(call.timestamp * SECOND);
    for secret in [SECRET, OTHER_SECRET] {
        let known = Secrets::parse(secret).unwrap();
        assert!(known.verify(&call.id, call.timestamp, &call.body, &call.signature, now), "{secret}");
    }
}

async fn where_numbers_are_told_no_answer_is_an_event(mut world: World) {
    let receiver = Receiver::start(&[]).await;
    world.ctx.events = receiver.of_events(SECRET);
    let mut round = crowd(4);
    round.spec.participation = Participation::Counts;
    world.load(round).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    let invited: Vec<_> = world.mailbox.all().into_iter().filter(|mail| mail.kind == "invitation").collect();
    assert_eq!(invited.len(), 4);
    let before = kinds(&receiver).len();
    assert!(before > 0);
    // All four have answered: that all of them have is not told, and so it is not told that the target is met either.
    for mail in &invited {
        world.answers(mail).await.unwrap();
    }
    world.work().await;
    world.order(RoundOrder::Close).await;
    world.work().await;
    assert_eq!(kinds(&receiver)[before..], ["round.closed"]);
}

async fn events_that_are_not_taken_are_an_alarm(mut world: World) {
    let receiver = Receiver::start(&[500, 500, 500, 500]).await;
    running(&mut world, &receiver).await;
    let limits = AlarmLimits { at_most: 10 * MINUTE, ..AlarmLimits::default() };
    world.ctx.alarms = Arc::new(AlarmSetup { limits, webhook: None, disk: None });
    world.order(RoundOrder::Pause).await;
    let raised = async |world: &World| store::alarm::raised(&mut world.ctx.db.read().await.unwrap()).await.unwrap();
    let mut seen = Vec::new();
    for minute in 0..240 {
        later(&world, MINUTE);
        tell(&world.ctx).await.unwrap();
        alarm::look(&world.ctx).await.unwrap();
        for alarm in raised(&world).await.iter().filter(|alarm| alarm.kind == AlarmKind::Events) {
            seen.push(minute);
            assert!(alarm.what.contains("The webhook of events answered 500"), "{alarm:?}");
        }
    }
    assert!(seen.first().is_some_and(|minute| (9..=12).contains(minute)), "{seen:?}");
    assert!(seen.last().is_some_and(|minute| *minute < 239), "it is over: {seen:?}");
    // What was said of the alarm itself came after what was not taken.
    let told: Vec<String> = kinds(&receiver).into_iter().skip(4).collect();
    assert_eq!(told, ["round.paused", "alarm.raised", "alarm.ended"]);
    let ends: Vec<Value> = receiver.calls().iter().skip(5).map(said).collect();
    assert_eq!(ends[0]["data"]["alarm"], ends[1]["data"]["alarm"]);
    assert_eq!(ends[0]["data"]["kind"], "events");
}

async fn what_was_told_long_ago_is_forgotten(mut world: World) {
    let receiver = Receiver::start(&[]).await;
    running(&mut world, &receiver).await;
    world.order(RoundOrder::Pause).await;
    assert_eq!(tell(&world.ctx).await.unwrap(), 1);
    world.order(RoundOrder::Resume).await;
    later(&world, 29 * DAY);
    assert_eq!(forget(&world.ctx).await.unwrap(), 0);
    // One was told and one has waited: the webhook was taken out of the settings.
    later(&world, 2 * DAY);
    assert_eq!(forget(&world.ctx).await.unwrap(), 2);
    assert!(first(&world).await.is_none());
    assert_eq!(events::given_up(&mut world.ctx.db.read().await.unwrap()).await.unwrap(), 1);
    later(&world, 31 * DAY);
    assert_eq!(forget(&world.ctx).await.unwrap(), 1);
    assert_eq!(events::given_up(&mut world.ctx.db.read().await.unwrap()).await.unwrap(), 0);
}
