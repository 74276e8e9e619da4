//! What is wrong for too long is told once, and once that it is over: to operators by mail, to a webhook; through restarts, by several
//! programs, and not at all where it passes.

use std::sync::Arc;

use soundings::base::address::EmailAddress;
use soundings::base::clock::{HOUR, MINUTE};
use soundings::base::problem::{Kind, Problem};
use soundings::rehearsal::mailbox::{ServerFault, ServerStage};
use soundings::rehearsal::play::usual_pace;
use soundings::rules::alarm::{AlarmKind, AlarmLimits};
use soundings::rules::journal::Actor;
use soundings::rules::sending::pace::{Heard, Trouble};
use soundings::steps::Ctx;
use soundings::steps::alarm;
use soundings::steps::alarm::setup::AlarmSetup;
use soundings::steps::handover::deliver;
use soundings::steps::installation::operators::{AddOperator, RemoveOperator};
use soundings::steps::sending::pace::heard;
use soundings::store;
use soundings::store::alarm::Alarm;

use crate::common::receiver::Receiver;
use crate::common::{ANN, BEN, OPERATOR, World};
use crate::story_trouble::{due, people_at};

on_both!(
    a_mail_server_that_refuses_is_told_to_the_webhook_and_by_mail_when_it_is_over,
    a_hand_over_that_fails_is_mailed_when_it_begins_and_when_it_is_over,
    what_passes_is_told_to_nobody,
    who_is_no_operator_any_more_hears_nothing,
    what_two_programs_see_is_told_once,
);

const PETRA: &str = "petra@northwind.example";

async fn operator(world: &World, address: &str) {
    let email = EmailAddress::parse(address).unwrap();
    world.ctx.order(&Actor::CommandLine, AddOperator { email }).await.unwrap();
}

/// Somebody is told, and a webhook where there is one. `at_most`: minutes after which everything is an alarm.
async fn watched(world: &mut World, webhook: Option<&Receiver>, at_most: i64) {
    operator(world, OPERATOR).await;
    let limits = AlarmLimits { at_most: at_most * MINUTE, ..AlarmLimits::default() };
    let webhook = webhook.map(Receiver::of_alarms);
    world.ctx.alarms = Arc::new(AlarmSetup { limits, webhook, disk: None });
}

/// Lets so many minutes pass, in steps of so many; after how many each thing was told.
async fn minutes(world: &mut World, n: i64, step: i64) -> Vec<i64> {
    let mut told = Vec::new();
    for passed in (step..=n).step_by(step as usize) {
        world.ctx.clock.turn_to(world.now().plus(step * MINUTE));
        world.work().await;
        for _ in 0..alarm::look(&world.ctx).await.unwrap() {
            told.push(passed);
        }
    }
    // What was told last leaves.
    world.work().await;
    told
}

fn subjects(world: &World, address: &str) -> Vec<String> {
    let mails = world.mails_to(address).into_iter().filter(|mail| mail.kind == "alarm");
    mails.map(|mail| mail.subject().split(" (").next().unwrap_or_default().to_string()).collect()
}

async fn raised(ctx: &Ctx) -> Vec<Alarm> {
    store::alarm::raised(&mut ctx.db.read().await.unwrap()).await.unwrap()
}

async fn ended(ctx: &Ctx) -> Vec<Alarm> {
    store::alarm::ended(&mut ctx.db.read().await.unwrap(), 10).await.unwrap()
}

/// A duty of this name, once.
async fn duty(ctx: &Ctx, name: &str, works: bool) {
    let done = if works { Ok(()) } else { Err(Problem::new(Kind::Unavailable, "The mailbox refuses us.", "")) };
    ctx.guarded(name, async { done }).await;
}

async fn a_mail_server_that_refuses_is_told_to_the_webhook_and_by_mail_when_it_is_over(mut world: World) {
    // The webhook does not take the first call at once.
    let receiver = Receiver::start(&[500, 503]).await;
    due(&mut world, None, people_at(&[("globex.example", 1), ("umbra.example", 1)])).await;
    watched(&mut world, Some(&receiver), 240).await;
    assert!(minutes(&mut world, 0, 1).await.is_empty() && raised(&world.ctx).await.is_empty());
    let refuses = ServerFault::Reply { stage: ServerStage::Mail, text: "421 4.3.2 going down".into() };
    world.mailbox.set_faults(vec![refuses]);
    let told = minutes(&mut world, 30, 1).await;
    assert!(told.len() == 1 && (10..=13).contains(&told[0]), "{told:?}");
    let alarms = raised(&world.ctx).await;
    assert!(alarms.len() == 1 && alarms[0].kind == AlarmKind::MailServer, "{alarms:?}");
    // The same bytes under the same id until it is taken; then no more.
    let calls = receiver.calls();
    assert_eq!(calls.len(), 3, "{calls:?}");
    assert!(calls.iter().all(|call| call.is_signed() && call.id == calls[0].id && call.body == calls[0].body));
    assert!(calls[0].body.contains("\"alarm.raised\"") && calls[0].body.contains("\"mail_server\""), "{calls:?}");
    // A program that is started anew has seen nothing yet, and tells neither that it has begun nor that it is over.
    world.restart().await;
    assert_eq!(minutes(&mut world, 40, 1).await, Vec::<i64>::new());
    assert_eq!(receiver.calls().len(), 3);
    // When mail leaves again, one mail says both.
    world.mailbox.set_faults(vec![]);
    world.lines = world.new_lines();
    let told = minutes(&mut world, 60, 1).await;
    assert!(told.len() == 1 && told[0] >= 15, "{told:?}");
    assert_eq!(subjects(&world, OPERATOR), ["Over: No mail leaves"]);
    let mail = world.mail_to(OPERATOR, "alarm");
    assert!(mail.text.contains("It had begun on Mon 1 Feb 2027, 09:3"), "{}", mail.text);
    let calls = receiver.calls();
    assert!(calls.len() == 4 && calls[3].is_signed() && calls[3].id != calls[0].id, "{calls:?}");
    assert!(calls[3].body.contains("\"alarm.ended\"") && calls[3].body.contains(alarms[0].id.as_str()), "{calls:?}");
    world.promises_hold().await;
}

