//! Complaints: feedback reports (RFC 5965). A person pressed "this is junk", or a provider did.

use crate::mail::incoming::address;
use crate::mail::incoming::excerpt::beginning;
use crate::mail::incoming::letter::IncomingMail;
use crate::rules::replies::{Class, Recipient};

use super::fields;
use super::limits::{LONGEST_WORDS, MOST_RECIPIENTS};

/// The older way of large providers: the mail itself, under a subject that says what it is.
pub fn is_by_looks(letter: &IncomingMail) -> bool {
    let subject = letter.subject.to_lowercase();
    let answer = letter.has("in-reply-to") || letter.has("references");
    subject.starts_with("complaint about message") && !letter.returned.is_empty() && !answer
}

/// Who complained, as far as the report says; most providers hide it.
pub fn read(feedback: &str, letter: &IncomingMail) -> Vec<Recipient> {
    let blocks = fields::blocks(feedback);
    let all = |name: &'static str| blocks.iter().flatten().filter(move |f| f.name == name).map(|f| f.value.as_str());
    let kind = all("feedback-type").next().unwrap_or("abuse");
    let mut addresses: Vec<String> = Vec::new();
    let told = all("original-rcpt-to").chain(all("removal-recipient"));
    for value in told.flat_map(|v| v.split(',')).take(MOST_RECIPIENTS) {
        addresses.extend(address::of_field(value).filter(|a| !addresses.contains(a)));
    }
    if addresses.is_empty() {
        let to = letter.returned.iter().filter(|f| f.name == "to" || f.name == "x-original-to").take(20);
        addresses = to.flat_map(|f| address::found_in(&f.value)).map(|f| f.address).collect();
    }
    let said = beginning(kind, LONGEST_WORDS).to_owned();
    addresses
        .into_iter()
        .map(|address| Recipient { address, class: Class::Feedback, status: None, said: said.clone() })
        .collect()
}
