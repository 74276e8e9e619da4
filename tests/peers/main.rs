//! Our conversation with five real mail servers on loopback: Postfix, Exim, OpenSMTPD, aiosmtpd and Dovecot. Each takes our messages byte for
//! byte, refuses, is too small, hangs up and encrypts in its own way; the reports and absences that real programs write are understood.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

mod servers;
mod returned;

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use servers::{Peer, lines, testdata};
use soundings::base::address::EmailAddress;
use soundings::config::smtp::{Security, SmtpSettings};
use soundings::mail::smtp::{Connection, Envelope};
use soundings::rehearsal::mailbox::Mailbox;
use soundings::rules::sending::delivery::{Cause, Failure, Reply, Stage};

pub fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".into(),
        port,
        hello_name: "sender.example".into(),
        authorities: Some(testdata("authority.pem").into()),
        time_out_factor: 0.1,
        ..SmtpSettings::default()
    }
}

pub fn to(address: &str) -> Envelope {
    Envelope {
        from: "bounce@sender.example".into(),
        to: EmailAddress::parse(address).unwrap(),
        id: "peer".into(),
        tell_arrival: false,
    }
}

pub async fn send(connection: &mut Connection, address: &str, message: &[u8]) -> Result<Reply, Failure> {
    connection.offer(&to(address), message).await?;
    connection.finish().await
}

