//! What servers say to the real program in the middle of a wave: enough for one connection, no, later, nonsense, nothing.

use std::thread;
use std::time::{Duration, Instant};

use super::report;
use super::sink::{Act, Sink, Stage};
use super::site::{Place, Site};

const SOON: Duration = Duration::from_mins(1);

fn said(text: &str) -> Act {
    Act::Say(format!("{text}\r\n").into_bytes())
}

/// F06 (a server of listmonk's users allowed 2,500): the wave goes on over a new connection, nobody waits for it.
pub fn f06_421_ends_a_connection_and_not_the_wave(place: Place, connections: usize) {
    let Some(site) = Site::new(place, 160, connections) else { return };
    let sink = Sink::start();
    sink.behave(|moment| match moment.stage {
        Stage::Mail if moment.carried >= 9 => {
            Act::SayAndClose(b"421 4.7.0 too many messages on this connection\r\n".into())
        }
        _ => Act::Usual,
    });
    let daemon = site.start(&sink);
    site.wait_until_done(SOON);
    daemon.stop();
    assert!(site.judged("F06 421 after nine messages", &sink).in_doubt.is_empty());
    assert_eq!(sink.count(), 160);
}

/// F06, F07: whoever is refused at whichever stage, by 4yz or 5yz, is refused alone.
pub fn f06_f07_refusals_concern_one_message(place: Place, connections: usize) {
    let Some(site) = Site::new(place, 160, connections) else { return };
    let sink = Sink::start();
    sink.behave(move |moment| match (moment.stage, moment.recipient.get(..7)) {
        (Stage::Recipient, Some("pat0003")) => said("550 5.1.1 no such user"),
        (Stage::Recipient, Some("pat0014")) => said("450 4.2.1 greylisted"),
        (Stage::Data, Some("pat0025")) => said("451 4.3.0 not now"),
        (Stage::Data, Some("pat0036")) => said("554 5.3.4 not this one"),
        (Stage::Dot, Some("pat0047")) => said("451 4.3.0 not now"),
        (Stage::Dot, Some("pat0058")) => said("554 5.7.1 blocked for policy reasons"),
        _ => Act::Usual,
    });
    let daemon = site.start(&sink);
    sink.wait_for(154, SOON);
    daemon.stop();
    let state = |of: &str| {
        let rows = site.ledger();
        let row = rows.into_iter().find(|row| row.to_email.starts_with(of)).unwrap();
        (row.state, row.answer.unwrap_or_default())
    };
    for (person, wanted, word) in [
        ("pat0003", "failed", "5.1.1"),
        ("pat0014", "planned", "greylisted"),
        ("pat0025", "planned", "451"),
        ("pat0036", "failed", "5.3.4"),
        ("pat0047", "planned", "451"),
        ("pat0058", "failed", "policy"),
    ] {
        let (state, answer) = state(person);
        assert_eq!(state, wanted, "{person}: {answer}");
        assert!(answer.contains(word), "{person}: {answer}");
    }
    let in_state = |state: &str| site.ledger().iter().filter(|row| row.state == state).count();
    assert_eq!((in_state("sent"), in_state("planned"), in_state("failed")), (154, 3, 3));
    // Their time comes; whom MAIL is refused for, the server cannot know.
    sink.behave(move |moment| match (moment.stage, moment.nth) {
        (Stage::Mail, 1) => said("451 4.3.0 not now"),
        (Stage::Mail, 2) => said("550 5.1.0 not this one"),
        _ => Act::Usual,
    });
    for (sent, planned, failed) in [(155, 1, 4), (156, 0, 4)] {
        site.execute("UPDATE message SET due_at = 1 WHERE state = 'planned'");
        let daemon = site.start(&sink);
        sink.wait_for(sent, SOON);
        daemon.stop();
        assert_eq!((in_state("sent"), in_state("planned"), in_state("failed")), (sent, planned, failed));
    }
    assert!(site.judged("F06, F07 refused at each stage", &sink).in_doubt.is_empty());
}

/// F08: ten minutes after the dot are scaled to three seconds. An answer just before counts, silence leaves that one message in doubt,
/// and the others do not wait for it.
pub fn f08_f09_silence_after_the_dot_leaves_one_in_doubt(place: Place, connections: usize) {
    let Some(site) = Site::new(place, 60, connections) else { return };
    let site = site.with_smtp("time_out_factor = 0.005");
    let sink = Sink::start();
    sink.behave(|moment| match (moment.stage, moment.recipient.get(..7)) {
        (Stage::Dot, Some("pat0007")) => {
            thread::sleep(Duration::from_millis(2_500));
            Act::Usual
        }
        (Stage::Dot, Some("pat0011")) => Act::Silent,
        (Stage::Dot, Some("pat0022")) => Act::Close,
        _ => Act::Usual,
    });
    let daemon = site.start(&sink);
    let began = Instant::now();
    site.wait_until_done(SOON);
    assert!(began.elapsed() >= Duration::from_millis(2_900), "it was not waited for");
    daemon.stop();
    let verdict = site.judged("F08, F09 silence after the dot", &sink);
    report::add("F08, F09 silence after the dot", place.name(), connections, &[1, 1]);
    let mut doubted = verdict.in_doubt;
    doubted.sort();
    assert!(
        doubted.len() == 2 && doubted[0].starts_with("pat0011") && doubted[1].starts_with("pat0022"),
        "{doubted:?}"
    );
    assert_eq!(sink.count(), 60);
}

