//! A mailbox server of our own that never comes to an end, wherever it begins: it is left, soon and with little kept. Its twin is read.

use std::time::{Duration, Instant};

use soundings::config::Replies;
use soundings::config::smtp::Security;
use soundings::mail::mailbox::imap::{Mailbox, MailboxEntry};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Where the server begins to go on for ever.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Endless {
    Never,
    Greeting,
    GreetingLines,
    Login,
    Capabilities,
    Folder,
    /// One mail after the other, none of which is there.
    Listing,
    /// News of the mailbox instead of the list.
    News,
    Brackets,
    /// A mail of ten octets that goes on.
    Mail,
    MailAnnouncedAsHuge,
}

/// The port of such a server, and how many octets each of its connections got rid of.
async fn server(endless: Endless) -> (u16, UnboundedReceiver<u64>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let tell = tell.clone();
            tokio::spawn(async move { _ = tell.send(talk(stream, endless).await) });
        }
    });
    (port, told)
}

async fn talk(mut stream: tokio::net::TcpStream, endless: Endless) -> u64 {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    match endless {
        Endless::Greeting => return go_on(&mut write, "* OK ", &"x".repeat(4_096)).await,
        Endless::GreetingLines => return go_on(&mut write, "", "* BYE wait\r\n* 5 EXISTS\r\n").await,
        _ => {}
    }
    let mut sent = 0;
    if write.write_all(b"* OK ready\r\n").await.is_err() {
        return sent;
    }
    while let Ok(Some(line)) = lines.next_line().await {
        let (tag, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let word = rest.to_ascii_uppercase();
        let begins = |word_of: &str| word.starts_with(word_of);
        let without_end = match endless {
            Endless::Login if begins("LOGIN") => Some(("", "* OK not yet\r\n".to_string())),
            Endless::Capabilities if begins("CAPABILITY") => Some(("* CAPABILITY", " X".repeat(2_000))),
            Endless::Folder if begins("EXAMINE") => Some(("", "* 3 EXISTS\r\n* FLAGS (a)\r\n".into())),
            Endless::Listing if begins("UID FETCH") => Some(("", "* 1 FETCH (UID 1 RFC822.SIZE 10)\r\n".repeat(200))),
            Endless::News if begins("UID FETCH") => Some(("", "* 5 EXISTS\r\n* 1 EXPUNGE\r\n".repeat(200))),
            Endless::Brackets if begins("UID FETCH") => Some(("* 1 FETCH (BODYSTRUCTURE ", "(".repeat(4_096))),
            Endless::Mail if word.contains("BODY") => {
                Some(("* 1 FETCH (UID 1 BODY[] {4000000000}\r\n", "x".repeat(4_096)))
            }
            Endless::MailAnnouncedAsHuge if word.contains("BODY") => {
                Some(("* 1 FETCH (UID 1 BODY[]<0> {4000000000}\r\n", "x".repeat(4_096)))
            }
            _ => None,
        };
        if let Some((opening, more)) = without_end {
            return go_on(&mut write, opening, &more).await;
        }
        let octets = if endless == Endless::MailAnnouncedAsHuge { u32::MAX } else { 10 };
        let answer = if begins("CAPABILITY") {
            "* CAPABILITY IMAP4rev1\r\n".to_string()
        } else if begins("EXAMINE") {
            "* 3 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n".into()
        } else if word.contains("BODY") {
            (1..=3)
                .map(|n| {
                    format!("* {n} FETCH (UID {n} BODY[] {{10}}\r\n((((((((((\r\n)\r\n").replace("\r\n)\r\n", ")\r\n")
                })
                .collect()
        } else if begins("UID FETCH") {
            (1..=3).map(|n| format!("* {n} FETCH (UID {n} RFC822.SIZE {octets})\r\n")).collect()
        } else {
            String::new()
        };
        sent += answer.len() as u64;
        if write.write_all(format!("{answer}{tag} OK done\r\n").as_bytes()).await.is_err() {
            break;
        }
    }
    sent
}

async fn go_on(write: &mut (impl AsyncWriteExt + Unpin), opening: &str, more: &str) -> u64 {
    let mut sent = 0;
    let _ = write.write_all(opening.as_bytes()).await;
    while write.write_all(more.as_bytes()).await.is_ok() {
        sent += more.len() as u64;
    }
    sent
}

async fn read(port: u16) -> Result<Vec<(u32, Vec<u8>)>, String> {
    let settings = Replies {
        imap_host: Some("127.0.0.1".into()),
        imap_port: port,
        imap_security: Security::Plain,
        imap_username: "a".into(),
        imap_password: "b".into(),
        ..Replies::default()
    };
    let mut mailbox = Mailbox::open(&settings).await.map_err(|p| p.to_string())?;
    let listed: Vec<MailboxEntry> = mailbox.newer_than(0).await.map_err(|p| p.to_string())?;
    mailbox.fetch(&listed).await.map_err(|p| p.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s28_a_server_without_end_is_left_soon_and_its_twin_is_read() {
    use Endless::*;
    // So many octets may be on their way in the buffers of the system.
    const UNDER_WAY: u64 = 16 << 20;
    for (endless, most) in [
        (Greeting, 1_u64 << 20),
        (GreetingLines, 1 << 20),
        (Login, 1 << 20),
        (Capabilities, 1 << 20),
        (Folder, 1 << 20),
        (Listing, 32 << 20),
        (News, 32 << 20),
        (Brackets, 1 << 20),
        (Mail, 2 << 20),
        (MailAnnouncedAsHuge, 80 << 20),
    ] {
        let (port, mut told) = server(endless).await;
        let began = Instant::now();
        let done = tokio::time::timeout(Duration::from_secs(120), read(port)).await;
        assert!(done.is_ok_and(|read| read.is_err()), "{endless:?}");
        let sent = tokio::time::timeout(Duration::from_secs(20), told.recv()).await.unwrap().unwrap();
        assert!(sent <= most + UNDER_WAY, "{endless:?}: {sent} octets in {:?}", began.elapsed());
    }
    let (port, _told) = server(Never).await;
    let mails = read(port).await.unwrap();
    assert_eq!(mails, [1, 2, 3].map(|uid| (uid, b"((((((((((".to_vec())));
}
