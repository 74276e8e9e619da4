//! What refusals have in common: their words without whatever is one recipient's own, and whom they mean.

use std::collections::BTreeSet;
use std::fmt;

use crate::rules::sending::delivery::{Cause, Failure, Reply, Stage};

/// Whom a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Our sender or relay: no recipient had been named.
    Sender,
    /// Our sender or relay, by its words.
    Us,
    /// The recipient, as far as it says.
    Them,
}

impl Meant {
    pub const ALL: [Meant; 3] = [Meant::Sender, Meant::Us, Meant::Them];

    pub fn as_str(self) -> &'static str {
        match self {
            Meant::Sender => "sender",
            Meant::Us => "us",
            Meant::Them => "them",
        }
    }

    pub fn parse(text: &str) -> Option<Meant> {
        Meant::ALL.into_iter().find(|meant| meant.as_str() == text)
    }
}

/// A refusal, as far as it matters to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub meant: Meant,
    /// A 5xx: trying again is of no use.
    pub for_good: bool,
    /// In the server's own words.
    pub said: String,
}

/// In the answer of our own server to a message. A break in the conversation, or a message that we do not offer, is no refusal.
pub fn told(answer: &Result<Reply, Failure>) -> Option<Told> {
    let (stage, reply) = match answer {
        Ok(reply) if !reply.positive() => (Stage::Dot, reply),
        Err(Failure { stage, cause: Cause::Reply(reply) }) => (*stage, reply),
        _ => return None,
    };
    let meant = match stage {
        stage if stage < Stage::Recipient => Meant::Sender,
        _ => meant(reply.enhanced, &reply.text),
    };
    Some(Told { meant, for_good: reply.code >= 500, said: reply.to_string() })
}

/// In a report about a message that a server had taken.
pub fn told_by_report(status: Option<(u8, u16, u16)>, said: &str) -> Told {
    let for_good = status.is_some_and(|(class, _, _)| class == 5);
    Told { meant: meant(status, said), for_good, said: said.into() }
}

/// Words of refusals that speak of whoever sends, not of whoever is written to.
const OURS: [&str; 34] = [
    "relay",
    "rcpthosts",
    "sender",
    "mail from",
    "return path",
    "return-path",
    "authenticat",
    "not authorized to send",
    "not authorised to send",
    "may not send",
    "not allowed to send",
    "cannot send",
    "not permitted to send",
    "submission",
    "outbound",
    "your host",
    "your ip",
    "your server",
    "your domain",
    "client host",
    "reverse dns",
    "rdns",
    "ptr record",
    "helo",
    "spf",
    "dkim",
    "dmarc",
    "reputation",
    "blocklist",
    "blacklist",
    "spamhaus",
    "limit reached",
    "limit exceeded",
    "rate limit",
];

fn meant(enhanced: Option<(u8, u16, u16)>, text: &str) -> Meant {
    let plain = plain(text).join(" ");
    match enhanced {
        // 5.1.7 and 5.1.8 blame the sender's address.
        Some((5, 7, _) | (5, 1, 7 | 8)) => Meant::Us,
        _ if OURS.iter().any(|ours| plain.contains(ours)) => Meant::Us,
        _ => Meant::Them,
    }
}

/// The words of a refusal that would stand in it whoever had been written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

/// Of the words of two refusals, so many in ten are the same where the refusals are.
const ALIKE: usize = 7;

impl Words {
    /// `name` and `address`: of the recipient, who may be named in it.
    pub fn of(said: &str, name: &str, address: &str) -> Words {
        let parts = |text: &str| -> BTreeSet<String> {
            text.to_lowercase().split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
        };
        let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
        let own: BTreeSet<String> = parts(name)
            .into_iter()
            .chain(parts(local))
            .chain(parts(domain))
            .filter(|part| part.chars().count() > 2 && !SAID_OF_ALL.contains(&part.as_str()))
            .chain([local.to_lowercase()])
            .collect();
        let mut words: Vec<String> = plain(said).into_iter().filter(|word| !own.contains(word)).collect();
        if words.is_empty() {
            words = said.split_whitespace().filter(|word| is_code(word)).map(str::to_owned).collect();
        }
        Words(words)
    }

    /// As it was kept.
    pub fn kept(text: &str) -> Words {
        Words(text.split_whitespace().map(str::to_owned).collect())
    }

    pub fn are_like(&self, other: &Words) -> bool {
        let set = |words: &Words| words.0.iter().cloned().collect::<BTreeSet<_>>();
        let (ours, theirs) = (set(self), set(other));
        let (both, any) = (ours.intersection(&theirs).count(), ours.union(&theirs).count());
        any == 0 || both * 10 >= any * ALIKE
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// Words of refusals that stay although a mailbox may be called so.
const SAID_OF_ALL: [&str; 12] = [
    "user",
    "unknown",
    "mailbox",
    "account",
    "address",
    "mail",
    "recipient",
    "relay",
    "access",
    "denied",
    "sender",
    "host",
];

fn is_code(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Lower-case words without quotes, addresses, hosts, numbers, ids and links.
fn plain(said: &str) -> Vec<String> {
    let mut text = String::with_capacity(said.len());
    let mut until: Option<char> = None;
    let mut characters = said.chars().peekable();
    while let Some(c) = characters.next() {
        match (until, c) {
            (Some(end), _) if c == end => {
                until = None;
                text.push(' ');
            }
            (Some(_), _) => {}
            (None, '<') if said_closes(&characters, '>') => until = Some('>'),
            (None, '[') if said_closes(&characters, ']') => until = Some(']'),
            (None, '"') if said_closes(&characters, '"') => until = Some('"'),
            (None, '\u{201c}') if said_closes(&characters, '\u{201d}') => until = Some('\u{201d}'),
            (None, c) => text.push(c),
        }
    }
    let is_own = |word: &str| {
        let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
        inner.is_empty()
            || inner.chars().any(|c| c.is_numeric() || "@/\\=_:.".contains(c))
            // Ids that happen to have no digit.
            || (inner.chars().count() > 12 && inner.chars().all(|c| c.is_uppercase()))
    };
    text.split_whitespace()
        .filter(|word| !is_own(word))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect()
}

fn said_closes(rest: &std::iter::Peekable<std::str::Chars<'_>>, end: char) -> bool {
    rest.clone().any(|c| c == end)
}
