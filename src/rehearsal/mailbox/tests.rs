//! The mailbox as a mail server and as a reader of mails.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use super::raw_client::{Raw, mailbox};
use super::*;

const MAIL: &str = "From: Anna <team@acme.example>\r\n\
    To: =?utf-8?q?J=C3=BCrgen?= <jurgen@globex.example>\r\n\
    Subject: =?utf-8?q?Ihre_Einsch=C3=A4tzung?=\r\n =?utf-8?q?_z=C3=A4hlt?=\r\n\
    Message-ID: <m1@acme.example>\r\n\
    X-Soundings-Round: acme-2027\r\nX-Soundings-Kind: invitation\r\nX-Soundings-Message: 42\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    Gr=C3=BC=C3=9Fe <b>\r\n\r\nhttps://acme.example/assessment/a=\r\nbc\r\n\r\nsee https://no.example here\r\n..\r\n\
    https://acme.example/opt-out/xyz\r\n\
    --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p onclick=\"x()\">Hallo</p><script>1</script>\r\n--b--\r\n.\r\n";

#[tokio::test]
async fn reads_a_mail_as_its_reader_would() {
    let mailbox = mailbox().await;
    let mut client = Raw::greeted(&mailbox).await;
    assert!(client.send("jurgen@globex.example", MAIL).await.starts_with("250 "));
    assert!(client.ask("QUIT").await.starts_with("221"));
    assert_eq!(client.answer().await, "");

    let taken = mailbox.take_new();
    let mail = &taken[0];
    assert_eq!((taken.len(), mail.number, mail.copies), (1, 1, 1));
    assert_eq!((mail.from.as_str(), mail.recipient()), ("team@acme.example", "jurgen@globex.example"));
    assert_eq!(mail.subject(), "Ihre Einsch\u{e4}tzung z\u{e4}hlt");
    assert_eq!(mail.header("TO"), Some("J\u{fc}rgen <jurgen@globex.example>"));
    assert_eq!((mail.round.as_str(), mail.kind.as_str(), mail.message.as_str()), ("acme-2027", "invitation", "42"));
    assert_eq!(mail.message_id, "<m1@acme.example>");
    assert!(mail.text.starts_with("Gr\u{fc}\u{df}e <b>\n\nhttps://acme.example/assessment/abc\n"), "{}", mail.text);
    assert_eq!(mail.links, ["https://acme.example/assessment/abc", "https://acme.example/opt-out/xyz"]);
    assert_eq!(mail.link("/opt-out/"), Some("https://acme.example/opt-out/xyz"));
    assert!(mail.html.contains("Hallo"));
    assert!(mailbox.take_new().is_empty());
    assert_eq!((mailbox.all().len(), mailbox.count()), (1, 1));
}

#[tokio::test]
async fn s07_a_message_is_what_was_sent_without_the_added_dots() {
    let mailbox = mailbox().await;
    let mut client = Raw::greeted(&mailbox).await;
    let sent = "A: b\r\n\r\n..\r\n...x\r\n. y\r\n\r\n";
    assert!(client.send("a@b.example", format!("{sent}.\r\n")).await.starts_with("250"));
    assert_eq!(&*mailbox.all()[0].raw, b"A: b\r\n\r\n.\r\n..x\r\n y\r\n\r\n");
}

#[tokio::test]
async fn s07_only_crlf_dot_crlf_ends_a_message() {
    for smuggled in ["\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r\n.\r", "\n", "\r"] {
        let mailbox = mailbox().await;
        let mut client = Raw::greeted(&mailbox).await;
        let next = "MAIL FROM:<evil@x.example>\r\nRCPT TO:<a@b.example>\r\nDATA\r\nevil\r\n.\r\n";
        let answer = client.send("a@b.example", format!("A: b\r\n\r\ntext{smuggled}{next}")).await;
        assert!(answer.starts_with("521 5.5.2"), "{smuggled:?}: {answer}");
        assert_eq!(client.answer().await, "", "{smuggled:?}");
        assert_eq!(mailbox.count(), 0, "{smuggled:?}");
    }
}

