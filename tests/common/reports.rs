//! What other machines and people send back about a mail of ours.

use soundings::rehearsal::mailbox::Received;

/// A delivery status notification (RFC 3464) about this mail, sent to its return address. `action`: failed, delayed, delivered.
pub fn report(mail: &Received, recipient: &str, action: &str, status: &str, said: &str) -> String {
    report_to(&mail.from, &mail.message_id, recipient, action, status, said)
}

pub fn report_to(to: &str, message_id: &str, recipient: &str, action: &str, status: &str, said: &str) -> String {
    let subject = match action {
        "failed" => "Undelivered Mail Returned to Sender",
        "delivered" => "Successful Mail Delivery Report",
        _ => "Delayed Mail (still being retried)",
    };
    crlf(&format!(
        "Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.relay.example (Mail Delivery System)
To: {to}
Subject: {subject}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"
Date: Mon, 8 Feb 2027 12:00:00 +0000
Message-Id: <20270208120000.1@mx.relay.example>

--B
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.relay.example.

<{recipient}>: {said}

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.relay.example
Arrival-Date: Mon, 8 Feb 2027 11:59:58 +0000

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.globex.example
Diagnostic-Code: smtp; {said}

--B
Content-Type: text/rfc822-headers

Message-ID: {message_id}
From: conversation@northwind.example
To: {recipient}
Subject: Your view of Northwind Instruments

--B--
"
    ))
}

/// A complaint (RFC 5965), with the recipient blacked out as usual.
pub fn complaint(mail: &Received) -> String {
    crlf(&format!(
        "Delivered-To: {to}
From: <feedback@provider.example>
To: {to}
Subject: FW: Your view
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=\"B\"
Date: Mon, 8 Feb 2027 12:00:00 +0000

--B
Content-Type: text/plain

This is an email abuse report.

--B
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1

--B
Content-Type: message/rfc822

From: conversation@northwind.example
Message-ID: {id}
Subject: Your view

Dear Ann

--B--
",
        to = mail.from,
        id = mail.message_id
    ))
}

/// What an answering machine says about this mail.
pub fn away(mail: &Received, from: &str, words: &str) -> String {
    crlf(&format!(
        "Delivered-To: {to}
From: <{from}>
To: {to}
Subject: Out of office: {subject}
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: All
In-Reply-To: {id}
References: {id}
Date: Mon, 8 Feb 2027 12:00:00 +0000
Message-ID: <away-1@globex.example>
Content-Type: text/plain; charset=utf-8

{words}
",
        to = mail.from,
        subject = mail.header("Subject").unwrap_or_default(),
        id = mail.message_id
    ))
}

/// What a person writes back.
pub fn answer(mail: &Received, from: &str, words: &str) -> String {
    let to = mail.header("Reply-To").unwrap_or(&mail.from);
    crlf(&format!(
        "Delivered-To: {to}
From: {from}
To: {to}
Subject: Re: {subject}
In-Reply-To: {id}
Date: Mon, 8 Feb 2027 12:00:00 +0000
Message-ID: <answer-1@globex.example>
Content-Type: text/plain; charset=utf-8

{words}

On Mon, 8 Feb 2027 Laura Whitcombe wrote:
> Dear Ann,
",
        subject = mail.header("Subject").unwrap_or_default(),
        id = mail.message_id
    ))
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// What a program says that takes mail from strangers only after a press. It looks like a report.
pub fn challenge(mail: &Received, subject: &str, words: &str) -> String {
    crlf(&format!(
        "Return-Path: <>
Delivered-To: {to}
From: Mail Delivery Subsystem <MAILER-DAEMON@globex.example>
To: {to}
Subject: {subject}
Date: Mon, 8 Feb 2027 12:00:00 +0000
Message-ID: <challenge-1@globex.example>
Content-Type: text/plain; charset=utf-8

{words}
",
        to = mail.from,
    ))
}
