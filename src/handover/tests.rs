//! The webhook against receivers that answer well, badly, slowly and from the wrong place.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::base::clock::Ts;
use crate::config;
use crate::handover::signature::Secrets;

use super::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn settings(url: String, allow: bool) -> config::ScoringSettings {
    config::ScoringSettings {
        url: Some(url),
        secret: SECRET.into(),
        allow_private_addresses: allow,
        ..config::ScoringSettings::default()
    }
}

/// Answers every connection with these bytes and closes; passes on what it was sent.
async fn receiver(answer: Vec<u8>) -> (SocketAddr, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            let mut part = [0; 4096];
            while !request.ends_with(b"END") {
                match stream.read(&mut part).await {
                    Ok(n) if n > 0 => request.extend_from_slice(&part[..n]),
                    _ => break,
                }
            }
            let _ = tell.send(String::from_utf8_lossy(&request).into_owned());
            let _ = stream.write_all(&answer).await;
        }
    });
    (address, told)
}

async fn answered(answer: &str) -> Delivered {
    let (address, _told) = receiver(answer.as_bytes().to_vec()).await;
    let scoring = Scoring::new(&settings(format!("http://{address}/in?key=canary"), true)).unwrap();
    scoring.deliver(&"msg_1".into(), Ts(1_802_000_000_123), "{} END").await
}

#[tokio::test]
async fn f18_posts_what_was_signed() {
    let (address, mut told) = receiver(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()).await;
    let scoring = Scoring::new(&settings(format!("http://{address}/in"), true)).unwrap();
    let body = "{\"a\":\"\u{fc}\"} END";
    let done = scoring.deliver(&"msg_1".into(), Ts(1_802_000_000_123), body).await;
    assert_eq!(done, Delivered { confirmed: true, status: Some(204), ..Delivered::default() });
    let request = told.recv().await.unwrap();
    let (head, sent) = request.split_once("\r\n\r\n").unwrap();
    let header = |name: &str| head.lines().find_map(|l| l.strip_prefix(name)).unwrap().trim().to_owned();
    assert!(head.starts_with("POST /in HTTP/1.1"));
    assert_eq!(header("content-type:"), "application/json");
    assert_eq!((header("webhook-id:"), header("webhook-timestamp:")), ("msg_1".into(), "1802000000".into()));
    let signature = header("webhook-signature:");
    assert!(Secrets::parse(SECRET).unwrap().verify("msg_1", 1_802_000_000, sent, &signature, Ts(1_802_000_000_123)));
}

#[tokio::test]
async fn f18_refusals_keep_status_wish_and_words() {
    let done = answered("HTTP/1.1 429 Slow\r\nretry-after: 90\r\ncontent-length: 8\r\n\r\nlater \u{1}x").await;
    let expected = Delivered {
        confirmed: false,
        status: Some(429),
        retry_after: Some(90_000),
        text: "later  x".into(),
        is_page: false,
    };
    assert_eq!(done, expected);
    let dated = "HTTP/1.1 503 No\r\nretry-after: Sun, 07 Feb 2027 11:34:20 GMT\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(answered(dated).await.retry_after, Some(59_877));
    let cut = answered("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this").await;
    assert!(cut.confirmed, "{cut:?}");
    let silent = answered("").await;
    assert!(!silent.confirmed && silent.status.is_none() && !silent.text.is_empty());
    assert!(!silent.text.contains("canary"), "{silent:?}");
}

#[tokio::test]
async fn s12_redirects_are_not_followed() {
    let (trap, mut told) = receiver(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()).await;
    let done = answered(&format!("HTTP/1.1 307 There\r\nlocation: http://{trap}/\r\ncontent-length: 0\r\n\r\n")).await;
    assert_eq!((done.confirmed, done.status), (false, Some(307)));
    assert!(told.try_recv().is_err());
}

#[tokio::test]
async fn s12_a_huge_answer_is_cut_off() {
    let huge = format!("HTTP/1.1 500 No\r\ncontent-length: 100000000\r\n\r\n{}", "y".repeat(200_000));
    let done = answered(&huge).await;
    assert_eq!((done.status, done.text.len()), (Some(500), 500));
}

#[tokio::test]
async fn s12_nothing_inside_our_network_is_reached() {
    let reached = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = reached.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    for host in [
        "127.0.0.1",
        "0",
        "0x7f.1",
        "127.1",
        "2130706433",
        "017700000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]",
        "169.254.169.254",
        "[fe80::1]",
        "10.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "127\u{3002}0\u{3002}0\u{3002}1",
        "a@127.0.0.1",
    ] {
        let made = Scoring::new(&settings(format!("https://{host}:{port}/"), false));
        if let Ok(scoring) = made {
            let done = tokio::time::timeout(Duration::from_secs(5), scoring.deliver(&"msg_1".into(), Ts(0), "{}"))
                .await
                .unwrap();
            assert!(!done.confirmed && done.text.contains("not a public one"), "{host}: {done:?}");
        }
        assert!(Scoring::new(&settings(format!("http://{host}:{port}/"), false)).is_err(), "{host}");
    }
    assert_eq!(reached.load(Ordering::SeqCst), 0);

    // The twin: with leave given, the same harness sees the connection.
    let scoring = Scoring::new(&settings(format!("https://localhost:{port}/"), true)).unwrap();
    let _ = tokio::time::timeout(Duration::from_secs(1), scoring.deliver(&"msg_1".into(), Ts(0), "{}")).await;
    assert!(reached.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn s17_authorities_that_cannot_be_read_are_named() {
    let broken = config::ScoringSettings {
        authorities: Some("/no/such.pem".into()),
        ..settings("https://scoring.example/in".into(), false)
    };
    assert!(Scoring::new(&broken).unwrap_err().to_string().contains("/no/such.pem"));
    assert!(Scoring::new(&settings("https://scoring.example/in".into(), false)).is_ok());
}

#[tokio::test]
async fn a04_a_page_of_html_confirms_nothing_and_a_word_does() {
    let with = async |kind: &str, body: &str| {
        let kind = if kind.is_empty() { String::new() } else { format!("content-type: {kind}\r\n") };
        answered(&format!("HTTP/1.1 200 OK\r\n{kind}content-length: {}\r\n\r\n{body}", body.len())).await
    };
    for (kind, body) in [
        ("text/html; charset=utf-8", "<!DOCTYPE html><title>Log in</title>"),
        ("text/html", "\r\n  <HTML><body>x"),
        ("text/html", "<!-- portal --><meta http-equiv=refresh>"),
        ("", "<!doctype HTML>\n<html lang=en>"),
        ("application/json", "\u{feff}<!doctype html>"),
        ("application/xhtml+xml", "<?xml version=\"1.0\"?><html/>"),
    ] {
        let done = with(kind, body).await;
        assert!(!done.confirmed && done.is_page && done.status == Some(200), "{kind} {body}: {done:?}");
    }
    for (kind, body) in [
        ("text/html", "ok"),
        ("text/html; charset=utf-8", ""),
        ("application/json", "{\"ok\":true}"),
        ("", ""),
        ("text/plain", "thanks <b>"),
        ("application/xml", "<ok/>"),
    ] {
        assert!(with(kind, body).await.confirmed, "{kind} {body}");
    }
}