#[tokio::test]
async fn s07_commands_keep_their_order_and_their_line_ends() {
    let mailbox = mailbox().await;
    let mut client = Raw::connect(&mailbox).await;
    client.answer().await;
    assert!(client.ask("MAIL FROM:<a@b.example>").await.starts_with("503"));
    assert!(client.ask("HELO x.example").await.starts_with("250 "));
    assert!(client.ask("RCPT TO:<a@b.example>").await.starts_with("503"));
    assert!(client.ask("DATA").await.starts_with("503"));
    assert!(client.ask("MAIL FROM:<>").await.starts_with("250"));
    assert!(client.ask("MAIL FROM:<>").await.starts_with("503"));
    assert!(client.ask("RCPT TO:<\u{fc}@b.example>").await.starts_with("553"));
    assert!(client.ask("RSET").await.starts_with("250"));
    assert!(client.ask("MAIL FROM:<> SMTPUTF8 BODY=8BITMIME").await.starts_with("250"));
    assert!(client.ask("RCPT TO:<\u{fc}@b.example>").await.starts_with("250"));
    assert!(client.ask("NOOP x").await.starts_with("250"));
    client.write("NOOP\n").await;
    assert!(client.answer().await.starts_with("521"));
    assert_eq!(client.answer().await, "");

    // A message sent before it was asked for must not be read as commands, nor its commands obeyed.
    let mut hasty = Raw::greeted(&mailbox).await;
    hasty.write("MAIL FROM:<>\r\nRCPT TO:<bad>\r\nDATA\r\nRSET\r\n.\r\n").await;
    let answers = [hasty.answer().await, hasty.answer().await, hasty.answer().await, hasty.answer().await];
    assert!(answers[2].starts_with("503") && answers[3].is_empty(), "{answers:?}");
    assert_eq!(mailbox.count(), 0);
}

#[tokio::test]
async fn s25_lines_and_messages_are_bounded() {
    let mailbox = mailbox().await;
    let mut client = Raw::greeted(&mailbox).await;
    assert!(client.ask("MAIL FROM:<a@b.example> SIZE=99999999").await.starts_with("552"));
    assert!(client.send("a@b.example", format!("{}\r\n.\r\n", "x".repeat(998))).await.starts_with("250"));
    assert!(client.send("a@b.example", format!("{}\r\n.\r\n", "x".repeat(999))).await.starts_with("554 5.6.0"));
    assert!(client.send("a@b.example", "a\0b\r\n.\r\n").await.starts_with("554 5.6.0"));
    assert!(client.ask(&"x".repeat(3_000)).await.starts_with("500 5.5.6"));

    let mut client = Raw::greeted(&mailbox).await;
    let answer = client.send("a@b.example", format!("{}.\r\n", "0123456789\r\n".repeat(2_300_000))).await;
    assert!(answer.starts_with("552"), "{answer}");
    assert_eq!(mailbox.count(), 1);

    // One endless line is not collected.
    let mut client = Raw::greeted(&mailbox).await;
    assert!(client.send("a@b.example", "x".repeat(400_000)).await.starts_with("521"));
}

#[tokio::test]
async fn copies_are_counted_by_message_id() {
    let mailbox = mailbox().await;
    let mut client = Raw::greeted(&mailbox).await;
    for id in ["one", "two", "one"] {
        client
            .send(
                "a@b.example",
                format!("Subject: x\r\nMessage-Id:\r\n <{id}@x.example>\r\n\r\nMessage-ID: no\r\n.\r\n"),
            )
            .await;
    }
    client.send("a@b.example", "Subject: none\r\n\r\n.\r\n").await;
    let copies: Vec<u32> = mailbox.all().iter().map(|mail| mail.copies).collect();
    assert_eq!(copies, [2, 1, 2, 1]);
    assert_eq!(mailbox.duplicates(), [("<one@x.example>".to_owned(), 2)]);
    mailbox.clear();
    assert_eq!((mailbox.count(), mailbox.duplicates().len(), mailbox.all().len()), (0, 0, 0));
    client.send("a@b.example", "Subject: x\r\n\r\n.\r\n").await;
    assert_eq!(mailbox.take_new()[0].number, 5);
}

