//! What is wrong for too long is told once, and once that it is over: to operators by mail, to a webhook; through restarts, by several
//! programs, and not at all where it passes. That it is over is told where something shows it, and not because nothing is to be seen.

use std::sync::Arc;

use soundings::base::address::EmailAddress;
use soundings::base::clock::{HOUR, MINUTE};
use soundings::base::problem::{Kind, Problem};
use soundings::rehearsal::mailbox::{ServerFault, ServerStage};
use soundings::rehearsal::play::usual_pace;
use soundings::rules::alarm::{AlarmKind, AlarmLimits, CallState};
use soundings::rules::journal::Actor;
use soundings::rules::sending::pace::{Heard, Trouble};
use soundings::steps::Ctx;
use soundings::steps::alarm::setup::AlarmSetup;
use soundings::steps::alarm::{self, EndAlarm};
use soundings::steps::handover::deliver;
use soundings::steps::installation::operators::{AddOperator, RemoveOperator};
use soundings::steps::round::RoundOrder;
use soundings::steps::sending::outbound::holds::ResumeSending;
use soundings::steps::sending::pace::heard;
use soundings::store;
use soundings::store::alarm::Alarm;
use soundings::store::sending::senders;

use crate::common::receiver::Receiver;
use crate::common::{ANN, BEN, OPERATOR, ROUND, UMA, World};
use crate::story_garbage::spoil;
use crate::story_trouble::{due, people_at};

on_both!(
    a_mail_server_that_refuses_is_told_to_the_webhook_and_by_mail_when_it_is_over,
    a_hand_over_that_fails_is_mailed_when_it_begins_and_when_it_is_over,
    what_passes_is_told_to_nobody,
    who_is_no_operator_any_more_hears_nothing,
    what_two_programs_see_is_told_once,
    what_another_program_saw_that_is_gone_stays_until_somebody_knows,
    a_round_that_cannot_be_worked_on_is_an_alarm,
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
    // The sending hours end and nothing is tried: that proves nothing.
    world.sleep_until("2027-02-01T19:00:00Z");
    assert_eq!(minutes(&mut world, 60, 10).await, Vec::<i64>::new());
    assert_eq!(raised(&world.ctx).await.len(), 1);
    // When mail leaves again, one mail says both, and since when.
    world.sleep_until("2027-02-02T12:00:00Z");
    world.mailbox.set_faults(vec![]);
    world.lines = world.new_lines();
    let told = minutes(&mut world, 60, 1).await;
    assert!(told.len() == 1 && told[0] >= 15, "{told:?}");
    assert_eq!(subjects(&world, OPERATOR), ["Over: No mail leaves"]);
    let mail = world.mail_to(OPERATOR, "alarm");
    assert!(mail.text.contains("It had begun on Mon 1 Feb 2027, 09:3"), "{}", mail.text);
    assert!(mail.text.contains("over since Tue 2 Feb 2027, 12:0"), "{}", mail.text);
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
    // For some hours both responses are refused; then a third one is taken at once, while they rest until their next try.
    let receiver = Receiver::start(&[500; 10]).await;
    let scoring = receiver.scoring();
    let mut told = Vec::new();
    for passed in (0..12 * 60).step_by(10) {
        deliver(&world.ctx, &scoring).await.unwrap();
        told.extend(minutes(&mut world, 10, 10).await.into_iter().map(|_| passed));
        if passed == 5 * 60 {
            assert_eq!(subjects(&world, OPERATOR), ["Alarm: Answers do not reach the scoring module"]);
            world.restart().await;
            world.answers(&world.mail_to(UMA, "invitation")).await.unwrap();
        }
    }
    assert!(told.len() == 2 && (230..=250).contains(&told[0]) && (310..=350).contains(&told[1]), "{told:?}");
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
    let receiver = Receiver::start(&[500]).await;
    world.started().await;
    watched(&mut world, Some(&receiver), 10).await;
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
    // The webhook is taken out of the settings: what waits for it is given up, and calls nobody later.
    let id = raised(&world.ctx).await[0].id.clone();
    for (later, state) in [(0, CallState::Pending), (27 * HOUR, CallState::Failed)] {
        world.ctx.alarms = Arc::new(AlarmSetup::default());
        world.ctx.clock.turn_to(world.now().plus(later));
        alarm::look(&world.ctx).await.unwrap();
        let calls = store::alarm::calls_of(&mut world.ctx.db.read().await.unwrap(), &[&id]).await.unwrap();
        assert!(calls.len() == 1 && calls[0].state == state, "{calls:?}");
    }
}

/// Two programs look at the same time, after every `step` minutes; how much was told.
async fn both_look(world: &mut World, other: &Ctx, n: i64, step: i64) -> u64 {
    let mut told = 0;
    for _ in (step..=n).step_by(step as usize) {
        world.ctx.clock.turn_to(world.now().plus(step * MINUTE));
        world.work().await;
        let (one, two) = futures_util::future::join(alarm::look(&world.ctx), alarm::look(other)).await;
        // Whoever is second may be refused, and looks again.
        let now = one.unwrap_or(0) + two.unwrap_or(0);
        assert!(now <= 1);
        told += now;
    }
    world.work().await;
    told
}

