//! The door, knocked at by servers that keep to the rules and by some that do not.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use crate::base::address::EmailAddress;
use crate::base::problem::{Kind, Problem};
use crate::config::LmtpAddress;

use super::lmtp::*;

type Kept = Arc<Mutex<Vec<String>>>;

/// A door on loopback that keeps mails, every `failing`-th of them with a problem.
async fn door(failing: u64) -> (u16, Kept) {
    let listener = open(&LmtpAddress::Loopback("127.0.0.1:0".parse().unwrap())).await.unwrap();
    let Listener::Tcp(tcp) = &listener else { unreachable!() };
    let port = tcp.local_addr().unwrap().port();
    let kept = Kept::default();
    tokio::spawn(serve(listener, ours(), keeper(kept.clone(), failing), std::future::pending()));
    (port, kept)
}

fn ours() -> EmailAddress {
    EmailAddress::parse("bounces@replies.example").unwrap()
}

fn keeper(kept: Kept, failing: u64) -> Keep {
    let count = AtomicU64::new(0);
    Arc::new(move |bytes| {
        let nth = count.fetch_add(1, Ordering::SeqCst) + 1;
        let kept = kept.clone();
        Box::pin(async move {
            if failing > 0 && nth.is_multiple_of(failing) {
                return Err(Problem::new(Kind::Unavailable, "The database does not answer.", ""));
            }
            kept.lock().unwrap().push(String::from_utf8(bytes).unwrap());
            Ok(())
        })
    })
}

/// Says it all and hands back the codes of all answers until the end.
async fn say(port: u16, text: &str) -> Vec<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut heard = String::new();
    // Message after message, so that nothing is said before it is asked for.
    for part in text.split_inclusive("DATA\r\n") {
        stream.write_all(part.as_bytes()).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    let _ = tokio::time::timeout(std::time::Duration::from_secs(2), stream.read_to_string(&mut heard)).await;
    let codes = heard.lines().filter(|line| line.as_bytes().get(3) == Some(&b' ')).map(|line| line[..3].to_string());
    codes.collect()
}

#[tokio::test]
async fn each_recipient_has_an_answer_of_its_own_and_a_250_means_kept() {
    let (port, kept) = door(2).await;
    let said = say(
        port,
        "LHLO mx.example\r\nMAIL FROM:<>\r\nRCPT TO:<bounces+one@replies.example>\r\nRCPT TO:<Bounces+Two@Replies.example>\r\n\
         RCPT TO:<somebody@replies.example>\r\nDATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n",
    )
    .await;
    assert_eq!(said, ["220", "250", "250", "250", "250", "550", "354", "250", "451", "221"]);
    let kept = kept.lock().unwrap();
    assert_eq!(
        kept.as_slice(),
        ["Return-Path: <>\r\nDelivered-To: bounces+one@replies.example\r\nSubject: x\r\n\r\n.dot\r\n"]
    );
}

#[tokio::test]
async fn s07_only_crlf_dot_crlf_ends_a_message_and_bare_line_ends_end_the_conversation() {
    for smuggled in ["\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r.\r\n"] {
        let (port, kept) = door(0).await;
        let said = say(
            port,
            &format!(
                "LHLO mx.example\r\nMAIL FROM:<>\r\nRCPT TO:<bounces@replies.example>\r\nDATA\r\nSubject: x\r\n\r\na{smuggled}\
                 MAIL FROM:<>\r\nRCPT TO:<bounces@replies.example>\r\nSubject: y\r\n\r\nb\r\n.\r\n"
            ),
        )
        .await;
        assert_eq!(said.last().map(String::as_str), Some("521"), "{smuggled:?}");
        assert!(kept.lock().unwrap().is_empty(), "{smuggled:?}");
    }
}

#[tokio::test]
async fn what_is_no_lmtp_is_refused() {
    let (port, kept) = door(0).await;
    let said = say(
        port,
        "EHLO mx.example\r\nMAIL FROM:<a@b.example>\r\nLHLO mx.example\r\nRCPT TO:<bounces@replies.example>\r\nDATA\r\nNONSENSE\r\nRSET\r\nQUIT\r\n",
    )
    .await;
    assert_eq!(said, ["220", "500", "503", "250", "503", "503", "500", "250", "221"]);
    assert!(kept.lock().unwrap().is_empty());
}

#[tokio::test]
async fn long_lines_and_nul_of_the_world_are_kept() {
    let (port, kept) = door(0).await;
    let long = "y".repeat(100_000);
    let said = say(
        port,
        &format!("LHLO mx.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<bounces@replies.example>\r\nDATA\r\n{long}\0\r\n.\r\nQUIT\r\n"),
    )
    .await;
    assert_eq!(said, ["220", "250", "250", "250", "354", "250", "221"]);
    assert!(kept.lock().unwrap()[0].contains(&long));
}

#[tokio::test]
async fn a_socket_that_a_killed_program_left_is_taken_over_and_a_living_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lmtp");
    let place = LmtpAddress::Unix(path.clone());
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(!answers(&place).await);
    let listener = open(&place).await.unwrap();
    assert!(open(&place).await.is_err(), "somebody answers there");
    tokio::spawn(serve(listener, ours(), keeper(Kept::default(), 0), std::future::pending()));
    assert!(answers(&place).await);
    let mut greeting = [0; 3];
    UnixStream::connect(&path).await.unwrap().read_exact(&mut greeting).await.unwrap();
    assert_eq!(&greeting, b"220");
}

