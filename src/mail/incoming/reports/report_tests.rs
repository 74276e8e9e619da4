//! Reports with several fates, other letters and other kinds of notice. All of them are our own.

use crate::mail::incoming::read;
use crate::rules::replies::{Class, Incoming};

fn report(kind: &str, part: &str, fields: &str) -> Incoming {
    read(
        format!(
            "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: bounces+t0k3n@soundings.example\r\n\
             Subject: Delivery report\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary=x\r\n\r\n\
             --x\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n\r\n--x\r\nContent-Type: {part}\r\n\r\n{fields}\r\n\
             --x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ours@soundings.example>\r\nTo: kim@acme.example\r\n\r\n\
             Hello\r\n--x--\r\n"
        )
        .as_bytes(),
    )
}

fn status(fields: &str) -> Incoming {
    report("delivery-status", "message/delivery-status", &format!("Reporting-MTA: dns; mx.example\r\n\r\n{fields}"))
}

fn fates(read: &Incoming) -> Vec<(&str, Class)> {
    read.recipients.iter().map(|r| (r.address.as_str(), r.class)).collect()
}

#[test]
fn m07_every_recipient_has_a_fate_of_its_own() {
    let read = status(
        "Final-Recipient: rfc822; dead@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1\r\n User unknown\r\n\r\n\
         Final-Recipient: rfc822; <Late@acme.example>\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n\
         Final-Recipient: rfc822; here@acme.example\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\n\
         Final-Recipient: rfc822; there@acme.example\r\nAction: relayed\r\nStatus: 2.0.0\r\n\
         Final-Recipient: rfc822; list@acme.example\r\nAction: expanded\r\nStatus: 2.0.0\r\n",
    );
    assert_eq!(read.class, Class::HardBounce);
    assert_eq!(
        fates(&read),
        [
            ("dead@acme.example", Class::HardBounce),
            ("late@acme.example", Class::SoftBounce),
            ("here@acme.example", Class::DeliveredNotice),
            ("there@acme.example", Class::DeliveredNotice),
            ("list@acme.example", Class::DeliveredNotice),
        ]
    );
    assert_eq!(
        (read.recipients[0].status, read.recipients[0].said.as_str()),
        (Some((5, 1, 1)), "550 5.1.1 User unknown")
    );
    assert_eq!(read.message_ids, ["ours@soundings.example"]);
    assert_eq!(read.delivered_to, ["bounces+t0k3n@soundings.example"]);
}

#[test]
fn m07_a_delay_is_no_failure_and_an_arrival_is_no_bounce() {
    assert_eq!(
        status("Final-Recipient: rfc822; a@b.example\r\nAction: delayed\r\nStatus: 5.1.1\r\n").class,
        Class::SoftBounce
    );
    assert_eq!(
        status("Final-Recipient: rfc822; a@b.example\r\nAction: relayed\r\nStatus: 2.1.9\r\n").class,
        Class::DeliveredNotice
    );
}

#[test]
fn m07_addresses_in_other_letters_are_read() {
    let read = status(
        "Original-Recipient: rfc822; kim+2Bsales@acme.example\r\nFinal-Recipient: rfc822; kim@mailbox\r\nAction: failed\r\n\
         Status: 5.1.1\r\n\r\n\
         Final-Recipient: utf-8; \\x{8C6A}@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         Final-Recipient: utf-8; jürgen@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         Final-Recipient: rfc822; @relay.example:route@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n",
    );
    let addresses: Vec<&str> = read.recipients.iter().map(|r| r.address.as_str()).collect();
    assert_eq!(addresses, ["kim+sales@acme.example", "豪@acme.example", "jürgen@acme.example", "route@acme.example"]);
}

#[test]
fn m08_a_complaint_and_a_notice_are_neither_bounces_nor_replies() {
    let complaint = report(
        "feedback-report",
        "message/feedback-report",
        "Feedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\nOriginal-Rcpt-To: <kim@acme.example>\r\n\
         Removal-Recipient: kim@acme.example\r\n",
    );
    assert_eq!((complaint.class, fates(&complaint)), (Class::Feedback, vec![("kim@acme.example", Class::Feedback)]));
    for disposition in [
        "manual-action/MDN-sent-manually; displayed",
        "automatic-action/MDN-sent-automatically; deleted",
        "automatic-action/MDN-sent-automatically/error; failed",
    ] {
        let notice = report(
            "disposition-notification",
            "message/disposition-notification",
            &format!(
                "Final-Recipient: rfc822; kim@acme.example\r\nOriginal-Message-ID: <seen@soundings.example>\r\n\
                 Disposition: {disposition}\r\n"
            ),
        );
        assert_eq!((notice.class, notice.automatic), (Class::DeliveredNotice, true), "{disposition}");
        assert!(notice.message_ids.contains(&"seen@soundings.example".to_owned()));
    }
}

#[test]
fn a_report_that_a_person_forwards_is_the_persons() {
    let forwarded = "From: Kim <kim@acme.example>\r\nTo: us@soundings.example\r\n\
        Subject: Fwd: Undelivered Mail Returned to Sender\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
         --x\r\n\r\nCan you help?\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n\
         Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--x--\r\n";
    assert_eq!(read(forwarded.as_bytes()).class, Class::Other);
}

#[test]
fn broken_mime_is_read_as_the_text_that_it_is() {
    let broken = "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=nowhere\r\n\r\n\
         --x\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; kim@acme.example\r\nAction: failed\r\n\
         Status: 5.1.1\r\n\r\n--x\r\n\r\nMessage-ID: <ours@soundings.example>\r\n";
    let read = read(broken.as_bytes());
    assert_eq!((read.class, fates(&read)), (Class::HardBounce, vec![("kim@acme.example", Class::HardBounce)]));
    assert_eq!(read.message_ids, ["ours@soundings.example"]);
}

#[test]
fn a_notification_in_json_is_read() {
    let mail = |json: &str| {
        read(
            format!("From: no-reply@sns.amazonaws.com\r\nSubject: AWS Notification Message\r\n\r\n{json}\r\n")
                .as_bytes(),
        )
    };
    let hard = mail(
        "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bounceSubType\":\"General\",\
         \"bouncedRecipients\":[{\"emailAddress\":\"kim@acme.example\",\"action\":\"failed\",\"status\":\"5.1.1\",\
         \"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"}]},\
         \"mail\":{\"commonHeaders\":{\"messageId\":\"<ours@soundings.example>\"}}}",
    );
    assert_eq!((hard.class, fates(&hard)), (Class::HardBounce, vec![("kim@acme.example", Class::HardBounce)]));
    assert_eq!(hard.message_ids, ["ours@soundings.example"]);
    let soft = mail(
        "{\"eventType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Transient\",\
         \"bouncedRecipients\":[{\"emailAddress\":\"kim@acme.example\",\"status\":\"5.1.1\"}]}}",
    );
    assert_eq!(soft.class, Class::SoftBounce);
    assert_eq!(mail("{\"notificationType\":\"Something\"}").class, Class::Other);
}
