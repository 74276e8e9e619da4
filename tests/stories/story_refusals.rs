//! What servers say: an address bounces, not a person; a refusal that is policy is not a dead mailbox; later is not lost.

use soundings::base::clock::{DAY, MINUTE, Ts};
use soundings::rehearsal::mailbox::{ServerFault, ServerStage};
use soundings::rules::message::MessageState;
use soundings::steps::audit::promises;
use soundings::store::contacts::addresses;

use crate::common::{ANN, BEN, CYD, DORA, ROUND, World, at};

on_both!(
    f07_a_dead_address_stops_and_a_corrected_one_starts_clean,
    f07_a_refusal_that_is_policy_suppresses_nobody,
    f07_what_proves_nothing_gives_up_the_message_and_not_the_person,
    f07_no_address_is_dead_without_the_words_that_prove_it,
    f06_later_is_tried_again_with_growing_pauses_and_not_lost,
    f06_a_server_in_trouble_rests_and_uses_up_nobodys_patience,
    f12_a_server_that_hangs_up_between_messages_is_called_again,
);

fn refuse(address: &str, reply: &str) -> ServerFault {
    ServerFault::RefuseRecipient { address: address.into(), reply: reply.into() }
}

async fn f07_a_dead_address_stops_and_a_corrected_one_starts_clean(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    world.mailbox.set_faults(vec![refuse(ANN, "550 5.1.1 no such user")]);
    world.pass_to("2027-02-08T18:00:00Z").await;
    let ann = world.person(ANN).await;
    assert!(ann.undeliverable_at.is_some() && ann.undeliverable_reason.unwrap().contains("5.1.1"));
    assert_eq!(world.row(ANN, "invitation").await.state, MessageState::Failed);
    let status = soundings::steps::completion::status(&world.ctx, crate::common::ROUND).await.unwrap();
    // Uma hears of it tomorrow, after Waitangi Day.
    assert_eq!((status.individual.undeliverable, status.individual.reachable), (1, 3));
    world.pass_to("2027-02-19T12:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up"], "nothing more goes to the old address");

    let new = "ann.lee@new.globex.example";
    world.corrects(DORA, ANN, |c| c.email = new.into()).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-23T18:00:00Z").await;
    assert_eq!(world.kinds_to(new), ["invitation"], "the letter that never came goes to the new address");
    assert!(world.person(new).await.undeliverable_at.is_none());
    let status = soundings::steps::completion::status(&world.ctx, crate::common::ROUND).await.unwrap();
    assert_eq!((status.individual.undeliverable, status.individual.reachable), (0, 5));
    world.pass_to("2027-02-26T18:00:00Z").await;
    assert_eq!(world.kinds_to(new), ["invitation", "reminder"]);
    world.promises_hold().await;
}

