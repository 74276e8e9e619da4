//! The outbound journal: what left is known even where the database has forgotten it, and nobody sends from a copy unasked (F13, F14, F27).

use std::process::Command;

use soundings::base::problem::Kind;
use soundings::rules::journal::Actor;
use soundings::rules::message::{Lane, MessageState};
use soundings::steps::audit::reconcile::{with_journal, with_relay};
use soundings::steps::round::RoundOrder;
use soundings::steps::sending::delivery;
use soundings::steps::sending::outbound::holds::{self, Watch, look_after};
use soundings::steps::{plan, response};
use soundings::store::round::rounds;
use soundings::store::sending::outbox::{self, Message};
use sqlx::Connection;

use crate::common::{DORA, OPERATOR, ROUND, World, crowd, journal};

on_both!(
    f27_a_restored_copy_learns_from_the_journal_and_waits_for_a_person,
    f27_rows_that_the_restored_copy_never_had_are_learnt_too,
    f27_rows_that_are_older_than_the_count_are_found_after_a_kill,
    f27_what_was_stopped_before_its_dot_is_doubted_by_nobody,
    f14_a_copy_that_is_started_elsewhere_refuses_to_send,
    f14_a_lost_journal_is_asked_about_once,
    f14_a_start_a_restart_and_a_crash_ask_nothing,
    f14_a_daemon_that_joins_another_at_work_asks_nothing,
    f14_lost_commits_are_noticed_while_the_daemon_runs,
    f13_a_full_disk_under_the_journal_stops_sending_and_nothing_is_lost,
    reconcile_names_whom_ledger_journal_and_relay_disagree_about,
);

const PEOPLE: usize = 30;