#[tokio::test]
async fn listens_to_this_machine_only_and_ends_when_dropped() {
    assert!(Mailbox::start(SocketAddr::from(([0, 0, 0, 0], 0))).await.is_err());
    let mailbox = mailbox().await;
    let twin = mailbox.clone();
    let mut client = Raw::greeted(&mailbox).await;
    drop(mailbox);
    assert!(client.ask("NOOP").await.starts_with("250"));
    let address = twin.address();
    drop(twin);
    assert_eq!(client.answer().await, "");
    let refused = tokio::time::timeout(Duration::from_secs(5), async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(refused.await.is_ok());
}

#[tokio::test]
async fn waits_for_what_comes() {
    let mailbox = mailbox().await;
    let (waiting, mut client) = (mailbox.clone(), Raw::greeted(&mailbox).await);
    let waiter = tokio::spawn(async move {
        waiting.wait_new().await;
        waiting.take_new().len()
    });
    tokio::task::yield_now().await;
    client.send("a@b.example", "A: b\r\n\r\n.\r\n").await;
    assert_eq!(waiter.await.unwrap(), 1);
}

#[tokio::test]
async fn s03_pages_show_mails_without_letting_them_act() {
    let mailbox = mailbox().await;
    let mut client = Raw::greeted(&mailbox).await;
    client.send("jurgen@globex.example", MAIL).await;
    client.send("x@b.example", "Subject: <script>canary</script>\r\n\r\n<img src=x>\r\n.\r\n").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, pages::router(mailbox.clone(), pages::PlayedRound::default())).into_future());
    let settings = crate::config::ScoringSettings { allow_private_addresses: true, ..Default::default() };
    let browser = crate::handover::webhook::client(&settings).unwrap();
    let get = async |path: &str| {
        let answer = browser.get(format!("http://{address}{path}")).send().await.unwrap();
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        (answer.status().as_u16(), policy, answer.text().await.unwrap())
    };
    let (_, policy, list) = get("/mailbox").await;
    assert!(
        policy.contains("default-src 'none'") && !list.contains("<script>") && list.contains("&#60;script&#62;canary")
    );
    assert!(list.find("canary").unwrap() < list.find("Einsch\u{e4}tzung").unwrap(), "newest first");
    let (_, _, page) = get("/mailbox/1").await;
    assert!(page.contains("<a href=\"https://acme.example/assessment/abc\"") && page.contains("sandbox="));
    let (_, _, page) = get("/mailbox/2").await;
    assert!(page.contains("&#60;img src=x&#62;") && !page.contains("<iframe"));
    let (_, policy, html) = get("/mailbox/1/html").await;
    assert!(policy.starts_with("sandbox ") && !policy.contains("allow-scripts") && html.contains("Hallo"));
    assert_eq!(get("/mailbox/9").await.0, 404);
    let (_, _, filtered) = get("/mailbox?q=jurgen&kind=&account=").await;
    assert!(filtered.contains("/mailbox/1?q=jurgen") && !filtered.contains("canary"), "{filtered}");
    let (_, _, none) = get("/mailbox?q=%3Cscript%3E%22&kind=warm_up").await;
    assert!(none.contains("No mail matches") && !none.contains("<script>"), "{none}");
}

/// 5,000 a second in a release build; a tenth of it is asked of a debug build on a busy machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_fast_enough_to_be_the_other_end_of_a_large_round() {
    let mailbox = mailbox().await;
    let message = format!(
        "Subject: x\r\nMessage-ID: <x@x>\r\n\r\n{}.\r\n",
        "line of a usual length, more or less\r\n".repeat(150)
    );
    let began = Instant::now();
    let clients = (0..4).map(|_| {
        let (mailbox, message) = (mailbox.clone(), message.clone());
        tokio::spawn(async move {
            let mut client = Raw::greeted(&mailbox).await;
            for _ in 0..500 {
                assert!(client.send("a@b.example", &message).await.starts_with("250"));
            }
            let _ = client.0.get_mut().shutdown().await;
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    let rate = 2_000.0 / began.elapsed().as_secs_f64();
    println!("{rate:.0} messages a second");
    assert_eq!(mailbox.count(), 2_000);
    assert!(rate > 500.0, "{rate}");
}
