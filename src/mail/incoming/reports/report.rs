//! Delivery status reports: RFC 3464 with the address types of RFC 3461 and RFC 6533, several recipients each with a fate of its own.

use crate::mail::incoming::address;
use crate::mail::incoming::excerpt::beginning;
use crate::rules::replies::{Class, Recipient};
use crate::rules::sending::refusal::{Evidence, Status, codes, says, speaks_against};

use super::dialects::Prose;
use super::fields::{self, Field};
use super::limits::{LONGEST_WORDS, MOST_AROUND, MOST_RECIPIENTS};
use super::{bounce_class, quoted};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Failed,
    Delayed,
    Arrived,
}

/// What a report says of one recipient, before it is judged.
#[derive(Debug, Default)]
struct Entry {
    original: Option<String>,
    last: Option<String>,
    action: Option<Action>,
    status: Option<Status>,
    said: String,
    /// `Status: 5.0.0 (recipient reached disk quota)` may be the only words there are.
    remark: String,
}

/// The recipients of a report; `prose` is the part for people, which often knows more than the fields.
pub fn read(report: &str, prose: &str) -> Vec<Recipient> {
    let prose = Prose::read(prose);
    let blocks = fields::blocks(report);
    let server = blocks.iter().find_map(|b| fields::value(b, "reporting-mta")).unwrap_or("").to_lowercase();
    let server = server.rsplit([';', ' ']).next().unwrap_or("");
    let entries = entries(blocks);
    let alone = entries.len() == 1;
    entries.into_iter().take(MOST_RECIPIENTS).flat_map(|entry| recipients(entry, &prose, server, alone)).collect()
}

/// Whether a text has the fields of a report in it: some write them into the words for people.
pub fn is_in(text: &str) -> bool {
    let (mut recipient, mut fate) = (false, false);
    for line in text.lines() {
        let begins = |name: &str| line.get(..name.len()).is_some_and(|l| l.eq_ignore_ascii_case(name));
        recipient |= begins("final-recipient:") || begins("original-recipient:");
        fate |= begins("action:") || begins("status:");
    }
    recipient && fate
}

fn entries(blocks: Vec<Vec<Field>>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for block in blocks {
        let mut entry = Entry::default();
        for field in &block {
            // Without an empty line between two recipients, the second begins where a field comes again.
            let again = match field.name.as_str() {
                "final-recipient" => entry.last.is_some(),
                "original-recipient" => entry.original.is_some() && entry.last.is_some(),
                _ => false,
            };
            if again {
                entries.push(std::mem::take(&mut entry));
            }
            take(&mut entry, field);
        }
        entries.push(entry);
    }
    entries.retain(|e| e.original.is_some() || e.last.is_some() || (e.action.is_some() && e.status.is_some()));
    entries
}

fn take(entry: &mut Entry, field: &Field) {
    let value = field.value.as_str();
    match field.name.as_str() {
        "final-recipient" => entry.last = address::of_field(value),
        "original-recipient" | "x-original-recipient" => entry.original = address::of_field(value),
        "action" => entry.action = action(value),
        "status" => entry.status = value.split([' ', '(', ';']).next().and_then(codes::status),
        "diagnostic-code" | "x-supplementary-info" if entry.said.is_empty() => {
            let words = value.split_once(';').filter(|(kind, _)| !kind.contains(' ')).map_or(value, |(_, words)| words);
            entry.said = beginning(words.trim(), LONGEST_WORDS).to_owned();
        }
        _ => {}
    }
    if field.name == "status" && value.contains('(') {
        entry.remark = beginning(value, LONGEST_WORDS).to_owned();
    }
}

fn action(value: &str) -> Option<Action> {
    match value.split([' ', '(', ';']).next().unwrap_or("").to_ascii_lowercase().as_str() {
        "failed" | "failure" | "fail" => Some(Action::Failed),
        "delayed" | "delay" => Some(Action::Delayed),
        "delivered" | "relayed" | "expanded" | "deliverable" => Some(Action::Arrived),
        _ => None,
    }
}

/// The original address is the one that we wrote to; the last one may be a mailbox behind an alias, or no address at all.
fn recipients(entry: Entry, prose: &Prose<'_>, server: &str, alone: bool) -> Vec<Recipient> {
    let last = entry.last.filter(|a| entry.original.is_none() || a.rsplit('@').next().is_some_and(|d| d.contains('.')));
    let mut addresses: Vec<String> = entry.original.into_iter().chain(last).collect();
    addresses.dedup();
    if addresses.is_empty() {
        addresses.extend(prose.recipients().into_iter().next());
    }
    let Some(address) = addresses.first() else { return Vec::new() };
    let about = beginning(prose.words_about(address), MOST_AROUND);
    let said = if entry.said.is_empty() { entry.remark } else { entry.said };
    let quoted = quoted::telling(about);
    let beside = || quoted.clone().unwrap_or_else(|| fields::one_line(beginning(about, LONGEST_WORDS)));
    let said = if said.is_empty() { beside() } else { said };
    let arrived =
        entry.action == Some(Action::Arrived) || (entry.action.is_none() && entry.status.is_some_and(|s| s.0 == 2));
    let (class, status) = if arrived {
        (Class::DeliveredNotice, entry.status)
    } else {
        let own_domain = address.rsplit('@').next().is_some_and(|domain| is_below(server, domain));
        let verdict = bounce_class::classify(Evidence {
            field: entry.status,
            said: &said,
            around: about,
            own_domain,
            ..Evidence::default()
        });
        // The part for people speaks of a full mailbox, the fields of another reason: neither is proven.
        let full = alone && says("full", &about.to_lowercase());
        let against = alone && quoted.is_some_and(|answer| speaks_against(&answer));
        let soft = entry.action == Some(Action::Delayed) || full || against;
        (if soft { Class::SoftBounce } else { verdict.class }, verdict.status)
    };
    addresses.into_iter().map(|address| Recipient { address, class, status, said: said.clone() }).collect()
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
