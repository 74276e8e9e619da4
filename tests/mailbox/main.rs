//! A real mailbox: Dovecot on loopback, read over IMAP while mails come, go, change their numbers, and the connection breaks.
//!
//! Skipped with a line where there is no Dovecot; on CI that is a failure.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

#[expect(dead_code, unused_imports, reason = "the fixture of all tests; the mailbox needs a part of it")]
#[macro_use]
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/dovecot.rs"]
mod dovecot;
mod endless;
mod relay;

use std::time::{Duration, Instant};

use common::reports::{answer, report};
use common::{ANN, BEN, CYD, World};
use dovecot::Dovecot;
use soundings::rules::message::MessageState;
use soundings::steps::replies::{self, check};
use soundings::store;

on_both!(
    f25_each_mail_is_acted_upon_once,
    f25_new_numbers_of_the_same_mails_change_nothing,
    f25_mails_that_somebody_deletes_are_no_obstacle,
    f25_a_connection_that_drops_in_the_middle_loses_nothing,
    f25_a_crash_before_the_commit_reads_them_again,
    a_mail_is_read_as_it_arrives,
    a_large_mail_is_read_at_its_beginning_only,
    f25_many_mails_at_once_are_read_in_batches,
);

const NO_USER: &str = "550 5.1.1 <ann.lee@globex.example>: Recipient address rejected: User unknown";

async fn verdicts(world: &World) -> Vec<String> {
    let mut all: Vec<String> = world.made_of_it().await.into_iter().map(|r| r.verdict).collect();
    all.sort();
    all
}

/// A round in which Ann, Ben and Cyd are invited, and a mailbox.
async fn invited(world: &mut World) -> Option<Dovecot> {
    let dovecot = dovecot::start()?;
    world.takes_replies();
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    Some(dovecot)
}

async fn f25_each_mail_is_acted_upon_once(mut world: World) {
    let Some(mut dovecot) = invited(&mut world).await else { return };
    let settings = dovecot.settings();
    assert_eq!(replies::read_once(&world.ctx, &settings).await.unwrap(), 0, "an empty mailbox");
    let bounce = report(&world.mail_to(ANN, "invitation"), ANN, "failed", "5.1.1", NO_USER);
    for _ in 0..50 {
        dovecot.deliver(&bounce);
    }
    dovecot.deliver(&answer(&world.mail_to(BEN, "invitation"), BEN, "Gladly."));
    assert_eq!(replies::read_once(&world.ctx, &settings).await.unwrap(), 51);
    assert_eq!(verdicts(&world).await, ["dead", "reply"]);
    assert_eq!(world.row(ANN, "invitation").await.state, MessageState::Failed);
    assert_eq!(replies::read_once(&world.ctx, &settings).await.unwrap(), 0, "what was read is not asked for again");
    assert_eq!(dovecot.mails().len(), 51, "nothing is deleted");
    assert!(dovecot.mails().iter().all(|file| !file.to_string_lossy().contains(":2,S")), "nothing is marked");
    let told = check(&world.ctx, &settings).await.unwrap();
    assert!(told.iter().all(|(well, _)| *well) && told[0].1.contains("was read just now"), "{told:?}");
    let wrong = soundings::config::Replies { imap_password: "canary-4711".into(), ..settings };
    let told = check(&world.ctx, &wrong).await.unwrap();
    assert!(!told[0].0 && !told[0].1.contains("canary"), "{told:?}");
    world.promises_hold().await;
}

async fn f25_new_numbers_of_the_same_mails_change_nothing(mut world: World) {
    let Some(mut dovecot) = invited(&mut world).await else { return };
    let settings = dovecot.settings();
    dovecot.deliver(&answer(&world.mail_to(BEN, "invitation"), BEN, "Gladly."));
    dovecot.deliver(&report(&world.mail_to(ANN, "invitation"), ANN, "failed", "5.1.1", NO_USER));
    assert_eq!(replies::read_once(&world.ctx, &settings).await.unwrap(), 2);
    let before = world.person(ANN).await.version;
    // Numbers count seconds: a mailbox that was made anew has another validity.
    std::thread::sleep(Duration::from_millis(1_100));
    dovecot.forget_numbers();
    dovecot.deliver(&answer(&world.mail_to(CYD, "invitation"), CYD, "Later."));
    assert_eq!(replies::read_once(&world.ctx, &settings).await.unwrap(), 3, "all are looked at again");
    assert_eq!(verdicts(&world).await, ["dead", "reply", "reply"]);
    assert_eq!(world.person(ANN).await.version, before);
    assert_eq!(replies::read_once(&world.ctx, &settings).await.unwrap(), 0);
    world.promises_hold().await;
}

async fn f25_mails_that_somebody_deletes_are_no_obstacle(mut world: World) {
    let Some(mut dovecot) = invited(&mut world).await else { return };
    let settings = dovecot.settings();
    for n in 0..120 {
        dovecot.deliver(&answer(&world.mail_to(BEN, "invitation"), BEN, &format!("Number {n}.")));
    }
    // Somebody clears up while we read: every third file goes as soon as the first mails have been read.
    let files = dovecot.mails();
    let (ctx, reading) = (world.ctx.clone(), settings.clone());
    let reading = tokio::spawn(async move { replies::read_once(&ctx, &reading).await });
    for file in files.iter().step_by(3) {
        // Dovecot may have moved it from new to cur by now.
        let moved = file.to_string_lossy().replace("/new/", "/cur/") + ":2,";
        let _ = std::fs::remove_file(file).or_else(|_| std::fs::remove_file(moved));
    }
    reading.await.unwrap().unwrap();
    dovecot.deliver(&report(&world.mail_to(ANN, "invitation"), ANN, "failed", "5.1.1", NO_USER));
    replies::read_once(&world.ctx, &settings).await.unwrap();
    let verdicts = verdicts(&world).await;
    let read = verdicts.iter().filter(|v| *v == "reply").count();
    assert!(read >= 80, "those that were left are read: {read}");
    assert_eq!(verdicts.iter().filter(|v| *v == "dead").count(), 1);
    world.promises_hold().await;
}

