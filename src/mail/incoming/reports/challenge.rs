//! Challenges: a program keeps our mail back until somebody presses, replies or types a code.
//!
//! Promise: whatever such a mail looks like, it is no bounce and proves nothing about the address; the mail waits there for somebody of
//! ours. A person who asks for something is not taken for such a program.

use crate::mail::incoming::excerpt::beginning;
use crate::mail::incoming::letter::IncomingMail;
use crate::mail::incoming::{machine, words};

use super::dialects::before_what_came_back;

/// The request stands at the beginning.
const LONGEST: usize = 6 * 1024;

pub fn is_one(letter: &IncomingMail, newest: &str) -> bool {
    let prose = if letter.plain.trim().is_empty() { newest } else { letter.plain.as_str() };
    let text = format!("{}\n{}", letter.subject, beginning(before_what_came_back(prose), LONGEST)).to_lowercase();
    // Lines are broken anywhere.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words::any("challenges", &text) && words::any("waits", &text) && (is_by_a_program(letter) || asks_at_once(letter))
}

fn is_by_a_program(letter: &IncomingMail) -> bool {
    machine::is_automatic(letter) || machine::is_auto_reply(letter, "")
}

/// Without any header that says so, the subject does.
fn asks_at_once(letter: &IncomingMail) -> bool {
    words::any("challenge_subjects", &letter.subject.to_lowercase())
}

#[cfg(test)]
mod tests {
    use crate::mail::incoming::read;
    use crate::rules::replies::{Class, Incoming};

    fn mail(headers: &str, subject: &str, body: &str) -> Incoming {
        read(format!("{headers}From: Kim Park <kim@acme.example>\r\nTo: bounces@northwind.example\r\nSubject: {subject}\r\n\r\n\
            {body}\r\n").as_bytes())
    }

    const FROM_A_DAEMON: &str = "Return-Path: <>\r\nFrom: MAILER-DAEMON@acme.example\r\n";

    #[test]
    fn a_challenge_is_an_automatic_reply_that_waits_for_somebody() {
        for (headers, subject, body) in [
            (
                "Auto-Submitted: auto-replied\r\n",
                "Please confirm your message",
                "This message was created automatically by mail delivery software (TMDA).\r\n\r\n\
                 Your message attached below is being held because the address has not been verified.\r\n\
                 To release your message for delivery, please send an empty message to the following address, or use your \
                 mailer's \"Reply\" feature.",
            ),
            (
                "Return-Path: <>\r\n",
                "Re: Northwind: how are we doing? (verification required)",
                "I'm protecting myself from junk email. Please click the link below to complete the verification process.\r\n\
                 You have to do this only once. Spam Arrest",
            ),
            (
                "Precedence: bulk\r\n",
                "Your message to Kim Park is waiting (Action Required)",
                "Kim Park uses Boxbe to manage the inbox. Because you are not yet on Kim's Guest List, your message to \
                 kim@acme.example is waiting in a special folder.",
            ),
            (
                "Auto-Submitted: auto-generated\r\n",
                "Sender Address Verification Request",
                "This is a one-time request by Sendio. Your email has been held. Simply reply to this message and your email \
                 will be delivered.",
            ),
            (
                FROM_A_DAEMON,
                "Undelivered Mail: confirmation needed",
                "Your message could not be delivered to the following recipient yet:\r\n\r\n<kim@acme.example>\r\n\r\n\
                 It is being held until you confirm that you sent it. Press reply to do so.",
            ),
            (
                "Auto-Submitted: auto-replied\r\n",
                "Ihre Nachricht an Kim Park",
                "Zum Schutz vor Spam wird Ihre E-Mail zurückgehalten, bis Sie auf den Link unten klicken. Bitte bestätigen Sie, \
                 dass Sie ein Mensch sind.",
            ),
            (
                "Return-Path: <>\r\n",
                "Bestätigung erforderlich",
                "Ihre Nachricht wird erst zugestellt, wenn Sie auf diese E-Mail antworten.",
            ),
            (
                "Auto-Submitted: auto-replied\r\n",
                "Demande d'authentification",
                "Votre message est en attente. Merci de vous authentifier en cliquant sur ce lien ; Mailinblack protège cette boîte.",
            ),
            (
                FROM_A_DAEMON,
                "Message non remis",
                "Votre message à <kim@acme.example> ne sera remis qu'une fois que vous aurez cliqué sur le lien ci-dessous.",
            ),
        ] {
            let read = mail(headers, subject, body);
            assert_eq!((read.class, read.is_challenge), (Class::AutoReply, true), "{subject}");
            assert!(read.recipients.is_empty() && read.automatic && read.returns_on.is_none(), "{subject}");
        }
    }

    #[test]
    fn reports_absences_and_people_are_no_challenges() {
        for (headers, subject, body) in [
            (
                FROM_A_DAEMON,
                "Undelivered Mail Returned to Sender",
                "I could not deliver your message to <kim@acme.example>: 550 5.1.1 User unknown. Please verify that you have \
                 the correct email address.",
            ),
            (
                FROM_A_DAEMON,
                "Delivery delayed",
                "Your message to <kim@acme.example> has not been delivered yet. You do not need to do anything; delivery will \
                 be tried again.",
            ),
            (
                FROM_A_DAEMON,
                "Undeliverable",
                "Your message to kim@acme.example was rejected. The error was: 550 5.7.1 The sender is not verified. Click here for help.",
            ),
            (
                "Auto-Submitted: auto-replied\r\n",
                "Out of office",
                "I am away until 19 February. In urgent cases please write to my colleague.",
            ),
            (
                "",
                "Re: Northwind",
                "Thank you. Could you confirm that you sent this to Ben as well? Your message was a bit long.",
            ),
            (
                "",
                "Re: Northwind",
                "Ich habe auf den Link geklickt. Bitte bestätigen Sie, dass Sie die Antworten haben; Ihre Nachricht war klar.",
            ),
        ] {
            assert!(!mail(headers, subject, body).is_challenge, "{subject}: {body}");
        }
    }
}