async fn f07_a_refusal_that_is_policy_suppresses_nobody(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    world.mailbox.set_faults(vec![refuse(ANN, "554 5.7.1 rejected for policy reasons, see https://block.example")]);
    world.pass_to("2027-02-08T18:00:00Z").await;
    let row = world.row(ANN, "invitation").await;
    assert_eq!(row.state, MessageState::Failed);
    assert!(row.answer.unwrap().contains("5.7.1"));
    assert!(world.person(ANN).await.undeliverable_at.is_none());
    world.mailbox.set_faults(vec![]);
    world.pass_to("2027-02-11T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "reminder"]);
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation", "reminder"]);
    world.promises_hold().await;
}

async fn f07_what_proves_nothing_gives_up_the_message_and_not_the_person(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    let said = [
        (ANN, "550 Recipient's mailbox is full"),
        (BEN, "553 sorry, that domain isn't in my list of allowed rcpthosts"),
        (CYD, "550 5.1.0 Address rejected"),
    ];
    world.mailbox.set_faults(said.iter().map(|(who, reply)| refuse(who, reply)).collect());
    world.pass_to("2027-02-08T21:00:00Z").await;
    world.mailbox.set_faults(vec![]);
    for (who, reply) in said {
        let row = world.row(who, "invitation").await;
        assert_eq!(row.state, MessageState::Failed, "{who}");
        assert!(row.answer.unwrap().ends_with(reply), "the contact's story says why");
        let person = world.person(who).await;
        assert!(person.undeliverable_at.is_none() && person.undeliverable_reason.is_none(), "{reply}");
    }
    let status = soundings::steps::completion::status(&world.ctx, ROUND).await.unwrap();
    assert_eq!(status.individual.undeliverable, 0, "nobody is lost on the overview");
    world.pass_to("2027-02-12T18:00:00Z").await;
    for (who, _) in said {
        assert_eq!(world.kinds_to(who), ["warm_up", "reminder"], "{who} is tried with the next touch");
    }
    world.promises_hold().await;
}

async fn f07_no_address_is_dead_without_the_words_that_prove_it(mut world: World) {
    world.signed().await;
    let key = world.person(ANN).await.email.key();
    for (words, proven) in [("550 Mailbox quota exceeded", false), ("", false), ("550 5.1.1 User unknown", true)] {
        let key = key.clone();
        let marked = world.ctx.db.write(move |tx| {
            Box::pin(async move {
                addresses::revive(tx, &key).await?;
                addresses::mark_dead(tx, &key, words, Ts(1)).await
            })
        });
        marked.await.unwrap();
        let told = promises::check(&world.ctx, ROUND).await.unwrap();
        let seventh = told.iter().find(|promise| promise.id == 7).unwrap();
        assert_eq!(seventh.holds, proven, "{words}: {:?}", seventh.broken_by);
    }
}

async fn f06_later_is_tried_again_with_growing_pauses_and_not_lost(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T09:59:00Z").await;
    world.mailbox.set_faults(vec![refuse(ANN, "450 4.2.1 greylisted")]);
    let mut pauses = Vec::new();
    world.sleep_until("2027-02-08T10:00:00Z");
    for attempt in 1..=4 {
        world.work().await;
        let row = world.row(ANN, "invitation").await;
        assert_eq!((row.state, row.attempt), (MessageState::Planned, attempt));
        assert!(row.answer.unwrap().contains("greylisted"));
        pauses.push(row.due_at.since(world.now()));
        world.ctx.clock.turn_to(row.due_at);
    }
    let about = |pause: i64, minutes: i64| (pause - minutes * MINUTE).abs() <= minutes * MINUTE / 5;
    let as_told = pauses.iter().zip([1, 5, 15, 60]).all(|(pause, minutes)| about(*pause, minutes));
    assert!(as_told, "{pauses:?}");
    world.mailbox.set_faults(vec![]);
    world.work().await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    assert_eq!(world.person(ANN).await.sent_count, 2);
    // A server that says so for days: given up, visibly, and the person is not suppressed.
    world.mailbox.set_faults(vec![refuse(BEN, "451 4.3.0 try later")]);
    world.pass_to("2027-02-17T18:00:00Z").await;
    let row = world.row(BEN, "reminder").await;
    assert_eq!(row.state, MessageState::Failed);
    assert!(row.settled_at.unwrap().since(row.first_tried_at.unwrap()) <= 4 * DAY, "{row:?}");
    assert!(world.person(BEN).await.undeliverable_at.is_none());
    world.promises_hold().await;
}

async fn f06_a_server_in_trouble_rests_and_uses_up_nobodys_patience(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-08T09:59:00Z").await;
    for (stage, text) in [
        (ServerStage::Greeting, "421 4.3.2 shutting down"),
        (ServerStage::Hello, "421 4.3.2 not now"),
        (ServerStage::Mail, "421 4.7.0 too fast"),
        (ServerStage::Data, "421 4.3.2 going down"),
        (ServerStage::Dot, "421 4.3.2 going down"),
    ] {
        world.lines = world.new_lines();
        world.mailbox.set_faults(vec![ServerFault::Reply { stage, text: text.into() }]);
        world.ctx.clock.turn_to(world.now().plus(2 * MINUTE));
        world.think().await;
        let trouble = world.send().await.trouble;
        assert!(trouble.as_deref().is_some_and(|t| t.contains("421")), "{stage:?}: {trouble:?}");
        assert_eq!(world.send().await.trouble, None, "it rests a minute");
    }
    world.mailbox.set_faults(vec![]);
    world.pass_to("2027-02-08T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation"]);
    assert!(world.in_state(MessageState::InDoubt).await.is_empty());
    world.promises_hold().await;
}

async fn f12_a_server_that_hangs_up_between_messages_is_called_again(mut world: World) {
    world.mailbox.set_faults(vec![ServerFault::CloseAfter(1)]);
    world.signed().await;
    world.pass_to("2027-02-12T18:00:00Z").await;
    assert_eq!(world.kinds_to(ANN), ["warm_up", "invitation", "reminder"]);
    assert_eq!(world.kinds_to(BEN), ["warm_up", "invitation", "reminder"]);
    assert!(world.now() >= at("2027-02-12T18:00:00Z"));
    world.promises_hold().await;
}