async fn f25_a_connection_that_drops_in_the_middle_loses_nothing(mut world: World) {
    let Some(mut dovecot) = invited(&mut world).await else { return };
    for n in 0..200 {
        dovecot.deliver(&answer(
            &world.mail_to(BEN, "invitation"),
            BEN,
            &format!("Number {n}. {}", "words ".repeat(200)),
        ));
    }
    dovecot.deliver(&report(&world.mail_to(ANN, "invitation"), ANN, "failed", "5.1.1", NO_USER));
    // Every connection breaks after some octets of answers, later each time.
    let mut failures = 0;
    for octets in [100, 700, 5_000, 9_000, 20_000, 60_000, 120_000, 200_000] {
        let port = relay::that_breaks_after(dovecot.port, octets).await;
        failures += u32::from(replies::read_once(&world.ctx, &Dovecot::settings_through(port)).await.is_err());
    }
    assert!(failures >= 6, "{failures}");
    replies::read_once(&world.ctx, &dovecot.settings()).await.unwrap();
    let verdicts = verdicts(&world).await;
    assert_eq!(verdicts.len(), 201);
    assert!(verdicts.iter().all(|v| v == "reply" || v == "dead"), "nothing is put aside: {verdicts:?}");
    world.promises_hold().await;
}

async fn f25_a_crash_before_the_commit_reads_them_again(mut world: World) {
    let Some(mut dovecot) = invited(&mut world).await else { return };
    for n in 0..150 {
        dovecot.deliver(&answer(&world.mail_to(BEN, "invitation"), BEN, &format!("Number {n}.")));
    }
    dovecot.deliver(&report(&world.mail_to(ANN, "invitation"), ANN, "failed", "5.1.1", NO_USER));
    let settings = dovecot.settings();
    let name = settings.mailbox_name().unwrap();
    for milliseconds in [5, 15, 30, 60, 90] {
        // Killed: the future is dropped wherever it is.
        let reading = replies::read_once(&world.ctx, &settings);
        let _ = tokio::time::timeout(Duration::from_millis(milliseconds), reading).await;
        let mut tx = world.ctx.db.read().await.unwrap();
        let cursor = store::replies::cursor(&mut tx, &name).await.unwrap().map_or(0, |c| c.last_uid);
        drop(tx);
        let read = world.made_of_it().await.len() as i64;
        assert!(read >= cursor, "the cursor is at {cursor}, and {read} are read");
    }
    replies::read_once(&world.ctx, &settings).await.unwrap();
    assert_eq!(verdicts(&world).await.len(), 151);
    world.promises_hold().await;
}

async fn a_mail_is_read_as_it_arrives(mut world: World) {
    let Some(mut dovecot) = invited(&mut world).await else { return };
    let reading = tokio::spawn(replies::read_on(world.ctx.clone(), "reading", dovecot.settings()));
    for (n, to) in [ANN, BEN, CYD].into_iter().enumerate() {
        tokio::time::sleep(Duration::from_millis(700)).await;
        let since = Instant::now();
        dovecot.deliver(&answer(&world.mail_to(to, "invitation"), to, "Gladly."));
        while world.made_of_it().await.len() <= n {
            assert!(since.elapsed() < Duration::from_secs(45), "not read: {}", dovecot.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    world.ctx.stop();
    tokio::time::timeout(Duration::from_secs(10), reading).await.unwrap().unwrap();
}

async fn a_large_mail_is_read_at_its_beginning_only(mut world: World) {
    let Some(mut dovecot) = invited(&mut world).await else { return };
    let mail =
        answer(&world.mail_to(BEN, "invitation"), BEN, &format!("See below.\r\n\r\n{}", "x".repeat(70).as_str()));
    let large = mail + &"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n".repeat(200_000);
    assert!(large.len() > 12_000_000);
    dovecot.deliver(&large);
    assert_eq!(replies::read_once(&world.ctx, &dovecot.settings()).await.unwrap(), 1);
    assert_eq!(verdicts(&world).await, ["reply"]);
    let words = &world.made_of_it().await[0].words;
    assert!(words.starts_with("See below.") && words.len() <= 16 * 1024, "{}", words.len());
}

/// `SOUNDINGS_MAILS=n` for more of them; the time and the memory that they took are printed.
async fn f25_many_mails_at_once_are_read_in_batches(mut world: World) {
    let Some(mut dovecot) = invited(&mut world).await else { return };
    let many = std::env::var("SOUNDINGS_MAILS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let invitation = world.mail_to(BEN, "invitation");
    for n in 0..many {
        dovecot.deliver(&answer(&invitation, BEN, &format!("Number {n}. {}", "words and more words\n".repeat(100))));
    }
    let (since, before) = (Instant::now(), memory());
    assert_eq!(replies::read_once(&world.ctx, &dovecot.settings()).await.unwrap(), many);
    let more = memory().saturating_sub(before);
    eprintln!("{many} mails in {:.1} s, {more} KiB of memory more at the most", since.elapsed().as_secs_f64());
    assert_eq!(world.made_of_it().await.len() as u64, many);
    assert!(more < 150 * 1024, "{more} KiB more for {many} mails");
}

/// The most memory that this process has had so far, in KiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