/// A round whose letters are planned and due now.
async fn letters_due(world: &mut World) {
    world.load(crowd(PEOPLE)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.receipts_leave().await;
    world.sleep_until("2027-02-01T09:30:00Z");
    world.mailbox.clear();
}

/// Moves the installation to another database, with the journal in this folder of it.
async fn start_on(world: &mut World, url: &str, folder: &str) {
    world.ctx.outbound = None;
    world.lines.clear();
    let mut ctx = world.elsewhere(url).await;
    ctx.outbound = Some(journal(&ctx, &world.folder.path().join(folder)).await);
    world.ctx = ctx;
    world.lines = world.new_lines();
}

async fn held(world: &World) -> Vec<usize> {
    holds::all(&world.ctx).await.unwrap().iter().map(|h| h.messages.len()).collect()
}

async fn everybody_has_one(world: &World) {
    assert!(world.mailbox.duplicates().is_empty());
    assert_eq!(world.mailbox.count(), PEOPLE as u64);
    world.promises_hold().await;
}

async fn f27_a_restored_copy_learns_from_the_journal_and_waits_for_a_person(mut world: World) {
    letters_due(&mut world).await;
    let backup = world.copied().await;
    // Half of the wave leaves, one of it into the unknown.
    world.crash_after_dots(PEOPLE as u64 / 2).await;
    let gone = world.mailbox.count();
    assert!((1..PEOPLE as u64).contains(&gone));
    start_on(&mut world, &backup, "outbound").await;
    assert_eq!(held(&world).await, [gone as usize], "each one that left is named");
    let to_contacts = |rows: Vec<Message>| rows.iter().filter(|m| m.contact_id.is_some()).count();
    let sent = to_contacts(world.in_state(MessageState::Sent).await);
    assert_eq!((sent, to_contacts(world.in_state(MessageState::InDoubt).await)), (gone as usize - 1, 1));
    assert_eq!(world.send().await.settled, 0, "nothing is sent until a person has confirmed it");
    assert_eq!(world.ctx.order(&Actor::operator(OPERATOR), holds::ResumeSending).await.unwrap(), 1);
    world.send().await;
    everybody_has_one(&world).await;
    // The next start has nothing to ask.
    let url = backup.clone();
    start_on(&mut world, &url, "outbound").await;
    assert!(held(&world).await.is_empty());
}

async fn f27_rows_that_the_restored_copy_never_had_are_learnt_too(mut world: World) {
    world.load(crowd(PEOPLE)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.receipts_leave().await;
    // Nothing is planned yet in the copy.
    let backup = world.copied().await;
    world.sleep_until("2027-02-01T09:30:00Z");
    world.think().await;
    world.mailbox.clear();
    world.send().await;
    assert_eq!(world.mailbox.count(), PEOPLE as u64);
    start_on(&mut world, &backup, "outbound").await;
    assert_eq!(held(&world).await, [PEOPLE]);
    world.ctx.order(&Actor::operator(OPERATOR), holds::ResumeSending).await.unwrap();
    plan::tick(&world.ctx).await.unwrap();
    world.send().await;
    everybody_has_one(&world).await;
}

/// A backup into which the log of another file was brought: the count of groups is new, the rows are old.
async fn f27_rows_that_are_older_than_the_count_are_found_after_a_kill(mut world: World) {
    letters_due(&mut world).await;
    let url = world.url.clone();
    world.send().await;
    assert_eq!(world.mailbox.count(), PEOPLE as u64);
    let old = "UPDATE message SET state = 'planned', attempt = 0, marked_at = NULL, settled_at = NULL, first_tried_at = NULL, answer = NULL
        WHERE contact_id IS NOT NULL AND state = 'sent'";
    execute(&url, old).await;
    // The twin: a run that says that it ended in good order is believed, and the count tells nothing.
    world.ctx.outbound.as_ref().unwrap().close(world.now());
    start_on(&mut world, &url, "outbound").await;
    assert!(held(&world).await.is_empty());
    // And now it was killed.
    start_on(&mut world, &url, "outbound").await;
    assert_eq!(held(&world).await, [PEOPLE], "each one that left is named");
    assert_eq!(world.send().await.settled, 0);
    world.ctx.order(&Actor::operator(OPERATOR), holds::ResumeSending).await.unwrap();
    world.send().await;
    assert!(world.mailbox.duplicates().is_empty());
    assert_eq!(world.mailbox.count(), PEOPLE as u64);
    // What was settled is known at the next start, also after a kill.
    start_on(&mut world, &url, "outbound").await;
    assert!(held(&world).await.is_empty());
}

async fn execute(url: &str, sql: &'static str) {
    if url.starts_with("sqlite:") {
        let mut c = sqlx::SqliteConnection::connect(url).await.unwrap();
        sqlx::query(sql).execute(&mut c).await.unwrap();
        c.close().await.unwrap();
    } else {
        let mut c = sqlx::PgConnection::connect(url).await.unwrap();
        sqlx::query(sql).execute(&mut c).await.unwrap();
        c.close().await.unwrap();
    }
}

async fn f27_what_was_stopped_before_its_dot_is_doubted_by_nobody(mut world: World) {
    world.with_connections(1);
    letters_due(&mut world).await;
    let backup = world.copied().await;
    let ctx = world.ctx.clone();
    let lane = rounds::by_slug(&mut ctx.db.read().await.unwrap(), ROUND).await.unwrap().unwrap().id;
    // While the first waits for its answer, somebody who is claimed already asks for no more letters: the mark before that dot fails.
    let opts_out = async move {
        let mut tx = ctx.db.read().await.unwrap();
        let claimed = outbox::page(&mut tx, &Lane::from(&lane), Some(MessageState::Claimed), 100, 0).await.unwrap();
        drop(tx);
        let contact = claimed.iter().find_map(|m| m.contact_id.clone()).unwrap();
        ctx.order(
            &Actor::operator(OPERATOR),
            response::OptOutAsTold {
                contact: contact.clone(),
                length: response::Length::NeverAgain,
                how: "by phone".to_string(),
            },
        )
        .await
        .unwrap();
    };
    world.send_and_at_the_first_dot(opts_out).await;
    assert_eq!(world.mailbox.count(), PEOPLE as u64 - 1);
    start_on(&mut world, &backup, "outbound").await;
    assert_eq!(held(&world).await, [PEOPLE - 1], "those who have a letter, and nobody else");
    assert!(world.in_state(MessageState::InDoubt).await.is_empty());
}

async fn f14_a_copy_that_is_started_elsewhere_refuses_to_send(mut world: World) {
    letters_due(&mut world).await;
    let copy = world.copied().await;
    start_on(&mut world, &copy, "elsewhere").await;
    assert_eq!(held(&world).await, [0]);
    assert_eq!(world.send().await.settled, 0);
    assert_eq!(world.mailbox.count(), 0);
    // It stays so after a restart, and nobody else at work can be seen from a copy.
    let mut watch = Watch::default();
    look_after(&world.ctx, &mut watch).await.unwrap();
    look_after(&world.ctx, &mut watch).await.unwrap();
    start_on(&mut world, &copy, "elsewhere").await;
    assert_eq!(world.send().await.settled, 0);
    world.ctx.order(&Actor::operator(OPERATOR), holds::ResumeSending).await.unwrap();
    world.send().await;
    everybody_has_one(&world).await;
}

async fn f14_a_lost_journal_is_asked_about_once(mut world: World) {
    letters_due(&mut world).await;
    let url = world.url.clone();
    start_on(&mut world, &url, "another-disk").await;
    assert_eq!(held(&world).await, [0]);
    assert_eq!(world.send().await.settled, 0);
    world.ctx.order(&Actor::operator(OPERATOR), holds::ResumeSending).await.unwrap();
    start_on(&mut world, &url, "another-disk").await;
    assert!(held(&world).await.is_empty());
    world.send().await;
    everybody_has_one(&world).await;
}

async fn f14_a_start_a_restart_and_a_crash_ask_nothing(mut world: World) {
    world.with_connections(3);
    letters_due(&mut world).await;
    let url = world.url.clone();
    let mut doubts = 0;
    for dots in [1, 5, 9] {
        world.crash_after_dots(dots).await;
        start_on(&mut world, &url, "outbound").await;
        assert!(held(&world).await.is_empty());
        let doubted = delivery::recover(&world.ctx, true).await.unwrap();
        assert!(doubted <= 3, "{doubted} in doubt with three connections");
        doubts += doubted;
    }
    world.send().await;
    assert!(world.mailbox.duplicates().is_empty());
    assert!(world.mailbox.count() + doubts >= PEOPLE as u64);
    assert!(
        world.in_state(MessageState::Planned).await.is_empty()
            && world.in_state(MessageState::Claimed).await.is_empty()
    );
    world.promises_hold().await;
}

async fn f14_a_daemon_that_joins_another_at_work_asks_nothing(mut world: World) {
    letters_due(&mut world).await;
    let mut other = world.elsewhere(&world.url.clone()).await;
    other.outbound = Some(journal(&other, &world.folder.path().join("second")).await);
    let (mut first, mut second) = (Watch::default(), Watch::default());
    assert_eq!(
        delivery::drain(&other, &mut world.new_lines()).await.unwrap().settled,
        0,
        "it waits for a sign of life"
    );
    look_after(&other, &mut second).await.unwrap();
    assert_eq!(held(&world).await, [0]);
    look_after(&world.ctx, &mut first).await.unwrap();
    look_after(&other, &mut second).await.unwrap();
    assert!(held(&world).await.is_empty());
    assert_eq!(delivery::drain(&other, &mut world.new_lines()).await.unwrap().settled, PEOPLE as u64);
    everybody_has_one(&world).await;
}

async fn f14_lost_commits_are_noticed_while_the_daemon_runs(mut world: World) {
    letters_due(&mut world).await;
    let replica = world.copied().await;
    world.crash_after_dots(5).await;
    // A replica that lacks the last commits takes over; the daemon goes on with it.
    let other = world.elsewhere(&replica).await;
    world.ctx = world.ctx.restarted();
    world.ctx.db = other.db;
    world.lines = world.new_lines();
    let refused = delivery::drain(&world.ctx, &mut world.lines).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Refused);
    assert_eq!(held(&world).await, [5]);
    assert_eq!(world.mailbox.count(), 5, "nothing has left since");
    world.ctx.order(&Actor::operator(OPERATOR), holds::ResumeSending).await.unwrap();
    world.ctx.clock.turn_to(world.now().plus(16 * 60_000));
    delivery::recover(&world.ctx, false).await.unwrap();
    world.send().await;
    everybody_has_one(&world).await;
}

async fn f13_a_full_disk_under_the_journal_stops_sending_and_nothing_is_lost(mut world: World) {
    letters_due(&mut world).await;
    let disk = world.folder.path().join("small");
    std::fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=32k", "tmpfs"]).arg(&disk).status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no small disk can be mounted here");
        return;
    }
    let url = world.url.clone();
    start_on(&mut world, &url, "small/outbound").await;
    world.ctx.order(&Actor::operator(OPERATOR), holds::ResumeSending).await.unwrap();
    std::fs::write(disk.join("ballast"), vec![0; 20 * 1_024]).unwrap();
    let stopped = delivery::drain(&world.ctx, &mut world.lines).await.unwrap_err();
    assert!(stopped.what.contains("outbound journal cannot be written"), "{stopped}");
    let gone = world.mailbox.count();
    assert!((1..PEOPLE as u64).contains(&gone));
    assert!(
        world.in_state(MessageState::InDoubt).await.is_empty()
            && world.in_state(MessageState::Sending).await.is_empty()
    );
    let claimed = world.in_state(MessageState::Claimed).await.len();
    let _ = delivery::drain(&world.ctx, &mut world.lines).await;
    assert!(world.in_state(MessageState::Claimed).await.len() <= claimed, "nothing new is claimed");
    assert_eq!(world.mailbox.count(), gone);
    std::fs::remove_file(disk.join("ballast")).unwrap();
    world.ctx.clock.turn_to(world.now().plus(16 * 60_000));
    delivery::recover(&world.ctx, false).await.unwrap();
    world.send().await;
    everybody_has_one(&world).await;
    world.ctx.outbound = None;
    world.lines.clear();
    assert!(Command::new("umount").arg("-l").arg(&disk).status().unwrap().success());
}