/// What servers have got wrong: lines of dots, a dot at the very beginning and end, eight-bit text, long lines, an empty end.
fn messages() -> Vec<Vec<u8>> {
    let head = |n: usize| {
        format!(
            "From: Laura <conversation@sender.example>\r\nTo: anna@contact.example\r\nSubject: {n}\r\nDate: Mon, 8 Feb 2027 09:00:00 +0000\r\n\
             Message-ID: <{n}@sender.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        )
    };
    let long = "x".repeat(990);
    let bodies = [
        ".\r\n..\r\n.hello\r\n...\r\nthe end\r\n.\r\n".to_string(),
        "Gr\u{fc}\u{df}e aus K\u{f6}ln, \u{65e5}\u{672c}\u{8a9e}, \u{1f600}\r\n\r\n\r\n".to_string(),
        format!("{long}\r\n.{long}\r\nFrom here on\r\n>From here\r\n"),
        "plain\r\n".to_string(),
    ];
    bodies.iter().enumerate().map(|(n, body)| [head(n).as_bytes(), body.as_bytes()].concat()).collect()
}

fn body(message: &[u8]) -> &[u8] {
    let end = message.windows(2).position(|two| two == b"\n\n").unwrap();
    &message[end + 2..]
}

/// Until so many have been delivered.
async fn delivered(peer: &Peer, user: &str, count: usize) -> Vec<Vec<u8>> {
    let began = Instant::now();
    loop {
        let mails = peer.mails(user);
        if mails.len() >= count {
            assert_eq!(mails.len(), count, "{}", peer.name);
            return mails;
        }
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{}: {} of {count}\n{}",
            peer.name,
            mails.len(),
            peer.said()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Every message there once, byte for byte, whatever the order.
fn all_arrived(name: &str, sent: &[Vec<u8>], came: &[Vec<u8>]) {
    for message in sent {
        let message = lines(message);
        let subject = message.split(|b| *b == b'\n').find(|line| line.starts_with(b"Subject:")).unwrap();
        let mine: Vec<&Vec<u8>> =
            came.iter().filter(|mail| mail.split(|b| *b == b'\n').any(|line| line == subject)).collect();
        let shown = String::from_utf8_lossy(subject);
        assert_eq!(mine.len(), 1, "{name}: {shown}");
        let (wanted, got) = (body(&message), body(mine[0]));
        // A server may add the empty line at the end that mbox files had.
        assert!(
            got == wanted,
            "{name}: {shown}\n{:?}\n{:?}",
            String::from_utf8_lossy(wanted),
            String::from_utf8_lossy(got)
        );
    }
}

/// Whether the server offers to be asked several things at once.
fn offers_pipelining(port: u16) -> bool {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let (mut answers, mut stream) = (BufReader::new(stream.try_clone().unwrap()), stream);
    let mut line = String::new();
    answers.read_line(&mut line).unwrap();
    stream.write_all(b"EHLO sender.example\r\n").unwrap();
    let mut offered = false;
    loop {
        line.clear();
        answers.read_line(&mut line).unwrap();
        offered |= line.contains("PIPELINING");
        if !line.starts_with("250-") {
            return offered;
        }
    }
}

async fn talk(peer: Peer) {
    let name = peer.name;
    assert_eq!(offers_pipelining(peer.strict), peer.pipelining, "{name}");
    let mut connection = Connection::open(&settings(peer.strict)).await.unwrap();
    let mut sent = messages();
    for message in &sent {
        let reply = send(&mut connection, "anna@contact.example", message).await;
        assert!(reply.as_ref().is_ok_and(Reply::positive), "{name}: {reply:?}\n{}", peer.said());
    }
    assert_eq!(connection.sent(), 4, "all over one connection");

    // Refused in the middle of what was asked at once; the next message goes over the same connection.
    let refusal = send(&mut connection, "gone@contact.example", &sent[0]).await.unwrap_err();
    assert_eq!(refusal.stage, Stage::Recipient, "{name}: {refusal}");
    assert!(matches!(&refusal.cause, Cause::Reply(reply) if (500..600).contains(&reply.code)), "{name}: {refusal}");
    assert!(connection.usable(), "{name}");

    // Larger than the server takes: not a byte of it is sent.
    let mut large = messages().remove(3);
    large.extend(b"0123456789abcdef\r\n".repeat(10_000));
    let refusal = send(&mut connection, "anna@contact.example", &large).await.unwrap_err();
    assert!(refusal.stage <= Stage::Mail, "{name}: {refusal}");
    if !connection.usable() {
        connection = Connection::open(&settings(peer.strict)).await.unwrap();
    }
    let after = String::from_utf8(sent[3].clone()).unwrap().replace("Subject: 3", "Subject: after");
    send(&mut connection, "anna@contact.example", after.as_bytes()).await.unwrap();
    sent.push(after.into_bytes());

    if peer.hangs_up {
        tokio::time::sleep(Duration::from_millis(5_500)).await;
        assert!(!connection.check_idle().await, "{name}: it has hung up, and we did not notice");
    }
    connection.quit().await;

    // Encrypted, with an authority of ours; with the usual authorities nothing is said.
    if peer.encrypts {
        let encrypted = SmtpSettings { security: Security::Starttls, ..settings(peer.strict) };
        let mut connection = Connection::open(&encrypted).await.unwrap();
        let inside = String::from_utf8(sent[3].clone()).unwrap().replace("Subject: 3", "Subject: encrypted");
        send(&mut connection, "anna@contact.example", inside.as_bytes()).await.unwrap();
        sent.push(inside.into_bytes());
        connection.quit().await;
        let unknown = SmtpSettings { authorities: None, ..encrypted };
        assert_eq!(Connection::open(&unknown).await.err().map(|f| f.stage), Some(Stage::Tls), "{name}");
    }

    let came = delivered(&peer, "anna", sent.len()).await;
    all_arrived(name, &sent, &came);
    let named = came.iter().filter(|mail| String::from_utf8_lossy(mail).contains("sender.example")).count();
    assert_eq!(named, came.len(), "{name} knows us by our name");
}

#[tokio::test(flavor = "multi_thread")]
async fn f06_f07_f12_postfix_takes_refuses_and_hangs_up() {
    if let Some(peer) = servers::postfix() {
        talk(peer).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f06_f07_f12_exim_takes_refuses_and_hangs_up() {
    if let Some(peer) = servers::exim() {
        talk(peer).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f06_f07_opensmtpd_takes_and_refuses_without_pipelining() {
    if let Some(peer) = servers::opensmtpd() {
        talk(peer).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f06_f07_f12_aiosmtpd_takes_refuses_and_hangs_up() {
    if let Some(peer) = servers::aiosmtpd() {
        talk(peer).await;
    }
}

/// Dovecot asks for a login, which it offers only inside the encryption, and hands on what it takes.
#[tokio::test(flavor = "multi_thread")]
async fn s28_dovecot_takes_after_starttls_and_login() {
    let mailbox = Mailbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let Some(peer) = servers::dovecot(mailbox.address().port()) else { return };
    let inside = SmtpSettings {
        security: Security::Starttls,
        username: "laura".into(),
        password: "hunter2".into(),
        ..settings(peer.strict)
    };
    let mut connection = Connection::open(&inside).await.unwrap();
    let sent = messages();
    for message in &sent {
        let reply = send(&mut connection, "anna@contact.example", message).await;
        assert!(reply.as_ref().is_ok_and(Reply::positive), "{reply:?}\n{}", peer.said());
    }
    let mut large = sent[3].clone();
    large.extend(b"0123456789abcdef\r\n".repeat(10_000));
    assert!(send(&mut connection, "anna@contact.example", &large).await.unwrap_err().stage <= Stage::Mail);
    connection.quit().await;
    let came: Vec<Vec<u8>> = mailbox.all().into_iter().map(|mail| lines(&mail.raw)).collect();
    assert_eq!(came.len(), sent.len());
    all_arrived("Dovecot", &sent, &came);
    let wrong = SmtpSettings { password: "wrong".into(), ..inside };
    let failure = Connection::open(&wrong).await.err().unwrap();
    assert!(failure.stage == Stage::Login && !failure.to_string().contains("wrong"), "{failure}");
}

/// The negative twin: a changed byte, a missing and a doubled message are seen.
#[test]
fn the_comparison_sees_a_dot_too_few() {
    let sent = messages();
    let came: Vec<Vec<u8>> = sent.iter().map(|m| lines(m)).collect();
    all_arrived("sound", &sent, &came);
    let differs = |came: &[Vec<u8>]| std::panic::catch_unwind(|| all_arrived("planted", &sent, came)).is_err();
    let mut dotless = came.clone();
    let at = dotless[0].windows(6).position(|w| w == b".hello").unwrap();
    dotless[0].remove(at);
    assert!(differs(&dotless));
    assert!(differs(&came[1..]));
    assert!(differs(&[came.clone(), vec![came[0].clone()]].concat()));
}
