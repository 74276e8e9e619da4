//! Killed while sending, at every stage: nothing is lost, nothing is doubled unnamed, and what is in doubt is settled by its kind.

use std::time::Duration;

use soundings::base::clock::{DAY, MINUTE};
use soundings::rehearsal::mailbox::{ServerFault, ServerStage};
use soundings::rules::journal::Actor;
use soundings::rules::message::{Lane, MessageState};
use soundings::steps::round::RoundOrder;
use soundings::steps::sending::outbox::{ActOnMessage, MessageAction};

use crate::common::{ANN, DORA, OPERATOR, UMA, World, at, crowd, one_click};

on_both!(
    f01_killed_before_the_message_is_offered_nothing_is_lost,
    f02_killed_after_the_dot_at_most_one_a_connection_is_in_doubt,
    f30_killed_at_random_again_and_again_nobody_is_lost_or_doubled,
    f09_an_invitation_in_doubt_is_repeated_after_a_day_under_the_same_message_id,
    f09_a_sign_of_arrival_settles_an_invitation_in_doubt,
    f09_a_warm_up_in_doubt_waits_for_a_person,
    f09_a_reminder_in_doubt_is_never_repeated,
    f05_an_orderly_stop_leaves_nothing_in_doubt,
    f08_a_message_broken_off_before_the_dot_goes_again_without_doubt,
);

