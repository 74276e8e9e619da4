//! What comes back: a received mail read into the words of `rules::replies`.
//!
//! Reading decides nothing about anybody: whether a report is about a mail of ours is seen by its Message-ID and the token in its address,
//! by those who act on it. [`read`] never fails, takes time in proportion to the mail and a bounded amount of it, and looks at no clock.
//!
//! The order of the questions is the order of certainty: reports with fields of their own (complaint, delivery status, disposition),
//! reports that no RFC describes, autoresponders, and everything else is taken for a person.

pub mod absences;
pub mod reports;
mod bounded;
mod excerpt;
mod letter;
mod address;
mod words;
mod newest;
mod machine;
mod matching;
mod reason;
#[cfg(test)]
mod person_tests;
#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod hostile_tests;

use letter::IncomingMail;

use crate::rules::replies::{CHALLENGE, Class, Incoming, Recipient};

use self::absences::absence::Absence;

/// A mail as it came over the wire, understood as far as it can be.
pub fn read(bytes: &[u8]) -> Incoming {
    let letter = IncomingMail::open(bytes);
    let text = newest::of(&letter);
    let is_challenge = reports::challenge::is_one(&letter, &text);
    let found = if is_challenge { ReadAs::new(Class::AutoReply, Vec::new()) } else { find(&letter, &text) };
    let ReadAs { class, recipients, message_id } = found;
    let reads_absence = class == Class::AutoReply && !is_challenge;
    let absence = if reads_absence { absences::absence::read(&letter, &text) } else { Absence::default() };
    let mut message_ids = matching::message_ids(&letter);
    message_ids.extend(message_id.and_then(|id| matching::tidy_id(&id)));
    Incoming {
        class,
        reason: match is_challenge {
            true => CHALLENGE.into(),
            false => reason::of(class, &recipients, &absence),
        },
        recipients,
        returns_on: absence.returns_on,
        has_left: absence.has_left,
        is_leaving: absence.is_leaving,
        new_address: absence.new_address,
        write_to: absence.write_to,
        message_ids,
        own_id: matching::tidy_id(letter.header("message-id")).filter(|id| id.is_ascii()),
        written_on: letter.date.map(|(day, _)| day),
        delivered_to: matching::delivered_to(&letter),
        automatic: !matches!(class, Class::Other) || machine::is_automatic(&letter),
        is_challenge,
        from_name: letter.from_name,
        from_email: letter.from_email,
        subject: letter.subject,
        text,
    }
}

/// Whether a file is an mbox with more than one mail in it: another `From ` line after an empty one, with a header below it.
pub fn is_mailbox(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|b| *b == b'\n').peekable();
    if !lines.next().is_some_and(|first| first.starts_with(b"From ")) {
        return false;
    }
    let mut empty = false;
    while let Some(line) = lines.next() {
        let header = |next: &&[u8]| {
            next.iter().position(|b| *b == b':').is_some_and(|at| next[..at].iter().all(u8::is_ascii_graphic))
        };
        if empty && line.starts_with(b"From ") && lines.peek().is_some_and(header) {
            return true;
        }
        empty = line.is_empty() || line == b"\r";
    }
    false
}

struct ReadAs {
    class: Class,
    recipients: Vec<Recipient>,
    /// Of the mail that it is about, where only the report itself knows it.
    message_id: Option<String>,
}

impl ReadAs {
    fn new(class: Class, recipients: Vec<Recipient>) -> ReadAs {
        ReadAs { class, recipients, message_id: None }
    }
}

fn find(letter: &IncomingMail, text: &str) -> ReadAs {
    if let Some(feedback) = &letter.feedback {
        return ReadAs::new(Class::Feedback, reports::complaint::read(feedback, letter));
    }
    if letter.report_type == "feedback-report" || reports::complaint::is_by_looks(letter) {
        return ReadAs::new(Class::Feedback, reports::complaint::read("", letter));
    }
    if let Some(disposition) = &letter.disposition {
        return ReadAs::new(Class::DeliveredNotice, reports::receipt::read(disposition));
    }
    if let Some((recipients, message_id)) = reports::notification::read(&letter.plain) {
        let class = of_all(&recipients).unwrap_or(Class::Other);
        return ReadAs { class, recipients, message_id };
    }
    if let Some(recipients) = reports::bounce::read(letter, text) {
        let class = of_all(&recipients).unwrap_or(Class::SoftBounce);
        return ReadAs::new(class, recipients);
    }
    let class = if machine::is_auto_reply(letter, text) { Class::AutoReply } else { Class::Other };
    ReadAs::new(class, Vec::new())
}

/// The gravest of several fates.
fn of_all(recipients: &[Recipient]) -> Option<Class> {
    let order = [Class::Feedback, Class::HardBounce, Class::SoftBounce, Class::DeliveredNotice];
    order.into_iter().find(|class| recipients.iter().any(|r| r.class == *class))
}
