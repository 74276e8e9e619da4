//! Disposition notices (RFC 8098): a mail program says that a mail was opened, deleted or passed on. It is no reply, and whatever became of
//! the mail, it had arrived.

use crate::mail::incoming::address;
use crate::mail::incoming::excerpt::beginning;
use crate::rules::replies::{Class, Recipient};

use super::fields;
use super::limits::LONGEST_WORDS;

/// Whom it arrived at, and what the notice says of it.
pub fn read(notice: &str) -> Vec<Recipient> {
    let blocks = fields::blocks(notice);
    let value = |name: &str| blocks.iter().find_map(|b| fields::value(b, name));
    let address = value("original-recipient").and_then(address::of_field);
    let Some(address) = address.or_else(|| value("final-recipient").and_then(address::of_field)) else {
        return Vec::new();
    };
    let said = beginning(value("disposition").unwrap_or(""), LONGEST_WORDS).to_owned();
    vec![Recipient { address, class: Class::DeliveredNotice, status: None, said }]
}
