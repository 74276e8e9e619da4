//! A mailbox that refuses, and mails that cannot be taken, are failing duties by their names until it works again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use soundings::config::Replies;
use soundings::config::smtp::Security;
use soundings::steps::replies;
use sqlx::{Connection, SqliteConnection};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::common::World;

on_both!(
    a_mailbox_that_refuses_is_a_failing_duty_until_it_is_read,
    a_mailbox_that_is_gone_is_a_failing_duty,
    mails_that_cannot_be_taken_are_a_failing_duty,
);

const READING: &str = "reading the mailbox";
const TAKING: &str = "taking mails that come back";

/// A server with an empty mailbox that refuses so many log-ins.
async fn refusing(times: u32) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let left = Arc::new(AtomicU32::new(times));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, left.clone()));
        }
    });
    port
}

async fn talk(mut stream: TcpStream, left: Arc<AtomicU32>) {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"* OK ready\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let (tag, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let word = rest.to_ascii_uppercase();
        let refuses = |n: u32| n.checked_sub(1);
        let answer = match word.split(' ').next().unwrap_or_default() {
            "LOGIN" if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, refuses).is_ok() => {
                format!("{tag} NO the account is locked\r\n")
            }
            "CAPABILITY" => format!("* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"),
            "EXAMINE" => format!("* 0 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n{tag} OK done\r\n"),
            _ => format!("{tag} OK done\r\n"),
        };
        if write.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn mailbox(port: u16) -> Replies {
    Replies {
        imap_host: Some("127.0.0.1".into()),
        imap_port: port,
        imap_security: Security::Plain,
        imap_username: "a".into(),
        imap_password: "b".into(),
        ..Replies::default()
    }
}

/// The failing duties, and what is said of each.
fn failing(world: &World) -> Vec<(String, String)> {
    let all = world.ctx.failures.now(world.now()).into_iter().filter(|failing| failing.is_duty());
    all.map(|failing| (failing.name, failing.what)).collect()
}

async fn until(world: &World, holds: impl Fn(&[(String, String)]) -> bool) {
    let began = Instant::now();
    while !holds(&failing(world)) {
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}", failing(world));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn a_mailbox_that_refuses_is_a_failing_duty_until_it_is_read(world: World) {
    let settings = mailbox(refusing(1).await);
    let reading = tokio::spawn(replies::read_on(world.ctx.clone(), READING, settings));
    until(&world, |failing| !failing.is_empty()).await;
    let [(name, what)] = &failing(&world)[..] else { unreachable!("one duty") };
    assert_eq!(name, READING);
    assert!(what.contains("it refuses the name and password"), "{what}");
    until(&world, <[_]>::is_empty).await;
    assert_eq!(world.ctx.failures.count(), 1);
    world.ctx.stop();
    tokio::time::timeout(Duration::from_secs(10), reading).await.unwrap().unwrap();
    assert_eq!(failing(&world), [], "an orderly stop is no failure");
}

async fn a_mailbox_that_is_gone_is_a_failing_duty(world: World) {
    let gone = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    let reading = tokio::spawn(replies::read_on(world.ctx.clone(), READING, mailbox(gone)));
    until(&world, |failing| failing.iter().any(|(name, _)| name == READING)).await;
    world.ctx.stop();
    tokio::time::timeout(Duration::from_secs(10), reading).await.unwrap().unwrap();
    assert_eq!(failing(&world).len(), 1, "nobody has read it since");
}

/// On SQLite only: there a trigger can be put into the database in one statement.
async fn mails_that_cannot_be_taken_are_a_failing_duty(mut world: World) {
    let Some(file) = world.url.strip_prefix("sqlite:").map(str::to_owned) else { return };
    world.takes_replies();
    let keep = replies::keep(&world.ctx, TAKING);
    let mail = b"From: a@globex.example\r\nTo: bounces@replies.northwind.example\r\n\r\nHello.\r\n".to_vec();
    let mut beside = SqliteConnection::connect(&format!("sqlite:{file}")).await.unwrap();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON reply BEGIN SELECT RAISE(ABORT, 'no'); END";
    sqlx::query(refuse).execute(&mut beside).await.unwrap();
    keep(mail.clone()).await.unwrap_err();
    assert_eq!(failing(&world).len(), 1);
    assert_eq!(failing(&world)[0].0, TAKING);
    sqlx::query("DROP TRIGGER refuse").execute(&mut beside).await.unwrap();
    keep(mail).await.unwrap();
    assert_eq!(failing(&world), []);
}
