//! Reports of mails that did not arrive: with the fields of RFC 3464 where there are any, else by their looks.

use crate::mail::incoming::excerpt::beginning;
use crate::mail::incoming::letter::IncomingMail;
use crate::mail::incoming::{address, machine, newest, words};
use crate::rules::replies::{Class, Recipient};
use crate::rules::sending::refusal::Evidence;

use super::dialects::{self, Prose};
use super::limits::{LONGEST_WORDS, MOST_AROUND, MOST_RECIPIENTS};
use super::{bounce_class, fields, quoted, report};

/// Nothing when the mail is no such report.
pub fn read(letter: &IncomingMail, newest: &str) -> Option<Vec<Recipient>> {
    let prose = if letter.plain.trim().is_empty() { newest } else { letter.plain.as_str() };
    if let Some(status) = &letter.delivery_status
        && (letter.report_type == "delivery-status" || !is_from_person(letter))
    {
        let recipients = report::read(status, prose);
        if !recipients.is_empty() || letter.report_type == "delivery-status" {
            return Some(if recipients.is_empty() { by_looks(letter, prose) } else { recipients });
        }
    }
    if !looks_like_one(letter, newest) {
        return None;
    }
    if let Some(inner) = letter.wrapped.as_deref().filter(|_| machine::is_postmaster(letter))
        && let Some(status) = &inner.delivery_status
    {
        return Some(report::read(status, &inner.plain));
    }
    let own = newest::without_history(prose);
    if report::is_in(&own) {
        let recipients = report::read(&own, &own);
        if !recipients.is_empty() {
            return Some(recipients);
        }
    }
    Some(by_looks(letter, prose))
}

/// Some programs forward the parts of a report beside the words of the person who forwards it.
fn is_from_person(letter: &IncomingMail) -> bool {
    !machine::is_postmaster(letter) && !letter.has_no_return_path() && !letter.has("auto-submitted")
}

/// A mail server's words, told from a person's who writes about them: a person's mail answers or forwards, and comes from a person's
/// address.
fn looks_like_one(letter: &IncomingMail, newest: &str) -> bool {
    if letter.report_type == "delivery-status" || letter.has("x-failed-recipients") {
        return true;
    }
    let subject = letter.subject.to_lowercase();
    let text = beginning(dialects::before_what_came_back(newest), 8 * 1024).to_lowercase();
    let in_subject = words::any("subjects", &subject);
    let in_text = words::any("texts", &text);
    if machine::is_postmaster(letter) {
        return in_subject || in_text;
    }
    let person =
        machine::is_answer_or_forward(&letter.subject) || letter.has("in-reply-to") || letter.has("references");
    if letter.has_no_return_path() {
        return in_text && (in_subject || !person);
    }
    in_subject && in_text && !person
}

/// Who is named, judged by the words beside the name.
fn by_looks(letter: &IncomingMail, prose: &str) -> Vec<Recipient> {
    let own = Prose::read(prose);
    let told = letter.all("x-failed-recipients").flat_map(address::found_in).map(|f| f.address);
    let mut named: Vec<String> = told.take(MOST_RECIPIENTS).collect();
    named.dedup();
    if named.is_empty() {
        named = own.told();
    }
    if named.is_empty() {
        // What came back may stand in the text, too.
        let quoted = fields::blocks(&prose[own.text.len()..]).concat();
        let to = letter.returned.iter().chain(&quoted).filter(|f| f.name == "to");
        named = to.flat_map(|f| address::found_in(&f.value)).map(|f| f.address).take(1).collect();
    }
    if named.is_empty() {
        named = own.recipients();
    }
    let around = format!("{}\n{}", letter.subject, beginning(own.text, MOST_AROUND));
    let delayed = words::any("delayed", &around.to_lowercase());
    let judged = |words: &str| {
        let whole = || fields::one_line(beginning(words, MOST_AROUND));
        let said = quoted::telling(words).unwrap_or_else(whole);
        let stage = quoted::stage(words);
        (bounce_class::classify(Evidence { said: &said, around: &around, stage, ..Evidence::default() }), said)
    };
    let recipient = |address: String| {
        let words = own.words_about(&address);
        // Some give the reason before the name.
        let (verdict, said) =
            Some(judged(words)).filter(|(v, _)| v.status.is_some()).unwrap_or_else(|| judged(own.text));
        let class = if delayed { Class::SoftBounce } else { verdict.class };
        Recipient { address, class, status: verdict.status, said: beginning(&said, LONGEST_WORDS).to_owned() }
    };
    named.into_iter().map(recipient).collect()
}
