//! Two daemons on one database: they share the work, never a message; who is past the lease stops before the dot (F15).

use futures_util::future::join;
use soundings::base::clock::{HOUR, MINUTE};
use soundings::rules::message::MessageState;
use soundings::steps::round::RoundOrder;
use soundings::steps::sending::delivery;
use soundings::steps::{plan, signoff};
use sqlx::{Connection, PgConnection};

use crate::common::{ANN, BEN, DORA, World, crowd};

on_both!(
    f15_two_daemons_at_once_send_nothing_twice,
    f15_two_daemons_plan_and_ask_nothing_twice,
    f15_a_sender_past_its_lease_stops_before_the_dot,
    f15_a_sender_that_stood_still_after_its_mark_writes_no_dot,
    f15_what_a_dead_daemon_had_claimed_goes_when_its_lease_has_run_out,
);

async fn f15_two_daemons_at_once_send_nothing_twice(mut world: World) {
    let people = 120;
    world.with_connections(3);
    world.load(crowd(people)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.receipts_leave().await;
    world.sleep_until("2027-02-01T09:30:00Z");
    world.think().await;
    world.mailbox.clear();
    let (other, mut its_lines) = world.second_daemon().await;
    let both = join(delivery::drain(&world.ctx, &mut world.lines), delivery::drain(&other, &mut its_lines));
    let (ours, theirs) = both.await;
    let (ours, theirs) = (ours.unwrap().settled, theirs.unwrap().settled);
    assert_eq!(ours + theirs, people as u64);
    assert!(ours > 0 && theirs > 0, "both have worked: {ours} and {theirs}");
    assert_eq!(world.mailbox.count(), people as u64);
    assert_eq!(world.in_state(MessageState::Sent).await.iter().filter(|m| m.contact_id.is_some()).count(), people);
    world.promises_hold().await;
}

async fn f15_two_daemons_plan_and_ask_nothing_twice(mut world: World) {
    world.load(crowd(60)).await;
    world.order(RoundOrder::Start).await;
    let (other, _) = world.second_daemon().await;
    let (ours, theirs) = join(signoff::ask(&world.ctx), signoff::ask(&other)).await;
    assert_eq!(ours.unwrap() + theirs.unwrap(), 1);
    world.work().await;
    assert_eq!(world.kinds_to(DORA), ["sign_off"]);
    world.sign_all(DORA, "sign_off").await;
    let (ours, theirs) = join(plan::tick(&world.ctx), plan::tick(&other)).await;
    assert_eq!(ours.unwrap() + theirs.unwrap(), 60);
    world.promises_hold().await;
}

async fn f15_a_sender_past_its_lease_stops_before_the_dot(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    world.sleep_until("2027-02-08T10:00:00Z");
    world.think().await;
    let (other, mut its_lines) = world.second_daemon().await;
    // While the server holds its answer to the first, an hour passes and another daemon takes the second over.
    let clock = world.ctx.clock.clone();
    let takes_over = async move {
        clock.turn_to(clock.now().plus(HOUR));
        delivery::recover(&other, false).await.unwrap();
        delivery::drain(&other, &mut its_lines).await.unwrap().settled
    };
    let (_, by_the_other) = world.send_and_at_the_first_dot(takes_over).await;
    assert!(by_the_other >= 1);
    for contact in [ANN, BEN] {
        assert_eq!(world.kinds_to(contact), ["warm_up", "invitation"]);
        let row = world.row(contact, "invitation").await;
        assert_eq!(
            row.state,
            MessageState::Sent,
            "the first sender knows what became of the one after its dot: {row:?}"
        );
        assert_eq!(world.person(contact).await.sent_count, 2);
    }
    world.promises_hold().await;
}

/// The commit of the mark takes a while, and in that while the sender's machine sleeps for an hour. (Only PostgreSQL's commits can be
/// slowed from outside; on SQLite nobody else could have taken over.)
async fn f15_a_sender_that_stood_still_after_its_mark_writes_no_dot(mut world: World) {
    world.load(crowd(10)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.receipts_leave().await;
    world.sleep_until("2027-02-01T09:30:00Z");
    world.think().await;
    let before = world.mailbox.count();
    let asleep = world.url.starts_with("postgres");
    if asleep {
        let mut c = PgConnection::connect(&world.url).await.unwrap();
        for sql in [
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN PERFORM pg_sleep(0.4); RETURN NULL; END $$",
            "CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON message DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
             WHEN (OLD.state = 'claimed' AND NEW.state = 'sending') EXECUTE FUNCTION slow()",
        ] {
            sqlx::query(sql).execute(&mut c).await.unwrap();
        }
        c.close().await.unwrap();
    }
    let (clock, mailbox) = (world.ctx.clock.clone(), world.mailbox.clone());
    let sleeps = async move {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        clock.turn_to(clock.now().plus(HOUR));
        mailbox.count()
    };
    let (report, so_far) = join(delivery::drain(&world.ctx, &mut world.lines), sleeps).await;
    report.unwrap();
    world.send().await;
    assert_eq!(world.mailbox.count(), before + 10);
    let twice = world.ledger().await.into_iter().filter(|m| m.contact_id.is_some() && m.attempt == 2).count();
    if asleep {
        assert_eq!((so_far, twice), (before, 1), "the marked one is begun again, its dot was not written");
    }
    world.promises_hold().await;
}

async fn f15_what_a_dead_daemon_had_claimed_goes_when_its_lease_has_run_out(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-05T12:00:00Z").await;
    world.sleep_until("2027-02-08T10:00:00Z");
    world.think().await;
    world.crash_after_dots(1).await;
    let (other, mut its_lines) = world.second_daemon().await;
    assert_eq!(delivery::recover(&other, false).await.unwrap(), 0, "its leases still run");
    assert_eq!(delivery::drain(&other, &mut its_lines).await.unwrap().settled, 0);
    world.ctx.clock.turn_to(world.now().plus(16 * MINUTE));
    assert_eq!(delivery::recover(&other, false).await.unwrap(), 1, "the one after the dot is in doubt");
    assert!(delivery::drain(&other, &mut its_lines).await.unwrap().settled >= 1);
    assert!(world.in_state(MessageState::Claimed).await.is_empty());
    assert_eq!(world.in_state(MessageState::InDoubt).await.len(), 1);
    world.promises_hold().await;
}