async fn reconcile_names_whom_ledger_journal_and_relay_disagree_about(mut world: World) {
    letters_due(&mut world).await;
    world.send().await;
    let folder = world.folder.path().join("outbound");
    let same = with_journal(&world.ctx, ROUND, &folder).await.unwrap();
    assert_eq!((same.differences.len(), same.unreadable_lines), (0, 0), "{:?}", same.differences);
    assert!(same.left_here >= PEOPLE && same.known_there == same.left_here);
    // The relay knows all but one, and one has bounced there.
    let ids: Vec<String> = world.mailbox.all().iter().map(|mail| mail.message_id.clone()).collect();
    let mut log = String::new();
    for (n, id) in ids.iter().enumerate().skip(1) {
        let status = if n == 1 { "bounced (550 5.1.1 no such user)" } else { "sent (250 ok)" };
        let id = id.trim_matches(['<', '>']);
        log += &format!("Feb  1 09:30:01 relay postfix/cleanup[1]: Q{n}: message-id=<{id}>\n");
        log += &format!("Feb  1 09:30:02 relay postfix/smtp[2]: Q{n}: to=<x@y.example>, status={status}\n");
    }
    let file = world.folder.path().join("mail.log");
    std::fs::write(&file, log).unwrap();
    let relay = with_relay(&world.ctx, ROUND, &file).await.unwrap();
    let mut said: Vec<&str> =
        relay.differences.iter().filter(|d| d.kind == "warm-up").map(|d| d.there.as_str()).collect();
    said.sort_unstable();
    assert_eq!(said, ["bounced: 550 5.1.1 no such user", "not in the log"]);
    assert!(relay.differences.iter().all(|d| d.email.contains('@') && !d.person.is_empty()));
}
