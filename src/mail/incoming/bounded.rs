//! A mail cut down to what a parser can take without harm: S25.
//!
//! `mail-parser` nests a value for every mail inside a mail, so that a hundred thousand of them overflow the stack when they are dropped,
//! and it needs time by the square of the continuations of a parameter. No mail that anybody wrote comes near these bounds; what lies
//! behind them is not read. Should it stop over a mail all the same, that mail is one without headers and the next one is read.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{ContentType, HeaderName, Message, MessageParser, MessagePart, PartType};

/// Attachments come last, and no report is this long.
const LONGEST_MAIL: usize = 4 * 1024 * 1024;
const LONGEST_LINE: usize = 64 * 1024;
/// Lines that continue one header, together.
const LONGEST_FOLD: usize = 16 * 1024;
/// Every part inside another one needs one.
const MOST_CONTENT_TYPES: usize = 200;
/// Lines that may begin a part.
const MOST_RULES: usize = 4_000;

/// Hands the parsed mail on, and takes it apart afterwards from the outside to the inside.
pub fn parsed<T>(bytes: &[u8], read: impl FnOnce(&Message<'_>) -> T) -> Option<T> {
    let look = MessageParser::new()
        .header_content_type(HeaderName::ContentType)
        .header_content_type(HeaderName::ContentTransferEncoding)
        .default_header_ignore();
    // A mail that is encoded inside a mail (RFC 2046 forbids it) escapes the bounds: such a one is read without undoing any encoding.
    let hides = safely(&look, bytes).is_none_or(hides_mail);
    let parser = if hides { without_decoding() } else { MessageParser::default() };
    let message = safely(&parser, bytes)?;
    let value = read(&message);
    dismantle(message, |_| ());
    Some(value)
}

fn safely<'x>(parser: &MessageParser, bytes: &'x [u8]) -> Option<Message<'x>> {
    // The parser keeps nothing, so that there is nothing to be left half changed.
    catch_unwind(AssertUnwindSafe(|| parser.parse(bytes))).ok().flatten()
}

fn without_decoding() -> MessageParser {
    let parser = MessageParser::new().with_mime_headers().header_content_type(HeaderName::ContentTransferEncoding);
    parser.with_date_headers().with_address_headers().with_message_ids().header_text(HeaderName::Subject)
}

fn hides_mail(message: Message<'_>) -> bool {
    let (mut hidden, mut untyped, mut digest) = (false, false, false);
    dismantle(message, |part| {
        let kinds = |name: HeaderName<'static>| {
            let values = part.headers.iter().filter(move |h| h.name == name);
            values.map(|h| h.value.as_content_type().map(written).unwrap_or_default())
        };
        let encoded =
            kinds(HeaderName::ContentTransferEncoding).any(|k| !["7bit", "8bit", "binary"].contains(&k.as_str()));
        hidden |= encoded && kinds(HeaderName::ContentType).any(|k| k == "message/rfc822" || k == "message/global");
        digest |= kinds(HeaderName::ContentType).any(|k| k == "multipart/digest");
        // In a digest, what says nothing is a mail.
        untyped |= encoded && kinds(HeaderName::ContentType).all(|k| k.is_empty());
    });
    hidden || (untyped && digest)
}

fn written(kind: &ContentType<'_>) -> String {
    let subtype = kind.subtype().map(|s| format!("/{s}")).unwrap_or_default();
    format!("{}{subtype}", kind.ctype()).to_ascii_lowercase()
}

/// Dropped at once, mails inside mails would be dropped by a call inside a call for each.
fn dismantle(message: Message<'_>, mut see: impl FnMut(&MessagePart<'_>)) {
    let mut left = vec![message];
    while let Some(mut message) = left.pop() {
        for part in &mut message.parts {
            see(part);
            if let PartType::Message(inner) = std::mem::take(&mut part.body) {
                left.push(inner);
            }
        }
    }
}

/// The mail without leading white space and with line feeds, no longer, deeper or wider than the bounds.
pub fn bounded(bytes: &[u8]) -> Cow<'_, [u8]> {
    let begins = bytes.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(bytes.len());
    let bytes = &bytes[begins..bytes.len().min(LONGEST_MAIL.saturating_add(begins))];
    // Old Macintosh line ends would leave one line of headers and nothing else.
    if !bytes.contains(&b'\n') && bytes.contains(&b'\r') {
        let lines: Vec<u8> = bytes.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect();
        return Cow::Owned(cut(&lines).unwrap_or(lines));
    }
    cut(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned)
}

/// Nothing when there is nothing to cut.
fn cut(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    let mut copied = 0;
    let (mut at, mut fold, mut types, mut rules) = (0, 0, 0, 0);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let start = at;
        at += line.len();
        fold = if line.starts_with(b" ") || line.starts_with(b"\t") { fold + line.len() } else { 0 };
        types += usize::from(is_content_type(line));
        rules += usize::from(line.starts_with(b"--"));
        if types > MOST_CONTENT_TYPES || rules > MOST_RULES {
            kept.extend_from_slice(&bytes[copied..start]);
            return Some(kept);
        }
        if line.len() > LONGEST_LINE || fold > LONGEST_FOLD {
            let keep = if fold > LONGEST_FOLD { 0 } else { LONGEST_LINE };
            kept.extend_from_slice(&bytes[copied..start + keep]);
            kept.extend_from_slice(if keep > 0 { b"\n" } else { b"" });
            copied = at;
        }
    }
    (copied > 0).then(|| [kept.as_slice(), &bytes[copied..]].concat())
}

fn is_content_type(line: &[u8]) -> bool {
    let name = b"content-type";
    line.get(..name.len()).is_some_and(|l| l.eq_ignore_ascii_case(name))
}