async fn what_two_programs_see_is_told_once(mut world: World) {
    let receiver = Receiver::start(&[]).await;
    due(&mut world, Some(usual_pace()), people_at(&[("globex.example", 1)])).await;
    watched(&mut world, Some(&receiver), 10).await;
    let (mut other, _) = world.second_daemon().await;
    other.alarms = world.ctx.alarms.clone();
    let ctx = world.ctx.clone();
    let blocked = Heard { trouble: Trouble::Blocked, said: "554 5.7.1 on a list", for_good: true, tried_for: 0 };
    let held = world.ctx.db.write(move |tx| Box::pin(async move { heard(&ctx, tx, "globex.example", blocked).await }));
    held.await.unwrap();
    assert_eq!(both_look(&mut world, &other, 15, 1).await, 1);
    // The pause of an hour runs out while nothing goes there: nobody knows whether it takes our mail.
    world.order(RoundOrder::Pause).await;
    assert_eq!(both_look(&mut world, &other, 120, 10).await, 0);
    let alarms = raised(&world.ctx).await;
    assert!(alarms.len() == 1 && alarms[0].noticed().is_out_of_sight(world.now()), "{alarms:?}");
    // It takes the message that has waited for it.
    world.order(RoundOrder::Resume).await;
    assert_eq!(both_look(&mut world, &other, 40, 1).await, 1);
    assert_eq!(subjects(&world, OPERATOR), ["Alarm: A gateway refuses our mail", "Over: A gateway refuses our mail"]);
    assert_eq!(receiver.calls().len(), 2, "{:?}", receiver.calls());
    let all = ended(&world.ctx).await;
    let lasted = all[0].ended_at.unwrap().since(all[0].since);
    assert!(all.len() == 1 && (2 * HOUR..3 * HOUR).contains(&lasted), "{all:?}");
}

async fn what_another_program_saw_that_is_gone_stays_until_somebody_knows(mut world: World) {
    world.started().await;
    watched(&mut world, None, 10).await;
    let (mut other, _) = world.second_daemon().await;
    other.alarms = world.ctx.alarms.clone();
    let olga = Actor::operator(OPERATOR);
    // One sender is held, and the other one mails it.
    let hold = senders::Hold {
        id: world.ctx.ids.id(world.now()),
        instance: other.outbound.as_ref().unwrap().instance.clone(),
        why: "It may be a copy.".into(),
        messages: "[]".into(),
        at: world.now(),
    };
    world.ctx.db.write(move |tx| Box::pin(async move { senders::hold(tx, &hold).await })).await.unwrap();
    assert_eq!(minutes(&mut world, 1, 1).await, [1]);
    assert_eq!(subjects(&world, OPERATOR), ["Alarm: Sending is held"]);
    world.ctx.order(&olga, ResumeSending).await.unwrap();
    assert_eq!(minutes(&mut world, 1, 1).await, [1]);
    // The other program does not read its mailbox; then it is there no more.
    let mut told = 0;
    while told == 0 {
        duty(&other, "reading the mailbox", false).await;
        world.ctx.clock.turn_to(world.now().plus(MINUTE));
        told = alarm::look(&other).await.unwrap();
    }
    let id = raised(&world.ctx).await[0].id.clone();
    let too_early = world.ctx.order(&olga, EndAlarm { alarm: id.clone() }).await.unwrap_err();
    assert!(too_early.to_string().contains("still judged"), "{too_early}");
    duty(&world.ctx, "reading the mailbox", true).await;
    assert_eq!(minutes(&mut world, 180, 20).await, Vec::<i64>::new());
    assert_eq!(raised(&world.ctx).await.len(), 1, "a program that is gone has mended nothing");
    for _ in 0..2 {
        world.ctx.order(&olga, EndAlarm { alarm: id.clone() }).await.unwrap();
    }
    world.work().await;
    let wanted = ["Alarm: Sending is held", "Over: Sending is held"];
    let wanted = wanted.into_iter().chain(["Alarm: What comes back is not read", "Over: What comes back is not read"]);
    assert_eq!(subjects(&world, OPERATOR), wanted.collect::<Vec<_>>());
}

async fn a_round_that_cannot_be_worked_on_is_an_alarm(mut world: World) {
    world.started().await;
    watched(&mut world, None, 10).await;
    spoil(&world, &format!("UPDATE round SET spec = 'no settings', version = version + 1 WHERE slug = '{ROUND}'"))
        .await;
    spoil(&world, "UPDATE contact SET look_at = 0").await;
    assert_eq!(minutes(&mut world, 30, 5).await, [20], "when it has failed for a quarter of an hour");
    let alarms = raised(&world.ctx).await;
    assert!(alarms.len() == 1 && alarms[0].about == format!("round {ROUND}: planning"), "{alarms:?}");
    assert!(
        alarms[0].kind == AlarmKind::Duty && alarms[0].instance.is_empty(),
        "the same for every program: {alarms:?}"
    );
    assert_eq!(subjects(&world, OPERATOR), ["Alarm: A part of the program's work fails"]);
    // A program that begins anew has not worked on it, which mends nothing.
    world.restart().await;
    assert_eq!(minutes(&mut world, 40, 5).await, Vec::<i64>::new());
}