/// F10: whatever comes instead of an answer after the dot. Only a clear yes or no counts, and what was said is kept.
pub fn f10_nonsense_after_the_dot_is_no_answer(place: Place, connections: usize) {
    let Some(site) = Site::new(place, 60, connections) else { return };
    let site = site.with_smtp("time_out_factor = 0.01");
    let sink = Sink::start();
    let mut megabyte = b"250 ".to_vec();
    megabyte.resize(1 << 20, b'x');
    megabyte.extend_from_slice(b"\r\n");
    let answers: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("pat0001", megabyte, "in_doubt", ""),
        ("pat0002", b"250 2.0.0 \0taken\0\r\n".into(), "sent", "taken"),
        ("pat0003", b"354 go on\r\n".into(), "in_doubt", "354"),
        ("pat0004", b"howdy\r\n".into(), "in_doubt", "howdy"),
        ("pat0005", b"250-first\r\n550 second\r\n".into(), "in_doubt", ""),
        ("pat0006", b"250 5.1.1 contradicts itself\r\n".into(), "sent", "5.1.1"),
        ("pat0007", b"550 2.0.0 contradicts itself\r\n".into(), "failed", "2.0.0"),
        ("pat0008", "250-more\r\n".repeat(5_000).into_bytes(), "in_doubt", ""),
        ("pat0009", b"\xff\xfe\x00\x80\r\n".into(), "in_doubt", ""),
        ("pat0010", b"250\r\n".into(), "sent", "250"),
        ("pat0011", b"999 what\r\n".into(), "in_doubt", "999"),
        ("pat0012", b"\r\n".into(), "in_doubt", ""),
        ("pat0013", b"250 no end of line".into(), "in_doubt", ""),
    ];
    let says = answers.clone();
    sink.behave(move |moment| {
        let said = says.iter().find(|(who, ..)| moment.stage == Stage::Dot && moment.recipient.starts_with(who));
        said.map_or(Act::Usual, |(_, text, ..)| Act::Say(text.clone()))
    });
    let daemon = site.start(&sink);
    site.wait_until_done(SOON);
    daemon.stop();
    let ledger = site.ledger();
    let mut doubts = 0;
    for (who, said, wanted, word) in &answers {
        let row = ledger.iter().find(|row| row.to_email.starts_with(who)).unwrap();
        let shown = String::from_utf8_lossy(&said[..said.len().min(60)]).into_owned();
        assert_eq!(row.state, *wanted, "{shown:?}: {row:?}");
        let answer = row.answer.as_deref().unwrap_or_default();
        assert!(answer.contains(word) && !answer.contains('\0') && answer.len() < 5_000, "{shown:?}: {answer:?}");
        doubts += usize::from(*wanted == "in_doubt");
    }
    assert_eq!(site.judged("F10 nonsense after the dot", &sink).in_doubt.len(), doubts);
    report::add("F10 nonsense after the dot", place.name(), connections, &vec![1; doubts]);
}

/// F12: the server hangs up while nothing is to be sent, silently or with a word; what comes due later leaves all the same, once.
pub fn f12_connections_closed_while_idle_are_opened_again(place: Place, connections: usize) {
    let Some(site) = Site::new(place, 60, connections) else { return };
    let sink = Sink::start();
    let daemon_of = |part: &str| format!("UPDATE message SET due_at = 1 WHERE to_email LIKE '{part}%'");
    site.execute("UPDATE message SET due_at = due_at + 1000000000");
    let daemon = site.start(&sink);
    for (n, words) in [b"".as_slice(), b"421 4.4.2 idle for too long\r\n", b""].into_iter().enumerate() {
        site.execute(&daemon_of(&format!("pat00{n}")));
        sink.wait_for(10 * (n + 1), SOON);
        // More than the second after which a connection counts as idle.
        thread::sleep(Duration::from_millis(1_200));
        sink.hang_up(words);
    }
    site.execute("UPDATE message SET due_at = 1 WHERE state = 'planned'");
    site.wait_until_done(SOON);
    daemon.stop();
    assert!(site.judged("F12 closed while idle", &sink).in_doubt.is_empty());
    assert_eq!(sink.count(), 60);
}
