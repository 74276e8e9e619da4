//! Nothing leaves, however the server says so: it answers and accepts nothing, it hangs, it is not there. And what is no such silence.

use std::time::Duration;

use soundings::base::clock::MINUTE;
use soundings::config::SmtpSettings;
use soundings::rehearsal::mailbox::{ServerFault, ServerStage};
use soundings::rules::message::MessageState;
use soundings::steps::round::RoundOrder;
use soundings::steps::sending::{answers, delivery, standstill};

use crate::common::World;
use crate::story_trouble::{due, people_at, refuse};

on_both!(
    a03_421_to_every_message_is_a_standstill_and_stays_one_between_the_tries,
    a03_421_after_every_message_is_a_standstill,
    a03_451_to_every_recipient_is_a_standstill,
    a03_452_to_every_sender_is_a_standstill,
    a03_450_after_every_message_is_a_standstill_for_people_of_one_company_too,
    a03_421_and_451_in_turn_are_a_standstill,
    a03_a_server_that_hangs_at_every_recipient_is_a_standstill,
    a03_a_server_that_is_not_there_is_a_standstill,
    a03_a_relay_that_takes_some_and_then_puts_off_all_is_a_standstill_from_then_on,
    a03_one_who_is_put_off_among_others_is_no_standstill,
    a03_two_full_mailboxes_on_a_day_that_works_are_no_standstill_at_night,
    a03_one_alone_who_is_put_off_is_no_standstill,
    a03_nobody_is_due_any_more_is_no_standstill,
    a03_what_waited_while_the_round_was_paused_counts_from_when_it_was_resumed,
);

fn reply(stage: ServerStage, text: &str) -> ServerFault {
    ServerFault::Reply { stage, text: text.into() }
}

/// Everybody is due at the next minute, at these companies.
async fn begun(world: &mut World, companies: &[(&str, usize)]) {
    due(world, None, people_at(companies)).await;
    // Somebody looks before, as those who watch do.
    assert!(!stands(world).await);
}

async fn stands(world: &World) -> bool {
    standstill::now(&world.ctx, &mut world.ctx.db.read().await.unwrap()).await.unwrap().is_some()
}

async fn doctor_says_so(world: &World) -> bool {
    standstill::in_the_ledger(&world.ctx, &mut world.ctx.db.read().await.unwrap()).await.unwrap().is_some()
}

/// Lets so many minutes pass; in which of them it was said that nothing leaves.
async fn minutes(world: &mut World, n: i64) -> Vec<i64> {
    let mut said = Vec::new();
    for minute in 1..=n {
        world.ctx.clock.turn_to(world.now().plus(MINUTE));
        world.work().await;
        if stands(world).await {
            said.push(minute);
        }
    }
    said
}

/// Says it by then at the latest, from then on without a break, and no more when the server works again.
async fn is_said(world: &mut World, by: i64) {
    let said = minutes(world, by + 20).await;
    let from = *said.first().unwrap_or(&i64::MAX);
    assert!((5..=by).contains(&from), "said from minute {from} on");
    assert_eq!(said, (from..=by + 20).collect::<Vec<_>>(), "it is said without a break");
    world.mailbox.set_faults(vec![]);
    world.lines = world.new_lines();
    world.pass_to("2027-02-01T13:00:00Z").await;
    assert!(!stands(world).await && !doctor_says_so(world).await);
    assert!(!world.mailbox.all().is_empty());
    world.promises_hold().await;
}

const TWO: [(&str, usize); 2] = [("globex.example", 1), ("umbra.example", 1)];

async fn a03_421_to_every_message_is_a_standstill_and_stays_one_between_the_tries(mut world: World) {
    begun(&mut world, &[("globex.example", 1)]).await;
    world.mailbox.set_faults(vec![reply(ServerStage::Mail, "421 4.3.2 going down")]);
    is_said(&mut world, 7).await;
}

async fn a03_421_after_every_message_is_a_standstill(mut world: World) {
    begun(&mut world, &TWO).await;
    world.mailbox.set_faults(vec![reply(ServerStage::Dot, "421 4.3.2 not now")]);
    is_said(&mut world, 7).await;
}

async fn a03_451_to_every_recipient_is_a_standstill(mut world: World) {
    begun(&mut world, &TWO).await;
    world.mailbox.set_faults(vec![refuse("", "451 4.3.0 <{}>: temporary lookup failure")]);
    let said = minutes(&mut world, 33).await;
    assert_eq!(said.first(), Some(&31), "half an hour after the first try");
    assert!(doctor_says_so(&world).await);
    // A daemon that has been started anew begins to count, and comes to the same.
    world.restart().await;
    assert!(!stands(&world).await);
    assert!(!minutes(&mut world, 90).await.is_empty());
    world.mailbox.set_faults(vec![]);
    // The next try may be four hours away by now.
    world.pass_to("2027-02-02T12:00:00Z").await;
    assert!(!stands(&world).await && world.mailbox.all().len() >= 2);
    world.promises_hold().await;
}

async fn a03_452_to_every_sender_is_a_standstill(mut world: World) {
    begun(&mut world, &TWO).await;
    world.mailbox.set_faults(vec![reply(ServerStage::Mail, "452 4.3.1 insufficient system storage")]);
    is_said(&mut world, 32).await;
}

