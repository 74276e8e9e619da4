//! The keys of all domains, and the signatures that they put before a message.

use std::borrow::Cow;
use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::base::signing_key::{Algorithm, SigningKey};
use crate::mail::domains::ascii::a_label;

/// Signed once more than they occur: another one of them makes the signature invalid.
const SEALED: [&str; 11] = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// Signed where they are; a relay may add one.
const SIGNED: [&str; 5] =
    ["Content-Transfer-Encoding", "Auto-Submitted", "X-Soundings-Round", "X-Soundings-Kind", "X-Soundings-Message"];

/// How long a signature holds: longer than any queue keeps a message, too short to be worth collecting.
pub const HOLDS_SECONDS: i64 = 14 * 24 * 3_600;

const LINE: usize = 76;

/// A key of a domain, published under `SELECTOR._domainkey.DOMAIN`.
#[derive(Debug)]
pub struct DkimKey {
    pub selector: String,
    pub key: SigningKey,
}

/// The keys of all domains that we send for.
#[derive(Debug, Default)]
pub struct Signer(BTreeMap<String, Vec<DkimKey>>);

impl Signer {
    pub fn new(keys: impl IntoIterator<Item = (String, DkimKey)>) -> Signer {
        let mut all: BTreeMap<String, Vec<DkimKey>> = BTreeMap::new();
        for (domain, key) in keys {
            all.entry(domain).or_default().push(key);
        }
        // The signature that every receiver understands stands on top.
        all.values_mut()
            .for_each(|keys| keys.sort_by_key(|k| (std::cmp::Reverse(k.key.algorithm()), k.selector.clone())));
        Signer(all)
    }

    /// The keys for mail from this domain: its own, else those of the nearest domain above it.
    pub fn keys(&self, domain: &str) -> Option<(&str, &[DkimKey])> {
        let domain = a_label(domain)?;
        let mut at = domain.as_str();
        loop {
            match self.0.get_key_value(at) {
                Some((of, keys)) => return Some((of, keys)),
                None => at = at.split_once('.')?.1,
            }
        }
    }

    /// Puts the signatures of the sender's domain before the message; leaves it alone where there is no key.
    pub fn sign(&self, from_domain: &str, at: Ts, message: &mut Vec<u8>) -> Result<()> {
        let Some((domain, keys)) = self.keys(from_domain) else { return Ok(()) };
        let end = message.windows(4).position(|w| w == b"\r\n\r\n").map_or(message.len(), |at| at + 2);
        let (head, rest) = message.split_at(end);
        let head = String::from_utf8_lossy(head);
        let (names, signed) = header_input(&head);
        let body_hash = STANDARD.encode(digest(&SHA256, &relaxed_body(rest.get(2..).unwrap_or_default())));
        for DkimKey { selector, key } in keys {
            let a = match key.algorithm() {
                Algorithm::Rsa => "rsa-sha256",
                Algorithm::Ed25519 => "ed25519-sha256",
            };
            let t = at.0.div_euclid(1_000);
            let x = t + HOLDS_SECONDS;
            let field = format!(
                "DKIM-Signature: v=1; a={a}; c=relaxed/relaxed; d={domain};\r\n s={selector}; t={t}; x={x};\r\n h={names};\r\n \
                 bh={body_hash};\r\n b="
            );
            let own = field.replacen("DKIM-Signature: ", "dkim-signature:", 1).replace("\r\n", "");
            let signature = key.sign(format!("{signed}{own}").as_bytes()).map_err(|e| {
                Problem::internal(format!("A message could not be signed with the DKIM key {selector} of {domain}."))
                    .because(e)
            })?;
            let before = format!("{field}{}\r\n", folded(&STANDARD.encode(signature), 2));
            message.splice(0..0, before.into_bytes());
        }
        Ok(())
    }
}

/// The value of `h=`, folded, and the canonical fields that it names. A field that occurs often is taken from the bottom up.
pub(super) fn header_input(head: &str) -> (String, String) {
    let mut fields: Vec<(&str, Cow<'_, str>)> = Vec::new();
    for line in head.split_terminator("\r\n") {
        match (line.starts_with([' ', '\t']), fields.last_mut()) {
            (true, Some((_, value))) => value.to_mut().push_str(line),
            _ => fields.extend(line.split_once(':').map(|(name, value)| (name.trim_end(), Cow::Borrowed(value)))),
        }
    }
    let (mut names, mut input, mut width) = (String::new(), String::new(), " h=".len());
    for (name, once_more) in SEALED.iter().map(|n| (*n, true)).chain(SIGNED.iter().map(|n| (*n, false))) {
        let values = fields.iter().rev().filter(|(is, _)| is.eq_ignore_ascii_case(name)).map(|(_, value)| Some(value));
        for value in values.chain(once_more.then_some(None)) {
            if let Some(value) = value {
                let words: Vec<&str> = value.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
                input.push_str(&format!("{}:{}\r\n", name.to_ascii_lowercase(), words.join(" ")));
            }
            if !names.is_empty() {
                names.push(':');
                width += 1;
            }
            if width + name.len() + 1 > LINE {
                names.push_str("\r\n ");
                width = 1;
            }
            names.push_str(name);
            width += name.len();
        }
    }
    (names, input)
}

/// Runs of blanks are one, none ends a line, no empty line ends the body.
pub(super) fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let (mut blank, mut ends) = (false, 0);
    for byte in body {
        match byte {
            b' ' | b'\t' => blank = true,
            b'\r' => {}
            b'\n' => (blank, ends) = (false, ends + 1),
            other => {
                (0..ends).for_each(|_| out.extend_from_slice(b"\r\n"));
                if blank {
                    out.push(b' ');
                }
                (blank, ends) = (false, 0);
                out.push(*other);
            }
        }
    }
    if !out.is_empty() {
        out.extend_from_slice(b"\r\n");
    }
    out
}

pub(super) fn folded(text: &str, used: usize) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 20);
    let (first, mut rest) = text.split_at(text.len().min(LINE - used));
    out.push_str(first);
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(LINE - 1));
        out.push_str("\r\n ");
        out.push_str(line);
        rest = more;
    }
    out
}