/// A door whose patience is short.
async fn hasty_door() -> (u16, Kept) {
    let listener = open(&LmtpAddress::Loopback("127.0.0.1:0".parse().unwrap())).await.unwrap();
    let Listener::Tcp(tcp) = &listener else { unreachable!() };
    let port = tcp.local_addr().unwrap().port();
    let kept = Kept::default();
    let short = Duration::from_millis(200);
    let patience = Patience { first: short, silence: short * 4, whole: short * 8, goodbye: short };
    tokio::spawn(serve_for(listener, ours(), keeper(kept.clone(), 0), patience, std::future::pending()));
    (port, kept)
}

const A_MAIL: &str =
    "LHLO mx.example\r\nMAIL FROM:<>\r\nRCPT TO:<bounces@replies.example>\r\nDATA\r\nSubject: x\r\n\r\ny\r\n.\r\n";

#[tokio::test]
async fn s07_a_browser_delivers_nothing() {
    let attacks = [
        format!("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 200\r\n\r\n{A_MAIL}"),
        format!("GET /x HTTP/1.0\r\n\r\n{A_MAIL}"),
        format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{A_MAIL}"),
        format!("OPTIONS rtsp://127.0.0.1/ RTSP/1.0\r\n\r\n{A_MAIL}"),
        format!("USER a b c :d\r\n{A_MAIL}"),
        format!("{{\"a\": 1}}\r\n{A_MAIL}"),
        format!("\r\n{A_MAIL}"),
        // A proxy that adds the greeting by itself.
        format!("LHLO mx.example\r\nPOST / HTTP/1.1\r\nHost: x\r\n\r\n{A_MAIL}"),
    ];
    for attack in attacks {
        let (port, kept) = door(0).await;
        let said = say(port, &attack).await;
        assert_eq!(said.last().map(String::as_str), Some("421"), "{attack:?}: {said:?}");
        assert!(kept.lock().unwrap().is_empty(), "{attack:?}");
    }
    // Twin: the same mail without what stands before it is kept.
    let (port, kept) = door(0).await;
    say(port, A_MAIL).await;
    assert_eq!(kept.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn nonsense_long_lines_and_idle_commands_are_not_listened_to_for_ever() {
    for (words, last) in [
        ("LHLO mx.example\r\n".to_string() + &"NONSENSE\r\n".repeat(40), "421"),
        ("LHLO mx.example\r\n".to_string() + &"NOOP\r\n".repeat(400), "421"),
        ("LHLO mx.example\r\n".to_string() + &"RSET\r\nVRFY x\r\n".repeat(200), "421"),
        ("LHLO mx.example\r\n".repeat(400), "421"),
        ("LHLO mx.example\r\nMAIL FROM:<a@".to_string() + &"b".repeat(100_000), "500"),
        ("x".repeat(100_000), "500"),
    ] {
        let (port, _) = door(0).await;
        let said = say(port, &words).await;
        assert_eq!(said.last().map(String::as_str), Some(last), "{:.40}: {said:?}", words);
    }
    // Twin: a server that keeps its connection and delivers again and again is welcome.
    let (port, kept) = door(0).await;
    let again =
        "MAIL FROM:<>\r\nRCPT TO:<bounces@replies.example>\r\nDATA\r\nSubject: x\r\n\r\ny\r\n.\r\nRSET\r\nNOOP\r\n";
    say(port, &format!("LHLO mx.example\r\n{}QUIT\r\n", again.repeat(40))).await;
    assert_eq!(kept.lock().unwrap().len(), 40);
}

#[tokio::test]
async fn nobody_occupies_the_door_by_saying_nothing() {
    let (port, kept) = hasty_door().await;
    let mut idle = Vec::new();
    for n in 0..200 {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        // Half of them are polite first; some never read.
        if n % 2 == 0 {
            let _ = stream.write_all(b"LHLO mx.example\r\n").await;
        }
        idle.push(stream);
    }
    // The door is full until they are sent away.
    tokio::time::sleep(Duration::from_secs(2)).await;
    say(port, A_MAIL).await;
    assert_eq!(kept.lock().unwrap().len(), 1);
    for stream in &mut idle {
        let mut heard = String::new();
        let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_string(&mut heard)).await;
        assert!(ended.is_ok(), "still open after {heard:?}");
    }
    // Whoever keeps talking is told to begin again.
    let mut talker = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    talker.write_all(b"LHLO mx.example\r\n").await.unwrap();
    for _ in 0..40 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let _ = talker.write_all(b"NOOP\r\n").await;
    }
    let mut heard = String::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), talker.read_to_string(&mut heard)).await;
    assert!(heard.contains("421 4.3.2"), "{heard}");
}

#[tokio::test]
async fn c08_a_socket_is_open_to_our_group_and_to_nobody_else() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lmtp.sock");
    // Also where a killed program has left a wider or a narrower one.
    for left in [None, Some(0o777), Some(0o600)] {
        if let Some(mode) = left {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        let _door = open(&LmtpAddress::Unix(path.clone())).await.unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o660, "{left:?}");
        assert!(answers(&LmtpAddress::Unix(path.clone())).await);
    }
}