async fn a03_450_after_every_message_is_a_standstill_for_people_of_one_company_too(mut world: World) {
    begun(&mut world, &[("globex.example", 3)]).await;
    world.mailbox.set_faults(vec![reply(ServerStage::Dot, "450 4.7.1 try later")]);
    is_said(&mut world, 32).await;
}

async fn a03_421_and_451_in_turn_are_a_standstill(mut world: World) {
    begun(&mut world, &[("globex.example", 2), ("umbra.example", 2)]).await;
    let faults = [refuse("@globex.example", "451 4.3.0 later"), refuse("@umbra.example", "421 4.3.2 later")];
    world.mailbox.set_faults(faults.into());
    let said = minutes(&mut world, 60).await;
    assert!(said.contains(&60) && said.contains(&45), "{said:?}");
    assert!(world.mailbox.all().is_empty());
}

async fn a03_a_server_that_hangs_at_every_recipient_is_a_standstill(mut world: World) {
    begun(&mut world, &TWO).await;
    world
        .mailbox
        .set_faults(vec![ServerFault::Stall { stage: ServerStage::Recipient, time: Duration::from_millis(600) }]);
    let port = world.mailbox.address().port();
    world.lines = delivery::lines(&SmtpSettings { port, time_out_factor: 0.000_5, ..SmtpSettings::default() });
    is_said(&mut world, 32).await;
}

async fn a03_a_server_that_is_not_there_is_a_standstill(mut world: World) {
    begun(&mut world, &[("globex.example", 1)]).await;
    world.lines = delivery::lines(&SmtpSettings { port: 1, ..SmtpSettings::default() });
    is_said(&mut world, 7).await;
}

async fn a03_a_relay_that_takes_some_and_then_puts_off_all_is_a_standstill_from_then_on(mut world: World) {
    begun(&mut world, &[("globex.example", 6)]).await;
    let full = (2..6).map(|n| refuse(&format!("pat{n:04}@globex.example"), "451 4.3.0 try again"));
    world.mailbox.set_faults(full.collect());
    world.lines = world.new_lines();
    is_said(&mut world, 32).await;
}

async fn a03_one_who_is_put_off_among_others_is_no_standstill(mut world: World) {
    begun(&mut world, &[("globex.example", 5)]).await;
    // The last one, after whom nothing is accepted.
    world.mailbox.set_faults(vec![refuse("pat0004@globex.example", "451 4.7.1 greylisted")]);
    assert_eq!(minutes(&mut world, 100).await, Vec::<i64>::new());
    assert_eq!(world.mailbox.all().len(), 4);
    assert!(!doctor_says_so(&world).await);
}

async fn a03_two_full_mailboxes_on_a_day_that_works_are_no_standstill_at_night(mut world: World) {
    begun(&mut world, &[("globex.example", 5)]).await;
    // The first two; others are accepted after them.
    let full = (0..2).map(|n| refuse(&format!("pat{n:04}@globex.example"), "452 4.2.2 mailbox full"));
    world.mailbox.set_faults(full.collect());
    for _ in 0..8 {
        assert_eq!(minutes(&mut world, 60).await, Vec::<i64>::new());
    }
    assert_eq!(world.in_state(MessageState::Planned).await.iter().filter(|m| m.attempt > 2).count(), 2);
    assert!(!doctor_says_so(&world).await);
}

async fn a03_one_alone_who_is_put_off_is_no_standstill(mut world: World) {
    begun(&mut world, &[("globex.example", 1)]).await;
    world.mailbox.set_faults(vec![refuse("@globex.example", "451 4.7.1 greylisted")]);
    for _ in 0..5 {
        assert_eq!(minutes(&mut world, 60).await, Vec::<i64>::new());
    }
    assert!(!doctor_says_so(&world).await);
}

async fn a03_nobody_is_due_any_more_is_no_standstill(mut world: World) {
    begun(&mut world, &TWO).await;
    world.mailbox.set_faults(vec![refuse("", "451 4.3.0 later")]);
    assert!(minutes(&mut world, 35).await.contains(&35));
    // The round is paused: nothing of it may leave.
    world.order(RoundOrder::Pause).await;
    assert!(!stands(&world).await && !doctor_says_so(&world).await);
}

async fn a03_what_waited_while_the_round_was_paused_counts_from_when_it_was_resumed(mut world: World) {
    begun(&mut world, &TWO).await;
    world.mailbox.set_faults(vec![refuse("", "451 4.3.0 later")]);
    assert_eq!(minutes(&mut world, 20).await, Vec::<i64>::new());
    world.order(RoundOrder::Pause).await;
    assert_eq!(minutes(&mut world, 120).await, Vec::<i64>::new());
    world.order(RoundOrder::Resume).await;
    assert!(!stands(&world).await && !doctor_says_so(&world).await, "it could not leave before");
    let said = minutes(&mut world, 40).await;
    assert!(said.first().is_some_and(|first| (29..=33).contains(first)), "{said:?}");
    // What the server answers stands where somebody looks, once for all who were answered so.
    let answers = answers::of_all(&mut world.ctx.db.read().await.unwrap(), world.now()).await.unwrap();
    assert_eq!(answers.iter().map(|answer| answer.messages).collect::<Vec<_>>(), [2]);
    assert!(answers[0].said.contains("451 4.3.0 later"), "{}", answers[0].said);
}