/// So many people of Dora's, whose warm-ups are due now.
async fn crowd_with_letters_due(world: &mut World, people: usize) {
    world.load(crowd(people)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.receipts_leave().await;
    world.sleep_until("2027-02-01T09:30:00Z");
    world.think().await;
    assert_eq!(world.in_state(MessageState::Planned).await.len(), people);
    // The line that took the directors' mails is past its greeting.
    world.lines = world.new_lines();
    world.mailbox.clear();
}

/// Everybody has one copy and the ledger says so, or the ledger names the message as in doubt.
async fn nobody_is_lost(world: &World, people: usize) {
    let ledger = world.ledger().await;
    let letters: Vec<_> = ledger.iter().filter(|m| m.contact_id.is_some()).collect();
    assert_eq!(letters.len(), people);
    for letter in letters {
        let copies = world.mails_to(letter.to_email.as_str()).len();
        match letter.state {
            MessageState::Sent => assert_eq!(copies, 1, "{letter:?}"),
            MessageState::InDoubt => assert!(copies <= 1, "{letter:?}"),
            _ => unreachable!("{letter:?} is neither sent nor in doubt"),
        }
    }
}

/// Completes when something is claimed.
async fn something_is_claimed(ctx: &soundings::steps::Ctx) {
    loop {
        let mut tx = ctx.db.read().await.unwrap();
        let round = soundings::store::round::rounds::by_slug(&mut tx, crate::common::ROUND).await.unwrap().unwrap();
        let claimed = Some(MessageState::Claimed);
        if !soundings::store::sending::outbox::page(&mut tx, &Lane::from(&round.id), claimed, 1, 0)
            .await
            .unwrap()
            .is_empty()
        {
            return;
        }
        drop(tx);
        tokio::task::yield_now().await;
    }
}

async fn f01_killed_before_the_message_is_offered_nothing_is_lost(mut world: World) {
    crowd_with_letters_due(&mut world, 20).await;
    for stage in
        [ServerStage::Greeting, ServerStage::Hello, ServerStage::Mail, ServerStage::Recipient, ServerStage::Data]
    {
        let stalled = ServerFault::Stall { stage, time: Duration::from_mins(10) };
        world.mailbox.set_faults(vec![stalled]);
        let ctx = world.ctx.clone();
        world.crash_at(async move { something_is_claimed(&ctx).await }).await;
        assert_eq!(world.restart().await, 0, "{stage:?}: nothing is in doubt before the dot");
        assert_eq!(world.in_state(MessageState::Planned).await.len(), 20);
    }
    world.mailbox.set_faults(vec![]);
    world.send().await;
    nobody_is_lost(&world, 20).await;
    assert_eq!(world.mailbox.count(), 20);
    world.promises_hold().await;
}

async fn f02_killed_after_the_dot_at_most_one_a_connection_is_in_doubt(mut world: World) {
    world.with_connections(3);
    crowd_with_letters_due(&mut world, 60).await;
    let mut doubted = 0;
    for dots in [1, 5, 20] {
        world.crash_after_dots(dots).await;
        let now = world.restart().await;
        assert!((1..=3).contains(&now), "{now} in doubt over three connections");
        doubted += now;
    }
    world.send().await;
    assert_eq!(world.in_state(MessageState::InDoubt).await.len() as u64, doubted, "each is named in the ledger");
    nobody_is_lost(&world, 60).await;
    world.promises_hold().await;
}

/// The instant of death is drawn; every fifth time it may fall anywhere in the first milliseconds of a connection. The others live the longer
/// the longer it takes, so that a busy machine gets on, too.
async fn f30_killed_at_random_again_and_again_nobody_is_lost_or_doubled(mut world: World) {
    world.with_connections(2);
    crowd_with_letters_due(&mut world, 150).await;
    let (mut doubted, mut runs) = (0, 0);
    while !world.in_state(MessageState::Planned).await.is_empty() {
        let micros = 500 + world.ctx.ids.below(if runs % 5 == 0 { 4_000 } else { 40_000 * (1 + runs / 100) });
        world.crash_at(tokio::time::sleep(Duration::from_micros(micros))).await;
        let now = world.restart().await;
        assert!(now <= 2, "{now} in doubt over two connections");
        (doubted, runs) = (doubted + now, runs + 1);
        assert!(runs < 2_000, "no progress is made");
    }
    assert_eq!(world.in_state(MessageState::InDoubt).await.len() as u64, doubted);
    nobody_is_lost(&world, 150).await;
    world.promises_hold().await;
}

/// Ann's invitation is taken by a server that says nothing.
async fn invitation_in_doubt(world: &mut World) -> String {
    world.signed().await;
    world.pass_to("2027-02-08T09:59:00Z").await;
    world.mailbox.set_faults(vec![ServerFault::DropAfterDot { every: 1 }]);
    world.sleep_until("2027-02-08T10:00:00Z");
    world.work().await;
    world.mailbox.set_faults(vec![]);
    let row = world.row(ANN, "invitation").await;
    assert_eq!(row.state, MessageState::InDoubt);
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    assert!(world.person(ANN).await.invited_at.is_some(), "she may have it, so she counts as written to");
    world.mail_to(ANN, "invitation").message_id
}

async fn f09_an_invitation_in_doubt_is_repeated_after_a_day_under_the_same_message_id(mut world: World) {
    let message_id = invitation_in_doubt(&mut world).await;
    world.pass_to("2027-02-09T09:00:00Z").await;
    assert_eq!(world.kinds_to(ANN).len(), 2, "not before a day has passed");
    world.sleep_until("2027-02-09T10:00:00Z");
    world.work().await;
    let copies: Vec<String> = world.mails_to(ANN).into_iter().skip(1).map(|mail| mail.message_id).collect();
    assert_eq!(copies, [message_id.clone(), message_id.clone()]);
    assert_eq!(world.row(ANN, "invitation").await.state, MessageState::Sent);
    assert_eq!(world.person(ANN).await.sent_count, 2, "two copies are one message");
    world.pass_to("2027-02-15T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN)[3..], ["reminder"], "and not again; the gap counts from the repeat");
    let copies: Vec<String> = world.mailbox.duplicates().into_iter().map(|(id, _)| id).collect();
    assert!(copies.contains(&message_id));
    world.promises_hold_with_copies(&copies).await;
}

async fn f09_a_sign_of_arrival_settles_an_invitation_in_doubt(mut world: World) {
    invitation_in_doubt(&mut world).await;
    world.begins(&world.mail_to(ANN, "invitation")).await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    assert_eq!(world.row(ANN, "invitation").await.state, MessageState::Sent);
    // The others, who gave no sign, have been written to again.
    let copies: Vec<String> = world.mailbox.duplicates().into_iter().map(|(id, _)| id).collect();
    assert!(!copies.contains(&world.mail_to(ANN, "invitation").message_id));
    world.promises_hold_with_copies(&copies).await;
}

async fn f09_a_warm_up_in_doubt_waits_for_a_person(mut world: World) {
    world.signed().await;
    world.mailbox.set_faults(vec![ServerFault::DropAfterDot { every: 1 }]);
    world.pass_to("2027-02-01T18:00:00Z").await;
    world.mailbox.set_faults(vec![]);
    let row = world.row(ANN, "warm_up").await;
    assert_eq!(row.state, MessageState::InDoubt);
    world.pass_to("2027-02-05T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up"], "the CEO's letter is never repeated by itself");
    world
        .ctx
        .order(&Actor::operator(OPERATOR), ActOnMessage { message: row.id.clone(), action: MessageAction::Arrived })
        .await
        .unwrap();
    let other = world.row(UMA, "warm_up").await;
    world
        .ctx
        .order(&Actor::operator(OPERATOR), ActOnMessage { message: other.id.clone(), action: MessageAction::SendAgain })
        .await
        .unwrap();
    world.pass_to("2027-02-12T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    assert_eq!(world.row(ANN, "warm_up").await.state, MessageState::Sent);
    assert_eq!(world.kinds_to(UMA)[..2], ["warm_up", "warm_up"]);
    assert_eq!(world.person(UMA).await.sent_count, world.kinds_to(UMA).len() as i64 - 1);
    let copies: Vec<String> = world.mailbox.duplicates().into_iter().map(|(id, _)| id).collect();
    assert_eq!(copies, [world.mail_to(UMA, "warm_up").message_id]);
    world.promises_hold_with_copies(&copies).await;
}

async fn f09_a_reminder_in_doubt_is_never_repeated(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    world.mailbox.set_faults(vec![ServerFault::DropAfterDot { every: 1 }]);
    world.pass_to("2027-02-12T12:00:00Z").await;
    world.mailbox.set_faults(vec![]);
    assert_eq!(world.row(ANN, "reminder").await.state, MessageState::InDoubt);
    world.pass_to("2027-02-17T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    world.pass_to("2027-02-18T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN).len(), 4, "the next one goes in its own time");
    world.promises_hold().await;
}

async fn f05_an_orderly_stop_leaves_nothing_in_doubt(mut world: World) {
    world.with_connections(2);
    crowd_with_letters_due(&mut world, 40).await;
    let ctx = world.ctx.clone();
    world.send_and_at_the_first_dot(async move { ctx.stop() }).await;
    let sent = world.mailbox.count();
    assert!((1..40).contains(&sent), "{sent} were sent");
    assert!(world.in_state(MessageState::Claimed).await.is_empty());
    assert_eq!(world.restart().await, 0);
    world.send().await;
    nobody_is_lost(&world, 40).await;
    assert_eq!(world.mailbox.count(), 40);
    world.promises_hold().await;
}

async fn f08_a_message_broken_off_before_the_dot_goes_again_without_doubt(mut world: World) {
    crowd_with_letters_due(&mut world, 20).await;
    world.mailbox.set_faults(vec![ServerFault::DropBeforeDot { every: 3 }]);
    for _ in 0..10 {
        world.send().await;
        world.ctx.clock.turn_to(world.now().plus(10 * MINUTE));
    }
    assert!(world.in_state(MessageState::InDoubt).await.is_empty());
    nobody_is_lost(&world, 20).await;
    assert!(world.now() < at("2027-02-01T09:30:00Z").plus(DAY));
    let ann = world.mails_to("pat0000@account000.example").remove(0);
    assert!(!one_click(&ann).is_empty());
    world.promises_hold().await;
}
