//! The conversation against a scripted server: every stage, answered, refused, broken off.

use Step::*;

use crate::base::address::EmailAddress;
use crate::base::ids::MessageId;
use crate::config::smtp::{Security, SmtpSettings};
use crate::rules::sending::delivery::{Cause, Failure, Reply, Stage};

use super::Envelope;
use super::connection::Connection;
use super::script::{PIPELINING, PLAIN, Step, hello, serve};

fn envelope() -> Envelope {
    let to = EmailAddress::parse("anna@contact.example").unwrap();
    Envelope { from: "bounce@sender.example".into(), to, id: MessageId::from(""), tell_arrival: false }
}

fn script(extensions: &'static str, rest: &[Step]) -> Vec<Step> {
    let mut steps = hello(extensions);
    steps.extend_from_slice(rest);
    steps
}

/// The answers to MAIL, RCPT and DATA, in the order in which a server of this kind gives them.
fn three(pipelined: bool, mail: &'static str, recipient: &'static str, data: &'static str) -> Vec<Step> {
    if pipelined {
        vec![Hear("MAIL"), Hear("RCPT"), Hear("DATA"), Say(mail), Say(recipient), Say(data)]
    } else {
        vec![Hear("MAIL"), Say(mail), Hear("RCPT"), Say(recipient), Hear("DATA"), Say(data)]
    }
}

async fn open(steps: Vec<Step>) -> (Result<Connection, Failure>, tokio::task::JoinHandle<String>) {
    let (settings, served) = serve(steps).await;
    (Connection::open(&settings).await, served)
}

async fn send(connection: &mut Connection) -> Result<Reply, Failure> {
    connection.offer(&envelope(), b"Subject: x\r\n\r\n.hello\r\n").await?;
    assert!(!connection.usable(), "between body and dot nothing else may be said");
    connection.finish().await
}

/// What the cause of a failure must look like.
type Expected = fn(&Cause) -> bool;

fn code(failure: &Failure) -> u16 {
    match &failure.cause {
        Cause::Reply(reply) => reply.code,
        other => unreachable!("{other:?}"),
    }
}

const OK: &str = "250 2.1.0 ok\r\n";

#[tokio::test]
async fn two_messages_pass_on_one_connection_pipelined_and_not() {
    for (extensions, pipelined) in [(PIPELINING, true), (PLAIN, false)] {
        let mut steps = hello(extensions);
        for _ in 0..2 {
            steps.extend(three(pipelined, OK, OK, "354 go\r\n"));
            steps.extend([HearBody, Say("250 2.0.0 Ok: queued as 17\r\n")]);
        }
        steps.extend([Hear("QUIT"), Say("221 bye\r\n")]);
        let (connection, served) = open(steps).await;
        let mut connection = connection.unwrap();
        for n in 1..=2 {
            let reply = send(&mut connection).await.unwrap();
            assert_eq!((reply.to_string().as_str(), connection.sent()), ("250 2.0.0 Ok: queued as 17", n));
            assert!(connection.usable() && connection.check_idle().await);
        }
        connection.quit().await;
        let heard = served.await.unwrap();
        assert!(heard.contains("\r\n\r\n..hello\r\n.\r\n"), "{heard}");
        assert!(
            heard.contains("MAIL FROM:<bounce@sender.example>\r\nRCPT TO:<anna@contact.example>\r\nDATA\r\n"),
            "{heard}"
        );
    }
}

