//! From the answer of an SMTP server to what becomes of the message.
//!
//! Promise 3: after the final dot only a clear answer counts; silence, a break or nonsense leaves the message in doubt.
//! Promise 7: an address bounces, not a person; whether an answer proves a dead address is decided in `refusal`, as it is of reports.
//! The first digit of the basic code decides whether to try again; the enhanced code is believed only where it agrees.

use std::fmt;

use crate::base::clock::{DAY, HOUR, MINUTE, Ts};
use crate::base::ids::scattered;

use super::refusal;
use super::refusal::proof::{ANSWERED, Evidence};

/// How far the conversation had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Connect,
    Greeting,
    Hello,
    Tls,
    Login,
    Mail,
    Recipient,
    Data,
    /// The message itself is being written; without its final dot nobody delivers it.
    Body,
    /// The final dot was, or may have been, written.
    Dot,
}

impl Stage {
    /// To be read after "failed" or "refused".
    fn words(self) -> &'static str {
        match self {
            Stage::Connect => "while connecting",
            Stage::Greeting => "at the greeting",
            Stage::Hello => "at EHLO",
            Stage::Tls => "while encrypting",
            Stage::Login => "at the login",
            Stage::Mail => "at the sender's address",
            Stage::Recipient => "at the recipient's address",
            Stage::Data => "before the message",
            Stage::Body => "during the message",
            Stage::Dot => "after the message",
        }
    }
}

/// What a server said, free of control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub code: u16,
    pub enhanced: Option<(u8, u16, u16)>,
    pub text: String,
}

impl Reply {
    /// Reads the enhanced code from the start of the text, where RFC 2034 puts it.
    pub fn new(code: u16, text: impl Into<String>) -> Reply {
        let text = text.into();
        Reply { code, enhanced: enhanced(&text), text }
    }

    pub fn positive(&self) -> bool {
        (200..300).contains(&self.code)
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text)
    }
}

fn enhanced(text: &str) -> Option<(u8, u16, u16)> {
    let mut numbers = text.split_whitespace().next()?.split('.');
    let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let class: u8 = class.parse().ok().filter(|c| matches!(c, 2 | 4 | 5))?;
    match numbers.next() {
        None => Some((class, subject.parse().ok()?, detail.parse().ok()?)),
        Some(_) => None,
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A well-formed answer that is not the hoped-for one.
    Reply(Reply),
    TimedOut,
    /// The connection ended, or what came over it was no SMTP.
    Broken(String),
    Tls(String),
    /// We refuse: this server cannot take this message, or may not be talked to like this.
    Unfit(String),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Reply(reply) => write!(f, "{ANSWERED}{reply}"),
            Cause::TimedOut => f.write_str("the server did not answer in time"),
            Cause::Broken(why) => write!(f, "the connection broke: {why}"),
            Cause::Tls(why) => write!(f, "no safe encryption: {why}"),
            Cause::Unfit(why) => f.write_str(why),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub stage: Stage,
    pub cause: Cause,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failed {}: {}", self.stage.words(), self.cause)
    }
}

impl std::error::Error for Failure {}

/// What becomes of a message after one attempt. The reasons are shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Delivered {
        answer: String,
    },
    TryLater {
        at: Ts,
        why: String,
    },
    GiveUp {
        why: String,
        /// The mailbox does not exist; nothing more goes to this address until it is corrected.
        dead_address: bool,
    },
    /// The server may or may not have taken it (RFC 1047).
    InDoubt {
        why: String,
    },
}

/// A message that is still deferred after this is given up.
pub const PATIENCE: i64 = 3 * DAY;
/// A message is held when the program has ended so often in a row while it, and nothing else, was being made (F21). A program that is
/// killed from outside ends while some message is being made, too, but hardly so often with the same one.
pub const ENDS_BEFORE_HELD: i64 = 5;

/// Waits after the first, second, ... attempt; the last one repeats.
const WAITS: [i64; 5] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR];

/// Decides. `attempt` counts this message's attempts, this one included; `jitter_seed` spreads messages that failed together.
pub fn outcome(answer: &Result<Reply, Failure>, attempt: u32, first_tried: Ts, now: Ts, jitter_seed: u64) -> Outcome {
    let failure = match answer {
        Ok(reply) if reply.positive() => return Outcome::Delivered { answer: reply.to_string() },
        Ok(reply) => &Failure { stage: Stage::Dot, cause: Cause::Reply(reply.clone()) },
        Err(failure) => failure,
    };
    let why = failure.to_string();
    let later = || Outcome::TryLater { at: later(attempt, now, jitter_seed), why: why.clone() };
    if about_the_server(failure) {
        return later();
    }
    match &failure.cause {
        Cause::Reply(reply) if (500..600).contains(&reply.code) => {
            Outcome::GiveUp { dead_address: names_a_dead_address(failure.stage, reply), why }
        }
        Cause::Reply(reply) if failure.stage == Stage::Dot && !(400..500).contains(&reply.code) => {
            Outcome::InDoubt { why }
        }
        Cause::TimedOut | Cause::Broken(_) | Cause::Tls(_) | Cause::Unfit(_) if failure.stage == Stage::Dot => {
            Outcome::InDoubt { why }
        }
        Cause::Unfit(_) => Outcome::GiveUp { why, dead_address: false },
        _ if now.since(first_tried) >= PATIENCE => {
            Outcome::GiveUp { why: format!("{why} (given up after {} days)", PATIENCE / DAY), dead_address: false }
        }
        _ => match later() {
            // One last attempt when patience ends, rather than none in the hours before.
            Outcome::TryLater { at, why } => Outcome::TryLater { at: at.min(first_tried.plus(PATIENCE)), why },
            other => other,
        },
    }
}

/// When to try again: one minute, then 5, 15, 60, then every four hours, each a fifth more or less.
pub fn later(attempt: u32, now: Ts, jitter_seed: u64) -> Ts {
    let wait = WAITS[(attempt.saturating_sub(1) as usize).min(WAITS.len() - 1)];
    let spread = (scattered(jitter_seed ^ u64::from(attempt)) % 401) as i64 - 200;
    now.plus(wait + wait * spread / 1_000)
}

/// Whether a failure says something about the server or our account there rather than about this message: the
/// message's attempts and patience are not used up by it, and other messages had better wait too.
pub fn about_the_server(failure: &Failure) -> bool {
    match (&failure.cause, failure.stage) {
        (_, stage) if stage <= Stage::Login => true,
        (Cause::Reply(reply), _) => matches!(reply.code, 421 | 530 | 534 | 535 | 538),
        (Cause::TimedOut | Cause::Broken(_) | Cause::Tls(_), Stage::Mail) => true,
        _ => false,
    }
}

/// The same proof as of a report: what was refused before the recipient was named is about us.
fn names_a_dead_address(stage: Stage, reply: &Reply) -> bool {
    let stage = match stage {
        Stage::Recipient => refusal::RefusedAt::Recipient,
        Stage::Data | Stage::Body | Stage::Dot => refusal::RefusedAt::Content,
        _ => return false,
    };
    let said = reply.to_string();
    refusal::judge(Evidence { said: &said, stage: Some(stage), ..Evidence::default() }).dead
}

#[cfg(test)]
#[path = "delivery_tests.rs"]
mod tests;
