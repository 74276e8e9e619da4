//! What a receiving server's words mean for those who are still to be written to behind the same gateway.

use crate::rules::delivery::{Cause, Failure, Reply, Stage, speaks_of_policy};

/// From mild to grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Not now: slower.
    Later,
    /// Refused for policy, perhaps this recipient's own. A second one within the hour, or one to whoever goes first, is the gateway's.
    Refused,
    /// We are on a list or have a reputation: everybody there is concerned.
    Blocked,
}

const BLOCKED: [&str; 14] = [
    "spamhaus",
    "spamcop",
    "barracuda",
    "blocklist",
    "blacklist",
    "denylist",
    "block list",
    "black list",
    "dnsbl",
    "rbl",
    "reputation",
    "banned",
    "your ip",
    "client host",
];
const GREYLISTED: [&str; 4] = ["greylist", "graylist", "grey list", "postgrey"];
const TOO_FAST: [&str; 8] =
    ["busy", "too many", "too fast", "rate limit", "ratelimit", "throttl", "rate that", "exceed"];

/// In the answer of our own server to a message, which is often that of the receiving one. What was said before the recipient was named is about us or
/// our server, not about a gateway.
pub fn in_answer(answer: &Result<Reply, Failure>) -> Option<Trouble> {
    let reply = match answer {
        Ok(reply) => reply,
        Err(Failure { stage, cause: Cause::Reply(reply) }) if *stage >= Stage::Recipient => reply,
        Err(_) => return None,
    };
    match reply.code {
        421 => None,
        400..500 => in_words(false, reply.enhanced, &reply.text),
        500..600 => in_words(true, reply.enhanced, &reply.text),
        _ => None,
    }
}

/// In a bounce or an answer: whether it is for good, its enhanced code, and its words.
pub fn in_words(for_good: bool, enhanced: Option<(u8, u16, u16)>, text: &str) -> Option<Trouble> {
    let text = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let subject = enhanced.map(|(_, subject, _)| subject);
    if !for_good && (says(&GREYLISTED) || says(&TOO_FAST)) {
        return Some(Trouble::Later);
    }
    if says(&BLOCKED) && (subject.is_none_or(|subject| subject != 1)) {
        return Some(Trouble::Blocked);
    }
    match (for_good, subject) {
        (_, Some(7)) => Some(Trouble::Refused),
        // The mailbox itself: unknown, full, moved.
        (_, Some(1 | 2)) => None,
        (true, _) => speaks_of_policy(&text).then_some(Trouble::Refused),
        (false, _) => Some(Trouble::Later),
    }
}