async fn a_hand_over_that_fails_is_mailed_when_it_begins_and_when_it_is_over(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    watched(&mut world, None, 240).await;
    for contact in [ANN, BEN] {
        world.answers(&world.mail_to(contact, "invitation")).await.unwrap();
    }
    // For some hours both responses are refused, then they are taken.
    let receiver = Receiver::start(&[500; 10]).await;
    let scoring = receiver.scoring();
    let mut told = Vec::new();
    for passed in (0..12 * 60).step_by(10) {
        deliver(&world.ctx, &scoring).await.unwrap();
        told.extend(minutes(&mut world, 10, 10).await.into_iter().map(|_| passed));
        if passed == 5 * 60 {
            assert_eq!(subjects(&world, OPERATOR), ["Alarm: Answers do not reach the scoring module"]);
            world.restart().await;
        }
    }
    assert!(told.len() == 2 && (230..=250).contains(&told[0]) && told[1] > 300, "{told:?}");
    let wanted = ["Alarm", "Over"].map(|word| format!("{word}: Answers do not reach the scoring module"));
    assert_eq!(subjects(&world, OPERATOR), wanted);
    let first = world.mails_to(OPERATOR).into_iter().find(|mail| mail.kind == "alarm").unwrap();
    assert!(first.text.contains("500.") && first.link("/sending").is_some(), "{}", first.text);
    assert!(raised(&world.ctx).await.is_empty() && ended(&world.ctx).await.len() == 1);
    world.promises_hold().await;
}

async fn what_passes_is_told_to_nobody(mut world: World) {
    world.started().await;
    watched(&mut world, None, 10).await;
    for (works, n) in [(false, 8), (true, 40)] {
        for _ in 0..n {
            duty(&world.ctx, "reading the mailbox", works).await;
            assert!(minutes(&mut world, 1, 1).await.is_empty());
        }
    }
    assert!(subjects(&world, OPERATOR).is_empty() && ended(&world.ctx).await.is_empty());
    let open = store::alarm::open(&mut world.ctx.db.read().await.unwrap()).await.unwrap();
    assert!(open.is_empty(), "{open:?}");
    // The twin: a few minutes more.
    for (works, n) in [(false, 13), (true, 40)] {
        for _ in 0..n {
            duty(&world.ctx, "reading the mailbox", works).await;
            minutes(&mut world, 1, 1).await;
        }
    }
    assert_eq!(subjects(&world, OPERATOR), ["Alarm: What comes back is not read", "Over: What comes back is not read"]);
}

async fn who_is_no_operator_any_more_hears_nothing(mut world: World) {
    world.started().await;
    watched(&mut world, None, 10).await;
    operator(&world, PETRA).await;
    let mut told = 0;
    while told == 0 {
        duty(&world.ctx, "reading the mailbox", false).await;
        world.ctx.clock.turn_to(world.now().plus(MINUTE));
        told = alarm::look(&world.ctx).await.unwrap();
    }
    // Both mails are on their way.
    let email = EmailAddress::parse(PETRA).unwrap();
    world.ctx.order(&Actor::CommandLine, RemoveOperator { email, even_last: false }).await.unwrap();
    world.work().await;
    assert_eq!(subjects(&world, OPERATOR).len(), 1);
    assert!(subjects(&world, PETRA).is_empty());
}

async fn what_two_programs_see_is_told_once(mut world: World) {
    let receiver = Receiver::start(&[]).await;
    world.ctx.pace = Some(Arc::new(usual_pace()));
    world.started().await;
    watched(&mut world, Some(&receiver), 10).await;
    let (mut other, _) = world.second_daemon().await;
    other.alarms = world.ctx.alarms.clone();
    let ctx = world.ctx.clone();
    let blocked = Heard { trouble: Trouble::Blocked, said: "554 5.7.1 on a list", for_good: true, tried_for: 0 };
    let held = world.ctx.db.write(move |tx| Box::pin(async move { heard(&ctx, tx, "globex.example", blocked).await }));
    held.await.unwrap();
    // The gateway is held for an hour, and nothing is heard of it after that.
    for _ in 0..100 {
        world.ctx.clock.turn_to(world.now().plus(MINUTE));
        let (one, two) = futures_util::future::join(alarm::look(&world.ctx), alarm::look(&other)).await;
        // Whoever is second may be refused, and looks again.
        assert!(one.unwrap_or(0) + two.unwrap_or(0) <= 1);
        world.work().await;
    }
    assert_eq!(subjects(&world, OPERATOR), ["Alarm: A gateway refuses our mail", "Over: A gateway refuses our mail"]);
    assert_eq!(receiver.calls().len(), 2, "{:?}", receiver.calls());
    let all = ended(&world.ctx).await;
    let lasted = all[0].ended_at.unwrap().since(all[0].since);
    assert!(all.len() == 1 && (HOUR..2 * HOUR).contains(&lasted), "{all:?}");
}
