//! Each fault does what its name says, and nothing does when none is set.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::raw_client::{Raw, mailbox};
use super::*;

const PLAIN: &str = "Subject: x\r\nMessage-ID: <1@x>\r\n\r\ntext\r\n.\r\n";

#[tokio::test]
async fn f07_recipients_are_refused_by_address_and_by_domain() {
    let mailbox = mailbox().await;
    let reply = "550 5.1.1 no <b>such</b> user".to_owned();
    mailbox.set_faults(vec![
        ServerFault::RefuseRecipient { address: "Gone@b.example".into(), reply: reply.clone() },
        ServerFault::RefuseRecipient {
            address: "@c.example".into(),
            reply: "550-5.7.1 blocked\r\n550 5.7.1 by policy".into(),
        },
    ]);
    let mut client = Raw::greeted(&mailbox).await;
    assert_eq!(client.send("gone@B.example", PLAIN).await, format!("{reply}\r\n"));
    assert!(client.answer().await.starts_with("503"));
    client.ask("RSET").await;
    assert!(client.send("any@c.example", PLAIN).await.ends_with("550 5.7.1 by policy\r\n"));
    client.answer().await;
    client.ask("RSET").await;
    assert!(client.send("here@b.example", PLAIN).await.starts_with("250"));
    mailbox.set_faults(Vec::new());
    assert!(client.send("gone@b.example", PLAIN).await.starts_with("250"));
    assert_eq!(mailbox.count(), 2);
}

#[tokio::test]
async fn f06_every_nth_recipient_is_put_off() {
    let mailbox = mailbox().await;
    mailbox.add_fault(ServerFault::TempfailEvery(3));
    let mut client = Raw::greeted(&mailbox).await;
    client.ask("MAIL FROM:<>").await;
    let mut codes = Vec::new();
    for _ in 0..6 {
        codes.push(client.ask("RCPT TO:<a@b.example>").await[..3].to_owned());
    }
    assert_eq!(codes, ["250", "250", "450", "250", "250", "450"]);
}

#[tokio::test]
async fn f02_the_answer_after_the_dot_gets_lost_and_the_mail_does_not() {
    let mailbox = mailbox().await;
    mailbox.set_faults(vec![ServerFault::DropAfterDot { every: 2 }]);
    let mut client = Raw::greeted(&mailbox).await;
    assert!(client.send("a@b.example", PLAIN).await.starts_with("250"));
    assert_eq!(client.send("a@b.example", PLAIN).await, "");
    assert_eq!((mailbox.count(), mailbox.all()[1].copies), (2, 2));
}

#[tokio::test]
async fn f01_the_connection_breaks_within_the_message() {
    let mailbox = mailbox().await;
    mailbox.set_faults(vec![ServerFault::DropBeforeDot { every: 1 }]);
    let mut client = Raw::greeted(&mailbox).await;
    assert_eq!(client.send("a@b.example", PLAIN).await, "");
    assert_eq!(mailbox.count(), 0);
}

#[tokio::test]
async fn f08_any_answer_can_be_slow() {
    let mailbox = mailbox().await;
    mailbox.set_faults(vec![ServerFault::Stall { stage: ServerStage::Dot, time: Duration::from_millis(200) }]);
    let mut client = Raw::greeted(&mailbox).await;
    let began = Instant::now();
    assert!(client.send("a@b.example", PLAIN).await.starts_with("250"));
    assert!(began.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn f06_every_stage_can_answer_otherwise() {
    for stage in [ServerStage::Mail, ServerStage::Recipient, ServerStage::Data] {
        let mailbox = mailbox().await;
        mailbox.set_faults(vec![ServerFault::Reply { stage, text: "451 4.3.0 later".into() }]);
        let mut client = Raw::greeted(&mailbox).await;
        assert_eq!(client.send("a@b.example", "").await, "451 4.3.0 later\r\n", "{stage:?}");
    }
    for (text, kept) in [("552 5.2.2 full", 0), ("no code at all", 1), ("250 2.0.0 fine", 1)] {
        let mailbox = mailbox().await;
        mailbox.set_faults(vec![ServerFault::Reply { stage: ServerStage::Dot, text: text.into() }]);
        let mut client = Raw::greeted(&mailbox).await;
        assert_eq!(client.send("a@b.example", PLAIN).await, format!("{text}\r\n"));
        assert_eq!(mailbox.count(), kept);
    }
    let mailbox = mailbox().await;
    mailbox.set_faults(vec![ServerFault::Reply { stage: ServerStage::Greeting, text: "421 4.3.2 full".into() }]);
    let mut client = Raw::connect(&mailbox).await;
    assert_eq!((client.answer().await.as_str(), client.answer().await.as_str()), ("421 4.3.2 full\r\n", ""));
}

#[tokio::test]
async fn f06_a_connection_carries_only_so_many() {
    let mailbox = mailbox().await;
    mailbox.set_faults(vec![ServerFault::CloseAfter(2)]);
    let mut client = Raw::greeted(&mailbox).await;
    assert!(client.send("a@b.example", PLAIN).await.starts_with("250"));
    assert!(client.send("a@b.example", PLAIN).await.starts_with("250"));
    assert!(client.send("a@b.example", PLAIN).await.starts_with("421"));
    assert_eq!(mailbox.count(), 2);
}

#[tokio::test]
async fn the_hook_runs_between_the_dot_and_the_answer() {
    let mailbox = mailbox().await;
    let seen = Arc::new(AtomicU64::new(0));
    let (count, watched) = (seen.clone(), mailbox.clone());
    mailbox.on_dot(Some(Arc::new(move |nth| {
        assert_eq!(watched.count(), nth, "kept before the answer");
        count.store(nth, Ordering::SeqCst);
    })));
    let mut client = Raw::greeted(&mailbox).await;
    for nth in 1..=2 {
        assert!(client.send("a@b.example", PLAIN).await.starts_with("250"));
        assert_eq!(seen.load(Ordering::SeqCst), nth);
    }
    // The hook holds a clone, so the server would live as long as the hook.
    mailbox.on_dot(None);
}

#[tokio::test]
async fn f06_greylisting_lets_in_who_tries_again() {
    let mailbox = mailbox().await;
    mailbox.add_fault(ServerFault::Greylist { addresses: ["a@b.example".to_owned()].into() });
    let mut client = Raw::greeted(&mailbox).await;
    assert!(client.send("A@b.example", PLAIN).await.starts_with("451"));
    client.answer().await;
    client.ask("RSET").await;
    assert!(client.send("a@b.example", PLAIN).await.starts_with("250"));
    assert_eq!(mailbox.count(), 1);
}
