//! What servers say, and whether it proves a dead address. None of these rows is taken from the corpus.

use crate::rules::replies::Class;
use crate::rules::sending::refusal::{Evidence, codes};

use super::bounce_class::classify;

const RCPT: &str = " (in reply to RCPT TO command)";
const DATA: &str = " (in reply to end of DATA command)";

fn class(status: &str, said: &str, around: &str) -> Class {
    classify(Evidence { field: codes::status(status), said, around, ..Evidence::default() }).class
}

#[test]
fn a_dead_address_is_proven_by_words_or_codes_with_nothing_against_them() {
    for (status, said, around) in [
        (
            "5.1.1",
            "550 5.1.1 <kim@acme.example>: Recipient address rejected: User unknown in virtual mailbox table",
            RCPT,
        ),
        (
            "5.1.1",
            "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address",
            RCPT,
        ),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", ""),
        ("5.4.1", "550 5.4.1 [kim@acme.example]: Recipient address rejected: Access denied. AS(201806281)", RCPT),
        ("5.0.0", "550 No such user here", RCPT),
        ("5.1.1", "unknown user: \"kim\"", ""),
        ("5.4.4", "Host or domain name not found. Name service error for name=acme.example type=A: Host not found", ""),
        ("5.1.2", "550 Host unknown (Name server: acme.example: host not found)", ""),
        ("5.1.6", "551 5.1.6 The user has moved, please try <kim@other.example>", RCPT),
        ("", "Sorry, no mailbox here by that name. (#5.1.1)", "This is a permanent error; I've given up."),
        (
            "",
            "Sorry, I couldn't find any host named acme.example. (#5.1.2)",
            "This is a permanent error; I've given up.",
        ),
        ("", "Unrouteable address", "This is a permanent error."),
        ("", "an MX or SRV record indicated no SMTP service", "This is a permanent error."),
        ("", "all relevant MX records point to non-existent hosts", "This is a permanent error."),
        ("5.0.0", "550 Utilisateur inconnu", RCPT),
        ("5.1.1", "550 5.1.1 Benutzer unbekannt", RCPT),
        ("5.0.0", "550 This mailbox has been closed: account has been terminated, account closed", RCPT),
        ("5.1.1", "550 5.1.1 User unknown", DATA),
    ] {
        assert_eq!(class(status, said, around), Class::HardBounce, "{status} {said}{around}");
    }
}

#[test]
fn everything_else_is_a_soft_bounce() {
    for (status, said, around) in [
        ("5.2.2", "552-5.2.2 The email account that you tried to reach is over quota", RCPT),
        ("5.2.2", "550 5.2.2 STOREDRV; mailbox full. The recipient's mailbox is full", ""),
        ("5.1.1", "550 5.1.1 User unknown; mailbox is full", RCPT),
        ("4.4.7", "550 4.4.7 QUEUE.Expired; message expired", ""),
        ("4.1.1", "450 4.1.1 <kim@acme.example>: Recipient address rejected: unverified address: User unknown", RCPT),
        (
            "4.4.3",
            "Host or domain name not found. Name service error for name=acme.example type=MX: Host not found, try again",
            "",
        ),
        (
            "4.0.0",
            "DNS type 'mx' lookup of acme.example responded with code NXDOMAIN Domain name not found: acme.example",
            "",
        ),
        ("5.7.1", "550 5.7.1 <kim@acme.example>: Recipient address rejected: User unknown or not allowed", RCPT),
        ("5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", RCPT),
        ("5.7.26", "550-5.7.26 This mail has been blocked because the sender is unauthenticated.", DATA),
        ("5.7.515", "550 5.7.515 Access denied, sending domain does not meet the required authentication level.", DATA),
        ("5.7.133", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", ""),
        ("5.0.0", "550 Sender domain does not exist", RCPT),
        ("5.1.8", "553 5.1.8 <us@soundings.example>... Domain of sender address does not exist", ""),
        ("5.0.0", "550 User unknown", DATA),
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled.", RCPT),
        ("5.2.1", "550 5.2.1 Mailbox temporarily disabled", RCPT),
        ("5.0.0", "553 sorry, that domain isn't in my list of allowed rcpthosts", RCPT),
        ("5.3.4", "552 5.3.4 Message size exceeds fixed maximum message size", ""),
        ("5.4.6", "554 5.4.6 Too many hops", ""),
        ("5.4.14", "554 5.4.14 Hop count exceeded - possible mail loop ATTR34", ""),
        ("5.0.0", "554 Message refused by policy", DATA),
        ("5.6.0", "554 5.6.0 Invalid message content", DATA),
        ("5.0.0", "554 delivery error", ""),
        ("", "retry timeout exceeded", "This is a permanent error."),
        (
            "",
            "all hosts for 'acme.example' have been failing for a long time (and retry time not reached)",
            "This is a permanent error.",
        ),
        ("", "lowest numbered MX record points to local host", "This is a permanent error."),
        (
            "",
            "Connected to 192.0.2.1 but sender was rejected. Remote host said: 550 5.1.1 unknown",
            "This is a permanent error.",
        ),
        ("", "User unknown", "The following address had delivery errors."),
        ("5.1.0", "550 5.1.0 Address rejected.", RCPT),
        ("5.0.0", "550 Requested action not taken: mailbox unavailable", RCPT),
        ("5.4.4", "Unable to route", ""),
        ("", "", ""),
    ] {
        assert_eq!(class(status, said, around), Class::SoftBounce, "{status} {said}{around}");
    }
}

#[test]
fn words_inside_an_address_say_nothing() {
    let said = "550 5.0.0 <user-unknown@no-such-user.example>: rejected";
    assert_eq!(class("5.0.0", said, RCPT), Class::SoftBounce);
    assert_eq!(class("5.1.1", "550 5.1.1 <mailbox-full@quota.example>: User unknown", RCPT), Class::HardBounce);
}
