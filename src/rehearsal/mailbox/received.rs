//! A mail as its reader sees it: decoded headers, text, HTML, and the links that stand alone on their line.

use std::collections::BTreeMap;
use std::sync::Arc;

use mail_parser::parsers::MessageStream;
use mail_parser::{Message, MessageParser, PartType};

use crate::base::clock::Ts;

use super::store::Stored;

#[derive(Clone, Debug, Default)]
pub struct Received {
    /// Counts from 1 in order of arrival.
    pub number: u64,
    pub at: Ts,
    /// Of the envelope; empty for `<>`.
    pub from: String,
    /// Of the envelope.
    pub to: Vec<String>,
    /// By lower-case name, in order of appearance, unfolded and decoded (RFC 2047).
    pub headers: BTreeMap<String, Vec<String>>,
    /// The text part, with `\n` line ends; empty when there is none.
    pub text: String,
    /// The HTML part; empty when there is none.
    pub html: String,
    /// As sent, without the dots that SMTP adds.
    pub raw: Arc<[u8]>,
    /// Each link that stands alone on a line of the text part.
    pub links: Vec<String>,
    /// `X-Soundings-Round`.
    pub round: String,
    /// `X-Soundings-Kind`.
    pub kind: String,
    /// `X-Soundings-Message`.
    pub message: String,
    /// With its angle brackets.
    pub message_id: String,
    /// How many mails with this Message-ID have come so far; 1 is good.
    pub copies: u32,
}

impl Received {
    /// Takes apart; whatever cannot be read is left empty, never an error.
    pub fn read(stored: Stored) -> Received {
        let Stored { number, at, from, to, raw, message_id, copies } = stored;
        let mut received = Received { number, at, from, to, message_id, copies, ..Received::default() };
        if let Some(message) = MessageParser::default().parse(&*raw) {
            for (name, value) in message.headers_raw() {
                received.headers.entry(name.to_ascii_lowercase()).or_default().push(decoded(value));
            }
            received.text = text(&message);
            received.html = html(&message);
        }
        let soundings = |name: &str| received.header(&format!("x-soundings-{name}")).unwrap_or_default().to_owned();
        (received.round, received.kind, received.message) =
            (soundings("round"), soundings("kind"), soundings("message"));
        received.links = received.text.lines().map(str::trim).filter(|line| is_link(line)).map(str::to_owned).collect();
        Received { raw, ..received }
    }

    /// The first header of this name, which may be written in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(&name.to_ascii_lowercase())?.first().map(String::as_str)
    }

    pub fn subject(&self) -> &str {
        self.header("subject").unwrap_or_default()
    }

    /// The first recipient; our messages have one each.
    pub fn recipient(&self) -> &str {
        self.to.first().map_or("", String::as_str)
    }

    /// The first link whose path begins like this: `received.link("/assessment/")`.
    pub fn link(&self, path: &str) -> Option<&str> {
        let path_of = |link: &str| link.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap_or_default();
        self.links.iter().find(|link| path_of(link).starts_with(path)).map(String::as_str)
    }
}

/// Whether this line is a link and nothing else.
pub fn is_link(line: &str) -> bool {
    (line.starts_with("https://") || line.starts_with("http://")) && !line.contains(char::is_whitespace)
}

fn decoded(value: &str) -> String {
    let value = MessageStream::new(value.as_bytes()).parse_unstructured();
    value.into_text().map(|text| text.trim().to_owned()).unwrap_or_default()
}

fn text(message: &Message<'_>) -> String {
    let found = message.text_bodies().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.replace("\r\n", "\n")),
        _ => None,
    });
    found.unwrap_or_default()
}

fn html(message: &Message<'_>) -> String {
    let found = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.to_string()),
        _ => None,
    });
    found.unwrap_or_default()
}