#[tokio::test]
async fn f06_f07_refusals_name_their_stage_and_leave_the_connection_usable() {
    let rset = [Hear("RSET"), Say("250 ok\r\n")];
    let no = "550 5.1.1 no\r\n";
    let wait = "451 4.3.0 later\r\n";
    let bad = "503 5.5.1 no recipient\r\n";
    for text in [no, wait] {
        let wanted = if text == no { 550 } else { 451 };
        let pipelined = [
            (Stage::Mail, three(true, text, bad, bad)),
            (Stage::Recipient, three(true, OK, text, bad)),
            (Stage::Data, three(true, OK, OK, text)),
        ];
        let in_turn = [
            (Stage::Mail, vec![Hear("MAIL"), Say(text)]),
            (Stage::Recipient, vec![Hear("MAIL"), Say(OK), Hear("RCPT"), Say(text)]),
            (Stage::Data, three(false, OK, OK, text)),
        ];
        for (extensions, cases) in [(PIPELINING, pipelined), (PLAIN, in_turn)] {
            for (stage, mut steps) in cases {
                steps.extend(rset.clone());
                steps.extend(three(extensions == PIPELINING, OK, OK, "354 go\r\n"));
                steps.extend([HearBody, Say(OK)]);
                let (connection, _served) = open(script(extensions, &steps)).await;
                let mut connection = connection.unwrap();
                let failure = send(&mut connection).await.unwrap_err();
                assert_eq!((failure.stage, code(&failure)), (stage, wanted), "{extensions}");
                assert!(connection.usable(), "{stage:?} {extensions}");
                send(&mut connection).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_pipelined_data_accepted_without_a_recipient_is_ended_properly() {
    let mut steps = three(true, OK, "550 5.1.1 no\r\n", "354 go anyway\r\n");
    steps.extend([Hear("."), Say("554 no valid recipients\r\n"), Hear("RSET"), Say(OK)]);
    let (connection, served) = open(script(PIPELINING, &steps)).await;
    let mut connection = connection.unwrap();
    let failure = send(&mut connection).await.unwrap_err();
    assert_eq!((failure.stage, code(&failure)), (Stage::Recipient, 550));
    assert!(connection.usable());
    drop(connection);
    assert!(!served.await.unwrap().contains("hello"), "nothing of the message was said");
}

#[tokio::test]
async fn refusals_at_the_dot_leave_the_connection_usable_and_421_does_not() {
    for (answer, usable) in
        [("554 5.7.1 no\r\n", true), ("451 later\r\n", true), ("421 closing\r\n", false), ("354 again?\r\n", false)]
    {
        let mut steps = three(true, OK, OK, "354 go\r\n");
        steps.extend([HearBody, Say(answer)]);
        let (connection, _served) = open(script(PIPELINING, &steps)).await;
        let mut connection = connection.unwrap();
        let failure = send(&mut connection).await.unwrap_err();
        assert_eq!((failure.stage, connection.usable()), (Stage::Dot, usable), "{answer}");
        assert_eq!(connection.sent(), 0);
    }
}

#[tokio::test]
async fn f06_after_421_nothing_more_is_said() {
    for steps in [
        three(true, "421 closing\r\n", "", ""),
        three(true, OK, "421 closing\r\n", ""),
        vec![Hear("MAIL"), Say("421 closing\r\n")],
    ] {
        let extensions = if steps.len() == 6 { PIPELINING } else { PLAIN };
        let (connection, served) = open(script(extensions, &steps)).await;
        let mut connection = connection.unwrap();
        assert_eq!(code(&send(&mut connection).await.unwrap_err()), 421);
        assert!(!connection.usable());
        assert_eq!(send(&mut connection).await.unwrap_err().stage, Stage::Mail);
        connection.quit().await;
        assert!(!served.await.unwrap().contains("QUIT"));
    }
}

#[tokio::test]
async fn f02_f08_f09_silence_breaks_and_nonsense_after_the_dot_are_told_as_such() {
    let cases: [(&[Step], Expected); 4] = [
        (&[Hang], |c| matches!(c, Cause::Broken(_))),
        (&[Stall], |c| matches!(c, Cause::TimedOut)),
        (&[Say("howdy\r\n")], |c| matches!(c, Cause::Broken(why) if why.contains("howdy"))),
        (&[Say("250-unfinished\r\n"), Hang], |c| matches!(c, Cause::Broken(_))),
    ];
    for (last, expected) in cases {
        let mut steps = three(false, OK, OK, "354 go\r\n");
        steps.push(HearBody);
        steps.extend_from_slice(last);
        let (connection, _served) = open(script(PLAIN, &steps)).await;
        let mut connection = connection.unwrap();
        let failure = send(&mut connection).await.unwrap_err();
        assert!(failure.stage == Stage::Dot && expected(&failure.cause), "{failure:?}");
        assert!(!connection.usable());
    }
}

#[tokio::test]
async fn what_breaks_before_the_dot_is_not_in_doubt() {
    for last in [Hang, Say("421 4.3.2 going down\r\n")] {
        let mut steps = three(false, OK, OK, "354 go\r\n");
        steps.push(last);
        let (connection, served) = open(script(PLAIN, &steps)).await;
        let mut connection = connection.unwrap();
        connection.offer(&envelope(), b"Subject: x\r\n\r\nx").await.unwrap();
        served.await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        assert_eq!(connection.finish().await.unwrap_err().stage, Stage::Body);
        assert!(!connection.usable());
    }
}

#[tokio::test]
async fn openings_that_fail_name_their_stage() {
    let long: &'static str = Box::leak(format!("220-{}\r\n", "x".repeat(1 << 20)).into_boxed_str());
    let many: &'static str = Box::leak("220-more\r\n".repeat(10_000).into_boxed_str());
    let cases = [
        (vec![Say("554 go away\r\n")], Stage::Greeting),
        (vec![Say("421 too many connections\r\n")], Stage::Greeting),
        (vec![Stall], Stage::Greeting),
        (vec![Hang], Stage::Greeting),
        (vec![Say("\0\u{7f}HTTP/1.1 400\r\n")], Stage::Greeting),
        (vec![Say("220-a\r\n250 b\r\n")], Stage::Greeting),
        (vec![Say(long)], Stage::Greeting),
        (vec![Say(many)], Stage::Greeting),
        (vec![Say("220 hi\r\n"), Hear("EHLO"), Say("502 what\r\n")], Stage::Hello),
    ];
    for (steps, stage) in cases {
        let shown = format!("{:.60}", format!("{steps:?}"));
        let (connection, served) = open(steps).await;
        assert_eq!(connection.err().map(|f| f.stage), Some(stage), "{shown}");
        served.abort();
    }
    let nobody = SmtpSettings { port: 1, ..SmtpSettings::default() };
    assert_eq!(Connection::open(&nobody).await.err().map(|f| f.stage), Some(Stage::Connect));
}

#[tokio::test]
async fn s28_mail_in_clear_stays_on_this_machine() {
    let settings = SmtpSettings { host: "192.0.2.1".into(), time_out_factor: 0.001, ..SmtpSettings::default() };
    let failure = Connection::open(&settings).await.err().unwrap();
    assert!(matches!(failure, Failure { stage: Stage::Connect, cause: Cause::Unfit(_) }), "{failure:?}");
}

#[tokio::test]
async fn s28_without_starttls_nothing_is_said() {
    let injected = vec![
        Say("220 mx\r\n"),
        Hear("EHLO"),
        Say("250-mx\r\n250 starttls\r\n"),
        Hear("STARTTLS"),
        Say("220 ready\r\n250 AUTH PLAIN\r\n"),
    ];
    for steps in [hello(PLAIN), injected] {
        let (mut settings, served) = serve(steps).await;
        settings.security = Security::Starttls;
        (settings.username, settings.password) = ("me".into(), "hunter2".into());
        let failure = Connection::open(&settings).await.err().unwrap();
        assert!(matches!(failure, Failure { stage: Stage::Tls, cause: Cause::Tls(_) }), "{failure:?}");
        let heard = served.await.unwrap();
        assert!(!heard.contains("AUTH") && !heard.contains("MAIL"), "{heard}");
    }
}

#[tokio::test]
async fn logs_in_with_what_is_offered_and_never_tells_the_password() {
    let plain = vec![Hear("AUTH PLAIN AG1lAGh1bnRlcjI="), Say("235 2.7.0 ok\r\n")];
    let login = vec![
        Hear("AUTH LOGIN"),
        Say("334 VXNlcm5hbWU6\r\n"),
        Hear("bWU="),
        Say("334 UGFzc3dvcmQ6\r\n"),
        Hear("aHVudGVyMg=="),
        Say("535 5.7.8 no\r\n"),
    ];
    for (extensions, steps, fine) in [
        ("250-mx\r\n250 auth login plain\r\n", plain, true),
        ("250-mx\r\n250 AUTH LOGIN\r\n", login, false),
        ("250-mx\r\n250 AUTH GSSAPI\r\n", vec![], false),
    ] {
        let (mut settings, _served) = serve(script(extensions, &steps)).await;
        (settings.username, settings.password) = ("me".into(), "hunter2".into());
        let opened = Connection::open(&settings).await;
        assert_eq!(opened.is_ok(), fine);
        if let Err(failure) = opened {
            assert_eq!(failure.stage, Stage::Login);
            assert!(!format!("{failure} {failure:?}").contains("hunter2"));
        }
    }
}

#[tokio::test]
async fn a03_what_one_mechanism_is_refused_the_next_is_tried() {
    const BOTH: &str = "250-mx\r\n250 AUTH LOGIN PLAIN\r\n";
    let login = |last| {
        [
            Hear("AUTH LOGIN"),
            Say("334 VXNlcm5hbWU6\r\n"),
            Hear("bWU="),
            Say("334 x\r\n"),
            Hear("aHVudGVyMg=="),
            Say(last),
        ]
    };
    let after = |first: &'static str, last| {
        let mut steps = vec![Hear("AUTH PLAIN AG1lAGh1bnRlcjI="), Say(first)];
        steps.extend(login(last));
        steps
    };
    let ok = "235 2.7.0 ok\r\n";
    let cases = [
        (after("535 5.7.8 no\r\n", ok), None),
        (after("504 5.5.4 unknown\r\n", ok), None),
        (after("534 too weak\r\n", ok), None),
        // Twin: what both refuse is the first one's refusal, and what passes is not tried in another way.
        (after("535 5.7.8 no\r\n", "535 5.7.9 never\r\n"), Some((535, Some((5, 7, 8))))),
        (vec![Hear("AUTH PLAIN"), Say("454 4.7.0 later\r\n"), Hear("nothing more")], Some((454, Some((4, 7, 0))))),
        (vec![Hear("AUTH PLAIN"), Say("535 5.7.8 no\r\n"), Hang], Some((535, Some((5, 7, 8))))),
        // The word is asked for by itself.
        (vec![Hear("AUTH PLAIN"), Say("334 \r\n"), Hear("AG1lAGh1bnRlcjI="), Say(ok)], None),
    ];
    for (steps, wanted) in cases {
        let shown = format!("{steps:?}");
        let (mut settings, served) = serve(script(BOTH, &steps)).await;
        (settings.username, settings.password) = ("me".into(), "hunter2".into());
        let failure = Connection::open(&settings).await.err();
        served.abort();
        let said = failure.map(|f| match f.cause {
            Cause::Reply(reply) => (reply.code, reply.enhanced),
            other => unreachable!("{other:?} {shown}"),
        });
        assert_eq!(said, wanted, "{shown}");
    }
}

#[tokio::test]
async fn c05_of_answers_at_the_log_in_only_codes_are_kept() {
    const OFFER: &str = "250-mx\r\n250 AUTH PLAIN\r\n";
    let heard = Hear("AUTH PLAIN");
    for answer in [
        "535 5.7.8 AUTH PLAIN AG1lAGh1bnRlcjI= refused\r\n",
        "535-5.7.8 you said\r\n535 AG1lAGh1bnRlcjI= hunter2\r\n",
        "501 hunter2\r\n",
        "you said AUTH PLAIN AG1lAGh1bnRlcjI= hunter2\r\n",
        "421 4.7.0 hunter2\r\n",
    ] {
        let (mut settings, served) = serve(script(OFFER, &[heard.clone(), Say(answer)])).await;
        (settings.username, settings.password) = ("me".into(), "hunter2".into());
        let failure = Connection::open(&settings).await.err().unwrap();
        served.abort();
        let told = format!("{failure} {failure:?}");
        assert!(!told.contains("hunter2") && !told.contains("AG1lAG"), "{answer}: {told}");
        let code = &answer[..3];
        assert!(code == "you" || told.contains(code), "{answer}: {told}");
    }
    // Nor of later ones, which keep their other words.
    let mut steps = hello(OFFER);
    steps.extend([heard, Say("235 ok\r\n"), Hear("MAIL"), Say("550 5.7.1 hunter2 AG1lAGh1bnRlcjI= is blocked\r\n")]);
    let (mut settings, _served) = serve(steps).await;
    (settings.username, settings.password) = ("me".into(), "hunter2".into());
    let mut connection = Connection::open(&settings).await.unwrap();
    let told = send(&mut connection).await.unwrap_err().to_string();
    assert!(told.contains("is blocked") && !told.contains("hunter2") && !told.contains("AG1lAG"), "{told}");
}

#[tokio::test]
async fn f12_a_server_that_went_away_while_idle_is_noticed() {
    for last in [Hang, Say("421 4.4.2 idle too long\r\n")] {
        let (connection, served) = open(script(PLAIN, &[last])).await;
        let mut connection = connection.unwrap();
        served.await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        assert!(!connection.check_idle().await && !connection.usable());
    }
}
