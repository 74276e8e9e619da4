//! What a receiving server's words mean for those who are still to be written to behind the same gateway.

use crate::rules::sending::delivery::{Cause, Failure, Reply, Stage};
use crate::rules::sending::refusal::codes::Status;
use crate::rules::sending::refusal::phrases::{says, says_policy};
use crate::rules::sending::refusal::proof::plain;

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

/// In the answer of our own server to a message, which is often that of the receiving one. What was said before the recipient was named is
/// about us or our server, not about a gateway.
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
pub fn in_words(for_good: bool, enhanced: Option<Status>, text: &str) -> Option<Trouble> {
    let text = plain(text);
    match (for_good, enhanced.map(|(_, subject, detail)| (subject, detail))) {
        (true, code) => refused(code, &text),
        (false, code) => put_off(code, &text),
    }
}

fn refused(code: Option<(u16, u16)>, text: &str) -> Option<Trouble> {
    match code {
        // The mailbox itself: unknown, moved.
        Some((1, _)) => None,
        _ if says("listed", text) => Some(Trouble::Blocked),
        Some((7, _)) => Some(Trouble::Refused),
        Some((2, _)) => None,
        _ => says_policy(text).then_some(Trouble::Refused),
    }
}

/// A refusal that says "later" says no more than that, with whatever code: it counts as a policy only where its words name one.
fn put_off(code: Option<(u16, u16)>, text: &str) -> Option<Trouble> {
    if says("greylisted", text) || says("too_fast", text) {
        return Some(Trouble::Later);
    }
    if says("listed", text) && code.is_none_or(|(subject, _)| subject != 1) {
        return Some(Trouble::Blocked);
    }
    match code {
        Some((1 | 2, _)) => None,
        _ if says("try_later", text) => Some(Trouble::Later),
        // RFC 7372: DKIM, SPF, the reverse name.
        Some((7, 20..=29)) => Some(Trouble::Refused),
        _ if says_policy(text) => Some(Trouble::Refused),
        _ => Some(Trouble::Later),
    }
}
