//! S25: mails made to stop a reader. More cases by `SOUNDINGS_FUZZ=n`.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::corpus_tests::corpus;
use super::read;
use crate::rules::replies::Class;

const HEADERS: &str = "From: a@b.example\nTo: c@d.example\nDate: Wed, 4 Mar 2026 09:12:00 +0100\n";
const BOUNCE: &str =
    "From: Mail Delivery System <mailer-daemon@b.example>\nReturn-Path: <>\nSubject: Undelivered Mail\n\n";

fn base64(text: &str) -> String {
    use base64::Engine as _;
    let whole = base64::engine::general_purpose::STANDARD.encode(text);
    whole.as_bytes().chunks(76).map(|line| format!("{}\n", String::from_utf8_lossy(line))).collect()
}

fn attacks() -> Vec<(&'static str, String)> {
    let nested = "Content-Type: message/rfc822\n\n".repeat(100_000);
    let quoted = nested.replace('C', "=43");
    let multiparts: String =
        (0..10_000).map(|i| format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")).collect();
    let continued: String = (0..60_000).map(|i| format!(" name*{i}*=\"a\";\n")).collect();
    let rows: String = (0..25_000).map(|i| format!("u{i}@x.example: 550 5.1.1 user unknown\n")).collect();
    let fields: String = (0..9_000)
        .map(|i| format!("Final-Recipient: rfc822; u{i}@x.example\nAction: failed\nStatus: 5.1.1\n\n"))
        .collect();
    vec![
        ("multiparts inside each other", format!("{HEADERS}{multiparts}x")),
        ("mails inside each other", format!("{HEADERS}{nested}")),
        (
            "mails inside a mail in base64",
            format!("{HEADERS}Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{}", base64(&nested)),
        ),
        (
            "mails inside a mail in quoted-printable",
            format!("{HEADERS}Content-Transfer-Encoding: quoted-printable\nContent-Type: message/global\n\n{quoted}"),
        ),
        (
            "mails inside a digest",
            format!(
                "{HEADERS}Content-Type: multipart/digest; boundary=x\n\n--x\nContent-Transfer-Encoding: \
                quoted-printable\n\n{quoted}\n--x--\n"
            ),
        ),
        (
            "mails two deep",
            format!(
                "{HEADERS}Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n\
                Content-Transfer-Encoding: quoted-printable\nContent-Type: message/rfc822\n\n{quoted}\n--x--\n"
            ),
        ),
        ("a megabyte of subject", format!("{HEADERS}Subject: {}\n\nx", "a".repeat(1_000_000))),
        ("a megabyte of address", format!("{BOUNCE}{}@b.example", "a".repeat(1_000_000))),
        ("fifty thousand addresses", format!("From: a@b.example\nTo: {}\n\nx", "\"N\" <n@x.example>, ".repeat(50_000))),
        ("comments", format!("From: {}a@b{}\n\nx", "(".repeat(100_000), ")".repeat(100_000))),
        ("groups", format!("To: {}{}\n\nx", "g:".repeat(100_000), ";".repeat(100_000))),
        ("a parameter in pieces", format!("{HEADERS}Content-Type: text/plain;\n{continued}\nx")),
        ("parts", format!("{HEADERS}Content-Type: multipart/mixed; boundary=x\n\n{}", "--x\n\n".repeat(200_000))),
        ("headers", format!("{}\nx", "X-A: a\n".repeat(150_000))),
        ("encoded words", format!("{HEADERS}Subject: {}\n\nx", "=?utf-8?Q?=41?= ".repeat(60_000))),
        ("at signs", format!("{BOUNCE}{}", "@".repeat(1_000_000))),
        ("many who failed", format!("{BOUNCE}Undeliverable:\n{rows}")),
        ("many reports in one", format!("{BOUNCE}Undeliverable:\n\n{fields}")),
        (
            "the same again and again",
            format!("{BOUNCE}{}", "a@b.example: mailbox account user recipient\n".repeat(25_000)),
        ),
        ("quotes", format!("{HEADERS}\n{}", ">\n".repeat(500_000))),
        ("histories", format!("{HEADERS}\n{}", "On 3 a@b <c> wrote\n".repeat(50_000))),
        ("dates", format!("{HEADERS}Auto-Submitted: auto-replied\n\n{}", "until 3 March and ".repeat(60_000))),
        ("numbers", format!("{HEADERS}Auto-Submitted: auto-replied\n\n{}", "1.1.1.1.".repeat(120_000))),
        ("tags", format!("{HEADERS}Content-Type: text/html\n\n{}", "<blockquote <".repeat(80_000))),
        ("braces", format!("{HEADERS}\n{{\"notificationType\":{}", "{\"a\":".repeat(200_000))),
        ("references", format!("{HEADERS}References: {}\n\nx", "<a@b> ".repeat(160_000))),
        ("nothing but zeros", "\0".repeat(1_000_000)),
        ("carriage returns", format!("{BOUNCE}{}", "\r".repeat(1_000_000))),
        ("nothing", String::new()),
    ]
}

/// 100 ms a megabyte are promised for a release; a debug build on a shared machine gets a hundred times that.
#[test]
fn s25_no_mail_stops_the_reader() {
    for (name, mail) in attacks() {
        let started = Instant::now();
        let read = read(mail.as_bytes());
        let took = started.elapsed();
        println!("{took:>12.3?} {:>9} bytes  {:?}  {name}", mail.len(), read.class);
        let megabytes = u32::try_from(mail.len() / 1_000_000 + 1).unwrap();
        assert!(took < Duration::from_secs(10) * megabytes, "{name}: {took:?}");
        assert!(read.recipients.len() <= 200 && read.text.len() <= 16 * 1024 && read.message_ids.len() <= 31, "{name}");
    }
}

fn cases() -> u32 {
    std::env::var("SOUNDINGS_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(64)
}

/// Mails to spoil: the corpus where it is at hand, and some of ours.
fn mails() -> Vec<Vec<u8>> {
    let own = [
        format!(
            "{BOUNCE}<kim@acme.example>: host mx.acme.example said: 550 5.1.1 User unknown (in reply to RCPT TO \
            command)\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <a@b>\n"
        ),
        format!(
            "{HEADERS}Auto-Submitted: auto-replied\nSubject: Abwesend\nContent-Type: text/plain; charset=utf-8\n\nIch \
            bin vom 2. bis 13. März nicht im Büro. 3月2日から3月13日まで\n"
        ),
        format!(
            "{HEADERS}Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nfailed\n--x\n\
            Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nOriginal-Recipient: utf-8; \
            \\x{{8C6A}}@b.example\nFinal-Recipient: rfc822; a+2Bb@b.example\nAction: failed\nStatus: 5.1.1\n\n--x\n\
            Content-Type: message/rfc822\n\nMessage-ID: <x@y>\n\nz\n--x--\n"
        ),
    ];
    corpus().into_iter().map(|mail| mail.bytes).chain(own.map(String::into_bytes)).collect()
}

fn is_bounded(bytes: &[u8]) -> bool {
    let started = Instant::now();
    let read = read(bytes);
    let class = matches!(read.class, Class::HardBounce | Class::SoftBounce | Class::DeliveredNotice | Class::Feedback);
    started.elapsed() < Duration::from_secs(20)
        && read.text.len() <= 16 * 1024
        && !read.text.contains(|c: char| c.is_control() && c != '\n')
        && !read.reason.contains(['\n', '\r'])
        && (class || read.recipients.is_empty())
}

#[test]
fn s25_spoilt_mails_are_read_to_the_end() {
    let mails = mails();
    let config = ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() };
    let spoils =
        (0..mails.len(), 0..mails.len(), 0.0..1.0, 0.0..1.0, proptest::collection::vec((0.0..1.0, any::<u8>()), 0..12));
    proptest!(config, |((one, other, from, to, bytes) in spoils)| {
        let place = |share: f64, length: usize| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a mail")]
            let at = (share * length as f64) as usize;
            at.min(length)
        };
        let (one, other) = (&mails[one], &mails[other]);
        let truncated = &one[..place(from, one.len())];
        prop_assert!(is_bounded(truncated));
        let spliced = [truncated, &other[place(to, other.len())..]].concat();
        prop_assert!(is_bounded(&spliced));
        let mut changed = one.clone();
        for (at, byte) in bytes {
            if let Some(spoilt) = changed.get_mut(place(at, one.len())) {
                *spoilt = byte;
            }
        }
        prop_assert!(is_bounded(&changed));
    });
}

proptest! {
    #[test]
    fn s25_noise_is_read_to_the_end(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), text in "\\PC{0,400}") {
        prop_assert!(is_bounded(&bytes));
        let absence = format!("{HEADERS}Auto-Submitted: auto-replied\nContent-Type: text/plain; charset=utf-8\n\n{text}");
        prop_assert!(is_bounded(absence.as_bytes()));
        let bounce = format!("{BOUNCE}{text}@{text}: 550 {text}");
        prop_assert!(is_bounded(bounce.as_bytes()));
    }
}
