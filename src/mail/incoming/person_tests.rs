//! What a person writes is a person's, whatever it quotes; and what stands in it is found again.

use super::read;
use crate::rules::replies::{Class, Incoming};

fn reply(subject: &str, body: &str) -> Incoming {
    read(
        format!(
            "Return-Path: <kim@acme.example>\r\nDelivered-To: team+tok3n@soundings.example\r\n\
                 X-Original-To: <Replies@soundings.example>\r\n\
             From: \"Doe, Kim\" <Kim@ACME.example>\r\nTo: team+tok3n@soundings.example\r\nDate: Wed, 4 Mar 2026 09:12:00 +0100\r\n\
             Subject: {subject}\r\nIn-Reply-To: <ours-1@soundings.example>\r\nReferences: <ours-0@soundings.example>\r\n <ours-1@soundings.example>\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
        )
        .as_bytes(),
    )
}

#[test]
fn a_person_who_quotes_a_bounce_or_an_absence_is_a_person() {
    let bounce =
        "Delivery to the following recipient failed permanently:\n     jane@acme.example\n550 5.1.1 User unknown";
    let quoted = bounce.replace('\n', "\n> ");
    for (subject, body) in [
        ("Re: Undelivered Mail Returned to Sender", format!("This is what I got when I wrote to Jane:\n\n> {quoted}")),
        (
            "AW: Mail delivery failed: returning message to sender",
            format!(
                "Siehe unten.\n\nAm 3. \
             März 2026 um 10:00 schrieb MAILER-DAEMON:\n> {quoted}"
            ),
        ),
        (
            "Fwd: Delivery Status Notification (Failure)",
            format!(
                "Is this you?\n\n\
             ---------- Forwarded message ----------\nFrom: Mail Delivery Subsystem\n\n{bounce}"
            ),
        ),
        (
            "Re: your mail",
            format!(
                "Your message could not be delivered to Jane, she says.\n\n\
             -----Original Message-----\nFrom: Mail Delivery System\nSent: Monday\n\n{bounce}"
            ),
        ),
        (
            "RE: Automatic reply: How are we doing?",
            "I saw that you are out of the office until 13 March. No hurry.\n\n\
             > I am out of the office until 13 March."
                .into(),
        ),
        (
            "Re: How are we doing?",
            "I am on vacation until Monday but will fill it in then.\n\nOn 3 March 2026 Team wrote:\n> Hello".into(),
        ),
        ("Abwesenheitsregelung", "Anbei die neue Regelung, wie besprochen.".into()),
        ("Re: How are we doing?", "Jane is no longer with us, please write to me instead.".into()),
    ] {
        let read = reply(subject, &body);
        assert_eq!((read.class, read.automatic), (Class::Other, false), "{subject}\n{body}");
        assert!(read.recipients.is_empty() && read.returns_on.is_none() && !read.has_left, "{subject}");
    }
}

#[test]
fn lists_and_machines_are_not_answered_and_are_no_bounces() {
    for headers in [
        "List-Id: <news.acme.example>\r\nPrecedence: list",
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        "Return-Path: <>",
    ] {
        let read = read(
            format!("From: news@acme.example\r\nSubject: Our spring offers\r\n{headers}\r\n\r\nBuy now.\r\n")
                .as_bytes(),
        );
        assert_eq!((read.class, read.automatic), (Class::Other, true), "{headers}");
    }
}

#[test]
fn what_is_needed_to_match_a_reply_is_found() {
    let read = reply("Re: How are we doing?", "Fine.");
    assert_eq!(read.message_ids, ["ours-1@soundings.example", "ours-0@soundings.example"]);
    assert_eq!(read.delivered_to, ["team+tok3n@soundings.example", "replies@soundings.example"]);
    assert_eq!((read.from_name.as_str(), read.from_email.as_str()), ("Doe, Kim", "kim@acme.example"));
    assert_eq!(read.subject, "Re: How are we doing?");
}

#[test]
fn only_the_newest_words_are_kept() {
    for (body, newest) in [
        (
            "Thanks!\n\nOn Tue, 3 Mar 2026 at 10:00, Team <team@soundings.example>\nwrote:\n\n> Hello\n> there",
            "Thanks!",
        ),
        ("Danke.\n\nAm 03.03.2026 um 10:00 schrieb Team <team@soundings.example>:\n> Hallo", "Danke."),
        ("Merci.\n\nLe mar. 3 mars 2026 à 10:00, Team <team@soundings.example> a écrit :\n> Bonjour", "Merci."),
        ("Gracias\n\nEl mar, 3 mar 2026 a las 10:00, Team (<team@soundings.example>) escribió:\n> Hola", "Gracias"),
        (
            "Ok\n________________________________\nFrom: Team <team@soundings.example>\nSent: Tuesday, March 3, \
                 2026 10:00 AM\nTo: Kim\n\nHello",
            "Ok\n________________________________",
        ),
        ("Gut\n\nVon: Team <team@soundings.example>\nGesendet: Dienstag, 3. März 2026 10:00\nAn: Kim\n\nHallo", "Gut"),
        ("Yes\n\n-----Original Message-----\nFrom: Team", "Yes"),
        ("了解です\n\n2026年3月3日(火) 10:00 Team <team@soundings.example>:\n> こんにちは", "了解です"),
        ("First\n> quoted\nsecond", "First\nsecond"),
    ] {
        assert_eq!(reply("Re: x", body).text, newest, "{body}");
    }
}

#[test]
fn html_becomes_text_and_nothing_in_it_is_a_control_character() {
    let read = read(
        "From: kim@acme.example\r\nSubject: Re: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Very <b>good</b>,\u{7} really.</p>\
         <div class=\"gmail_quote\">On Monday you wrote:<blockquote>Hello</blockquote></div>\r\n"
            .as_bytes(),
    );
    assert_eq!(read.text, "Very good, really.");
    let long = reply("Re: x", &"word \u{1b}[31m ".repeat(10_000));
    assert!(long.text.len() <= 16 * 1024 && !long.text.contains(|c: char| c.is_control() && c != '\n'));
}

#[test]
fn its_own_id_is_kept_for_whoever_answers_it() {
    let of = |head: &str| read(format!("From: kim@acme.example\r\n{head}\r\nHello.\r\n").as_bytes()).own_id;
    assert_eq!(of("Message-ID: <theirs-1@acme.example>\r\n").as_deref(), Some("theirs-1@acme.example"));
    assert_eq!(of("Subject: none\r\n"), None);
    assert_eq!(of("Message-ID: nothing\r\n"), None);
}
