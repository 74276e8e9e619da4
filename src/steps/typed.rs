//! What people type into our forms, as it is kept: on one line, and refused with a sentence where it is missing or too long.

use crate::base::address::EmailAddress;
use crate::base::problem::{Problem, Result};
use crate::rules::text::typed::{LONGEST_LINE, one_line, too_long};

/// What a person typed, as one line.
pub(super) fn clean(text: &str) -> String {
    one_line(text)
}

/// The same where only so much is kept: refused, never cut. `what`: "The job title".
pub(super) fn fitting(what: &str, text: &str) -> Result<String> {
    if too_long(text).is_none() {
        Ok(one_line(text))
    } else {
        let (has, most) = (one_line(text).chars().count(), LONGEST_LINE);
        let sentence = format!("{what} has {has} characters, and at most {most} are kept.");
        Err(Problem::unusable(sentence, "Shorten it, then save again."))
    }
}

pub(super) fn required(text: &str, otherwise: &str) -> Result<String> {
    let text = clean(text);
    if text.is_empty() { Err(Problem::unusable(otherwise, "Then save again.")) } else { Ok(text) }
}

pub(super) fn quoted(text: &str) -> String {
    let text = clean(text);
    if text.is_empty() {
        "nothing".into()
    } else {
        format!("\u{201c}{}\u{201d}", text.chars().take(80).collect::<String>())
    }
}

pub(super) fn address(typed: &str) -> Result<EmailAddress> {
    EmailAddress::parse(typed.trim()).map_err(|why| {
        Problem::unusable(format!("The address {} {why}.", quoted(typed)), "Correct it, then save again.")
    })
}
